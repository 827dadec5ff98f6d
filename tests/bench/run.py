#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev bench: speed and memory of the real daemon, worker and client, beside floors measured in the same run.

A ratio is what counts: machines differ, the same PostgreSQL on the same disk in the same minute does not. Names of benchmarks
as arguments run only those; the results also go to bench.json in the build directory."""
import argparse
import datetime
import functools
import gzip
import itertools
import json
import os
import pathlib
import platform
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "integration"))

COLUMNS = ("id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision, level, resolved_level, labels, "
           "roles, ended_at, case_ref, source, source_id, received_at, deadline_at, deadline_agreed, replied_at, reply_status, outcome")
SUBMITTER, RESEARCHER = "972417807", "971526920"


class Bench:
    def __init__(self, build, quick):
        self.build, self.quick = build, quick
        self.load_program = build / "tests" / "bench" / "bench_load"
        self.results = []
        self.seed = 0
        self.first_day = datetime.date(2014, 1, 1)

    @functools.cached_property
    def daemon(self):
        """Started by the first benchmark that asks for it."""
        from harness.daemon import Daemon, Programs
        daemon = Daemon(Programs(self.build), settings={"max_connections_per_organisation": 1000})
        daemon.start()
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

    def load(self, **options):
        """Runs the load program on days of its own, since time goes on and does not come back, and gives its JSON."""
        self.seed += 1
        start = datetime.datetime.combine(self.first_day, datetime.time(), datetime.timezone.utc)
        self.first_day += datetime.timedelta(days=options.setdefault("days", 28) + 3)
        command = [self.load_program, "--bundle", self.daemon.bundle(SUBMITTER), "--seed", str(self.seed), "--start",
                   str(int(start.timestamp()))]
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr}")
        return json.loads(done.stdout)

    def wait_condensed(self):
        from harness.waiting import wait_until
        wait_until(lambda: self.daemon.value("SELECT count(*) FROM report.touched") == 0, 600, "every day is condensed")

    # ---- floors -----------------------------------------------------------------------------------------

    def make_floor_table(self):
        self.daemon.query("DROP SCHEMA IF EXISTS bench CASCADE")
        self.daemon.query("CREATE SCHEMA bench")
        self.daemon.query("CREATE TABLE bench.interaction (LIKE report.interaction INCLUDING ALL) PARTITION BY RANGE (id)")
        for part, bounds in self.daemon.query(
                "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                "WHERE i.inhparent = 'report.interaction'::regclass"):
            self.daemon.query(f'CREATE TABLE bench."{part}" PARTITION OF bench.interaction {bounds}')

    def copied_rows(self, limit):
        """The rows stored last, as a binary COPY file, in the order they were stored."""
        file = self.daemon.root / "rows.copy"
        connection = self.daemon.connect()
        with open(file, "wb") as stream:
            connection.cursor().copy_expert(f"COPY (SELECT {COLUMNS} FROM report.interaction ORDER BY recorded_at, id LIMIT {limit}) "
                                            "TO STDOUT (FORMAT binary)", stream)
        connection.close()
        return file

    def conninfo(self):
        connection = self.daemon.connect()
        parameters = connection.get_dsn_parameters()
        connection.close()
        return " ".join(f"{key}='{parameters[key]}'" for key in ("host", "port", "user", "dbname") if parameters.get(key))

    def copy_floor(self, rows, connections, batch=1000):
        """The bare statement: binary COPY into a table of the same shape, one commit per batch."""
        self.make_floor_table()
        done = subprocess.run([self.build / "tests" / "bench" / "bench_floor", "--database", self.conninfo(), "--table",
                               "bench.interaction", "--columns", COLUMNS, "--data", rows, "--batch", str(batch), "--connections",
                               str(connections)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    def single_row_floor(self, connections, seconds=5):
        """Bare single-row commits per second, by pgbench with a prepared statement into a table of the same shape."""
        from harness.postgres import bin_dir
        self.make_floor_table()
        first = self.daemon.value("SELECT min(extract(epoch FROM occurred_at) * 1000)::int8 FROM report.interaction")
        script = self.daemon.root / "single.sql"
        script.write_text(
            f"\\set ms random({first}, {first + 20 * 86400000})\n\\set low random(1, 1000000000000000)\n"
            "INSERT INTO bench.interaction (id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision, "
            "level, resolved_level, labels, roles) VALUES ((lpad(to_hex(:ms::int8), 12, '0') || '70008' || lpad(to_hex(:low::int8), 15, '0'))::uuid, "
            "to_timestamp(:ms::float8 / 1000), now(), :low, 1, 1, 1, 0, 0, 0, 0, '{1,2,3,4,5}', '{5,5,5,5,5}');\n")
        done = subprocess.run([bin_dir() / "pgbench", "-n", "-M", "prepared", "-f", script, "-c", str(connections), "-j", "2", "-T",
                               str(seconds), self.conninfo()], capture_output=True, text=True)
        found = re.search(r"tps = ([0-9.]+)", done.stdout)
        if not found:
            raise RuntimeError(done.stdout + done.stderr)
        return float(found.group(1))

    # ---- benchmarks -------------------------------------------------------------------------------------

    def bench_ingest(self):
        """Durable acknowledged ingest through the real client and TLS, batches of 1,000, against the bare statement. Condensing is put
        off meanwhile; bench_condense has both together."""
        self.daemon.configure(condense_quiet_ms=86400000, condense_max_wait_ms=86400000)
        self.daemon.reload()
        count = self.scaled(1_200_000)
        self.load(connections=2, count=count // 2, batch=1000, in_flight=4)  # months, names, WAL segments
        rows = self.copied_rows(count // 2)
        floors, through = {1: [], 2: []}, {1: [], 2: [], 4: []}
        for _ in range(3):  # in turns, so that what else the machine does meets both
            for connections, rates in floors.items():
                rates.append(self.copy_floor(rows, connections)["per_second"])
            for connections, rates in through.items():
                rates.append(self.load(connections=connections, count=count, batch=1000, in_flight=4)["per_second"])
        through = {connections: statistics.median(rates) for connections, rates in through.items()}
        floor = max(statistics.median(rates) for rates in floors.values())
        self.report("bare COPY, batches of 1,000 (the floor)", floor, "interactions/s")
        for connections, rate in through.items():
            best = connections == max(through, key=through.get)
            self.report(f"through client and TLS, {connections} connections", rate, "interactions/s", rate / floor,
                        (lambda r: r >= 0.6) if best else None)

    def bench_condense(self):
        """Loading and condensing together, as in the long run: from the first row to the last block, on days of their own. The floor
        gets as many rows as in bench_ingest, enough to meet what a long run meets."""
        self.daemon.configure(condense_quiet_ms=1000, condense_max_wait_ms=3000)
        self.daemon.reload()
        self.load(connections=2, count=self.scaled(600_000), batch=1000, in_flight=4)
        rows = self.copied_rows(self.scaled(600_000))
        self.wait_condensed()
        floors, rates = [], []
        for _ in range(3):
            floors.append(self.copy_floor(rows, 2)["per_second"])
            before, begin = self.daemon.stored(), time.monotonic()
            self.load(connections=4, count=self.scaled(3_000_000), batch=1000, in_flight=4, days=56)
            self.daemon.query("SELECT knowledge.request_job('condense', '', '', false, 0)")  # as an analysis would, not waiting for quiet
            self.wait_condensed()
            seconds = time.monotonic() - begin
            rates.append((self.daemon.stored() - before) / seconds)
        floor, rate = statistics.median(floors), statistics.median(rates)
        self.report("bare COPY, batches of 1,000, 2 connections (the floor)", floor, "interactions/s")
        self.report("stored and condensed, first row to last block", rate, "interactions/s", rate / floor, lambda r: r >= 0.6)

    def bench_single(self):
        """One interaction per request, against bare single-row commits. Condensing is put off meanwhile, so that the floor and what is
        measured against it have the machine to themselves."""
        self.daemon.configure(condense_quiet_ms=86400000, condense_max_wait_ms=86400000)
        self.daemon.reload()
        self.load(connections=1, count=2000, batch=1, in_flight=4)
        count = self.scaled(60_000)
        floors, ones, manys = [], [], []
        for _ in range(3):  # in turns, so that what else the machine and its disk do meets all
            floors.append(self.single_row_floor(8, 3))
            ones.append(self.load(connections=8, count=count // 2, batch=1, in_flight=1)["per_second"])
            manys.append(self.load(connections=8, count=count * 8, batch=1, in_flight=64)["per_second"])
        floor, one, many = statistics.median(floors), statistics.median(ones), statistics.median(manys)
        self.report("bare single-row commits, 8 connections (the floor)", floor, "interactions/s")
        self.report("one per request, 8 connections, 1 in flight", one, "interactions/s", one / floor, lambda r: r >= 1)
        self.report("one per request, 8 connections, 64 in flight", many, "interactions/s", many / floor, lambda r: r >= 10)
        bare = self.copy_floor(self.copied_rows(self.scaled(2000)), 1, batch=1)["p50_ms"]
        paced = self.load(connections=8, count=self.scaled(20_000), batch=1, in_flight=64, rate=2000)
        gather = 5.0
        self.report("bare commit, p50", bare, "ms")
        self.report("acknowledgement at 2,000/s, p50", paced["p50_ms"], "ms")
        self.report("acknowledgement at 2,000/s, p99", paced["p99_ms"], "ms", paced["p99_ms"] / (3 * bare + gather),
                    lambda r: r <= 1,
                    note="ratio to 3 x bare p50 + 5 ms of gathering")

    def bench_memory(self):
        """The daemon's memory: 200 clients, a million interactions, idle connections."""
        from harness.wire import Wire

        def hold(count):
            return [Wire(self.daemon.address, self.daemon.bundle(SUBMITTER)) for _ in range(count)]
        # on a fresh daemon: later ones would live in memory that earlier load has left
        warm = hold(20)
        before = self.daemon.process.resident_kib()
        held = hold(400)
        each = (self.daemon.process.resident_kib() - before) / len(held)
        for connection in warm + held:
            connection.close()
        self.report("an idle TLS connection", each, "KiB", each / 64, lambda r: r <= 1, note="ratio to 64 KiB")
        stop, peaks = threading.Event(), []

        def watch():
            while not stop.wait(0.1):
                peaks.append(self.daemon.process.resident_kib())
        self.load(connections=200, count=self.scaled(200_000), batch=1000, in_flight=4)
        thread = threading.Thread(target=watch)
        thread.start()
        self.load(connections=200, count=self.scaled(1_000_000), batch=1000, in_flight=4)
        stop.set()
        thread.join()
        self.report("daemon with 200 clients submitting, peak", max(peaks) / 1024, "MiB", max(peaks) / 1024 / 96, lambda r: r <= 1,
                    note="ratio to 96 MiB")
        quarter = max(1, len(peaks) // 4)
        growth = (statistics.median(peaks[-quarter:]) - statistics.median(peaks[quarter:2 * quarter] or peaks)) / 1024
        self.report("growth from the second to the last quarter of a million", growth, "MiB")

    @staticmethod
    def perf_graph(benchmark, name):
        """A file of the shared data; None, saying so, where it is missing."""
        data = pathlib.Path(os.environ.get("SAMORDNING_SHARED_DATA", SOURCE.parent / "shared" / "data"))
        file = data / "perf-graphs" / name
        if file.exists():
            return file
        print(f"{benchmark}: skipped, {file} is missing")
        return None

    def bench_inference(self):
        """Permutations and bootstrap replicates at 200 actors, beside plain references in the same program."""
        permutations, replicates = self.scaled(10_000), self.scaled(1000)
        done = subprocess.run([self.build / "tests" / "bench" / "bench_inference", "--permutations", str(permutations), "--replicates", str(replicates)],
                              capture_output=True, text=True, check=True)
        seconds = json.loads(done.stdout)
        self.report(f"{permutations:,} permutations one after another, copied", seconds["plain_qap"], "s")
        self.report(f"{permutations:,} QAP permutations, 200 actors", seconds["qap"], "s", seconds["qap"] / (5 * permutations / 10_000), lambda r: r <= 1,
                    note=f"ratio to 5 s for 10,000; {seconds['plain_qap'] / seconds['qap']:.1f} times the plain reference")
        self.report(f"{permutations:,} permutations of a regression", seconds["mrqap_1"], "s")
        self.report(f"{permutations // 10:,} permutations of a logistic regression", seconds["logistic_tenth"], "s")
        self.report("igraph's centralities of one such network", seconds["igraph_one"] * 1000, "ms")
        self.report(f"{replicates:,} bootstrap replicates of all numbers", seconds["bootstrap"], "s", seconds["bootstrap"] / (10 * replicates / 1000),
                    lambda r: r <= 1, note=f"ratio to 10 s for 1,000; {seconds['igraph_one'] * replicates / seconds['bootstrap']:.1f} times igraph")

    def bench_events(self):
        """506,550 real events submitted, resolved and analysed in one go."""
        from harness.daemon import OPERATOR
        file = self.perf_graph("events", "mathoverflow-events.csv.gz")
        if not file:
            return
        for layer in ("comment-to-question", "comment-to-answer", "answer-to-question"):
            self.daemon.client(OPERATOR, "layers", "add", layer, "--kind", "letter", check=True)
        steps = []

        def step(name, run):
            begin = time.monotonic()
            run()
            steps.append((name, time.monotonic() - begin))
        period = ("--from", "2009-09-01", "--to", "2016-04-01", "--layer",
                  "comment-to-question,comment-to-answer,answer-to-question")
        step("submit", lambda: self.daemon.client(SUBMITTER, "submit", file, "--time", "unix", "--map", "time=t", check=True,
                                                  timeout=1200))
        step("resolve 24,818 names", lambda: self.daemon.client(OPERATOR, "actors", "resolve", "--all", "--create", "person",
                                                                check=True,
                                                               timeout=1200))
        step("condense the rest", self.wait_condensed)
        step("graph", lambda: self.daemon.client(RESEARCHER, "metrics", "graph", *period, "--format", "csv", check=True,
                                                 timeout=1800))
        step("centrality", lambda: self.daemon.client(RESEARCHER, "metrics", "centrality", *period, "--format", "csv",
                                                      check=True,
                                                      timeout=1800))
        total = sum(seconds for _, seconds in steps)
        self.report("506,550 real events, all of it", total, "s")
        for name, seconds in steps:
            self.report(f"  of it: {name}", seconds, "s", note=f"{100 * seconds / total:.0f} %")

    def bench_structure(self):
        """Sets of key players and losses of single actors, against plain igraph and NetworkX doing the same set by set."""
        command = [self.build / "tests" / "bench" / "structure_bench"] + (["--quick"] if self.quick else [])
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        figures = json.loads(done.stdout)
        for row in figures["sets"]:
            name = f"sets of {row['size']} of {row['actors']} actors, {row['ties']} ties: {row['sets']:,.0f}"
            first = row is figures["sets"][0]
            self.report(name, row["seconds"], "s", row["seconds"] / 2 if first else None, lambda r: r <= 1,
                        note="ratio to 2 s" if first else "")
            if "edges" in row:
                self.report("  plain igraph", row["igraph_seconds"], "s", row["igraph_seconds"] / row["seconds"])
            if first:
                self.report("  NetworkX", seconds := self.networkx_sets(row), "s", seconds / row["seconds"])
        for row in figures["losses"]:
            self.report(f"loss of efficiency, each of {row['actors']} actors, {row['ties']} ties, {'steps' if row['unit'] else 'weights'}",
                        row["seconds"], "s")
            self.report("  plain igraph", row["igraph_seconds"], "s", row["igraph_seconds"] / row["seconds"])

    @staticmethod
    def networkx_sets(row):
        """Seconds for the same sets; the best value must be the same."""
        import networkx
        graph, best = networkx.Graph(row["edges"]), 0
        graph.add_nodes_from(range(row["actors"]))
        begin = time.monotonic()
        for members in itertools.combinations(range(row["actors"]), row["size"]):
            rest = graph.copy()
            rest.remove_nodes_from(members)
            sum(len(part) * (len(part) - 1) for part in networkx.connected_components(rest))
            best = max(best, 1 - networkx.global_efficiency(rest))
        seconds = time.monotonic() - begin
        if abs(best - row["distance_fragmentation"]) > 1e-9:
            raise RuntimeError(f"NetworkX finds {best}, not {row['distance_fragmentation']}")
        return seconds

    def kernels(self, *options, data=None):
        done = subprocess.run([self.build / "tests" / "bench" / "bench_kernels", *map(str, options)], input=data,
                              capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    def bench_kernels(self):
        """Path measures of 10,000 actors and 100,000 ties, by our kernels and by plain igraph calls."""
        size = ["--nodes", self.scaled(10_000), "--ties", 10]
        steps = self.kernels(*size, "--steps")
        # a fifth of the sources costs both sides a fifth of the time, so the ratio is that of all of them
        weighted = self.kernels(*size, "--weighted", "--sources", self.scaled(2000))
        for name, figures, own, others, wanted in (
                ("closeness and harmonic in steps", steps, "own_sweep_s", ("igraph_closeness_s", "igraph_harmonic_s"), 100),
                ("betweenness in steps", steps, "own_betweenness_s", ("igraph_betweenness_s",), 6),
                (f"betweenness, closeness and harmonic by weight, {weighted['sources']:.0f} sources", weighted, "own_weighted_s",
                 ("igraph_weighted_betweenness_s", "igraph_weighted_closeness_s", "igraph_weighted_harmonic_s"), 5),
                ("constraint", weighted, "own_constraint_s", ("igraph_constraint_s",), None)):
            theirs = sum(figures[other] for other in others)
            self.report(f"{name}: igraph", theirs, "s")
            self.report(f"{name}: ours", figures[own], "s", theirs / figures[own],
                        wanted and (lambda r, wanted=wanted: r >= wanted), note=f"wanted {wanted}x" if wanted else "")
        small = self.kernels("--nodes", 300, "--ties", 10, "--alone", "--turns", 20)
        for name, key in (("closeness and harmonic in steps", "own_sweep_s"), ("betweenness in steps", "own_betweenness_s"),
                          ("all of them by weight", "own_weighted_s")):
            self.report(f"300 actors, 3,000 ties: {name}", small[key] * 1000, "ms")
        worst = max(value for figures in (steps, weighted) for key, value in figures.items() if key.endswith("_difference"))
        self.report("largest relative difference to igraph", worst, "", worst / 1e-9, lambda r: r <= 1, note="ratio to 1e-9")

    def bench_web(self):
        """Distances of 325,729 nodes, and their betweenness from a sample of sources."""
        file = self.perf_graph("web", "web-notredame.csv.gz")
        if not file:
            return
        with gzip.open(file, "rt") as stream:
            figures = self.kernels("--read", "--epsilon", 0.1 if self.quick else 0.02, data=stream.read())
        self.report(f"all distances of {figures['nodes']:,.0f} nodes, {figures['edges']:,.0f} ties", figures["own_sweep_s"], "s")
        self.report(f"betweenness from {figures['sampled_sources']:,.0f} sources", figures["own_sampled_s"], "s",
                    note=f"within {figures['sampled_epsilon']:.3g}, delta 0.05")
        self.report("both, peak", figures["peak_mib"], "MiB", figures["peak_mib"] / 4096, lambda r: r <= 1, note="ratio to 4 GiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--quick", action="store_true", help="a tenth of the load; the ratios are then only rough")
    names = [name[6:] for name in dir(Bench) if name.startswith("bench_")]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {' '.join(names)}")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    sys.path.insert(0, str(build / "tests" / "integration" / "generated"))
    wrong = set(arguments.names) - set(names)
    if wrong:
        parser.error(f"no benchmark is called {', '.join(sorted(wrong))}")
    print(f"{datetime.datetime.now():%Y-%m-%d %H:%M}  {platform.machine()}, {os.cpu_count()} cores, fsync on\n")
    results, failed = [], False
    for name in arguments.names or ["ingest", "condense", "single", "memory", "events", "kernels", "web", "structure", "inference"]:
        bench = Bench(build, arguments.quick)
        try:
            getattr(bench, f"bench_{name}")()
        except Exception as error:  # one that fails must not hide the others
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
        finally:
            results += bench.results
            bench.close()
    with tempfile.NamedTemporaryFile("w", dir=build, delete=False) as file:
        json.dump(results, file, indent=1)
    os.replace(file.name, build / "bench.json")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
