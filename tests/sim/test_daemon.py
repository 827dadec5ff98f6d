# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon's own life without a database: what it tells systemd, reloads of certificates, bad starts, init again, the HTTP port."""
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest

PROGRAM = os.environ["SAMORDNING_DAEMON"]
OPERATOR = "991825827"
DEADLINE = 30


def wait_until(condition, what):
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(what)


def run(*arguments, **environment):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=DEADLINE,
                          env={**os.environ, **environment})


class Daemon:
    def __init__(self, state, **environment):
        self.state, self.log = state, state / "log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([PROGRAM, "--state", state], stderr=log, env={**os.environ, **environment})
        wait_until(lambda: "msg=started" in self.text() or self.process.poll() is not None, "started")
        assert self.process.poll() is None, self.text()
        self.port = int(re.search(r"msg=listening address=127\.0\.0\.1:(\d+)", self.text())[1])
        self.http_port = int(re.search(r'metrics" address=127\.0\.0\.1:(\d+)', self.text())[1])

    def text(self):
        return self.log.read_text()

    def connect(self):
        """A TLS connection; its server certificate's serial number tells which one was served."""
        bundle = self.state / "bundles" / OPERATOR
        context = ssl.create_default_context(cafile=bundle / "ca.crt")
        context.load_cert_chain(bundle / "client.crt", bundle / "client.key")
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE), server_hostname="localhost")

    def http(self, path, method="GET"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as response:
                return response.status, response.read().decode(), response.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.headers

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)


def init(state, *more):
    return run("init", "--state", state, "--operator-orgnr", OPERATOR, "--operator-name", "Digitaliseringsdirektoratet",
               "--listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0", *more)


@pytest.fixture
def state():
    path = pathlib.Path(tempfile.mkdtemp(prefix="samordning-test-", dir="/tmp")) / "state"
    done = init(path)
    assert done.returncode == 0, done.stderr
    yield path
    shutil.rmtree(path.parent)


@pytest.fixture
def start(state):
    daemons = []

    def make(**environment):
        daemons.append(Daemon(state, **environment))
        return daemons[-1]
    yield make
    for daemon in daemons:
        if daemon.process.poll() is None:
            assert daemon.stop() == 0, daemon.text()
        assert "Sanitizer" not in daemon.text() and "runtime error" not in daemon.text()


def configure(state, line):
    path = state / "samordningd.conf"
    key = line.split("=")[0].strip()
    text = "".join(old for old in path.read_text().splitlines(True) if not re.match(rf"{key}\s*=", old))
    path.write_text(text + line + "\n")


def test_what_systemd_is_told(state, start):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(state / "notify"))
        listener.settimeout(DEADLINE)
        told = []

        def until(word):
            while not any(word in line for line in told):
                told.extend(listener.recv(4096).decode().splitlines())
        daemon = start(NOTIFY_SOCKET=str(state / "notify"), WATCHDOG_USEC="200000")
        until("READY=1")
        until("STATUS=")
        del told[:]
        until("WATCHDOG=1")
        del told[:]
        until("WATCHDOG=1")
        daemon.process.send_signal(signal.SIGHUP)
        until("RELOADING=1")
        until("MONOTONIC_USEC=")
        until("READY=1")
        daemon.process.send_signal(signal.SIGTERM)
        until("STOPPING=1")
    assert daemon.process.wait(DEADLINE) == 0


def test_a_renewed_certificate_is_served_after_a_reload_and_old_connections_stay(state, start):
    daemon = start()
    held = daemon.connect()
    before = held.getpeercert()["serialNumber"]
    key = (state / "server.key").read_bytes()
    done = init(state, "--host", "samordning.example.no,10.1.2.3")
    assert done.returncode == 0, done.stderr
    assert (state / "server.key").read_bytes() == key
    assert daemon.connect().getpeercert()["serialNumber"] == before
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "configuration reloaded" in daemon.text(), "reloaded")
    fresh = daemon.connect().getpeercert()
    assert fresh["serialNumber"] != before
    assert ("DNS", "samordning.example.no") in fresh["subjectAltName"] and ("IP Address", "10.1.2.3") in fresh["subjectAltName"]
    held.settimeout(0.2)
    with pytest.raises(TimeoutError):  # nothing to read, and not closed
        held.recv(1)


def test_a_reload_without_its_certificate_keeps_the_old_one(state, start):
    daemon = start()
    before = daemon.connect().getpeercert()["serialNumber"]
    configure(state, "max_batch = 17")
    (state / "server.crt").rename(state / "away")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "not reloaded" in daemon.text(), "refused")
    assert f"certificate: could not read {state}/server.crt" in daemon.text()
    assert daemon.connect().getpeercert()["serialNumber"] == before
    assert "samordning_reloads_failed_total 1" in daemon.http("/metrics")[1]


def test_keys_that_need_a_restart_are_named(state, start):
    daemon = start()
    configure(state, "store_connections = 7")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "configuration reloaded" in daemon.text(), "reloaded")
    assert 'msg="needs a restart to change" key=store_connections' in daemon.text()


@pytest.mark.parametrize("line, code, words", [
    ("max_batch = mange", 78, "samordningd.conf:{line}: max_batch: not a whole number"),
    ("listen = ingenvert.invalid:1", 78, "listen: ingenvert.invalid:1: "),
    ("listen = 127.0.0.1", 78, "listen: 127.0.0.1: not of the form host:port"),
    ("http_listen = 0.0.0.0:1", 78, "0.0.0.0:1 is not a loopback address"),
    ("certificate = /dev/null", 78, "/dev/null holds no usable certificate"),
    ("key = /dev/null", 78, "/dev/null holds no private key"),
    ("key = authority/ca.key", 78, "does not belong to the certificate"),
    ("authority = /finnes/ikke", 78, "authority: could not read /finnes/ikke"),
    ("client_authority = /dev/null", 78, "client_authority: /dev/null holds no authorities"),
])
def test_bad_starts(state, line, code, words):
    configure(state, line)
    words = words.format(line=len((state / "samordningd.conf").read_text().splitlines()))
    for arguments in ((), ("--check-config",)):
        done = run("--state", state, *arguments)
        assert done.returncode == code and words in done.stderr, done.stderr
        assert len([text for text in done.stderr.splitlines() if "msg=listening" not in text]) == 1, done.stderr


def test_a_port_in_use(state):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        configure(state, f"listen = 127.0.0.1:{port}")
        done = run("--state", state)
    assert done.returncode == 69 and f"could not listen on 127.0.0.1:{port}: Address already in use" in done.stderr


def test_usage():
    assert run("--finnes-ikke").returncode == 64
    assert run("finnes-ikke").returncode == 64
    assert run("init", "--operator-orgnr", "991825828", "--operator-name", "x").returncode == 64
    assert run("init", "--operator-orgnr", OPERATOR).returncode == 64
    assert run("enrol").returncode == 64
    assert run("--help").returncode == 0 and "max_frame_bytes" in run("--help").stdout


def test_init_makes_private_keys_and_keeps_them(state):
    keys = [state / "server.key", state / "authority" / "ca.key", state / "bundles" / OPERATOR / "client.key"]
    others = [state / "server.crt", state / "samordningd.conf", state / "bundles" / OPERATOR / "client.crt"]
    for key in keys:
        assert key.stat().st_mode & 0o777 == 0o600
    before = [path.read_bytes() for path in keys + others]
    assert init(state).returncode == 0
    assert [path.read_bytes() for path in keys + others] == before
    (state / "authority" / "ca.crt").unlink()
    done = init(state)
    assert done.returncode == 78 and "ca.key is there but" in done.stderr


def test_enrol_keeps_its_own_bundle_and_refuses_another_ones(state):
    out = state.parent / "fin"
    arguments = ("enrol", "--state", state, "--name", "Finansdepartementet", "--role", "submitter", "--out", out)
    assert run(*arguments, "--orgnr", "972417807").returncode == 0
    key = (out / "client.key").read_bytes()
    assert (out / "client.key").stat().st_mode & 0o777 == 0o600
    assert "host = 127.0.0.1\n" in (out / "client.conf").read_text()
    assert run(*arguments, "--orgnr", "972417807").returncode == 0
    assert (out / "client.key").read_bytes() == key
    done = run(*arguments, "--orgnr", "971526920")
    assert done.returncode == 78 and "of another organisation" in done.stderr
    assert run(*arguments, "--orgnr", "972417807", "--role", "keiser").returncode == 64


def test_http(state, start):
    daemon = start(SAMORDNING_FAKE_STORE="down")
    assert daemon.http("/health")[0] == 200
    assert daemon.http("/ready")[0] == 503
    status, text, headers = daemon.http("/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "samordning_connections 0" in text
    assert daemon.http("/annet")[0] == 404
    assert daemon.http("/metrics", "POST")[0] in (404, 405, 501)
    with socket.create_connection(("127.0.0.1", daemon.http_port), timeout=DEADLINE) as raw:
        raw.sendall(b"GET /health HTTP/1.1\r\nX: " + b"x" * 100000 + b"\r\n\r\n")
        assert b"200 OK" not in raw.recv(1000)


def test_an_organisation_nobody_knows(state, start):
    daemon = start(SAMORDNING_FAKE_STORE="refuse")
    with daemon.connect() as connection:
        connection.sendall(b"\x06\x08\x01\x52\x02\x08\x01")  # Request(id=1, hello=HelloRequest(protocol=1))
        answer = b""
        while piece := connection.recv(1000):
            answer += piece
    assert b"is not enrolled here, or was revoked" in answer
