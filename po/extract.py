#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extracts the messages of every domain into <out>/<domain>.pot; with --merge also brings the .po files up to date.

    extract.py [--merge] SOURCE_ROOT OUT

What a metric column means (struct column_definition) and what a metric card says (result_note, result_set_card) are shown to readers,
so they are messages too, although the families that write them know nothing of languages.
"""
import pathlib
import re
import subprocess
import sys

DOMAINS = {
    "samordning": {"folders": ["client/cli"], "keywords": ["_", "N_", "gettext", "ngettext:1,2"]},
    "samordning-analyse": {
        "folders": ["analysis/report", "analysis/network", "analysis/metrics", "analysis/inference", "analysis/worker"],
        "keywords": ["N_", "tr:2", "tr_plural:2,3", "result_note:2"],
    },
    "samordning-explore": {"folders": ["client/web/explore"], "keywords": ["N_", "t:1", "tn:1,2"], "language": "JavaScript"},
    "samordning-form": {"folders": ["server/form", "server/api"], "keywords": ["N_", "tr:2", "tr_plural:2,3"]},
}
LANGUAGES = ["nb", "nn"]
UNIT, DEFINITION, SOURCE = 1, 2, 3  # places in a column_definition
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def strip_comments(text):
    """C without comments, strings untouched."""
    pattern = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.S)
    return pattern.sub(lambda m: m.group(0) if m.group(0).startswith('"') else " ", text)


def fields_of(row):
    """The top-level comma-separated fields of one brace initialiser."""
    fields, depth, start, i = [], 0, 0, 0
    while i < len(row):
        if row[i] == '"':
            i = STRING.match(row, i).end()
            continue
        if row[i] in "({[":
            depth += 1
        elif row[i] in ")}]":
            depth -= 1
        elif row[i] == "," and depth == 0:
            fields.append(row[start:i])
            start = i + 1
        i += 1
    fields.append(row[start:])
    return fields


def literal(field):
    """The joined string literals of a field, or None when it is something else."""
    if STRING.sub("", field).strip():
        return None
    return "".join(s[1:-1] for s in STRING.findall(field)) or None


def braces(text, at):
    """The content of the brace pair that opens at `at`."""
    depth, i = 0, at
    while i < len(text):
        if text[i] == '"':
            i = STRING.match(text, i).end()
            continue
        if text[i] == "{":
            depth += 1
        elif text[i] == "}":
            depth -= 1
            if depth == 0:
                return text[at + 1:i]
        i += 1
    return ""


def is_worded(field, value):
    """Whether a unit or a source has words of a language: not 0..1 or a name and a year."""
    return re.search(r"[a-z]{3}" if field == UNIT else r", (?!van )[a-z]| for ", value) is not None


def definitions(text):
    """The definitions of every struct column_definition written out in a C file, and units and sources that have words in them."""
    found = []
    text = strip_comments(text)
    for match in re.finditer(r"struct\s+column_definition\b[^;{}()]*=\s*(\{)|\(\s*(?:const\s+)?struct\s+column_definition\s*(?:\[\s*\])?\s*\)\s*(\{)", text):
        body = braces(text, match.start(match.lastindex))
        rows, i = [], 0
        while i < len(body):
            if body[i] == '"':
                i = STRING.match(body, i).end()
            elif body[i] == "{":
                inner = braces(body, i)
                rows.append(inner)
                i += len(inner) + 2
            else:
                i += 1
        for row in rows or [body]:
            positional = []
            for field in fields_of(row):
                named = re.match(r"\s*\.(\w+)\s*=(.*)", field, re.S)
                if named:
                    if named.group(1) == "definition":
                        positional_value = literal(named.group(2))
                        if positional_value:
                            found.append(positional_value)
                else:
                    positional.append(field)
            for at in UNIT, DEFINITION, SOURCE:
                value = literal(positional[at]) if at < len(positional) else None
                if value and (at == DEFINITION or is_worded(at, value)):
                    found.append(value)
    return found


def card_calls(text):
    """The fields of every result_set_card(result, key, format, ...) of a C file."""
    text = strip_comments(text)
    for match in re.finditer(r"\bresult_set_card\s*\(", text):
        depth, i = 0, match.end() - 1
        while i < len(text):
            if text[i] == '"':
                i = STRING.match(text, i).end()
                continue
            depth += {"(": 1, ")": -1}.get(text[i], 0)
            if depth == 0:
                break
            i += 1
        yield fields_of(text[match.end():i])


def is_worded_format(value):
    return re.search(r"[A-Za-z]{2}", re.sub(r"%[^a-zA-Z]*(?:ll|z|l)?[a-zA-Z]", "", value)) is not None


def cards(text):
    """Keys and formats of every card of a C file: (text, is a format)."""
    found = []
    for fields in card_calls(text):
        for at, is_format in ((1, False), (2, True)):
            field = fields[at] if at < len(fields) else ""
            whole = literal(field)
            # a choice between texts: each of them
            for value in [whole] if whole or "?" not in field else [text[1:-1] for text in STRING.findall(field)]:
                if value and is_worded_format(value):
                    found.append((value, is_format))
    return found


def counts(text):
    """Keys of the cards of a C file whose value is a number and nothing else."""
    return {literal(fields[1]) for fields in card_calls(text) if len(fields) > 2 and (value := literal(fields[2])) and not is_worded_format(value) and not value.endswith("s")}


def extract(root, out):
    out.mkdir(parents=True, exist_ok=True)
    pots = {}
    for domain, what in DOMAINS.items():
        files = sorted(p.relative_to(root) for folder in what["folders"] for p in (root / folder).glob("*.js" if "language" in what else "*.[ch]"))
        if not files:
            continue
        extra = {}
        for path in files if "language" not in what else []:
            content = (root / path).read_text(encoding="utf-8")
            extra.update({text: False for text in definitions(content)})
            extra.update({text: is_format and "%" in text for text, is_format in cards(content)})
        definitions_file = out / f"{domain}-definitions.c"
        definitions_file.write_text("".join(f'{"/* xgettext:c-format */" if is_format else "/* xgettext:no-c-format */"} N_("{text}");\n'
                                            for text, is_format in extra.items()), encoding="utf-8")
        pot = out / f"{domain}.pot"
        subprocess.run(
            ["xgettext", "--from-code=UTF-8", f"--language={what.get('language', 'C')}", "--no-location", "--sort-output", "--add-comments=TRANSLATORS:",
             "--package-name=samordning", "--copyright-holder=the samordning authors", f"--output={pot}", "--keyword"]
            + [f"--keyword={k}" for k in what["keywords"]]
            + ["--flag=tr:2:pass-c-format", "--flag=tr_plural:2:pass-c-format", "--flag=tr_plural:3:pass-c-format",
               "--flag=result_note:2:c-format"]
            + [str(f) for f in files] + ([] if "language" in what else [str(definitions_file)]), cwd=root, check=True)
        if pot.exists():
            pots[domain] = pot
    return pots


def main():
    arguments = sys.argv[1:]
    merge = "--merge" in arguments
    root, out = (pathlib.Path(a).resolve() for a in arguments if a != "--merge")
    for domain, pot in extract(root, out).items():
        for language in LANGUAGES if merge else []:
            po = root / "po" / domain / f"{language}.po"
            if po.exists():
                subprocess.run(["msgmerge", "--quiet", "--update", "--backup=none", "--no-fuzzy-matching", "--no-location", "--sort-output",
                                str(po), str(pot)], check=True)
            else:
                po.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["msginit", "--no-translator", f"--locale={language}", f"--input={pot}", f"--output-file={po}"], check=True)


if __name__ == "__main__":
    main()
