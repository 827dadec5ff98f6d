#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes structure_networkx.json: random networks and what NetworkX (2.8.8, Debian 12) says of their sets, cuts and blocks.

    structure_networkx.py > structure_networkx.json

The test that compares (structure_test.py) needs no NetworkX. Sets are tried one by one, cuts come from NetworkX' own flows.
"""
import itertools
import json
import random
import sys

import networkx as nx

from networkx_graphs import undirected_view

SAME = 1e-12


def make(rng, index):
    n = [2, 4, 6, 9, 12, 16, 20, 25, 33, 40][index % 10]
    directed = index % 4 == 3
    g = nx.DiGraph() if directed else nx.Graph()
    names = [f"n{i:02d}" for i in range(n)]
    g.add_nodes_from(names)
    density = rng.choice([0.08, 0.15, 0.25, 0.5])
    for a, b in itertools.permutations(names, 2) if directed else itertools.combinations(names, 2):
        if rng.random() < density:
            weight = rng.randint(1, 9)
            g.add_edge(a, b, weight=weight, distance=1 / weight)
    return g, {name: rng.choice(["x", "y", "z", ""]) for name in names}


def without(g, gone):
    rest = g.copy()
    rest.remove_nodes_from(gone)
    return rest


def efficiency(g, weight=None):
    n = len(g)
    if n < 2:
        return None
    lengths = nx.all_pairs_dijkstra_path_length(g, weight=weight) if weight else nx.all_pairs_shortest_path_length(g)
    return sum(1 / d for v, row in lengths for w, d in row.items() if v != w) / (n * (n - 1))


def reaching(g):
    return sum(len(row) - 1 for row in dict(nx.all_pairs_shortest_path_length(g)).values())


def fragmentation(u):
    n = len(u)
    return None if n < 2 else 1 - sum(len(c) * (len(c) - 1) for c in nx.connected_components(u)) / (n * (n - 1))


def reach(u, members):
    lengths = nx.multi_source_dijkstra_path_length(u, set(members), weight=None)
    return sum(1 / max(d, 1) for d in lengths.values()) / len(u)


def best_sets(u, size):
    found = {}
    for members in itertools.combinations(sorted(u), size):
        rest = without(u, members)
        values = {"fragmentation": fragmentation(rest), "distance_fragmentation": None, "reach": reach(u, members)}
        e = efficiency(rest)
        values["distance_fragmentation"] = None if e is None else 1 - e
        for measure, value in values.items():
            if value is None:
                continue
            best = found.get(measure)
            if best is None or value > best[0] + SAME:
                found[measure] = best = [value, 0, []]
            if abs(value - best[0]) <= SAME:
                best[1] += 1
                if len(best[2]) < 5:
                    best[2].append(", ".join(members))
    return found


def actors(g, u):
    whole, whole_w = efficiency(g), efficiency(g, "distance")
    reached = dict(nx.all_pairs_shortest_path_length(g))
    blocks = list(nx.biconnected_components(u))
    out = {c: {} for c in ("fragmentation", "distance_fragmentation", "reach", "efficiency_loss", "efficiency_loss_w", "pairs_cut",
                           "blocks", "largest_block")}
    for v in g:
        rest, few = without(g, [v]), len(g) < 3
        now = sum(1 for a in g for b in reached[a] if a != b and v not in (a, b))
        own = [len(b) for b in blocks if v in b]
        out["fragmentation"][v] = None if few else fragmentation(without(u, [v]))
        out["distance_fragmentation"][v] = None if few else 1 - efficiency(without(u, [v]))
        out["reach"][v] = reach(u, [v])
        out["efficiency_loss"][v] = None if few else whole - efficiency(rest)
        out["efficiency_loss_w"][v] = None if few else whole_w - efficiency(rest, "distance")
        out["pairs_cut"][v] = (now - reaching(rest)) / (1 if g.is_directed() else 2)
        out["blocks"][v], out["largest_block"][v] = len(own), max(own) if own else None
    return out


def sector_paths(u, sectors):
    out = []
    for a, b in itertools.combinations(sorted({s for s in sectors.values() if s}), 2):
        h = u.copy()
        h.add_edges_from(("from", v) for v in u if sectors[v] == a)
        h.add_edges_from((v, "to") for v in u if sectors[v] == b)
        out.append([a, b, nx.node_connectivity(h, "from", "to")])
    return out


def cuts(u):
    connected = nx.is_connected(u)
    return {"tie_connectivity": nx.edge_connectivity(u) if connected else 0,
            "least_cut_weight": nx.stoer_wagner(u)[0] if connected else 0,
            "actor_connectivity": nx.node_connectivity(u) if connected else 0}


def main():
    rng = random.Random(19730101)
    cases = []
    for index in range(40):
        g, sectors = make(rng, index)
        u = undirected_view(g)
        n = len(g)
        cases.append({
            "id": index, "directed": g.is_directed(), "nodes": sorted(sectors.items()),
            "edges": [[a, b, w] for a, b, w in g.edges(data="weight")], "actors": actors(g, u), "whole": cuts(u),
            "sets": {size: best_sets(u, size) for size in (1, 2, 3) if size <= (3 if n <= 20 else 2) and size <= n},
            "blocks": sorted(", ".join(sorted(b)) for b in nx.biconnected_components(u)),
            "pairs": [[a, b, nx.node_connectivity(u, a, b)] for a, b in itertools.combinations(sorted(u), 2)
                      if n <= 25 and not u.has_edge(a, b)],
            "sectors": sector_paths(u, sectors)})
    rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    sys.stdout.write(f'{{"networkx": "{nx.__version__}", "cases": [\n{rows}\n]}}\n')


main()
