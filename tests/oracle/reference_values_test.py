#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Published values (cases.json) and full tables of independent software (computed/*.csv) on small graphs of the literature."""
import json
import os
import pathlib
import sys

from classic_graphs import Graphs, rows
from probe import Probe

SKIPPED = 77
ROUNDING = 1e-9


def case_column(metric):
    """The column that a case describes; None: there is none."""
    if metric.startswith("betweenness"):
        return "betweenness" if "not normalised" in metric else "betweenness_norm"
    if metric.startswith("closeness"):
        return "closeness"
    if metric.startswith("harmonic"):
        return "harmonic"
    if metric.startswith("degree"):
        return "degree"
    if metric.startswith("Burt constraint"):
        return "constraint"
    if metric.startswith("Burt effective size"):
        return "effective_size"
    return None


def check_case(probe, graphs, case):
    metric, expected = case["metric"], case["expected"]
    if metric.startswith("Gould-Fernandez"):
        nodes = [(v, case["groups"][v]) for v in sorted({v for e in case["edges"] for v in e})]
        table = probe.run("brokerage", [tuple(e) for e in case["edges"]], nodes=nodes, directed=True)["tables"]["brokerage"]
        for role, values in expected.items():
            probe.column(case["id"], table, ROLES[role], values, 0)
        return True
    column = case_column(metric)
    if column is None:
        return False
    if case["graph"] == "inline":
        weighted = "weighted" in metric.replace("unweighted", "")
        graph = {"edges": [tuple(e) if weighted else tuple(e[:2]) for e in case["edges"]], "directed": case.get("directed", False)}
        named = {}
    else:
        graph, named, _ = graphs.load(case["graph"])
    if "15 families" in metric:          # Pucci has no tie and is left out by the books
        tied = {v for e in graph["edges"] for v in e}
        graph["nodes"] = [v for v in graph["nodes"] if v in tied]
    if "incoming" in metric:
        graph["edges"] = [(e[1], e[0]) + tuple(e[2:]) for e in graph["edges"]]
    table = probe.run("centrality", **graph, unit=True)["tables"]["centrality"]
    n = len(table["actor"])
    if case["id"] == "closeness-two-components":
        # Wasserman and Faust's variant is ours times the share of the others that are reached.
        reached = {"0": 3, "1": 3, "2": 3, "3": 3, "4": 2, "5": 2, "6": 2}
        for actor, value in zip(table["actor"], table["closeness"]):
            probe.value(f"{case['id']}, scaled, of {actor}", value * reached[actor] / (n - 1), expected["wasserman_faust"][actor], case["tolerance"])
        expected = expected["plain"]
    if column == "harmonic":             # published as a sum, ours is the mean over the others
        expected = {k: v / (n - 1) for k, v in expected.items()}
    # Books write Lamberteschi, the file Lambertes.
    expected = {named.get(k, named.get(k[:9], k)): v for k, v in expected.items()}
    tolerance = max(case["tolerance"], ROUNDING)
    values = dict(zip(table["actor"], table[column]))
    for actor, value in expected.items():
        probe.compared += 1
        if actor not in values or values[actor] is None or abs(values[actor] - value) > tolerance:
            probe.wrong.append(f"{case['id']} of {actor}: got {values.get(actor)}, expected {value}")
    return True


CSV_COLUMNS = {"degree": "degree", "indegree": "degree_in", "outdegree": "degree_out", "betweenness": "betweenness",
               "betweenness_normalized": "betweenness_norm", "harmonic_out": "harmonic", "closeness_normalized": "closeness",
               "constraint": "constraint", "eigenvector_max1": "eigenvector", "coreness": "coreness"}


def check_table(probe, graphs, path):
    graph, _, _ = graphs.load(path.name.partition(".")[0])
    expected = rows(path)
    table = probe.run("centrality", **graph, unit=True)["tables"]["centrality"]
    cut = probe.run("bottlenecks", **graph, unit=True)["tables"]["bottlenecks"]
    turned = dict(graph, edges=[(b, a) for a, b in graph["edges"]])
    inward = probe.run("centrality", **turned, unit=True)["tables"]["centrality"] if graph["directed"] else None
    n = len(table["actor"])
    unknown = set(expected[0]) - set(CSV_COLUMNS) - {"id", "articulation", "harmonic_in"}
    if unknown:
        probe.wrong.append(f"{path.name}: nothing compares {unknown}")
    for row in expected:
        if "harmonic_in" in row:         # ours is of paths from the actor: the same on turned ties
            probe.column(path.name, inward, "harmonic", {row["id"]: float(row["harmonic_in"]) / (n - 1)}, 1e-8)
        for theirs, ours in CSV_COLUMNS.items():
            if theirs not in row:
                continue
            value = None if row[theirs] in ("NA", "NaN", "") else float(row[theirs])
            if theirs == "harmonic_out":
                value /= n - 1
            if theirs == "eigenvector_max1" and value < 1e-12:
                value = None             # outside the component the vector belongs to: missing, not zero
            probe.column(path.name, table, ours, {row["id"]: value}, 1e-8)
        if "articulation" in row:
            probe.column(path.name, cut, "articulation", {row["id"]: float(row["articulation"])}, 0)


WHOLE = {   # README.md of reference-values
    "karate": (34, 78, 0.139037433, 0.255681818, 1, None, ("faction", 10, 68, -0.743589744)),
    "florentine_marriage": (16, 20, 0.166666667, 0.191489362, 2, None, None),
    "florentine_business": (16, 15, 0.125, 0.416666667, 6, None, None),
    "kite": (10, 18, 0.4, 0.578947368, 1, None, None),
    "hightech_advice": (21, 190, 0.452380952, 0.734508816, 1, 0.473684211, None),
    "hightech_friends": (21, 102, 0.242857143, 0.471494607, 1, 0.450980392, None),
    "adolescents": (8, 10, 0.357142857, 0.45, 1, None, None),
}


def check_whole(probe, graphs, name):
    graph, _, nodes = graphs.load(name)
    n, m, density, transitivity, components, reciprocity, groups = WHOLE[name]
    row = {k: v[0] for k, v in probe.run("graph", **graph)["tables"]["graph"].items()}
    for column, value in (("actors", n), ("ties", m), ("density", density), ("transitivity", transitivity), ("components", components),
                          ("reciprocity", reciprocity)):
        probe.value(f"{name} {column}", row[column], value, 1e-8)
    if groups:
        label, across, within, ei = groups
        graph["nodes"] = [(node["id"], node[label]) for node in nodes]
        table = {k: v[0] for k, v in probe.run("gaps", **graph)["tables"]["ei"].items()}
        for column, value in (("ties_across", across), ("ties_within", within), ("ei", ei)):
            probe.value(f"{name} {column}", table[column], value, 1e-8)


# sna's names; judged by the path: b_IO starts in the broker's group, b_OI ends in it.
ROLES = {"w_I": "coordinator", "w_O": "itinerant", "b_IO": "representative", "b_OI": "gatekeeper", "b_O": "liaison"}


def check_brokerage(probe, graphs, path):
    """sna reads an undirected graph as one with both arcs, each independent: so does the network given here."""
    graph, _, nodes = graphs.load(path.name.partition(".")[0])
    expected = rows(path)
    groups = {row["id"]: row["group"] for row in expected}
    graph["nodes"] = [(v, groups[v]) for v in graph["nodes"]]
    if not graph["directed"]:
        graph["edges"] = graph["edges"] + [(b, a) for a, b in graph["edges"]]
        graph["directed"] = True
    tables = probe.run("brokerage", **graph, unit=True, options="permutations=20")["tables"]
    by_role = {(a, r): i for i, (a, r) in enumerate(zip(tables["roles"]["actor"], tables["roles"]["role"]))}
    for row in expected:
        probe.column(path.name, tables["brokerage"], "brokerage", {row["id"]: float(row["t"])}, 0)
        for theirs, ours in ROLES.items():
            at = by_role[row["id"], ours]
            for prefix, column in (("", "count"), ("exp_", "expected_random_graph"), ("z_", "z_random_graph")):
                value = None if row[prefix + theirs] in ("NA", "NaN") else float(row[prefix + theirs])
                probe.value(f"{path.name} {row['id']} {ours} {column}", tables["roles"][column][at], value, 1e-9)

KEY_PLAYERS = {"F": "fragmentation", "DF": "distance_fragmentation", "DR": "reach"}


def check_key_players(probe, graphs, name, expected):
    """All conventions are ours: n recomputed after removal, members count 1 in D_R. Marriage is without Pucci, who has no tie; sets
    and their members are listed there in the order of their texts, "15" before "7", as here."""
    graph, _, _ = graphs.load(name)
    tied = {v for e in graph["edges"] for v in e}
    graph["nodes"] = [v for v in graph["nodes"] if v in tied]
    tables = probe.run("keyplayers", **graph)["tables"]
    probe.value(f"{name} F", tables["whole"]["fragmentation"][0], expected["F_whole"], 1e-12)
    probe.value(f"{name} D_F", tables["whole"]["distance_fragmentation"][0], expected["DF_whole"], 1e-12)
    rows = [dict(zip(tables["sets"], row)) for row in zip(*tables["sets"].values())]
    for key, best in expected.items():
        if not key.startswith("KPP_"):
            continue
        measure, size = KEY_PLAYERS[key.split("_")[2]], int(key[-1])
        own = [row for row in rows if row["measure"] == measure and row["size"] == size]
        count = best.get("number_of_best_sets", len(best["sets"]))
        for row in own:
            probe.value(f"{name} {key}", row["value"], best["value"], 1e-12)
            probe.value(f"{name} {key} equal sets", row["equal_sets"], count, 0)
        got = [row["actors"].split(", ") for row in own][:len(best["sets"])]
        probe.compared += 1
        if got != [sorted(s) for s in best["sets"]][:len(got)]:
            probe.wrong.append(f"{name} {key}: got {got}, expected {best['sets']}")


def main():
    probe = Probe(sys.argv[1])
    data = pathlib.Path(os.environ.get("SAMORDNING_SHARED_DATA") or sys.argv[2])
    values, graphs = data / "reference-values", Graphs(data / "classic-graphs")
    if not values.is_dir() or not graphs.folder.is_dir():
        print(f"skipped: {data} has no reference-values and classic-graphs")
        raise SystemExit(SKIPPED)
    for case in json.loads((values / "cases.json").read_text(encoding="utf-8")):
        if not check_case(probe, graphs, case):
            probe.wrong.append(f"{case['id']}: nothing compares {case['metric']}")
    for path in sorted((values / "computed").glob("*.centrality.csv")):
        check_table(probe, graphs, path)
    for path in sorted((values / "computed").glob("*.brokerage.csv")):
        check_brokerage(probe, graphs, path)
    for name in WHOLE:
        check_whole(probe, graphs, name)
    players = json.loads((values / "computed" / "key-players.json").read_text(encoding="utf-8"))
    for name, expected in players.items():
        check_key_players(probe, graphs, name, expected)
    probe.finish()


main()
