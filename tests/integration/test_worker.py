# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker alone, against a database without a daemon: rows go in by SQL, blocks and results come out."""
import contextlib
import datetime
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import uuid
import zoneinfo

import psycopg2
import pytest

from conftest import BUILD, SOURCE
from harness import waiting
from harness.postgres import Postgres, bin_dir
from harness.process import Process, children, environment
from harness.waiting import wait_until

OSLO = zoneinfo.ZoneInfo("Europe/Oslo")
WORKER = BUILD / "analysis" / "worker" / "samordning-analyse"
SPEC = "from=2014-01-01 to=2015-01-01"
NAMES = {1: ("FIN", "ministry", "972417807", "økonomi"), 2: ("KLD", "ministry", "972417882", "miljø"),
         3: ("NFD", "ministry", "912660680", "næring"), 4: ("Skatteetaten", "agency", "974761076", None)}


FURNISHED = "furnished"    # the database those of the tests are copies of


def furnish(cluster):
    """A migrated database with four actors, their labels, and two organisations."""
    cluster.create_database(FURNISHED)
    files = sorted((SOURCE / "sql" / "migrations").glob("*.sql"))
    arguments = ["-c", "CREATE TABLE public.schema_version (number int4 PRIMARY KEY)"]
    for file in files:
        arguments += ["-f", str(file)]
    subprocess.run([bin_dir() / "psql", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", cluster.dsn(FURNISHED), *arguments], check=True,
                   env=environment(), stdout=subprocess.DEVNULL)
    connection = psycopg2.connect(cluster.dsn(FURNISHED))
    connection.autocommit = True
    with connection.cursor() as cursor:
        run = cursor.execute
        run("INSERT INTO public.schema_version (number) SELECT * FROM unnest(%s)", [[int(file.name[:4]) for file in files]])
        for number, (key, kind, orgnr, sector) in NAMES.items():
            run("INSERT INTO register.actor (key, kind) VALUES (%s, %s)", [key, kind])
            run("INSERT INTO register.actor_name (actor, name_nb, name_en, orgnr) VALUES (%s, %s, %s, %s)",
                [number, key + " på bokmål", key + " in English", orgnr])
            if sector:
                run("INSERT INTO register.actor_sector (actor, sector) VALUES (%s, %s)", [number, sector])
            run("INSERT INTO register.label (text, folded) VALUES (%s, lower(%s))", [key, key])
            run("INSERT INTO register.label_actor (label, actor, valid, how) VALUES (%s, %s, daterange(NULL, NULL), 'name') "
                "ON CONFLICT DO NOTHING", [number, number])
        run("INSERT INTO register.actor_parent (actor, parent) VALUES (4, 1)")
        run("INSERT INTO register.label (text, folded) VALUES ('Ukjent', 'ukjent')")
        run("INSERT INTO access.organisation (orgnr, name) VALUES ('972417807', 'FIN'), ('972417882', 'KLD')")
    connection.close()


class Base:
    """A database of a test's own, furnished."""

    def __init__(self, cluster, name):
        cluster.create_database(name, FURNISHED)
        self.dsn = cluster.dsn(name)
        self.connection = psycopg2.connect(self.dsn)
        self.connection.autocommit = True
        self.layer = dict(self.rows("SELECT name, code FROM vocabulary.layer"))

    def rows(self, sql, arguments=None):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, arguments)
            return cursor.fetchall() if cursor.description else None

    run = rows

    def value(self, sql, arguments=None):
        return self.rows(sql, arguments)[0][0]

    def report(self, day, labels, roles, layer="meeting", reporter=1, number=None, kind=None, revision=0, **more):
        """One report, first (kind None) or supplement, and the touched row a commit of the daemon would leave."""
        moment = datetime.datetime.fromisoformat(day).replace(hour=more.pop("hour", 10), tzinfo=OSLO)
        number = number if number is not None else uuid.uuid4().int & (2**62 - 1)
        identity = uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 8 << 76 | 2 << 62 | number)
        values = {"id": str(identity), "occurred_at": moment, "recorded_at": datetime.datetime.now(datetime.timezone.utc),
                  "content_hash": hash((day, tuple(labels), tuple(roles))) % 2**62, "reporter": reporter, "weight": 1.0,
                  "layer": self.layer[layer], "stage": 4, "time_precision": 0, "level": 0, "resolved_level": 0, "labels": labels,
                  "roles": roles, **more}
        table = "report.interaction"
        if kind is not None:
            table = "report.supplement"
            values.update(kind=kind, revision=revision)
        else:
            self.run("SELECT report.ensure_partition(%s::date)", [day])
        casts = {"labels": "::int4[]", "roles": "::int2[]", "reply_status": "::int2[]", "outcome": "::int2[]",
                 "received_at": "::timestamptz[]", "deadline_at": "::timestamptz[]", "replied_at": "::timestamptz[]"}
        marks = ", ".join(f"%s{casts.get(column, '')}" for column in values)
        number_of_day = (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days
        with psycopg2.connect(self.dsn) as connection, connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))
            cursor.execute("INSERT INTO report.touched (days) VALUES (%s::int4[])", [[number_of_day]])
        connection.close()
        return number

    def worker(self, *arguments, check=True):
        done = subprocess.run([WORKER, "--database", self.dsn, *arguments], capture_output=True, text=True, timeout=120,
                              env=environment())
        assert not check or done.returncode == 0, done.stderr
        return done

    def answer(self, family, spec=SPEC, *more):
        return json.loads(self.worker("--run", f"{family} {spec}", *more).stdout)

    def request(self, family, spec=SPEC):
        return self.value("SELECT knowledge.request_job(%s, %s, '', false, 0)", [family, spec])

    def job(self, number):
        return self.rows("SELECT state, status, error, reused, result FROM knowledge.job WHERE id = %s", [number])[0]


@pytest.fixture(scope="module")
def cluster(programs):
    directory = pathlib.Path(tempfile.mkdtemp(prefix="samordning-worker-"))
    directory.chmod(0o755)
    postgres = Postgres(programs.templates, directory / "cluster").start()
    furnish(postgres)
    yield postgres
    postgres.remove()
    directory.rmdir()


@pytest.fixture
def base(cluster, request):
    made = Base(cluster, request.node.name)
    yield made
    made.connection.close()


def table(result, name):
    columns = {column["name"]: column.get("texts" if column.get("is_text") else "numbers", [])
               for column in next(t for t in result["tables"] if t["name"] == name)["columns"]}
    count = max((len(values) for values in columns.values()), default=0)
    return [{name: values[row] for name, values in columns.items()} for row in range(count)]


def edges(result, name="edges"):
    return {(row["from"], row["to"]): (row["weight"], row["count"]) for row in table(result, name)}


def test_blocks_and_network(base):
    base.report("2014-03-03", [1, 2, 3], [4, 5, 5])
    base.report("2014-03-03", [1, 2], [5, 5], hour=14)
    base.report("2014-03-04", [1, 2, 4], [1, 2, 3], layer="consultation")
    base.worker("--once")
    assert base.value("SELECT count(*) FROM report.touched") == 0
    assert base.rows("SELECT day::text, interactions, dyads FROM knowledge.day_block ORDER BY day") == \
        [("2014-03-03", 2, 3), ("2014-03-04", 1, 1)]
    result = base.answer("network")
    assert edges(result) == {("FIN", "KLD"): (2.5, 3), ("FIN", "NFD"): (0.5, 1), ("KLD", "NFD"): (0.5, 1)}
    assert [(row["actor"], row["reported"]) for row in table(result, "nodes")] == [("FIN", 1), ("KLD", 0), ("NFD", 0), ("Skatteetaten", 0)]
    card = result["card"]
    assert card["spec"].startswith("from=2014-01-01 to=2015-01-01 layer=all ")
    assert {entry["key"]: entry["value"] for entry in card["entries"]}["unknown pairs"] == "2"
    # The stored message is the same as the JSON.
    import samordning_pb2
    message = samordning_pb2.Result()
    message.ParseFromString(bytes(base.value("SELECT message FROM knowledge.result")))
    assert message.id == result["id"] and message.card.watermark == card["watermark"] and len(message.tables) == len(result["tables"])


def test_reuse_and_watermark(base):
    base.report("2014-03-03", [1, 2], [5, 5])
    first = base.answer("network")
    assert base.answer("network") == first
    assert base.answer("network", "to=2015-01-01 from=2014-01-01 level=actor") == first
    assert base.value("SELECT count(*) FROM knowledge.result") == 1
    assert base.value("SELECT bool_or(reused) FROM knowledge.job")
    assert base.answer("network", SPEC, "--recompute") == first
    # Another program of the same version, with other words or other code, does not answer for this one.
    assert re.fullmatch(r"samordning \S+ build [0-9a-f]{12} register \d+ reports [0-9a-f]{16}", first["card"]["watermark"])
    base.run("ALTER TABLE knowledge.result DISABLE TRIGGER result_never_changes; "
             "UPDATE knowledge.result SET watermark = regexp_replace(watermark, 'build \\S+', 'build 000000000000')")
    theirs, first = first, base.answer("network")
    assert first["id"] != theirs["id"] and first["tables"] == theirs["tables"]
    base.report("2015-03-03", [1, 3], [5, 5])   # outside the period
    assert base.answer("network") == first
    base.report("2014-05-03", [1, 3], [5, 5])
    second = base.answer("network")
    assert second["id"] != first["id"] and second["card"]["watermark"] != first["card"]["watermark"]
    assert ("FIN", "NFD") in edges(second)
    # A name resolved later counts without touching a block.
    base.report("2014-05-04", [1, 5], [5, 5])
    third = base.answer("network")
    assert any("does not know yet" in note for note in third["card"]["notes"])
    built = base.rows("SELECT day, built_at FROM knowledge.day_block ORDER BY 1")
    base.run("INSERT INTO register.label_actor (label, actor, valid, how) VALUES (5, 4, daterange(NULL, NULL), 'operator')")
    fourth = base.answer("network")
    assert ("FIN", "Skatteetaten") in edges(fourth) and fourth["card"]["watermark"] != third["card"]["watermark"]
    assert base.rows("SELECT day, built_at FROM knowledge.day_block ORDER BY 1") == built


def test_recompute_notices_a_difference(base):
    base.report("2014-03-03", [1, 2], [5, 5])
    base.answer("network")
    base.run("ALTER TABLE knowledge.result DISABLE TRIGGER result_never_changes; UPDATE knowledge.result SET message = message || '\\x00'::bytea")
    done = base.worker("--run", "network " + SPEC, "--recompute", check=False)
    assert done.returncode == 1
    assert base.rows("SELECT status FROM knowledge.job ORDER BY id DESC LIMIT 1") == [(13,)]
    assert "the stored one is kept" in done.stderr


def test_supplements(base):
    number = base.report("2014-03-03", [1, 2], [5, 5])
    other = base.report("2014-03-03", [1, 3], [5, 5])
    assert set(edges(base.answer("network"))) == {("FIN", "KLD"), ("FIN", "NFD")}
    base.report("2014-03-03", [1, 4], [5, 5], number=number, kind=2)
    assert set(edges(base.answer("network"))) == {("FIN", "Skatteetaten"), ("FIN", "NFD")}
    base.report("2014-03-03", [1, 2], [5, 5], number=number, kind=1, reporter=2)
    result = base.answer("network")
    assert edges(result)[("FIN", "KLD")] == (0.5, 1) and edges(result)[("KLD", "Skatteetaten")] == (0.5, 1)
    assert [row["reported"] for row in table(result, "nodes")] == [1, 1, 0, 0]
    other_account = base.answer("network", SPEC + " tie=reporter:972417882")
    assert edges(other_account) == {("FIN", "KLD"): (1, 1)}
    assert [(row["actor"], row["reported"]) for row in table(other_account, "nodes")] == [("FIN", 0), ("KLD", 1)]
    assert edges(base.answer("network", SPEC + " tie=intersection")) == {}
    moment = datetime.datetime(2014, 3, 3, 10, tzinfo=OSLO)
    identity = uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 8 << 76 | 2 << 62 | other)
    base.run("INSERT INTO report.supplement (id, reporter, revision, kind, recorded_at, occurred_at, layer) VALUES (%s, 1, 0, 3, now(), %s, %s)",
             [str(identity), moment, base.layer["meeting"]])
    base.run("INSERT INTO report.touched (days) VALUES (ARRAY[%s])", [(moment.date() - datetime.date(1970, 1, 1)).days])
    assert ("FIN", "NFD") not in edges(base.answer("network"))


def test_withdrawing_everything_leaves_no_block(base):
    number = base.report("2014-03-03", [1, 2], [5, 5])
    base.worker("--once")
    assert base.value("SELECT count(*) FROM knowledge.day_block") == 1
    moment = datetime.datetime(2014, 3, 3, 10, tzinfo=OSLO)
    identity = uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 8 << 76 | 2 << 62 | number)
    base.run("INSERT INTO report.supplement (id, reporter, revision, kind, recorded_at, occurred_at, layer) VALUES (%s, 1, 0, 3, now(), %s, %s)",
             [str(identity), moment, base.layer["meeting"]])
    base.run("INSERT INTO report.touched (days) VALUES (ARRAY[%s])", [(moment.date() - datetime.date(1970, 1, 1)).days])
    base.worker("--once")
    assert base.value("SELECT count(*) FROM knowledge.day_block") == 0
    assert table(base.answer("network"), "nodes") == []


def test_blocks_of_another_format_are_rebuilt(base):
    base.report("2014-03-03", [1, 2], [5, 5])
    base.worker("--once")
    block = bytes(base.value("SELECT block FROM knowledge.day_block"))
    base.run("UPDATE knowledge.day_block SET format = 99, block = '\\x63'")
    assert edges(base.answer("network")) == {("FIN", "KLD"): (1, 1)}
    assert base.rows("SELECT format FROM knowledge.day_block") == [(2,)]
    assert bytes(base.value("SELECT block FROM knowledge.day_block")) == block
    # A damaged one is named, not believed.
    base.run("UPDATE knowledge.day_block SET block = overlay(block PLACING '\\xff' FROM 12), digest = 1")
    done = base.worker("--run", "network " + SPEC, check=False)
    assert done.returncode == 1 and "checksum" in done.stderr
    advice = base.value("SELECT error FROM knowledge.job ORDER BY id DESC LIMIT 1")
    base.run(advice[advice.index("UPDATE"):advice.index(" has that day")])
    assert edges(base.answer("network")) == {("FIN", "KLD"): (1, 1)}


def test_filters_read_rows(base):
    base.report("2014-03-03", [1, 2], [5, 5], case_ref="14/1 A")
    base.report("2014-03-03", [1, 3], [5, 5], case_ref="14/2")
    base.report("2014-03-04", [2, 3, 1], [1, 2, 2], layer="consultation", case_ref="14/1 A")
    assert set(edges(base.answer("network", SPEC + " case=14/1%20A"))) == {("FIN", "KLD"), ("KLD", "NFD")}
    assert set(edges(base.answer("network", SPEC + " case=14/1%20A layer=meeting"))) == {("FIN", "KLD")}
    assert base.rows("SELECT ref, first_seen_on::text FROM register.case_file ORDER BY 1") == \
        [("14/1 A", "2014-03-03"), ("14/2", "2014-03-03")]
    base.run("UPDATE register.case_file SET case_type = 'lov' WHERE ref = '14/2'")
    assert set(edges(base.answer("network", SPEC + " case-type=lov"))) == {("FIN", "NFD")}
    assert edges(base.answer("network", SPEC + " weight=max"))[("FIN", "KLD")] == (1, 2)
    # Who told of anything in the period has reported, also where none of it is of the case.
    base.report("2014-06-04", [2, 3], [5, 5], reporter=2)
    nodes = table(base.answer("network", SPEC + " case=14/1%20A"), "nodes")
    assert [(row["actor"], row["reported"]) for row in nodes] == [("FIN", 1), ("KLD", 1), ("NFD", 0)]


def test_refusals(base):
    for spec, words in (("from=2014-01-01", "to: missing"), (SPEC + " layer=nowhere", "there is no layer"),
                        (SPEC + " layer=letter projection=duration", "only meetings have a duration"),
                        (SPEC + " tie=reporter:999999999", "no organisation 999999999")):
        job = base.request("network", spec)
        assert base.worker("--once", check=False).returncode == 1
        state, status, error, _, _ = base.job(job)
        assert (state, status) == ("failed", 6) and words in error
    job = base.request("horoscope")
    assert base.worker("--once", check=False).returncode == 1
    assert base.job(job)[:2] == ("failed", 6) and "horoscope" in base.job(job)[2]


def test_families_and_report(base):
    for month in range(1, 13):
        base.report(f"2014-{month:02}-03", [1, 2, 3], [4, 5, 5])
        sent = datetime.datetime(2014, month, 5, 9, tzinfo=OSLO)
        base.report(f"2014-{month:02}-05", [1, 2, 3], [1, 2, 2], layer="consultation", hour=9,
                    received_at=[None, sent, sent], replied_at=[None, sent + datetime.timedelta(days=5), None],
                    deadline_at=[None] + [sent + datetime.timedelta(days=21)] * 2,
                    reply_status=[0, 2, 1], outcome=[0, 5 if month == 6 else 2, 0])
    for family in ("graph", "centrality", "bottlenecks", "time", "objections", "righttime", "gaps"):
        result = base.answer(family, SPEC + " level=ministry")
        assert result["card"]["family"] == family and result["tables"], family
        assert result["card"]["engine"] and result["card"]["watermark"]
    assert edges(base.answer("network"), "objections") == {("KLD", "FIN"): (1, 1)}
    times = {row["actor"]: row for row in table(base.answer("bottlenecks", SPEC + " level=ministry"), "bottlenecks")}
    assert [(times[key]["requests"], times[key]["answered"], times[key]["pending"]) for key in ("FIN", "KLD", "NFD")] == [(0, 0, 0), (12, 12, 0), (12, 0, 12)]
    assert times["KLD"]["median_days"] == pytest.approx(5) and times["KLD"]["answered_by_deadline"] == 1
    page = base.worker("--run", "report " + SPEC + " level=ministry", "--language", "en").stdout
    assert page.lstrip().lower().startswith("<!doctype html>") and "FIN in English" in page
    assert base.value("SELECT media_type FROM knowledge.result WHERE family = 'report'").startswith("text/html")
    base.worker("--run", "report " + SPEC + " level=ministry", "--language", "nb")
    assert base.value("SELECT count(*) FROM knowledge.result WHERE family = 'report'") == 2


def test_change_between_periods(base):
    """2014 against what came before: both periods are read, condensed, and in the watermark."""
    def entries(result):
        return {entry["key"]: entry["value"] for entry in result["card"]["entries"]}

    def turnover(result):
        row = table(result, "turnover")[0]
        return row["kept"], row["new"], row["lost"]

    for spec in (SPEC, SPEC + " weight=max"):   # from blocks, and from rows
        year = 2013 if spec == SPEC else 2011
        spec += "" if spec == SPEC else " earlier-from=2011-01-01"
        base.report(f"{year}-03-03", [1, 2], [5, 5])
        base.report(f"{year}-03-04", [2, 3], [5, 5])
        if spec == SPEC:
            base.report("2014-03-03", [1, 2], [5, 5])
            base.report("2014-03-04", [1, 3], [5, 5])
        first = base.answer("change", spec)
        assert base.value("SELECT count(*) FROM report.touched WHERE days && ARRAY[%s]",
                          [(datetime.date(year, 3, 3) - datetime.date(1970, 1, 1)).days]) == 0
        assert turnover(first) == (1, 1, 0), table(first, "turnover")   # nobody at KLD-NFD has reported in 2014: not known to be lost
        assert table(first, "turnover")[0]["dyads_unknown"] == 1
        assert [(row["from"], row["to"], row["actors"]) for row in table(first, "periods")] == \
            [(f"{year}-01-01", f"{year + 1}-01-01", 3), ("2014-01-01", "2015-01-01", 3)]
        assert ("just before" if spec == SPEC else "as asked for") in entries(first)["earlier period"]
        assert base.answer("change", spec) == first and base.answer("change", spec, "--recompute") == first
        graph = base.answer("graph", spec)
        base.report("2012-07-07", [1, 3], [5, 5])       # in neither period
        assert base.answer("change", spec) == first
        base.report(f"{year}-07-07", [1, 3], [5, 5])    # in the earlier one
        second = base.answer("change", spec)
        assert second["id"] != first["id"] and second["card"]["watermark"] != first["card"]["watermark"]
        assert second["card"]["input_hash"] != first["card"]["input_hash"]
        assert turnover(second) == (2, 0, 0)
        assert base.answer("graph", spec) == graph      # which looks at one period only

    job = base.request("change", SPEC + " earlier-to=2014-06-01")
    base.worker("--once", check=False)
    assert base.job(job)[:2] == ("failed", 6) and "reaches into" in base.job(job)[2]


def start_worker(base, tmp_path, *arguments):
    return Process([WORKER, "--database", base.dsn, *arguments], tmp_path / "worker.log", cwd="/")


def test_service_takes_jobs_and_stops(base, tmp_path):
    base.report("2014-03-03", [1, 2], [5, 5])
    worker = start_worker(base, tmp_path)
    try:
        job = base.request("network")
        wait_until(lambda: base.job(job)[0] == "done", 30, "the job is done")
        assert base.job(job)[4] is not None
        # One whose row is held when it is looked for, as by somebody who joins it, is taken when it is let go of.
        with contextlib.closing(psycopg2.connect(base.dsn)) as holder, holder.cursor() as cursor:
            held = base.value("INSERT INTO knowledge.job (family, spec, language, priority) VALUES ('network', %s, 'nb', 10) RETURNING id", [SPEC])
            cursor.execute("SELECT FROM knowledge.job WHERE id = %s FOR UPDATE", [held])
            wait_until(lambda: "done after" in worker.text(), 5, "the first is over")
            base.value("SELECT pg_notify('samordning_job', %s)::text", [str(held)])
            looks = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%knowledge.job WHERE state = ''waiting''%%' AND application_name LIKE 'samordning-analyse%%' AND query_start > %s"
            begun = base.value("SELECT now()")
            wait_until(lambda: base.value(looks, [begun]) > 0, 10, "the worker has looked")
            holder.rollback()
            released = time.monotonic()
            wait_until(lambda: base.job(held)[0] == "done", 30, "the job is done")
            assert time.monotonic() - released < 2.5 * max(1, waiting.SLOWNESS)
    finally:
        worker.signal(signal.SIGTERM)
        worker.wait()
    assert worker.returncode == 0, worker.text()


def test_a_process_goes_on_from_what_it_has_read(base, tmp_path):
    """Whatever comes in between, its results are the bytes of a process that reads everything."""
    labels = [[1, 2], [2, 3, 1], [3, 4], [4, 1, 5], [2, 4]]
    start = datetime.date(2014, 1, 7)

    def asked(number, **more):
        day = (start + datetime.timedelta(days=3 * number)).isoformat()
        who = labels[number % len(labels)]
        if number % 2:
            return base.report(day, who, [4] + [5] * (len(who) - 1), **more)
        replied = datetime.datetime.fromisoformat(day).replace(hour=15, tzinfo=OSLO) + datetime.timedelta(days=number % 7)
        return base.report(day, who, [1] + [2] * (len(who) - 1), layer="consultation", reply_status=[0] + [2] * (len(who) - 1),
                           replied_at=[None] + [replied] * (len(who) - 1), **more)
    numbers = [asked(number) for number in range(60)]
    worker = start_worker(base, tmp_path)
    asking = [(family, choices) for family in ("graph", "bottlenecks", "righttime", "gaps") for choices in ("", "seed=7")]
    asking += [("graph", "missing=tied"), ("graph", "missing=union"), ("centrality", "missing=union seed=7")]
    try:
        first = set()
        for change in (
                lambda: None,
                lambda: asked(60),
                lambda: asked(61, hour=12),
                lambda: asked(2, hour=12),          # late, in a day long merged
                lambda: base.report((start + datetime.timedelta(days=6)).isoformat(), [1, 3], [1, 2], layer="consultation",
                                    number=numbers[2], kind=2),
                lambda: base.run("INSERT INTO register.label_actor (label, actor, valid, how) VALUES (5, 3, daterange('2014-02-01', NULL), 'operator')"),
                lambda: asked(62)):
            change()
            jobs = [base.request(family, f"{SPEC} {choices}") for family, choices in asking]
            for job in jobs:
                wait_until(lambda job=job: base.job(job)[0] == "done", 30, "the job is done")
            first |= set(children(worker.pid))
            for family, choices in asking:
                if "seed=7" in choices:
                    base.worker("--run", f"{family} {SPEC} {choices}", "--recompute")
            # Seed, choices and the treatment of unknown ties do not decide what is read.
            told = re.findall(r"job (\d+): done .*it goes on from the job before", worker.text())
            assert {str(job) for job in jobs[1:]} <= set(told), worker.text()
        assert len(first) == 1, "one process answered all of them"
        assert base.value("SELECT count(DISTINCT watermark) FROM knowledge.result") == 7
        # One that dies while it waits is replaced without anybody noticing.
        os.kill(first.pop(), signal.SIGKILL)
        asked(63)
        job = base.request("graph")
        wait_until(lambda: base.job(job)[0] == "done", 30, "the job is done")
        assert base.value("SELECT count(*) FROM knowledge.job WHERE state <> 'done'") == 0
    finally:
        worker.signal(signal.SIGTERM)
        worker.wait()
    assert worker.returncode == 0
    worker.complain_about_sanitizers()


def test_cancel_and_give_back(base, tmp_path):
    base.report("2014-03-03", [1, 2], [5, 5])
    # Whoever holds the condensers' lock keeps a job waiting as long as we want.
    blocker = psycopg2.connect(base.dsn)
    blocker.cursor().execute("SELECT pg_advisory_lock(hashtextextended('samordning condense', 0))")
    worker = start_worker(base, tmp_path, "--jobs", "2")
    try:
        job = base.request("network")
        wait_until(lambda: base.job(job)[0] == "running", 30, "the job runs")
        assert base.value("SELECT knowledge.leave_job(%s)", [job])
        wait_until(lambda: f"job {job}: CANCELLED" in worker.text(), 30, "the worker lets go of it")
        assert base.job(job)[0] == "cancelled"
        second = base.request("graph")
        wait_until(lambda: base.job(second)[0] == "running", 30, "the next job runs")
        worker.signal(signal.SIGTERM)
        wait_until(lambda: base.job(second)[0] == "waiting", 30, "the job is given back")
        worker.wait()
        assert worker.returncode == 0
        assert base.value("SELECT attempts FROM knowledge.job WHERE id = %s", [second]) == 0
    finally:
        if worker.running:
            worker.signal(signal.SIGKILL)
            worker.wait()
        blocker.close()
    base.worker("--once")
    assert base.job(second)[0] == "done"


def test_a_job_that_takes_too_long(base):
    base.report("2014-03-03", [1, 2], [5, 5])
    blocker = psycopg2.connect(base.dsn)
    blocker.cursor().execute("SELECT pg_advisory_lock(hashtextextended('samordning condense', 0))")
    try:
        job = base.request("network")
        assert base.worker("--run", "network " + SPEC, "--time-limit-s", "1", check=False).returncode == 1
        assert base.job(job)[:2] == ("failed", 11) and "longer than 1 s" in base.job(job)[2]
    finally:
        blocker.close()


def test_the_database_goes_and_comes_back(cluster, base, tmp_path):
    base.report("2014-03-03", [1, 2], [5, 5])
    worker = start_worker(base, tmp_path)
    try:
        job = base.request("network")
        wait_until(lambda: base.job(job)[0] == "done", 30, "the job is done")
        base.connection.close()
        cluster.restart()
        wait_until(lambda: "lost the database" in worker.text() or "no database" in worker.text(), 30, "the worker noticed")
        base.connection = wait_until(lambda: psycopg2.connect(base.dsn), 30, "the database is back")
        base.connection.autocommit = True
        job = base.request("graph")
        wait_until(lambda: base.job(job)[0] == "done", 30, "the next job is done")
    finally:
        worker.signal(signal.SIGTERM)
        worker.wait()
    assert worker.returncode == 0


def test_a_crash_costs_one_job(base, tmp_path):
    base.report("2014-03-03", [1, 2], [5, 5])
    blocker = psycopg2.connect(base.dsn)
    blocker.cursor().execute("SELECT pg_advisory_lock(hashtextextended('samordning condense', 0))")
    worker = start_worker(base, tmp_path)
    try:
        job = base.request("network")
        wait_until(lambda: base.job(job)[0] == "running", 30, "the job runs")
        child = wait_until(lambda: children(worker.pid), 30, "a child")
        os.kill(child[0], signal.SIGSEGV)
        wait_until(lambda: base.job(job)[0] == "failed", 30, "the job failed")
        _, status, error, _, _ = base.job(job)
        assert status == 13 and ("signal 11" in error or "code" in error), error    # a sanitizer turns the signal into a code
        blocker.close()
        second = base.request("network")
        wait_until(lambda: base.job(second)[0] == "done", 30, "the next job is done")
    finally:
        worker.signal(signal.SIGTERM)
        worker.wait()


def test_a_long_backlog_in_pieces(base):
    base.run("SELECT report.ensure_partition(m::date) FROM generate_series(date '2012-01-01', date '2014-12-01', '1 month') m")
    # Three years, one meeting a day, several days to a touched row.
    base.run("""INSERT INTO report.interaction (id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision,
                                                level, resolved_level, labels, roles)
                SELECT (substr(report.id_floor(t)::text, 1, 14) || '7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, t, now(), n, 1, 1, %s, 0, 0,
                       0, 0, ARRAY[1, 2 + n::int4 %% 2], ARRAY[5, 5]::int2[]
                FROM (SELECT n, timestamptz '2012-01-01 12:00+01' + n * interval '1 day' AS t FROM generate_series(0, 1094) n) one""",
             [base.layer["meeting"]])
    base.run("INSERT INTO report.touched (days) SELECT array_agg(15340 + n) FROM generate_series(0, 1094) n GROUP BY n / 7")
    base.worker("--once")
    assert base.value("SELECT count(*) FROM report.touched") == 0
    assert base.rows("SELECT count(*), sum(interactions), sum(dyads) FROM knowledge.day_block") == [(1095, 1095, 1095)]
    assert edges(base.answer("network", "from=2012-01-01 to=2015-01-01"))[("FIN", "KLD")] == (548, 548)
