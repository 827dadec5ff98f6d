#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inner loops are compiled as vectors.h promises: a release is configured, and the flags of their files are read.

    kernels_test.py CMAKE C_COMPILER GENERATOR

A build that lost one of these flags gives numbers all the same, only late or with other last bits, so nothing else would notice.
"""
import json
import pathlib
import platform
import re
import shlex
import subprocess
import sys
import tempfile

import tree

ALWAYS = {"betweenness.c", "paths.c", "sweep.c"}    # the kernels, with vectors or without


def flags_of_release(cmake, compiler, generator):
    """Words of the command line by file."""
    with tempfile.TemporaryDirectory(prefix="samordning-kernels-") as folder:
        command = [cmake, "-S", tree.ROOT, "-B", folder, "-G", generator, f"-DCMAKE_C_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DSAMORDNING_TESTS=OFF"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False)
        if done.returncode != 0:
            raise SystemExit(f"cannot configure a release: {done.stderr}")
        entries = json.loads((pathlib.Path(folder) / "compile_commands.json").read_text())
    return {pathlib.Path(entry["file"]).resolve(): shlex.split(entry["command"]) for entry in entries}


def main():
    problems, checked = [], 0
    vectors = {path for path in tree.files(".c") if path.parts[0] == "analysis" and re.search(r"^VECTORS_VERSIONS\(", tree.read(path), re.M)}
    flags = flags_of_release(*sys.argv[1:4])
    for path in sorted(vectors | {pathlib.Path("analysis/metrics", name) for name in ALWAYS}):
        words = flags[(tree.ROOT / path).resolve()]
        checked += 1
        levels = [word for word in words if re.fullmatch(r"-O\w*", word)]
        if levels[-1:] != ["-O3"]:
            problems.append(f"{path}: optimised with {levels or 'nothing'}, not -O3")
        if [word for word in words if word.startswith("-ffp-contract")][-1:] != ["-ffp-contract=off"]:
            problems.append(f"{path}: products may be fused with sums, which gives other bits for other vectors")
        if "-ffast-math" in words or "-Ofast" in words:
            problems.append(f"{path}: sums may be reordered")
        if path in vectors and platform.machine() == "x86_64" and "-DSAMORDNING_X86_VECTORS" not in words:
            problems.append(f"{path}: only the plain version is built, on a machine whose compiler has the others")
    if not vectors:
        problems.append("no file has VECTORS_VERSIONS any more")
    tree.finish(problems, checked, "kernels")


main()
