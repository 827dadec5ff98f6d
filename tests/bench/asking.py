# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking: the form of surveys under load, saved pages durable, beside bare single-row commits on the same PostgreSQL; a whole survey; the HTTP API
beside bare COPY."""
import gzip
import http.client
import json
import os
import pathlib
import re
import ssl
import statistics
import subprocess
import threading
import time
import urllib.parse


SEATS = 500
WAVE = "bench"
# Every question of the built-in questionnaire's roster page, for each of the other ministries.
PARTS = "contact_actual=3,contact_needed=3,timeliness=2,influence=2,trust_reliability=3,trust_support=3,trust_openness=3"


def open_wave(bench, wave=WAVE, count=SEATS):
    """A wave of the built-in questionnaire with so many seats; gives the file of their links."""
    from harness.daemon import OPERATOR
    from harness.process import free_port
    daemon = bench.daemon
    daemon.configure(web_listen=f"127.0.0.1:{free_port()}", web_max_connections_per_address=2 * count, web_rate=1000000)
    daemon.restart()
    web = re.search(r"^web_listen = (.*)$", daemon.config.read_text(), re.M).group(1)
    sample = daemon.root / "sample"
    daemon.client(None, "simulate", "--out", sample, "--interactions", "1000", check=True)
    ministries = [line.split(",")[0] for line in (sample / "submitters.csv").read_text().splitlines()[1:]]
    seats, links = daemon.root / "seats.csv", daemon.root / "links.csv"
    seats.write_text("actor,ref\n" + "".join(f"{ministries[n % len(ministries)]},seat-{n}\n" for n in range(count)))

    def operator(*arguments):
        daemon.client(OPERATOR, *arguments, check=True)
    operator("actors", "import", sample / "actors.csv")
    operator("survey", "design", "--builtin")
    operator("survey", "wave", wave, "--instrument", "samordning", "--title", "nb=Måling", "--title", "nn=Måling", "--title", "en=Bench",
             "--opens", "2020-01-01", "--closes", "2100-01-01")
    operator("survey", "open", wave)
    operator("survey", "invite", wave, seats, "--links", links)
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


def cpu_seconds(pid):
    """User and system time of a process so far."""
    fields = open(f"/proc/{pid}/stat", encoding="utf-8").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_page(address, link, authority):
    """Bytes over the wire, heads and bodies, of what a browser gets before somebody can answer: the pages of a link up to the roster's, each with
    everything its head names. As a browser does, what was got once is kept."""
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = False
    connection = http.client.HTTPSConnection(address, context=context)
    parts, cookie, had = urllib.parse.urlsplit(link), None, {}

    def get(path):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", **({"Cookie": cookie} if cookie else {})})
        response = connection.getresponse()
        body = response.read()
        return response, body, len(body) + sum(len(name) + len(value) + 4 for name, value in response.getheaders()) + len("HTTP/1.1 200 OK\r\n\r\n")
    response, _, redirect = get(parts.path)
    cookie = response.headers["Set-Cookie"].split(";")[0]
    total = {}
    for name, path in ("welcome", response.headers["Location"]), ("roster", response.headers["Location"] + "/contact"):
        response, body, size = get(path)
        page = gzip.decompress(body).decode()
        needed = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.split("</head>")[0])) - set(had)
        had.update((asset, get(asset)[2]) for asset in needed)
        total[name] = size + sum(had[asset] for asset in needed)
        assert all("module" in script or "defer" in script for script in re.findall(r"<script[^>]*>", page)), "a script holds the page up"
    connection.close()
    return {"welcome": total["welcome"] + redirect, "roster": total["welcome"] + redirect + total["roster"]}


def form(bench):
    """500 respondents at a time, over TLS, on 2 cores with the load: each saves the roster's page (112 answers) as the form's script does
    while one types: as often as it is answered; then at a pace that makes 1,000 saves a second; then every 1.5 s, the script's own pace. In the
    last two each gets the whole page again after every tenth save."""
    links = open_wave(bench)
    daemon = bench.daemon
    authority = daemon.state / "authority" / "ca.crt"

    def load(seconds, **options):
        more = [word for name, value in options.items() for word in ("--" + name.replace("_", "-"), value)]
        done = bench.program("bench_form_load", "--authority", authority, "--links", links, "--section", "contact", "--parts", PARTS,
                             "--respondents", SEATS, "--seconds", seconds, "--daemon", daemon.process.pid, *more)
        own, server, all_of_it = done["own_s"], done["daemon_s"], done["machine_s"]
        done["shares"] = f"of the machine's time: load {own / all_of_it:.0%}, daemon {server / all_of_it:.0%}, PostgreSQL and all else " \
                         f"{1 - (own + server) / all_of_it:.0%}; {all_of_it / done['seconds'] / os.cpu_count():.0%} busy"
        return done

    def tell(name, done):
        for what in "save", "page":
            for share in "p50", "p95":
                ratio = done[f"{what}_{share}_ms"] / 100
                bench.report(f"{name}: a {what}, {share}", done[f"{what}_{share}_ms"], "ms", *((ratio, lambda r: r <= 1, "ratio to 100 ms") if share == "p95" else ()))
    load(bench.scaled(10))
    floor = page_floor(bench)
    bench.report("bare saves of a page, 8 connections (the floor)", floor, "pages/s")
    first_link = links.read_text().splitlines()[1].split(",")[3]
    for name, size in first_page(urllib.parse.urlsplit(first_link).netloc, first_link, authority).items():
        bench.report(f"bytes over the wire, up to the {name} page", size / 1000, "kB", size / 100_000, lambda r: r <= 1, "ratio to 100 kB")
    before = daemon.process.resident_kib()
    flat = load(bench.scaled(10))
    stored = daemon.value("SELECT sum(jsonb_array_length(answers)) FROM survey.page")
    assert stored >= SEATS * 100, f"{stored} answers are stored"
    bench.report("saved pages, 500 respondents, flat out", flat["saves_per_s"], "pages/s", flat["saves_per_s"] / 1000, lambda r: r >= 1,
                 note="ratio to 1,000; " + flat["shares"])
    bench.report("daemon, growth over a load of 500 respondents", (daemon.process.resident_kib() - before) / 1024, "MiB")
    asked = load(bench.scaled(15), every=450, page_after=10)    # 500 every 0.45 s, every eleventh a page: 1,010 saves a second
    bench.report("saved pages, 500 respondents, every 0.45 s", asked["saves_per_s"], "pages/s", asked["saves_per_s"] / 1000, lambda r: r >= 0.99,
                 note="ratio to 1,000; " + asked["shares"])
    tell("500 respondents every 0.45 s", asked)
    typing = load(bench.scaled(15), every=1500, page_after=4)
    bench.report("saved pages, 500 respondents typing", typing["saves_per_s"], "pages/s", note=typing["shares"])
    tell("500 respondents typing", typing)
    bench.report("daemon, growth over all three loads", (daemon.process.resident_kib() - before) / 1024, "MiB")


def survey(bench):
    """Officials of the simulated year answer the built-in questionnaire, a roster of 17 ministries among its pages: three in ten through the form
    in the browser, page by page, the others through their ministry's certificate; until 2,000 have."""
    links = open_wave(bench, "survey", bench.scaled(2800))
    daemon = bench.daemon
    daemon.client(OPERATOR, "enrol", "--list", daemon.root / "sample" / "submitters.csv", "--out", daemon.state / "bundles", check=True)
    began, server = time.monotonic(), cpu_seconds(daemon.process.pid)
    done = daemon.client(None, "simulate", "--survey", "survey", "--interactions", "1000", "--links", links, "--bundles", daemon.state / "bundles", check=True)
    took, server = time.monotonic() - began, cpu_seconds(daemon.process.pid) - server
    through_form, through_system = map(int, re.search(r"(\d+) answered through the form, (\d+) through", done.stdout).groups())
    answers = daemon.value("SELECT count(*) FROM survey.answer a JOIN survey.respondent r ON r.id = a.respondent JOIN survey.wave w ON w.id = r.wave "
                           "WHERE w.key = 'survey' AND r.state = 3")
    assert through_form + through_system >= bench.scaled(2000), done.stdout
    bench.report("respondents who have answered", through_form + through_system, "", note=f"{through_form:,} through the form; {answers:,} answers stored")
    bench.report("  and how long it took them one after the other", took, "s", note=f"{server:.1f} s of it the daemon's processor time")
    bench.report("  respondents", (through_form + through_system) / took, "per s")


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
    by_id = bench.daemon.value("SELECT '/v1/results/id/' || id FROM knowledge.result WHERE family = 'graph'")
    for name, address in (("stored result", result), ("the same by its id", by_id)):
        stored = load(address, rate=500, seconds=bench.scaled(20))
        bench.report(f"{name} over TLS at 500/s: p50", stored["p50_ms"], "ms", note=f"{stored['bytes'] / stored['requests'] / 1024:.1f} KiB each")
        bench.report(f"{name} over TLS at 500/s: p99", stored["p99_ms"], "ms", stored["p99_ms"] / 10, lambda r: r <= 1, note="ratio to 10 ms")
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
