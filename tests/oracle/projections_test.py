#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projections of random meetings against NetworkX's bipartite projections, and tau-b against the definition."""
import itertools
import math
import random
import sys

try:
    import networkx as nx
    from networkx.algorithms import bipartite
except ImportError:
    print("skipped: no NetworkX")
    sys.exit(77)

from probe import Probe

SAME = 1e-9


def projected(names, meetings):
    """Newman by collaboration_weighted_projected_graph, the number of meetings by weighted_projected_graph."""
    graph = nx.Graph()
    graph.add_nodes_from(names)
    graph.add_nodes_from(range(len(meetings)))
    graph.add_edges_from((name, m) for m, present in enumerate(meetings) for name in present)
    newman = bipartite.collaboration_weighted_projected_graph(graph, names)
    count = bipartite.weighted_projected_graph(graph, names)
    return {"newman": newman, "count": count, "binary": bipartite.projected_graph(graph, names)}


def tau_b(x, y):
    agree, apart_x, apart_y = 0, 0, 0
    for i, j in itertools.combinations(range(len(x)), 2):
        a, b = x[i] - x[j], y[i] - y[j]
        a, b = (0 if abs(a) < 1e-7 else math.copysign(1, a)), (0 if abs(b) < 1e-7 else math.copysign(1, b))
        agree += a * b
        apart_x += a != 0
        apart_y += b != 0
    return agree / math.sqrt(apart_x * apart_y) if apart_x and apart_y else None


def check(probe, rng, index):
    names = [f"v{i:02}" for i in range(rng.randint(2, 12))]
    leaning = [rng.random() for _ in names]
    meetings = [[v for v, lean in zip(names, leaning) if rng.random() < lean] for _ in range(rng.randint(1, 15))]
    lengths = [rng.choice([None, 15, 60, 480]) for _ in meetings]
    rows = [(m, m, v, None if length is None else m + length / 1440) for m, (present, length) in enumerate(zip(meetings, lengths)) for v in present]
    tables = probe.run("projections", [], nodes=names, meetings=rows)["tables"]
    graphs = projected(names, meetings)
    if graphs["count"].number_of_edges() == 0:
        return
    graphs["duration"] = nx.Graph()
    graphs["duration"].add_nodes_from(names)
    for present, length in zip(meetings, lengths):
        for a, b in itertools.combinations(present, 2) if length else ():
            before = graphs["duration"].get_edge_data(a, b, {"weight": 0})["weight"]
            graphs["duration"].add_edge(a, b, weight=before + length)
    table = tables["projections"]
    rows_of = {(a, m): r for r, (a, m) in enumerate(zip(table["actor"], table["measure"]))}
    strengths = {}
    for name, graph in graphs.items():
        weight = None if name == "binary" else "weight"
        if graph.number_of_edges() == 0:
            continue
        for _, _, data in graph.edges(data=True):
            data["distance"] = 1 if weight is None else 1 / data["weight"]
        strengths[name] = dict(graph.degree(weight=weight))
        expected = {"strength": strengths[name],
                    "harmonic": {v: h / (len(names) - 1) for v, h in nx.harmonic_centrality(graph, distance="distance").items()}}
        for measure, values in expected.items():
            for v in names:
                probe.value(f"{index} {name} {measure} of {v}", table[name][rows_of[(v, measure)]], values[v], 1e-7)
    agreement = tables["rank_agreement"]
    for measure, a, b, tau in zip(agreement["measure"], agreement["projection_a"], agreement["projection_b"], agreement["tau"]):
        if measure == "strength" and a in strengths and b in strengths:
            expected = tau_b([strengths[a][v] for v in names], [strengths[b][v] for v in names])
            probe.value(f"{index} tau {a} {b}", tau, expected, SAME)
    together = dict(((a, b), t) for a, b, t in zip(*(tables["backbone"][c] for c in ("actor_a", "actor_b", "together"))))
    expected = {tuple(sorted((a, b))): data["weight"] for a, b, data in graphs["count"].edges(data=True)}
    probe.compared += 1
    if together != expected:
        probe.wrong.append(f"{index} together: got {together}, expected {expected}")


def main():
    probe = Probe(sys.argv[1])
    rng = random.Random(2001)
    for index in range(80):
        check(probe, rng, index)
    probe.finish()


main()
