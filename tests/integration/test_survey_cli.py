# SPDX-License-Identifier: GPL-3.0-or-later
"""`samordning survey` from a questionnaire to the export: what is stored, what is refused with its line, what R and Python read."""
import csv
import hashlib
import io
import json
import shutil
import stat
import subprocess
import sys

import pytest
from google.protobuf import json_format

from harness.daemon import OPERATOR, RESEARCHER
from harness.survey import FIN, JD, KLD, NFD, import_ministries, questionnaire, scale, text

DAEMON_SETTINGS = {"workers": 0}
CLIENTS_MUST_NOT_LEAK = True
EVIL = "=HYPERLINK(\"http://example.com\")"


def wide():
    """The small questionnaire, and one item of each kind it lacks; a label that a spreadsheet would calculate."""
    big = json_format.MessageToDict(questionnaire(key="stor"), preserving_proto_field_name=True)
    big["sections"].append({"id": "third", "title": text("Mer"), "items": [
        {"id": "several", "kind": "multiple", "text": text("Flere"), "not_relevant": True,
         "choices": [{"value": 1, "label": text(EVIL)}, {"value": 2, "label": text("to")}, {"value": 3, "label": text("tre")}]},
        {"id": "order", "kind": "ranking", "text": text("Rekkefølge"), "choices": scale("a", "b", "c"), "min": 1, "max": 3},
        {"id": "grid", "kind": "matrix", "text": text("Rader"), "choices": scale("lite", "mye"),
         "rows": [{"id": "up", "text": text("opp", "opp", "up")}, {"id": "down", "text": text("ned", "ned", "down")}]},
        {"id": "when", "kind": "date", "text": text("Når")},
        {"id": "friends", "kind": "names", "text": text("Hvem andre"), "allow_unknown": True,
         "parts": [{"id": "close", "kind": "likert", "text": text("Hvor nær"), "choices": scale("fjern", "nær"), "required": True}]}]})
    return big


def write(path, instrument):
    path.write_text(json.dumps(instrument, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def house(module_daemon):
    import_ministries(module_daemon, OPERATOR)
    module_daemon.enrol(FIN, "Finansdepartementet")
    module_daemon.enrol(KLD, "Klima- og miljødepartementet")
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    done = module_daemon.client(OPERATOR, "survey", "design", write(module_daemon.root / "stor.json", wide()), check=True)
    assert done.stdout == "stor: stored as version 1\n"
    return module_daemon


def survey(house, *words, who=OPERATOR, **more):
    return house.client(who, "survey", *words, **more)


def plan(house, key, *words):
    survey(house, "wave", key, "--instrument", "stor", "--title", f"nb={key}", "--title", f"nn={key}", "--opens", "2020-01-01", "--closes", "2099-12-31",
           "--free-text", "yes", *words, check=True)


def opened(house, key, *words):
    plan(house, key, *words)
    survey(house, "open", key, check=True)
    return key


def sheet(rows):
    return ("seat,item,target,state,value,text\n" + "".join(",".join(row) + "\n" for row in rows)).encode()


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------------------------------------- questionnaires, waves

def test_a_questionnaire_is_stored_once(house):
    same = survey(house, "design", house.root / "stor.json", check=True)
    assert same.stdout == "stor: version 1 says the same\n"
    more = wide()
    more["title"]["nb"] = "Ny tittel"
    path = write(house.root / "ny.json", more)
    assert survey(house, "design", "--check-only", path, check=True).stdout == "stor: would be version 2\n"
    assert survey(house, "design", "--builtin", check=True).stdout == "samordning: stored as version 1\n"
    listed = house.table(OPERATOR, "survey", "status")["tables"]["instruments"]["rows"]
    assert {(row["instrument"], row["version"]) for row in listed} == {("stor", 1), ("samordning", 1)}
    more["sections"][1]["items"][0]["id"] = more["sections"][0]["items"][0]["id"]
    bad = survey(house, "design", write(house.root / "feil.json", more))
    assert bad.returncode == 3 and "feil.json:" in bad.stderr and "contact" in bad.stderr
    assert survey(house, "design").returncode == 1 and survey(house, "design", "--builtin", path).returncode == 1
    assert survey(house, "design", path, who=FIN).returncode == 6


def test_a_wave_is_planned_changed_and_moved_on(house):
    missing = survey(house, "wave", "v1", "--instrument", "stor")
    assert missing.returncode == 1 and "--title, --opens and --closes" in missing.stderr
    plan(house, "v1", "--minimum-cell", "7", "--anonymous", "yes", "--retention", "2100-06-30")

    def wave(*words, code=0):
        done = survey(house, *words, "--format", "json")
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)["tables"]["wave"]["rows"][0]
    now = wave("wave", "v1", "--closes", "2099-11-30", "--title", "en=In English")
    assert now["closes"] == "2099-11-30T23:59:59+01:00" and now["title"] == "In English"
    assert (now["minimum_cell"], now["anonymous"], now["personal"], now["retention_until"]) == (7, "yes", "yes", "2100-06-30")   # as before
    assert (now["state"], now["version"], now["free_text"], now["sign_off"]) == ("planned", 1, "yes", "no")
    for words, said in ((["--opens", "yesterday"], "--opens"), (["--retention", "2026-13-01"], "--retention"), (["--anonymous", "perhaps"], "--anonymous"),
                        (["--title", "Uten språk"], "does not begin with a language"), (["--instrument", "stor:x"], "KEY:VERSION"),
                        (["--invitation", "nb=/does/not/exist"], "/does/not/exist")):
        done = survey(house, "wave", "v1", *words)
        assert done.returncode == 1 and said in done.stderr, (words, done.stderr)
    opening = survey(house, "open", "v1", check=True)
    assert "nobody has been invited yet" in opening.stderr
    assert wave("pause", "v1")["state"] == "paused" and wave("resume", "v1")["state"] == "open"
    assert wave("extend", "v1", "--closes", "2099-12-24T12:00")["closes"] == "2099-12-24T12:00:00+01:00"
    assert survey(house, "extend", "v1").returncode == 1
    assert survey(house, "wave", "v1", "--title", "nb=For sent").returncode == 2
    assert wave("close", "v1")["state"] == "closed"
    assert survey(house, "open", "v1").returncode == 2 and survey(house, "open", "v-none").returncode == 2
    assert survey(house, "close", "v1", who=FIN).returncode == 6


# ---------------------------------------------------------------------------------------------------------- invitations

def test_wrong_rows_are_named_and_their_neighbours_invited(house):
    opened(house, "i1")
    links = house.root / "links.csv"
    done = survey(house, "invite", "i1", "-", "--links", links, "--map", "address=epost", stdin=(
        "actor,epost,language,level,ref\n"
        f"{FIN},kari@fin.dep.no,nb,case_officer,fin-1\n"
        "Finnes ikke,x@y.no,nb,,x-1\n"
        f"{KLD},ola@kld.dep.no,no,,kld-1\n"
        f"{KLD},,nn,,kld-2\n"
        ",a@b.no,nb,,x-2\n"
        f"{NFD},liv@nfd.dep.no,en,unheard_of,nfd-1\n"
        f"{NFD},liv@nfd.dep.no,en\n").encode())
    assert done.returncode == 3 and done.stdout == "seats: 2 stored, 0 already there, 0 changed, 5 rejected\n", done.stderr
    for line, field in ((3, "actor"), (4, "language"), (6, "actor"), (7, "level")):
        assert any(said.startswith(f"-:{line}: {field}: ") for said in done.stderr.splitlines()), (line, done.stderr)
    assert "-:8: 3 columns" in done.stderr
    assert stat.S_IMODE(links.stat().st_mode) == 0o600
    given = {row["ref"]: row["link"] for row in rows_of(links)}
    assert set(given) == {"fin-1", "kld-2"}
    for ref, link in given.items():
        digest = hashlib.sha256(link.rsplit("/", 1)[1].encode()).digest()
        assert house.query("SELECT s.ref FROM survey.link l JOIN survey.seat s ON s.id = l.seat WHERE l.hash = %s", [digest]) == [(ref,)]
    assert house.value("SELECT count(*) FROM survey.letter l JOIN survey.seat s ON s.id = l.seat WHERE ref = 'fin-1'") == 0
    again = survey(house, "invite", "i1", "-", "--links", links, stdin=f"actor,address,language,level,ref\n{FIN},kari@fin.dep.no,nb,case_officer,fin-1\n".encode())
    assert again.returncode == 0 and "0 stored, 1 already there" in again.stdout
    assert rows_of(links)[0]["link"] == given["fin-1"]
    rows = {row["actor"]: row for row in house.table(OPERATOR, "survey", "status", "i1")["tables"]["actors"]["rows"]}
    assert (rows[FIN]["invited"], rows[KLD]["invited"], rows[FIN]["rate"]) == (1, 1, 0)
    gone = survey(house, "invite", "i2", "-", "--links", house.root / "none.csv", stdin=b"actor\nFIN\n")
    assert gone.returncode == 2 and not (house.root / "none.csv").exists()


# -------------------------------------------------------------------------------------------------------------- answers

FULL = [("often", KLD, "", "3", ""), ("often", KLD, "", "", ""), ("needed", KLD, "", "2", ""), ("often", JD, "no_contact", "", ""),
        ("often", NFD, "", "1", ""), ("kind", "", "", "1", ""), ("days", "", "", "12", ""), ("words", "", "", "", EVIL.replace('"', "'")),
        ("several", "", "", "1", ""), ("several", "", "", "3", ""), ("order", "", "", "2;1", ""), ("grid", "up", "", "2", ""), ("when", "", "", "", "2026-03-01"),
        ("close", "@Ukjent etat", "", "2", "@Ukjent etat")]


@pytest.fixture(scope="module")
def answered(house):
    opened(house, "a1")
    rows = [("fin-1", *row) for row in FULL if row[3] or row[2] or row[4]]
    rows += [("fin-2", "often", KLD, "", "1", ""), ("fin-2", "often", JD, "", "1", ""), ("fin-2", "often", NFD, "no_contact", "", ""),
             ("fin-2", "kind", "", "dont_know", "", ""), ("fin-2", "several", "", "not_relevant", "", "")]
    done = survey(house, "answer", "a1", "-", who=FIN, stdin=sheet(rows))
    assert done.returncode == 0, done.stdout + done.stderr
    return house


def test_answers_are_taken_or_refused_with_their_line(answered):
    house = answered
    bad = sheet([("kld-1", "often", FIN, "", "9", ""), ("kld-1", "kind", "", "", "2", ""), ("kld-1", "days", "", "", "3", ""),
                 ("kld-2", "often", FIN, "", "2", ""), ("kld-2", "often", JD, "", "2", ""), ("kld-2", "often", NFD, "", "2", ""), ("kld-2", "kind", "", "", "2", "")])
    done = survey(house, "answer", "a1", "-", "--format", "csv", who=KLD, stdin=bad)
    assert done.returncode == 3, done.stdout + done.stderr
    assert {row["seat"]: row["state"] for row in csv.DictReader(io.StringIO(done.stdout))} == {"kld-1": "refused", "kld-2": "submitted"}
    for words in (f"-:2: kld-1: often {FIN}: is none of the choices", "-:4: kld-1: days: is not asked, given the other answers",
                  f"-: kld-1: often {NFD}: must be answered"):
        assert words in done.stderr, done.stderr
    unread = survey(house, "answer", "a1", "-", who=KLD, stdin=sheet([("kld-3", "kind", "", "maybe", "", ""), ("kld-3", "days", "", "", "tolv", ""),
                                                                     ("", "kind", "", "", "1", "")]))
    assert unread.returncode == 3 and "nothing was sent" in unread.stderr
    assert "-:2: state: " in unread.stderr and "-:3: value: is not a number" in unread.stderr and "-:4: seat: is empty" in unread.stderr
    path = house.root / "svar.json"
    path.write_text(json.dumps([{"seat": "kld-4", "level": "department_head", "answers": [
        {"item": "contact", "target": FIN, "state": "no_contact"}, {"item": "often", "target": JD, "values": [2]}, {"item": "often", "target": NFD, "values": [2]},
        {"item": "kind", "values": [2]}]}]))
    draft = house.table(KLD, "survey", "answer", "a1", path, "--draft")["tables"]["answers"]["rows"]
    assert draft == [{"seat": "kld-4", "state": "draft", "revision": 0, "receipt": None}]
    first = house.table(KLD, "survey", "answer", "a1", path)["tables"]["answers"]["rows"][0]
    again = house.table(KLD, "survey", "answer", "a1", path)["tables"]["answers"]["rows"][0]
    assert (first["state"], first["revision"]) == ("submitted", 1) and first["receipt"] and again["state"] == "submitted"
    for other, code, words in (("[1]", 3, "[0]: is not an object"), ("{\"seat\": \"x\", \"unheard\": 1}", 3, "unheard: is not a field"), ("{", 7, "svar.json:1:"),
                               ("\"x\"", 7, "svar.json:1:")):
        path.write_text(other)
        done = survey(house, "answer", "a1", path, who=KLD)
        assert done.returncode == code and words in done.stderr, (other, done.stderr)
    gone = house.table(KLD, "survey", "withdraw", "a1", "kld-4")["tables"]["answers"]["rows"][0]
    assert gone["state"] == "withdrawn"
    assert survey(house, "answer", "a1", path, "--map", "a=b", who=KLD).returncode == 1


def test_the_export_tells_everything_apart(answered):
    house = answered
    folder = house.root / "ut"
    done = survey(house, "export", "a1", "--directory", folder, "--language", "en", who=RESEARCHER)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {"answers.csv", "respondents.csv", "codebook.csv", "codebook.json", "read.R", "read.py", "README.txt"}
    assert not [path for path in house.root.iterdir() if path.name.startswith("ut.")]
    rows = [row for row in rows_of(folder / "answers.csv") if row["actor"] == FIN]
    whose = next(row["respondent"] for row in rows if row["item"] == "days" and row["state"] == "given")
    mine = [row for row in rows if row["respondent"] == whose]

    def cells(item, target=""):
        return [(row["state"], row["value"], row["label"], row["position"], row["text"]) for row in mine if (row["item"], row["target"]) == (item, target)]
    assert cells("often", KLD) == [("given", "3", "ofte", "", "")] and cells("needed", NFD) == [("unanswered", "", "", "", "")]
    assert cells("often", JD) == cells("needed", JD) == [("no_contact", "", "", "", "")]
    assert cells("several") == [("given", "1", "'" + EVIL, "1", ""), ("given", "3", "tre", "2", "")]
    assert [cell[1:4:2] for cell in cells("order")] == [("2", "1"), ("1", "2")]
    assert cells("grid", "up")[0][:3] == ("given", "2", "mye") and cells("grid", "down")[0][0] == "unanswered"
    assert cells("when")[0][4] == "2026-03-01" and cells("words")[0][4].startswith("'=")
    named = [row for row in mine if row["item"] == "close"]
    assert len(named) == 1 and named[0]["target"] == "'@Ukjent etat" and named[0]["value"] == "2"
    assert not [row for row in mine if row["target"] == FIN]             # nobody is asked about their own
    other = {(row["item"], row["target"]): row["state"] for row in rows if row["respondent"] != whose}
    assert other["kind", ""] == "dont_know" and other["days", ""] == "not_asked" and other["several", ""] == "not_relevant"
    assert other["friends", ""] == "unanswered" and other["often", NFD] == "no_contact"
    for name in ("answers.csv", "codebook.csv", "respondents.csv"):
        for row in csv.reader(open(folder / name, encoding="utf-8", newline="")):
            assert not [cell for cell in row if cell[:1] in ("=", "+", "@", "\t")], row
    book = json.loads((folder / "codebook.json").read_text())
    counts = {state["state"]: state["count"] for state in book["states"]}
    assert sum(counts.values()) == sum(int(row[state]) for row in rows_of(folder / "respondents.csv") for state in counts)
    variables = {variable["id"]: variable for variable in book["variables"]}
    assert variables["often"]["part_of"] == "contact" and variables["often"]["relation"] == "contact_actual" and variables["kind"]["kind"] == "single"
    assert variables["grid"]["rows"][0]["text"]["en"] == "up" and book["wave"]["key"] == "a1" and FIN in {actor["key"] for actor in book["actors"]}
    assert "=HYPERLINK" not in (folder / "README.txt").read_text()
    taken = survey(house, "export", "a1", "--directory", folder)
    assert taken.returncode == 7 and "choose a new folder" in taken.stderr
    assert survey(house, "export", "none", "--directory", house.root / "ut2").returncode == 2 and not (house.root / "ut2").exists()
    assert survey(house, "export", "a1", "--directory", house.root / "ut3", who=FIN).returncode == 6
    assert not [path for path in house.root.iterdir() if path.name.startswith(("ut2", "ut3"))]


def test_python_and_r_read_the_export(answered):
    house = answered
    folder = house.root / "les"
    survey(house, "export", "a1", "--directory", folder, check=True)
    script = ("import json, read\n"
              "s = read.load('.', language='en')\n"
              "print(json.dumps([s.states('several'), sorted(row['label'] for row in s.item('several') if row['value']), s.variables['days'],\n"
              "                  [row['text'] for row in s.item('words') if row['state'] == 'given'], len(s.respondents)]))\n")
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    states, labels, days, words, respondents = json.loads(done.stdout)
    assert (states["given"], states["not_relevant"], states["unanswered"]) == (1, 1, respondents - 2)
    assert labels == [EVIL, "tre"] and days == "Dager" and words == [EVIL.replace('"', "'")]
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed: read.R was not tried")
    script = ("source('read.R')\n"
              "answers <- read_survey('.', language = 'en')\n"
              "stopifnot(nrow(answers) == nrow(read.csv('answers.csv')))\n"
              "days <- survey_item(answers, 'days'); several <- survey_item(answers, 'several')\n"
              "cat(sum(days, na.rm = TRUE), attr(days, 'label'), paste(sort(as.character(several[!is.na(several)])), collapse = '|'),\n"
              "    survey_missing(answers, 'several')[['not relevant']], levels(survey_item(answers, 'kind')), sep = '\\n')\n"
              "words <- survey_item(answers, 'words'); cat('\\n', words[!is.na(words)], sep = '')\n")
    done = subprocess.run(["Rscript", "--vanilla", "-e", script], cwd=folder, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line] == ["12", "Dager", EVIL + "|tre", "1", "ja", "nei", EVIL.replace('"', "'")], done.stdout


# ------------------------------------------------------------------------------------------------------ status, persons

def test_status_and_what_is_held(answered):
    house = answered
    done = survey(house, "status", "a1", "--format", "csv", "--table", "actors", who=RESEARCHER, check=True)
    rows = {row["actor"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows[FIN]["submitted"] == "2" and float(rows[FIN]["rate"]) == 1
    assert survey(house, "status", "none").returncode == 2
    held = json.loads(survey(house, "person", "a1", "fin-1", who=FIN, check=True).stdout)
    assert "fin-1" in json.dumps(held) and "often" in json.dumps(held)
    assert survey(house, "person", "a1", "fin-1", who=KLD).returncode == 2       # there is no such seat, for them
    path = house.root / "holdt.json"
    survey(house, "person", "a1", "fin-1", "--output", path, who=FIN, check=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    opened(house, "p1")
    survey(house, "answer", "p1", "-", who=FIN, stdin=sheet([("x", "often", other, "", "1", "") for other in (KLD, NFD, JD)] + [("x", "kind", "", "", "2", "")]),
           check=True)
    erased = survey(house, "person", "p1", "x", "--erase", who=FIN, check=True)
    assert "everything that was held is deleted" in erased.stdout
    assert house.value("SELECT count(*) FROM survey.answer a JOIN survey.respondent r ON r.id = a.respondent JOIN survey.wave w ON w.id = r.wave WHERE w.key = 'p1'") == 0
    survey(house, "close", "p1", check=True)
    watched = survey(house, "status", "p1", "--watch", "1", "--format", "json", timeout=60)
    assert watched.returncode == 0 and json.loads(watched.stdout)["tables"]["waves"]["rows"][0]["state"] == "closed"      # and it ends by itself


def test_answers_are_words_of_the_reader(house):
    listed = survey(house, "status", "--format", "json", env={"LANGUAGE": "nn"}, check=True)
    titles = [row["title"] for row in json.loads(listed.stdout)["tables"]["instruments"]["rows"]]
    assert "Lita undersøking" in titles
