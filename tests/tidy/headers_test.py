#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone, as its room compiles it, and begins with an include guard.

    headers_test.py BUILD_FOLDER

Flags come from compile_commands.json of the build; a header is compiled with the flags of a source file of its own folder. One that a source
file begins with has been compiled alone by the build already, where its object is there and younger.
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import tree


def flags_by_folder(entries):
    found = {}
    for entry in entries:
        source = pathlib.Path(entry["file"])
        try:
            folder = source.resolve().relative_to(tree.ROOT).parent
        except ValueError:
            continue
        words, kept, skip = shlex.split(entry["command"]), [], False
        for word in words[1:]:
            if skip:
                kept.append(word)
                skip = False
            elif word in ("-I", "-isystem", "-D"):
                kept.append(word)
                skip = True
            elif word.startswith(("-I", "-isystem", "-D", "-std", "-W")) and not word.startswith("-Wp"):
                kept.append(word)
        if kept not in found.setdefault(folder, []):
            found[folder].append(kept)
    return {folder: sorted(lists, key=len, reverse=True) for folder, lists in found.items()}


def compiled_by_the_build(entries):
    """Headers, relative to the root, that come before anything else in a file the build compiled after they were changed."""
    found = set()
    for entry in entries:
        source, built = pathlib.Path(entry["file"]), pathlib.Path(entry["directory"], re.search(r" -o (\S+)", entry["command"])[1])
        begins = re.match(r'\s*#\s*include\s+"([^"]+)"', tree.code(source.read_text(encoding="utf-8"))) if built.exists() else None
        if not begins:
            continue
        folders = [source.parent] + [pathlib.Path(word[2:]) for word in shlex.split(entry["command"]) if word.startswith("-I")]
        header = next((folder / begins[1] for folder in folders if (folder / begins[1]).is_file()), None)
        if header and header.resolve().is_relative_to(tree.ROOT) and built.stat().st_mtime_ns > max(header.stat().st_mtime_ns, source.stat().st_mtime_ns):
            found.add(header.resolve().relative_to(tree.ROOT))
    return found


def common(one, other):
    """How many leading folders two paths share."""
    count = 0
    for a, b in zip(one.parts, other.parts):
        if a != b:
            break
        count += 1
    return count


def compile_alone(job):
    """With the flags of some source of its folder: a folder may hold sources of several libraries."""
    header, alternatives = job
    for flags in alternatives:
        made = subprocess.run(["cc", "-fsyntax-only", "-x", "c", *flags, "-I", str(tree.ROOT / header.parent), "-"],
                              input=f'#include "{header.name}"\nextern int header_end;\n', capture_output=True, text=True)
        if made.returncode == 0:
            return None
    return f"{header}: does not compile alone:\n{made.stderr.strip()}"


def main():
    entries = json.loads((pathlib.Path(sys.argv[1]) / "compile_commands.json").read_text())
    flags, built, problems, jobs, checked = flags_by_folder(entries), compiled_by_the_build(entries), [], [], 0
    for header in tree.files(".h"):
        text = tree.code(tree.read(header))
        if not re.search(r"#\s*ifndef\s+(\w+)\s*\n\s*#\s*define\s+\1\b", text) and "#pragma once" not in text:
            problems.append(f"{header}: no include guard")
        checked += 1
        if header in built:
            continue
        # a folder that only headers use yet is compiled like the one nearest to it
        near = max(flags, key=lambda folder: (common(folder, header.parent), folder == header.parent, str(folder)))
        jobs.append((header, flags[near]))
    with ThreadPoolExecutor(2) as pool:
        problems += [problem for problem in pool.map(compile_alone, jobs) if problem]
    tree.finish(problems, checked, "headers")


main()
