# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing lost, nothing twice: daemon, PostgreSQL and client are killed with -9 at random moments under load, many rounds; then
every file is submitted again, and what stands in the database is compared with what clients were told.

SAMORDNING_CHAOS_ROUNDS and SAMORDNING_CHAOS_SEED repeat or lengthen it."""
import csv
import os
import pathlib
import random
import signal
import threading

import pytest

import samordning_pb2 as pb
from harness.daemon import OPERATOR
from harness.process import alive
from harness.waiting import wait_until
from harness.wire import Closed, Wire, meeting

ROUNDS = int(os.environ.get("SAMORDNING_CHAOS_ROUNDS", "6"))
SEED = int(os.environ.get("SAMORDNING_CHAOS_SEED", "20141126"))
WIRE_LANES = 3
ORGNR = ["972417807", "872417842", "983887406", "972417831"]


class Lane(threading.Thread):
    """Submits without a spool over the raw protocol and keeps its own record: sent, and acknowledged with which id."""

    def __init__(self, daemon, number, stop):
        super().__init__()
        self.daemon_under_test, self.number, self.stopping = daemon, number, stop
        self.acknowledged, self.sent, self.wrong = {}, {}, []

    def run(self):
        batch = 0
        while not self.stopping.is_set():
            try:
                with Wire(self.daemon_under_test.address, self.daemon_under_test.bundle(ORGNR[0]), timeout=20) as connection:
                    while not self.stopping.is_set():
                        self.submit(connection, batch)
                        batch += 1
            except (Closed, OSError, AssertionError):
                self.stopping.wait(0.05)

    def make(self, batch):
        start = 1_740_000_000_000_000 + batch * 60_000_000
        return [meeting(start + n * 1_000_000, ["FIN", "KD", f"Aktør {n % 7}"],
                        f"{self.number}-{batch}-{n}") for n in range(20)]

    def submit(self, connection, batch):
        interactions = self.make(batch)
        for interaction in interactions:
            self.sent[interaction.source_id] = interaction
        response = connection.submit(interactions)
        if response.status != pb.STATUS_OK:
            return
        for interaction, receipt in zip(interactions, response.submit.receipts):
            if receipt.state in (pb.RECEIPT_STORED, pb.RECEIPT_ALREADY_STORED):
                self.acknowledged[interaction.source_id] = bytes(receipt.id)
            else:
                self.wrong.append((interaction.source_id, receipt))


@pytest.fixture
def chaotic(make_daemon, simulate):
    daemon = make_daemon(settings={"database_retry_max_ms": 300, "condense_quiet_ms": 200})
    daemon.crashed_on_purpose = True
    sample = simulate(interactions=6000, seed=5, plant="none", witnesses=0, single_file=True)
    daemon.client(OPERATOR, "actors", "import", sample.actors, check=True)
    for orgnr in ORGNR:
        daemon.enrol(orgnr)
    return daemon, sample


def test_nothing_is_lost_and_nothing_is_twice(chaotic, tmp_path):
    daemon, sample = chaotic
    generator = random.Random(SEED)
    file = sample.files[0][1]
    spool = tmp_path / "spool"
    stop = threading.Event()
    lanes = [Lane(daemon, n, stop) for n in range(WIRE_LANES)]
    for lane in lanes:
        lane.start()
    client = None
    killed = {"daemon": 0, "postgres": 0, "client": 0}
    targets = ["daemon", "postgres", "client"] * ((ROUNDS + 2) // 3)
    generator.shuffle(targets)
    try:
        for round_number, target in enumerate(targets[:ROUNDS]):
            if client is None or not client.running:
                client = daemon.start_client(ORGNR[1], "submit", file, "--retry-for", "120", "--spool", spool, "--batch", "50",
                                             log=tmp_path / f"client-{round_number}.log")
            enough = sum(len(lane.acknowledged) for lane in lanes) + generator.randint(20, 1500)
            wait_until(lambda: sum(len(lane.acknowledged) for lane in lanes) >= enough, 60, "the load runs", interval=0.001)
            if target == "daemon":
                daemon.kill()
                daemon.start()
            elif target == "postgres":
                cluster = daemon.cluster_pid()
                if cluster:
                    os.kill(cluster, signal.SIGKILL)
                    wait_until(lambda: not alive(cluster), 20, "PostgreSQL is gone")
                wait_until(lambda: daemon.http("/ready")[0] == 200, 60, "PostgreSQL is back")
            else:
                client.kill()
                client.complain_about_sanitizers()
            killed[target] += 1
    finally:
        stop.set()
        for lane in lanes:
            lane.join(120)
        if client is not None and client.running:
            client.kill()
    wait_until(lambda: daemon.http("/ready")[0] == 200, 60, "the daemon is ready at the end")
    assert sum(killed.values()) == ROUNDS

    # 1. What was acknowledged is there, once, under the id that was told.
    stored = {}
    for identifier, source_id in daemon.query("SELECT id, source_id FROM report.interaction WHERE source = 'harness'"):
        assert source_id not in stored, f"{source_id} is stored twice"
        stored[source_id] = identifier
    for lane in lanes:
        assert not lane.wrong, f"receipts that make no sense: {lane.wrong[:3]}"
        for source_id, identifier in lane.acknowledged.items():
            assert source_id in stored, f"{source_id} was acknowledged and is not stored"
            assert stored[source_id].replace("-", "") == identifier.hex()
    assert sum(len(lane.acknowledged) for lane in lanes) > 100

    # 2. Submitting again completes every file: what had come through is already there, the rest is stored.
    with Wire(daemon.address, daemon.bundle(ORGNR[0]), timeout=60) as connection:
        for lane in lanes:
            sent = list(lane.sent.values())
            for first in range(0, len(sent), 500):
                part = sent[first:first + 500]
                response = connection.submit(part)
                assert response.status == pb.STATUS_OK
                for interaction, receipt in zip(part, response.submit.receipts):
                    assert receipt.state in (pb.RECEIPT_STORED, pb.RECEIPT_ALREADY_STORED), (interaction.source_id, receipt)
                    if interaction.source_id in stored:
                        assert receipt.state == pb.RECEIPT_ALREADY_STORED
    done = daemon.client(ORGNR[1], "submit", file, "--spool", spool, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    everything = sum(len(lane.sent) for lane in lanes)
    assert daemon.value("SELECT count(*) FROM report.interaction WHERE source = 'harness'") == everything
    assert daemon.stored() == everything + sample.interactions
    assert daemon.value("SELECT count(*) FROM report.supplement") == 0
    with open(file, encoding="utf-8", newline="") as text:
        rows = sum(1 for _ in csv.DictReader(text))
    assert daemon.value("SELECT coalesce(sum(cardinality(labels)), 0) FROM report.interaction "
                        "WHERE source IS DISTINCT FROM 'harness'") == rows

    # 3. Every day that was touched is condensed in the end, and the blocks count every interaction once.
    wait_until(lambda: daemon.value("SELECT count(*) FROM report.touched") == 0, 120, "all days are condensed")
    assert daemon.value("SELECT sum(interactions) FROM knowledge.day_block") == daemon.stored()
    # They say what reading all rows at once says.
    every = "SELECT string_agg(md5(block), ' ' ORDER BY day, layer) FROM knowledge.day_block"
    blocks = daemon.value(every)
    daemon.query("UPDATE knowledge.day_block SET format = 0, block = ''")
    job = daemon.value("SELECT knowledge.request_job('condense', '', '', false, 0)")
    wait_until(lambda: daemon.value("SELECT state FROM knowledge.job WHERE id = %s", [job]) == "done", 120, "all days are rebuilt")
    assert daemon.value(every) == blocks


def test_the_spool_brings_everything_through_a_daemon_that_comes_late(make_daemon, simulate, tmp_path):
    """The client reads a file while the daemon is away, keeps it in the spool, and a later run delivers it."""
    daemon = make_daemon()
    daemon.enrol(ORGNR[0])
    sample = simulate(interactions=500, plant="none", single_file=True)
    daemon.stop()
    spool = tmp_path / "spool"
    away = daemon.client(ORGNR[0], "submit", sample.files[0][1], "--spool", spool, "--retry-for", "1")
    assert away.returncode == 5, away.stdout + away.stderr
    daemon.start()
    done = daemon.client(ORGNR[0], "submit", sample.files[0][1], "--spool", spool, check=True)
    assert daemon.stored() == sample.interactions, done.stdout
    assert not [p for p in pathlib.Path(spool).rglob("*") if p.is_file() and p.stat().st_size > 0 and "lock" not in p.name] or \
        daemon.client(ORGNR[0], "spool", "--spool", spool, check=True)
