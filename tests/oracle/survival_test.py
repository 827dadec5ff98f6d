#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Response times against the committed values of R's survival package (survival_curves.csv, made by survival_curves.R), and the
competing-risk variance against its double sum written out."""
import csv
import math
import pathlib
import sys

from probe import Probe

FOLDER = pathlib.Path(__file__).parent
NORMAL_975 = 1.959963984540054


def rows(name):
    with open(FOLDER / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return None if text == "NA" else float(text)


def bounds(times, at):
    """95 % interval of the unanswered share at a time: sum over event times, nothing shortened."""
    events = sorted({t for t, end in times if end != "pending"})
    alive, incidence, terms = 1.0, 0.0, []
    for t in events:
        n = sum(1 for u, _ in times if u >= t)
        answered = sum(1 for u, end in times if u == t and end == "answered")
        ended = sum(1 for u, end in times if u == t and end != "pending")
        incidence += alive * answered / n
        terms.append((t, alive, incidence, n, answered, ended))
        alive *= 1 - ended / n
    terms = [term for term in terms if term[0] <= at]
    if not terms:
        return None, None
    final = terms[-1][2]
    variance = 0.0
    for _, before, so_far, n, answered, ended in terms:
        later = final - so_far
        if n > ended:
            variance += later ** 2 * ended / (n * (n - ended))
        variance += before ** 2 * (n - answered) * answered / n ** 3 - 2 * later * before * answered / n ** 2
    share = 1 - final
    if not 1e-12 < share < 1:
        return None, None
    half = NORMAL_975 * math.sqrt(variance) / (share * abs(math.log(share)))
    return share ** math.exp(half), share ** math.exp(-half)


def main():
    probe = Probe(sys.argv[1])
    times = {}
    for row in rows("survival_times.csv"):
        times.setdefault(row["case"], []).append((float(row["time"]), row["end"]))
    expected = rows("survival_curves.csv")
    for deadline in (6, 20):
        replies = [(request, case, 0, deadline, time, end) for case, entries in times.items() for request, (time, end) in enumerate(entries)]
        table = probe.run("bottlenecks", edges=[("one-answered", "small")], nodes=list(times), replies=replies, until=1000,
                          options="tau=30")["tables"]["bottlenecks"]
        for row in expected:
            if float(row["deadline"]) != deadline:
                continue
            case, where = row["case"], f"deadline {deadline}"
            ends = [end for _, end in times[case]]
            for column, value, tolerance in (("requests", len(ends), 0), ("answered", ends.count("answered"), 0),
                                             ("pending", ends.count("pending"), 0), ("ended_otherwise", ends.count("competing"), 0),
                                             ("median_days", number(row["median"]), 0), ("rmst_days", number(row["rmst"]), 1e-9),
                                             ("unanswered_at_deadline", number(row["unanswered"]), 1e-9)):
                probe.column(where, table, column, {case: value}, tolerance)
            competing = "competing" in ends
            if not competing:
                for column, name in (("median_days_low", "median_low"), ("median_days_high", "median_high")):
                    probe.column(where, table, column, {case: number(row[name])}, 0)
            low, high = bounds(times[case], deadline) if competing else (number(row["low"]), number(row["high"]))
            probe.column(where, table, "unanswered_at_deadline_low", {case: low}, 1e-8)
            probe.column(where, table, "unanswered_at_deadline_high", {case: high}, 1e-8)
    probe.finish()


main()
