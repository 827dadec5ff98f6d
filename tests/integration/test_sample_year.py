# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job end to end: ministries submit a year, twice; a researcher asks; what was planted is found."""
import csv
import html.parser
import io
import json
import re

import networkx
import pytest

from harness.daemon import OPERATOR, RESEARCHER
from harness.waiting import wait_until

DAEMON_SETTINGS = {"condense_quiet_ms": 100}
YEAR = 2025
PERIOD = ("--year", YEAR)
MEETINGS = ("--layer", "meeting,working_group")


@pytest.fixture(scope="module")
def sample(simulate):
    return simulate(year=YEAR, interactions=5000, seed=11)


@pytest.fixture(scope="module")
def year(module_daemon, sample):
    return sample.into(module_daemon)


def rows(answer, table):
    return answer["tables"][table]["rows"]


# ---------------------------------------------------------------------------------------------------- storage

def test_every_interaction_is_stored_once_with_its_participants(year, sample):
    assert year.stored() == sample.interactions
    assert year.value("SELECT sum(cardinality(labels)) FROM report.interaction") == sample.truth["participations"]
    assert year.value("SELECT count(*) FROM report.quarantine") == 0
    stored = dict(year.query("SELECT l.name, count(*) FROM report.interaction i JOIN vocabulary.layer l ON l.code = i.layer "
                             "GROUP BY 1"))
    assert stored == {name: count for name, count in sample.truth["types"].items() if count}


def test_second_reporters_are_witnesses_of_the_same_interaction(year, sample):
    assert year.value("SELECT count(*) FROM report.supplement WHERE kind = 1") == sample.truth["witnessed"]
    joined = "SELECT count(*) FROM report.supplement s LEFT JOIN report.interaction i USING (id) WHERE "
    assert year.value(joined + "s.reporter = i.reporter") == 0
    assert year.value(joined + "i.id IS NULL") == 0


def test_submitting_again_stores_nothing(year, sample):
    state = "SELECT count(*), max(recorded_at), sum(content_hash % 1000003) FROM report.interaction"
    supplements = "SELECT count(*), max(recorded_at) FROM report.supplement"
    before = year.query(state), year.query(supplements)
    for reporter, path, _, _ in sample.files:
        year.client(reporter, "submit", path, check=True)
    assert (year.query(state), year.query(supplements)) == before


def test_times_and_replies_arrive_as_written(year, sample):
    pending = year.value("SELECT count(*) FROM report.interaction i, unnest(i.reply_status) s WHERE s = 1")
    assert pending == sample.truth["pending"]
    outside = year.value("SELECT count(*) FROM report.interaction WHERE time_precision = 0 AND "
                         "extract(hour FROM occurred_at AT TIME ZONE 'Europe/Oslo') NOT BETWEEN 8 AND 16")
    assert outside == 0
    late = year.value("SELECT count(*) FROM report.interaction i, unnest(i.replied_at) r WHERE r < i.occurred_at")
    assert late == 0
    assert year.value("SELECT count(*) FROM report.interaction WHERE time_precision = 2") > 0
    oslo = "(occurred_at AT TIME ZONE 'Europe/Oslo')::date::text"
    first, last = year.query(f"SELECT min({oslo}), max({oslo}) FROM report.interaction")[0]
    assert first.startswith(str(YEAR)) and last.startswith(str(YEAR))


# ---------------------------------------------------------------------------------------------------- register

def test_unknown_names_wait_and_count_once_resolved(year, sample):
    expected = {entry["spelling"]: entry for entry in sample.truth["unknown_names"]}
    assert expected, "the sample has no unknown names"
    listed = {text for (text,) in year.query("SELECT text FROM register.waiting_label")}
    assert listed == set(expected)
    shown = year.client(OPERATOR, "actors", "list", "--waiting", "--format", "csv", check=True).stdout
    assert all(spelling in shown for spelling in expected)

    spelling, entry = next(iter(expected.items()))
    before = rows(year.table(RESEARCHER, "metrics", "graph", *PERIOD), "graph")[0]["interactions_unresolved"]
    year.client(OPERATOR, "actors", "resolve", spelling, "--actor", entry["actor"], check=True)
    after = rows(year.table(RESEARCHER, "metrics", "graph", *PERIOD), "graph")[0]["interactions_unresolved"]
    assert 0 < before - after <= entry["participations"]
    assert spelling not in {text for (text,) in year.query("SELECT text FROM register.waiting_label")}


def test_names_in_every_language_mean_the_same_actor(year, sample):
    duplicates = year.query("SELECT l.folded FROM register.label l JOIN register.label_actor a ON a.label = l.id "
                            "GROUP BY l.folded HAVING count(DISTINCT a.actor) > 1")
    assert duplicates == []
    foreign = year.query("SELECT DISTINCT a.key FROM register.label l JOIN register.label_actor m ON m.label = l.id "
                         "JOIN register.actor a ON a.id = m.actor WHERE l.text IN "
                         "('UD', 'Utenriksdepartementet', 'Utanriksdepartementet', 'Ministry of Foreign Affairs', '972417920')")
    assert foreign == [("972417920",)]
    assert len(sample.register()) == year.value("SELECT count(*) FROM register.actor")


# ------------------------------------------------------------------------------------------------- the answers

def test_the_network_as_a_whole(year, sample):
    answer = year.table(RESEARCHER, "metrics", "graph", *PERIOD)
    graph = rows(answer, "graph")[0]
    assert graph["interactions"] == sample.interactions
    assert graph["actors"] == sample.truth["actors"]
    assert graph["components"] == 1 and 0 < graph["density"] <= 1
    assert answer["card"]["spec_hash"] and answer["card"]["watermark"] and answer["card"]["software"].startswith("samordning")


def test_the_slow_ministry_is_found(year, sample):
    slow = sample.truth["planted"]["slow"]
    found = [r for r in rows(year.table(RESEARCHER, "metrics", "bottlenecks", *PERIOD, "--layer", "consultation"),
                             "bottlenecks")
             if r["median_days"] is not None and r["requests"] >= 30]
    slowest = max(found, key=lambda r: r["median_days"])
    others = [r["median_days"] for r in found if r is not slowest]
    assert slowest["actor"] == slow["actor"]
    assert slowest["median_days_low"] > max(others)
    assert slowest["last_share"] == max(r["last_share"] for r in found)


def slower_than_the_others(answer):
    """Rows of family time whose actor answers at a lower rate than all others, at a false discovery rate of 1 %."""
    return [r for r in rows(answer, "time") if r["q"] is not None and r["q"] < 0.01 and r["answer_rate_ratio"] < 1]


def test_the_slow_ministry_is_told_apart_from_the_others(year, sample):
    slow = sample.truth["planted"]["slow"]["actor"]
    # Within a request everybody had the same deadline: what is urgent and what is not is taken out.
    answer = year.table(RESEARCHER, "metrics", "time", *PERIOD, "--layer", "consultation", "--spec", "strata=request")
    assert [r["actor"] for r in slower_than_the_others(answer)] == [slow]
    assert rows(answer, "logrank")[0]["p"] < 0.001
    assert {r["stage"] for r in rows(answer, "stages")} >= {"consultation"}
    assert [r["layer"] for r in rows(answer, "layers")] == ["consultation"]
    pairs = [r for r in rows(answer, "pairs") if r["q"] is not None and r["q"] < 0.01]
    assert pairs and all(slow in (r["actor_a"], r["actor_b"]) for r in pairs)


def test_objections_and_the_right_time_are_as_simulated(year):
    answer = year.table(RESEARCHER, "metrics", "objections", *PERIOD)
    objections = rows(answer, "objections")
    assert sum(r["objections"] for r in objections) >= sum(r["objecting_answers"] for r in objections) * 0.5 > 0
    assert sum(r["resolved_at"] for r in rows(answer, "levels")) > 0
    assert any("excellent coordination" in note for note in answer["card"]["notes"])
    answer = year.table(RESEARCHER, "metrics", "righttime", *PERIOD)
    # The plan gives hearings 42 days or more, from which the day or two of receipt are lost, and consultations 21 unless agreed.
    rules = {r["rule"]: r for r in rows(answer, "deadlines") if r["actor"] is None}
    assert rules["consultation_3_weeks"]["compliant_share"] > 0.8 and rules["consultation_3_weeks"]["agreed"] > 0
    assert rules["hearing_3_months"]["compliant_share"] < rules["hearing_6_weeks"]["compliant_share"]
    order = {r["rule"]: r for r in rows(answer, "order")}
    # Some files give a month instead of a day, which can turn two stages of one case around.
    assert order["consultation_before_hearing"]["cases"] > 20
    assert order["consultation_before_hearing"]["in_order_share"] > 0.9


def test_the_broker_is_found(year, sample):
    broker = sample.truth["planted"]["broker"]
    central = rows(year.table(RESEARCHER, "metrics", "centrality", *PERIOD, *MEETINGS), "centrality")
    top = sorted(central, key=lambda r: -r["betweenness"])
    assert top[0]["actor"] == broker["actor"]
    assert top[0]["betweenness"] > 3 * top[1]["betweenness"]
    stuck = rows(year.table(RESEARCHER, "metrics", "bottlenecks", *PERIOD, *MEETINGS), "bottlenecks")
    assert [r["actor"] for r in stuck if r["articulation"]] == [broker["actor"]], "its agencies reach others only through it"


def test_the_gap_is_found(year, sample):
    sectors = set(sample.truth["planted"]["gap"]["sectors"])
    gaps = rows(year.table(RESEARCHER, "metrics", "gaps", *PERIOD, *MEETINGS), "gaps")
    across = [r for r in gaps if not r["within"]]
    widest = min(across, key=lambda r: r["ratio_configuration"])
    assert {widest["sector_a"], widest["sector_b"]} == sectors
    assert widest["ratio_configuration"] < 0.6 and widest["p_configuration"] < 0.05


def test_results_are_reused_until_something_changes(year, sample):
    first = year.table(RESEARCHER, "metrics", "graph", *PERIOD, "--layer", "letter")
    again = year.table(RESEARCHER, "metrics", "graph", *PERIOD, "--layer", "letter")
    assert again["card"]["computed_at"] == first["card"]["computed_at"]
    assert again["card"]["watermark"] == first["card"]["watermark"]
    recomputed = year.table(RESEARCHER, "metrics", "graph", *PERIOD, "--layer", "letter", "--recompute")
    assert rows(recomputed, "graph") == rows(first, "graph")
    assert recomputed["card"]["input_hash"] == first["card"]["input_hash"]

    reporter = sample.files[0][0]
    line = "interaction,type,time,actor,role\nny-1,letter,%d-03-03T10:00,FIN,sender\nny-1,letter,%d-03-03T10:00,KD,addressee\n"
    year.client(reporter, "submit", "-", stdin=(line % (YEAR, YEAR)).encode(), check=True)
    changed = year.table(RESEARCHER, "metrics", "graph", *PERIOD, "--layer", "letter")
    assert changed["card"]["watermark"] != first["card"]["watermark"]
    assert rows(changed, "graph")[0]["interactions"] == rows(first, "graph")[0]["interactions"] + 1


def test_one_specification_has_one_answer(year):
    one = year.table(RESEARCHER, "metrics", "graph", "--year", YEAR)
    same = year.table(RESEARCHER, "metrics", "graph", "--from", f"{YEAR}-01-01", "--to", f"{YEAR + 1}-01-01")
    assert one["card"]["spec_hash"] == same["card"]["spec_hash"] and one["id"] == same["id"]


def test_the_network_in_every_format(year):
    answer = year.table(RESEARCHER, "network", *PERIOD, "--level", "ministry")
    graphml = year.client(RESEARCHER, "network", *PERIOD, "--level", "ministry", "--format", "graphml", check=True).stdout
    graph = networkx.parse_graphml(graphml)
    assert 15 <= graph.number_of_nodes() <= 17
    tables = {name: table["rows"] for name, table in answer["tables"].items()}
    assert any(len(table) == graph.number_of_edges() for table in tables.values())
    assert "Utenriksdepartementet" in graphml
    text = year.client(RESEARCHER, "network", *PERIOD, "--level", "ministry", "--format", "csv", check=True).stdout
    parsed = list(csv.reader(io.StringIO(text)))
    assert len({len(row) for row in parsed}) == 1 and len(parsed) > 100


def test_formats_agree(year):
    answer = rows(year.table(RESEARCHER, "metrics", "centrality", *PERIOD), "centrality")
    text = year.client(RESEARCHER, "metrics", "centrality", *PERIOD, "--format", "csv", check=True).stdout
    table = list(csv.DictReader(io.StringIO(text)))
    assert [r["actor"] for r in table] == [r["actor"] for r in answer] == sorted(r["actor"] for r in answer)
    for a, b in zip(answer, table):
        assert float(b["betweenness"]) == pytest.approx(a["betweenness"], rel=1e-9)
    shown = year.client(RESEARCHER, "metrics", "centrality", *PERIOD, check=True).stdout
    assert all(r["name"][:12] in shown for r in answer)


# --------------------------------------------------------------------------------------------------- the report

class Wellformed(html.parser.HTMLParser):
    """Balanced tags, one lang attribute, tables with headers, nothing fetched from elsewhere."""
    VOID = {"meta", "link", "br", "hr", "img", "input", "col", "base", "area", "wbr", "source"}

    def __init__(self):
        super().__init__()
        self.open, self.language, self.tags, self.text, self.outside = [], None, {}, [], []

    def handle_starttag(self, tag, attributes):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        attributes = dict(attributes)
        if tag == "html":
            self.language = attributes.get("lang")
        if tag in ("script", "img", "link", "iframe") and re.match(r"(https?:)?//",
                                                                   attributes.get("src") or attributes.get("href") or ""):
            self.outside.append(attributes)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags[tag] = self.tags.get(tag, 0) + 1

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]} at {self.getpos()}"
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def told(year, sample):
    """The same year when cases and needs are known too; in the order of this file, nothing above has them."""
    for what in ("cases", "need"):
        year.client(OPERATOR, what, "import", sample.directory / f"{what}.csv", check=True)
    return year


@pytest.mark.parametrize("language, late, needed", [
    ("nb", "av svarene en kunne vente", "De som trenger hverandre i"),
    ("nn", "av svara ein kunne vente", "Dei som treng kvarandre i"),
    ("en", "of the answers to be expected", "Those who need each other in")])
def test_the_report_answers_with_what_was_planted(told, sample, language, late, needed):
    """Whoever is slow, from the requests; whoever needs each other and does not meet, from the meetings."""
    texts = {}
    for what, layers in (("slow", ("--layer", "consultation")), ("need", MEETINGS)):
        path = told.root / f"answers-{what}-{language}.html"
        told.client(RESEARCHER, "report", *PERIOD, *layers, "--language", language, "--output", path, check=True)
        page = Wellformed()
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
        assert page.open == [] and page.outside == []
        texts[what] = "".join(page.text).split("\n")
    name = sample.register()[sample.truth["planted"]["slow"]["actor"]][f"name_{language}"]
    assert [line for line in texts["slow"] if late in line and name in line], name
    sectors = sample.truth["planted"]["gap"]["sectors"]
    assert [line for line in texts["need"] if needed in line and all(sector in line for sector in sectors)], sectors


@pytest.mark.parametrize("language, word", [("nb", "Samferdselsdepartementet"), ("nn", "Utanriksdepartementet"),
                                            ("en", "Ministry of Transport")])
def test_the_report_is_well_formed_and_names_the_findings(year, sample, language, word):
    path = year.root / f"report-{language}.html"
    year.client(RESEARCHER, "report", *PERIOD, "--language", language, "--output", path, check=True)
    if language == "en":    # its families were kept from the one before: computed afresh it must be the same bytes, or the daemon says it is not
        year.client(RESEARCHER, "report", *PERIOD, "--language", language, "--recompute", "--output", path, check=True)
    document = path.read_text(encoding="utf-8")
    page = Wellformed()
    page.feed(document)
    page.close()
    assert page.open == [] and page.outside == []
    assert page.language and page.language.startswith(language)
    for tag, least in (("svg", 1), ("table", 3), ("th", 6)):
        assert page.tags.get(tag, 0) >= least, f"{page.tags.get(tag, 0)} <{tag}>"
    assert page.tags.get("h1") == 1
    text = " ".join(page.text)
    name = {"nb": "name_nb", "nn": "name_nn", "en": "name_en"}[language]
    register = sample.register()
    for planted in ("slow", "broker"):
        assert register[sample.truth["planted"][planted]["actor"]][name] in text, f"the {planted} ministry is not named"
    for sector in sample.truth["planted"]["gap"]["sectors"]:
        assert sector in text
    assert word in document
    assert "Digitaliseringsdirektoratet" in text, "who answers for the installation is not stated"
    assert not re.search(r"\b(nan|NaN)\b|\(null\)", text)


# ----------------------------------------------------------------------------------------- who may do what

def test_roles_are_kept_apart(year, sample):
    submitter = sample.files[0][0]
    denied = year.client(submitter, "metrics", "graph", *PERIOD)
    assert denied.returncode == 6 and "role" in denied.stderr.lower()
    denied = year.client(RESEARCHER, "submit", sample.files[0][1])
    assert denied.returncode == 6
    denied = year.client(submitter, "actors", "import", sample.actors)
    assert denied.returncode == 6


def test_what_waits_is_sent_under_its_own_certificate(year, sample):
    """A researcher's refused file must not go out with the next ministry that submits from the same account."""
    path = year.root / "forsker.csv"
    path.write_text("interaction,type,time,actor,role\nf-1,letter,2025-03-03T10:00,FIN,sender\n"
                    "f-1,letter,2025-03-03T10:00,KD,addressee\n")
    assert year.client(RESEARCHER, "submit", path).returncode == 6
    assert year.client(sample.files[1][0], "submit", sample.files[1][1], check=True)
    assert year.value("SELECT count(*) FROM report.interaction WHERE source_id = 'f-1'") == 0


def test_status_counts_what_is_there(year, sample):
    status = json.loads(year.client(OPERATOR, "status", "--format", "json", check=True).stdout)
    text = json.dumps(status)
    assert str(year.stored()) in text
    assert wait_until(lambda: year.value("SELECT count(*) FROM report.touched") == 0, 30, "every day is condensed")


# ------------------------------------------------------------------------------------------------ strengths

@pytest.fixture(scope="module")
def strengths(year, simulate):
    """Several years in one daemon, each with its own plan."""
    plans = {
        2016: "none",
        2017: "none",
        2018: "slow=SD:0.5,broker=KDD:0.5,gap=velferd-kunnskap:0.5",
        2019: "slow=HOD:0.75,broker=NFD:0.75,gap=miljø-sikkerhet:0.75",
        2020: "slow=UD:1,broker=JD:1,gap=velferd-kunnskap:1",
    }
    samples = {}
    reporter = "972417807"
    for which, plan in plans.items():
        samples[which] = simulate(year=which, interactions=4000, seed=which, plant=plan, single_file=True)
        year.client(reporter, "submit", samples[which].files[0][1], check=True)
    return samples


@pytest.mark.parametrize("which", [2018, 2019, 2020])
def test_planted_truths_are_found_at_each_strength(year, strengths, which):
    planted = strengths[which].truth["planted"]
    slow = [r for r in rows(year.table(RESEARCHER, "metrics", "bottlenecks", "--year", which, "--layer", "consultation"),
                            "bottlenecks")
            if r["median_days"] is not None and r["requests"] >= 25]
    assert max(slow, key=lambda r: r["median_days"])["actor"] == planted["slow"]["actor"]
    central = rows(year.table(RESEARCHER, "metrics", "centrality", "--year", which, *MEETINGS), "centrality")
    assert max(central, key=lambda r: r["betweenness"])["actor"] == planted["broker"]["actor"]
    gaps = [r for r in rows(year.table(RESEARCHER, "metrics", "gaps", "--year", which, *MEETINGS), "gaps") if not r["within"]]
    widest = min(gaps, key=lambda r: r["ratio_configuration"])
    assert {widest["sector_a"], widest["sector_b"]} == set(planted["gap"]["sectors"])


@pytest.mark.parametrize("which", [2016, 2017])
def test_nothing_is_found_where_nothing_was_planted(year, strengths, which):
    assert strengths[which].truth["planted"] == {}
    slow = [r for r in rows(year.table(RESEARCHER, "metrics", "bottlenecks", "--year", which, "--layer", "consultation"),
                            "bottlenecks")
            if r["median_days"] is not None and r["requests"] >= 25]
    answer = year.table(RESEARCHER, "metrics", "time", "--year", which, "--layer", "consultation", "--spec", "strata=request")
    assert slower_than_the_others(answer) == []
    tested = [r["p"] for r in rows(answer, "time") if r["p"] is not None]
    assert sum(p < 0.05 for p in tested) <= 4, "of some twenty actors one is called by chance"
    middle = sorted(r["median_days"] for r in slow)[len(slow) // 2]
    assert all(r["median_days_low"] <= middle * 1.25 for r in slow), "nobody stands out as slow"
    central = sorted((r["betweenness"] for r in rows(year.table(RESEARCHER, "metrics", "centrality", "--year", which,
                                                                *MEETINGS),
                                                     "centrality")), reverse=True)
    assert central[0] < 0.5 * sum(central), "nobody has most of the betweenness"
    gaps = [r for r in rows(year.table(RESEARCHER, "metrics", "gaps", "--year", which, *MEETINGS), "gaps") if not r["within"]]
    assert min(r["ratio_configuration"] for r in gaps) > 0.7
    assert min(r["q_configuration"] for r in gaps) > 0.01
    assert not [r for r in rows(year.table(RESEARCHER, "metrics", "bottlenecks", "--year", which, *MEETINGS), "bottlenecks")
                if r["articulation"]]
