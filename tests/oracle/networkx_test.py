#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every metric of random graphs against the committed values of NetworkX and NumPy (networkx_graphs.json, made by networkx_graphs.py)."""
import json
import pathlib
import sys

from probe import Probe

TOLERANCE = 1e-9
LOOSE = {"pagerank": 1e-8, "hub": 1e-7, "authority": 1e-7, "eigenvector": 1e-7}


def main():
    probe = Probe(sys.argv[1])
    cases = json.loads((pathlib.Path(__file__).parent / "networkx_graphs.json").read_text(encoding="utf-8"))["cases"]
    for case in cases:
        where = f"graph {case['id']}"
        given = {"edges": case["edges"], "nodes": case["nodes"], "negative": case["negative"], "directed": case["directed"]}
        row = probe.run("graph", **given)["tables"]["graph"]
        for name, value in case["graph"].items():
            probe.value(f"{where} {name}", row[name][0], value, TOLERANCE)
        weighted = probe.run("centrality", **given)["tables"]["centrality"]
        unit = probe.run("centrality", **given, unit=True)["tables"]["centrality"]
        for name, values in case["centrality"].items():
            column, _, variant = name.partition("@")
            probe.column(f"{where} {name}", unit if variant else weighted, column, values, LOOSE.get(column, TOLERANCE))
        cut = probe.run("bottlenecks", **given)["tables"]
        for name, values in case["cuts"].items():
            probe.column(where, cut["bottlenecks"], name, values, 0)
        bridges = cut["bridges"]
        rows = [list(row) for row in zip(bridges["from"], bridges["to"], bridges["from_side"], bridges["to_side"])]
        probe.compared += 1
        if rows != case["bridges"]:
            probe.wrong.append(f"{where} bridges: got {rows}, expected {case['bridges']}")
    probe.finish()


main()
