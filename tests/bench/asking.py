# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking: the form of surveys under load, beside bare single-row commits on the same PostgreSQL; the HTTP API beside bare COPY."""
import json
import pathlib
import re
import statistics
import subprocess
import threading
import time


SEATS = 500
WAVE = "bench"
# Every question of the built-in questionnaire's roster page, for each of the other ministries.
PARTS = "contact_actual=3,contact_needed=3,timeliness=2,influence=2,trust_reliability=3,trust_support=3,trust_openness=3"


def open_wave(bench):
    """A wave of the built-in questionnaire with SEATS seats; gives the file of their links."""
    from harness.daemon import OPERATOR
    from harness.process import free_port
    daemon = bench.daemon
    daemon.configure(web_listen=f"127.0.0.1:{free_port()}", web_max_connections_per_address=2 * SEATS, web_rate=1000000)
    daemon.restart()
    web = re.search(r"^web_listen = (.*)$", daemon.config.read_text(), re.M).group(1)
    sample = daemon.root / "sample"
    daemon.client(None, "simulate", "--out", sample, "--interactions", "1000", check=True)
    ministries = [line.split(",")[0] for line in (sample / "submitters.csv").read_text().splitlines()]
    seats, links = daemon.root / "seats.csv", daemon.root / "links.csv"
    seats.write_text("actor,ref\n" + "".join(f"{ministries[n % len(ministries)]},seat-{n}\n" for n in range(SEATS)))

    def operator(*arguments):
        daemon.client(OPERATOR, *arguments, check=True)
    operator("actors", "import", sample / "actors.csv")
    operator("survey", "design", "--builtin")
    operator("survey", "wave", WAVE, "--instrument", "samordning", "--title", "nb=Måling", "--title", "nn=Måling", "--title", "en=Bench",
             "--opens", "2020-01-01", "--closes", "2100-01-01")
    operator("survey", "open", WAVE)
    operator("survey", "invite", WAVE, seats, "--links", links)
    links.write_text(re.sub(r",(/s/)", rf",https://{web}\1", links.read_text()))
    return links


def page_floor(bench):
    """Bare saves of such a page, one commit each, on 8 connections: the same row into a table of the same shape, and nothing else."""
    bench.daemon.query("CREATE SCHEMA IF NOT EXISTS bench")
    bench.daemon.query("CREATE TABLE bench.page (LIKE survey.page INCLUDING ALL)")
    bench.daemon.query("CREATE TABLE bench.answers AS SELECT answers FROM survey.page LIMIT 1")
    return bench.pgbench("\\set r random(1, 500)\nINSERT INTO bench.page (respondent, section, answers) SELECT lpad(:r::text, 32, '0')::uuid, 'contact', answers "
                         "FROM bench.answers ON CONFLICT (respondent, section) DO UPDATE SET answers = excluded.answers, revision = bench.page.revision + 1;\n",
                         8, 5)


def form(bench):
    """500 respondents at a time, over TLS, on 2 cores with the load: each saves the roster's page (112 answers) as the form's script does
    while one types, first as often as it is answered, then every 1.5 s (the script's own pace), with the whole page every tenth time."""
    links = open_wave(bench)
    daemon = bench.daemon

    def load(seconds, **options):
        more = [word for name, value in options.items() for word in ("--" + name.replace("_", "-"), value)]
        return bench.program("bench_form_load", "--authority", daemon.state / "authority" / "ca.crt", "--links", links, "--section", "contact",
                             "--parts", PARTS, "--respondents", SEATS, "--seconds", seconds, *more)
    load(bench.scaled(10))
    floor = page_floor(bench)
    bench.report("bare saves of a page, 8 connections (the floor)", floor, "pages/s")
    before = daemon.process.resident_kib()
    flat = load(bench.scaled(10))
    stored = daemon.value("SELECT sum(jsonb_array_length(answers)) FROM survey.page")
    assert stored >= SEATS * 100, f"{stored} answers are stored"
    bench.report("saved pages, 500 respondents, flat out", flat["saves_per_s"], "pages/s", flat["saves_per_s"] / 1000, lambda r: r >= 1,
                 note="ratio to 1,000")
    paced = load(bench.scaled(15), every=1500, page_after=10)
    for what in "save", "page":
        bench.report(f"a {what}, 500 respondents typing: p50", paced[f"{what}_p50_ms"], "ms")
        bench.report(f"a {what}, 500 respondents typing: p95", paced[f"{what}_p95_ms"], "ms", paced[f"{what}_p95_ms"] / 100, lambda r: r <= 1,
                     note="ratio to 100 ms")
    bench.report("saved pages meanwhile", paced["saves_per_s"], "pages/s")
    bench.report("daemon, growth over both loads", (daemon.process.resident_kib() - before) / 1024, "MiB")


# ------------------------------------------------------------------------------------------------------ the HTTP API

class ApiLoad:
    """bench_api_load on a daemon with a public port, as a researcher."""
    def __init__(self, bench):
        from bench import RESEARCHER
        from harness.api import token
        self.bench, daemon = bench, bench.daemon
        self.web = re.search(r"^web_listen = (.*)$", daemon.config.read_text(), re.M).group(1)
        self.token = token(daemon, orgnr=RESEARCHER)

    def command(self, path, **options):
        more = [str(word) for name, value in options.items() for word in ("--" + name, value)]
        return [self.bench.build / "tests" / "bench" / "bench_api_load", "--authority", self.bench.daemon.state / "authority" / "ca.crt",
                "--url", f"https://{self.web}{path}", "--token", self.token, *more]

    def __call__(self, path, **options):
        done = subprocess.run(self.command(path, **options), capture_output=True, text=True, check=True)
        told = json.loads(done.stdout)
        if told["failed"]:
            raise RuntimeError(f"{told['failed']} of {told['requests']} requests of {path} failed")
        return told

    def beside(self, path, during, **options):
        """What `during` gives, while the load goes on, again and again."""
        process, over = [None], threading.Event()

        def again():
            while not over.is_set():
                process[0] = subprocess.Popen(self.command(path, **options), stdout=subprocess.DEVNULL)
                process[0].wait()
        thread = threading.Thread(target=again)
        thread.start()
        try:
            return during()
        finally:
            over.set()
            process[0].terminate()
            thread.join()


def open_api(bench, count):
    """A daemon with a public port and so many interactions, and what asks it; condensing is put off."""
    from harness.process import free_port
    daemon = bench.daemon
    daemon.configure(web_listen=f"127.0.0.1:{free_port()}", web_rate=1000000, api_rate=1000000, condense_quiet_ms=86400000,
                     condense_max_wait_ms=86400000)
    daemon.restart()
    load = ApiLoad(bench)
    bench.load(connections=2, count=bench.scaled(count), batch=1000, in_flight=4, actors=300)
    daemon.query("VACUUM ANALYZE")
    return load


def ingest_beside(bench, what, beside):
    """Ingest alone and beside something, in turns."""
    def ingest():
        return bench.load(connections=2, count=bench.scaled(200_000), batch=1000, in_flight=4)["per_second"]
    alone, together = [], []
    for _ in range(3):
        alone.append(ingest())
        together.append(beside(ingest))
    alone, together = statistics.median(alone), statistics.median(together)
    bench.report("ingest, 2 connections", alone, "interactions/s")
    bench.report(f"ingest while {what}", together, "interactions/s", together / alone, lambda r: r >= 0.8)


def api(bench):
    """A stored result at 500 requests a second over TLS, each counted from when it was due; what is left of ingest meanwhile."""
    first = bench.first_day
    load = open_api(bench, 100_000)
    result = f"/v1/results/graph?spec=from={first}+to={bench.first_day}&wait=30"
    load(result, rate=50, seconds=3)  # computed, and known to rest on what there is now
    stored = load(result, rate=500, seconds=bench.scaled(20))
    bench.report("stored result over TLS at 500/s: p50", stored["p50_ms"], "ms", note=f"{stored['bytes'] / stored['requests'] / 1024:.1f} KiB each")
    bench.report("stored result over TLS at 500/s: p99", stored["p99_ms"], "ms", stored["p99_ms"] / 10, lambda r: r <= 1, note="ratio to 10 ms")
    ingest_beside(bench, "pages ask 100 times a second", lambda during: load.beside(result, during, rate=100, seconds=600))


def export(bench):
    """A million interactions streamed over TLS, beside COPY ... TO STDOUT of the same rows; the daemon's memory meanwhile; what is left
    of ingest while somebody downloads."""
    from harness.postgres import bin_dir
    daemon, first = bench.daemon, bench.first_day
    load = open_api(bench, 1_000_000)
    days, bounds = f"from={first}&to={bench.first_day}", [first, bench.first_day]
    query = ("COPY (SELECT * FROM research.interaction WHERE id >= report.id_floor(report.day_start(date '{}')) AND "
             "id < report.id_floor(report.day_start(date '{}'))) TO STDOUT (FORMAT csv, HEADER)").format(*bounds)
    begin = time.monotonic()
    subprocess.run([bin_dir() / "psql", "-X", "-q", bench.conninfo(), "-c", "SET jit = off", "-c", query], stdout=subprocess.DEVNULL, check=True)
    bare = time.monotonic() - begin
    process = pathlib.Path(f"/proc/{daemon.process.pid}")
    before = daemon.process.resident_kib()
    (process / "clear_refs").write_text("5")  # the highest so far counts from here
    streamed = load(f"/v1/interactions?{days}")
    peak = int(re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())[1])
    rows = daemon.value("SELECT count(*) FROM report.interaction WHERE id >= report.id_floor(report.day_start(%s)) AND id < report.id_floor(report.day_start(%s))", bounds)
    bench.report("COPY ... TO STDOUT of psql (the floor)", rows / bare, "interactions/s", note=f"{rows:,} rows, {streamed['bytes'] / 1e6:,.0f} MB")
    bench.report("export of these over TLS", rows / streamed["seconds"], "interactions/s", bare / streamed["seconds"], lambda r: r >= 0.5)
    bench.report("daemon, peak over what it had before", (peak - before) / 1024, "MiB")
    ingest_beside(bench, "these are exported", lambda during: load.beside(f"/v1/interactions?{days}", during))
