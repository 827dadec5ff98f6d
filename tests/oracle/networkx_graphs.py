#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes networkx_graphs.json: random graphs and what NetworkX (2.8.8, Debian 12) and NumPy say about them.

    networkx_graphs.py > networkx_graphs.json

The test that compares (networkx_test.py) needs neither. Weights are powers of two, so that 1/weight and sums of it are exact and
NetworkX, which compares path lengths exactly, agrees with everybody on which paths are equally short; or random, where no two paths are.
"""
import json
import math
import random
import sys

import networkx as nx
import numpy as np


def make(rng, index):
    n = [1, 2, 3, 5, 8, 13, 21, 34, 45, 60][index % 10]
    directed = index % 2 == 1
    kind = ["binary", "powers", "random"][index % 3]
    density = rng.choice([0.03, 0.08, 0.15, 0.3, 0.7])
    g = nx.DiGraph() if directed else nx.Graph()
    names = [f"n{i:02d}" for i in range(n)]
    g.add_nodes_from(names)
    for i in range(n):
        for j in range(n):
            if i == j or (not directed and i > j) or rng.random() > density:
                continue
            weight = {"binary": 1.0, "powers": 2.0 ** rng.randint(-3, 3), "random": round(rng.uniform(0.1, 9), 3)}[kind]
            g.add_edge(names[i], names[j], weight=weight)
    negative = [(a, b) for a in names for b in names if a != b and rng.random() < 0.05] if index % 4 >= 2 and n > 2 else []
    return g, kind, negative


def undirected_view(g):
    if not g.is_directed():
        return g
    u = nx.Graph()
    u.add_nodes_from(g)
    for a, b, w in g.edges(data="weight"):
        u.add_edge(a, b, weight=w + (u[a][b]["weight"] if u.has_edge(a, b) else 0))
    return u


def sums(lengths, me):
    others = {k: v for k, v in lengths.items() if k != me}
    return len(others), sum(others.values()), sum(1 / v for v in others.values())


def distances(g, weight, n):
    closeness, closeness_in, harmonic = {}, {}, {}
    for v in g:
        run = lambda graph: nx.single_source_dijkstra_path_length(graph, v, weight=weight) if weight else nx.single_source_shortest_path_length(graph, v)
        reached, total, inverse = sums(run(g), v)
        closeness[v] = reached / total if reached else None
        harmonic[v] = inverse / (n - 1) if n > 1 else None
        if g.is_directed():
            reached, total, _ = sums(run(g.reverse()), v)
            closeness_in[v] = reached / total if reached else None
    return closeness, closeness_in, harmonic


def giant(u):
    """The largest component, the one with the first name when several."""
    return sorted(nx.connected_components(u), key=lambda c: (-len(c), min(c)))[0]


def dominant(matrix):
    """The eigenvector of the largest eigenvalue, largest entry 1; None when it is not clearly the only one."""
    values, vectors = np.linalg.eigh(matrix)
    if values[-1] < 1e-9 or (len(values) > 1 and values[-1] - values[-2] < 1e-3 * values[-1]):
        return None
    v = np.abs(vectors[:, -1])
    return v / v.max()


def barrat(u, v):
    near = list(u[v])
    strength = sum(u[v][j]["weight"] for j in near)
    if len(near) < 2:
        return None
    total = sum((u[v][j]["weight"] + u[v][h]["weight"]) / 2 for j in near for h in near if j != h and u.has_edge(j, h))
    return total / (strength * (len(near) - 1))


def nan_to_none(values):
    return {k: None if v is None or (isinstance(v, float) and math.isnan(v)) else v for k, v in values.items()}


def centrality(g, negative):
    n = len(g)
    u = undirected_view(g)
    for a, b, d in g.edges(data=True):
        d["distance"] = 1 / d["weight"]
    out = {"degree": dict(u.degree()), "strength": dict(g.degree(weight="weight"))}
    if g.is_directed():
        out["degree_in"], out["degree_out"] = dict(g.in_degree()), dict(g.out_degree())
        out["strength_in"], out["strength_out"] = dict(g.in_degree(weight="weight")), dict(g.out_degree(weight="weight"))
    for suffix, weight in (("", "distance"), ("@unit", None)):
        out["betweenness" + suffix] = nx.betweenness_centrality(g, normalized=False, weight=weight)
        out["betweenness_norm" + suffix] = nx.betweenness_centrality(g, normalized=True, weight=weight) if n > 2 else {v: None for v in g}
        closeness, closeness_in, harmonic = distances(g, weight, n)
        out["closeness" + suffix], out["harmonic" + suffix] = closeness, harmonic
        if closeness_in:
            out["closeness_in" + suffix] = closeness_in
    big = sorted(giant(u))
    vector = dominant(nx.to_numpy_array(u.subgraph(big), nodelist=big, weight="weight")) if len(big) > 1 else None
    if vector is not None or len(big) < 2:
        inside = dict(zip(big, vector)) if vector is not None else {}
        out["eigenvector"] = {v: inside.get(v) for v in g}
    out["pagerank"] = nx.pagerank(g, alpha=0.85, weight="weight", tol=1e-16, max_iter=5000) if g.number_of_edges() else {v: 1 / n for v in g}
    if g.is_directed():
        names = sorted(g)
        a = nx.to_numpy_array(g, nodelist=names, weight="weight")
        hub, authority = dominant(a @ a.T), dominant(a.T @ a)
        if hub is not None and authority is not None:
            out["hub"], out["authority"] = dict(zip(names, hub)), dict(zip(names, authority))
    out["coreness"] = nx.core_number(u)
    out["clustering"] = {v: c if u.degree(v) > 1 else None for v, c in nx.clustering(u).items()}
    out["clustering_w"] = {v: barrat(u, v) for v in u}
    out["constraint"] = nx.constraint(u, weight="weight")
    out["effective_size"] = nx.effective_size(u, weight="weight")
    if negative:
        names = sorted(g)
        index = {v: i for i, v in enumerate(names)}
        a = (nx.to_numpy_array(u, nodelist=names, weight=None) > 0).astype(float)
        pairs = {tuple(sorted(p)) for p in negative}
        for p, q in pairs:
            a[index[p], index[q]] -= 2
            a[index[q], index[p]] -= 2
        out["pn"] = dict(zip(names, np.linalg.solve(np.eye(n) - a / (2 * n - 2), np.ones(n))))
    return {k: nan_to_none(v) for k, v in out.items()}


def freeman(values, star):
    return sum(max(values) - v for v in values) / star


def graph(g):
    n, u = len(g), undirected_view(g)
    lengths = [d for v, row in nx.all_pairs_shortest_path_length(g) for w, d in row.items() if v != w]
    out = {"actors": n, "ties": g.number_of_edges(), "isolates": sum(1 for v in u if u.degree(v) == 0),
           "weight": g.size(weight="weight"), "density": nx.density(g) if n > 1 else None,
           "transitivity": nx.transitivity(u) if any(u.degree(v) > 1 for v in u) else None,
           "components": nx.number_connected_components(u), "largest_component": len(giant(u)),
           "diameter": max(lengths) if lengths else None, "mean_distance": sum(lengths) / len(lengths) if lengths else None,
           "reachable": len(lengths) / (n * (n - 1)) if n > 1 else None,
           "global_efficiency": sum(1 / d for d in lengths) / (n * (n - 1)) if n > 1 else None}
    if g.is_directed() and g.number_of_edges():
        mutual = sum(1 for a, b in g.edges() if g.has_edge(b, a)) / 2
        out["reciprocity"] = nx.overall_reciprocity(g)
        out["reciprocity_dyadic"] = mutual / (mutual + g.number_of_edges() - 2 * mutual)
    else:
        out["reciprocity"] = out["reciprocity_dyadic"] = None
    if n > 2:
        out["centralization_degree"] = freeman([d for _, d in u.degree()], (n - 1) * (n - 2))
        out["centralization_betweenness"] = freeman(list(nx.betweenness_centrality(u, normalized=True).values()), n - 1)
        connected = nx.is_connected(u)
        out["centralization_closeness"] = (freeman(list(nx.closeness_centrality(u).values()), (n - 1) * (n - 2) / (2 * n - 3))
                                           if connected else None)
    return out


def cuts(g):
    u = undirected_view(g)
    out = {"articulation": {}, "cut_off": {}, "pieces": {}}
    points = set(nx.articulation_points(u))
    for v in u:
        own = nx.node_connected_component(u, v) - {v}
        parts = [len(c) for c in nx.connected_components(u.subgraph(own))]
        out["articulation"][v] = int(v in points)
        out["pieces"][v] = len(parts)
        out["cut_off"][v] = sum(parts) - max(parts) if parts else 0
    bridges = []
    for a, b in nx.bridges(u):
        a, b = sorted((a, b))
        rest = u.copy()
        rest.remove_edge(a, b)
        bridges.append([a, b, len(nx.node_connected_component(rest, a)), len(nx.node_connected_component(rest, b))])
    return out, sorted(bridges)


def rounded(value):
    """Twelve digits: more than the comparison asks for, and half the file."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    return value


def main():
    rng = random.Random(20140701)
    cases = []
    for index in range(40):
        g, kind, negative = make(rng, index)
        articulation, bridges = cuts(g)
        cases.append({"id": index, "directed": g.is_directed(), "kind": kind, "nodes": sorted(g),
                      "edges": [[a, b, w] for a, b, w in g.edges(data="weight")], "negative": negative,
                      "graph": graph(g), "centrality": centrality(g, negative), "cuts": articulation, "bridges": bridges})
    rows = ",\n".join(json.dumps(rounded(case), separators=(",", ":")) for case in cases)
    sys.stdout.write(f'{{"networkx": "{nx.__version__}", "cases": [\n{rows}\n]}}\n')


if __name__ == "__main__":
    main()
