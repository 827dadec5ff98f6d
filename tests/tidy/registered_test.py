#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test file is registered with CTest, every source file with CMake, and migrations are numbered without gaps."""
import pathlib
import re

import tree


def cmake_words():
    """Every word of every CMake file, by the folder of the file."""
    words = {}
    for path in tree.files(".cmake", "CMakeLists.txt"):
        text = re.sub(r"#[^\n]*", "", tree.read(path))
        found = re.findall(r"[\w./+-]+", text)
        words.setdefault(path.parent, set()).update(found + [pathlib.PurePath(word).name for word in found])
    return words


def main():
    problems, checked = [], 0
    words = cmake_words()
    everywhere = set().union(*words.values())
    for path in tree.files(".c"):
        checked += 1
        near = set().union(*(words.get(pathlib.Path(*path.parts[:depth]), set()) for depth in range(len(path.parts))))
        stem = path.stem
        names = {path.name, str(path), stem, stem.removesuffix("_test"), stem.removeprefix("fuzz_"), stem.removesuffix("_bench")}
        names |= {str(path.relative_to(pathlib.Path(*path.parts[:depth]))) for depth in range(1, len(path.parts))}
        if not names & (near | everywhere if path.parts[0] == "tests" else near):
            problems.append(f"{path}: not in any CMake file: it is never built")
    for path in tree.files(".py"):
        if path.parts[0] != "tests" or not (path.stem.endswith("_test") or path.stem.startswith("test_")):
            continue
        checked += 1
        if not {path.name, path.stem, path.stem.removesuffix("_test"), path.stem.removeprefix("test_")} & words.get(path.parent, set()):
            problems.append(f"{path}: not in {path.parent}/CMakeLists.txt: it is never run")
    numbers = []
    for path in tree.files(".sql"):
        if path.parts[:2] == ("sql", "migrations"):
            checked += 1
            match = re.match(r"(\d{4})_[a-z0-9_]+$", path.stem)
            if not match:
                problems.append(f"{path}: migrations are called NNNN_words.sql")
            else:
                numbers.append(int(match.group(1)))
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        problems.append(f"sql/migrations: numbered {sorted(numbers)}, not 1 to {len(numbers)} without gaps")
    tree.finish(problems, checked, "files")


main()
