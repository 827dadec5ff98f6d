#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brokerage, cutpoints and key players of random networks against R's sna package (sna_random.json, made by sna_random.R)."""
import json
import pathlib
import sys

from probe import Probe

# sna's order and names; judged by the path: b_IO starts in the broker's group, b_OI ends in it.
ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")
TOTAL = len(ROLES)


def check_brokerage(probe, where, case):
    nodes = [(f"a{i + 1:02}", sector) for i, sector in enumerate(case["sectors"])]
    tables = probe.run("brokerage", [tuple(e) for e in case["edges"]], nodes=nodes, directed=True, unit=True, options="permutations=19")["tables"]
    at = {(a, r): i for i, (a, r) in enumerate(zip(tables["roles"]["actor"], tables["roles"]["role"]))}
    for actor, (counts, expected, z) in case["roles"].items():
        probe.column(where, tables["brokerage"], "brokerage", {actor: counts[TOTAL]}, 0)
        for number, role in enumerate(ROLES):
            for column, values in (("count", counts), ("expected_random_graph", expected), ("z_random_graph", z)):
                probe.value(f"{where} {actor} {role} {column}", tables["roles"][column][at[actor, role]], values[number], 1e-9)


def check_cutpoints(probe, where, case):
    nodes = [f"a{i + 1:02}" for i in range(case["actors"])]
    table = probe.run("bottlenecks", [tuple(e) for e in case["edges"]], nodes=nodes, unit=True)["tables"]["bottlenecks"]
    probe.compared += 1
    got = [actor for actor, cut in zip(table["actor"], table["articulation"]) if cut]
    if got != case["cutpoints"]:
        probe.wrong.append(f"{where}: got {got}, expected {case['cutpoints']}")


def check_key_players(probe, where, case):
    nodes = [f"a{i + 1:02}" for i in range(case["actors"])]
    table = probe.run("keyplayers", [tuple(e) for e in case["edges"]], nodes=nodes, unit=True)["tables"]["sets"]
    rows = [dict(zip(table, row)) for row in zip(*table.values())]
    for size, best in case["best"].items():
        for measure, value in zip(("fragmentation", "distance_fragmentation"), best):
            own = [row["value"] for row in rows if row["measure"] == measure and row["size"] == int(size)]
            probe.value(f"{where} {measure} of {size}", own[0] if own else None, value, 1e-12)


CHECKS = {"brokerage": check_brokerage, "cutpoints": check_cutpoints, "keyplayers": check_key_players}


def main():
    probe = Probe(sys.argv[1])
    cases = json.loads((pathlib.Path(__file__).parent / "sna_random.json").read_text(encoding="utf-8"))
    for number, case in enumerate(cases):
        CHECKS[case["kind"]](probe, f"case {number} ({case['kind']})", case)
    probe.finish()


main()
