#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restricted means, their errors by case and log-rank tests against the committed values of R's survival package (time_tests.csv,
made by time_tests.R)."""
import csv
import math
import pathlib
import sys

from probe import Probe

FOLDER = pathlib.Path(__file__).parent
COLUMNS = ("rmst_days", "rmst_days_se", "rmst_days_case_se", "unanswered_within", "unanswered_within_low", "unanswered_within_high")


def rows(name):
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main():
    probe = Probe(sys.argv[1])
    replies = [(r["request"], r["actor"], 0, "", r["time"], r["end"], r["case"], r["stage"], 7) for r in rows("time_replies.csv")]
    actors = sorted({r[1] for r in replies})
    expected = {}
    for row in rows("time_tests.csv"):
        expected[row["what"], row["a"], row["b"]] = float(row["value"])
    for strata in ("none", "stage"):
        tables = probe.run("time", edges=[(actors[0], actors[1])], nodes=actors, replies=replies, until=1000,
                           options=f"tau=30 within=21 strata={strata}")["tables"]
        table = tables["time"]
        for column in COLUMNS:
            values = {a: v for (what, a, _), v in expected.items() if what == column}
            probe.column(strata, table, column, values, 1e-8)
        probe.column(strata, table, "expected_answered", {a: v for (what, a, _), v in expected.items() if what == f"{strata}_expected"}, 1e-8)
        probe.value(f"{strata} chi", tables["logrank"]["chi_squared"][0], expected[f"{strata}_chi", "", ""], 1e-8)
        probe.value(f"{strata} degrees", tables["logrank"]["degrees"][0], len(actors) - 1, 0)
        pairs = tables["pairs"]
        for i, (a, b) in enumerate(zip(pairs["actor_a"], pairs["actor_b"])):
            if pairs["method"][i] != "asymptotic":
                assert "small" in (a, b), (a, b)
                continue
            # p of one degree of freedom is erfc(sqrt(chi / 2)).
            probe.value(f"{strata} {a} {b}", pairs["p"][i], math.erfc(math.sqrt(expected[f"{strata}_pair_chi", a, b] / 2)), 1e-7)
        for i, a in enumerate(table["actor"]):
            if table["method"][i] == "asymptotic":
                probe.value(f"{strata} {a} against the rest", table["p"][i], math.erfc(math.sqrt(expected[f"{strata}_z2", a, ""] / 2)), 1e-7)
    probe.finish()


main()
