#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes communities_networkx.json: random networks, the modularity of their sectors by NetworkX, and the best division: of up to eight
actors over every division there is, of more by NetworkX' Louvain from many starts, which the best one cannot fall behind.

    communities_networkx.py > communities_networkx.json
"""
import json
import random
import sys

import networkx as nx
from networkx.algorithms.community import louvain_communities, modularity

from networkx_graphs import undirected_view

STARTS, SMALL = 30, 8


def make(rng, index):
    n = [2, 3, 5, 6, 7, 8, 12, 20, 34, 60][index % 10]
    directed, camps = index % 3 == 2, rng.choice([1, 2, 3, 4])
    g = nx.DiGraph() if directed else nx.Graph()
    names = [f"n{i:02d}" for i in range(n)]
    g.add_nodes_from(names)
    for i, a in enumerate(names):
        for j, b in enumerate(names):
            if i == j or (not directed and i > j) or rng.random() > (0.5 if i % camps == j % camps else 0.08):
                continue
            g.add_edge(a, b, weight=rng.choice([1.0, 2.0, 0.25, round(rng.uniform(0.1, 9), 3)]))
    return g, {v: rng.choice("xyz") for v in names}


def divisions(names):
    """Every division into groups, each once."""
    if not names:
        yield []
        return
    for rest in divisions(names[1:]):
        yield [[names[0]]] + rest
        for k in range(len(rest)):
            yield rest[:k] + [[names[0]] + rest[k]] + rest[k + 1:]


def main():
    rng, cases = random.Random(2006), []
    for index in range(30):
        g, sectors = make(rng, index)
        u = undirected_view(g)
        if u.number_of_edges() == 0:
            continue
        if len(u) <= SMALL:
            best = max(modularity(u, groups, weight="weight") for groups in divisions(sorted(u)))
        else:
            best = max(modularity(u, louvain_communities(u, weight="weight", seed=s), weight="weight") for s in range(STARTS))
        formal = modularity(u, [[v for v in u if sectors[v] == s] for s in sorted(set(sectors.values()))], weight="weight")
        cases.append({"directed": g.is_directed(), "nodes": sorted(sectors.items()), "edges": [list(e) for e in g.edges(data="weight")],
                      "best": float(f"{best:.12g}"), "sectors": float(f"{formal:.12g}")})
    rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    sys.stdout.write(f'{{"networkx": "{nx.__version__}", "cases": [\n{rows}\n]}}\n')


main()
