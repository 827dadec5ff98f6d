# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who adds up what a public report and a release tell, and subtracts: which hidden numbers are left with one value?

A number is named (kind, part, value): requests answered by FIN are ("requests", "answered", "actor FIN"), and one name stands for it in
whatever table it is told, or could be told. Equations say what adds up; bounds go round them until nothing becomes narrower."""

KINDS = {"requests": ("answered", "pending", "ended_otherwise"), "due": ("in_time", "missing", "late", "short", "undated", "unknown"),
         "involvements": (), "placed": ("late",), "timed": (), "with_deadline": (), "complete_requests": (), "objections": (), "escalated": ()}
# family, table: what a row is told of, and the kinds counted in it
TABLES = {("time", "time"): (("actor",), ("requests", "with_deadline", "complete_requests")), ("time", "stages"): (("stage",), ("requests",)),
          ("time", "layers"): (("layer",), ("requests",)), ("time", "all"): ((), ("requests", "with_deadline")),
          ("bottlenecks", "bottlenecks"): (("actor",), ("requests", "with_deadline", "complete_requests")),
          ("duty", "duty"): (("owner", "addressee"), ("due",)), ("duty", "actors"): (("actor",), ("due",)), ("duty", "rules"): (("rule",), ("due",)),
          ("duty", "summary"): ((), ("due",)), ("righttime", "righttime"): (("actor",), ("involvements", "placed", "timed")),
          ("righttime", "stages"): (("stage",), ("involvements", "placed", "timed")), ("righttime", "first"): (("actor", "stage"), ("involvements",)),
          ("righttime", "all"): ((), ("involvements", "placed", "timed")), ("objections", "objections"): (("actor",), ("objections", "escalated")),
          ("objections", "stages"): (("stage",), ("objections",)), ("objections", "all"): ((), ("objections", "escalated"))}
OWNER_IS_ACTOR = {"due"}  # what duty.actors calls the actor is the owner of the pair


def numbers(family, table, rows):
    """{name: number or None} of the rows of one table; a part told as a share counts as told."""
    keys, kinds = TABLES[family, table]
    told = {}
    for row in rows:
        of = tuple(("actor" if key == "owner" else key, row[key]) for key in keys)
        for kind in kinds:
            for column in (kind, *KINDS[kind]):
                if column in row:
                    told[kind, column, of] = float(row[column]) if row[column] not in ("", None) else None
            if kind == "with_deadline" and row.get("unanswered_at_deadline") and row[kind]:
                told[kind, "unanswered", of] = float(row["unanswered_at_deadline"]) * float(row[kind])
    return told


def equations(names):
    """Lists of names of which the first is the sum of the others: parts of a kind that are all of it, rows of a classification, and a row of two
    things as a row of either. `names` are all there are, told or not."""
    made = []
    for kind, parts in KINDS.items():
        if kind in ("requests", "due"):
            made += [[(kind, kind, of)] + [(kind, part, of) for part in parts] for k, column, of in names if k == kind == column]
        for column in (kind, *parts):
            places = {of for k, c, of in names if k == kind and c == column}
            for keys in {tuple(key for key, _ in of) for of in places}:
                for drop in range(len(keys)):
                    sums = {}
                    for of in places:
                        if tuple(key for key, _ in of) == keys:
                            sums.setdefault(of[:drop] + of[drop + 1:], []).append(of)
                    made += [[(kind, column, whole)] + [(kind, column, of) for of in members] for whole, members in sums.items() if whole in places]
    return made


def solve(names, told):
    """{name: (low, high)} of all names, from what is told."""
    bounds = {name: (told[name], told[name]) if told.get(name) is not None else (0, float("inf")) for name in names}
    made, narrower = equations(names), True
    while narrower:
        narrower = False
        for whole, *parts in made:
            members = [name for name in parts if name in bounds]
            if len(members) < len(parts):
                continue
            for name in [whole] + members:
                others = [bounds[one] for one in members if one != name]
                low, high = sum(one[0] for one in others), sum(one[1] for one in others)
                if name != whole:
                    low, high = bounds[whole][0] - high, bounds[whole][1] - low
                new = max(bounds[name][0], low), min(bounds[name][1], high)
                if new != bounds[name]:
                    bounds[name], narrower = new, True
    return bounds


def recovered(truth, told, minimum):
    """Names of small numbers that are not told and have one value left."""
    bounds = solve(set(truth), told)
    for name, (low, high) in bounds.items():
        assert low <= truth[name] <= high, f"{name} is {truth[name]}, not {low} to {high}: the equations are wrong"
    return sorted(name for name, (low, high) in bounds.items() if told.get(name) is None and 0 < truth[name] < minimum and low == high)
