#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes uncertainty_networkx.json: random chronicles and their networks, each treatment of silence worked out pair by pair, unknown pairs
replaced, vertex bootstrap and jackknife, with the numbers of every one of these networks by NetworkX.

    uncertainty_networkx.py > uncertainty_networkx.json
"""
import itertools
import math
import random

import networkx as nx
import numpy as np

import expected_tables
import random_chronicles
import splitmix
from network_numbers import interval, of_actors, of_network, replicate
from random_chronicles import MEETING, OBJECTION

SEED, REPLICATES, DRAWS, ORDER_MAX = 11, 25, 100, 20
DRAW_SEED = int.from_bytes(b"unknown", "big")
TREATMENTS = ["as_reported", "union", "intersection", "reconstruction"]
EXACT = ["degree", "degree_in", "degree_out", "strength", "strength_in", "strength_out", "closeness", "coreness"]   # the same to the last bit


def contacts(event, directed):
    """(from, to, weight) of an interaction, Newman's projection."""
    if event.kind == OBJECTION:
        return
    if event.kind == MEETING:
        there = event.of("present")
        pairs, weight = (itertools.permutations if directed else itertools.combinations)(there, 2), 1 / max(1, len(there) - 1)
    else:
        pairs, weight = itertools.product(event.of("from"), event.of("to")), 1
    for a, b in pairs:
        if a.actor and b.actor:
            yield a.actor, b.actor, weight


class Accounts:
    """Weights of each pair by who told: anybody, the row's actor, the column's, both."""

    def __init__(self, nodes, rows, directed):
        self.names, self.directed = [node[0] for node in nodes], directed
        self.heard = np.array([node[2] != "silent" for node in nodes])
        n = len(nodes)
        self.any, self.own, self.other, self.both = (np.zeros((n, n)) for _ in range(4))
        for event in random_chronicles.read(nodes, rows)[0]:
            for a, b, weight in contacts(event, directed):
                for one, two in ((a, b),) if directed else ((a, b), (b, a)):
                    cell = self.names.index(one), self.names.index(two)
                    by_one, by_two = one in event.reporters, two in event.reporters
                    self.any[cell] += weight
                    self.own[cell] += weight * by_one
                    self.other[cell] += weight * by_two
                    self.both[cell] += weight * (by_one and by_two)

    def matrix(self, treatment):
        row, column = np.meshgrid(self.heard, self.heard, indexing="ij")
        nobody = ~row & ~column
        if treatment in ("network", "union"):
            cells = np.where(nobody & (self.any == 0), math.nan, self.any)
        elif treatment == "intersection":
            # An end that reported and did not tell of it settles that the two do not agree; one that is silent could have told.
            denied = (row & (self.own == 0)) | (column & (self.other == 0))
            cells = np.where((self.both > 0) | (row & column), self.both, np.where(denied, 0, math.nan))
        else:
            fallback = np.where(column, self.other, math.nan) if treatment == "reconstruction" else math.nan
            cells = np.where(row, self.own, fallback)
            if not self.directed:
                cells = (cells + cells.T) / 2
        np.fill_diagonal(cells, 0)
        return cells


def known_pairs(matrix, directed):
    n = len(matrix)
    cells = [matrix[p] for p in (itertools.permutations if directed else itertools.combinations)(range(n), 2)]
    known = [c for c in cells if not math.isnan(c)]
    return {"pairs_known": len(known), "pairs_unknown": len(cells) - len(known), "ties": sum(c > 0 for c in known)}


def replacements(matrix, directed):
    """(every unknown pair tied with the median weight, networks with unknown pairs drawn from the known ones); None, [] without any."""
    pairs = list(itertools.combinations(range(len(matrix)), 2))
    if not np.isnan(matrix).any():
        return None, []
    weights = [w for i, j in pairs for w in ([matrix[i, j], matrix[j, i]] if directed else [matrix[i, j]]) if w > 0]
    tied = np.where(np.isnan(matrix), np.median(weights) if weights else 1, matrix)
    pool = [(matrix[i, j], matrix[j, i]) for i, j in pairs if not math.isnan(matrix[i, j] + matrix[j, i])]
    drawn = []
    for number in range(DRAWS if pool else 0):
        stream, full = splitmix.Stream(SEED ^ DRAW_SEED, number), matrix.copy()
        for i, j in pairs:
            if math.isnan(matrix[i, j]) or math.isnan(matrix[j, i]):
                there, back = pool[stream.below(len(pool))]
                full[i, j] = there if math.isnan(matrix[i, j]) else matrix[i, j]
                full[j, i] = back if math.isnan(matrix[j, i]) else matrix[j, i]
        drawn.append(full)
    return tied, drawn


def numbers(matrix, directed):
    """{(measure, position)}; of the network the position is None."""
    values = {(name, None): value for name, value in of_network(matrix, directed).items()}
    for name, own in of_actors(matrix, directed).items():
        values.update({(name, v): value for v, value in enumerate(own)})
    return values


def folded(values, actors):
    """Means over the copies of each actor."""
    result = {key: value for key, value in values.items() if key[1] is None}
    for name in {name for name, v in values if v is not None}:
        for actor in range(len(actors)):
            own = [values[name, v] for v, a in enumerate(actors) if a == actor and not math.isnan(values[name, v])]
            result[name, actor] = sum(own) / len(own) if own else math.nan
    return result


def larger(a, b):
    return a > b + 1e-9 * (abs(a) + abs(b))


def ranks(values):
    known = sorted((v for v in values if not math.isnan(v)), reverse=True)
    return [None if math.isnan(v) else 1 + sum(larger(w, v) for w in known) for v in values]


def flips(replicates, measure, a, b):
    both = [(values[measure, a], values[measure, b]) for values in replicates if not math.isnan(values[measure, a] + values[measure, b])]
    return sum(1 if larger(vb, va) else 0 if larger(va, vb) else 0.5 for va, vb in both) / len(both) if both else None


def spread(known):
    low, high = np.percentile(known, [2.5, 97.5]) if known else (None, None)
    return low, high


def sounded(nodes, accounts, fill):
    directed, names = accounts.directed, accounts.names
    n, matrix = len(names), accounts.matrix("network")
    observed = numbers(np.nan_to_num(matrix), directed)
    treated = {t: numbers(accounts.matrix(t), directed) for t in TREATMENTS} if accounts.any.any() else {}
    tied, drawn = replacements(matrix, directed)
    tied = numbers(tied, directed) if tied is not None else None
    drawn = [numbers(full, directed) for full in drawn]
    replicates = []
    for index in range(REPLICATES if n > 1 else 0):
        actors, sample = replicate(matrix, directed, fill, SEED, index)
        replicates.append(folded(numbers(sample, directed), actors))
    without = [of_network(np.delete(np.delete(matrix, v, 0), v, 1), directed) for v in range(n)]
    others = list(treated.values()) + ([tied] if tied else []) + drawn

    def row(key):
        line = {"value": observed[key], **interval([values[key] for values in replicates])}
        line.update({t: treated[t][key] if treated else None for t in TREATMENTS})
        line["unknown_tied"] = tied[key] if tied else None
        line["unknown_low"], line["unknown_high"] = spread([v[key] for v in drawn if not math.isnan(v[key])])
        reach = [v for v in [observed[key]] + [values[key] for values in others] if not math.isnan(v)]
        line["missing_low"], line["missing_high"] = (min(reach), max(reach)) if others and reach else (None, None)
        return line

    of_all, ranking, flagged, order = {}, {}, {}, {}
    for measure in sorted({name for name, v in observed if v is not None}):
        own = [observed[measure, v] for v in range(n)]
        place = ranks(own)
        other = [ranks([values[measure, v] for v in range(n)]) for values in others]
        ranked = sorted((v for v in range(n) if place[v]), key=lambda v: (-own[v], v))
        turned = {(a, b): flips(replicates, measure, a, b) for a, b in zip(ranked, ranked[1:])}
        for v, name in enumerate(names):
            of_all[measure, name] = row((measure, v))
            reach = [r[v] for r in [place] + other if r[v]]
            beside = [f for pair, f in turned.items() if v in pair and f is not None]
            moved = place[v] and (min(reach) < place[v] or max(reach) > place[v])
            ranking[measure, name] = {"rank": place[v], "rank_best": min(reach) if reach else None, "rank_worst": max(reach) if reach else None}
            if measure in EXACT:             # elsewhere equal values may stand in another order for the last bit of them
                flagged[measure, name] = {"flips": max(beside) if beside else None, "flagged": int(bool(moved or (beside and max(beside) > 0.05))) if place[v] else None}
        for number, ((a, b), share) in enumerate(list(turned.items())[:ORDER_MAX] if measure in EXACT else []):
            order[measure, names[a], names[b]] = {
                "place": number + 1, "value_a": own[a], "value_b": own[b], "flips": share,
                "treatments_flipped": sum(larger(t[measure, b], t[measure, a]) for t in treated.values()) if treated else None}
    whole = {}
    for measure in sorted({name for name, v in observed if v is None}):
        whole[measure,] = row((measure, None))
        left = [values[measure] for values in without if not math.isnan(values[measure])]
        squares = sum((v - np.mean(left)) ** 2 for v in left)
        known = len(left) > 2 and not math.isnan(observed[measure, None])
        whole[measure,]["jackknife_se"] = math.sqrt((len(left) - 2) / (2 * len(left)) * squares) if known else None
    known = {(t.replace("_", "-"),): known_pairs(accounts.matrix(t), directed) for t in ["network"] + (TREATMENTS if treated else [])}
    part = lambda keys, rows: expected_tables.table(keys, rows, partial=True)
    return {"uncertainty": [part(["measure", "actor"], of_all), part(["measure", "actor"], ranking), part(["measure", "actor"], flagged)],
            "order": [part(["measure", "actor_a", "actor_b"], order)], "uncertainty_network": [part(["measure"], whole)],
            "treatments": [expected_tables.table(["treatment"], known)]}


def main():
    rng, cases = random.Random(1999), []
    for index in range(12):
        n, directed, fill = [1, 2, 4, 5, 7, 8][index % 6], index // 6 == 1, ["random", "zero"][index // 2 % 2]
        nodes, rows = random_chronicles.make(rng, n, 3 * n)
        if n > 2:
            nodes[1:3] = [(name, sector, "silent") for name, sector, _ in nodes[1:3]]
            rows = [row for row in rows if row[0] != "reporter" or row[1] not in (nodes[1][0], nodes[2][0])]
        accounts = Accounts(nodes, rows, directed)
        pairs = (itertools.permutations if directed else itertools.combinations)(range(n), 2)
        edges = [(accounts.names[i], accounts.names[j], float(accounts.any[i, j])) for i, j in pairs if accounts.any[i, j] > 0]
        tables = sounded(nodes, accounts, fill)
        cases.append({"family": "uncertainty", "tables": tables,
                      "given": {"edges": edges, "nodes": nodes, "chronicle": rows, "directed": directed, "unit": True, "seed": SEED,
                                "options": f"replicates={REPLICATES} fill={fill}"}})
    expected_tables.write(f"NetworkX {nx.__version__}, NumPy {np.__version__}", cases)


main()
