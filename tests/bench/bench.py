# SPDX-License-Identifier: GPL-3.0-or-later
"""What every benchmark has: a daemon of its own, load, programs of the build, and a line for each figure."""
import datetime
import functools
import json
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
SUBMITTER, RESEARCHER = "972417807", "971526920"


class Bench:
    def __init__(self, build, quick):
        self.build, self.quick = build, quick
        self.results = []
        self.seed = 0
        self.first_day = datetime.date(2014, 1, 1)

    @functools.cached_property
    def daemon(self):
        """Started by the first benchmark that asks for it."""
        from harness import daemon as tests
        tests.CLUSTER_SETTINGS = ""     # as it is installed: what the tests leave out, above all the disk, is measured here
        daemon = tests.Daemon(tests.Programs(self.build), settings={"max_connections_per_organisation": 1000})
        daemon.start()
        assert daemon.value("SHOW fsync") == "on"
        daemon.enrol(SUBMITTER, "Finansdepartementet")
        daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
        return daemon

    def close(self):
        if "daemon" not in self.__dict__:
            return
        problems = self.daemon.remove()
        self.daemon.erase()
        for problem in problems:
            print(problem, file=sys.stderr)

    def scaled(self, number):
        return number // 10 if self.quick else number

    def report(self, name, value, unit, ratio=None, wanted=None, note=""):
        met = None if ratio is None or wanted is None else wanted(ratio)
        self.results.append({"name": name, "value": value, "unit": unit, "ratio": ratio, "met": met, "note": note})
        mark = "" if met is None else ("  ok" if met else "  NOT MET")
        shown = f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
        print(f"{name:<58} {shown:>12} {unit:<16} {'' if ratio is None else f'{ratio:6.2f}x'}{mark}  {note}", flush=True)

    def load(self, first_day=None, **options):
        """Runs the load program, on days of its own unless told, since time goes on and does not come back, and gives its JSON."""
        self.seed += 1
        start = datetime.datetime.combine(first_day or self.first_day, datetime.time(), datetime.timezone.utc)
        options.setdefault("days", 28)
        if not first_day:
            self.first_day += datetime.timedelta(days=options["days"] + 3)
        command = ["--bundle", self.daemon.bundle(SUBMITTER), "--seed", str(self.seed), "--start",
                   str(int(start.timestamp()))]
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        return self.program("bench_load", *command)

    def wait_condensed(self):
        from harness.waiting import wait_until
        wait_until(lambda: self.daemon.value("SELECT count(*) FROM report.touched") == 0, 600, "every day is condensed")

    def conninfo(self):
        connection = self.daemon.connect()
        parameters = connection.get_dsn_parameters()
        connection.close()
        return " ".join(f"{key}='{parameters[key]}'" for key in ("host", "port", "user", "dbname") if parameters.get(key))

    def pgbench(self, statement, connections, seconds):
        """Transactions a second of one prepared statement."""
        from harness.postgres import bin_dir
        script = self.daemon.root / "pgbench.sql"
        script.write_text(statement)
        done = subprocess.run([bin_dir() / "pgbench", "-n", "-M", "prepared", "-f", script, "-c", str(connections), "-j", "2", "-T",
                               str(seconds), self.conninfo()], capture_output=True, text=True, check=False)
        found = re.search(r"tps = ([0-9.]+)", done.stdout)
        if not found:
            raise RuntimeError(done.stdout + done.stderr)
        return float(found.group(1))

    def program(self, name, *arguments, data=None):
        """Runs a program of this folder and gives its JSON."""
        command = [str(self.build / "tests" / "bench" / name), *map(str, arguments)]
        done = subprocess.run(command, input=data, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
        return json.loads(done.stdout)

    @staticmethod
    def perf_graph(benchmark, name):
        """A file of the shared data; None, saying so, where it is missing."""
        data = pathlib.Path(os.environ.get("SAMORDNING_SHARED_DATA", SOURCE.parent / "shared" / "data"))
        file = data / "perf-graphs" / name
        if file.exists():
            return file
        print(f"{benchmark}: skipped, {file} is missing")
        return None
