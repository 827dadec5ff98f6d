# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP API on a sample year: tokens and sessions, results and jobs, lists, errors."""
import csv
import http.client
import importlib.util
import io
import json
import math
import pathlib
import re
import shutil
import ssl
import subprocess
import threading
import time
import urllib.parse
import xml.etree.ElementTree as tree

import jsonschema
import openpyxl
import pytest

import samordning_pb2 as pb
from harness.api import Api, token
from harness.daemon import OPERATOR, RESEARCHER
from harness.process import held
from harness.waiting import wait_until
from harness.wire import Wire

DAEMON_ENVIRONMENT = {"asan": "quarantine_size_mb=8"}    # or what is freed counts as the daemon's memory
DAEMON_SETTINGS = {"condense_quiet_ms": 100, "web_listen": "127.0.0.1:0", "workers": "1"}
SOURCE = pathlib.Path(__file__).resolve().parents[2]
YEAR = 2025
SPEC = f"from={YEAR}-01-01 to={YEAR + 1}-01-01"
SPEC_OF_DOCS = "from=2025-01-01 to=2026-01-01"


@pytest.fixture(scope="module")
def year(module_daemon, simulate):
    sample = simulate(year=YEAR, interactions=300, seed=5)
    module_daemon.client(OPERATOR, "actors", "import", sample.actors, check=True)
    for orgnr, name in sample.submitters()[:1]:
        module_daemon.enrol(orgnr, name)
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    reporter, path, _, _ = sample.files[0]
    module_daemon.client(reporter or sample.submitters()[0][0], "submit", path, check=True)
    module_daemon.sample = sample
    return module_daemon


@pytest.fixture(scope="module")
def api(year):
    return Api(year, token(year, orgnr=RESEARCHER))


# ---------------------------------------------------------------------------------------------------- who asks

def problem(answer, status, kind):
    assert answer.status == status, (answer.status, answer.text)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["type"] == f"urn:samordning:problem:{kind}" and answer.json["status"] == status and answer.json["title"]
    return answer.json


@pytest.mark.parametrize("shown", [None, "x", "samordning_" + "A" * 43])
def test_without_a_valid_token_nothing_is_told(year, shown):
    answer = Api(year, shown).get("/v1/status")
    problem(answer, 401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_can_do_what_its_roles_allow(year, api):
    assert api.ok("/v1/session") == {"organisation": RESEARCHER, "roles": ["researcher"]}
    submitter = Api(year, token(year, role="submitter", orgnr=year.sample.submitters()[0][0]))
    assert submitter.get("/v1/status").status == 200
    asked = api.ok("/v1/results/graph", spec=SPEC, wait=30)
    problem(submitter.get("/v1/results/graph", spec=SPEC), 403, "FORBIDDEN")
    assert api.ok("/v1/results/graph", spec=SPEC) == asked, "what is in memory is for those who may read it"
    own, another = year.sample.submitters()[0][0], year.sample.submitters()[1][0]
    problem(submitter.get("/v1/results/report", spec=f"{SPEC} for={another}"), 403, "FORBIDDEN")
    mine = submitter.get("/v1/results/report", spec=f"{SPEC} for={own}", wait=30)
    assert mine.status == 200 and mine.headers["Content-Type"].startswith("text/html"), mine.text
    done = year.client(OPERATOR, "token", "add", "--name", "too much", "--orgnr", RESEARCHER, "--role", "operator")
    assert done.returncode != 0 and "roles" in done.stderr


def test_a_revoked_token_is_over_at_once(year):
    mine = Api(year, token(year, orgnr=RESEARCHER))
    assert mine.get("/v1/status").status == 200
    number = max(row["token"] for row in year.table(OPERATOR, "token", "list")["tables"]["tokens"]["rows"])
    year.client(OPERATOR, "token", "revoke", number, check=True)
    problem(mine.get("/v1/status"), 401, "UNAUTHENTICATED")
    row = year.table(OPERATOR, "token", "list")["tables"]["tokens"]["rows"][0]
    assert row["token"] == number and row["revoked_at"]
    secret = mine.token.removeprefix("samordning_")
    assert year.value("SELECT count(*) FROM access.token t WHERE t::text LIKE '%%' || %s || '%%'", (secret,)) == 0, "only a hash is stored"


def test_a_session_is_a_sealed_cookie(year):
    secret = token(year, orgnr=RESEARCHER)
    browser = Api(year)
    assert "samordning_" in browser.get("/explore/login").text
    assert browser.send("POST", "/explore/login", "token=samordning_x").status == 403
    done = browser.send("POST", "/explore/login", urllib.parse.urlencode({"token": secret, "next": "/explore/map"}))
    assert done.status == 303 and done.headers["Location"] == "/explore/map"
    cookie, *attributes = done.headers["Set-Cookie"].split("; ")
    assert {"Path=/", "HttpOnly", "Secure", "SameSite=Strict"} == set(attributes) and cookie.startswith("__Host-")
    shown = {"Cookie": cookie}
    session = browser.get("/v1/session", headers=shown).json
    assert session["organisation"] == RESEARCHER and re.fullmatch("[0-9a-f]{32}", session["csrf"])
    assert browser.get("/", headers=shown).headers["Location"] == "/explore/"
    problem(browser.send("DELETE", "/v1/jobs/1", headers=shown), 403, "FORBIDDEN")
    assert browser.send("DELETE", "/v1/jobs/99999999", headers={**shown, "X-CSRF-Token": session["csrf"]}).status == 404
    assert browser.get("/v1/session", headers={"Cookie": cookie[:-4] + "AAAA"}).status == 401
    assert browser.send("POST", "/explore/logout", "csrf=x", headers=shown).status == 403
    done = browser.send("POST", "/explore/logout", f"csrf={session['csrf']}", headers=shown)
    assert done.status == 303 and "Max-Age=0" in done.headers["Set-Cookie"]


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/explore/../w/x\\", "javascript:1"])
def test_logging_in_leads_to_our_own_pages_only(year, elsewhere):
    done = Api(year).send("POST", "/explore/login", urllib.parse.urlencode({"token": token(year, orgnr=RESEARCHER), "next": elsewhere}))
    assert done.headers["Location"] == "/explore/"


def test_another_site_cannot_log_anybody_in(year):
    done = Api(year).send("POST", "/explore/login", "token=" + token(year, orgnr=RESEARCHER), headers={"Sec-Fetch-Site": "cross-site"})
    assert done.status == 403 and "Set-Cookie" not in done.headers


# ------------------------------------------------------------------------------------------------------ results

def test_a_result_is_computed_once_and_then_answered_from_memory(year, api):
    first = api.get("/v1/results/graph", spec=SPEC, wait=30)
    assert first.status == 200 and first.headers["Content-Type"] == "application/json", first.text
    assert first.json["card"]["family"] == "graph" and first.json["tables"]
    jobs = year.value("SELECT count(*) FROM knowledge.job")
    again = api.get("/v1/results/graph", spec=SPEC)
    assert again.json == first.json and again.headers["ETag"] == first.headers["ETag"]
    assert year.value("SELECT count(*) FROM knowledge.job") == jobs, "no job for what is known"
    assert api.get("/v1/results/graph", spec=SPEC, headers={"If-None-Match": first.headers["ETag"]}).status == 304
    by_id = api.get(f"/v1/results/id/{first.json['id']}")
    assert by_id.json == first.json
    assert first.json["id"] in [row["id"] for row in api.ok("/v1/results", family="graph")["results"]]


def test_a_superseded_result_names_the_one_that_took_its_place(year, api):
    old, new = (api.ok("/v1/results/graph", spec=f"{SPEC} seed={seed}", wait=30)["id"] for seed in (61, 62))
    first = api.get(f"/v1/results/id/{old}")
    assert "Link" not in first.headers
    year.client(OPERATOR, "results", old, "--superseded-by", new, "--reason", "to ble slått sammen", check=True)
    known = {"If-None-Match": first.headers["ETag"]}
    for query, headers, status in (({}, {}, 200), ({}, known, 304), ({"format": "csv"}, {}, 200)):
        answer = api.get(f"/v1/results/id/{old}", headers=headers, **query)
        address, relation, title = answer.headers["Link"].split("; ")
        assert answer.status == status and (address, relation) == (f"</v1/results/id/{new}>", 'rel="successor-version"')
        assert urllib.parse.unquote(title) == "title*=UTF-8''to ble slått sammen"
    assert api.get(f"/v1/results/id/{old}").json == first.json and "Link" not in api.get(f"/v1/results/id/{new}").headers


def test_a_change_is_noticed(year, api):
    first = api.ok("/v1/results/graph", spec=SPEC, wait=30)
    year.query("INSERT INTO register.change (relation) VALUES ('actor')")
    wait_until(lambda: api.ok("/v1/results/graph", spec=SPEC, wait=30)["card"]["watermark"] != first["card"]["watermark"], 20, "the new watermark")


def test_what_takes_longer_is_a_job(year, api):
    with held(*year.worker_pids()):     # nothing is computed before it is answered
        answer = api.get("/v1/results/centrality", spec=SPEC, wait=0)
    assert answer.status == 202, answer.text
    job = answer.json
    assert answer.headers["Location"] == f"/v1/jobs/{job['job']}" == job["location"]
    events = list(api.events(job["location"] + "/events"))
    assert events[-1][0] == "done", events
    assert all(kind == "progress" and 0 <= data["permille"] <= 1000 for kind, data in events[:-1])
    shown = api.ok(job["location"])
    assert shown["state"] == "done" and events[-1][1]["result"].endswith(shown["result"])
    assert api.ok(events[-1][1]["result"])["card"]["family"] == "centrality"
    assert list(api.events(job["location"] + "/events"))[-1][0] == "done", "also when it was done before"


def test_a_job_is_cancelled_by_whoever_asked_for_it(year, api):
    year.query("SELECT pg_notify('nothing', '')")
    job = year.value("INSERT INTO knowledge.job (family, spec, state, worker, heartbeat_at) VALUES ('graph', 'x', 'running', 'elsewhere', now() + interval '1 hour') RETURNING id")
    problem(api.send("DELETE", f"/v1/jobs/{job}"), 403, "FORBIDDEN")
    assert year.value("SELECT knowledge.keep_job(%s, (SELECT id FROM access.organisation WHERE orgnr = %s))", (job, RESEARCHER))
    assert api.send("DELETE", f"/v1/jobs/{job}").json["state"] == "cancelled"


def test_what_cannot_be_computed_says_why(api):
    assert "never" in problem(api.get("/v1/results/graph", spec="from=never"), 400, "INVALID")["detail"]
    problem(api.get("/v1/results/nosuch", spec=SPEC), 400, "INVALID")
    assert problem(api.get("/v1/results/graph", spec=SPEC, wait=31), 400, "INVALID")["field"] == "wait"
    assert problem(api.get("/v1/results/graph", spec=SPEC, colour="red"), 400, "INVALID")["field"] == "colour"
    assert problem(api.get("/v1/cases?cursor=%00"), 400, "INVALID")["field"] == "cursor"
    assert problem(api.get("/v1/actors", on="2025-02-30"), 400, "INVALID")["field"] == "on"
    problem(api.get("/v1/results/graph", headers={"Accept": "image/png"}, spec=SPEC), 406, "INVALID")
    assert problem(api.get("/v1/results/graph", headers={"Accept": "text/html"}, spec=SPEC), 406, "INVALID")["field"] == "Accept"
    for family, language in (("graph", "xx"), ("report", "xx"), ("graph", "nob"), ("graph", "se")):
        refused = problem(api.get(f"/v1/results/{family}", spec=SPEC, lang=language), 400, "INVALID")
        assert (refused["field"], refused["detail"]) == ("lang", "must be nb, nn or en")
    problem(api.get("/v1/results/id/" + "0" * 36), 400, "INVALID")
    problem(api.get("/v1/results/id/00000000-0000-4000-8000-000000000000"), 404, "NOT_FOUND")
    problem(api.get("/v1/jobs/99999999/events"), 404, "NOT_FOUND")
    for nowhere in ("/v1/nowhere", "/v1", "/v1/"):
        answer = api.get(nowhere)
        assert answer.headers["Content-Type"] == "application/problem+json" and (answer.status, answer.json["status"]) == (404, 404)
    assert api.get("/v10").headers["Content-Type"] == "text/plain; charset=utf-8"
    refused = api.send("POST", "/v1/status")
    assert refused.headers["Allow"] == "GET, HEAD" and (refused.json["type"], refused.json["status"]) == ("about:blank", 405)


# ------------------------------------------------------------------------------- one specification, three ways to ask

# Options of the command line; the same in other words over the wire and over HTTP; what all of them are.
SPELLED = [
    (["--year", YEAR], f"from={YEAR}-01-01 to={YEAR + 1}-01-01", f"seed=1 to={YEAR + 1}-01-01  layer=all from={YEAR}-01-01",
     f"from={YEAR}-01-01 to={YEAR + 1}-01-01 layer=all case=all case-type=all stage=all level=actor view=as-was projection=newman direction=undirected "
     "tie=union weight=sum distance=inverse seed=1"),
    (["--from", f"{YEAR}-02-01", "--to", f"{YEAR}-12-01", "--layer", "meeting,consultation", "--level", "ministry", "--view", "as-now", "--projection", "count",
      "--direction", "directed", "--weight", "max", "--distance", "unit", "--missing", "as-reported", "--seed", "7", "--spec", "swaps=20"],
     f"swaps=20 missing=as-reported seed=7 distance=unit weight=max direction=directed projection=count view=as-now level=ministry "
     f"layer=consultation,meeting to={YEAR}-12-01 from={YEAR}-02-01",
     f"level=ministry from={YEAR}-02-01 layer=meeting,consultation projection=count to={YEAR}-12-01 direction=directed distance=unit seed=07 swaps=020 "
     "weight=max tie=union missing=as-reported view=as-now",
     f"from={YEAR}-02-01 to={YEAR}-12-01 layer=consultation,meeting case=all case-type=all stage=all level=ministry view=as-now projection=count "
     "direction=directed tie=union weight=max distance=unit seed=7 missing=as-reported swaps=20"),
]


def shown_tables(result):
    """{table: {column: values}} of what the command line prints; None = missing, here and in the two below."""
    return {name: {column["name"]: [row[column["name"]] for row in table["rows"]] for column in table["columns"]} for name, table in result["tables"].items()}


def sent_tables(result):
    return {table.name: {column.name: [text or None for text in column.texts] if column.is_text else
                         [None if math.isnan(number) else number for number in column.numbers] for column in table.columns} for table in result.tables}


def answered_tables(result):
    return {table["name"]: {column["name"]: [text or None for text in column.get("texts", [])] if column.get("is_text") else column.get("numbers", [])
                            for column in table["columns"]} for table in result["tables"]}


@pytest.mark.parametrize("options, wired, asked, canonical", SPELLED, ids=["default", "everything"])
def test_one_specification_is_one_result_however_it_is_asked_for(year, api, options, wired, asked, canonical):
    shown = json.loads(year.client(RESEARCHER, "metrics", "graph", *options, "--format", "json", check=True).stdout)
    with Wire(year.address, year.bundle(RESEARCHER)) as wire:
        again = wire.call(analysis=pb.AnalysisRequest(family="graph", spec=wired, recompute=True))
    assert again.status == pb.STATUS_OK, again.message
    sent = pb.Result.FromString(again.analysis.result)
    answered = api.ok("/v1/results/graph", spec=asked, wait=30)
    cards = [shown["card"], {"spec": sent.card.spec, "spec_hash": sent.card.spec_hash, "input_hash": sent.card.input_hash}, answered["card"]]
    assert [card["spec"] for card in cards] == [canonical] * 3
    assert len({card["spec_hash"] for card in cards}) == 1 and re.fullmatch("[0-9a-f]{32}", sent.card.spec_hash)
    assert len({card["input_hash"] for card in cards}) == 1
    assert shown["id"] == answered["id"] == sent.id
    numbers = sent_tables(sent)
    assert any(value is not None for table in numbers.values() for column in table.values() for value in column)
    assert shown_tables(shown) == numbers == answered_tables(answered)


@pytest.mark.parametrize("choices, reason", [
    ("projection=binary weight=mean", "weight: under projection=binary every tie weighs 1, so weight=mean has nothing to work on"),
    ("projection=binary distance=log", "distance: under projection=binary every tie weighs 1, so distance=log makes every distance 0; use unit"),
    ("missing=union tie=intersection", "missing: union compares what the two ends told, and tie=intersection has left accounts out before that; use tie=union"),
    ("missing=tied spells=day", "missing: tied is about the ties of the whole period, and spells tells them apart; ask for one of the two"),
    ("weight=share", "weight: share is of respondents; interactions have sum, mean and max"),
    ("earlier-from=2025-03-01", "earlier-to: the earlier period reaches into the later one, which begins with from"),
    ("layer=survey:contact wave=spring", "from: a wave has a day of its own, so layer=survey:contact takes no period"),
    ("layer=letter projection=duration", "projection: only meetings have a duration"),
    ("layer=nowhere", "layer: there is no layer \"nowhere\""),
])
def test_nonsense_is_refused_with_one_reason_however_it_is_asked_for(year, api, choices, reason):
    shown = year.client(RESEARCHER, "metrics", "graph", "--year", YEAR, "--spec", choices)
    with Wire(year.address, year.bundle(RESEARCHER)) as wire:
        sent = wire.call(analysis=pb.AnalysisRequest(family="graph", spec=f"{SPEC} {choices}"))
    answered = problem(api.get("/v1/results/graph", spec=f"{choices} {SPEC}", wait=30), 400, "INVALID")
    assert shown.returncode == 2 and reason in shown.stderr
    assert (sent.status, sent.message) == (pb.STATUS_INVALID, answered["detail"]) and reason in sent.message


# ------------------------------------------------------------------------------------------------------- export

EXPORT = f"/v1/interactions?from={YEAR}-01-01&to={YEAR + 1}-01-01"


def test_interactions_are_streamed(year, api):
    answer = api.get(EXPORT)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in answer.headers["Content-Disposition"]
    assert len(rows) == year.value("SELECT count(*) FROM research.interaction") > 0 and {"id", "type", "reporter"} <= set(rows[0])
    assert api.get("/v1/interactions?from=1990-01-01&to=1990-02-01").text.count("\n") == 1, "the head alone"
    assert problem(api.get("/v1/interactions", to="2025-01-01"), 400, "INVALID")["field"] == "from"
    problem(api.get("/v1/interactions?from=2025-02-30&to=2025-03-01"), 400, "INVALID")
    assert problem(api.get("/v1/interactions?from=2025-03-01&to=2025-03-01"), 400, "INVALID")["field"] == "to"
    problem(Api(year, token(year, role="submitter", orgnr=year.sample.submitters()[0][0])).get(EXPORT), 403, "FORBIDDEN")


@pytest.fixture
def much(year):
    """More rows than fit into every buffer on the way: 40 MB."""
    year.query("CREATE TABLE report.kept AS SELECT * FROM report.interaction LIMIT 1")
    year.query("""INSERT INTO report.interaction (id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision, level, resolved_level, labels, roles, source)
                  SELECT overlay(report.id_floor(k.occurred_at)::text placing lpad(to_hex(n), 8, '0') from 25 for 8)::uuid, k.occurred_at, k.recorded_at, n, k.reporter, k.weight, k.layer, k.stage,
                  k.time_precision, k.level, k.resolved_level, k.labels, k.roles, repeat('x', 2000) FROM report.kept k, generate_series(1, 20000) n""")
    yield
    year.query("DELETE FROM report.interaction WHERE length(source) = 2000")
    year.query("DROP TABLE report.kept")


def begin_export(api):
    connection = api.connect()
    connection.request("GET", EXPORT, headers=api.headers())
    response = connection.getresponse()
    assert response.status == 200 and len(response.read(100000)) == 100000
    return connection, response


def exports_of(daemon):
    return daemon.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'samordningd export'")


def assert_breaks_off(response):
    with pytest.raises((http.client.IncompleteRead, ConnectionError, ssl.SSLError)):
        response.read()


def test_a_token_revoked_in_the_middle_of_a_download_ends_it(year, much):
    mine = Api(year, token(year, orgnr=RESEARCHER))
    connection, response = begin_export(mine)
    assert exports_of(year) == 1
    number = max(row["token"] for row in year.table(OPERATOR, "token", "list")["tables"]["tokens"]["rows"])
    year.client(OPERATOR, "token", "revoke", number, check=True)
    assert_breaks_off(response)
    connection.close()
    wait_until(lambda: exports_of(year) == 0, 10, "the database has stopped too")


def test_a_download_needs_no_memory_and_ends_with_whoever_takes_it(year, api, much):
    """Read slowly it is whole, and costs the daemon its blocks; not read at all it is cut off; left it is over."""
    before = year.process.resident_kib()
    connection, response = begin_export(api)
    size = 100000
    while block := response.read(1 << 20):
        size += len(block)
    connection.close()
    assert size > 40_000_000 and year.process.resident_kib() - before < 20_000
    connection, response = begin_export(api)
    connection.close()
    wait_until(lambda: exports_of(year) == 0, 10, "the database has stopped")
    year.configure(web_stall_ms=700)
    year.reload()
    try:
        connection, response = begin_export(api)
        wait_until(lambda: exports_of(year) == 0, 20, "who takes nothing is cut off")
        assert_breaks_off(response)
        connection.close()
        # Who waits for an answer need not say anything meanwhile.
        lock = year.connect()
        with lock.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE knowledge.job")
        release = threading.Timer(1.8, lock.close)
        release.start()
        begun = time.monotonic()
        assert api.get("/v1/results/centrality", spec=SPEC + " seed=8", wait=2).status in (200, 202) and time.monotonic() - begun > 1.5
        release.join()
    finally:
        year.configure(web_stall_ms=20000)
        year.reload()


# ------------------------------------------------------------------------------------------------------ formats

def test_results_come_in_the_format_asked_for(api):
    whole = api.ok("/v1/results/network", spec=SPEC, wait=30)
    edges = next(table for table in whole["tables"] if table["name"] == "edges")
    rows = len(edges["columns"][0]["texts"])

    number = api.ok("/v1/results/graph", spec=SPEC, wait=30)["id"]
    for asked, kind in (("text/*", "text/csv; charset=utf-8"), ("text/html,application/xml;q=0.9,*/*;q=0.8", "application/json")):
        for address in ("/v1/results/graph?" + urllib.parse.urlencode({"spec": SPEC}), f"/v1/results/id/{number}"):
            answer = api.get(address, headers={"Accept": asked})
            assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    problem(api.get(f"/v1/results/id/{number}", headers={"Accept": "text/html"}), 406, "INVALID")
    answer = api.get("/v1/results/network", spec=SPEC, table="edges", headers={"Accept": "text/csv"})
    lines = list(csv.reader(io.StringIO(answer.text)))
    assert answer.headers["Content-Type"].startswith("text/csv") and lines[0] == [column["name"] for column in edges["columns"]] and len(lines) == rows + 1

    dataset = api.ok("/v1/results/network", spec=SPEC, format="jsonstat", table="edges")
    measures = [column["name"] for column in edges["columns"] if not column.get("is_text")]
    assert (dataset["version"], dataset["class"], dataset["size"]) == ("2.0", "dataset", [rows, len(measures)])
    weight = measures.index("weight")
    numbers = next(column["numbers"] for column in edges["columns"] if column["name"] == "weight")
    assert dataset["value"][weight::len(measures)] == numbers and dataset["extension"]["card"]["family"] == "network"
    collection = api.ok("/v1/results/network", spec=SPEC, format="jsonstat")
    assert collection["class"] == "collection" and {item["label"] for item in collection["link"]["item"]} == {table["name"] for table in whole["tables"]}

    book = openpyxl.load_workbook(io.BytesIO(api.get("/v1/results/network", spec=SPEC, format="xlsx").body))
    assert book.sheetnames == [table["name"][:27] for table in whole["tables"]] + ["about"]
    assert book["edges"].max_row == rows + 1 and any(row[0] == "watermark" for row in book["about"].values)

    for kind, tag in (("graphml", "edge"), ("gexf", "edge")):
        answer = api.get("/v1/results/network", spec=SPEC, format=kind)
        found = [element for element in tree.fromstring(answer.body).iter() if element.tag.endswith("}" + tag)]
        assert answer.headers["Content-Type"] == f"application/{kind}+xml" and len(found) >= rows

    assert "nodes" in problem(api.get("/v1/results/network", spec=SPEC, format="csv", table="nosuch"), 400, "INVALID")["detail"]
    problem(api.get("/v1/results/graph", spec=SPEC, format="graphml"), 400, "INVALID")
    problem(api.get("/v1/results/graph", spec=SPEC, format="png"), 400, "INVALID")


def test_a_report_is_a_document(api):
    answer = api.get("/v1/results/report", spec=SPEC, lang="nn", wait=30)
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/html") and "<h1" in answer.text
    assert "script" not in answer.headers["Content-Security-Policy"] and "sandbox" in answer.headers["Content-Security-Policy"]
    asked = {"spec": SPEC, "lang": "nn", "wait": 30}
    for kind in ("text/html", "text/*", "text/html,application/xml;q=0.9,*/*;q=0.8"):
        again = api.get("/v1/results/report", headers={"Accept": kind}, **asked)
        assert again.headers["Content-Type"] == answer.headers["Content-Type"] and again.body == answer.body
    assert api.get("/v1/results/report", headers={"Accept": "application/*"}, **asked).json["card"]["family"] == "report"
    assert api.ok("/v1/results/report", spec=SPEC, lang="nn", format="json", wait=30)["card"]["family"] == "report"


# ----------------------------------------------------------------------------------------------------- document

def test_answers_are_what_the_document_says(year, api):
    document = Api(year).ok("/v1/openapi.json")
    assert document["openapi"] == "3.1.0"
    job = api.get("/v1/results/gaps", spec=SPEC, wait=0)
    number = str(job.json["job"]) if job.status == 202 else year.value("SELECT max(id)::text FROM knowledge.job")
    result = api.ok("/v1/results/graph", spec=SPEC, wait=30)["id"]
    segments = {"family": "graph", "id": None}
    operator = Api(year, token(year, orgnr=OPERATOR, role="operator"))
    checked = 0
    for path, item in document["paths"].items():
        segments["id"] = result if "results" in path else number
        schema = item["get"]["responses"]["200"]["content"].get("application/json", {}).get("schema")
        if schema is None:
            continue
        asker = operator if path == "/v1/schedules" else api
        answer = asker.get(path.format(**segments), spec=SPEC if "family" in path else None)
        assert answer.status == 200, (path, answer.text)
        jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)
        checked += 1
    assert checked >= 13
    refused = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    jsonschema.Draft202012Validator(refused).validate(api.get("/v1/actors", limit="x").json)
    if job.status == 202:
        jsonschema.Draft202012Validator({"$ref": "#/components/schemas/Job", "components": document["components"]}).validate(job.json)


# ----------------------------------------------------------------------------------------------------- clients

def test_the_python_file_reads_results(api, monkeypatch):
    spec = importlib.util.spec_from_file_location("samordning_client", SOURCE / "client" / "python" / "samordning.py")
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    mine = client.Api(f"https://localhost:{api.port}", api.token, authority=api.authority)
    mine.context.check_hostname = False
    result = mine.result("centrality", SPEC)
    columns = result.columns(next(iter(result)))
    assert result.card["family"] == "centrality" and len(columns["actor"]) > 10 and result.about(next(iter(result)), "betweenness")["definition"]
    assert mine.stored(result.id).message == result.message
    assert len(list(mine.pages("/v1/actors", limit=7))) == len(api.ok("/v1/actors", limit=1000)["actors"])
    if client.pandas is not None:
        assert result[next(iter(result))].attrs["card"]["watermark"] == result.card["watermark"]
    with pytest.raises(client.Problem) as refused:
        mine.result("graph", "from=never")
    assert refused.value.kind == "INVALID"
    first = next(iter(result))
    for ask, words in ((lambda: result["nosuch"], f'there is no table "nosuch"; there are {first}'),
                       (lambda: result.about(first, "nosuch"), 'there is no column "nosuch"; there are actor')):
        with pytest.raises(KeyError) as refused:
            ask()
        assert str(refused.value).startswith(words)
    away = "https://127.0.0.1:1"
    with pytest.raises(OSError, match=f"^no answer from {away}: .*refused"):
        client.Api(away, api.token).result("graph")
    for variable, value in (("SAMORDNING_URL", away), ("SAMORDNING_TOKEN", api.token)):
        monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit, match=f"^samordning.py: no answer from {away}"):
        client.main(["graph", ""])


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not here")
def test_the_r_file_reads_results(api, tmp_path):
    """The example that docs/api.md gives, word for word but for the address."""
    example = re.search(r"\n    source\(.*?\n\n|\n    source\(.*", (SOURCE / "docs" / "api.md").read_text(), re.S)[0]
    script = (f'token <- "{api.token}"\n' + example.replace("samordning.R", f"{SOURCE}/client/r/samordning.R")
              .replace("https://samordning.example.no", f"https://localhost:{api.port}").replace('"ca.crt"', f'"{api.authority}"').replace(SPEC_OF_DOCS, SPEC)
              + """
        table <- result$tables$centrality
        stopifnot(is.data.frame(table), is.character(table$actor), is.numeric(table$betweenness), attr(table, "card")$family == "centrality")
        stopifnot(nzchar(attr(table$betweenness, "definition")), nzchar(attr(table$betweenness, "source")))
        cat(nrow(table), sum(table$betweenness, na.rm = TRUE), result$id, "\\n")
        refused <- tryCatch(samordning_result(api, "graph", "from=never"), error = conditionMessage)
        cat(refused, "\\n")
        away <- tryCatch(samordning_result(samordning("https://127.0.0.1:1", token), "graph"), error = conditionMessage)
        stopifnot(away == "no answer from https://127.0.0.1:1")""")
    if subprocess.run(["Rscript", "-e", "stopifnot(requireNamespace('jsonlite'))"], capture_output=True).returncode:
        pytest.skip("R has no jsonlite")
    (tmp_path / "example.R").write_text(script)
    done = subprocess.run(["Rscript", tmp_path / "example.R"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    rows, total, number = done.stdout.splitlines()[-2].split()
    result = api.ok(f"/v1/results/id/{number}")
    columns = {column["name"]: column for table in result["tables"] if table["name"] == "centrality" for column in table["columns"]}
    assert int(rows) == len(columns["actor"]["texts"])
    assert float(total) == pytest.approx(sum(value or 0 for value in columns["betweenness"]["numbers"]), rel=1e-5)
    assert done.stdout.splitlines()[-1].startswith("INVALID: ")


# -------------------------------------------------------------------------------------------------------- lists

def test_lists_are_the_messages_answers(year, api):
    assert api.ok("/v1/status")["interactions"] > 0
    assert {layer["name"] for layer in api.ok("/v1/layers")["layers"]} >= {"meeting", "consultation"}
    assert "results" in api.ok("/v1/results") and api.ok("/v1/surveys") == {} and api.ok("/v1/needs") == {}
    assert api.ok("/v1/cases", limit=2)["cases"]


def test_schedules_and_reports_are_listed(year, api):
    operator = Api(year, token(year, orgnr=OPERATOR, role="operator"))
    assert operator.ok("/v1/schedules") == {}
    year.client(OPERATOR, "schedule", "add", "monthly", "--rule", "FREQ=MONTHLY;BYDAY=1MO", "--start", "2030-01-01T06:00", "--period", "last-month", "--deliver", "folder:out", check=True)
    listed = operator.ok("/v1/schedules")["schedules"]
    assert [one["key"] for one in listed] == ["monthly"] and listed[0]["rule"] == "FREQ=MONTHLY;BYDAY=1MO"
    problem(operator.get("/v1/schedules", action="SCHEDULE_REMOVE"), 400, "INVALID")
    problem(api.get("/v1/schedules"), 403, "FORBIDDEN")
    assert operator.ok("/v1/schedules")["schedules"] == listed and api.ok("/v1/schedules/history").get("runs", []) == []
    reports = [report["id"] for report in api.ok("/v1/results", family="report", limit=500).get("results", [])]
    assert [report["id"] for report in api.ok("/v1/reports", limit=500).get("results", [])] == reports
    problem(api.get("/v1/reports", family="graph"), 400, "INVALID")


@pytest.mark.parametrize("name, field, key", [("actors", "actors", "key"), ("cases", "cases", "ref"), ("needs", "items", "key"), ("results", "results", "id")])
def test_cursors_are_stable(year, api, name, field, key):
    """What comes or goes while somebody reads page by page neither hides nor repeats what was there all the time."""
    if name == "needs":
        year.query("INSERT INTO register.need_item (kind, key, name) SELECT 'goal', 'goal ' || n, 'goal ' || n FROM generate_series(1, 9) n ON CONFLICT DO NOTHING")
    if name == "results":
        for seed in range(3):
            api.ok("/v1/results/graph", spec=f"{SPEC} seed={70 + seed}", wait=30)
    whole = [entry[key] for entry in api.ok(f"/v1/{name}", limit=500)[field]]
    size = max(1, len(whole) // 3)
    first = api.ok(f"/v1/{name}", limit=size)
    if name == "cases":
        year.query("INSERT INTO register.case_file (ref, title) VALUES ('!first', 'came meanwhile')")
    elif name == "results":
        api.ok("/v1/results/graph", spec=f"{SPEC} seed=79", wait=30)
    told, cursor = [entry[key] for entry in first[field]], first.get("next", "")
    while cursor:
        page = api.ok(f"/v1/{name}", limit=size, cursor=cursor)
        told += [entry[key] for entry in page.get(field, [])]
        cursor = page.get("next", "")
    if name == "cases":
        year.query("DELETE FROM register.case_file WHERE ref = '!first'")
    assert [one for one in told if one in whole] == whole and len(set(told)) == len(told) and len(whole) >= 3
