#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sector mixing, E-I index and single links against the definitions written out: every permutation of the labels of small networks."""
import itertools
import random
import sys

from probe import Probe

SAME = 1e-9


def cells_of(sectors, directed):
    names = sorted(set(sectors))
    return list(itertools.product(names, names)) if directed else list(itertools.combinations_with_replacement(names, 2))


def mix(edges, label, cells, directed):
    out = dict.fromkeys(cells, 0.0)
    for a, b, w in edges:
        pair = (label[a], label[b]) if directed else tuple(sorted((label[a], label[b])))
        out[pair] += w
    return out


def expected(edges, label, cells, directed):
    """Pair by pair: what actor i and actor j have between them when each keeps its strength."""
    total = sum(w for _, _, w in edges)
    send, get = dict.fromkeys(label, 0.0), dict.fromkeys(label, 0.0)
    for a, b, w in edges:
        send[a] += w
        get[b] += w
    out = dict.fromkeys(cells, 0.0)
    if not directed:
        strength = {v: send[v] + get[v] for v in label}
        for i, j in itertools.combinations(label, 2):
            out[tuple(sorted((label[i], label[j])))] += strength[i] * strength[j] / (2 * total)
    else:
        for i, j in itertools.permutations(label, 2):
            out[(label[i], label[j])] += send[i] * get[j] / total
    return out


def null(values, observed):
    n = len(values)
    mean = sum(values) / n
    sd = (sum((v - mean) ** 2 for v in values) / n) ** 0.5
    if sd <= 1e-9 * max(abs(mean), abs(observed)):
        return {"mean": mean, "sd": 0.0, "z": None, "low": None, "p": None}
    slack = [SAME * max(abs(v), abs(observed)) for v in values]
    low = sum(v <= observed + s for v, s in zip(values, slack)) / n
    high = sum(v >= observed - s for v, s in zip(values, slack)) / n
    return {"mean": mean, "sd": sd, "z": (observed - mean) / sd, "low": low, "p": min(1, 2 * min(low, high))}


def adjusted(ps):
    """Benjamini-Hochberg by its definition: the smallest p(j) m / j over the j at or above."""
    known = sorted(p for p in ps if p is not None)
    return [None if p is None else min(1, min(q * len(known) / (j + 1) for j, q in enumerate(known) if q >= p)) for p in ps]


def ratio(a, b):
    return a / b if b > 0 else None


def check(probe, rng, index):
    n, directed = rng.choice([4, 5, 6]), index % 2 == 1
    names = [f"v{i}" for i in range(n)]
    label = {v: rng.choice("xyz"[:rng.choice([2, 3])]) for v in names}
    pairs = list(itertools.permutations(names, 2)) if directed else list(itertools.combinations(names, 2))
    edges = [(a, b, rng.choice([0.5, 1, 2, 3.25])) for a, b in pairs if rng.random() < 0.5]
    if not edges:
        return
    cells = cells_of(label.values(), directed)
    tables = probe.run("gaps", edges, nodes=list(label.items()), directed=directed)["tables"]
    observed, model = mix(edges, label, cells, directed), expected(edges, label, cells, directed)
    drawn, ratios, across = {c: [] for c in cells}, {c: [] for c in cells}, []
    undirected = {tuple(sorted((a, b))) for a, b, _ in edges}

    def crossing(labels):
        return sum(labels[a] != labels[b] for a, b in undirected)

    def shares(weights, model):
        return {c: weights[c] / model[c] if model[c] > 1e-12 else 1.0 for c in cells}

    for order in itertools.permutations(label.values()):
        other = dict(zip(names, order))
        weights = mix(edges, other, cells, directed)
        share = shares(weights, expected(edges, other, cells, directed))
        for c in cells:
            drawn[c].append(weights[c])
            ratios[c].append(share[c])
        across.append(crossing(other))
    by_weight = {c: null(drawn[c], observed[c]) for c in cells}
    own = shares(observed, model)
    by_ratio = {c: null(ratios[c], own[c]) for c in cells}
    q = dict(zip(cells, adjusted([by_weight[c]["p"] for c in cells])))
    q_ratio = dict(zip(cells, adjusted([by_ratio[c]["p"] for c in cells])))
    size = {s: list(label.values()).count(s) for s in label.values()}
    gaps = tables["gaps"]
    rows = {pair: row for row, pair in enumerate(zip(gaps["sector_a"], gaps["sector_b"]))}
    if sorted(rows) != sorted(cells):
        probe.wrong.append(f"network {index}: rows {sorted(rows)}")
        return
    for c in cells:
        possible = c[0] != c[1] or size[c[0]] > 1
        w, r = by_weight[c], by_ratio[c]
        values = {"observed": observed[c], "expected_configuration": model[c], "ratio_configuration": ratio(observed[c], model[c]),
                  "expected_permutation": w["mean"], "sd_permutation": w["sd"], "ratio_permutation": ratio(observed[c], w["mean"])}
        values = {k: v if possible else None for k, v in values.items()}
        values |= {"z": w["z"], "p_low": w["low"], "p": w["p"], "q": q[c], "z_configuration": r["z"], "p_configuration": r["p"],
                   "q_configuration": q_ratio[c]}
        for column, value in values.items():
            probe.value(f"network {index} {c} {column}", gaps[column][rows[c]], value, SAME)

    ties, crossed = len(undirected), crossing(label)
    room = sum(k * (k - 1) // 2 for k in size.values())
    least, most = max(0, ties - room), min(ties, n * (n - 1) // 2 - room)
    cross = null(across, crossed)
    ei = {"ei": (2 * crossed - ties) / ties, "ei_expected": 2 * cross["mean"] / ties - 1, "ei_sd": 2 * cross["sd"] / ties, "ei_z": cross["z"],
          "ei_p": cross["p"], "ei_rescaled": 2 * (crossed - least) / (most - least) - 1 if most > least else None}
    for column, value in ei.items():
        probe.value(f"network {index} {column}", tables["ei"][column][0], value, SAME)

    carried = []
    for a, b in itertools.combinations(sorted(set(label.values())), 2):
        between = [e for e in undirected if {label[e[0]], label[e[1]]} == {a, b}]
        carried += [[a, b, v, len(between)] for v in names if between and all(v in e for e in between)]
    singles = tables["single_links"]
    got = [list(row) for row in zip(singles["sector_a"], singles["sector_b"], singles["actor"], singles["ties"])]
    probe.compared += 1
    if got != carried:
        probe.wrong.append(f"network {index} single links: got {got}, expected {carried}")


def main():
    probe = Probe(sys.argv[1])
    rng = random.Random(1988)
    for index in range(60):
        check(probe, rng, index)
    probe.finish()


main()
