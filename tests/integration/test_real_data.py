# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's files as they are: every set is submitted without editing, and row counts are exact."""
import csv
import gzip
import io
import re

import pytest

from harness.daemon import OPERATOR, RESEARCHER

DAEMON_SETTINGS = {"condense_quiet_ms": 100}
SUBMITTER = "972417807"


@pytest.fixture(scope="module")
def daemon(module_daemon):
    module_daemon.enrol(SUBMITTER, "Finansdepartementet")
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    return module_daemon


FROM_LAYER = " FROM report.interaction i JOIN vocabulary.layer l ON l.code = i.layer WHERE l.name = %s "


def stored_of(daemon, layer):
    return daemon.value("SELECT count(*)" + FROM_LAYER, (layer,))


def add_layer(daemon, name, kind="meeting"):
    daemon.client(OPERATOR, "layers", "add", name, "--kind", kind, "--nb", name, "--nn", name, "--en", name, check=True)


def submit_twice(daemon, layer, expected, *arguments, code=0):
    """Submits, checks the count, submits again, checks that nothing was added. Gives the first run."""
    done = daemon.client(SUBMITTER, "submit", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert stored_of(daemon, layer) == expected
    again = daemon.client(SUBMITTER, "submit", *arguments)
    assert again.returncode == code, again.stdout + again.stderr
    assert stored_of(daemon, layer) == expected
    return done


def test_workplace_contacts(daemon, shared_data):
    """Seconds since a day, undirected, one row per 20 seconds: 78,249 rows; departments as sectors."""
    folder = shared_data("workplace-invs15")
    add_layer(daemon, "kontakt")
    submit_twice(daemon, "kontakt", 78249, folder / "contacts.csv.gz", "--type", "kontakt", "--epoch", "2015-03-02",
                 "--map", "time=t", "--map", "source=i", "--map", "target=j")
    first, last = daemon.query("SELECT min(occurred_at AT TIME ZONE 'Europe/Oslo')::text, "
                               "max(occurred_at AT TIME ZONE 'Europe/Oslo')::text" + FROM_LAYER, ("kontakt",))[0]
    assert first == "2015-03-02 08:00:40" and last == "2015-03-13 19:59:40"
    actors = daemon.root / "persons.csv"
    with open(folder / "nodes.csv", encoding="utf-8", newline="") as source, open(actors, "w", encoding="utf-8",
                                                                                  newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["key", "kind", "name_nb", "sector"])
        for row in csv.DictReader(source):
            writer.writerow([row["id"], "person", row["id"], row["department"]])
    daemon.client(OPERATOR, "actors", "import", actors, check=True)
    period = ("--from", "2015-03-02", "--to", "2015-03-14", "--layer", "kontakt")
    graph = daemon.table(RESEARCHER, "metrics", "graph", *period, "--direction", "undirected")["tables"]["graph"]["rows"][0]
    # the README's own counts
    assert graph["actors"] in (217, 232) and graph["actors"] - graph["isolates"] == 217
    assert graph["ties"] == 4274 and graph["weight"] == 78249
    gaps = daemon.table(RESEARCHER, "metrics", "gaps", *period, "--direction", "undirected")["tables"]
    assert gaps["ei"]["rows"][0]["ei"] == pytest.approx(0.158166, abs=1e-6)
    assert gaps["ei"]["rows"][0]["ties_across"] == 2475


def test_dutch_cabinet_agendas(daemon, shared_data):
    """Two files joined by meeting: the participants of 1,853 meetings, 327 of which join two or more ministries."""
    folder = shared_data("nl-cabinet-agendas")
    add_layer(daemon, "agenda")
    with open(folder / "meetings.csv", encoding="utf-8", newline="") as file:
        dates = {row["meeting_id"]: row["date"] for row in csv.DictReader(file)}
    joined = io.StringIO()
    writer = csv.writer(joined)
    writer.writerow(["meeting_id", "date", "ministry"])
    ministries = {}
    with open(folder / "participants.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ministries.setdefault(row["meeting_id"], {})[row["ministry"]] = None
    for meeting, names in ministries.items():
        for name in names:
            writer.writerow([meeting, dates[meeting], name])
    several = sum(len(names) > 1 for names in ministries.values())
    assert several == 327
    path = daemon.root / "agendas.csv"
    path.write_text(joined.getvalue(), encoding="utf-8")
    done = submit_twice(daemon, "agenda", several, path, "--type", "agenda", "--map", "interaction=meeting_id",
                        "--map", "time=date", "--map", "actor=ministry", code=3)
    rejected = read_rejections(done)
    assert len(rejected) == len(ministries) - several
    assert all("two" in r or "2" in r or "one" in r for r in rejected)
    assert daemon.value("SELECT count(*) FROM report.interaction i JOIN vocabulary.layer l ON l.code = i.layer "
                        "WHERE l.name = 'agenda' AND cardinality(labels) >= 5") == 145
    pairs = daemon.client(OPERATOR, "actors", "resolve", "--all", "--create", "ministry")
    assert pairs.returncode == 0, pairs.stderr
    graph = daemon.table(RESEARCHER, "metrics", "graph", "--from", "2017-11-01", "--to", "2022-04-01", "--layer", "agenda",
                         "--direction",
                         "undirected")["tables"]["graph"]["rows"][0]
    assert graph["ties"] == 190 and graph["actors"] - graph["isolates"] == 20


def test_uk_ministerial_meetings(daemon, shared_data):
    """15,781 rows of 8,054 meetings; a month is a month; 102 impossible dates and empty names are told with their line."""
    folder = shared_data("uk-ministerial-meetings")
    add_layer(daemon, "lobby")
    text = gzip.open(folder / "meetings.csv.gz", "rt", encoding="utf-8", newline="").read()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 15781
    # Each row says: this minister met this organisation. Rows of one meeting share minister and time.
    joined = io.StringIO()
    writer = csv.writer(joined)
    writer.writerow(["meeting_id", "start", "who", "role"])
    meetings = {}
    for row in rows:
        meetings.setdefault(row["meeting_id"], (row["start"], {}))[1].setdefault(row["minister"], "chair")
        meetings[row["meeting_id"]][1].setdefault(row["organisation"], "participant")
    for meeting, (start, present) in meetings.items():
        for who, role in present.items():
            writer.writerow([meeting, start, who, role])
    # a row without an organisation is rejected; the others of its meeting are a meeting still when there are two of them
    good = sum(1 for start, present in meetings.values() if not start.startswith("1930") and len(set(present) - {""}) > 1)
    impossible = [m for m, (start, _) in meetings.items() if start.startswith("1930")]
    path = daemon.root / "lobby.csv"
    path.write_text(joined.getvalue(), encoding="utf-8")
    done = submit_twice(daemon, "lobby", good, path, "--type", "lobby", "--map", "interaction=meeting_id",
                        "--map", "time=start", "--map", "actor=who", code=3)
    rejected = read_rejections(done)
    assert sum(re.search(r",time,", r) is not None for r in rejected) >= len(impossible) > 0
    assert sum(re.search(r",actor,", r) is not None for r in rejected) == sum(
        "" in present for start, present in meetings.values() if not start.startswith("1930"))
    precise = dict(daemon.query("SELECT time_precision, count(*)" + FROM_LAYER + "GROUP BY 1", ("lobby",)))
    assert set(precise) == {1, 2} and precise[2] > precise[1] > 0


def test_uk_rows_as_edges(daemon, shared_data):
    """The same file untouched, each row a tie of minister and organisation: 15,781 less 102 of 1930 and those without one."""
    folder = shared_data("uk-ministerial-meetings")
    add_layer(daemon, "lobbykant", "meeting")
    rows = list(csv.DictReader(gzip.open(folder / "meetings.csv.gz", "rt", encoding="utf-8", newline="")))
    bad = [r for r in rows if r["start"].startswith("1930") or not r["organisation"] or not r["minister"]]
    assert sum(r["start"].startswith("1930") for r in rows) == 102
    done = submit_twice(daemon, "lobbykant", len(rows) - len(bad), folder / "meetings.csv.gz", "--type", "lobbykant",
                        "--map", "source=minister", "--map", "target=organisation", "--map", "time=start", code=3)
    assert len(read_rejections(done)) == len(bad)


def test_norwegian_hearings(daemon, shared_data):
    """A ministry consulting up to 135 recipients, collective ones among them, in bokmål and nynorsk."""
    folder = shared_data("no-hearings")
    with open(folder / "hearings.csv", encoding="utf-8", newline="") as file:
        hearings = {row["hearing_id"]: row for row in csv.DictReader(file)}
    joined = io.StringIO()
    writer = csv.writer(joined)
    writer.writerow(["interaction", "type", "stage", "time", "actor", "role", "deadline", "reply_status"])
    participants = {}
    for identifier, hearing in hearings.items():
        writer.writerow([identifier, "hearing", "hearing", hearing["sent"], hearing["ministry"], "sender", "", ""])
    with open(folder / "recipients.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            participants.setdefault(row["hearing_id"], []).append(row["recipient"])
            writer.writerow([row["hearing_id"], "hearing", "hearing", hearings[row["hearing_id"]]["sent"], row["recipient"],
                             "addressee",
                             hearings[row["hearing_id"]]["deadline"], "pending"])
    path = daemon.root / "hearings.csv"
    path.write_text(joined.getvalue(), encoding="utf-8")
    done = submit_twice(daemon, "hearing", 3, path, code=3)
    assert len(read_rejections(done)) == 1, "one of the lists names Samfunnsbedriftene twice"
    counts = sorted(n for (n,) in daemon.query("SELECT cardinality(labels) FROM report.interaction i JOIN vocabulary.layer l "
                                               "ON l.code = i.layer WHERE l.name = 'hearing'"))
    assert counts == [29, 129, 136]
    for name in ("Departementene", "Fylkeskommunene", "Nærings- og fiskeridepartementet"):
        if any(name in recipients for recipients in participants.values()):
            assert daemon.value("SELECT count(*) FROM register.label WHERE text = %s", (name,)) == 1


def test_public_bodies_as_register(daemon, shared_data):
    """The 17 ministries with names in three languages, state bodies, and test bodies whose numbers are no numbers."""
    folder = shared_data("no-public-bodies")
    before = daemon.value("SELECT count(*) FROM register.actor WHERE kind = 'ministry' AND key ~ '^[0-9]{9}$'")
    done = daemon.client(OPERATOR, "actors", "import", folder / "ministries.csv", "--kind", "ministry")
    assert done.returncode == 0, done.stdout + done.stderr
    assert daemon.value("SELECT count(*) FROM register.actor WHERE kind = 'ministry' AND key ~ '^[0-9]{9}$'") == before + 17
    done = daemon.client(OPERATOR, "actors", "import", folder / "altinn_orgs.csv", "--kind", "agency", "--map",
                         "abbreviation=code")
    assert done.returncode == 3, done.stdout + done.stderr
    for number in ("999999990", "999999991", "999999992"):
        assert daemon.value("SELECT count(*) FROM register.actor_name WHERE orgnr = %s", (number,)) == 0
    assert daemon.value("SELECT count(*) FROM register.actor_name WHERE name_nn = 'Brønnøysundregistera'") == 1


def test_mathoverflow_events(daemon, shared_data):
    """Half a million typed events with Unix times, read as they are."""
    folder = shared_data("perf-graphs")
    for layer in ("comment-to-question", "comment-to-answer", "answer-to-question"):
        add_layer(daemon, layer, "letter")
    done = daemon.client(SUBMITTER, "submit", folder / "mathoverflow-events.csv.gz", "--time", "unix", "--map", "time=t")
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {layer: stored_of(daemon, layer) for layer in ("comment-to-question", "comment-to-answer", "answer-to-question")}
    assert counts == {"comment-to-question": 203639, "comment-to-answer": 195330, "answer-to-question": 107581}
    assert sum(counts.values()) == 506550


def read_rejections(done):
    """The rejected records' file that the summary names, without its header."""
    named = re.search(r"(\S+\.rejected\S*|\S*rejected\S*\.csv)", done.stdout + done.stderr)
    assert named, f"the summary names no file of rejected records:\n{done.stdout}{done.stderr}"
    with open(named.group(1).strip(".,:;\"'"), encoding="utf-8") as file:
        return file.read().splitlines()[1:]
