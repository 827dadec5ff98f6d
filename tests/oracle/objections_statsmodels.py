#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes objections_statsmodels.json: random chronicles, what is counted in them one by one, and Wilson's interval by statsmodels.

    objections_statsmodels.py > objections_statsmodels.json
"""
import collections
import itertools
import math
import random

import statsmodels
from statsmodels.stats.proportion import proportion_confint

import expected_tables
import random_chronicles
from random_chronicles import OBJECTION, REQUEST

STAGES = ["unspecified", "idea", "early_involvement", "study", "consultation", "hearing", "renewed_consultation", "rnote",
          "government_conference", "preparatory_council", "council_of_state", "storting", "implementation"]
LEVELS = ["unspecified", "case_officer", "department_head", "permanent_secretary", "state_secretary", "minister",
          "government_conference"]
KINDS = {5: "objection", 6: "disagreement", 9: "postponement", 10: "new_study", 11: "silence", 12: "withdrawn"}
RENEWED, CONFERENCE, ESCALATION, WITHDRAWN_REPLY = 6, 6, 13, 4


def share(row, name, part, whole):
    low, high = proportion_confint(row[part], row[whole], method="wilson") if row[whole] else (None, None)
    row[name], row[name + "_low"], row[name + "_high"] = row[part] / row[whole] if row[whole] else None, low, high


def end_of(part):
    """answered, pending or otherwise; None when nothing says that an answer was expected."""
    if part.status in (2, 3):
        return "answered"
    if part.status in (4, 5, 6):
        return "otherwise"
    if part.replied is not None:
        return "answered"
    return "pending" if part.status == 1 or part.received is not None or part.deadline is not None else None


def owner(event, cases, side):
    stated = cases[event.case].owner if event.case else None
    return stated or next((part.actor for part in event.of(side) if part.actor), None)


def statements(events, cases):
    """(event, who, against whom, kind)."""
    for event in events:
        if event.kind == REQUEST:
            against = owner(event, cases, "from")
            for part in event.of("to"):
                taken_back = part.outcome == 12 and part.status == WITHDRAWN_REPLY
                if part.actor not in (None, against) and part.outcome in KINDS and not taken_back:
                    yield event, part.actor, against, KINDS[part.outcome]
        elif event.kind == OBJECTION:
            against = owner(event, cases, "to")
            for part in event.of("from"):
                if part.actor in (None, against):
                    continue
                yield event, part.actor, against, KINDS.get(part.outcome, "objection")
                if any(other.outcome == 12 for other in event.of("to")):
                    yield event, part.actor, against, "withdrawn"


def place(event):
    return event.case or ("alone", event.id)


def count(nodes, rows, until):
    events, cases = random_chronicles.read(nodes, rows)
    names = [node[0] for node in nodes]
    actors = {name: collections.Counter() for name in names}
    stages = collections.defaultdict(collections.Counter)
    levels = {level: collections.Counter() for level in range(7)}
    stays = collections.defaultdict(list)
    asked = collections.defaultdict(list)
    for event in events:
        if event.kind != REQUEST:
            continue
        mine = owner(event, cases, "from")
        for part in event.of("to"):
            if part.actor in (None, mine):
                continue
            if event.case and event.stage:
                asked[part.actor, event.case].append(event)
            end, row = end_of(part), actors[part.actor]
            row["requests"] += end is not None
            row["answered"] += end == "answered"
            row["objecting_answers"] += end == "answered" and part.outcome in (5, 6)
            if end in ("answered", "pending") and part.deadline is not None and until >= math.floor(part.deadline) + 1:
                row["deadlines_passed"] += 1
                row["silent"] += end == "pending"
    said = list(statements(events, cases))
    one = lambda s: (s[1], str(place(s[0])), s[0].stage)
    for (who, _, stage), same in itertools.groupby(sorted(said, key=one), key=one):
        same = sorted(same, key=lambda s: (s[0].time, s[0].id, list(KINDS.values()).index(s[3])))
        for row in (actors[who], stages[STAGES[stage]]):
            row["objections"] += 1
            for kind in {s[3] for s in same}:
                row["kind_" + kind] += 1
        if same[0][2]:
            actors[same[0][2]]["received"] += 1
    for who, case in {(s[1], s[0].case) for s in said if s[0].case and s[0].stage}:
        raised = min((s[0] for s in said if s[1] == who and s[0].case == case and s[0].stage), key=lambda e: (e.time, e.id))
        before = asked[who, case]
        if not before:
            continue
        late = raised.stage > before[0].stage
        actors[who]["placed"] += 1
        actors[who]["late"] += late
        actors[who]["late_renewed"] += late and any(e.stage == RENEWED and e.time <= raised.time for e in before)
    lifted = collections.defaultdict(list)
    for event in events:
        if event.layer == ESCALATION or (event.kind == OBJECTION and event.resolved):
            for part in event.of("from"):
                if part.actor:
                    lifted[part.actor, place(event)].append((event.time, event.level or event.resolved, event.resolved))
    for (who, _), steps in lifted.items():
        ends = [resolved for _, _, resolved in steps if resolved]
        actors[who]["escalated"] += 1
        actors[who]["resolved"] += bool(ends)
        actors[who]["to_conference"] += max(level for _, level, _ in steps) == CONFERENCE or ends[-1:] == [CONFERENCE]
        for _, level, _ in steps:
            levels[level]["lifted_to"] += 1
        if ends:
            levels[ends[-1]]["resolved_at"] += 1
        for (time, level, _), (later, _, _) in zip(steps, steps[1:]):
            levels[level]["lifted_on"] += 1
            stays[level].append(later - time)
    return actors, stages, levels, stays


COUNTS = ["requests", "answered", "objecting_answers", "objections", "received", "placed", "late", "late_renewed", "escalated",
          "resolved", "to_conference", "deadlines_passed", "silent"] + ["kind_" + kind for kind in KINDS.values()]


def finished(counts):
    row = {name: counts[name] for name in COUNTS}
    for name, part, whole in (("objection_rate", "objecting_answers", "answered"), ("objection_rate_all", "objecting_answers", "requests"),
                              ("late_share", "late", "placed"), ("to_conference_share", "to_conference", "escalated"),
                              ("silent_share", "silent", "deadlines_passed")):
        share(row, name, part, whole)
    return row


def tables(nodes, rows, until):
    actors, stages, levels, stays = count(nodes, rows, until)
    kinds = ["objections"] + ["kind_" + kind for kind in KINDS.values()]
    ended = sum(row["resolved_at"] for row in levels.values())
    shown = {}
    for level, row in levels.items():
        if level == 0 and not row["lifted_to"]:
            continue
        shown[LEVELS[level],] = line = {name: row[name] for name in ("lifted_to", "resolved_at", "lifted_on")} | {"all": ended}
        share(line, "resolved_share", "resolved_at", "all")
        del line["all"]
        line["days_until_lifted_on"] = sum(stays[level]) / len(stays[level]) if stays[level] else None
    return {"objections": expected_tables.table(["actor"], {(name,): finished(row) for name, row in actors.items()}),
            "all": expected_tables.table([], {(): finished(sum(actors.values(), collections.Counter()))}),
            "stages": expected_tables.table(["stage"], {(stage,): {k: row[k] for k in kinds} for stage, row in stages.items()}),
            "levels": expected_tables.table(["level"], shown)}


def main():
    rng, cases = random.Random(20161), []
    for index in range(16):
        nodes, rows = random_chronicles.make(rng, [1, 2, 4, 7][index % 4] if index < 8 else 5, [0, 6, 30, 90][index // 4])
        until = random_chronicles.RULES_BEGIN + 150
        cases.append({"family": "objections", "given": {"edges": [], "nodes": nodes, "chronicle": rows, "until": until, "days": [16000, 17300]},
                      "tables": tables(nodes, rows, until)})
    expected_tables.write(f"statsmodels {statsmodels.__version__}", cases)


main()
