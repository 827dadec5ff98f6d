# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules: reports made in time and delivered once, whatever is in the way; results that never change; releases of open data."""
import base64
import csv
import datetime
import hashlib
import json
import re
import subprocess
import threading

import psycopg2
import pytest
import rdflib

import samordning_pb2 as pb
from conftest import SOURCE
from harness.certificates import openssl
from harness.daemon import OPERATOR, RESEARCHER
from harness.putserver import PutServer
from harness.smtp import SmtpServer
from harness.waiting import wait_until
from harness.wire import Wire

DAEMON_SETTINGS = {"condense_quiet_ms": 100, "delivery_retry_ms": 50}
YEAR = datetime.date.today().year - 1
DAILY = ("--rule", "FREQ=DAILY", "--start", "2020-01-01T06:00", "--period", "last-year")


@pytest.fixture(scope="module")
def house(module_daemon, simulate):
    """A small year, a mail server and a web server; the first report of the year is made by whoever asks first."""
    sample = simulate(year=YEAR, interactions=60, seed=5)
    module_daemon.put, module_daemon.smtp = PutServer(), SmtpServer()
    module_daemon.configure(delivery_url=module_daemon.put.url, delivery_token="hemmelig", smtp_require_tls="no",
                            smtp_url=f"smtp://127.0.0.1:{module_daemon.smtp.port}", mail_from="samordning@example.no")
    before = module_daemon.metric("samordning_reloads_total")
    module_daemon.reload()
    sample.into(module_daemon)
    wait_until(lambda: module_daemon.metric("samordning_reloads_total") > before, 20, "the configuration is read")
    yield module_daemon
    module_daemon.put.stop()
    module_daemon.smtp.stop()


def add(house, key, deliver, *words, rule=DAILY, code=0):
    done = house.client(OPERATOR, "schedule", "add", key, *rule, "--deliver", deliver, *words)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def runs(house, key):
    return house.table(OPERATOR, "schedule", "history", key)["tables"]["runs"]["rows"]


def run(house, key, state="done"):
    """Runs it now, and waits for what becomes of it."""
    house.client(OPERATOR, "schedule", "run", key, check=True)
    return ended(house, key, state)


def ended(house, key, state="done"):
    wait_until(lambda: house.value("SELECT r.state FROM schedule.run r JOIN schedule.plan p ON p.id = r.plan WHERE key = %s ORDER BY r.id DESC LIMIT 1",
                                   [key]) == state, 60, lambda: f"{state}: {runs(house, key)}")
    return runs(house, key)[0]


def test_into_a_folder(house):
    add(house, "mappe", "folder:kunnskap/aar", "--language", "nn")
    found = run(house, "mappe")
    path = house.state / "delivered" / "kunnskap" / "aar" / found["delivered"].rsplit("/", 1)[1]
    assert found["delivered"] == str(path) and path.name.startswith("mappe-") and path.name.endswith("-nn.html")
    assert [one.name for one in path.parent.iterdir()] == [path.name], "nothing half written lies beside it"
    assert found["spec"] == f"from={YEAR}-01-01 to={YEAR + 1}-01-01" and found["why"] == "by-hand" and found["attempts"] == 1
    document = house.client(OPERATOR, "results", found["result"], "--document", check=True).stdout
    assert path.read_bytes() == document.encode() and found["bytes"] == path.stat().st_size and 'lang="nn"' in document
    again = run(house, "mappe")
    assert again["result"] == found["result"], "the same data, the same report"
    assert len(list(path.parent.iterdir())) == 2


def test_what_was_missed_runs_once_and_says_so(house):
    add(house, "glemt", "folder:glemt", "--language", "nb")
    planned = house.value("SELECT next_at FROM schedule.plan WHERE key = 'glemt'")
    # as if no daemon had run for five days
    house.query("UPDATE schedule.plan SET next_at = next_at - interval '5 days' WHERE key = 'glemt'")
    found = ended(house, "glemt")
    assert len(runs(house, "glemt")) == 1 and found["why"] == "missed" and found["missed"] == 4
    assert house.value("SELECT next_at FROM schedule.plan WHERE key = 'glemt'") == planned
    latest = datetime.datetime.fromisoformat(found["occurrence"])
    assert (latest.hour, latest.minute) == (6, 0) and planned - latest <= datetime.timedelta(hours=25)
    assert house.process.log_contains("a schedule runs after its time")
    plan, expected = house.query("SELECT id, (extract(epoch FROM next_at) * 1000000)::int8 FROM schedule.plan WHERE key = 'glemt'")[0]
    claimed, barrier = [], threading.Barrier(4)

    def claim():
        connection = house.connect()
        barrier.wait()
        cursor = connection.cursor()
        cursor.execute("SELECT schedule.claim(%s, %s, %s, 0, %s)", [plan, expected, expected, expected + 86_400_000_000])
        claimed.append(cursor.fetchone()[0])
        connection.close()
    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == [False, False, False, True], "of several daemons one gets an occurrence"


def test_a_run_whose_daemon_died_is_taken_up(house):
    add(house, "arv", "folder:arv")
    plan = house.value("SELECT id FROM schedule.plan WHERE key = 'arv'")
    house.query("INSERT INTO schedule.run (plan, occurrence, period, spec, language, deliver, state, attempts, taking, next_at) "
                "SELECT id, now(), period, spec, language, deliver, 'running', 1, 1, now() - interval '1 second' FROM schedule.plan WHERE id = %s", [plan])
    assert ended(house, "arv")["attempts"] == 2


def test_put_is_tried_again(house):
    house.put.codes[:], house.put.taken[:] = [500, 503], []
    add(house, "nettet", "put:kunnskap")
    found = run(house, "nettet")
    assert found["attempts"] == 3 and found["error"] is None
    assert len({(path, body) for path, _, body in house.put.taken}) == 1 and len(house.put.taken) == 3, "the same each time"
    path, headers, body = house.put.taken[0]
    assert path == "/rapporter/kunnskap/" + found["delivered"].rsplit("/", 1)[1] and found["delivered"].startswith(house.put.url)
    assert headers["Authorization"] == "Bearer hemmelig" and headers["Content-Type"].startswith("text/html") and len(body) == found["bytes"]
    house.put.codes[:] = [403]
    refused = run(house, "nettet", "failed")
    assert refused["error"] == "the web server answered 403" and refused["attempts"] == 1 and refused["result"] == found["result"]


def test_by_mail(house):
    house.smtp.refusals["leser@example.no"] = [451]
    add(house, "brevet", "mail:leser@example.no", "--language", "nn", "--format", "html,pdf,xlsx")
    found = run(house, "brevet")
    assert found["attempts"] == 2
    message = house.smtp.of("leser@example.no")[0].message
    text, *attached = message.iter_parts()
    def document(form):
        name = house.root / f"brev.{form}"
        house.client(OPERATOR, "results", found["result"], "--document", "--format", form, "--output", name, check=True)
        return name.read_bytes()
    said = text.get_content().replace("\r\n", "\n")
    assert message["Subject"] == "Rapport: brevet" and said.startswith(document("text").decode().rstrip("\n")) and found["result"] in said
    assert [part.get_filename().rsplit("-", 1)[1] for part in attached] == ["nn.html", "nn.pdf", "nn.xlsx"]
    assert [part.get_payload(decode=True) for part in attached] == [document("html"), document("pdf"), document("xlsx")]
    assert [part.get_content_type().rsplit(".", 1)[-1] for part in attached] == ["text/html", "application/pdf", "sheet"]
    house.smtp.refusals["ukjent@example.no"] = [550]
    add(house, "ukjent", "mail:ukjent@example.no")
    assert run(house, "ukjent", "failed")["error"] == "the mail server refused the recipient with 550"


def test_every_form_is_delivered(house):
    house.put.codes[:], house.put.taken[:] = [200, 503], []
    add(house, "former", "put:alt", "--format", "html,pdf,text,csv,xlsx")
    found = run(house, "former")
    assert found["attempts"] == 2, "the second file failed for now, and all go again under the same names"
    names = [path.rsplit(".", 1)[1] for path, _, _ in house.put.taken]
    assert names == ["html", "pdf", "html", "pdf", "txt", "zip", "xlsx"] and len({path for path, _, _ in house.put.taken}) == 5
    assert found["delivered"].count(", ") == 4 and found["bytes"] == sum(len(body) for _, _, body in house.put.taken[2:])
    assert house.table(OPERATOR, "schedule", "list", "former")["tables"]["schedules"]["rows"][0]["formats"] == "html,pdf,text,csv,xlsx"


def test_a_full_disk_leaves_no_half_file(house):
    """A folder on a disk that is too small: nothing lies there, history says why; with room it comes whole."""
    folder = house.state / "delivered" / "liten"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0777", "samordning-test", folder], capture_output=True).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("a disk of its own cannot be mounted here")
    try:
        add(house, "liten", "folder:liten", "--format", "html,pdf")
        house.client(OPERATOR, "schedule", "run", "liten", check=True)
        wait_until(lambda: "No space left" in (runs(house, "liten")[0]["error"] or ""), 30, "history says that the disk is full")
        assert list(folder.iterdir()) == [] and runs(house, "liten")[0]["result"]
        assert house.metric("samordning_database_up") == 1
        subprocess.run(["mount", "-o", "remount,size=32m", folder], check=True)
        found = ended(house, "liten")
        assert found["attempts"] >= 2 and sum(path.stat().st_size for path in folder.iterdir()) == found["bytes"]
        assert sorted(path.suffix for path in folder.iterdir()) == [".html", ".pdf"]
        folder_file = house.client(RESEARCHER, "report", "--year", YEAR, "--output", "/dev/full")
        assert folder_file.returncode == 7 and "No space left" in folder_file.stderr
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_mail_server_that_is_away_costs_nothing(house):
    house.smtp.sender_code = 421
    add(house, "senere", "mail:sein@example.no")
    house.client(OPERATOR, "schedule", "run", "senere", check=True)
    wait_until(lambda: runs(house, "senere")[0]["error"], 30, "an attempt has failed")
    house.smtp.sender_code = 250
    found = ended(house, "senere")
    assert found["attempts"] >= 2 and len(house.smtp.of("sein@example.no")) == 1


def test_a_folder_that_cannot_be_written(house):
    (house.state / "delivered" / "full").write_text("here is a file, not a folder")
    add(house, "full", "folder:full")
    house.client(OPERATOR, "schedule", "run", "full", check=True)
    wait_until(lambda: "full" in (runs(house, "full")[0]["error"] or ""), 30, "it says what is wrong")
    assert runs(house, "full")[0]["again"] is not None
    (house.state / "delivered" / "full").unlink()
    assert ended(house, "full")["bytes"] > 0


def test_given_up_in_the_end_and_never_lost(house):
    house.put.codes[:] = [500] * 12
    add(house, "nede", "put:")
    house.query("INSERT INTO schedule.run (plan, occurrence, period, spec, language, deliver, attempts) "
                "SELECT id, now(), period, spec, language, deliver, 11 FROM schedule.plan WHERE key = 'nede'")
    found = ended(house, "nede", "failed")
    house.put.codes[:] = []
    assert found["attempts"] == 12 and found["error"] == "the web server answered 500"
    assert house.client(OPERATOR, "results", found["result"], "--document", check=True).stdout.startswith("<!")
    assert house.metric("samordning_schedule_failed_total") >= 1


def test_a_report_that_cannot_be_made_says_why(house):
    add(house, "feil", "folder:feil", "--spec", "tull=ball")
    found = run(house, "feil", "failed")
    assert "tull" in found["error"] and found["attempts"] == 1 and found["result"] is None


@pytest.mark.parametrize("words, field", [
    (("--rule", "FREQ=FORTNIGHTLY"), "rule"), (("--rule", "FREQ=HOURLY"), "rule"), (("--rule", "FREQ=DAILY;UNTIL=20210101"), "rule"),
    (("--rule", "FREQ=DAILY;BYDAY=1MO"), "rule"), (("--start", "2026-01-05T09:00Z"), "start"),
    (("--start", "TZID=Europe/Atlantis:20260105T090000"), "start"), (("--start", "2026-02-30T09:00"), "start"), (("--period", "last-decade"), "period"),
    (("--spec", "from=2025-01-01 to=2026-01-01"), "spec"), (("--period", ""), "period"), (("--period", "", "--spec", "from=2025-01-01"), "period"),
    (("--deliver", "folder:../etc"), "deliver"),
    (("--deliver", "folder:/etc"), "deliver"), (("--deliver", "put:http://annet.example"), "deliver"), (("--deliver", "mail:nobody"), "deliver"),
    (("--deliver", "ftp:x"), "deliver"), (("--format", "docx"), "formats"), (("--format", "pdf,pdf"), "formats"), (("--format", "pdf,"), "formats")])
def test_what_is_wrong_is_named(house, words, field):
    done = add(house, "galt", "folder:x", *words, code=2)
    assert f"schedule.{field}" in done.stderr or f"{field}:" in done.stderr, done.stderr
    assert house.query("SELECT 1 FROM schedule.plan WHERE key = 'galt'") == []


def test_listed_changed_removed(house):
    add(house, "plan", "folder:x")
    add(house, "plan", "folder:y", rule=("--rule", "FREQ=YEARLY;BYMONTH=11;BYDAY=1MO", "--start", "2026-01-01T09:00", "--period", "last-12-months"))
    row = house.table(OPERATOR, "schedule", "list", "plan")["tables"]["schedules"]["rows"][0]
    assert row["deliver"] == "folder:y" and row["next"][5:8] == "11-" and "T09:00:00+01:00" in row["next"]
    house.client(OPERATOR, "schedule", "remove", "plan", check=True)
    assert house.table(OPERATOR, "schedule", "list", "plan")["tables"]["schedules"]["rows"] == []
    assert house.client(OPERATOR, "schedule", "run", "plan").returncode == 2
    assert house.client(RESEARCHER, "schedule", "add", "plan", *DAILY, "--deliver", "folder:x").returncode == 6
    history = house.table(RESEARCHER, "schedule", "history", "--limit", "2")["tables"]["runs"]["rows"]
    assert len(history) == 2 and history[0]["run"] > history[1]["run"]


def test_results_never_change_but_are_superseded(house):
    old = json.loads(house.client(RESEARCHER, "metrics", "graph", "--year", YEAR, "--format", "json", check=True).stdout)["id"]
    new = json.loads(house.client(RESEARCHER, "metrics", "graph", "--year", YEAR, "--layer", "meeting", "--format", "json", check=True).stdout)["id"]
    other = json.loads(house.client(RESEARCHER, "metrics", "centrality", "--year", YEAR, "--format", "json", check=True).stdout)["id"]
    for statement in ("UPDATE knowledge.result SET spec = '' WHERE id = %s", "DELETE FROM knowledge.result WHERE id = %s"):
        with pytest.raises(psycopg2.Error, match="never changes"):
            house.query(statement, [old])
    with Wire(house.address, house.bundle(OPERATOR)) as wire:
        def supersede(one, by, reason="lagene ble rettet"):
            return wire.call(supersede=pb.SupersedeRequest(id=one, by=by, reason=reason)).status
        assert supersede(old, other) == pb.STATUS_INVALID and supersede(old, old) == pb.STATUS_INVALID and supersede(old, new, " ") == pb.STATUS_INVALID
        assert supersede(old, "00000000-0000-4000-8000-000000000000") == pb.STATUS_NOT_FOUND
        for half in (["--superseded-by", new, "--reason", "uten ID"], [old, "--superseded-by", new], [old, "--reason", "uten den nye"]):
            assert house.client(OPERATOR, "results", *half).returncode == 1, half
        assert house.client(OPERATOR, "results", old, "--superseded-by", new, "--reason", "lagene ble rettet").returncode == 0
        assert supersede(old, new) == pb.STATUS_OK, "said twice is said once"
        assert supersede(old, new, "noe annet") == pb.STATUS_CONFLICT and supersede(new, old) == pb.STATUS_CONFLICT
        kept = wire.call(result=pb.ResultRequest(id=old)).result.results[0]
    assert (kept.superseded_by, kept.superseded_reason) == (new, "lagene ble rettet")
    shown = house.client(RESEARCHER, "results", old, "--format", "json", check=True)
    assert json.loads(shown.stdout)["id"] == old and new in shown.stderr and "lagene ble rettet" in shown.stderr


PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGPg9u8CAAFNAOUqq0k3AAAAAElFTkSuQmCC"      # a PNG of one point


def test_the_logo_of_the_configuration(house):
    """It stands at the top of reports from the reload on; what is no picture is said in the log, and reports are made without."""
    logo = house.root / "logo.png"
    def report_with(content, form="html"):
        logo.write_bytes(content)
        house.configure(operator_logo=logo)
        house.reload()
        kept = hashlib.md5(content).hexdigest() if content.startswith(b"\x89PNG") else None
        wait_until(lambda: house.value("SELECT md5(logo) FROM register.operator") == kept, 20, "the logo is read")
        name = house.root / f"logo-report.{form}"
        house.client(RESEARCHER, "report", "--year", YEAR, "--language", "en", "--format", form, "--output", name, check=True)
        return name.read_bytes()
    html = report_with(base64.b64decode(PICTURE)).decode()
    assert f'src="data:image/png;base64,{PICTURE}"' in html and 'alt="Digitaliseringsdirektoratet"' in html
    assert report_with(base64.b64decode(PICTURE), "pdf").startswith(b"%PDF")
    assert "<img" not in report_with(b"this is no picture").decode() and house.process.log_contains("logo")


def test_schedules_survive_a_restart(house):
    house.put.codes[:] = [500]
    house.configure(delivery_retry_ms=3000)
    house.restart()
    add(house, "varer", "put:")
    house.client(OPERATOR, "schedule", "run", "varer", check=True)
    wait_until(lambda: runs(house, "varer")[0]["error"], 60, "an attempt has failed")
    house.configure(delivery_retry_ms=50)
    house.restart()
    assert ended(house, "varer")["attempts"] >= 2
    assert {row["schedule"] for row in house.table(OPERATOR, "schedule", "list")["tables"]["schedules"]["rows"]} >= {"mappe", "varer", "nettet"}


def test_several_daemons_run_each_schedule_once(house, make_daemon):
    """Two daemons on one database, and many schedules that come due at the same moment."""
    other = make_daemon(database=f"host={house.state}/postgres/run dbname=samordning user=samordning",
                        settings={**DAEMON_SETTINGS, "delivery_directory": house.state / "delivered"})
    keys = [f"felles-{n}" for n in range(8)]
    for key in keys:
        add(house, key, "folder:felles", "--format", "html,text")
    house.query("UPDATE schedule.plan SET next_at = date_trunc('hour', now()) - interval '1 day' WHERE key LIKE 'felles-%%'")
    wait_until(lambda: house.value("SELECT count(*) FROM schedule.run r JOIN schedule.plan p ON p.id = r.plan WHERE key LIKE 'felles-%%' AND state = 'done'")
               == len(keys), 60, "all have run")
    done = house.query("SELECT p.key, count(*), sum(r.attempts) FROM schedule.run r JOIN schedule.plan p ON p.id = r.plan WHERE key LIKE 'felles-%%' "
                       "GROUP BY 1 ORDER BY 1")
    assert done == [(key, 1, 1) for key in keys]
    assert len(list((house.state / "delivered" / "felles").iterdir())) == 2 * len(keys)
    told = [one.process.text().count("a report was delivered\" schedule=felles-") for one in (house, other)]
    assert sum(told) == len(keys), told


# -------------------------------------------------------------------------------------------------------- open data

DCAT, DCT, FOAF = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://xmlns.com/foaf/0.1/"
BASE = f"https://data.example.no/samordning/{YEAR}"
SPDX = "http://spdx.org/rdf/terms#"
# The table of docs/publishing.md
MANDATORY = {DCAT + "Catalog": [DCT + "title", DCT + "description", DCT + "publisher", DCT + "identifier", DCAT + "contactPoint", DCAT + "dataset"],
             DCAT + "Dataset": [DCT + "title", DCT + "description", DCT + "publisher", DCT + "identifier", DCAT + "contactPoint", DCAT + "theme",
                                DCT + "accessRights", DCAT + "distribution"],
             DCAT + "Distribution": [DCAT + "accessURL", DCT + "format", DCT + "license"],
             FOAF + "Agent": [FOAF + "name", DCT + "identifier"], DCT + "Standard": [DCT + "title"], SPDX + "Checksum": [SPDX + "algorithm", SPDX + "checksumValue"]}
ONCE = {DCAT + "Catalog": [DCT + "identifier", DCT + "publisher", DCT + "license", DCT + "issued", DCT + "modified"],
        DCAT + "Dataset": [DCT + "publisher", DCT + "accessRights", DCT + "accrualPeriodicity", DCT + "issued", DCT + "modified", DCT + "type"],
        DCAT + "Distribution": [DCT + "license", DCAT + "byteSize", SPDX + "checksum", DCAT + "mediaType", DCT + "issued"], FOAF + "Agent": [DCT + "identifier"]}
RANGE = {DCT + "publisher": FOAF + "Agent", DCAT + "contactPoint": "http://www.w3.org/2006/vcard/ns#Kind", DCAT + "dataset": DCAT + "Dataset",
         DCAT + "distribution": DCAT + "Distribution", DCT + "conformsTo": DCT + "Standard", DCT + "temporal": DCT + "PeriodOfTime",
         SPDX + "checksum": SPDX + "Checksum", DCAT + "landingPage": FOAF + "Document"}


@pytest.fixture(scope="module")
def release(house):
    folder = house.root / "utgivelse"
    house.client(OPERATOR, "publish", folder, "--year", YEAR, "--base", BASE, "--contact", "data@example.no", "--publisher", "Difi \"på prøve\"",
                 "--family", "graph", "--family", "bottlenecks", "--family", "gaps", check=True)
    return folder


def test_a_release_is_whole_signed_and_described(house, release):
    files = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}
    sums = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == files - {"SHA256SUMS", "SHA256SUMS.p7s"}
    assert all(hashlib.sha256((release / path).read_bytes()).hexdigest() == digest for path, digest in sums.items())
    # as README.md says, with openssl alone
    openssl("cms", "-verify", "-binary", "-purpose", "any", "-inform", "DER", "-in", release / "SHA256SUMS.p7s", "-content", release / "SHA256SUMS",
            "-CAfile", house.bundle(OPERATOR) / "ca.crt", "-no_check_time", "-out", "/dev/null")
    csvw = json.loads((release / "csv-metadata.json").read_text())
    tables = {table["url"]: [column["name"] for column in table["tableSchema"]["columns"]] for table in csvw["tables"]}
    assert set(tables) == {name for name in files if name.endswith(".csv") and name != "codebook.csv"}
    for url, names in tables.items():
        assert next(csv.reader((release / url).open(encoding="utf-8"))) == names
    book = list(csv.DictReader((release / "codebook.csv").open(encoding="utf-8")))
    assert {(f"data/{row['family']}.{row['table']}.csv", row["column"]) for row in book} == {(url, name) for url, names in tables.items() for name in names}
    for family in ("graph", "bottlenecks", "gaps"):
        stat = json.loads((release / "data" / f"{family}.json").read_text())
        for dataset in stat["link"]["item"] if stat["class"] == "collection" else [stat]:
            rows = list(csv.DictReader((release / "data" / f"{family}.{dataset['label']}.csv").open(encoding="utf-8")))
            measures = dataset["dimension"]["measure"]["category"]["index"]
            assert dataset["size"] == [len(rows), len(measures)]
            assert [None if row[name] in ("", "inf", "-inf") else float(row[name]) for row in rows for name in measures] == dataset["value"]
    manifest = json.loads((release / "release.json").read_text())
    assert all("profile=public" in result["spec"] for result in manifest["results"]) and manifest["minimum_cell"] == 5
    assert f'dcat:startDate "{YEAR}-01-01"^^xsd:date ; dcat:endDate "{YEAR}-12-31"^^xsd:date' in (release / "dcat.ttl").read_text()
    readme = (release / "README.md").read_text()
    assert "Gjeven ut" in readme and "Utgitt" in readme and "Issued" in readme


def test_the_record_for_the_catalogue(release):
    graph = rdflib.Graph().parse(release / "dcat.ttl", format="turtle")
    kind = rdflib.RDF.type
    for name, properties in MANDATORY.items():
        nodes = list(graph.subjects(kind, rdflib.URIRef(name)))
        assert nodes, name
        for node in nodes:
            for wanted in properties:
                assert list(graph.objects(node, rdflib.URIRef(wanted))), f"{node} has no {wanted}"
            for wanted in ONCE.get(name, []):
                assert len(list(graph.objects(node, rdflib.URIRef(wanted)))) <= 1, f"{node} has several {wanted}"
    for name, wanted in RANGE.items():
        told = list(graph.objects(None, rdflib.URIRef(name)))
        assert told and all((node, kind, rdflib.URIRef(wanted)) in graph for node in told), name
    assert all(size.datatype == rdflib.XSD.decimal for size in graph.objects(None, rdflib.URIRef(DCAT + "byteSize")))
    dataset = rdflib.URIRef(BASE + "#datasett")
    assert {str(title.language) for title in graph.objects(dataset, rdflib.URIRef(DCT + "title"))} == {"nb", "nn", "en"}
    for distribution in graph.objects(dataset, rdflib.URIRef(DCAT + "distribution")):
        url = str(next(graph.objects(distribution, rdflib.URIRef(DCAT + "accessURL"))))
        size = int(next(graph.objects(distribution, rdflib.URIRef(DCAT + "byteSize"))))
        assert url.startswith(BASE + "/data/") and (release / url[len(BASE) + 1:]).stat().st_size == size
    assert str(next(graph.objects(None, rdflib.URIRef(FOAF + "name")))) == "Difi \"på prøve\""


def test_a_release_comes_out_again_or_says_what_differs(house, release):
    done = house.client(OPERATOR, "verify", release)
    assert done.returncode == 0 and done.stdout.count(": the same") == 3 and OPERATOR in done.stdout, done.stdout + done.stderr
    data = release / "data" / "graph.graph.csv"
    before = data.read_text()
    data.write_text(before + "99\n")
    done = house.client(OPERATOR, "verify", release)
    assert done.returncode == 8 and f"{data.name} is not the file that was released" in done.stdout and "comes out differently" in done.stdout
    data.write_text(before)
    sums = (release / "SHA256SUMS").read_text()
    (release / "SHA256SUMS").write_text(sums.replace("  README.md", "  release.json"))
    done = house.client(OPERATOR, "verify", release)
    assert done.returncode == 8 and "the signature is not good" in done.stderr
    (release / "SHA256SUMS").write_text(sums)
    (release / "data" / "extra.csv").write_text("a\n1\n")
    (release / "more").mkdir()
    (release / "more" / "graph.graph.csv").symlink_to(data)
    done = house.client(OPERATOR, "verify", f"{release}/")
    added = re.findall("(.*) was added: no checksum names it\n", done.stdout)
    assert done.returncode == 8 and added == ["data/extra.csv", "more/graph.graph.csv"] and done.stdout.count(": the same") == 3, done.stdout
    for path in (release / "data" / "extra.csv", release / "more" / "graph.graph.csv"):
        path.unlink()
    (release / "more").rmdir()


def test_languages_are_counted(house, release):
    """Reports by hand and by schedule, each once however often it was delivered, and releases; not what is for one actor alone."""
    for language in ("nn", "en"):
        house.client(RESEARCHER, "report", "--year", YEAR - 1, "--language", language, "--output", house.root / "for.html", check=True)
    counted = dict(house.query("SELECT language, count(*) FROM knowledge.result WHERE family = 'report' GROUP BY 1"))
    rows = house.table(OPERATOR, "schedule", "history", "--languages")["tables"]["languages"]["rows"]
    year = datetime.datetime.now().year
    documents = {row["language"]: row["documents"] for row in rows if row["year"] == year}
    assert documents == {language: counted.get(language, 0) + 1 for language in ("nb", "nn", "en")}, "the release has a README in each"
    share = {row["language"]: row["share"] for row in rows if row["year"] == year}
    assert share["nn"] == pytest.approx(documents["nn"] / (documents["nn"] + documents["nb"])) and share["nb"] + share["nn"] == pytest.approx(1)
    assert share["en"] is None, "the shares are of bokmål and nynorsk"
    (address, results), = house.query("SELECT address, results::text[] FROM knowledge.release")
    assert address == BASE and sorted(results) == sorted(result["id"] for result in json.loads((release / "release.json").read_text())["results"])


def test_the_publisher_is_whoever_signs(house):
    """Name and number in the record are of one organisation, also where it is not who runs the daemon."""
    folder = house.root / "annen"
    house.client(RESEARCHER, "publish", folder, "--year", YEAR, "--base", BASE, "--contact", "data@example.no", "--family", "graph", check=True)
    graph = rdflib.Graph().parse(folder / "dcat.ttl", format="turtle")
    name, = house.query("SELECT name FROM access.organisation WHERE orgnr = %s", [RESEARCHER])[0]
    assert [str(text) for text in graph.objects(None, rdflib.URIRef(FOAF + "name"))] == [name] != [house.value("SELECT name FROM register.operator")]
    assert RESEARCHER in [str(text) for text in graph.objects(None, rdflib.URIRef(DCT + "identifier"))]


def test_what_cannot_be_published(house, release):
    def publish(folder, *words, code):
        done = house.client(OPERATOR, "publish", folder, "--year", YEAR, *words)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr
    good = ("--base", BASE, "--contact", "data@example.no", "--publisher", "Difi", "--family", "graph")
    assert "there already" in publish(release, *good, code=7)
    assert "too small" in publish(house.root / "ny", *good, "--level", "unit", code=1)
    publish(house.root / "ny", *good, "--spec", "profile=internal", code=1)
    publish(house.root / "ny", *good, "--minimum-cell", "2", code=1)
    publish(house.root / "ny", "--base", "javascript:x", "--contact", "data@example.no", "--publisher", "x", code=1)
    named = publish(house.root / "ny", *good[:-2], "--family", "network", code=1).rpartition("may be published: ")[2].split()
    told = re.search("those that may be published are\n(.*)\\.", (SOURCE / "docs" / "publishing.md").read_text())[1]
    assert len(named) > 5 and sorted(named) == sorted(re.findall("`(.*?)`", told))
    assert not [path for path in house.root.iterdir() if path.name.startswith("ny")], "nothing is left behind"
