# SPDX-License-Identifier: GPL-3.0-or-later
"""Analysing: jobs of the real worker, from the database to a stored result."""
import csv
import datetime
import hashlib
import gzip
import io
import os
import random
import re
import select
import statistics
import subprocess
import time

from bench import RESEARCHER, SUBMITTER

DEFAULT_SET = ("graph", "centrality", "bottlenecks", "gaps")
ACCOUNT = r"job {}: done after (\d+) ms \((.*?); (\d+) MiB at most[^)]*\)"


class Asker:
    """Asks for jobs as the daemon does and waits for their ends."""

    def __init__(self, bench):
        self.bench = bench
        self.connection = bench.daemon.connect()
        self.cursor = self.connection.cursor()
        self.cursor.execute("LISTEN samordning_job_done")

    def ask(self, families, spec, recompute=False, language=""):
        """From asking for all of them to the last one stored; the jobs' numbers and the seconds that took."""
        begin = time.monotonic()
        jobs = []
        for family in families:
            self.cursor.execute("SELECT knowledge.request_job(%s, %s, %s, %s, 0)", [family, spec, language, recompute])
            jobs.append(self.cursor.fetchone()[0])
        waiting = set(jobs)
        while waiting:
            if not select.select([self.connection], [], [], 600)[0]:
                raise RuntimeError(f"jobs {waiting} have not ended")
            self.connection.poll()
            waiting -= {int(notice.payload) for notice in self.connection.notifies}
            self.connection.notifies.clear()
        seconds = time.monotonic() - begin
        self.cursor.execute("SELECT family, error FROM knowledge.job WHERE id = ANY (%s) AND state <> 'done'", [jobs])
        if failed := self.cursor.fetchall():
            raise RuntimeError(f"{failed}")
        return jobs, seconds

    def bare_reading(self):
        """Seconds for all condensed days of the year as they lie in the database, through one connection that does nothing with them."""
        begin = time.monotonic()
        self.cursor.copy_expert(f"COPY (SELECT block FROM knowledge.day_block WHERE day >= '{YEAR}-01-01' AND day < '{YEAR + 1}-01-01') "
                                "TO STDOUT (FORMAT binary)", io.BytesIO())
        return time.monotonic() - begin

    def accounts(self, jobs, log=None):
        """What each job's line in the log says: a part's ms by name, `all` of it, and its memory in MiB."""
        from harness.waiting import wait_until
        log, found = log or self.bench.daemon.process, []
        for job in jobs:
            line = wait_until(lambda: re.search(ACCOUNT.format(job), log.text()), 10, f"the log tells of job {job}")
            found.append({name: float(ms) for name, ms in (part.rsplit(" ", 1) for part in line.group(2).split(", "))})
            found[-1].update({"all": float(line.group(1)), "MiB": float(line.group(3))})
        return found


def events(bench):
    """506,550 real events submitted, resolved and analysed in one go."""
    from harness.daemon import OPERATOR
    file = bench.perf_graph("events", "mathoverflow-events.csv.gz")
    if not file:
        return
    for layer in ("comment-to-question", "comment-to-answer", "answer-to-question"):
        bench.daemon.client(OPERATOR, "layers", "add", layer, "--kind", "letter", check=True)
    steps = []

    def step(name, run):
        begin = time.monotonic()
        run()
        steps.append((name, time.monotonic() - begin))
    period = ("--from", "2009-09-01", "--to", "2016-04-01", "--layer", "comment-to-question,comment-to-answer,answer-to-question")
    step("submit", lambda: bench.daemon.client(SUBMITTER, "submit", file, "--time", "unix", "--map", "time=t", check=True, timeout=1200))
    step("resolve 24,818 names", lambda: bench.daemon.client(OPERATOR, "actors", "resolve", "--all", "--create", "person", check=True,
                                                             timeout=1200))
    step("condense the rest", bench.wait_condensed)
    for family in ("graph", "centrality"):
        step(family, lambda: bench.daemon.client(RESEARCHER, "metrics", family, *period, "--format", "csv", check=True, timeout=1800))
    total = sum(seconds for _, seconds in steps)
    bench.report("506,550 real events, all of it", total, "s")
    for name, seconds in steps:
        bench.report(f"  of it: {name}", seconds, "s", note=f"{100 * seconds / total:.0f} %")


ACTORS, YEAR = 300, 2025


TURNS, LATE = 12, 10


def spread_year(bench, directory):
    """A year of `samordning simulate`, whose 44 actors are made 300: each is several, with its sector, and every interaction is dealt
    to one of them by a hash. Gives the register's file, the interactions' and, held back from the last days, one of `LATE`
    interactions for each turn."""
    subprocess.run([bench.daemon.programs.client, "simulate", "--out", directory, "--interactions", str(bench.scaled(100_000)), "--seed", "1",
                    "--year", str(YEAR), "--single-file"], check=True, capture_output=True)
    with open(directory / "actors.csv", encoding="utf-8", newline="") as file:
        actors = list(csv.DictReader(file))
    copies, names, held, number = {}, {}, {}, 0
    with open(directory / "spread-actors.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, actors[0].keys())
        writer.writeheader()
        for place, actor in enumerate(actors):
            names.update((actor[key], actor["name_nb"]) for key in ("name_nb", "name_nn", "name_en", "abbreviation", "orgnr", "mail_domain"))
            copies[actor["name_nb"]] = ACTORS // len(actors) + (place < ACTORS % len(actors))
            for copy in range(copies[actor["name_nb"]]):
                number += 1
                renamed = {key: f"{actor[key]} {copy}" for key in ("name_nb", "name_nn", "name_en")}
                writer.writerow({**actor, **renamed, "key": f"a{number}", "abbreviation": "", "orgnr": "", "mail_domain": "", "parent": ""})
    with (open(directory / "interactions.csv", encoding="utf-8", newline="") as source,
          open(directory / "spread.csv", "w", encoding="utf-8", newline="") as file):
        rows = csv.DictReader(source)
        writer = csv.DictWriter(file, rows.fieldnames)
        writer.writeheader()
        for row in rows:
            name = names.get(row["actor"])
            if name:  # some are misspelt on purpose: they wait to be resolved, as in life
                drawn = int.from_bytes(hashlib.blake2b((row["interaction"] + name).encode(), digest_size=4).digest(), "big")
                row["actor"] = f"{name} {drawn % copies[name]}"
            if row["time"][:10] >= f"{YEAR}-12-29" and (row["interaction"] in held or len(held) < TURNS * LATE):
                held.setdefault(row["interaction"], []).append(row)
            else:
                writer.writerow(row)
    late = []
    for turn in range(TURNS):
        late.append(directory / f"late-{turn}.csv")
        with open(late[-1], "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows.fieldnames)
            writer.writeheader()
            for interaction in list(held)[turn::TURNS]:
                writer.writerows(held[interaction])
    return directory / "spread-actors.csv", directory / "spread.csv", late


def families(bench):
    """The default family set for 300 actors and a year of 100,000 interactions, from the database to stored results. Before each turn a
    few more interactions arrive, so that no result and no network is there already."""
    from harness.daemon import OPERATOR
    directory = bench.daemon.root / "year"
    register, interactions, late = spread_year(bench, directory)
    bench.daemon.client(OPERATOR, "actors", "import", register, check=True)
    bench.daemon.client(SUBMITTER, "submit", interactions, check=True, timeout=600)
    bench.wait_condensed()
    bench.daemon.configure(condense_quiet_ms=86400000, condense_max_wait_ms=86400000)
    bench.daemon.reload()
    asker, spec, turns = Asker(bench), f"from={YEAR}-01-01 to={YEAR + 1}-01-01", []
    jobs, seconds = asker.ask(DEFAULT_SET, spec)
    bench.report("the same as the first jobs of a worker", seconds * 1000, "ms")
    for file in late:
        bench.daemon.client(SUBMITTER, "submit", file, check=True)
        jobs, seconds = asker.ask(DEFAULT_SET, spec)
        turns.append((seconds, asker.accounts(jobs)))
    turns = turns[3:]  # a warm start
    turns.sort(key=lambda turn: turn[0])
    seconds, accounts = turns[len(turns) // 2]
    bench.report(f"default families, {ACTORS} actors, {bench.scaled(100_000):,} interactions", seconds * 1000, "ms", seconds / 0.3,
                 lambda r: r <= 1, note=f"ratio to 300 ms; median of {len(turns)}, {turns[0][0] * 1000:.0f} to {turns[-1][0] * 1000:.0f}")
    parts = [name for name in accounts[0] if name not in ("all", "MiB")]
    for part in parts:
        ms = sum(account[part] for account in accounts)
        bench.report(f"  of it: {part}", ms, "ms", note=", ".join(f"{f} {a[part]:.1f}" for f, a in zip(DEFAULT_SET, accounts)))
    floor = statistics.median(asker.bare_reading() for _ in range(9))
    bench.report("  floor: the same days' blocks, read and thrown away", floor * 1000, "ms", seconds / floor)
    rest = seconds * 1000 - sum(account[part] for account in accounts for part in parts)
    bench.report("  of it: asking, processes, connections", rest, "ms")
    bench.report("  memory of a job, peak", max(account["MiB"] for account in accounts), "MiB")


def report(bench):
    """A report of 300 actors and a year of 100,000 interactions, from the database to the stored document in all its forms. Before each
    turn a few more interactions arrive."""
    from harness.daemon import OPERATOR
    directory = bench.daemon.root / "year"
    register, interactions, late = spread_year(bench, directory)
    bench.daemon.client(OPERATOR, "actors", "import", register, check=True)
    bench.daemon.client(SUBMITTER, "submit", interactions, check=True, timeout=600)
    bench.wait_condensed()
    asker, spec, turns = Asker(bench), f"from={YEAR}-01-01 to={YEAR + 1}-01-01", []
    languages = []
    for file in late[:6]:
        bench.daemon.client(SUBMITTER, "submit", file, check=True)
        jobs, seconds = asker.ask(["report"], spec)
        turns.append((seconds, asker.accounts(jobs)[0]))
        languages.append(asker.ask(["report"], spec, language="nn")[1])
    bench.report("the same as the first job of a worker", turns[0][0], "s")
    turns = sorted(turns[1:], key=lambda turn: turn[0])
    seconds, account = turns[len(turns) // 2]
    bench.report(f"report in all forms, {ACTORS} actors, {bench.scaled(100_000):,} interactions", seconds, "s", seconds / 5, lambda r: r <= 1,
                 note=f"ratio to 5 s; median of {len(turns)}, {turns[0][0]:.1f} to {turns[-1][0]:.1f}")
    for part in ("read", "compute", "store"):
        bench.report(f"  of it: {part}", account[part] / 1000, "s")
    bench.report("  the same in another language, right after", statistics.median(languages), "s")
    asking = [asker.ask(["report"], spec)[1] for _ in range(9)]
    bench.report("  again, when it is stored", statistics.median(asking) * 1000, "ms")
    sizes = bench.daemon.query("SELECT 'html', length(document) FROM knowledge.result WHERE family = 'report' UNION ALL "
                               "SELECT format, length(content) FROM knowledge.document")
    for form in ("html", "pdf", "text", "csv", "xlsx"):
        bench.report(f"  {form}", max(size for name, size in sizes if name == form) / 1024, "KiB")


def refresh(bench):
    """A result again after 1,000 new interactions, while the history behind grows: its latest quarter, and all of it."""
    from harness.daemon import OPERATOR
    unit_days, new = 91, 1000
    bench.daemon.configure(condense_quiet_ms=100, condense_max_wait_ms=500)
    bench.daemon.reload()
    asker, first, base, units = Asker(bench), {}, bench.scaled(100_000), 0
    for size in (1, 10, 50):
        for _ in range(units, size):
            bench.load(connections=2, count=base, batch=1000, in_flight=4, actors=ACTORS, days=unit_days - 3)
        units = size
        bench.wait_condensed()
        bench.daemon.client(OPERATOR, "actors", "resolve", "--all", "--create", "agency", check=True, timeout=600)
        bench.daemon.query("VACUUM ANALYZE")
        bench.daemon.configure(condense_quiet_ms=86400000, condense_max_wait_ms=86400000)
        bench.daemon.reload()
        last, begin = bench.first_day - datetime.timedelta(days=4), bench.first_day - datetime.timedelta(days=unit_days)
        for name, since in (("the latest quarter", begin), ("all of it", datetime.date(2014, 1, 1))):
            for family in ("graph", "bottlenecks"):
                spec, took = f"from={since} to={bench.first_day}", []
                for turn in range(6):
                    bench.load(first_day=last, connections=1, count=new, batch=new, in_flight=1, actors=ACTORS, days=1)
                    jobs, seconds = asker.ask([family], spec)
                    took.append((seconds, asker.accounts(jobs)[0]))
                took = sorted(took[1:], key=lambda one: one[0])  # the first reads what nobody has read
                seconds, account = took[len(took) // 2]
                before = first.setdefault((name, family), seconds)
                parts = ", ".join(f"{part} {ms:.0f}" for part, ms in account.items() if part not in ("all", "MiB"))
                bench.report(f"history {size} x {base:,}: {family} of {name}", seconds * 1000, "ms", seconds / before,
                             note=f"ratio to 1 x; ms: {parts}")
        bench.daemon.configure(condense_quiet_ms=100, condense_max_wait_ms=500)
        bench.daemon.reload()


def web(bench):
    """325,729 pages and their links, each submitted as an interaction, through the default family set."""
    from harness.daemon import OPERATOR
    file = bench.perf_graph("web", "web-notredame.csv.gz")
    if not file:
        return
    bench.daemon.configure(request_timeout_ms=1800000)  # a third of a million names are resolved in one request
    bench.daemon.reload()
    rows = bench.daemon.root / "web.csv"
    with gzip.open(file, "rt") as source, open(rows, "w", encoding="utf-8") as copy:
        source.readline()
        copy.write("interaction,type,time,actor,role\n")
        for number, line in enumerate(source):
            if bench.quick and number % 10:
                continue
            page, other = line.rstrip().split(",")
            if page != other:
                moment = datetime.datetime(2024, 1, 1, 10) + datetime.timedelta(days=number // 4096, seconds=number % 4096)
                copy.write(f"{number},meeting,{moment:%Y-%m-%dT%H:%M:%S},page {page},participant\n"
                           f"{number},meeting,{moment:%Y-%m-%dT%H:%M:%S},page {other},participant\n")
    begin = time.monotonic()
    bench.daemon.client(SUBMITTER, "submit", rows, check=True, timeout=1200)
    bench.report("web-notredame: submit", time.monotonic() - begin, "s")
    begin = time.monotonic()
    bench.daemon.client(OPERATOR, "actors", "resolve", "--all", "--create", "agency", "--timeout", "1100", check=True, timeout=1200)
    bench.report("web-notredame: resolve the names", time.monotonic() - begin, "s")
    bench.wait_condensed()
    asker, peak, total = Asker(bench), 0, 0
    for family, choices in (("graph", "paths=exact"), ("centrality", "distance=unit paths=exact betweenness=sampled epsilon=0.02"),
                            ("bottlenecks", "distance=unit betweenness=sampled epsilon=0.02"), ("gaps", "")):
        jobs, seconds = asker.ask([family], f"from=2024-01-01 to=2026-01-01 projection=binary {choices}")
        account = asker.accounts(jobs)[0]
        peak, total = max(peak, account["MiB"]), total + seconds
        parts = ", ".join(f"{part} {ms / 1000:.2f}" for part, ms in account.items() if part not in ("all", "MiB"))
        bench.report(f"web-notredame: {family} {choices}", seconds, "s", note=f"{account['MiB']:.0f} MiB; s: {parts}")
        notes = bench.daemon.value("SELECT r.body->'card'->'notes' FROM knowledge.result r JOIN knowledge.job j ON j.result = r.id WHERE j.id = %s", [jobs[0]])
        for note in notes or []:
            print(f"    {note}")
    bench.report("web-notredame: the default families", total, "s")
    bench.report("web-notredame: peak memory", peak, "MiB", peak / 4096, lambda r: r <= 1, note="ratio to 4 GiB")


def projections(bench):
    """Meetings of 1,000 actors, of whom some meet a hundred times as often as others, under every projection. Asked for twice; the
    second time nothing has to be read."""
    from harness.daemon import OPERATOR
    actors, meetings, draw = (300, 3000, random.Random(1)) if bench.quick else (1000, 20_000, random.Random(1))
    rows = bench.daemon.root / "meetings.csv"
    with open(rows, "w", encoding="utf-8") as file:
        file.write("interaction,type,time,actor,role\n")
        for number in range(meetings):
            moment = datetime.datetime(YEAR, 1, 1, 10) + datetime.timedelta(days=number * 300 // meetings, seconds=number % 20_000)
            present = {int(actors * draw.random() ** 3) for _ in range(2 + min(28, int(draw.expovariate(0.2))))}
            for actor in sorted(present | {number % 2, 2 + number % 3} if len(present) < 2 else present):
                file.write(f"{number},meeting,{moment:%Y-%m-%dT%H:%M:%S},body {actor},participant\n")
    bench.daemon.client(SUBMITTER, "submit", rows, check=True, timeout=600)
    bench.wait_condensed()
    bench.daemon.client(OPERATOR, "actors", "resolve", "--all", "--create", "agency", check=True, timeout=600)
    asker = Asker(bench)
    for seed in (1, 2):
        jobs, seconds = asker.ask(["projections"], f"from={YEAR}-01-01 to={YEAR + 1}-01-01 seed={seed}")
    account = asker.accounts(jobs)[0]
    bench.report(f"projections, {actors:,} actors, {meetings:,} meetings", account["compute"] / 1000, "s", note=f"{account['MiB']:.0f} MiB; all of it {seconds:.1f} s")


def workers(bench):
    """The paths of one network by two workers of one core each, against one of them."""
    from harness.daemon import OPERATOR
    from harness.process import Process
    from harness.waiting import wait_until
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        print("workers: skipped, there is one core only")
        return
    actors = 1500 if bench.quick else 4000
    bench.load(connections=1, count=10 * actors, batch=1000, in_flight=4, actors=actors)
    bench.daemon.client(OPERATOR, "actors", "resolve", "--all", "--create", "agency", check=True, timeout=600)
    bench.wait_condensed()
    bench.daemon.configure(workers=0)
    bench.daemon.restart()
    asker, spec, dsn = Asker(bench), f"from=2014-01-01 to={bench.first_day}", bench.conninfo()
    ready = "SELECT count(*) = %s FROM pg_stat_activity WHERE application_name = 'samordning-analyse' AND query LIKE '%%knowledge.share%%'"
    took = {}
    for count in (1, 2):
        started = [Process([bench.daemon.programs.worker, "--database", dsn, "--nice=0", "--share-above-ms=2000"], bench.daemon.root / f"worker{count}{core}.log",
                           preexec=lambda core=core: os.sched_setaffinity(0, {core})) for core in cores[:count]]
        wait_until(lambda: bench.daemon.value(ready, [count]), 30, "the workers look for work")
        if count == 1:
            asker.ask(["centrality"], spec)
        # computed again it must be the stored bytes, or the job fails
        took[count] = statistics.median(asker.ask(["centrality"], spec, recompute=True)[1] for _ in range(3))
        helped = [int(parts) for worker in started for parts in re.findall(r"helped with (\d+) parts", worker.text())]
        for worker in started:
            worker.terminate()
        note = f"{sum(helped) / 3:.0f} parts by the helper" if helped else ""
        bench.report(f"centrality of {actors:,} actors, {count} worker{'s' * (count > 1)} of one core", took[count], "s",
                     took[1] / took[count], (lambda r: r >= 1.5) if count > 1 else None, note=note)
