# SPDX-License-Identifier: GPL-3.0-or-later
"""An outside PostgreSQL: restarts, kill -9, refusals, a newer schema, several hosts; and the researchers' role."""
import datetime
import itertools
import re
import subprocess
import threading

import psycopg2
import pytest

import samordning_pb2 as pb
from harness.daemon import OPERATOR, RESEARCHER
from harness.process import environment, free_port
from harness.waiting import wait_until
from harness.wire import Wire, meeting, microseconds

SUBMITTER = "972417807"
WHEN = microseconds(datetime.datetime(2025, 3, 3, 9, 30, tzinfo=datetime.timezone.utc))


@pytest.fixture
def outside(make_postgres, make_daemon):
    """A daemon on a database of its operator's."""
    postgres = make_postgres()
    postgres.create_database()
    daemon = make_daemon(database=postgres.dsn(), settings={"database_retry_max_ms": 300})
    daemon.enrol(SUBMITTER)
    return daemon, postgres


def submit(daemon, name, deadline_ms=0, timeout=120):
    with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=timeout) as connection:
        return connection.call(deadline_ms=deadline_ms,
                               submit=pb.SubmitRequest(interactions=[meeting(WHEN, ["FIN", "KD"], name)]))


def test_across_restart_and_kill(outside):
    daemon, postgres = outside
    assert daemon.cluster_pid() is None, "no private cluster beside an outside database"
    assert submit(daemon, "før").submit.receipts[0].state == pb.RECEIPT_STORED
    postgres.stop()
    refused = submit(daemon, "borte", deadline_ms=1500)
    assert refused.status in (pb.STATUS_UNAVAILABLE, pb.STATUS_TIMEOUT) and refused.message
    wait_until(lambda: daemon.http("/ready")[0] == 503, 20, "/ready says so")
    assert daemon.http("/health")[0] == 200
    postgres.start()
    wait_until(lambda: submit(daemon, "borte").status == pb.STATUS_OK, 30, "the database is found again")
    postgres.kill()
    postgres.start()
    wait_until(lambda: submit(daemon, "etter").status == pb.STATUS_OK, 30, "and after kill -9")
    names = [n for (n,) in daemon.query("SELECT source_id FROM report.interaction")]
    assert sorted(names) == ["borte", "etter", "før"]


def test_a_request_waits_through_a_short_restart(outside):
    daemon, postgres = outside
    with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=120) as connection:
        postgres.stop()
        number = connection.send(deadline_ms=60000,
                                 submit=pb.SubmitRequest(interactions=[meeting(WHEN, ["FIN", "KD"], "venter")]))
        postgres.start()
        response = connection.receive()
        assert response.id == number and response.status == pb.STATUS_OK
        assert response.submit.receipts[0].state == pb.RECEIPT_STORED


def test_a_read_only_database_is_retryable(outside):
    daemon, postgres = outside
    connection = postgres.connect()
    connection.cursor().execute("ALTER DATABASE samordning SET default_transaction_read_only = on")
    connection.cursor().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'samordning'")
    response = submit(daemon, "skrivebeskyttet", deadline_ms=3000)
    assert response.status in (pb.STATUS_UNAVAILABLE, pb.STATUS_TIMEOUT, pb.STATUS_BUSY) and response.message
    connection.cursor().execute("ALTER DATABASE samordning RESET default_transaction_read_only")
    connection.cursor().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'samordning'")
    wait_until(lambda: submit(daemon, "skrivebeskyttet").status == pb.STATUS_OK, 30, "writing works again")
    connection.close()


def test_a_newer_schema_is_refused(outside):
    daemon, postgres = outside
    daemon.stop()
    connection = postgres.connect("samordning")
    cursor = connection.cursor()
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'schema_version'")
    columns = [name for (name,) in cursor.fetchall()]
    number = next(name for name in columns if name in ("number", "version"))
    cursor.execute(f"INSERT INTO public.schema_version ({', '.join(columns)}) SELECT " +
                   ", ".join("9999" if name == number else f"s.{name}" for name in columns) +
                   f" FROM public.schema_version s ORDER BY s.{number} DESC LIMIT 1")
    connection.close()
    daemon.start(ready=False)
    assert daemon.process.wait(60) not in (0, 99)
    assert "9999" in daemon.process.text() or "newer" in daemon.process.text()


def test_several_hosts(make_postgres, make_daemon):
    postgres = make_postgres()
    postgres.create_database()
    dsn = f"host=127.0.0.1,127.0.0.1 port={free_port()},{postgres.port} dbname=samordning user=postgres connect_timeout=5"
    daemon = make_daemon(settings={"database": dsn}, database=postgres.dsn())
    daemon.enrol(SUBMITTER)
    assert submit(daemon, "flere").submit.receipts[0].state == pb.RECEIPT_STORED
    assert daemon.stored() == 1


def test_failover_to_a_promoted_standby(make_postgres, make_daemon):
    """The primary dies under load, its synchronous standby takes over: clients wait and go on, nothing acknowledged is lost."""
    primary = make_postgres()
    primary.create_database()
    standby = make_postgres(primary=primary)
    hosts = f"host=127.0.0.1,127.0.0.1 port={primary.port},{standby.port} dbname=samordning user=postgres connect_timeout=5"
    connection = primary.connect()
    connection.cursor().execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    connection.cursor().execute("SELECT pg_reload_conf()")
    connection.close()
    daemon = make_daemon(settings={"database": hosts + " target_session_attrs=read-write", "database_retry_max_ms": 300},
                         database=primary.dsn())
    daemon.enrol(SUBMITTER)
    acknowledged, enough, done = [], threading.Event(), threading.Event()

    def load():
        with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=120) as connection:
            for number in itertools.count():
                name = f"nr {number}"
                while connection.call(submit=pb.SubmitRequest(interactions=[meeting(WHEN, ["FIN", "KD"], name)])).status != pb.STATUS_OK:
                    assert not done.is_set(), "it never came back"
                acknowledged.append(name)
                if len(acknowledged) >= 50:
                    enough.set()
                if done.is_set():
                    return
    thread = threading.Thread(target=load)
    thread.start()
    try:
        assert enough.wait(60), "submissions are acknowledged"
        primary.kill()
        before = len(acknowledged)
        promoted = standby.connect()
        promoted.cursor().execute("SELECT pg_promote(true, 30)")
        wait_until(lambda: len(acknowledged) > before + 50, 60, "the new primary takes submissions")
    finally:
        done.set()
        thread.join(60)
    promoted.close()
    with standby.connect("samordning") as after, after.cursor() as cursor:
        cursor.execute("SELECT source_id FROM report.interaction")
        stored = [name for (name,) in cursor.fetchall()]
    assert len(stored) == len(set(stored)) and set(acknowledged) <= set(stored)


def test_a_database_that_does_not_exist(make_postgres, make_daemon):
    postgres = make_postgres()
    postgres.create_database()
    daemon = make_daemon(settings={"database": postgres.dsn("finnesikke"), "database_retry_max_ms": 300},
                         database=postgres.dsn(), start=False)
    daemon.start(ready=False)
    daemon.process.wait_for_log("finnesikke", 30)
    assert daemon.process.running or daemon.process.returncode not in (0, 99)
    postgres.create_database("finnesikke")
    if daemon.process.running:
        daemon.wait_ready(60)


def test_two_daemons_migrate_one_database_at_once(make_postgres, make_daemon):
    postgres = make_postgres()
    postgres.create_database()
    other = make_postgres()
    other.create_database("annen")
    daemons = [make_daemon(settings={"database": postgres.dsn()}, database=other.dsn("annen"), start=False) for _ in range(2)]
    for daemon in daemons:
        daemon.database = postgres.dsn()
    for daemon in daemons:
        daemon.start(ready=False)
    for daemon in daemons:
        daemon.wait_ready(60)
    versions = daemons[0].query("SELECT count(*), count(DISTINCT s.*) FROM public.schema_version s")[0]
    assert versions[0] == versions[1] > 0


def test_the_researchers_role_reads_and_cannot_write(outside, simulate):
    daemon, postgres = outside
    sample = simulate(interactions=300, plant="none", single_file=True)
    daemon.client(OPERATOR, "actors", "import", sample.actors, check=True)
    daemon.client(SUBMITTER, "submit", sample.files[0][1], check=True)
    admin = postgres.connect("samordning")
    admin.cursor().execute("CREATE ROLE forsker LOGIN IN ROLE samordning_researcher")
    admin.close()
    connection = postgres.connect("samordning", "forsker")
    cursor = connection.cursor()
    cursor.execute("SELECT table_name FROM information_schema.views WHERE table_schema = 'research'")
    views = [name for (name,) in cursor.fetchall()]
    assert "participation" in views
    for view in views:
        cursor.execute(f'SELECT * FROM research."{view}" LIMIT 1')
    cursor.execute("SELECT count(*) FROM research.participation")
    assert cursor.fetchone()[0] == sample.truth["participations"]
    for statement in ("INSERT INTO report.touched (days) VALUES ('{1}')", "DELETE FROM report.interaction",
                      "UPDATE report.interaction SET weight = 9", "DROP VIEW research.participation",
                      "SELECT * FROM access.certificate", "SELECT * FROM report.quarantine",
                      "CREATE TABLE report.mine (a int)", "SELECT register.resolve_labels('{1}')",
                      "CREATE TABLE public.mine (a int)"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
    connection.close()


def test_a_worker_on_another_host(outside, simulate):
    """Workers started by hand against the database compute what the daemon asks for when it has none of its own."""
    daemon, postgres = outside
    sample = simulate(interactions=300, plant="none", single_file=True)
    daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    daemon.client(OPERATOR, "actors", "import", sample.actors, check=True)
    daemon.client(SUBMITTER, "submit", sample.files[0][1], check=True)
    daemon.configure(workers=0)
    daemon.restart()
    from harness.process import Process
    usage = subprocess.run([daemon.programs.worker, "--help"], capture_output=True, text=True, env=environment()).stdout
    option = "--database" if "--database" in usage else re.search(r"(--(?:dsn|connection|conninfo))\b", usage).group(1)
    worker = Process([daemon.programs.worker, option, postgres.dsn()], daemon.root / "worker.log")
    try:
        answer = daemon.table(RESEARCHER, "metrics", "graph", "--year", 2025)
        assert answer["tables"]["graph"]["rows"][0]["interactions"] == sample.interactions
    finally:
        assert worker.terminate() == 0, worker.text()
        worker.complain_about_sanitizers()
