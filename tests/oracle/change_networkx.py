#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes change_networkx.json: pairs of random networks, what became of their ties, p by walking every way to swap the two values of a
pair (or the same random ones), and the paired vertex bootstrap, with the numbers of each network by NetworkX.

    change_networkx.py > change_networkx.json
"""
import itertools
import math
import random

import networkx as nx
import numpy as np

import expected_tables
import splitmix
from network_numbers import OF_ACTORS, drawn, interval, of_actors, of_network

SEED, SWAPS, REPLICATES, EXACT = 7, 60, 25, 12
SWAP_SEED = int.from_bytes(b"swap", "big")
SAME = 1e-9


def difference(before, after):
    return 0.0 if abs(after - before) <= SAME * max(abs(before), abs(after)) else after - before


def ei(matrix, sectors):
    """Share of ties across sectors less that within them; missing without a tie between actors who have sectors."""
    tied = (matrix > 0) | (matrix.T > 0)
    pairs = [sectors[i] == sectors[j] for i, j in itertools.combinations(range(len(matrix)), 2) if tied[i, j] and sectors[i] and sectors[j]]
    return math.nan if not pairs else 1 - 2 * sum(pairs) / len(pairs)


def numbers(matrix, sectors, directed):
    return {**of_network(matrix, directed), "ei": ei(matrix, sectors)}


def differences(before, after, sectors, directed):
    one, two = numbers(before, sectors, directed), numbers(after, sectors, directed)
    return {name: difference(one[name], two[name]) for name in one}


def swaps(before, after):
    """(exact, list of pairs of matrices)."""
    n = len(before)
    apart = [(i, j) for i, j in itertools.combinations(range(n), 2) if before[i, j] != after[i, j] or before[j, i] != after[j, i]]
    exact = len(apart) <= EXACT
    ways = list(itertools.product([0, 1], repeat=len(apart))) if exact else []
    for s in range(0 if exact else SWAPS):
        stream, bits = splitmix.Stream(SEED ^ SWAP_SEED, s), []
        while len(bits) < len(apart):
            word = stream.word()
            bits += [word >> b & 1 for b in range(64)]
        ways.append(bits)
    found = []
    for way in ways:
        one, two = before.copy(), after.copy()
        for (i, j), turned in zip(apart, way):
            if turned:
                for cell in ((i, j), (j, i)):
                    one[cell], two[cell] = after[cell], before[cell]
        found.append((one, two))
    return exact, found


def change_table(before, after, sectors, directed, fill):
    n, rows = len(before), {}
    exact, ways = swaps(before, after)
    ways = [differences(one, two, sectors, directed) for one, two in ways] if n > 1 else []
    replicates = []
    for index in range(REPLICATES if n > 1 else 0):
        actors, between = splitmix.bootstrap(splitmix.Stream(SEED, index), n, fill)
        replicates.append(differences(*(drawn(m, actors, between, directed) for m in (before, after)), [sectors[a] for a in actors], directed))
    earlier, later = numbers(before, sectors, directed), numbers(after, sectors, directed)
    if not any(sectors):
        del earlier["ei"]
    for name in earlier:
        observed = difference(earlier[name], later[name])
        known = [abs(way[name]) for way in ways if not math.isnan(way[name])]
        far = sum(way >= abs(observed) * (1 - SAME) for way in known)
        p = math.nan if math.isnan(observed) or not known else far / len(known) if exact else (far + 1) / (len(known) + 1)
        rows[name,] = {"earlier": earlier[name], "later": later[name], "difference": observed, "p": p, "swaps": len(known),
                       **interval([way[name] for way in replicates])}
    return rows


def turnover(cells):
    """Of (before, after), NaN where either is unknown."""
    known = [(b, a) for b, a in cells if not math.isnan(b) and not math.isnan(a)]
    kept = sum(b > 0 and a > 0 for b, a in known)
    new, lost = sum(a > 0 for _, a in known) - kept, sum(b > 0 for b, _ in known) - kept
    one, two = sum(b for b, _ in known), sum(a for _, a in known)
    return {"kept": kept, "new": new, "lost": lost, "jaccard": kept / (kept + new + lost) if kept + new + lost else None,
            "dyads_unknown": len(cells) - len(known), "weight_earlier": one, "weight_later": two, "weight_change": two - one}


def turnover_tables(before, after, names, sectors, directed):
    pairs = list((itertools.permutations if directed else itertools.combinations)(range(len(names)), 2))
    of = lambda wanted: turnover([(before[p], after[p]) for p in pairs if wanted(*p)])
    known = sorted({s for s in sectors if s})
    between = {}
    for a, b in itertools.product(known, repeat=2) if directed else itertools.combinations_with_replacement(known, 2):
        between[a, b] = of(lambda i, j: (sectors[i], sectors[j]) == (a, b) or (not directed and (sectors[j], sectors[i]) == (a, b)))
    return {"turnover": expected_tables.table([], {(): of(lambda i, j: True)}),
            "turnover_actors": expected_tables.table(["actor"], {(v,): of(lambda i, j, v=v: v in (names[i], names[j])) for v in names}),
            "turnover_sectors": expected_tables.table(["sector_a", "sector_b"], between)}


def ranks(values):
    return [None if math.isnan(v) else 1 + sum(w > v and difference(w, v) != 0 for w in values if not math.isnan(w)) for v in values]


POSITIONS = [m for m in OF_ACTORS if m.partition("_")[0] in ("degree", "strength", "betweenness", "harmonic")]


def random_matrix(rng, n, directed, density):
    matrix = np.zeros((n, n))
    for i, j in itertools.permutations(range(n), 2) if directed else itertools.combinations(range(n), 2):
        if rng.random() < density:
            matrix[i, j] = 2.0 ** rng.randint(-2, 3)
            if not directed:
                matrix[j, i] = matrix[i, j]
    return matrix


def later_of(rng, before, directed, pairs):
    """Some pairs have other values."""
    after, n = before.copy(), len(before)
    for i, j in rng.sample(list(itertools.combinations(range(n), 2)), min(pairs, n * (n - 1) // 2)):
        for cell in ((i, j), (j, i)) if directed else ((i, j),):
            after[cell] = rng.choice([0, 0, 1, 4])
        if not directed:
            after[j, i] = after[i, j]
    return after


def edges_of(matrix, names, directed):
    n = len(names)
    return [(names[i], names[j], float(matrix[i, j])) for i in range(n) for j in range(0 if directed else i + 1, n) if matrix[i, j] > 0]


def main():
    rng, cases = random.Random(2005), []
    for index in range(12):
        n, directed, pairs = [1, 2, 4, 6, 8, 9][index % 6], index // 6 == 1, [1, 1, 3, 6, 7, 20][index % 6]
        names = [f"n{i:02d}" for i in range(n)]
        sectors = [rng.choice(["x", "y", "z", ""]) if index % 4 != 2 else "" for _ in names]
        silent = [rng.random() < 0.3 and index % 3 == 0 for _ in names]
        before = random_matrix(rng, n, directed, 0.4)
        after = later_of(rng, before, directed, pairs)
        given = {"edges": edges_of(after, names, directed), "earlier": edges_of(before, names, directed), "directed": directed, "unit": True,
                 "nodes": [(v, s, "silent" if quiet else "") for v, s, quiet in zip(names, sectors, silent)], "seed": SEED}
        fill = ["random", "zero"][index % 2]
        given["options"] = f"permutations={SWAPS} replicates={REPLICATES} fill={fill}"
        for i, j in itertools.permutations(range(n), 2):          # nobody would have told, and nothing was told of one of the periods
            if silent[i] and silent[j] and not (before[i, j] > 0 and after[i, j] > 0):
                before[i, j] = after[i, j] = math.nan
        tables = turnover_tables(before, after, names, sectors, directed)
        before, after = np.nan_to_num(before), np.nan_to_num(after)
        tables["change"] = expected_tables.table(["measure"], change_table(before, after, sectors, directed, fill))
        one, two, positions = of_actors(before, directed), of_actors(after, directed), {}
        cases.append({"family": "change", "given": given, "tables": tables})
        for measure in POSITIONS:
            if measure not in one:
                continue
            for v, b, a, rank_b, rank_a in zip(names, one[measure], two[measure], ranks(one[measure]), ranks(two[measure])):
                positions[measure, v] = {"before": b, "after": a, "change": difference(b, a), "rank_before": rank_b, "rank_after": rank_a,
                                         "rank_change": None if rank_a is None or rank_b is None else rank_b - rank_a}
        tables["positions"] = expected_tables.table(["measure", "actor"], positions, partial=True)
    expected_tables.write(f"NetworkX {nx.__version__}, NumPy {np.__version__}", cases)


main()
