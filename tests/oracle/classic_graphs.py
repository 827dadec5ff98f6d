# SPDX-License-Identifier: GPL-3.0-or-later
"""The small graphs of the literature in ../shared/data/classic-graphs, and a year of events made of their ties."""
import csv


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NAMES = ["karate", "florentine_marriage", "florentine_business", "kite", "hightech_advice", "hightech_friends", "hightech_reports", "adolescents"]
SECTOR = {"karate": "faction", "hightech": "dept"}


class Graphs:
    """The files of classic-graphs, by the name of the graph."""

    def __init__(self, folder):
        self.folder = folder

    def load(self, name):
        """(edges, nodes and direction as Probe.run takes them; ids by the nodes' names; the rows of the nodes)."""
        base, relation = name, None
        if name.startswith("hightech_"):
            base, relation = "hightech", name.partition("_")[2]
        ids = base.partition("_")[0]
        nodes = rows(self.folder / f"{ids}.nodes.csv") if (self.folder / f"{ids}.nodes.csv").exists() else []
        edges = [(e["source"], e["target"]) for e in rows(self.folder / f"{base}.edges.csv") if relation in (None, e.get("type"))]
        names = [n["id"] for n in nodes] or sorted({v for e in edges for v in e})
        return {"edges": edges, "nodes": names, "directed": base == "hightech"}, {n.get("name", n["id"]): n["id"] for n in nodes}, nodes

    def whole(self, name):
        """Everything a family may ask for, as Probe.run takes it: sectors, weights and objections, what happened, what was asked and
        answered, what is needed, an earlier period without every third tie."""
        graph, _, nodes = self.load(name)
        sector = SECTOR.get(name.partition("_")[0])
        sectors = {n["id"]: n[sector] for n in nodes} if sector else {v: "ab"[i % 2] for i, v in enumerate(graph["nodes"])}
        edges, names = graph["edges"], graph["nodes"]
        chronicle, replies, need = [("case", f"c{c}", names[c], 0, 300 + c) for c in range(5)], [], []
        for t, (a, b) in enumerate(edges):
            kind, day = ["meeting", "request", "letter", "request", "objection"][t % 5], 10 + t % 250
            chronicle.append(("event", t, kind, day, day + 0.0625, f"c{t % 5}", 1, [2, 4, 5, 7, 8][t // 5 % 5], 0, [0, 5][t % 2]))
            answered = t % 3 > 0
            if kind == "meeting":
                chronicle += [("part", a, 4, "", "", "", "", "", ""), ("part", b, 5, "", "", "", "", "", "")]
            else:
                chronicle += [("part", a, 1, "", "", "", "", 5 if kind == "objection" else "", ""),
                              ("part", b, 2, day, day + 21, day + t % 40 if answered else "", 2 if answered else 1, [1, 5, 6][t % 3] if answered else "", 0)]
            chronicle += [("reporter", a)] + ([("reporter", b)] if t % 4 else [])
            if kind == "request":
                replies.append((t, b, day, day + 21, day + t % 40 if answered else 320, "answered" if answered else "pending", t % 5, 4, 1))
        need = [("goal", g) for g in sorted(set(sectors.values()))] + [("instrument", f"i{v}") for v in names]
        goals = sorted(set(sectors.values()))
        for i, v in enumerate(names):
            need += [("owner", len(goals) + i, v, 1), ("link", len(goals) + i, goals.index(sectors[v]), 1)]
        tied = set(edges) | {(b, a) for a, b in edges}
        crossed = [(a, d) for (a, _), (_, d) in zip(edges, edges[3:]) if a != d and (a, d) not in tied]
        return dict(graph, edges=[(a, b, 1 + t % 4) for t, (a, b) in enumerate(edges)], nodes=[(v, sectors[v]) for v in names],
                    negative=2 * crossed[::5], chronicle=chronicle, replies=replies, need=need, until=320, days=(0, 365),
                    earlier=[(a, b, 1 + t % 3) for t, (a, b) in enumerate(edges) if t % 3])
