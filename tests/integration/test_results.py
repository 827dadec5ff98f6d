# SPDX-License-Identifier: GPL-3.0-or-later
"""Stored results: listed, shown again, computed again and compared, read through SQL by a researcher, and exported."""
import csv
import io
import json
import math
import os
import re
import subprocess
import xml.etree.ElementTree as tree
import zipfile

import psycopg2
import pytest

import added_up
import samordning_pb2 as pb
from conftest import BUILD, SOURCE
from harness.browser import chromium_is_missing
from harness.daemon import OPERATOR, RESEARCHER
from harness.waiting import wait_until
from harness.wire import Wire

DAEMON_SETTINGS = {"condense_quiet_ms": 100}
CLIENTS_MUST_NOT_LEAK = True
YEAR = 2025
PERIOD = ("--year", YEAR)
SAME, DIFFERENT, CHANGED = 0, 8, 9


@pytest.fixture(scope="module")
def year(module_daemon, simulate):
    sample = simulate(year=YEAR, interactions=500, seed=5)
    module_daemon.reporter = sample.files[0][0]
    return sample.into(module_daemon)


def ask(year, family, path, *more):
    """The result as a file, and its id."""
    name = year.root / path
    year.client(RESEARCHER, *family.split(), *PERIOD, *more, "--format", "json", "--output", name, check=True)
    return name, json.loads(name.read_text())["id"]


def verify(year, what, code, *more):
    done = year.client(RESEARCHER, "verify", what, *more)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def stored(year):
    """One of each, before anything is changed."""
    made = {family: ask(year, f"metrics {family}", f"{family}.json") for family in ("centrality", "gaps")}
    made["network"] = ask(year, "network", "network.json", "--direction", "directed")
    return made


# ----------------------------------------------------------------------------------------------- listed and shown

def test_results_are_listed_and_shown_again(year, stored):
    rows = year.table(RESEARCHER, "results")["tables"]["results"]["rows"]
    assert {row["id"] for row in rows} >= {number for _, number in stored.values()}
    assert [row["computed_at"] for row in rows] == sorted((row["computed_at"] for row in rows), reverse=True)
    only = year.table(RESEARCHER, "results", "--family", "gaps")["tables"]["results"]["rows"]
    assert {row["id"] for row in only} == {stored["gaps"][1]}
    only = year.table(RESEARCHER, "results", "--containing", "direction=directed")["tables"]["results"]["rows"]
    assert {row["id"] for row in only} == {stored["network"][1]}
    for family in stored:
        shown = year.client(RESEARCHER, "results", stored[family][1], "--format", "json", check=True).stdout
        assert json.loads(shown) == json.loads(stored[family][0].read_text())
    year.client(RESEARCHER, "report", *PERIOD, "--language", "nn", "--output", year.root / "r.html", check=True)
    report = year.table(RESEARCHER, "results", "--family", "report")["tables"]["results"]["rows"][0]
    assert report["language"] == "nn"
    year.client(RESEARCHER, "results", report["id"], "--document", "--output", year.root / "again.html", check=True)
    assert (year.root / "again.html").read_bytes() == (year.root / "r.html").read_bytes()
    assert "same" in verify(year, report["id"], SAME)


def test_pages_and_refusals_over_the_wire(year, stored):
    with Wire(year.address, year.bundle(RESEARCHER)) as wire:
        found, after = [], ""
        while True:
            page = wire.call(result=pb.ResultRequest(limit=1, after=after))
            assert page.status == pb.STATUS_OK and len(page.result.results) <= 1
            found += [one.id for one in page.result.results]
            after = page.result.next
            if not after:
                break
        whole = wire.call(result=pb.ResultRequest()).result
        assert found == [one.id for one in whole.results] and len(set(found)) == len(found) >= 3
        assert all(not one.result for one in whole.results)
        one = wire.call(result=pb.ResultRequest(id=stored["gaps"][1])).result.results[0]
        assert pb.Result.FromString(one.result).id == one.id == stored["gaps"][1]
        assert wire.call(result=pb.ResultRequest(id="gaps")).status == pb.STATUS_INVALID
        missing = wire.call(result=pb.ResultRequest(id="00000000-0000-4000-8000-000000000000"))
        assert missing.status == pb.STATUS_NOT_FOUND
    with Wire(year.address, year.bundle(year.reporter)) as wire:
        assert wire.call(result=pb.ResultRequest()).status == pb.STATUS_FORBIDDEN


# ------------------------------------------------------------------------------------------------------- verified

def test_the_same_comes_out_again(year, stored):
    for family, (path, number) in stored.items():
        for what in (number, path):
            said = verify(year, what, SAME)
            assert "inputs: the same (register " in said and "\nsame: " in said, (family, said)
    body = year.root / "body.json"  # as research.result has it
    body.write_text(json.dumps(year.value("SELECT body FROM research.result WHERE id = %s", [stored["gaps"][1]])))
    assert "\nsame: " in verify(year, body, SAME)


def test_a_file_that_was_changed_differs(year, stored):
    path = stored["centrality"][0]
    document = json.loads(path.read_text())
    row = document["tables"]["centrality"]["rows"][2]
    row["strength"] = math.nextafter(row["strength"], math.inf)
    document["tables"]["centrality"]["rows"][4]["actor"] = "nobody"
    changed = year.root / "changed.json"
    changed.write_text(json.dumps(document))
    said = verify(year, changed, DIFFERENT)
    assert f"table centrality, row 3 ({row['actor']}), column strength: was {row['strength']!r}, is " in said
    assert "table centrality, row 5 (nobody), column actor: was nobody, is " in said and "\ndifferent: 2 of " in said
    said = verify(year, changed, DIFFERENT, "--show", "1")
    assert "... and 1 more" in said
    # What a file does not have is not compared; rows that are missing are.
    del document["tables"]["centrality"]
    changed.write_text(json.dumps(document))
    assert "not compared: 1 tables or columns" in verify(year, changed, SAME)
    changed.write_text("{}")
    assert year.client(RESEARCHER, "verify", changed).returncode == 7
    assert year.client(RESEARCHER, "verify", year.root / "nowhere.json").returncode == 7


def test_a_stored_result_that_was_changed_differs(year, stored):
    number = stored["gaps"][1]
    before = bytes(year.value("SELECT message FROM knowledge.result WHERE id = %s", [number]))
    result = pb.Result.FromString(before)
    table = result.tables[0]
    column = next(column for column in table.columns if not column.is_text)
    was = column.numbers[0]
    column.numbers[0] = 12345.5
    year.query("ALTER TABLE knowledge.result DISABLE TRIGGER result_never_changes; UPDATE knowledge.result SET message = %s WHERE id = %s", [psycopg2.Binary(result.SerializeToString()), number])
    said = verify(year, number, DIFFERENT)
    assert f"table {table.name}, row 1" in said and f"column {column.name}: was 12345.5, is " in said, said
    assert "inputs: the same" in said and "\ndifferent: 1 of " in said
    # Whoever asks for it again is told, with what came out.
    with Wire(year.address, year.bundle(RESEARCHER)) as wire:
        again = wire.call(analysis=pb.AnalysisRequest(family="gaps", spec=result.card.spec, recompute=True))
    assert again.status == pb.STATUS_INTERNAL and number in again.message
    assert pb.Result.FromString(again.analysis.result).tables[0].columns[list(table.columns).index(column)].numbers[0] == was or was != was
    year.query("UPDATE knowledge.result SET message = %s WHERE id = %s; ALTER TABLE knowledge.result ENABLE TRIGGER result_never_changes", [psycopg2.Binary(before), number])
    assert "\nsame: " in verify(year, number, SAME)


# ------------------------------------------------------------------------------------------------------ in SQL

@pytest.fixture
def researcher(year):
    connection = year.connect()
    connection.cursor().execute("SET ROLE samordning_researcher")
    yield connection
    connection.close()


def fetch(connection, sql, arguments=None):
    cursor = connection.cursor()
    cursor.execute(sql, arguments)
    return cursor.fetchall()


def test_every_value_is_a_row(year, stored, researcher):
    for family, (_, number) in stored.items():
        result = pb.Result.FromString(bytes(year.value("SELECT message FROM knowledge.result WHERE id = %s", [number])))
        found = {(table, row, column): (value, text) for table, row, column, value, text in fetch(
            researcher, "SELECT table_name, row_number, column_name, value, text FROM research.result_value WHERE result = %s", [number])}
        expected, columns = {}, {}
        for table in result.tables:
            for position, column in enumerate(table.columns):
                for row, cell in enumerate(column.texts if column.is_text else column.numbers):
                    missing = cell == "" if column.is_text else not math.isfinite(cell)
                    expected[table.name, row + 1, column.name] = (None, None if missing else cell) if column.is_text else \
                        (None if missing else cell, None)
                columns[table.name, column.name] = (position + 1, column.is_text, column.unit, column.definition, column.source)
        assert found == expected and len(found) > 100, family
        assert {(table, column): rest for table, column, *rest in fetch(
            researcher, "SELECT table_name, column_name, position, is_text, unit, definition, source FROM research.result_column "
            "WHERE result = %s", [number])} == {key: list(value) for key, value in columns.items()}
        assert fetch(researcher, "SELECT entry, value FROM research.result_card WHERE result = %s ORDER BY position", [number]) == \
            [(entry.key, entry.value) for entry in result.card.entries]
        assert [note for note, in fetch(researcher, "SELECT note FROM research.result_note WHERE result = %s ORDER BY position",
                                        [number])] == list(result.card.notes)


def test_a_researcher_reads_and_does_not_write(researcher):
    for sql in ("DELETE FROM report.interaction", "INSERT INTO register.actor (key) VALUES ('x')", "SELECT 1 FROM knowledge.result", "SELECT 1 FROM access.organisation",
                "CREATE TABLE research.mine (a int)"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            fetch(researcher, sql)


# --------------------------------------------------------------------------------------------------- exported

def test_layers_and_spells_add_up_to_the_ties(year):
    path = year.root / "n.json"
    for direction in ("undirected", "directed"):
        for spells in ("day", "month"):
            year.client(RESEARCHER, "network", *PERIOD, "--direction", direction, "--projection", "count", "--spec",
                        f"spells={spells} relations=layers", "--format", "json", "--output", path, check=True)
            tables = {name: table["rows"] for name, table in json.loads(path.read_text())["tables"].items()}
            ties = {(row["from"], row["to"]): (row["weight"], row["count"]) for row in tables["edges"]}
            assert len(ties) > 20
            for part in ("relations", "spells"):
                sums = {}
                for row in tables[part]:
                    weight, count = sums.get((row["from"], row["to"]), (0, 0))
                    sums[row["from"], row["to"]] = (weight + row["weight"], count + row["count"])
                assert sums == ties, part
            for row in tables["spells"]:
                assert f"{YEAR}-01-01" <= row["start"] < row["end"] <= f"{YEAR + 1}-01-01"
                assert spells == "day" or (row["start"].endswith("-01") and row["end"].endswith("-01"))


def test_gexf_asks_for_spells_and_dl_for_layers(year):
    path = year.root / "n.gexf"
    year.client(RESEARCHER, "network", *PERIOD, "--format", "gexf", "--output", path, check=True)
    graph = tree.parse(path).getroot()[1]
    assert graph.get("mode") == "dynamic" and (graph.get("start"), graph.get("end")) == (f"{YEAR}-01-01", f"{YEAR + 1}-01-01")
    edges = graph.findall(".//{http://gexf.net/1.3}edge")
    assert len(edges) > 20 and all(edge.find(".//{http://gexf.net/1.3}spell") is not None for edge in edges)
    assert "Unknown dyads: " in (year.root / "n.fidelity.txt").read_text()
    path = year.root / "n.dl"
    year.client(RESEARCHER, "network", *PERIOD, "--level", "ministry", "--format", "dl", "--output", path, check=True)
    names = path.read_text().partition("MATRIX LABELS:\n")[2].partition("DATA:")[0].split()
    assert "meeting" in names and "consultation" in names and "ties" not in names
    done = year.client(RESEARCHER, "metrics", "graph", *PERIOD, "--spec", "spells=day")
    assert done.returncode == 2 and "only family network tells it" in done.stderr
    year.client(RESEARCHER, "network", *PERIOD, "--format", "csv", "--output", year.root / "set.csv", check=True)
    card = dict(csv.reader(open(year.root / "set.card.csv", newline="")))
    assert card["family"] == "network" and "column edges.weight" in card


def test_options_of_the_specification_are_its_keys(year):
    def card(*more):
        return json.loads(ask(year, "network", "option.json", *more)[0].read_text())["card"]

    assert card("--stage", "consultation,hearing")["spec"] == card("--spec", "stage=hearing,consultation")["spec"]
    assert " stage=consultation,hearing " in card("--stage", "consultation,hearing")["spec"]
    assert card("--missing", "as-reported")["spec"].endswith(" missing=as-reported")
    done = year.client(RESEARCHER, "metrics", "graph", *PERIOD, "--stage", "lunch")
    assert done.returncode == 2 and "lunch" in done.stderr


def test_treatments_of_unknown_ties_reach_every_format(year):
    """At level agency most bodies are silent."""
    counts = {}
    for missing in ("unknown", "as-reported", "union", "intersection", "reconstruction", "tied", "drawn"):
        path, _ = ask(year, "network", "missing.json", "--level", "agency", "--missing", missing)
        result = json.loads(path.read_text())
        card = {entry["key"]: entry["value"] for entry in result["card"]["entries"]}
        assert card["unknown ties treated"].startswith(missing + ": ")
        counts[missing] = int(card["unknown pairs"])
        assert len(result["unknown_dyads"]) == counts[missing]
        states = {row["state"] for row in result["tables"]["edges"]["rows"]}
        assert states <= {"yes", "put_in"} and ("put_in" in states) == (missing in ("tied", "drawn"))
        graph = ask(year, "metrics graph", "graph.json", "--level", "agency", "--missing", missing)[0]
        row = json.loads(graph.read_text())["tables"]["graph"]["rows"][0]
        assert (row["dyads_unknown"], row["ties"]) == (counts[missing], len(result["tables"]["edges"]["rows"]))
        for form in ("dl", "gexf", "pajek", "graphml", "csv"):
            year.client(RESEARCHER, "network", *PERIOD, "--level", "agency", "--missing", missing, "--format", form, "--output",
                        year.root / f"missing.{form}", check=True)
            note = (year.root / "missing.fidelity.txt").read_text()
            assert f"Unknown dyads: {counts[missing]}." in note
            assert ("were put in for unknown pairs" in note) == (missing in ("tied", "drawn"))
    assert counts["tied"] == counts["drawn"] == 0 < counts["unknown"] == counts["union"] < counts["as-reported"]
    assert counts["reconstruction"] >= counts["unknown"] and counts["intersection"] >= counts["unknown"]
    for family in ("time", "reach", "agreement"):
        done = year.client(RESEARCHER, "metrics", family, *PERIOD, "--missing", "union")
        assert done.returncode == 2 and "reads interactions, not ties" in done.stderr, done.stderr
    done = year.client(RESEARCHER, "metrics", "graph", *PERIOD, "--missing", "union", "--tie-rule", "intersection")
    assert done.returncode == 2 and "use tie=union" in done.stderr
    # Both periods are treated, and families without ties are in the report all the same.
    path = year.root / "missing.change.json"
    year.client(RESEARCHER, "metrics", "change", "--from", f"{YEAR}-07-01", "--to", f"{YEAR + 1}-01-01", "--level", "agency", "--missing",
                "as-reported", "--format", "json", "--output", path, check=True)
    assert json.loads(path.read_text())["tables"]["change"]["rows"]
    path = year.root / "missing.html"
    year.client(RESEARCHER, "report", *PERIOD, "--missing", "union", "--output", path, check=True)
    assert "not at all: these numbers are about interactions" in path.read_text()


# ------------------------------------------------------------------------------------------------ inputs change

def test_zz_changed_inputs_are_told_from_changed_results(year, stored):
    """Last: the data changes."""
    with Wire(year.address, year.bundle(year.reporter)) as wire:
        from harness.wire import meeting
        names = [row[0] for row in year.query("SELECT key FROM register.actor WHERE kind = 'ministry' ORDER BY key LIMIT 2")]
        answer = wire.submit([meeting(1740830400_000_000, names, source_id="one more")])
        assert answer.submit.receipts[0].state == pb.RECEIPT_STORED, answer
    path, number = stored["centrality"]
    for what in (number, path):
        said = verify(year, what, CHANGED)
        assert "inputs: changed, from \"register " in said
    wait_until(lambda: year.value("SELECT count(*) FROM knowledge.result WHERE family = 'centrality'") == 2, 20, "both are kept")
    latest = year.query("SELECT id::text FROM research.latest_result WHERE family = 'centrality'")
    assert len(latest) == 1 and latest[0][0] != number
    counted = year.query("SELECT count(*), count(DISTINCT result) FROM research.latest_value WHERE family = 'centrality'")[0]
    assert counted[0] > 100 and counted[1] == 1


# ------------------------------------------------------------------------------------------------------- reports

def report(year, who, path, *more):
    name = year.root / path
    year.client(who, "report", *PERIOD, "--language", "nb", *more, "--output", name, check=True)
    return name.read_bytes()


def test_every_form_of_a_report_is_of_one_result(year):
    html = report(year, RESEARCHER, "forms.html")
    pdf, text, tables = (report(year, RESEARCHER, f"forms.{form}", "--format", form) for form in ("pdf", "text", "csv"))
    assert pdf.startswith(b"%PDF-1.7") and b"Slik samordner departementene" in text and tables.startswith(b"PK")
    with zipfile.ZipFile(year.root / "forms.csv") as archive:
        assert {"columns.csv", "cards.csv", "centrality-centrality.csv", "network-nodes.csv"} <= set(archive.namelist())
    made = year.query("SELECT r.id, array_agg(d.format ORDER BY d.format) FROM knowledge.result r JOIN knowledge.document d ON d.result = r.id "
                      "WHERE r.language = 'nb' AND r.spec NOT LIKE '%%for=%%' AND r.spec NOT LIKE '%%profile=%%' GROUP BY r.id")
    assert len(made) == 1 and made[0][1] == ["csv", "pdf", "text", "xlsx"]
    year.client(RESEARCHER, "results", made[0][0], "--document", "--format", "pdf", "--output", year.root / "again.pdf", check=True)
    assert (year.root / "again.pdf").read_bytes() == pdf
    assert "Intern utgave".encode() in html
    for form, says in (("text", "Ingen interaksjoner er regnet med".encode()), ("pdf", b"%PDF-1.7"), ("xlsx", b"PK")):   # of a year nobody reported
        year.client(RESEARCHER, "report", "--year", "1999", "--language", "nb", "--format", form, "--output", year.root / "nothing", check=True)
        assert says in (year.root / "nothing").read_bytes()
    with Wire(year.address, year.bundle(RESEARCHER)) as wire:
        refused = wire.call(analysis=pb.AnalysisRequest(family="report", spec="from=2025-01-01 to=2026-01-01", format="docx"))
        assert refused.status == pb.STATUS_INVALID and refused.field == "format"


def test_a_report_fits_the_paper_and_the_screen(year):
    """Where one table is wider than the paper, a browser prints everything smaller; on a desktop none has to be scrolled sideways."""
    if chromium_is_missing():
        pytest.skip("chromium is not installed (packages.txt has it)")
    report(year, RESEARCHER, "printed-out.html")
    done = subprocess.run([os.environ.get("SAMORDNING_NODE", "node"), SOURCE / "tests" / "browser" / "report.mjs", BUILD / "tests" / "browser",
                           year.root / "printed-out.html"], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_a_public_report_leaves_out_what_is_not_decided(year, simulate):
    """A case that is not decided is in the internal network and not in the public one; nor is one the register knows nothing of."""
    cases = year.query("SELECT DISTINCT case_ref FROM report.interaction WHERE case_ref IS NOT NULL ORDER BY 1")
    assert len(cases) > 2
    open_case = cases[0][0]
    (year.root / "decided.csv").write_text("ref,decided_on\n" + "".join(f'"{ref}",2025-12-01\n' for (ref,) in cases[1:]))
    year.client(OPERATOR, "cases", "import", year.root / "decided.csv", check=True)
    def interactions(*more):
        return year.table(RESEARCHER, "metrics", "graph", *PERIOD, *more)["tables"]["graph"]["rows"][0]["interactions"]
    (undecided,) = year.query("SELECT count(*) FROM report.interaction WHERE case_ref = %s", (open_case,))[0]
    assert undecided > 0
    assert interactions() - interactions("--spec", "profile=public") == undecided
    public = report(year, RESEARCHER, "public.html", "--profile", "public").decode()
    assert "Offentlig utgave" in public and "Intern utgave" not in public
    report(year, RESEARCHER, "public.zip", "--profile", "public", "--format", "csv")
    with zipfile.ZipFile(year.root / "public.zip") as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("bottlenecks-bottlenecks.csv").decode())))
        assert len(archive.read("duty-cases.csv").splitlines()) == 1      # single cases: the heading alone
    counts = [float(row[name]) for row in rows for name in ("requests", "answered", "pending") if row[name]]
    assert counts and not [count for count in counts if 0 < count < 5]


def test_public_numbers_cannot_be_added_up(year):
    """A report's annex, a release with a smaller minimum and all that is the same in both, added and subtracted: no small number comes out.
    Told everything but one, it does."""
    families = sorted({family for family, _ in added_up.TABLES})
    truth, told = {}, {}
    for family in families:
        open_tables = year.table(RESEARCHER, "metrics", family, *PERIOD, "--spec", "profile=public minimum-cell=1")["tables"]
        for f, name in added_up.TABLES:
            if f == family:
                truth |= {key: number for key, number in added_up.numbers(f, name, open_tables[name]["rows"]).items() if number is not None}
    year.client(OPERATOR, "publish", year.root / "utgivelse", *PERIOD, "--base", "https://data.example.no/2025", "--contact", "data@example.no",
                "--publisher", "Difi", "--minimum-cell", "3", *(word for family in families for word in ("--family", family)), check=True)
    with zipfile.ZipFile(year.root / "public.zip") as archive:
        for family, name in added_up.TABLES:
            for text in (archive.read(f"{family}-{name}.csv").decode(), (year.root / "utgivelse" / "data" / f"{family}.{name}.csv").read_text()):
                rows = added_up.numbers(family, name, csv.DictReader(io.StringIO(text)))
                told |= {key: number for key, number in rows.items() if number is not None}
    assert all(number == pytest.approx(truth[key]) for key, number in told.items())
    told = {key: truth[key] for key in told}
    hidden = [key for key, number in truth.items() if key not in told and 0 < number < 3]
    assert len(hidden) > 10 and len(told) > 50, (len(hidden), len(told))
    assert added_up.recovered(truth, told, 3) == []
    one = next(key for key in hidden if key[:2] in (("requests", "pending"), ("due", "late")))
    assert added_up.recovered(truth, truth | {one: None}, 3) == [one]


def test_a_round_of_comments(year):
    """Each sees its own numbers first and no others, sends a comment until the day, and finds it printed."""
    own, other = year.reporter, next(o for o, in year.query("SELECT orgnr FROM access.organisation o JOIN access.organisation_role r "
                                                             "ON r.organisation = o.id WHERE r.role = 1 AND orgnr <> %s ORDER BY 1", (year.reporter,)))
    year.client(OPERATOR, "comment", "open", *PERIOD, "--until", "2999-01-01", check=True)
    html = report(year, own, "own.html", "--for", own).decode()
    name, = year.query("SELECT name FROM access.organisation WHERE orgnr = %s", (own,))[0]
    assert f"Bare for {name}" in html and "1. januar 2999" in html and "<svg" not in html
    assert re.findall(r"<t[hd][^>]*>([a-z]+(?:_[a-z]+)+|[a-z]+\.[a-z]+)<", html[:html.index('id="method"')]) == []      # names of columns and codes
    assert "Forespørsler: " in report(year, own, "own.txt", "--for", own, "--format", "text").decode()
    for more in (("--for", other), (), ("--for", own, "--recompute")):
        assert year.client(own, "report", *PERIOD, *more, "--output", year.root / "no.html").returncode != 0, more
    assert year.client(own, "metrics", "graph", *PERIOD).returncode != 0
    assert not (year.root / "no.html").exists()
    for nothing, words in ((" \n\r\n", "there is no text in it"), ("a\0b", "there is no text in it"), ("x" * 16001, "at most 16000 bytes")):
        (year.root / "comment.txt").write_text(nothing)
        refused = year.client(own, "comment", "send", *PERIOD, year.root / "comment.txt")
        assert refused.returncode == 7 and words in refused.stderr, refused.stderr
    for size, code in ((4001, 2), (4000, 0)):       # characters, as the database counts them
        (year.root / "comment.txt").write_text("ø" * size)
        sent = year.client(own, "comment", "send", *PERIOD, year.root / "comment.txt")
        assert sent.returncode == code and ("at most 4000 characters" in sent.stderr) == (code != 0), sent.stderr
    (year.root / "comment.txt").write_text("Vi svarte <b>i tide</b> & varslet.\nTallene for mai mangler.\n")
    year.client(own, "comment", "send", *PERIOD, year.root / "comment.txt", check=True)
    listed = year.table(OPERATOR, "comment", "list", *PERIOD)["tables"]["comments"]["rows"]
    assert [(row["orgnr"], row["comment"]) for row in listed] == [(own, "Vi svarte <b>i tide</b> & varslet.\nTallene for mai mangler.")]
    assert year.table(other, "comment", "list", *PERIOD)["tables"]["comments"]["rows"] == []
    printed = report(year, RESEARCHER, "printed.html").decode()
    assert "<p>Vi svarte &lt;b&gt;i tide&lt;/b&gt; &amp; varslet.</p>" in printed and "<p>Tallene for mai mangler.</p>" in printed
    assert "Kommentaren kom inn" in printed
    assert "Tallene for mai mangler." in report(year, RESEARCHER, "printed.txt", "--format", "text").decode()
    year.client(own, "comment", "take-back", *PERIOD, check=True)
    assert year.table(OPERATOR, "comment", "list", *PERIOD)["tables"]["comments"]["rows"] == []
    year.client(OPERATOR, "comment", "open", *PERIOD, "--until", "2026-01-01", check=True)
    late = year.client(own, "comment", "send", *PERIOD, year.root / "comment.txt")
    assert late.returncode != 0 and "2026-01-01" in late.stderr
    assert year.client(own, "comment", "open", *PERIOD, "--until", "2999-01-01").returncode != 0
    assert year.client(own, "comment", "send", "--year", "2024", year.root / "comment.txt").returncode != 0
