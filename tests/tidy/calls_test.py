#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No calls that cannot be used safely in what is installed, no printing or exiting in libraries, no sleeping in tests (benchmarks pace
their load with it)."""
import re

import tree

BANNED = {
    "strcpy": "it knows no size", "strcat": "it knows no size", "sprintf": "it knows no size", "vsprintf": "it knows no size", "gets": "it knows no size",
    "stpcpy": "it knows no size", "atoi": "it cannot fail", "atol": "it cannot fail", "atof": "it cannot fail", "strtok": "it keeps state of its own",
    "localtime": "days are days of Europe/Oslo: civil_time", "localtime_r": "days are days of Europe/Oslo: civil_time", "asctime": "civil_time",
    "ctime": "civil_time", "mktime": "days are days of Europe/Oslo: civil_time", "tmpnam": "another process may take the name", "mktemp": "another process may take the name",
    "alloca": "the stack has a limit nobody names", "system": "no shell", "popen": "no shell", "rand": "the generator is named and seeded", "srand": "the generator is named and seeded",
}
LIBRARIES = ("proto/", "analysis/network/", "analysis/metrics/", "analysis/inference/", "analysis/report/", "client/lib/", "client/sources/")
PRINTING = {"printf": "", "puts": "", "putchar": "", "perror": "", "exit": "", "abort": "", "_exit": ""}
SLEEPING = ("sleep", "usleep", "nanosleep")


def main():
    problems, checked = [], 0
    for path in tree.files(".c", ".h"):
        checked += 1
        text = tree.code(tree.read(path), strings=False)
        library = str(path).startswith(LIBRARIES)
        for match in re.finditer(r"(?<![\w.>])([a-z_]\w*)\s*\(", text):
            name = match.group(1)
            where = f"{path}:{tree.line_of(text, match.start())}"
            if name in BANNED and not str(path).startswith("tests/"):
                problems.append(f"{where}: {name}: {BANNED[name]}")
            elif library and name in PRINTING:
                problems.append(f"{where}: {name}: a library returns, it does not print or exit")
            elif str(path).startswith("tests/") and not str(path).startswith("tests/bench/") and name in SLEEPING:
                problems.append(f"{where}: {name}: wait for a condition with a deadline")
        if library:
            for match in re.finditer(r"\bfprintf\s*\(\s*std(err|out)\b", text):
                problems.append(f"{path}:{tree.line_of(text, match.start())}: a library returns, it does not print")
    for path in tree.files(".py"):
        if str(path).startswith("tests/") and not str(path).startswith("tests/tidy/"):
            checked += 1
            text = tree.read(path)
            for match in re.finditer(r"\btime\.sleep\(\s*(\d+(?:\.\d+)?)", text):
                if float(match.group(1)) >= 1:
                    problems.append(f"{path}:{tree.line_of(text, match.start())}: sleeps {match.group(1)} s: wait for a condition with a deadline")
    tree.finish(problems, checked, "files")


main()
