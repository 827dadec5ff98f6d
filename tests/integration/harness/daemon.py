# SPDX-License-Identifier: GPL-3.0-or-later
"""A throw-away samordningd with a state directory, ports and clients of its own."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request

import psycopg2

from .process import Process, SANITIZER, alive, children, environment, free_port, stop_pid
from .template import copy_of, version_of
from .waiting import wait_until

OPERATOR = "991825827"
RESEARCHER = "971526920"

# Of the private PostgreSQL: processes die in tests, machines do not, so nothing needs to have reached the disk.
CLUSTER_SETTINGS = "fsync = off\nwal_init_zero = off\nshared_buffers = 32MB\n"


class Programs:
    """Where the build put things."""

    def __init__(self, build):
        self.build = pathlib.Path(build)
        self.daemon = self.build / "server" / "samordningd"
        self.client = self.build / "client" / "cli" / "samordning"
        self.worker = self.build / "analysis" / "worker" / "samordning-analyse"
        self.templates = self.build / "tests" / "integration" / "templates"


class Daemon:
    def __init__(self, programs, settings=None, state=None, init=True, logs=None, database=None):
        """`database` is the connection string init enrols the operator through; settings may then name another one."""
        self.programs = programs
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="samordning-test-", dir="/tmp"))
        self.root.chmod(0o755)  # the private PostgreSQL runs as another user and must get through
        self.state = pathlib.Path(state) if state else self.root / "state"
        self.config = self.state / "samordningd.conf"
        self.port, self.http_port = free_port(), free_port()
        self.logs = pathlib.Path(logs) if logs else self.root
        self.process = None
        self.runs = []
        self.crashed_on_purpose = False
        self.database = database
        self.connection = None
        self.clients_must_not_leak = False
        if init:
            try:
                self.init(like_others=database is None)
                self.configure(worker_program=programs.worker, **(settings or {}))
            except BaseException:
                self.erase()
                raise

    # ---- life -------------------------------------------------------------------------------------------

    def init(self, like_others=False):
        """`samordningd init`; like others: what it made once, with addresses of our own."""
        if like_others:
            copy_of(self.programs.templates, "state", (version_of(self.programs.daemon), CLUSTER_SETTINGS), self._init, self.state)
            self.configure(state_dir=self.state, listen=f"127.0.0.1:{self.port}", http_listen=f"127.0.0.1:{self.http_port}")
            client = self.bundle(OPERATOR) / "client.conf"
            client.write_text(re.sub(r"(?m)^port = \d+$", f"port = {self.port}", client.read_text()))
        else:
            self._init(self.state)

    def _init(self, state):
        command = [self.programs.daemon, "init", "--state", state, "--operator-orgnr", OPERATOR, "--operator-name",
                   "Digitaliseringsdirektoratet", "--listen", f"127.0.0.1:{self.port}", "--http-listen",
                   f"127.0.0.1:{self.http_port}"]
        if self.database:
            command += ["--database", self.database]
        done = subprocess.run(command, capture_output=True, text=True, env=environment())
        assert done.returncode == 0, f"samordningd init: {done.stdout}{done.stderr}"
        assert not SANITIZER.search(done.stderr), done.stderr
        data = state / "postgres" / "data"
        if data.exists():
            settings = data / "local.conf"
            settings.write_text(CLUSTER_SETTINGS, encoding="ascii")
            shutil.chown(settings, data.owner(), data.group())

    def configure(self, **settings):
        """Sets keys in the configuration file; None removes one."""
        lines = self.config.read_text().splitlines()
        for key, value in settings.items():
            lines = [line for line in lines if not re.match(rf"{key}\s*=", line)]
            if value is not None:
                lines.append(f"{key} = {value}")
        self.config.write_text("\n".join(lines) + "\n")

    def start(self, ready=True, preexec=None, env=None):
        number = len(self.runs) + 1
        self.process = Process([self.programs.daemon, "--config", self.config], self.logs / f"samordningd-{number}.log",
                               preexec=preexec, env=environment(**(env or {})))
        self.runs.append(self.process)
        if ready:
            self.wait_ready()
        return self

    def wait_ready(self, deadline=40.0):
        def ready():
            if not self.process.running:
                raise RuntimeError(f"samordningd ended with {self.process.returncode}")
            return self.http("/ready")[0] == 200
        try:
            wait_until(ready, deadline, "samordningd is ready")
        except TimeoutError as error:
            raise TimeoutError(f"{error}\nits log ends:\n{self.process.text()[-3000:]}") from None

    def stop(self):
        """Graceful; the exit code must be 0."""
        code = self.process.terminate()
        assert code == 0, f"samordningd ended with {code}:\n{self.process.text()[-3000:]}"
        self.process.complain_about_sanitizers()

    def kill(self):
        self.process.kill()

    def restart(self):
        self.stop()
        return self.start()

    def reload(self):
        self.process.signal(signal.SIGHUP)

    def worker_pids(self):
        return [pid for pid in children(self.process.pid) if pathlib.Path(f"/proc/{pid}/comm").read_text().startswith("samordning-anal")]

    def cluster_pid(self):
        """Process id of the private PostgreSQL's postmaster; None when there is none."""
        try:
            pid = int((self.state / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        except FileNotFoundError:
            return None
        return pid if alive(pid) else None

    def remove(self):
        """Stops everything; the directory stays when a test wants its logs."""
        problems = []
        if self.process and self.process.running:
            try:
                code = self.process.terminate()
                if code != 0:
                    problems.append(f"samordningd ended with {code}:\n{self.process.text()[-3000:]}")
            except TimeoutError as error:
                problems.append(str(error))
        cluster = self.cluster_pid()
        if cluster:
            if not self.crashed_on_purpose and not problems:
                problems.append("the private PostgreSQL was still running after samordningd had stopped")
            stop_pid(cluster, signal.SIGINT)
        for run in self.runs:
            try:
                run.complain_about_sanitizers()
            except AssertionError as error:
                problems.append(str(error))
        return problems

    def erase(self):
        shutil.rmtree(self.root, ignore_errors=True)
        if self.state.exists() and not str(self.state).startswith(str(self.root)):
            shutil.rmtree(self.state, ignore_errors=True)

    # ---- asking -------------------------------------------------------------------------------------------

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    def http(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metrics(self):
        """Name with labels -> value, from /metrics."""
        status, text = self.http("/metrics")
        assert status == 200, text
        values = {}
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                values[name] = float(value)
        return values

    def metric(self, name):
        """The sum over all labels."""
        return sum(value for key, value in self.metrics().items() if key == name or key.startswith(name + "{"))

    def connect(self):
        """A connection of one's own to the daemon's database, private or not."""
        if self.database:
            dsn = self.database
        else:
            run = wait_until(lambda: next((self.state / "postgres").glob("run/.s.PGSQL.*[0-9]"), None), 10, "the private PostgreSQL's socket")
            dsn = f"host={run.parent} port={run.name.rsplit('.', 1)[1]} dbname=samordning user=samordning"
        connection = psycopg2.connect(dsn, connect_timeout=10)
        connection.autocommit = True
        return connection

    def query(self, sql, arguments=None):
        """Over one connection that is kept, as tests that wait ask often, and a new one costs PostgreSQL a process."""
        try:
            return self._ask(sql, arguments)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            if self.connection is None or not self.connection.closed:
                raise
        return self._ask(sql, arguments)    # the database has been away since it was last asked

    def _ask(self, sql, arguments):
        if self.connection is None or self.connection.closed:
            self.connection = self.connect()
        with self.connection.cursor() as cursor:
            cursor.execute(sql, arguments)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql, arguments=None):
        return self.query(sql, arguments)[0][0]

    def stored(self):
        return self.value("SELECT count(*) FROM report.interaction")

    # ---- clients ------------------------------------------------------------------------------------------

    def bundle(self, orgnr):
        return self.state / "bundles" / orgnr

    def enrol(self, orgnr, name=None, role="submitter"):
        """A client bundle for an organisation, issued beside the daemon's back by `samordningd enrol`; made once."""
        directory = self.bundle(orgnr)
        if not (directory / "client.crt").exists():
            done = subprocess.run([self.programs.daemon, "enrol", "--config", self.config, "--orgnr", orgnr, "--name",
                                   name or f"Organisasjon {orgnr}", "--role", role, "--out", directory],
                                  capture_output=True, text=True, env=environment())
            assert done.returncode == 0, done.stdout + done.stderr
            assert not SANITIZER.search(done.stderr), done.stderr
        return directory

    def home(self):
        """Clients of one test must not meet in the spool of whoever runs the tests."""
        return {"HOME": str(self.root), "XDG_STATE_HOME": str(self.root / "spools"),
                "XDG_CONFIG_HOME": str(self.root / "config")}

    def client(self, orgnr, *arguments, check=False, timeout=150, stdin=None, env=None, cwd=None):
        """Runs `samordning` to its end with that organisation's bundle. stdin is bytes. Looking for leaks takes a third of a command's time: it
        is done in the files whose subject the commands are."""
        command = [str(self.programs.client), *map(str, arguments)]
        if orgnr:
            command += ["--bundle", str(self.bundle(orgnr))]
        env = environment(**{**self.home(), **(env or {})})
        if not self.clients_must_not_leak:
            env["ASAN_OPTIONS"] += ":detect_leaks=0"
        done = subprocess.run(command, capture_output=True, input=stdin if stdin is not None else b"", env=env,
                              timeout=timeout, cwd=cwd or self.root)
        done.stdout, done.stderr = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        assert not SANITIZER.search(done.stderr), f"{' '.join(command)}:\n{done.stderr}"
        if check:
            assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done

    def start_client(self, orgnr, *arguments, log):
        """Runs `samordning` beside the test."""
        return Process([self.programs.client, *arguments, "--bundle", self.bundle(orgnr)], log, cwd=self.root,
                       env=environment(**self.home()))

    def table(self, orgnr, *arguments):
        """Runs a command with --format json and gives what it printed."""
        done = self.client(orgnr, *arguments, "--format", "json", "--timeout", "100", check=True)
        return json.loads(done.stdout)
