# SPDX-License-Identifier: GPL-3.0-or-later
"""Collecting: ingest, condensing, single requests and memory of the real daemon, beside floors on the same PostgreSQL and disk."""
import statistics
import threading
import time

from bench import SUBMITTER

COLUMNS = ("id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision, level, resolved_level, labels, "
           "roles, ended_at, case_ref, source, source_id, received_at, deadline_at, deadline_agreed, replied_at, reply_status, outcome")


def make_floor_table(bench):
    bench.daemon.query("DROP SCHEMA IF EXISTS bench CASCADE")
    bench.daemon.query("CREATE SCHEMA bench")
    bench.daemon.query("CREATE TABLE bench.interaction (LIKE report.interaction INCLUDING ALL) PARTITION BY RANGE (id)")
    for part, bounds in bench.daemon.query(
            "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'report.interaction'::regclass"):
        bench.daemon.query(f'CREATE TABLE bench."{part}" PARTITION OF bench.interaction {bounds}')


def copied_rows(bench, limit):
    """The rows stored last, as a binary COPY file, in the order they were stored."""
    file = bench.daemon.root / "rows.copy"
    connection = bench.daemon.connect()
    with open(file, "wb") as stream:
        connection.cursor().copy_expert(f"COPY (SELECT {COLUMNS} FROM report.interaction ORDER BY recorded_at, id LIMIT {limit}) "
                                        "TO STDOUT (FORMAT binary)", stream)
    connection.close()
    return file


def copy_floor(bench, rows, connections, batch=1000):
    """The bare statement: binary COPY into a table of the same shape, one commit per batch."""
    make_floor_table(bench)
    return bench.program("bench_floor", "--database", bench.conninfo(), "--table", "bench.interaction", "--columns", COLUMNS, "--data", rows,
                         "--batch", batch, "--connections", connections)


def single_row_floor(bench, connections, seconds=5):
    """Bare single-row commits per second, by pgbench with a prepared statement into a table of the same shape."""
    make_floor_table(bench)
    first = bench.daemon.value("SELECT min(extract(epoch FROM occurred_at) * 1000)::int8 FROM report.interaction")
    return bench.pgbench(
        f"\\set ms random({first}, {first + 20 * 86400000})\n\\set low random(1, 1000000000000000)\n"
        "INSERT INTO bench.interaction (id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision, "
        "level, resolved_level, labels, roles) VALUES ((lpad(to_hex(:ms::int8), 12, '0') || '70008' || lpad(to_hex(:low::int8), 15, '0'))::uuid, "
        "to_timestamp(:ms::float8 / 1000), now(), :low, 1, 1, 1, 0, 0, 0, 0, '{1,2,3,4,5}', '{5,5,5,5,5}');\n",
        connections, seconds)


def ingest(bench):
    """Durable acknowledged ingest through the real client and TLS, batches of 1,000, against the bare statement. Condensing is put
    off meanwhile; bench_condense has both together."""
    bench.daemon.configure(condense_quiet_ms=86400000, condense_max_wait_ms=86400000)
    bench.daemon.reload()
    count = bench.scaled(1_200_000)
    bench.load(connections=2, count=count // 2, batch=1000, in_flight=4)  # months, names, WAL segments
    rows = copied_rows(bench, count // 2)
    floors, through = {1: [], 2: []}, {1: [], 2: [], 4: []}
    for _ in range(3):  # in turns, so that what else the machine does meets both
        for connections, rates in floors.items():
            rates.append(copy_floor(bench, rows, connections)["per_second"])
        for connections, rates in through.items():
            rates.append(bench.load(connections=connections, count=count, batch=1000, in_flight=4)["per_second"])
    through = {connections: statistics.median(rates) for connections, rates in through.items()}
    floor = max(statistics.median(rates) for rates in floors.values())
    bench.report("bare COPY, batches of 1,000 (the floor)", floor, "interactions/s")
    for connections, rate in through.items():
        best = connections == max(through, key=through.get)
        bench.report(f"through client and TLS, {connections} connections", rate, "interactions/s", rate / floor,
                     (lambda r: r >= 0.6) if best else None)


def condense(bench):
    """Loading and condensing together, as in the long run: from the first row to the last block, on days of their own. The floor
    gets as many rows as in bench_ingest, enough to meet what a long run meets."""
    bench.daemon.configure(condense_quiet_ms=1000, condense_max_wait_ms=3000)
    bench.daemon.reload()
    bench.load(connections=2, count=bench.scaled(600_000), batch=1000, in_flight=4)
    rows = copied_rows(bench, bench.scaled(600_000))
    bench.wait_condensed()
    floors, rates = [], []
    for _ in range(3):
        floors.append(copy_floor(bench, rows, 2)["per_second"])
        before, begin = bench.daemon.stored(), time.monotonic()
        bench.load(connections=4, count=bench.scaled(3_000_000), batch=1000, in_flight=4, days=56)
        bench.daemon.query("SELECT knowledge.request_job('condense', '', '', false, 0)")  # as an analysis would, not waiting for quiet
        bench.wait_condensed()
        seconds = time.monotonic() - begin
        rates.append((bench.daemon.stored() - before) / seconds)
    floor, rate = statistics.median(floors), statistics.median(rates)
    bench.report("bare COPY, batches of 1,000, 2 connections (the floor)", floor, "interactions/s")
    bench.report("stored and condensed, first row to last block", rate, "interactions/s", rate / floor, lambda r: r >= 0.6)


def single(bench):
    """One interaction per request, against bare single-row commits. Condensing is put off meanwhile, so that the floor and what is
    measured against it have the machine to themselves."""
    bench.daemon.configure(condense_quiet_ms=86400000, condense_max_wait_ms=86400000)
    bench.daemon.reload()
    bench.load(connections=1, count=2000, batch=1, in_flight=4)
    count = bench.scaled(60_000)
    floors, ones, manys = [], [], []
    for _ in range(3):  # in turns, so that what else the machine and its disk do meets all
        floors.append(single_row_floor(bench, 8, 3))
        ones.append(bench.load(connections=8, count=count // 2, batch=1, in_flight=1)["per_second"])
        manys.append(bench.load(connections=8, count=count * 8, batch=1, in_flight=64)["per_second"])
    floor, one, many = statistics.median(floors), statistics.median(ones), statistics.median(manys)
    bench.report("bare single-row commits, 8 connections (the floor)", floor, "interactions/s")
    bench.report("one per request, 8 connections, 1 in flight", one, "interactions/s", one / floor, lambda r: r >= 1)
    bench.report("one per request, 8 connections, 64 in flight", many, "interactions/s", many / floor, lambda r: r >= 10)
    bare = copy_floor(bench, copied_rows(bench, bench.scaled(2000)), 1, batch=1)["p50_ms"]
    paced = bench.load(connections=8, count=bench.scaled(20_000), batch=1, in_flight=64, rate=2000)
    gather = 5.0
    bench.report("bare commit, p50", bare, "ms")
    bench.report("acknowledgement at 2,000/s, p50", paced["p50_ms"], "ms")
    bench.report("acknowledgement at 2,000/s, p99", paced["p99_ms"], "ms", paced["p99_ms"] / (3 * bare + gather),
                 lambda r: r <= 1,
                 note="ratio to 3 x bare p50 + 5 ms of gathering")


def memory(bench):
    """The daemon's memory: 200 clients, a million interactions, idle connections."""
    from harness.wire import Wire

    def hold(count):
        return [Wire(bench.daemon.address, bench.daemon.bundle(SUBMITTER)) for _ in range(count)]
    # on a fresh daemon: later ones would live in memory that earlier load has left
    warm = hold(20)
    before = bench.daemon.process.resident_kib()
    held = hold(400)
    each = (bench.daemon.process.resident_kib() - before) / len(held)
    for connection in warm + held:
        connection.close()
    bench.report("an idle TLS connection", each, "KiB", each / 64, lambda r: r <= 1, note="ratio to 64 KiB")
    stop, peaks = threading.Event(), []

    def watch():
        while not stop.wait(0.1):
            peaks.append(bench.daemon.process.resident_kib())
    bench.load(connections=200, count=bench.scaled(200_000), batch=1000, in_flight=4)
    thread = threading.Thread(target=watch)
    thread.start()
    bench.load(connections=200, count=bench.scaled(1_000_000), batch=1000, in_flight=4)
    stop.set()
    thread.join()
    bench.report("daemon with 200 clients submitting, peak", max(peaks) / 1024, "MiB", max(peaks) / 1024 / 96, lambda r: r <= 1,
                 note="ratio to 96 MiB")
    quarter = max(1, len(peaks) // 4)
    growth = (statistics.median(peaks[-quarter:]) - statistics.median(peaks[quarter:2 * quarter] or peaks)) / 1024
    bench.report("growth from the second to the last quarter of a million", growth, "MiB")
