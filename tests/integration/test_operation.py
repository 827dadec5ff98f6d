# SPDX-License-Identifier: GPL-3.0-or-later
"""Running it: reload, stop, bad places to run, the private PostgreSQL across crashes."""
import datetime
import os
import pathlib
import signal
import socket
import subprocess
import threading

import pytest

import samordning_pb2 as pb
from harness.postgres import bin_dir, unprivileged
from harness.process import alive, environment, free_port, stop_pid
from harness.waiting import wait_until
from harness.wire import Closed, Wire, meeting, microseconds

SUBMITTER = "972417807"
WHEN = microseconds(datetime.datetime(2025, 3, 3, 9, 30, tzinfo=datetime.timezone.utc))


@pytest.fixture(scope="module")
def daemon(module_daemon):
    module_daemon.enrol(SUBMITTER, "Finansdepartementet")
    return module_daemon


# ------------------------------------------------------------------------------------------------- reload

def test_a_good_reload_takes_effect_and_keeps_connections(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER)) as held:
        daemon.configure(max_batch=123, operator_name="Ny driftsansvarlig æøå")
        daemon.reload()

        def changed():
            with Wire(daemon.address, daemon.bundle(SUBMITTER)) as fresh:
                return fresh.hello.max_batch == 123 and fresh.hello.operator_name.endswith("æøå")
        wait_until(changed, 20, "the new configuration is in force")
        assert held.submit([meeting(WHEN, ["FIN", "KD"], "reload-1")]).submit.receipts[0].state == pb.RECEIPT_STORED
        wait_until(lambda: daemon.value("SELECT name FROM register.operator") == "Ny driftsansvarlig æøå", 20,
                   "the workers' reports name the new operator")
        daemon.configure(max_batch=10000)
        daemon.reload()
        wait_until(lambda: Wire(daemon.address, daemon.bundle(SUBMITTER)).hello.max_batch == 10000, 20, "and back")


@pytest.mark.parametrize("line, named", [
    ("max_batch = mange", "max_batch"),
    ("max_batch = 0", "max_batch"),
    ("finnes_ikke = 1", "finnes_ikke"),
    ("bare tull", ""),
    ("listen = kjøkken", "listen"),
    ("http_listen = 10.1.2.3:0", "http_listen"),
    ("smtp_url = ftp://post", "smtp_url"),
    ("certificate = /finnes/ikke.crt\nkey = /finnes/ikke.key", "/finnes/ikke"),
])
def test_a_bad_reload_keeps_the_old_configuration_and_names_the_line(daemon, line, named):
    before = daemon.config.read_text()
    marks = len(daemon.process.text())
    try:
        with Wire(daemon.address, daemon.bundle(SUBMITTER)) as held:
            kept = [old for old in before.splitlines() if old.split("=")[0].strip() != line.split("=")[0].strip()]
            daemon.config.write_text("\n".join([*kept, line, ""]))
            number = len(kept) + 1
            checked = subprocess.run([daemon.programs.daemon, "--config", daemon.config, "--check-config"], capture_output=True,
                                     text=True, env=environment())
            assert checked.returncode == 78 and named in checked.stderr and f":{number}: " in checked.stderr, checked.stderr
            daemon.reload()
            wait_until(lambda: named in daemon.process.text()[marks:] and f":{number}: " in daemon.process.text()[marks:], 20,
                       lambda: f"the log names line {number}:\n{daemon.process.text()[marks:]}")
            assert held.call(status=pb.StatusRequest()).status == pb.STATUS_OK
        with Wire(daemon.address, daemon.bundle(SUBMITTER)) as fresh:
            assert fresh.hello.max_batch == 10000
    finally:
        daemon.config.write_text(before)
        daemon.reload()


# ------------------------------------------------------------------------------------------- bad places

def test_a_port_in_use(daemon, make_daemon):
    other = make_daemon(settings={"listen": f"127.0.0.1:{daemon.port}"}, start=False)
    other.start(ready=False)
    assert other.process.wait(60) not in (0, 99)
    assert str(daemon.port) in other.process.text() and "in use" in other.process.text().lower()
    assert other.cluster_pid() is None, "what was started is stopped again"


def test_a_second_daemon_on_the_same_state(daemon):
    listen, http = free_port(), free_port()
    config = daemon.root / "second.conf"
    text = daemon.config.read_text().replace(f":{daemon.port}", f":{listen}").replace(f":{daemon.http_port}", f":{http}")
    config.write_text(text)
    done = subprocess.run([daemon.programs.daemon, "--config", config], capture_output=True, text=True, env=environment(),
                          timeout=30)
    assert done.returncode not in (0, 99)
    assert str(daemon.state) in done.stderr + done.stdout or "another" in (done.stderr + done.stdout).lower()
    with Wire(daemon.address, daemon.bundle(SUBMITTER)) as connection:
        assert connection.call(status=pb.StatusRequest()).status == pb.STATUS_OK


def test_a_state_directory_that_is_not_there(daemon, tmp_path):
    config = tmp_path / "x.conf"
    config.write_text("state_dir = /proc/finnes/ikke\nlisten = 127.0.0.1:1\n")
    done = subprocess.run([daemon.programs.daemon, "--config", config], capture_output=True, text=True, env=environment(),
                          timeout=60)
    assert done.returncode not in (0, 99) and "/proc/finnes/ikke" in done.stderr + done.stdout


def test_init_in_a_read_only_place(programs, tmp_path):
    target = tmp_path / "state"
    if os.geteuid() == 0:
        target = pathlib.Path("/proc/samordning-state")
    else:
        tmp_path.chmod(0o555)
    done = subprocess.run([programs.daemon, "init", "--state", target, "--operator-orgnr", "991825827", "--operator-name", "x"],
                          capture_output=True, text=True, env=environment())
    assert done.returncode not in (0, 99) and str(target) in done.stderr + done.stdout


def test_init_twice_changes_nothing(daemon):
    before = {p: p.read_bytes() for p in daemon.state.glob("authority/*")}
    done = subprocess.run([daemon.programs.daemon, "init", "--state", daemon.state, "--operator-orgnr", "991825827",
                           "--operator-name", "x"], capture_output=True, text=True, env=environment())
    assert done.returncode != 99
    assert {p: p.read_bytes() for p in daemon.state.glob("authority/*")} == before and before


def test_help_and_version(programs):
    for program in (programs.daemon, programs.client, programs.worker):
        for option in ("--help", "--version"):
            done = subprocess.run([program, option], capture_output=True, text=True, env=environment(), timeout=30)
            assert done.returncode == 0 and done.stdout.strip(), f"{program} {option}: {done.stderr}"
        done = subprocess.run([program, "--finnes-ikke"], capture_output=True, text=True, env=environment(), timeout=30)
        assert done.returncode not in (0, 99) and "finnes-ikke" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small file system")
def test_a_full_disk(make_daemon):
    """The store answers with a retryable status while the disk is full, and goes on when there is room again."""
    daemon = make_daemon(start=False, init=False)
    daemon.state.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", daemon.state],
                      capture_output=True).returncode:
        pytest.skip("mounting a tmpfs is not allowed here")
    try:
        daemon.init()
        daemon.start()
        daemon.enrol(SUBMITTER)
        filler = daemon.state / "fill"
        with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=30) as connection:
            assert connection.submit([meeting(WHEN, ["FIN", "KD"], "disk-0")]).submit.receipts[0].state == pb.RECEIPT_STORED
            with open(filler, "wb") as file:
                try:
                    while True:
                        file.write(b"\0" * (1 << 20))
                        file.flush()
                except OSError:
                    pass
            acknowledged, refusal = {"disk-0"}, None
            for batch in range(400):
                names = [f"disk-{batch}-{n}" for n in range(500)]
                response = connection.call(deadline_ms=8000, submit=pb.SubmitRequest(interactions=[
                    meeting(WHEN + n, ["FIN", "KD", f"Aktør {batch} {n}"], name) for n, name in enumerate(names)]))
                if response.status != pb.STATUS_OK:
                    refusal = response
                    break
                acknowledged |= {n for n, r in zip(names, response.submit.receipts) if r.state == pb.RECEIPT_STORED}
            assert refusal is not None, "the disk never became full"
            assert refusal.status in (pb.STATUS_BUSY, pb.STATUS_UNAVAILABLE, pb.STATUS_TIMEOUT) and refusal.message
        assert daemon.process.running
        filler.unlink()

        def goes_on():
            with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=60) as connection:
                receipt = connection.submit([meeting(WHEN, ["FIN", "KD"], "disk-after")]).submit.receipts
                return receipt and receipt[0].state in (pb.RECEIPT_STORED, pb.RECEIPT_ALREADY_STORED)
        wait_until(goes_on, 60, "submissions are stored again")
        stored = {s for (s,) in daemon.query("SELECT source_id FROM report.interaction")}
        assert acknowledged <= stored
        daemon.stop()
    finally:
        if daemon.process and daemon.process.running:
            daemon.process.terminate()
        cluster = daemon.cluster_pid()
        if cluster:
            stop_pid(cluster, signal.SIGINT)
        subprocess.run(["umount", "-l", daemon.state], check=True)


# -------------------------------------------------------------------------------------------- stop and crash

def submit_until_gone(daemon, mark, acknowledged, stop):
    """Submits batches and notes what was acknowledged, until the daemon goes away."""
    batch = 0
    try:
        with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=60) as connection:
            while not stop.is_set():
                names = [f"{mark}-{batch}-{n}" for n in range(50)]
                batch += 1
                response = connection.submit([meeting(WHEN + n, ["FIN", "KD"], name) for n, name in enumerate(names)])
                if response.status == pb.STATUS_OK:
                    acknowledged.extend(n for n, r in zip(names, response.submit.receipts) if r.state == pb.RECEIPT_STORED)
    except (Closed, ConnectionError, OSError):
        pass


@pytest.fixture
def load(daemon):
    threads, stop, acknowledged = [], threading.Event(), []

    def start(target, mark, count=4):
        for n in range(count):
            thread = threading.Thread(target=submit_until_gone, args=(target, f"{mark}-{n}", acknowledged, stop))
            thread.start()
            threads.append(thread)
        wait_until(lambda: len(acknowledged) > 200, 40, "the load is running")
        return acknowledged
    yield start
    stop.set()
    for thread in threads:
        thread.join(120)


def stored_names(daemon):
    return [s for (s,) in daemon.query("SELECT source_id FROM report.interaction")]


def test_a_graceful_stop_under_load_loses_nothing(make_daemon, load):
    daemon = make_daemon()
    daemon.enrol(SUBMITTER)
    acknowledged = load(daemon, "stopp")
    daemon.stop()
    assert daemon.cluster_pid() is None, "the private PostgreSQL is stopped with it"
    daemon.start(env={"NOTIFY_SOCKET": str(daemon.state / "nobody-listens")})
    started = pathlib.Path(f"/proc/{daemon.cluster_pid()}/environ").read_bytes()
    assert b"PATH=" in started and b"NOTIFY_SOCKET" not in started, "only the daemon speaks for the service"
    names = stored_names(daemon)
    assert len(names) == len(set(names)) and set(acknowledged) <= set(names)


def test_after_kill_9_the_private_postgresql_is_adopted(make_daemon, load):
    daemon = make_daemon()
    daemon.crashed_on_purpose = True
    daemon.enrol(SUBMITTER)
    acknowledged = load(daemon, "krasj")
    cluster = daemon.cluster_pid()
    daemon.kill()
    assert alive(cluster), "PostgreSQL outlives the daemon"
    daemon.start()
    assert daemon.cluster_pid() == cluster, "the running cluster is adopted, not started again"
    names = stored_names(daemon)
    assert len(names) == len(set(names)) and set(acknowledged) <= set(names)
    daemon.stop()
    assert daemon.cluster_pid() is None


def test_the_private_postgresql_comes_back_when_it_is_killed(make_daemon, load):
    daemon = make_daemon()
    daemon.enrol(SUBMITTER)
    acknowledged = load(daemon, "pg")
    cluster = daemon.cluster_pid()
    os.kill(cluster, signal.SIGKILL)

    def again():
        with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=60) as connection:
            receipts = connection.submit([meeting(WHEN, ["FIN", "KD"], "pg-etter")]).submit.receipts
            return receipts and receipts[0].state in (pb.RECEIPT_STORED, pb.RECEIPT_ALREADY_STORED)
    wait_until(again, 60, "submissions are stored again")
    assert daemon.cluster_pid() not in (None, cluster)
    assert set(acknowledged) <= set(stored_names(daemon))


def test_memory_and_files_stay_where_they_were(daemon):
    """Connections that come and go, and refused ones, leave nothing behind."""
    def round_trip(count):
        for _ in range(count):
            with Wire(daemon.address, daemon.bundle(SUBMITTER)) as connection:
                connection.submit([meeting(WHEN, ["FIN", "KD"], "samme")])
            with socket.create_connection(daemon.address) as raw:
                raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
    round_trip(10)
    files = wait_until(lambda: daemon.process.open_files(), 5)
    round_trip(40)
    wait_until(lambda: daemon.process.open_files() <= files + 2, 20,
               lambda: f"{daemon.process.open_files()} files open, {files} before")


# ------------------------------------------------------------------------------------------------- backup

def test_backup_and_restore_as_the_documentation_says(make_daemon):
    """The steps of docs/operations.md: a dump while everything runs, the keys, restored into an empty state directory."""
    first = make_daemon()
    first.enrol(SUBMITTER, "Finansdepartementet")
    with Wire(first.address, first.bundle(SUBMITTER)) as connection:
        before = [connection.submit([meeting(WHEN, ["FIN", "KD"], f"kopi-{n}")]).submit.receipts[0].id for n in range(3)]
    dump, keys = first.root / "samordning.dump", first.root / "keys.tar"
    subprocess.run([bin_dir() / "pg_dump", "-Fc", "-h", first.state / "postgres" / "run", "-U", "samordning", "-d", "samordning",
                    "-f", dump], check=True, env=environment())
    subprocess.run(["tar", "-C", first.state, "-cf", keys, "authority", "server.key", "server.crt", "samordningd.conf"], check=True)
    dump.chmod(0o644)
    first.stop()

    second = make_daemon(start=False, init=False)
    second.state.mkdir()
    subprocess.run(["tar", "-C", second.state, "-xf", keys], check=True)
    with pytest.raises(AssertionError, match="state_dir"):  # the configuration still names the first one's directory
        second.init()
    second.configure(state_dir=second.state, listen=f"127.0.0.1:{second.port}", http_listen=f"127.0.0.1:{second.http_port}",
                     worker_program=second.programs.worker)
    second.init()
    cluster = second.state / "postgres"
    for command in ([bin_dir() / "pg_ctl", "-D", cluster / "data", "-w", "-l", cluster / "data" / "restore.log", "start"],
                    [bin_dir() / "pg_restore", "--clean", "--if-exists", "-h", cluster / "run", "-U", "samordning", "-d",
                     "samordning", dump],
                    [bin_dir() / "pg_ctl", "-D", cluster / "data", "-w", "stop"]):
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(), cwd="/",
                              preexec_fn=unprivileged())
        assert done.returncode == 0, f"{command[0].name}: {done.stderr}"
    second.start()
    with Wire(second.address, first.bundle(SUBMITTER)) as connection:
        again = connection.submit([meeting(WHEN, ["FIN", "KD"], "kopi-1")]).submit.receipts[0]
    assert again.state == pb.RECEIPT_ALREADY_STORED and again.id == before[1] and second.stored() == 3
