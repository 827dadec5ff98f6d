#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes agreement_statsmodels.json: random chronicles, who told of whom counted pair by pair, and kappa by statsmodels.

    agreement_statsmodels.py > agreement_statsmodels.json

Of two accounts that cannot be told apart, kappa is Fleiss' with two raters (statsmodels); its standard error, which no package at
hand gives, is taken here from the derivatives of kappa by the shares of the three outcomes (delta method), not from the closed form.
"""
import collections
import itertools
import math
import random

import numpy as np
import statsmodels
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

import expected_tables
import random_chronicles
from random_chronicles import MEETING, OBJECTION

Z = 1.959963984540054


def pairs_of(event, directed):
    if event.kind == OBJECTION:
        return []
    if event.kind == MEETING:
        there = [part.actor for part in event.of("present") if part.actor]
        return itertools.permutations(there, 2) if directed else itertools.combinations(sorted(there), 2)
    arcs = [(a.actor, b.actor) for a in event.of("from") for b in event.of("to") if a.actor and b.actor]
    return arcs if directed else [tuple(sorted(arc)) for arc in arcs]


def told(events, directed):
    """{pair: [told by the first, by the second, by both]}; and how many interactions nobody here told of."""
    pairs, nobody = collections.defaultdict(lambda: [0, 0, 0]), 0
    for event in events:
        tied = list(pairs_of(event, directed))
        nobody += bool(tied) and not any(event.reporters)
        for a, b in tied:
            said = [a in event.reporters, b in event.reporters]
            for place, yes in enumerate(said + [all(said)]):
                pairs[a, b][place] += yes
    return pairs, nobody


def square(table):
    """[both, first, second, neither] of accounts of pairs."""
    cells = [0, 0, 0, 0]
    for first, second, _ in table:
        cells[0 if first and second else 1 if first else 2 if second else 3] += 1
    return cells


def cohen(cells):
    """kappa and its standard error; None where one answer was given throughout."""
    both, first, second, neither = cells
    one_answer = both == sum(cells) or neither == sum(cells)
    if not sum(cells) or one_answer:
        return None, None
    result = cohens_kappa([[both, first], [second, neither]])
    return result.kappa, math.sqrt(max(0, result.var_kappa))     # which may be 0 but for rounding


def scott(shares):
    both, one, _ = shares
    p = both + one / 2
    return 1 - one / (2 * p * (1 - p))


def fleiss(cells):
    both, one, neither = cells[0], cells[1] + cells[2], cells[3]
    total = both + one + neither
    if not total or both == total or neither == total:
        return None, None
    kappa = fleiss_kappa(np.array([[2, 0]] * both + [[1, 1]] * one + [[0, 2]] * neither))
    shares, step = np.array([both, one, neither]) / total, 1e-6
    slopes = np.array([(scott(shares + step * e) - scott(shares - step * e)) / (2 * step) for e in np.eye(3)])
    variance = ((shares * slopes ** 2).sum() - (shares * slopes).sum() ** 2) / total
    return kappa, math.sqrt(max(0, variance))


def ratio(part, whole):
    return part / whole if whole else None


def tables(nodes, rows, directed):
    events, _ = random_chronicles.read(nodes, rows)
    pairs, nobody = told(events, directed)
    heard = [name for name, _, silent in nodes if not silent]
    measure = cohen if directed else fleiss
    everybody = (itertools.permutations if directed else itertools.combinations)(heard, 2)
    accounts = {pair: pairs.get(pair, [0, 0, 0]) for pair in everybody}
    actors = {}
    for name, _, silent in nodes:
        own = [[one, other, both] if pair[0] == name else [other, one, both]
               for pair, (one, other, both) in accounts.items() if name in pair]
        cells = square(own)
        both, mine, theirs, neither = cells
        actors[name,] = {
            "pairs": sum(cells), "pairs_both": both, "pairs_own_only": mine, "pairs_other_only": theirs, "pairs_neither": neither,
            "agreement": ratio(both + neither, sum(cells)), "agreement_told": ratio(both, both + mine + theirs),
            "kappa": cohen(cells)[0], "over_reporting": ratio(mine, both + mine), "under_reporting": ratio(theirs, both + theirs),
            "told_own": sum(o[0] for o in own), "told_other": sum(o[1] for o in own), "told_both": sum(o[2] for o in own)}
    cells = square(accounts.values())
    both, total, one = cells[0], sum(cells), cells[1] + cells[2]
    kappa, se = measure(cells)
    without = [measure(square(a for pair, a in accounts.items() if name not in pair))[0] for name in heard]
    without = [k for k in without if k is not None]
    spread = sum((k - np.mean(without)) ** 2 for k in without)
    n, agree = len(without), ratio(cells[0] + cells[3], total)
    first, second = (ratio(cells[0] + cells[1], total), ratio(cells[0] + cells[2], total))
    if not directed and total:
        first = second = (first + second) / 2
    whole = {
        "pairs": total, "pairs_both": both, "pairs_one": one, "pairs_neither": cells[3], "agreement": agree,
        "agreement_expected": first * second + (1 - first) * (1 - second) if total else None, "agreement_told": ratio(both, both + one),
        "kappa": kappa, "kappa_se": se, "kappa_low": None if se is None else max(-1, kappa - Z * se),
        "kappa_high": None if se is None else min(1, kappa + Z * se),
        "kappa_se_actors": math.sqrt((n - 2) / (2 * n) * spread) if n > 2 and kappa is not None else None,
        "told_one_or_both": sum(a + b - c for a, b, c in accounts.values()), "told_both": sum(c for _, _, c in accounts.values()),
        "told_by_others": nobody}
    apart = {pair: {"told_a": a, "told_b": b, "told_both": c, "difference": a - b} for pair, (a, b, c) in accounts.items() if a != b}
    return {"agreement": expected_tables.table(["actor"], actors), "agreement_network": expected_tables.table([], {(): whole}),
            "disagreements": expected_tables.table(["actor_a", "actor_b"], apart)}


def main():
    rng, cases = random.Random(1960), []
    for index in range(24):
        directed = index % 2 == 1
        nodes, rows = random_chronicles.make(rng, [1, 2, 3, 4, 6, 8][index // 4], [0, 4, 12, 40][index // 2 % 4])
        cases.append({"family": "agreement", "given": {"edges": [], "nodes": nodes, "chronicle": rows, "directed": directed},
                      "tables": tables(nodes, rows, directed)})
    expected_tables.write(f"statsmodels {statsmodels.__version__}, NumPy {np.__version__}", cases)


main()
