#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes duty_statsmodels.json: random chronicles and rules, each duty judged by itself, and Wilson's interval by statsmodels.

    duty_statsmodels.py > duty_statsmodels.json
"""
import collections
import math
import random

import statsmodels
from statsmodels.stats.proportion import proportion_confint

import expected_tables
import random_chronicles
from random_chronicles import ADDRESSEE, COPY, REQUEST

STATES = ["missing", "late", "short", "undated", "in_time", "unknown"]
CONSULTATION, ANEW = 4, 6
BEGIN = random_chronicles.RULES_BEGIN


class Rule:
    def __init__(self, row):
        _, self.name, self.addressee, effect, first, end, stage, by, minimum, how = row
        self.effect, self.first, self.end, self.stage, self.by = (int(f) for f in (effect, first, end, stage, by))
        self.minimum = None if minimum == "" else float(minimum)
        self.roles = (ADDRESSEE, COPY) if how & 1 else (ADDRESSEE,)
        self.when_decided = bool(how & 2)


def stage(event):
    return CONSULTATION if event.stage == ANEW else event.stage


def first_at(events, least):
    """When the case had come to a stage, or beyond it."""
    return min((e.time for e in events if stage(e) >= least), default=math.inf)


def judged(rule, events, seen_whole):
    """(state, days given) of one duty."""
    asked = [(e, p) for e in events if e.kind == REQUEST for p in e.parts if p.actor == rule.addressee and p.role in rule.roles]
    counting = [(e, p) for e, p in asked if stage(e) >= rule.stage]
    before = [e for e, _ in asked if stage(e) == 0 and (not counting or (e.time, e.id) < (counting[0][0].time, counting[0][0].id))]
    open_question = not seen_whole or before        # a request may not be seen, or may have been for this
    if not counting:
        return "unknown" if open_question else "missing", None
    event, part = counting[0]
    received = event.time if part.received is None else part.received
    days = None if part.deadline is None else math.floor(part.deadline) - math.floor(received)
    if stage(event) >= rule.by or first_at(events, rule.by) < event.time:
        return "unknown" if open_question else "late", days
    if rule.minimum is None or part.agreed:
        return "in_time", days
    return "undated" if days is None else "in_time" if days >= rule.minimum else "short", days


def counted(states):
    row = {state: states.count(state) for state in STATES}
    row["due"], whole = len(states), len(states) - row["undated"] - row["unknown"]
    row["fulfilled"] = row["in_time"] / whole if whole else None
    row["fulfilled_low"], row["fulfilled_high"] = proportion_confint(row["in_time"], whole, method="wilson") if whole else (None, None)
    return row


def tables(nodes, rows, days, until):
    rules = [Rule(row) for row in rows if row[0] == "rule"]
    effects = {row[1]: int(row[5]) for row in rows if row[0] == "case"}
    events, cases = random_chronicles.read(nodes, [row for row in rows if row[0] != "rule"])
    names = [node[0] for node in nodes]
    duties, consulted, expected, beyond = [], collections.Counter(), collections.Counter(), collections.Counter()
    for ref, case in cases.items():
        own = [e for e in events if e.case == ref]
        if not case.owner:
            continue
        demanded, stages = set(), set()
        for rule in rules:
            due = first_at(own, rule.stage)
            if due == math.inf and rule.when_decided and case.decided is not None and days[0] <= case.decided < until:
                due = case.decided
            if not rule.first <= due < rule.end:
                continue
            stages.add(rule.stage)
            if rule.addressee not in names or rule.addressee == case.owner or (rule.effect and not effects[ref] & rule.effect):
                continue
            state, given = judged(rule, own, case.started is not None and case.started >= days[0])
            duties.append((ref, rule, case.owner, state, given))
            if state != "unknown" and effects[ref]:
                demanded.add((rule.addressee, rule.stage))
        asked = {(p.actor, stage(e)) for e in own if e.kind == REQUEST and stage(e) in stages for p in e.parts if p.actor and p.role == ADDRESSEE}
        for actor, _ in asked if effects[ref] else ():
            consulted[actor] += 1
        for actor, _ in demanded:
            expected[actor] += 1
        for actor, _ in asked - demanded if effects[ref] else ():
            beyond[actor] += 1
    states = lambda wanted: [d[3] for d in duties if wanted(d)]
    summary = counted(states(lambda d: True))
    summary.update(cases=len(cases), assessable=sum(bool(effects[r] and c.owner) for r, c in cases.items()),
                   effects_unstated=sum(not effects[r] for r in cases), owner_unstated=sum(not c.owner for c in cases.values()))
    actors = {}
    for v in names:
        actors[v,] = dict(counted(states(lambda d: d[2] == v)), consulted=consulted[v], consulted_expected=expected[v], consulted_beyond=beyond[v],
                          strength_ratio_mandatory=consulted[v] / expected[v] if expected[v] else None)
    pairs = {(d[2], d[1].addressee) for d in duties}
    table = expected_tables.table
    return {"summary": table([], {(): summary}), "actors": table(["actor"], actors),
            "duty": table(["owner", "addressee"], {pair: counted(states(lambda d: (d[2], d[1].addressee) == pair)) for pair in sorted(pairs)}),
            "rules": table(["rule"], {(r.name,): dict(counted(states(lambda d: d[1] is r)), minimum_days=r.minimum) for r in rules}),
            "cases": table(["case", "rule", "owner", "addressee", "state"],
                           {(ref, r.name, who, r.addressee, state): {"days": given} for ref, r, who, state, given in duties})}


def main():
    rng, cases = random.Random(32), []
    days, until = [BEGIN - 60, BEGIN + 300], BEGIN + 250
    for index in range(12):
        nodes, rows = random_chronicles.make(rng, [2, 3, 4, 6][index % 4], [8, 90, 160][index // 4])
        names = [node[0] for node in nodes]
        rows = [row[:2] + (row[2] or rng.choice(names + [""]),) + row[3:] + (rng.choice([0, 1, 2, 3, 256]),) if row[0] == "case" else row for row in rows]
        for number in range(0 if index == 1 else rng.randint(4, 10)):
            first, from_stage = rng.choice([0, 0, 0, BEGIN]), rng.choice([2, 4, 4, 5, 7])
            rows.append(("rule", f"r{number}", rng.choice(names + ["elsewhere"]), rng.choice([0, 0, 1, 2]), first, rng.choice([32000, 32000, BEGIN + 100]),
                         from_stage, from_stage + rng.choice([1, 2, 4]), rng.choice(["", 21, 42, 100]), rng.randint(0, 3)))
        cases.append({"family": "duty", "given": {"edges": [], "nodes": nodes, "chronicle": rows, "days": days, "until": until},
                      "tables": tables(nodes, rows, days, until)})
    expected_tables.write(f"statsmodels {statsmodels.__version__}", cases)


main()
