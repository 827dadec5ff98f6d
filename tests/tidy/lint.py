#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy over every C file that the build compiles, each once, and again only when it or something it includes has changed.

    lint.py BUILD_FOLDER [--jobs N] [PATH...]

How a file is compiled comes from compile_commands.json, what it includes from what the compiler told ninja: the build must be there. What was found
clean is remembered in BUILD_FOLDER/clang-tidy by the digest of all that the answer depends on. With PATHs (files or folders), only those.
"""
import argparse
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import tree

TOOL = "clang-tidy-14"


def units(build):
    """By file of the project, how it is compiled: where several programs have it, by the first of them."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["file"])
        if path.is_relative_to(tree.ROOT) and not path.is_relative_to(build):
            found.setdefault(path.relative_to(tree.ROOT), entry)
    return found


def dependencies(build):
    """By object file, the headers and the source it was made from."""
    told, found, current = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True, capture_output=True, text=True).stdout, {}, None
    for line in told.splitlines():
        if line.startswith("    "):
            current.append((build / line.strip()).resolve())
        elif ": #deps" in line:
            current = found.setdefault(line.split(":")[0], [])
            if not line.endswith("(VALID)"):
                del found[line.split(":")[0]]
    return found


class Digests:
    """Of contents, each file read once."""

    def __init__(self):
        self.known = {}

    def of(self, path):
        if path not in self.known:
            self.known[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self.known[path]


def key_of(entry, includes, rules, digests):
    """Nothing in it names the folder of this tree: the same tree elsewhere has the same keys."""
    key = hashlib.sha256(rules)
    key.update(entry["command"].replace(str(tree.ROOT), "").encode())
    for digest in sorted(digests.of(path) for path in includes):
        key.update(digest.encode())
    return key.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("paths", nargs="*", type=pathlib.Path, metavar="PATH")
    arguments = parser.parse_intermixed_args()
    build, only = arguments.build.resolve(), [path.resolve().relative_to(tree.ROOT) for path in arguments.paths]
    memory = build / "clang-tidy"
    memory.mkdir(exist_ok=True)
    compiled, objects, digests = units(build), dependencies(build), Digests()
    (memory / "compile_commands.json").write_text(json.dumps(list(compiled.values())), encoding="utf-8")
    rules = (tree.ROOT / ".clang-tidy").read_bytes() + subprocess.run([TOOL, "--version"], check=True, capture_output=True).stdout

    unseen, keys, chosen = [], set(), 0
    for path, entry in sorted(compiled.items()):
        includes = objects.get(re.search(r" -o (\S+)", entry["command"])[1])
        key = key_of(entry, includes, rules, digests) if includes else None
        keys.add(key)
        if only and not any(path.is_relative_to(folder) for folder in only):
            continue
        chosen += 1
        if not key or not (memory / key).exists():
            unseen.append((path, entry, includes, key))

    def run(work):
        path, entry, includes, key = work
        done = subprocess.run([TOOL, "--quiet", "-p", memory, tree.ROOT / path], cwd=tree.ROOT, capture_output=True, text=True)
        if done.returncode == 0 and key and key == key_of(entry, includes, rules, Digests()):  # nobody wrote to it meanwhile
            (memory / key).touch()
        return path, done

    problems = []
    with ThreadPoolExecutor(max(1, arguments.jobs)) as pool:
        for path, done in pool.map(run, unseen):
            if done.returncode != 0:
                problems.append(f"{path}: {done.stdout.strip() or done.stderr.strip()}")
                print(problems[-1], flush=True)
    if not only:
        for stale in memory.iterdir():
            if len(stale.name) == 64 and stale.name not in keys:
                stale.unlink()
    print(f"{chosen} files, {len(unseen)} of them not looked at before, {len(problems)} with findings")
    return 1 if problems or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
