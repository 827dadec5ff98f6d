#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key players, cuts and blocks of random networks against the committed values of NetworkX (structure_networkx.json, made by
structure_networkx.py); what-if against the plain families on edge lists changed here."""
import itertools
import json
import pathlib
import sys

from probe import Probe

TOLERANCE = 1e-9


def parts(nodes, edges, gone=()):
    """The component of every node that is not gone."""
    component = {v: v for v in nodes if v not in gone}

    def root(v):
        while component[v] != v:
            v = component[v]
        return v
    for a, b, *_ in edges:
        if a in component and b in component:
            component[root(a)] = root(b)
    return {v: root(v) for v in component}


def rows_of(table, *columns):
    return [list(row) for row in zip(*(table[c] for c in columns))]


def check_same(probe, where, got, expected):
    probe.compared += 1
    if got != expected:
        probe.wrong.append(f"{where}: got {got}, expected {expected}")


def check_sets(probe, where, case, table):
    rows = [dict(zip(table, row)) for row in zip(*table.values())]
    for size, found in case["sets"].items():
        for measure, (value, count, first) in found.items():
            own = [r for r in rows if r["measure"] == measure and r["size"] == int(size)]
            name = f"{where} {measure} of {size}"
            check_same(probe, name, [r["actors"] for r in own], first)
            for row in own:
                probe.value(name, row["value"], value, 1e-12)
                probe.value(f"{name} equal", row["equal_sets"], count, 0)


def check_separators(probe, where, case, tables):
    """Sizes are NetworkX', members are tried out."""
    nodes, sector = [n for n, _ in case["nodes"]], dict(case["nodes"])
    cut = tables["actor_cut"]["actor"]
    if cut or len(set(parts(nodes, case["edges"]).values())) > 1:
        check_same(probe, f"{where} actor_cut", len(cut), case["whole"]["actor_connectivity"])
        check_same(probe, f"{where} actor_cut parts", len(set(parts(nodes, case["edges"], cut).values())) > 1, True)
    table = tables["separators"]
    check_same(probe, f"{where} separators", rows_of(table, "sector_a", "sector_b", "paths"), case["sectors"])
    for a, b, actors in rows_of(table, "sector_a", "sector_b", "actors"):
        left = parts(nodes, case["edges"], actors.split(", "))
        ends = [{c for v, c in left.items() if sector[v] == s} for s in (a, b)]
        check_same(probe, f"{where} {a} {b} without {actors}", ends[0] & ends[1], set())
    table = tables["actor_separators"]
    check_same(probe, f"{where} pairs", rows_of(table, "from", "to", "paths"), case["pairs"])
    for a, b, actors in rows_of(table, "from", "to", "actors"):
        left = parts(nodes, case["edges"], actors.split(", "))
        check_same(probe, f"{where} {a} {b} without {actors}", left[a] == left[b], False)


def check_cut_sides(probe, where, case, table):
    """Both sides of a cut have the size it says between them."""
    for row, of in enumerate(table["cut"]):
        side = set(table["actors"][row].split(", "))
        crossing = {}
        for a, b, w in case["edges"]:
            if (a in side) != (b in side):
                crossing[frozenset((a, b))] = crossing.get(frozenset((a, b)), 0) + w
        probe.value(f"{where} cut by {of}", table["size"][row], len(crossing) if of == "ties" else sum(crossing.values()), 1e-12)


def changed(edges, nodes, directed, gone, merged, liaison, members, meetings):
    """The edge list after remove, merge, liaison (weight 2) and a committee under the projection of one meeting each."""
    name = {v: "+".join(merged) if v in merged else v for v in nodes if v not in gone}
    weight = {}

    def add(a, b, w):
        key = (a, b) if directed else tuple(sorted((a, b)))
        weight[key] = weight.get(key, 0) + w
    for a, b, w in edges:
        if a in name and b in name and name[a] != name[b]:
            add(name[a], name[b], w)
    for v in liaison:
        for pair in ([(name[v], "liaison"), ("liaison", name[v])] if directed else [(name[v], "liaison")]):
            add(*pair, 2)
    seats = {name[v] for v in members}
    for a, b in itertools.permutations(seats, 2) if directed else itertools.combinations(seats, 2):
        add(a, b, meetings / (len(seats) - 1))
    return [(a, b, w) for (a, b), w in weight.items()], sorted(set(name.values()) | {"liaison"})


def check_what_if(probe, where, case):
    nodes = [n for n, _ in case["nodes"]]
    gone, merged, liaison, members = nodes[:1], nodes[2:4], [nodes[1], nodes[4]], [nodes[3], nodes[5], nodes[7], nodes[1]]
    options = (f"remove={','.join(gone)} merge={'+'.join(merged)} liaison={','.join(liaison)} liaison-weight=2 "
               f"committee={','.join(members)} meetings=5")
    tables = probe.run("whatif", case["edges"], nodes, directed=case["directed"], options=options)["tables"]
    edges, left = changed(case["edges"], nodes, case["directed"], gone, merged, liaison, members, 5)
    for when, (own_edges, own_nodes) in {"before": (case["edges"], nodes), "after": (edges, left)}.items():
        given = {"edges": own_edges, "nodes": own_nodes, "directed": case["directed"]}
        whole = probe.run("graph", **given)["tables"]["graph"]
        for measure, value in rows_of(tables["whatif"], "measure", when):
            if not measure.startswith(("self_", "interactions")):
                probe.value(f"{where} {measure} {when}", value, whole[measure][0], TOLERANCE)
        central = probe.run("centrality", **given)["tables"]["centrality"]
        cut = probe.run("bottlenecks", **given)["tables"]["bottlenecks"]
        for measure, actor, value, rank in rows_of(tables["actors"], "measure", "actor", when, "rank_" + when):
            table = central if measure in central else cut
            row = table["actor"].index(actor) if actor in table["actor"] else None
            expected = None if row is None else table[measure][row]
            probe.value(f"{where} {measure} of {actor} {when}", value, expected, 1e-7)
            better = None if expected is None else 1 + sum(v > expected + 1e-7 * abs(v) for v in table[measure] if v is not None)
            probe.value(f"{where} rank by {measure} of {actor} {when}", rank, better, 0)


def main():
    probe = Probe(sys.argv[1])
    cases = json.loads((pathlib.Path(__file__).parent / "structure_networkx.json").read_text(encoding="utf-8"))["cases"]
    for case in cases:
        where = f"network {case['id']}"
        size = max((int(s) for s in case["sets"]), default=1)
        tables = probe.run("keyplayers", case["edges"], [(n, s) for n, s in case["nodes"]], directed=case["directed"],
                           options=f"set-size={size}")["tables"]
        for column, values in case["actors"].items():
            probe.column(where, tables["keyplayers"], column, values, TOLERANCE)
        for column, value in case["whole"].items():
            probe.value(f"{where} {column}", tables["whole"][column][0], value, TOLERANCE)
        check_sets(probe, where, case, tables["sets"])
        check_same(probe, f"{where} blocks", sorted(tables["blocks"]["actors"]), case["blocks"])
        check_separators(probe, where, case, tables)
        check_cut_sides(probe, where, case, tables["minimum_cuts"])
        if len(case["nodes"]) in (9, 16, 25):
            check_what_if(probe, where, case)
    probe.finish()


main()
