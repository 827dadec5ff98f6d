#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes righttime_scipy.json: random chronicles, what is read off them case by case, intervals by SciPy and statsmodels, deadlines by
dateutil.

    righttime_scipy.py > righttime_scipy.json
"""
import collections
import datetime
import math
import random
import statistics

import dateutil
import scipy
import scipy.stats
import statsmodels
from dateutil.relativedelta import relativedelta
from statsmodels.stats.proportion import proportion_confint

import expected_tables
import random_chronicles
from random_chronicles import REQUEST

STAGES = ["unspecified", "idea", "early_involvement", "study", "consultation", "hearing", "renewed_consultation", "rnote",
          "government_conference", "preparatory_council", "council_of_state", "storting", "implementation"]
CONSULTATION, CONFERENCE = 4, 8
ORDERS = {"early_involvement_before_consultation": (2, 4), "consultation_before_hearing": (4, 5), "consultation_before_rnote": (4, 7),
          "rnote_before_conference": (7, 8), "conference_before_council": (8, 10)}
RULES = {"consultation_3_weeks": (4, relativedelta(weeks=3), True), "renewed_consultation_3_weeks": (6, relativedelta(weeks=3), True),
         "hearing_6_weeks": (5, relativedelta(weeks=6), False), "hearing_3_months": (5, relativedelta(months=3), False)}
EPOCH, IN_FORCE = datetime.date(1970, 1, 1), datetime.date(2016, 3, 1)


def date(day):
    return EPOCH + datetime.timedelta(days=math.floor(day))


def share(row, name, part, whole):
    low, high = proportion_confint(part, whole, method="wilson") if whole else (None, None)
    row[name], row[name + "_low"], row[name + "_high"] = part / whole if whole else None, low, high


class Course:
    """One case as it went."""

    def __init__(self, events, case, first_day):
        self.owner = case.owner if case else None
        self.decided = case.decided if case else None
        self.start = case.started if case and case.started is not None else events[0].time
        self.cut = bool(case and case.started is not None and case.started < first_day)
        requests = [event for event in events if event.kind == REQUEST]
        for event in requests:
            for part in event.of("from"):
                self.owner = self.owner or part.actor
        begins = lambda stage: [e.time for e in events if e.stage == stage and (e.kind == REQUEST or stage >= CONFERENCE)]
        self.begun = {stage: min(begins(stage)) for stage in range(13) if begins(stage)}
        asked = [(e.time, e.id) for e in requests if e.stage == CONSULTATION]
        self.consulted = min(asked) if asked else None
        self.first = {}
        for event in events:
            for part in event.parts:
                if part.side and part.actor and part.actor != self.owner:
                    self.first.setdefault(part.actor, event)

    def involvements(self):
        for actor, event in self.first.items():
            tau, placed, late = None, False, False
            if not self.cut:
                placed = self.consulted is not None
                late = placed and event.time > self.consulted[0]
                if self.decided is not None and self.decided > self.start:
                    tau = (event.time - self.start) / (self.decided - self.start)
                    tau = None if tau > 1 else max(0, tau)
            yield {"actor": actor, "owner": self.owner, "stage": event.stage, "tau": tau, "placed": placed, "late": late}


def summary(found):
    taus = sorted(i["tau"] for i in found if i["tau"] is not None)
    placed, late, n = sum(i["placed"] for i in found), sum(i["late"] for i in found), len(taus)
    row = {"involvements": len(found), "timed": n, "placed": placed, "late": late}
    share(row, "late_share", late, placed)
    low = high = middle_low = middle_high = None
    if n > 1:
        centre, spread = statistics.fmean(taus), statistics.stdev(taus)
        low, high = scipy.stats.t.interval(0.95, n - 1, loc=centre, scale=spread / math.sqrt(n)) if spread else (centre, centre)
        # The narrowest pair of order statistics, the same number from each end, that covers the median with 95 %.
        for k in range(n // 2, 0, -1):
            if 1 - 2 * scipy.stats.binom.cdf(k - 1, n, 0.5) >= 0.95:
                middle_low, middle_high = taus[k - 1], taus[n - k]
                break
    row.update(earliness=statistics.fmean(taus) if taus else None, earliness_median=statistics.median(taus) if taus else None,
               earliness_low=None if low is None else max(0, low), earliness_high=None if high is None else min(1, high),
               earliness_median_low=middle_low, earliness_median_high=middle_high)
    return row


def order_rows(courses):
    rows = {}
    for rule, (first, then) in ORDERS.items():
        seen = [course.begun for course in courses if not course.cut and then in course.begun]
        both = [begun for begun in seen if first in begun]
        right = sum(begun[first] < begun[then] for begun in both)
        rows[rule,] = row = {"cases": len(both), "in_order": right, "out_of_order": len(both) - right, "without_the_first": len(seen) - len(both)}
        share(row, "in_order_share", right, len(both))
    return rows


def deadline_rows(events):
    sums = collections.defaultdict(collections.Counter)
    for event in events:
        asking = next((part.actor for part in event.of("from") if part.actor), None)
        for rule, (stage, time, agreeable) in RULES.items():
            sums[rule, None]["requests"] += 0
            if event.kind != REQUEST or event.stage != stage or date(event.time) < IN_FORCE:
                continue
            for part in event.of("to"):
                if asking and part.actor == asking:
                    continue
                received = event.time if part.received is None else part.received
                enough = part.deadline is not None and date(part.deadline) >= date(received) + time
                outcome = ["requests"]
                if part.deadline is not None:
                    outcome += ["with_deadline", "long_enough" if enough else "agreed" if agreeable and part.agreed else "too_short"]
                for who in {None, asking}:
                    sums[rule, who].update(outcome)
    rows = {}
    for (rule, who), counts in sums.items():
        rows[rule, who] = row = {name: counts[name] for name in ("requests", "with_deadline", "long_enough", "agreed", "too_short")}
        share(row, "compliant_share", counts["long_enough"] + counts["agreed"], counts["with_deadline"])
    return rows


def tables(nodes, rows, days):
    events, cases = random_chronicles.read(nodes, rows)
    by_case = collections.defaultdict(list)
    for event in events:
        if event.case:
            by_case[event.case].append(event)
    courses = [Course(own, cases.get(case), days[0]) for case, own in by_case.items()]
    found = [i for course in courses for i in course.involvements()]
    names = [node[0] for node in nodes]
    stages, first = {}, {}
    for number, stage in enumerate(STAGES):
        own = [i for i in found if i["stage"] == number]
        stages[stage,] = row = summary(own)
        share(row, "first_share", len(own), len(found))
        for name in names:
            here = sum(i["actor"] == name for i in own)
            if here:
                first[name, stage] = row = {"involvements": here}
                share(row, "first_share", here, sum(i["actor"] == name for i in found))
    return {"righttime": expected_tables.table(["actor"], {(name,): summary([i for i in found if i["actor"] == name]) for name in names}),
            "owners": expected_tables.table(["actor"], {(name,): summary([i for i in found if i["owner"] == name]) for name in names}),
            "stages": expected_tables.table(["stage"], stages), "all": expected_tables.table([], {(): summary(found)}),
            "first": expected_tables.table(["actor", "stage"], first), "order": expected_tables.table(["rule"], order_rows(courses)),
            "deadlines": expected_tables.table(["rule", "actor"], deadline_rows(events))}


def main():
    rng, cases = random.Random(1936), []
    days = [random_chronicles.RULES_BEGIN - 60, random_chronicles.RULES_BEGIN + 300]
    for index in range(12):
        nodes, rows = random_chronicles.make(rng, [1, 3, 5, 8][index % 4], [1, 250, 30, 120][(index + 1) % 4])
        cases.append({"family": "righttime", "given": {"edges": [], "nodes": nodes, "chronicle": rows, "days": days, "until": days[1]},
                      "tables": tables(nodes, rows, days)})
    expected_tables.write(f"SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}, dateutil {dateutil.__version__}", cases)


main()
