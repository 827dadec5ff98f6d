#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every source file says its licence and what it is, is not too long, leaves nothing undone, and names no place outside the project."""
import re

import tree

LINES_MAX = 700
TEST_LINES_MAX = 1100      # a test file is a list of cases on one bench
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
UNDONE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
PLACES = re.compile(r"(?<![\w.])/(?:work|home|root|Users)/\w")
GENERATED_TEXT = ("tests/golden/", "tests/fixtures/", "tests/fuzz/corpus/")


def sentence(text, path):
    """The first words after the licence line, in a comment."""
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines[:5]) if LICENCE in line), None)
    if at is None:
        return None
    for line in lines[at + 1:at + 6]:
        words = re.sub(r'^[\s/*#\-"!]+', "", line)
        if words:
            return words
    return ""


def main():
    problems, checked = [], 0
    for path in tree.files():
        if str(path).startswith(GENERATED_TEXT) or path.suffix in {".png", ".gz", ".zst", ".bin"}:
            continue
        try:
            text = tree.read(path)
        except UnicodeDecodeError:
            problems.append(f"{path}: not UTF-8")
            continue
        checked += 1
        if path.suffix in {".c", ".h", ".py", ".sql", ".proto", ".sh"} or path.name == "dev":
            words = sentence(text, path)
            if words is None:
                problems.append(f"{path}: no licence line ({LICENCE}) at its head")
            elif len(words.split()) < 3:
                problems.append(f"{path}: no sentence after the licence line that says what it is")
            lines = text.count("\n")
            most = TEST_LINES_MAX if path.parts[0] == "tests" else LINES_MAX
            if lines > most:
                problems.append(f"{path}: {lines} lines; more than {most} is two rooms")
        for match in UNDONE.finditer(text):
            problems.append(f"{path}:{tree.line_of(text, match.start())}: {match.group(0)}")
        if path.name not in {"packages.txt"}:
            for match in PLACES.finditer(text):
                problems.append(f"{path}:{tree.line_of(text, match.start())}: names a place outside the project: {match.group(0)}")
        if "\r" in text and path.suffix in {".c", ".h", ".py", ".sql", ".md", ".txt"}:
            problems.append(f"{path}: carriage returns")
    tree.finish(problems, checked, "files")


main()
