#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of a family against the committed ones of an oracle: expected_test.py PROBE FILE.json, which expected_tables.py wrote."""
import json
import pathlib
import sys

from probe import Probe

TOLERANCE = 1e-9
LOOSE = {"pagerank": 1e-8, "kappa_se": 1e-6, "kappa_low": 1e-6, "kappa_high": 1e-6}   # a standard error of 0 is the root of rounding


def check(probe, where, got, expected):
    height = len(next(iter(got.values())))
    rows = [tuple(got[key][r] for key in expected["keys"]) for r in range(height)]
    wanted = [tuple(row) for row in expected["rows"]]
    probe.compared += 1
    if not (set(wanted) <= set(rows) if expected["partial"] else sorted(rows, key=str) == sorted(wanted, key=str)):
        probe.wrong.append(f"{where}: rows {rows[:20]}, expected {wanted[:20]}")
        return
    at = {row: r for r, row in enumerate(rows)}
    for column, values in expected["columns"].items():
        if column not in got:
            probe.wrong.append(f"{where}: no column {column}")
            continue
        for row, value in zip(wanted, values):
            tolerance = max(LOOSE.get(name, TOLERANCE) for name in (column,) + row)
            probe.value(f"{where} {column} of {', '.join(map(str, row))}", got[column][at[row]], value, tolerance)


def main():
    probe = Probe(sys.argv[1])
    cases = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))["cases"]
    for number, case in enumerate(cases):
        given = dict(case["given"], nodes=[tuple(node) for node in case["given"]["nodes"]])
        tables = probe.run(case["family"], **given)["tables"]
        for name, wanted in case["tables"].items():
            for expected in wanted if isinstance(wanted, list) else [wanted]:
                check(probe, f"case {number} {name}", tables[name], expected)
    probe.finish()


main()
