# SPDX-License-Identifier: GPL-3.0-or-later
"""A process the test started: its log, its end, and whether a sanitizer had something to say."""
import contextlib
import ctypes
import os
import pathlib
import re
import signal
import socket
import subprocess

from .waiting import wait_until

SANITIZER = re.compile(r"(ERROR: (Address|Leak|Thread|Memory)Sanitizer|runtime error:|SUMMARY: \w+Sanitizer)")
_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_ports_given = set()  # what asked for a port may not listen yet


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def environment(asan="", **more):
    """Of a process of the tests; `asan`: further options of the address sanitizer."""
    env = dict(os.environ)
    for name in list(env):
        if name.startswith(("PG", "SAMORDNING_BUNDLE")):
            del env[name]
    env["LC_ALL"] = "C.UTF-8"
    env["LANGUAGE"] = "en"
    env["ASAN_OPTIONS"] = ":".join([*filter(None, [env.get("ASAN_OPTIONS")]), "detect_leaks=1:abort_on_error=0:exitcode=99", *filter(None, [asan])])
    env["UBSAN_OPTIONS"] = "print_stacktrace=1:exitcode=99"
    env.update(more)
    return env


def free_port():
    """A port nobody listens on, below the range the kernel hands out to connecting sockets."""
    for _ in range(200):
        port = 15000 + int.from_bytes(os.urandom(2), "big") % 15000
        if port in _ports_given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                _ports_given.add(port)
                return port
            except OSError:
                continue
    raise RuntimeError("no free port found")


class Process:
    def __init__(self, arguments, log, env=None, cwd=None, preexec=None, die_with_parent=True):
        self.arguments = [str(a) for a in arguments]
        self.log = pathlib.Path(log)
        self.checked = 0

        def before():
            if die_with_parent:
                _die_with_parent()
            if preexec:
                preexec()

        with open(self.log, "ab") as file:
            self.popen = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                          env=env or environment(), cwd=cwd, preexec_fn=before, start_new_session=True)
        self.pid = self.popen.pid

    @property
    def running(self):
        return self.popen.poll() is None

    @property
    def returncode(self):
        return self.popen.poll()

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def signal(self, number):
        if self.running:
            os.kill(self.pid, number)

    def wait(self, deadline=30.0):
        return self.popen.wait(timeout=deadline * _slowness())

    def terminate(self, deadline=40.0):
        self.signal(signal.SIGTERM)
        try:
            return self.wait(deadline)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TimeoutError(f"{self.arguments[0]} did not end within {deadline * _slowness():.0f} s of SIGTERM:\n"
                               f"{self.text()[-2000:]}")

    def kill(self):
        self.signal(signal.SIGKILL)
        self.popen.wait(timeout=20)

    def log_contains(self, pattern):
        return re.search(pattern, self.text())

    def wait_for_log(self, pattern, deadline=20.0):
        return wait_until(lambda: self.log_contains(pattern), deadline,
                          lambda: f"{pattern!r} in the log; it ends:\n{self.text()[-2000:]}")

    def complain_about_sanitizers(self):
        text = self.text()[self.checked:]
        self.checked += len(text)
        found = SANITIZER.search(text)
        assert not found, (f"a sanitizer complained about {self.arguments[0]}:\n"
                           f"{text[max(0, found.start() - 200):found.start() + 4000]}")

    def resident_kib(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    def open_files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


def _slowness():
    from . import waiting
    return waiting.SLOWNESS


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid):
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@contextlib.contextmanager
def held(*pids):
    """These processes, and those they have started, stand still meanwhile."""
    stopped = []
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)    # before its children are asked for: it makes no more
        stopped += [pid, *children(pid)]
    try:
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def stop_pid(pid, number=signal.SIGTERM, deadline=30.0):
    """Ends a process that is not our child, such as a PostgreSQL whose daemon was killed."""
    if not alive(pid):
        return
    os.kill(pid, number)
    wait_until(lambda: not alive(pid), deadline, f"process {pid} ended")
