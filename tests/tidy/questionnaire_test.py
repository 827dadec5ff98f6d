#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of questionnaires says what survey.proto and instrument.h say, and the built-in questionnaire keeps to it."""
import copy
import json
import pathlib
import re
import subprocess
import tempfile

import jsonschema
from google.protobuf import descriptor_pb2

import tree

FOLDER = "proto/instruments"
# message -> definition of the schema; None = the schema's top
MESSAGES = {"Instrument": None, "Section": "section", "Item": "item", "Choice": "choice", "Condition": "condition", "MatrixRow": "row",
            "ActorSet": "actors", "ItemMapping": "mapping", "LocalText": "text"}
ENUMS = {"ItemKind": "item_kind", "TieDirection": "tie_direction", "ConditionTest": "condition_test"}
LEFT_OUT = {"ITEM_UNSPECIFIED"}
# where a list or number of the schema ends -> the limit of instrument.h that is it
LIMITS = {("sections",): "INSTRUMENT_SECTIONS_MAX", ("item", "choices"): "INSTRUMENT_CHOICES_MAX", ("item", "rows"): "INSTRUMENT_CHOICES_MAX",
          ("item", "show_when"): "INSTRUMENT_CONDITIONS_MAX", ("section", "show_when"): "INSTRUMENT_CONDITIONS_MAX",
          ("condition", "values"): "INSTRUMENT_CHOICES_MAX", ("actors", "actors"): "INSTRUMENT_ROSTER_MAX",
          ("item", "names_max"): "INSTRUMENT_NAMES_MAX", ("item", "text_max"): "INSTRUMENT_ANSWER_CHARACTERS_MAX",
          ("mappings",): "INSTRUMENT_MAPPINGS_MAX", ("mapping", "from_values"): "INSTRUMENT_CHOICES_MAX"}


def descriptors():
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "set"
        subprocess.run(["protoc", f"--proto_path={tree.ROOT / 'proto'}", f"--descriptor_set_out={out}", "survey.proto"], check=True)
        found = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file[0]
    return {m.name: m for m in found.message_type}, {e.name: e for e in found.enum_type}


def kind_of(field, schema, definition):
    """What the schema must say of a field: the definition its message or enum has, or a JSON type."""
    own = definition.get("items", {}) if field.label == field.LABEL_REPEATED else definition
    name = field.type_name.rsplit(".", 1)[-1]
    if name:
        return own.get("$ref") == f"#/$defs/{MESSAGES.get(name) or ENUMS.get(name)}"
    if "$ref" in own:
        own = schema["$defs"][own["$ref"].rsplit("/", 1)[-1]]
    types = {field.TYPE_STRING: "string", field.TYPE_BOOL: "boolean", field.TYPE_DOUBLE: "number", field.TYPE_UINT32: "integer"}
    return own.get("type") == types[field.type]


def fields(schema, problems):
    messages, enums = descriptors()
    for name, definition in MESSAGES.items():
        said = schema if definition is None else schema["$defs"][definition]
        properties = dict(said["properties"])
        properties.pop("$schema", None)
        for field in messages[name].field:
            if field.name not in properties:
                problems.append(f"{name}.{field.name}: not in the schema")
            elif not kind_of(field, schema, properties.pop(field.name)):
                problems.append(f"{name}.{field.name}: of another type in the schema")
        problems += [f"{name}.{field}: in the schema only" for field in properties]
        if said.get("additionalProperties", True):
            problems.append(f"{name}: the schema takes fields it does not know")
    for name, definition in ENUMS.items():
        words = {v.name.split("_", 1)[1].lower() for v in enums[name].value if v.name not in LEFT_OUT}
        if words != set(schema["$defs"][definition]["enum"]):
            problems.append(f"{name}: other words in the schema: {words ^ set(schema['$defs'][definition]['enum'])}")


def limits(schema, problems):
    defined = dict(re.findall(r"#define (INSTRUMENT_\w+)\s+(\d+)", tree.read("proto/instrument.h")))
    for path, name in LIMITS.items():
        properties = schema if len(path) == 1 else schema["$defs"][path[0]]
        said = properties["properties"][path[-1]]
        if said.get("maxItems", said.get("maximum")) != int(defined[name]):
            problems.append(f"{'.'.join(path)}: not {name}, {defined[name]}, in the schema")


def broken(good):
    """Questionnaires the schema must refuse."""
    def change(what):
        wrong = copy.deepcopy(good)
        what(wrong)
        return wrong
    item = lambda q: q["sections"][0]["items"][0]
    yield "no key", change(lambda q: q.pop("key"))
    yield "no sections", change(lambda q: q.update(sections=[]))
    yield "a field that does not exist", change(lambda q: item(q).update(requird=True))
    yield "a kind that does not exist", change(lambda q: item(q).update(kind="likkert"))
    yield "an id with a capital", change(lambda q: item(q).update(id="Years"))
    yield "one choice", change(lambda q: item(q).update(choices=item(q)["choices"][:1]))
    yield "choices of a number", change(lambda q: item(q).update(kind="number"))
    yield "a roster without parts", change(lambda q: item(q).update(kind="roster", choices=[], actors={"kinds": ["ministry"]}))
    yield "a language that does not exist", change(lambda q: q["title"].update(de="T"))
    yield "a condition without item", change(lambda q: item(q).update(show_when=[{"values": [1]}]))


def main():
    problems, checked = [], 0
    schema = json.loads(tree.read(f"{FOLDER}/instrument.schema.json"))
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    fields(schema, problems)
    limits(schema, problems)
    for path in tree.files(".json"):
        if path.parent == pathlib.PurePath(FOLDER) and not path.name.endswith(".schema.json"):
            checked += 1
            for error in validator(schema).iter_errors(json.loads(tree.read(path))):
                problems.append(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    good = json.loads(tree.read(f"{FOLDER}/samordning.json"))
    for what, wrong in broken(good):
        checked += 1
        if validator(schema).is_valid(wrong):
            problems.append(f"the schema takes {what}")
    tree.finish(problems, checked, "questionnaires, good and wrong")


main()
