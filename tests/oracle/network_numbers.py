# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers of a network given as a NumPy matrix (NaN = unknown), by NetworkX, and how far replicates of them reach."""
import math

import networkx as nx
import numpy as np

import networkx_graphs
import splitmix

OF_NETWORK = ["isolates", "ties", "weight", "density", "reciprocity", "reciprocity_dyadic", "transitivity", "components", "largest_component",
              "diameter", "mean_distance", "reachable", "global_efficiency", "centralization_degree", "centralization_closeness",
              "centralization_betweenness"]
# Without prestige, which the iterations of either side may end for in different ways on networks as small as these.
OF_ACTORS = ["degree", "degree_in", "degree_out", "strength", "strength_in", "strength_out", "betweenness", "closeness", "closeness_in",
             "harmonic", "coreness", "clustering", "clustering_w", "constraint", "effective_size"]


def graph_of(matrix, directed):
    g = nx.DiGraph() if directed else nx.Graph()
    g.add_nodes_from(range(len(matrix)))
    for i in range(len(matrix)):
        for j in range(0 if directed else i + 1, len(matrix)):
            if i != j and matrix[i, j] > 0:
                g.add_edge(i, j, weight=float(matrix[i, j]))
    return g


def number(value):
    return math.nan if value is None else float(value)


def of_network(matrix, directed):
    if not len(matrix):
        return {name: math.nan for name in OF_NETWORK}
    values = networkx_graphs.graph(graph_of(matrix, directed))
    return {name: number(values.get(name)) for name in OF_NETWORK}


def of_actors(matrix, directed):
    """By measure, a list by position; distances in steps."""
    g, n = graph_of(matrix, directed), len(matrix)
    u = networkx_graphs.undirected_view(g)
    closeness, closeness_in, harmonic = networkx_graphs.distances(g, None, n)
    values = {"degree": dict(u.degree()), "strength": dict(g.degree(weight="weight")),
              "betweenness": nx.betweenness_centrality(g, normalized=False), "closeness": closeness, "harmonic": harmonic,
              "coreness": nx.core_number(u), "clustering": {v: c if u.degree(v) > 1 else None for v, c in nx.clustering(u).items()},
              "clustering_w": {v: networkx_graphs.barrat(u, v) for v in u}, "constraint": nx.constraint(u, weight="weight"),
              "effective_size": nx.effective_size(u, weight="weight")}
    if directed:
        values.update(degree_in=dict(g.in_degree()), degree_out=dict(g.out_degree()), closeness_in=closeness_in,
                      strength_in=dict(g.in_degree(weight="weight")), strength_out=dict(g.out_degree(weight="weight")))
    return {name: [number(values[name][v]) for v in range(n)] for name in OF_ACTORS if name in values}


def drawn(matrix, actors, between, directed):
    """The matrix of a bootstrap replicate."""
    sample = matrix[np.ix_(actors, actors)].copy()
    np.fill_diagonal(sample, 0)
    for (i, j), pair in between.items():
        there, back = (matrix[pair], matrix[pair[::-1]] if directed else matrix[pair]) if pair else (0, 0)
        sample[i, j], sample[j, i] = there, back
    return sample


def replicate(matrix, directed, fill, seed, index):
    actors, between = splitmix.bootstrap(splitmix.Stream(seed, index), len(matrix), fill)
    return actors, drawn(matrix, actors, between, directed)


def interval(values):
    known = np.array([v for v in values if not math.isnan(v)])
    if not len(known):
        return {"bootstrap_mean": None, "bootstrap_se": None, "bootstrap_low": None, "bootstrap_high": None, "bootstrap_count": 0}
    low, high = np.percentile(known, [2.5, 97.5])
    return {"bootstrap_mean": known.mean(), "bootstrap_se": known.std(ddof=1) if len(known) > 1 else None, "bootstrap_low": low,
            "bootstrap_high": high, "bootstrap_count": len(known)}
