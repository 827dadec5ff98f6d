# SPDX-License-Identifier: GPL-3.0-or-later
"""Two workers on one job's paths: the bytes of one alone, whatever happens to the helper, and an end as quick as alone."""
import datetime
import os
import pathlib
import random
import re
import signal
import time

import psycopg2.extras
import pytest

from harness import waiting
from harness.process import Process, children
from harness.waiting import wait_until
from test_worker import Base, OSLO, WORKER, cluster  # noqa: F401 (a fixture)

ACTORS, TIES = 3000, 15000
SPEC = "from=2014-01-01 to=2015-01-01"
ABOVE_MS = 100  # of about 500 on two cores: parts of 10 ms


@pytest.fixture(scope="module")
def base(cluster):  # noqa: F811
    made = Base(cluster, "sharing")
    fill(made)
    made.worker("--once")
    made.worker("--run", f"centrality {SPEC}", "--share-above-ms=0")
    assert not made.value("SELECT EXISTS (SELECT FROM knowledge.share)")
    yield made
    made.connection.close()


def fill(base):
    base.run("INSERT INTO register.actor (key, kind) SELECT 'a' || n, 'agency' FROM generate_series(1, %s) n", [ACTORS])
    base.run("INSERT INTO register.actor_name (actor, name_nb) SELECT id, key FROM register.actor WHERE key ~ '^a[0-9]+$'")
    base.run("INSERT INTO register.label (text, folded) SELECT key, key FROM register.actor WHERE key ~ '^a[0-9]+$'")
    base.run("INSERT INTO register.label_actor (label, actor, valid, how) SELECT l.id, a.id, daterange(NULL, NULL), 'name' "
             "FROM register.label l JOIN register.actor a ON a.key = l.text WHERE a.key ~ '^a[0-9]+$' ON CONFLICT DO NOTHING")
    labels = [row[0] for row in base.rows("SELECT id FROM register.label WHERE text ~ '^a[0-9]+$' ORDER BY id")]
    assert len(labels) == ACTORS
    chance = random.Random(7)
    moment = datetime.datetime(2014, 3, 3, 10, tzinfo=OSLO)
    base.run("SELECT report.ensure_partition('2014-03-03'::date)")
    rows = []
    for tie in range(TIES):
        start = int(moment.timestamp() * 1000) + tie
        pair = (labels[tie % ACTORS], labels[(tie + 1) % ACTORS]) if tie < ACTORS else tuple(chance.sample(labels, 2))
        identity = f"{start:012x}8000" + "8" + f"{tie:015x}"
        rows.append((identity, moment, moment, tie, 1, chance.choice([1.0, 2.0, 3.0]), base.layer["meeting"], list(pair), [5, 5]))
    with base.connection.cursor() as cursor:
        psycopg2.extras.execute_values(
            cursor, "INSERT INTO report.interaction (id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, "
            "time_precision, level, resolved_level, labels, roles) VALUES %s", rows,
            "(%s::uuid, %s, %s, %s, %s, %s, %s, 4, 0, 0, 0, %s::int4[], %s::int2[])", 1000)
    base.run("INSERT INTO report.touched (days) VALUES (ARRAY[%s])", [(moment.date() - datetime.date(1970, 1, 1)).days])


class Pair:
    """Two workers and a job that computes the stored result again: it fails unless every byte is the same."""

    def __init__(self, base, directory):
        self.base = base
        self.workers = [Process([WORKER, "--database", base.dsn, "--nice=0", f"--share-above-ms={ABOVE_MS}"], directory / f"worker{n}.log",
                                cwd="/") for n in range(2)]
        wait_until(lambda: base.value("SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() "
                                      "AND application_name = 'samordning-analyse' AND query LIKE '%%knowledge.share%%'"), 30, "both workers have looked for work")
        self.seen = set()

    def begin(self):
        self.job = self.base.value("SELECT knowledge.request_job('centrality', %s, '', true, 0)", [SPEC])
        wait_until(lambda: self.base.job(self.job)[0] == "running", 30, "the job runs")
        pid = int(self.base.value("SELECT worker FROM knowledge.job WHERE id = %s", [self.job]).split(":")[1])
        self.owner, self.helper = sorted(self.workers, key=lambda worker: worker.pid != pid)

    def look(self):
        """Workers that have parts now, by process id."""
        now = {int(name.split(":")[1]) for name, in self.base.rows("SELECT worker FROM knowledge.share_part WHERE worker IS NOT NULL")}
        self.seen |= now
        return now

    def helps(self):
        return self.base.value("SELECT EXISTS (SELECT FROM knowledge.share_part WHERE state = 'running' AND worker LIKE %s)",
                               [f"%:{self.helper.pid}"])

    def wait_done(self):
        def ended():
            self.look()
            return self.base.job(self.job)[0] not in ("waiting", "running")
        wait_until(ended, 90, "the job has ended", interval=0.002)
        assert self.base.job(self.job)[:3] == ("done", None, None), self.base.job(self.job)
        assert self.base.value("SELECT count(*) FROM knowledge.share") == self.base.value("SELECT count(*) FROM knowledge.share_part") == 0

    def stop(self):
        for worker in self.workers:
            if worker.running:
                worker.terminate()
            worker.complain_about_sanitizers()


@pytest.fixture
def pair(base, tmp_path):
    made = Pair(base, tmp_path)
    yield made
    made.stop()


def test_two_workers_give_the_bytes_of_one(pair):
    pair.begin()
    pair.wait_done()
    assert pair.seen == {worker.pid for worker in pair.workers}
    pair.helper.wait_for_log(rf"job {pair.job}: helped with [1-9]\d* parts")
    assert not re.search("helped", pair.owner.text())


def test_a_helper_killed_in_the_middle_of_a_part(pair):
    pair.begin()

    def stopped_at_work():
        for child in children(pair.helper.pid) if pair.helps() else []:
            os.kill(child, signal.SIGSTOP)
            time.sleep(0.1)
            if pair.helps():
                return True
            os.kill(child, signal.SIGCONT)
        return False
    wait_until(stopped_at_work, 60, "the helper is stopped in a part", interval=0.001)
    pair.helper.kill()
    pair.wait_done()


def test_a_helpers_process_killed_alone(pair):
    """Its worker lives, and gives the part back at once."""
    pair.begin()
    wait_until(lambda: pair.helps() and children(pair.helper.pid), 60, "the helper is at work", interval=0.001)
    for child in children(pair.helper.pid):
        os.kill(child, signal.SIGKILL)
    pair.helper.wait_for_log(f"job {pair.job}: no more help: .*signal 9")
    pair.wait_done()


def test_cancel_frees_both_within_a_second(pair):
    pair.begin()
    wait_until(pair.helps, 60, "the helper is at work", interval=0.001)
    processes = children(pair.owner.pid) + children(pair.helper.pid)
    assert len(processes) == 2
    since = time.monotonic()
    assert pair.base.value("SELECT knowledge.leave_job(%s)", [pair.job])
    assert pair.base.value("SELECT count(*) FROM knowledge.share") == 0
    wait_until(lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in processes), 10, "both have stopped", interval=0.005)
    assert time.monotonic() - since < 1.0 * waiting.SLOWNESS
    assert pair.base.job(pair.job)[0] == "cancelled"


def test_a_helper_that_hears_nothing_notices(pair):
    """The share goes without a word (as when its owner is given up for dead): the next heartbeat tells."""
    pair.begin()
    wait_until(pair.helps, 60, "the helper is at work", interval=0.001)
    helping = children(pair.helper.pid)
    pair.base.run("DELETE FROM knowledge.share")
    since = time.monotonic()
    wait_until(lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in helping), 10, "the helper has stopped", interval=0.005)
    assert time.monotonic() - since < 1.0 * waiting.SLOWNESS
    pair.wait_done()  # the owner does the rest alone
