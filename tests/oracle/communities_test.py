#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Communities of random networks: the modularity that is reported is that of the groups that are reported, none is better among all
divisions of up to eight actors, and among more none of NetworkX' (communities_networkx.json, made by communities_networkx.py)."""
import collections
import json
import pathlib
import sys

from probe import Probe

SAME, SMALL = 1e-9, 8


def modularity(edges, group):
    """Newman 2004, as it is defined: share of the weight within groups less that expected from the strengths."""
    within, strength, total = collections.Counter(), collections.Counter(), 0
    for a, b, weight in edges:
        total += weight
        within[group[a]] += weight * (group[a] == group[b])
        strength[group[a]] += weight
        strength[group[b]] += weight
    return sum(within[g] / total - (strength[g] / (2 * total)) ** 2 for g in strength)


def main():
    probe = Probe(sys.argv[1])
    cases = json.loads((pathlib.Path(__file__).parent / "communities_networkx.json").read_text(encoding="utf-8"))["cases"]
    for number, case in enumerate(cases):
        tables = probe.run("communities", case["edges"], nodes=[tuple(n) for n in case["nodes"]], directed=case["directed"],
                           options="permutations=19 runs=50")["tables"]
        whole = {column: values[0] for column, values in tables["partition"].items()}
        group = dict(zip(tables["communities"]["actor"], tables["communities"]["community"]))
        where = f"case {number} of {len(group)} actors:"
        probe.value(f"{where} modularity of the groups", whole["modularity"], modularity(case["edges"], group), SAME)
        probe.value(f"{where} modularity of the sectors", whole["modularity_sectors"], case["sectors"], SAME)
        probe.value(f"{where} communities", whole["communities"], len(set(group.values())), 0)
        if len(group) <= SMALL:
            probe.value(f"{where} the best division", whole["modularity"], case["best"], SAME)
        else:
            probe.compared += 1
            if whole["modularity"] < case["best"] - SAME:
                probe.wrong.append(f"{where} modularity {whole['modularity']}, but {case['best']} is possible")
    probe.finish()


main()
