#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Required coordination against contact, from the definitions: matrices multiplied out, every permutation of the owners."""
import itertools
import random
import sys

from probe import Probe

SAME = 1e-9
KINDS = ["goal", "instrument", "target_group"]


def draw(rng):
    names = [f"n{i}" for i in range(rng.randint(3, 6))]
    sectors = {v: rng.choice("xyz") for v in names}
    edges = {pair: round(rng.uniform(0.1, 9), 3) for pair in itertools.combinations(names, 2) if rng.random() < 0.6}
    kinds = sorted(rng.choice(KINDS) for _ in range(rng.randint(4, 9)))
    share, weight = {}, {}
    for item, kind in enumerate(kinds):
        for v in names:
            if rng.random() < 0.35:
                share[v, item] = round(rng.uniform(0.1, 1), 3)
        for aim, other in enumerate(kinds):
            if kind == "instrument" and other != "instrument" and rng.random() < 0.4:
                weight[item, aim] = round(rng.uniform(0.1, 3), 3)
    return names, sectors, edges, kinds, share, weight


def requirement(a, b, kinds, share, weight, sharing):
    def gives(item, aim):
        return 1.0 if item == aim and kinds[item] != "instrument" else weight.get((item, aim), 0.0)
    total = 0.0
    items = range(len(kinds))
    for i, j in itertools.product(items, items):
        if (a, i) in share and (b, j) in share:
            td = 1.0 if i == j else 0.0 if sharing else sum(gives(i, aim) * gives(j, aim) for aim in items)
            total += share[a, i] * td * share[b, j]
    return total


def moments(values):
    mean = sum(values) / len(values)
    return mean, (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5


def check(probe, rng, index):
    names, sectors, edges, kinds, share, weight = draw(rng)
    sharing, enough = rng.random() < 0.3, rng.choice([0, 0, 0.5, 1])
    need = [(kind, f"k{i}") for i, kind in enumerate(kinds)]
    need += [("owner", i, v, s) for (v, i), s in share.items()] + [("link", i, aim, w) for (i, aim), w in weight.items()]
    options = (["dependency=sharing"] if sharing else []) + ([f"enough={enough}"] if enough else [])
    tables = probe.run("need", [(a, b, w) for (a, b), w in edges.items()], nodes=list(sectors.items()), need=need, complete=True,
                       options=" ".join(options))["tables"]

    owners = sorted({v for v, _ in share})
    strength = {v: sum(w for e, w in edges.items() if v in e) for v in names}
    total = sum(strength.values())
    cr, ratio, met = {}, {}, {}
    for a, b in itertools.combinations(owners, 2):
        cr[a, b] = requirement(a, b, kinds, share, weight, sharing)
        suggested = strength[a] * strength[b] / total if total else 0
        ratio[a, b] = edges.get((a, b), 0) / suggested if suggested else 0
        met[a, b] = edges.get((a, b), 0) > 0 and ratio[a, b] >= enough
    needed = [p for p in cr if cr[p] > SAME]

    found = {(a, b): i for i, (a, b) in enumerate(zip(tables["need"]["actor_a"], tables["need"]["actor_b"]))}
    probe.compared += 1
    if sorted(found) != sorted(cr):
        probe.wrong.append(f"register {index}: pairs {sorted(found)}, expected {sorted(cr)}")
        return
    for pair, row in found.items():
        probe.value(f"register {index} {pair} requirement", tables["need"]["requirement"][row], cr[pair], SAME)
        wanted = ("needed_done" if met[pair] else "needed_missing") if pair in needed else \
            "done_not_needed" if met[pair] else "neither"
        probe.compared += 1
        if tables["need"]["list"][row] != wanted:
            probe.wrong.append(f"register {index} {pair}: {tables['need']['list'][row]}, expected {wanted}")

    def given(order, pair):
        return tuple(sorted((order[pair[0]], order[pair[1]])))
    cells = sorted({tuple(sorted((sectors[a], sectors[b]))) for a, b in needed})
    orders = [dict(zip(owners, p)) for p in itertools.permutations(owners)]

    def statistics(order):
        done = [p for p in needed if met[given(order, p)]]
        values = [len(done) / len(needed), sum(cr[p] for p in done) / sum(cr[p] for p in needed)]
        for cell in cells:
            inside = [p for p in needed if tuple(sorted((sectors[p[0]], sectors[p[1]]))) == cell]
            values.append(sum(cr[p] * ratio[given(order, p)] for p in inside) / sum(cr[p] for p in inside))
        return values
    whole = tables["congruence"]
    if not needed:
        probe.value(f"register {index} congruence", whole["congruence"][0], None, SAME)
        return
    observed, null = statistics(dict(zip(owners, owners))), list(zip(*map(statistics, orders)))
    for place, name, mean_name in ((0, "congruence", "congruence_expected"), (1, "weighted", "weighted_expected")):
        mean, sd = moments(null[place])
        probe.value(f"register {index} {name}", whole[name][0], observed[place], SAME)
        probe.value(f"register {index} {mean_name}", whole[mean_name][0], mean, SAME)
        low = 100 * sum(v <= observed[place] + SAME for v in null[place]) / len(orders) if sd > 1e-9 else None
        probe.value(f"register {index} {name} percentile", whole[f"{name}_percentile"][0], low, 1e-6)
    table = tables["sectors"]
    for place, (a, b) in enumerate(zip(table["sector_a"], table["sector_b"])):
        at = 2 + cells.index((a, b))
        mean, sd = moments(null[at])
        probe.value(f"register {index} {a}-{b} contact", table["contact"][place], observed[at], SAME)
        probe.value(f"register {index} {a}-{b} expected", table["contact_expected"][place], mean, SAME)
        if sd > 1e-9:
            probe.value(f"register {index} {a}-{b} z", table["z"][place], (observed[at] - mean) / sd, 1e-6)


def main():
    probe = Probe(sys.argv[1])
    rng = random.Random(2006)
    for index in range(60):
        check(probe, rng, index)
    probe.finish()


main()
