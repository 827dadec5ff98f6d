# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking: the form of surveys under load, saved pages durable, beside bare single-row commits on the same PostgreSQL."""
import re


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
