# SPDX-License-Identifier: GPL-3.0-or-later
"""Random chronicles as rows of metrics_probe's file, and those rows read back: what the oracles of its families start from."""

MEETING, REQUEST, LETTER, OBJECTION = "meeting", "request", "letter", "objection"
SENDER, ADDRESSEE, COPY, CHAIR, PARTICIPANT, OBSERVER, DECLINED = range(1, 8)
RULES_BEGIN = 16861          # 2016-03-01, the first day the instruction was in force


def reply(rng, time, kind):
    """received, deadline, replied, status, outcome, agreed of one addressee."""
    if kind != REQUEST:
        return ("", "", "", "", rng.choice(["", "", 5, 12]) if kind == OBJECTION else "", "")
    received = rng.choice(["", time + 0.25, time + 2])
    deadline = rng.choice(["", int(time) + rng.choice([3, 20, 21, 41, 42, 43, 89, 92, 120])])
    status = rng.choice(["", "", 1, 2, 2, 3, 4, 5, 6])
    replied = time + rng.choice([1, 7.5, 30, 60]) if status in (2, 3) or (status == "" and rng.random() < 0.5) else ""
    outcome = rng.choice([1, 2, 3, 5, 5, 6, 9, 10, 11, 12]) if status in (2, 4) or rng.random() < 0.2 else ""
    return received, deadline, replied, status, outcome, int(rng.random() < 0.3)


def event_rows(rng, number, names, cases):
    time = RULES_BEGIN + rng.randint(-60, 240) + rng.choice([0, 0.25, 0.5])
    kind = rng.choice([MEETING, MEETING, REQUEST, REQUEST, REQUEST, LETTER, OBJECTION, OBJECTION])
    stage = rng.choice([0, 2, 4, 4, 5, 5, 6, 7, 8, 10])
    layer = 13 if kind == OBJECTION and rng.random() < 0.5 else 1
    level, resolved = (rng.randint(0, 6), rng.choice([0, 0, 0, 2, 5, 6])) if kind == OBJECTION else (0, 0)
    rows = [("event", number, kind, time, "", rng.choice(cases + [""]), layer, stage, level, resolved)]
    there = rng.sample(names, min(len(names), rng.choice([2, 2, 3, 5])))
    if rng.random() < 0.1:
        there.append("somebody")                      # a name that waits for its actor
    for place, name in enumerate(there):
        if kind == MEETING:
            role = rng.choice([CHAIR, PARTICIPANT, PARTICIPANT, PARTICIPANT, OBSERVER, DECLINED])
        else:
            role = SENDER if place == 0 else rng.choice([ADDRESSEE, ADDRESSEE, ADDRESSEE, 0, COPY])
        outcome_of_sender = rng.choice(["", 5, 6, 9, 12]) if kind == OBJECTION else ""
        rows.append(("part", name, role) + (reply(rng, time, kind) if place else ("", "", "", "", outcome_of_sender, "")))
    tellers = [name for name in there if rng.random() < 0.6] + (["somebody"] if rng.random() < 0.2 else [])
    return rows + [("reporter", name) for name in tellers]


def make(rng, actors, events):
    """(nodes, rows): nodes as the probe takes them, some of them silent."""
    names = [f"n{i:02d}" for i in range(actors)]
    nodes = [(name, rng.choice(["x", "y", ""]), "silent" if rng.random() < 0.2 else "") for name in names]
    quiet = {name for name, _, silent in nodes if silent}
    cases = [f"c{i}" for i in range(max(1, events // 8))]
    rows = []
    for case in cases:
        started = rng.choice(["", RULES_BEGIN - rng.randint(0, 90), RULES_BEGIN - 10])
        decided = "" if rng.random() < 0.3 else (started or RULES_BEGIN) + rng.randint(60, 300)
        rows.append(("case", case, rng.choice(names + ["", ""]), started, decided))
    for number in range(events):
        rows += [row for row in event_rows(rng, number, names, cases) if row[0] != "reporter" or row[1] not in quiet]
    return nodes, rows


class Part:
    def __init__(self, row, kind, known):
        number = lambda field: None if field == "" else float(field)
        self.actor = row[1] if row[1] in known else None
        self.role = int(row[2] or 0)
        self.received, self.deadline, self.replied = (number(f) for f in row[3:6])
        self.status, self.outcome, self.agreed = (int(f or 0) for f in row[6:9])
        if self.role in (COPY, OBSERVER, DECLINED):
            self.side = None
        elif kind == MEETING:
            self.side = "present"
        elif self.role == SENDER:
            self.side = "from"
        else:
            self.side = "to" if self.role in (0, ADDRESSEE) else None


class Event:
    def __init__(self, row):
        self.id, self.kind, self.time, self.case = int(row[1]), row[2], float(row[3]), row[5] or None
        self.layer, self.stage, self.level, self.resolved = (int(f or 0) for f in row[6:10])
        self.parts, self.reporters = [], []

    def of(self, side):
        return [part for part in self.parts if part.side == side]


class Case:
    def __init__(self, row, known):
        self.owner = row[2] if row[2] in known else None
        self.started, self.decided = (None if f == "" else float(f) for f in row[3:5])


def read(nodes, rows):
    """(events in the order of time, cases by their text)."""
    known = {node[0] for node in nodes}
    events, cases = [], {}
    for row in rows:
        if row[0] == "event":
            events.append(Event(row))
        elif row[0] == "case":
            cases[row[1]] = Case(row, known)
        elif row[0] == "part":
            events[-1].parts.append(Part(row, events[-1].kind, known))
        else:
            events[-1].reporters.append(row[1] if row[1] in known else None)
    return sorted(events, key=lambda e: (e.time, e.id)), cases
