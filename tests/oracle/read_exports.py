# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the exports of one network in a folder with NetworkX (and the csv module) and compares them with its JSON export."""
import csv
import json
import os
import sys
import warnings

import networkx
from networkx.readwrite import gexf, graphml

folder = sys.argv[-1]
warnings.simplefilter("ignore")
truth = json.load(open(f"{folder}/n.json"))
tables = {name: table["rows"] for name, table in truth["tables"].items()}
directed = "direction=directed" in truth["card"]["spec"]
actors = [row["actor"] for row in tables["nodes"]]
unknown = [tuple(pair) for pair in truth["unknown_dyads"]]


def ends(row):
    return (row["from"], row["to"])


def weights(graph):
    return {(a, b) if graph.is_directed() or actors.index(a) < actors.index(b) else (b, a): weight
            for a, b, weight in graph.edges(data="weight")}


def expected(rows):
    return {ends(row): row["weight"] for row in rows}


# The rule of the three states, by itself: nobody has reported who would have told, and there is no tie.
reported = {row["actor"]: bool(row["reported"]) for row in tables["nodes"]}
tied = set(expected(tables["edges"]))
card = {entry["key"]: entry["value"] for entry in truth["card"]["entries"]}
own = "missing=as-reported" in truth["card"]["spec"]
doubted = {ends(row) for row in tables.get("doubted", [])}


def told(a, b):
    if (a, b) in doubted:
        return False
    if own:
        return reported[a] and (directed or reported[b])
    return reported[a] or reported[b]


by_rule = [(a, b) for i, a in enumerate(actors) for k, b in enumerate(actors)
           if (i < k or (directed and i != k)) and not told(a, b) and (a, b) not in tied]
if card["unknown pairs"] != "0" or not by_rule:
    assert unknown == by_rule and len(unknown) == int(card["unknown pairs"]), (unknown, by_rule)
else:  # somebody delivered for all: nothing is unknown although nobody else has reported
    assert unknown == []

# ---- GraphML: the first graph is the network, then objections, then layers
graphs = list(graphml.GraphMLReader()(path=f"{folder}/n.graphml"))
layers = sorted({row["layer"] for row in tables.get("relations", [])})
parts = [("ties", tables["edges"])] + ([("objections", tables["objections"])] if tables["objections"] else [])
parts += [(layer, [row for row in tables["relations"] if row["layer"] == layer]) for layer in layers]
assert [graph.graph["relation"] for graph in graphs] == [name for name, _ in parts]
for graph, (name, rows) in zip(graphs, parts):
    assert graph.is_directed() == (directed or name == "objections")
    assert list(graph) == actors and weights(graph) == expected(rows), (name, weights(graph), expected(rows))
for row in tables["nodes"]:
    node = graphs[0].nodes[row["actor"]]
    assert node["reported"] is reported[row["actor"]] and node["name"] == row["name"]
    assert node.get("sector") == row["sector"], node
assert [tuple(pair) for pair in json.loads(graphs[0].graph.get("unknown_dyads", "[]"))] == unknown
assert graphs[0].graph["unknown_count"] == float(len(unknown)) and graphs[0].graph["spec"] == truth["card"]["spec"]

# ---- GEXF: 1.3, which NetworkX knows from 3.6 on (its release notes, #8196); before, its namespace is all that is missing
gexf.GEXF.versions.setdefault("1.3", dict(gexf.GEXF.versions["1.2draft"], NS_GEXF="http://gexf.net/1.3",
                                          NS_VIZ="http://gexf.net/1.3/viz", VERSION="1.3"))
graph = networkx.read_gexf(f"{folder}/n.gexf", version="1.3")
assert list(graph) == actors and graph.is_directed() == directed
assert all(graph.nodes[actor]["reported"] is reported[actor] for actor in actors)
found = {}
for a, b, data in graph.edges(data=True):
    pair = (a, b) if directed or actors.index(a) < actors.index(b) else (b, a)
    found[pair, data["relation"]] = data
wanted = {(ends(row), "ties"): row["weight"] for row in tables["edges"]}
if directed:
    wanted.update({(ends(row), "objections"): row["weight"] for row in tables["objections"]})
assert {key: data["weight"] for key, data in found.items()} == wanted, (found, wanted)
for row in tables.get("spells", []):
    data = found[ends(row), "ties"]
    assert (row["start"], row["end"]) in data["spells"], data
    assert (row["weight"], row["start"], row["end"]) in [tuple(value) for value in data["spell_weight"]], data
spell_count = sum(len(data.get("spells", [])) for data in found.values())
assert spell_count == len(tables.get("spells", []))

# ---- Pajek
labels = {actor.replace('"', "'").replace("\\", "/"): actor for actor in actors}
for name, rows, arcs in [("n.pajek", tables["edges"], directed), ("n.objections.net", tables["objections"], True)]:
    if name != "n.pajek" and not rows:
        assert not os.path.exists(f"{folder}/{name}")
        continue
    graph = networkx.read_pajek(f"{folder}/{name}")
    if actors:  # NetworkX takes an empty file of edges for a directed one
        assert graph.is_directed() == arcs
    assert [labels[node] for node in graph] == actors
    graph = networkx.relabel_nodes(graph, labels)
    graph = networkx.DiGraph(graph) if arcs else networkx.Graph(graph)
    assert weights(graph) == expected(rows), (weights(graph), expected(rows))

# ---- DL: several matrices, or one list
text = open(f"{folder}/n.dl").read()
head, _, data = text.partition("DATA:\n")
assert text.isascii() and f"N={len(actors)}" in head
if "NM=" in head:
    names = head.partition("MATRIX LABELS:\n")[2].split()
    rows = [[float(cell) for cell in line.split()] for line in data.splitlines()]
    assert len(rows) == len(actors) * len(names) and all(len(row) == len(actors) for row in rows)
    matrices = {name: rows[i * len(actors):(i + 1) * len(actors)] for i, name in enumerate(names)}
    ascii_names = {"høring": "hoering", "møte": "moete"}
    shown = [(ascii_names.get(name, name), rows, name == "objections" or directed) for name, rows in parts if name != "ties" or not layers]
    if unknown:
        shown.append(("unknown", [{"from": a, "to": b, "weight": 1.0} for a, b in unknown], directed))
    assert names == [name for name, _, _ in shown]
    for name, rows, arcs in shown:
        cells = {(actors.index(row["from"]), actors.index(row["to"])): row["weight"] for row in rows}
        if not arcs:
            cells.update({(b, a): weight for (a, b), weight in list(cells.items())})
        assert cells == {(i, k): cell for i, row in enumerate(matrices[name]) for k, cell in enumerate(row) if cell}, name
else:
    assert len(parts) == 1 and not unknown and "EDGELIST1" in head

# ---- CSV
for name in ("nodes", "edges", "objections", *(["relations"] if layers else []), *(["spells"] if "spells" in tables else [])):
    rows = list(csv.DictReader(open(f"{folder}/n.{name}.csv", newline="")))
    assert len(rows) == len(tables[name])
    for row, true in zip(rows, tables[name]):
        for column, value in true.items():
            assert row[column].lstrip("'") == ("" if value is None else value.lstrip("'")) if not isinstance(value, (int, float)) \
                else float(row[column]) == value, (name, column, row[column], value)
if unknown:
    pairs = [(row["from"], row["to"]) for row in csv.DictReader(open(f"{folder}/n.unknown.csv", newline=""))]
    assert [tuple(end.removeprefix("'") if end.startswith("'=") else end for end in pair) for pair in pairs] == unknown, pairs
else:
    assert not os.path.exists(f"{folder}/n.unknown.csv")
