# SPDX-License-Identifier: GPL-3.0-or-later
"""An external PostgreSQL, as an operator would have one: its own cluster, on a port and a socket, never as root."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess

import psycopg2

from .process import Process, children, environment, free_port, stop_pid
from .template import copy_of, version_of
from .waiting import wait_until


def bin_dir():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    return pathlib.Path(shutil.which("initdb")).parent


def unprivileged():
    """What preexec must do so that PostgreSQL agrees to run: nothing unless we are root."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("postgres")

    def drop():
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    return drop


def make_cluster(data):
    """initdb's, as user postgres where we are root."""
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
    subprocess.run([bin_dir() / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"], check=True,
                   stdout=subprocess.DEVNULL, preexec_fn=unprivileged(), env=environment(), cwd="/")


class Postgres:
    """With `primary`, a hot standby of it."""

    def __init__(self, templates, directory, primary=None):
        self.directory = pathlib.Path(directory)
        self.data = self.directory / "data"
        self.port = free_port()
        self.process = None
        self.directory.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres")
        if primary is None:
            copy_of(templates, "cluster", version_of(bin_dir() / "postgres"), make_cluster, self.data)
        else:
            subprocess.run([bin_dir() / "pg_basebackup", "-D", self.data, "-d", primary.dsn("postgres"), "-R", "--no-sync", "-c", "fast"],
                           check=True, stdout=subprocess.DEVNULL, preexec_fn=unprivileged(), env=environment(), cwd="/")
        self.set("listen_addresses='127.0.0.1'", f"port={self.port}", f"unix_socket_directories='{self.directory}'",
                 "fsync=off",    # processes die in tests, machines do not
                 "shared_buffers=32MB", "log_line_prefix='%m [%p] '", "max_connections=60")

    def set(self, *lines):
        with open(self.data / "postgresql.conf", "a") as file:
            file.write("\n".join(lines) + "\n")

    def start(self):
        self.process = Process([bin_dir() / "postgres", "-D", self.data], self.directory / "postgres.log",
                               preexec=unprivileged(), cwd="/")
        wait_until(lambda: self.connect().close() is None, 30, "PostgreSQL accepts connections")
        return self

    def stop(self):
        if self.process and self.process.running:
            self.process.signal(signal.SIGINT)
            self.process.wait()

    def kill(self):
        """As a crash would: the postmaster first, then every backend it leaves."""
        pids = [self.process.pid] + children(self.process.pid)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.popen.wait(timeout=20)
        for pid in pids[1:]:
            stop_pid(pid, signal.SIGKILL)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def restart(self):
        self.stop()
        self.start()

    def dsn(self, dbname="samordning", user="postgres"):
        return f"host=127.0.0.1 port={self.port} dbname={dbname} user={user}"

    def connect(self, dbname="postgres", user="postgres"):
        connection = psycopg2.connect(self.dsn(dbname, user), connect_timeout=5)
        connection.autocommit = True
        return connection

    def create_database(self, name="samordning", template="template1"):
        connection = self.connect()
        connection.cursor().execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.close()

    def remove(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
