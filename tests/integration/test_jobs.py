# SPDX-License-Identifier: GPL-3.0-or-later
"""A job tells how far it is, stops within a second when nobody wants it any more, and costs nobody else anything when it crashes
or takes too much."""
import os
import pathlib
import pty
import signal
import subprocess
import time

import pytest

import samordning_pb2 as pb
from harness.daemon import RESEARCHER
from harness import waiting
from harness.process import children, environment
from harness.waiting import wait_until
from harness.wire import Wire

DAEMON_SETTINGS = {"condense_quiet_ms": 100}
YEAR = 2025
PERIOD = f"from={YEAR}-01-01 to={YEAR + 1}-01-01"
LONG = f"{PERIOD} permutations=1000000"  # of gaps: a minute and more


def fill(daemon, simulate):
    sample = simulate(year=YEAR, interactions=500, seed=5)
    sample.into(daemon)
    wait_until(lambda: not daemon.value("SELECT count(*) FROM report.touched") and
               not daemon.value("SELECT count(*) FROM knowledge.job WHERE state IN ('waiting', 'running')"), 60, "days are condensed")
    return daemon


@pytest.fixture(scope="module")
def year(module_daemon, simulate):
    return fill(module_daemon, simulate)


def computing(daemon):
    """Process id of the job that runs: a child of a worker."""
    return next(job for worker in daemon.worker_pids() for job in children(worker))


def is_gone(pid):
    return not pathlib.Path(f"/proc/{pid}").exists()


def last_job(daemon):
    return daemon.query("SELECT state, status, error FROM knowledge.job WHERE family <> 'condense' ORDER BY id DESC LIMIT 1")[0]


def begin(daemon, wire):
    """Starts the long job and waits until it has told how far it is."""
    number = wire.send(analysis=pb.AnalysisRequest(family="gaps", spec=LONG))
    progress = [wire.receive() for _ in range(2)]
    assert all(one.id == number and one.more and one.analysis.progress.phase for one in progress), progress
    return number, computing(daemon)


def gone_within_a_second(pid, since):
    wait_until(lambda: is_gone(pid), 10, "the computation has stopped", interval=0.005)
    assert time.monotonic() - since < 1.0 * waiting.SLOWNESS


def still_works(daemon):
    daemon.client(RESEARCHER, "metrics", "graph", "--year", YEAR, "--recompute", check=True)


# ------------------------------------------------------------------------------------------------- progress, cancel

def test_progress_comes_over_the_wire_and_cancel_ends_it(year):
    with Wire(year.address, year.bundle(RESEARCHER), timeout=60) as wire:
        number, pid = begin(year, wire)
        since = time.monotonic()
        cancel = wire.send(cancel=pb.CancelRequest(request=number))
        answers = {}
        while len(answers) < 2:
            response = wire.receive()
            if not response.more:
                answers[response.id] = response.status
        assert answers == {cancel: pb.STATUS_OK, number: pb.STATUS_CANCELLED}
        gone_within_a_second(pid, since)
    assert last_job(year)[0] == "cancelled"
    still_works(year)


def test_a_client_that_goes_away_cancels(year):
    wire = Wire(year.address, year.bundle(RESEARCHER), timeout=60)
    _, pid = begin(year, wire)
    since = time.monotonic()
    wire.abort()
    gone_within_a_second(pid, since)
    assert last_job(year)[0] == "cancelled"


def test_a_job_that_somebody_else_waits_for_goes_on(year):
    with Wire(year.address, year.bundle(RESEARCHER), timeout=60) as stays:
        leaves = Wire(year.address, year.bundle(RESEARCHER), timeout=60)
        _, pid = begin(year, leaves)
        number = stays.send(analysis=pb.AnalysisRequest(family="gaps", spec=LONG))
        assert stays.receive().more
        leaves.abort()
        assert [stays.receive().more for _ in range(4)] == [True] * 4 and not is_gone(pid)
        since = time.monotonic()
        stays.send(cancel=pb.CancelRequest(request=number))
        gone_within_a_second(pid, since)


def test_interrupt_at_the_terminal(year):
    """What a person sees who starts a long analysis and presses Ctrl-C."""
    leader, terminal = pty.openpty()
    client = subprocess.Popen([year.programs.client, "metrics", "gaps", "--spec", LONG, "--bundle", year.bundle(RESEARCHER)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=terminal, cwd=year.root,
                              env=environment(**year.home()), start_new_session=True)
    os.close(terminal)
    try:
        seen = b""
        while seen.count(b"%") < 3:
            assert client.poll() is None, seen
            seen += os.read(leader, 1000)
        assert b"\r\x1b[Kgaps " in seen, seen
        pid = computing(year)
        since = time.monotonic()
        client.send_signal(signal.SIGINT)
        gone_within_a_second(pid, since)
        assert client.wait(20) != 0
    finally:
        client.kill()
        client.wait()
        os.close(leader)
    assert last_job(year)[0] == "cancelled"
    still_works(year)


# ------------------------------------------------------------------------------------------------- crashes, limits

def test_a_killed_computation_costs_one_job(year):
    with Wire(year.address, year.bundle(RESEARCHER), timeout=60) as wire:
        number, pid = begin(year, wire)
        workers = [worker for worker in children(year.process.pid)]
        os.kill(pid, signal.SIGKILL)
        while (response := wire.receive()).more:
            pass
        assert response.id == number and response.status == pb.STATUS_INTERNAL
        assert "signal 9" in response.message, response
        assert [worker for worker in children(year.process.pid)] == workers
    assert last_job(year)[:2] == ("failed", 13)
    still_works(year)


@pytest.fixture
def limited(year):
    """Starts the daemon again with other limits, and with the usual ones afterwards."""
    def limit(**settings):
        year.stop()
        year.configure(job_time_ms=None, job_memory_bytes=None)
        year.configure(**settings)
        year.start()
        return year
    yield limit
    limit()
    still_works(year)


def test_time_is_limited(limited):
    daemon = limited(job_time_ms=2000)
    done = daemon.client(RESEARCHER, "metrics", "gaps", "--spec", LONG)
    assert done.returncode == 5 and "took longer than 2 s" in done.stderr, done.stderr
    assert last_job(daemon)[:2] == ("failed", 11)
    still_works(daemon)


@pytest.mark.skipif("sanitize" in os.environ.get("SAMORDNING_FLAVOUR", ""),
                    reason="the address sanitizer needs terabytes of address space, so memory is not limited in its build")
def test_memory_is_limited(limited):
    daemon = limited(job_memory_bytes="48 MiB")
    done = daemon.client(RESEARCHER, "metrics", "graph", "--year", YEAR, "--recompute")
    assert done.returncode != 0 and "one job may use 48 MiB" in done.stderr, done.stderr
    assert last_job(daemon)[:2] == ("failed", 14)
