# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes cases with the tables an oracle expects of them, for expected_test.py."""
import json
import math
import sys


def rounded(value):
    """Twelve digits: more than the comparison asks for, and half the file. What is no number is missing."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    value = float(value)
    if math.isnan(value):
        return None
    return int(value) if value == int(value) and abs(value) < 1e15 else float(f"{value:.12g}")


def table(keys, rows, partial=False):
    """keys: names of the text columns; rows: {(text, ...): {column: value}}. All rows there are, unless only a part is expected."""
    columns = sorted({column for row in rows.values() for column in row})
    return {"keys": keys, "partial": partial, "rows": [list(key) for key in rows],
            "columns": {c: [rounded(row.get(c)) for row in rows.values()] for c in columns}}


def write(software, cases):
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    sys.stdout.write(f'{{"made_with": {json.dumps(software)}, "cases": [\n{lines}\n]}}\n')
