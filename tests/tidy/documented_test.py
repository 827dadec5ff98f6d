#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every subcommand has a manual page and help, every option a help text, every configuration key a description, and every key of a
specification one row in docs/method.md."""
import collections
import re

import tree

WORDS_MIN = 3
ROW = re.compile(r'\{\s*"([a-z][a-z-]*)"\s*,\s*(\'.\'|0)\s*,([^{}]*)\}', re.S)
KEY = re.compile(r"^\s+(TEXT|PATH|COUNT|TIME|SIZE|SWITCH|KEY)\(\s*(\w+)\s*,", re.M)


def strings(text):
    return "".join(part[1:-1] for part in re.findall(r'"(?:[^"\\]|\\.)*"', text))


def call(text, start):
    """From an opening parenthesis to its end."""
    depth, i = 0, start
    while i < len(text):
        if text[i] == '"':
            i = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, i).end()
            continue
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        i += 1
        if depth == 0:
            return text[start:i]
    return text[start:]


def subcommands(problems):
    names = re.findall(r"&command_(\w+)", tree.code(tree.read("client/cli/commands.c")))
    pages = set(re.findall(r"[\w-]+", " ".join(re.findall(r"foreach\(command ([^)]*)\)", tree.read("client/cli/CMakeLists.txt")))))
    for name in names:
        if name not in pages:
            problems.append(f"samordning {name}: no manual page is built for it (client/cli/CMakeLists.txt)")
    for name in sorted(pages - set(names)):
        problems.append(f"samordning-{name}(1): there is no such subcommand")
    return len(names)


def options(problems):
    count = 0
    for path in tree.files(".c"):
        if not str(path).startswith("client/cli/"):
            continue
        text = tree.code(tree.read(path))
        for table in re.finditer(r"struct option_row \w+\[\]\s*=\s*\{(.*?)\n\};", text, re.S):
            for row in ROW.finditer(table.group(1)):
                count += 1
                helps = re.findall(r"N_\(((?:[^()\"]|\"(?:[^\"\\]|\\.)*\")*)\)", row.group(3))
                if not helps or len(strings(helps[-1]).split()) < WORDS_MIN - 1:
                    problems.append(f"{path}: --{row.group(1)} has no help that says what it does")
    return count


def configuration(problems):
    text = tree.code(tree.read("server/config_keys.c"))
    text = text[text.index("config_keys[]"):]
    seen = []
    for match in KEY.finditer(text):
        words = call(text, match.start(1) + len(match.group(1)))
        description = re.findall(r'((?:"(?:[^"\\]|\\.)*"\s*)+)\)$', words.strip())
        seen.append(match.group(2))
        if not description or len(strings(description[-1]).split()) < WORDS_MIN:
            problems.append(f"server/config_keys.c: {match.group(2)} has no description")
    declared = re.search(r"struct config \{(.*?)\n\};", tree.code(tree.read("server/config.h")), re.S).group(1)
    fields = re.findall(r"[*\s](\w+)\s*(?=[,;])", re.sub(r"struct \w+ \w+;", "", declared))  # what the file was is no value
    for field in fields:
        if field not in seen:
            problems.append(f"server/config.h: {field} is not a row of config_keys")
    return len(seen)


def specification(problems):
    """The keys of a specification and of the choices, against the first column of the table that lists them."""
    spec = tree.code(tree.read("analysis/network/spec.c"))
    plain = re.findall(r'"([a-z-]+)"', re.search(r"keys\[KEY_COUNT\]\s*=\s*\{(.*?)\};", spec, re.S).group(1))
    chosen = re.findall(r'\.key\s*=\s*"([a-z-]+)"', tree.code(tree.read("analysis/network/choices.c")))
    if not plain or not chosen:
        return 0
    table = re.search(r"^\| key \| values \|[^\n]*\n(?:\|[^\n]*\n)*", tree.read("docs/method.md"), re.M).group(0)
    rows = collections.Counter(key for row in table.splitlines()[2:] for key in re.findall(r"`([a-z-]+)`", row.split("|")[1]))
    for key in plain + chosen:
        if rows[key] != 1:
            problems.append(f"docs/method.md: {key} stands in {rows[key]} rows of the table of keys, not in one")
    for key in sorted(set(rows) - set(plain + chosen)):
        problems.append(f"docs/method.md: {key} stands in the table of keys, but there is no such key")
    return len(plain) + len(chosen)


def main():
    problems = []
    checked = [subcommands(problems), options(problems), configuration(problems), specification(problems)]
    if not all(checked):
        problems.append(f"found {checked[0]} subcommands, {checked[1]} options, {checked[2]} keys of the configuration and {checked[3]} of a "
                        "specification: the test no longer understands one of the tables")
    tree.finish(problems, sum(checked), "subcommands, options and keys")


main()
