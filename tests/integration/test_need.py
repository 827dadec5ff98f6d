# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases and needs from files to numbers: what is imported, what is refused, the planted need that is not met, the duty to consult."""
import collections
import csv
import datetime
import io

import pytest

from harness.daemon import OPERATOR, RESEARCHER

DAEMON_SETTINGS = {"condense_quiet_ms": 100}
YEAR = 2025
FIN, KDD, DFD = "972417807", "972417858", "932384469"
MEETINGS = ("--layer", "meeting,working_group", "--level", "ministry")


@pytest.fixture(scope="module")
def planted(simulate):
    return simulate(year=YEAR, interactions=5000, seed=11, single_file=True, plant="gap=velferd-kunnskap:1")


@pytest.fixture(scope="module")
def unplanted(simulate):
    return simulate(year=YEAR - 1, interactions=5000, seed=12, single_file=True, plant="none")


@pytest.fixture(scope="module")
def year(module_daemon, planted, unplanted):
    """Both years in one daemon, told of by one ministry; the needs and cases of the planted one."""
    module_daemon.client(OPERATOR, "actors", "import", planted.actors, check=True)
    module_daemon.enrol(FIN, "Finansdepartementet")
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    for which, sample in ((YEAR, planted), (YEAR - 1, unplanted)):     # what is not in these files did not happen
        module_daemon.client(FIN, "submit", sample.files[0][1], "--delivery", f"{which}-01-01..{which + 1}-01-01", "--all-actors",
                             check=True)
    for what in ("cases", "need"):
        module_daemon.client(OPERATOR, what, "import", planted.directory / f"{what}.csv", check=True)
    return module_daemon


def rows(answer, table):
    return answer["tables"][table]["rows"]


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------------------------------------- what is imported

def test_importing_again_changes_nothing(year, planted):
    version = "SELECT register.version()"
    before = year.value(version)
    for what in ("cases", "need"):
        path = planted.directory / f"{what}.csv"
        done = year.client(OPERATOR, what, "import", path, check=True)
        assert f"0 stored, {len(read(path))} already there, 0 changed, 0 rejected" in done.stdout
    assert year.value(version) == before


def test_what_is_listed_is_what_was_imported(year, planted):
    listed = year.client(OPERATOR, "cases", "list", "--format", "csv", check=True).stdout
    cases = {row["ref"]: row for row in csv.DictReader(io.StringIO(listed))}
    for row in read(planted.directory / "cases.csv"):
        assert {name: cases[row["ref"]][name] for name in ("owner", "type", "started_on", "decided_on", "title")} == \
            {name: row[name] for name in ("owner", "type", "started_on", "decided_on", "title")}
        assert set(cases[row["ref"]]["effects"].split(";")) == set(row["effects"].split(";"))
    listed = year.client(RESEARCHER, "need", "list", "--format", "csv", check=True).stdout
    again = year.client(OPERATOR, "need", "import", "-", stdin=listed.encode(), check=True)
    assert " 0 stored" in again.stdout and "0 changed, 0 rejected" in again.stdout


def test_bad_records_are_named_and_their_neighbours_kept(year):
    done = year.client(OPERATOR, "cases", "import", "-", stdin=(
        "ref,owner,started_on,decided_on,effects\n"
        "X/1,FIN,2025-01-02,2025-03-04,climate;business\n"
        "X/2,Finnes ikke,,,\n"
        "X/3,,2025-13-01,,\n"
        "X/4,,2025-02-02,2025-02-01,\n"
        "X/5,,,,sunshine\n"
        "X/6,,,,none;climate\n"
        "X/1,FIN,2025-01-03,,\n"
        ",FIN,,,\n"
        "X/7,KD,,,none\n").encode())
    assert done.returncode == 3 and "cases: 2 stored, 0 already there, 0 changed, 7 rejected" in done.stdout, done.stdout
    for line, field, words in ((3, "owner", "Finnes ikke"), (4, "started_on", "2025-13-01"), (5, "decided_on", "before"),
                               (6, "effects", "sunshine"), (7, "effects", "none"), (8, "ref", "record 1"), (9, "ref", "empty")):
        assert any(text.startswith(f"-:{line}: {field}: ") and words in text for text in done.stderr.splitlines()), \
            (line, done.stderr)
    done = year.client(OPERATOR, "need", "import", "-", stdin=(
        "kind,key,name,owner,role,share,valid_from,valid_to,goals\n"
        "instrument,x-1,Et tiltak,KD,,0.5,,,x-goal=2\n"
        "goal,x-goal,Et mål,KD,,,,,\n"
        "goal,x-2,,Finnes ikke,,,,,\n"
        "goal,x-3,,KD,leder,,,,\n"
        "goal,x-4,,KD,,1.5,,,\n"
        "goal,x-5,,KD,,mye,,,\n"
        "goal,x-6,,KD,,,2025-02-01,2025-01-01,\n"
        "wish,x-7,,KD,,,,,\n"
        "instrument,x-8,,KD,,,,,unheard-of\n"
        "instrument,x-1,Et tiltak,KD,,0.4,,,\n"
        "instrument,x-1,Et tiltak,FIN,contributing,0.25,2025-01-01,,\n").encode())
    assert done.returncode == 3 and "2 stored, 0 already there, 1 changed, 8 rejected" in done.stdout, done.stdout + done.stderr
    for line, field, words in ((4, "owner", "Finnes ikke"), (5, "role", "leder"), (6, "share", "1.5"), (7, "share", "number"),
                               (8, "valid_to", "2025-01-01"), (9, "kind", "wish"), (10, "goals", "unheard-of"),
                               (11, "key", "something else")):
        assert any(text.startswith(f"-:{line}: {field}: ") and words in text for text in done.stderr.splitlines()), \
            (line, done.stderr)
    assert year.query("SELECT owner, role, share FROM research.need WHERE key = 'x-1' ORDER BY share") == \
        [(FIN, "contributing", 0.25), ("872417842", "responsible", 0.5)]
    # not part of the tests below
    year.query("DELETE FROM register.need_link USING register.need_item i WHERE i.id = instrument AND i.key LIKE 'x-%'")
    year.query("DELETE FROM register.need_owner USING register.need_item i WHERE i.id = item AND i.key LIKE 'x-%'")
    year.query("DELETE FROM register.need_item WHERE key LIKE 'x-%'")


def test_reorganisations(year, planted):
    """What is recorded is listed in the form it was imported in, changes nothing again, and bad records are named."""
    done = year.client(OPERATOR, "reorganisations", "import", planted.directory / "reorganisations.csv", check=True)
    assert "reorganisations: 2 stored, 0 already there, 0 changed, 0 rejected" in done.stdout
    listed = year.client(RESEARCHER, "reorganisations", "list", "--format", "csv", check=True).stdout
    assert [(row["date"], row["change"], row["before"], row["after"]) for row in csv.DictReader(io.StringIO(listed))] == [
        ("2024-01-01", "separation", KDD, f"{DFD}=0.4;{KDD}=0.6"), ("2024-01-01", "incorporation", "915933149;983544622", "983544622")]
    version = year.value("SELECT register.version()")
    again = year.client(OPERATOR, "reorganisations", "import", "-", stdin=listed.encode(), check=True)
    assert "0 stored, 2 already there, 0 changed" in again.stdout and year.value("SELECT register.version()") == version
    done = year.client(OPERATOR, "reorganisations", "import", "-", stdin=(
        "date,change,before,after\n"
        f"2024-01-01,202,KDD,{KDD}=0.7;DFD=0.3\n"       # a code of the same term, and other shares
        "2025-07-01,104,FHI,Hdir;Mattilsynet\n"
        "2025-07-01,101,FHI,Hdir\n"
        "2025-07-01,merger,,Hdir\n"
        "2025-07-01,merger,FHI,\n"
        "2025-07-01,merger,FHI,FHI\n"
        "2025-07-01,merger,FHI,Finnes ikke\n"
        "2025-07-01,separation,FHI,FHI;Hdir\n"
        "2025-07-01,split,FHI,FHI=0.7;Hdir=0.7\n"
        "2025-07-01,split,FHI,FHI=0.7;Hdir\n"
        "2025-07-01,split,FHI,Mattilsynet;Hdir=x\n"
        ",merger,FHI,Hdir\n"
        "2025-13-01,merger,FHI,Hdir\n"
        "2025-07-01,merger,FHI,Mattilsynet;Hdir\n").encode())
    assert done.returncode == 3 and "1 stored, 0 already there, 1 changed, 12 rejected" in done.stdout, done.stdout + done.stderr
    for line, field, words in ((4, "change", "101"), (5, "before", "founding"), (6, "after", "end without"), (7, "after", "same"),
                               (8, "after", "Finnes ikke"), (9, "after", "share"), (10, "after", "1.4"), (11, "after", "none"), (12, "after", "Hdir=x"),
                               (13, "date", "empty"), (14, "date", "2025-13-01"), (15, "date", "something else")):
        assert any(text.startswith(f"-:{line}: {field}: ") and words in text for text in done.stderr.splitlines()), (line, done.stderr)
    assert year.query("SELECT change, before, after, share FROM research.reorganisation WHERE date = '2025-07-01' ORDER BY after") == \
        [("split", "983744516", "983544622", 0.5), ("split", "983744516", "985399077", 0.5)]
    assert set(year.query(f"SELECT after, share FROM research.reorganisation WHERE before = '{KDD}'")) == {(KDD, 0.7), (DFD, 0.3)}
    # not part of the tests below
    year.query("DELETE FROM register.actor_event_relation r USING register.actor_event e WHERE e.id = r.event AND e.occurred_on > '2025-01-01'")
    year.query("DELETE FROM register.actor_event WHERE occurred_on > '2025-01-01'")


def test_actors_that_have_ended_are_listed_when_asked_for(year):
    keys = lambda ended, on: {row[0] for row in year.query(f"SELECT key FROM register.list_actors('{on}', '', 1000, '', {ended})")}
    assert "915933149" not in keys("false", "2025-01-01") and "915933149" in keys("false", "2023-12-31")
    assert keys("true", "2025-01-01") - keys("false", "2025-01-01") == {"915933149"}
    assert DFD not in keys("true", "2023-12-31"), "it has not begun"


def test_only_an_operator_imports(year, planted):
    for orgnr in (FIN, RESEARCHER):
        for what in ("cases", "need", "reorganisations"):
            assert year.client(orgnr, what, "import", planted.directory / f"{what}.csv").returncode == 6


# ------------------------------------------------------------------------------------------------------------ need

def gap_of(year, which):
    answer = year.table(RESEARCHER, "metrics", "need", "--year", which, *MEETINGS)
    sectors = rows(answer, "sectors")
    return answer, next(r for r in sectors if {r["sector_a"], r["sector_b"]} == {"velferd", "kunnskap"}), sectors


def test_the_planted_need_that_is_not_met_is_found(year):
    answer, gap, sectors = gap_of(year, YEAR)
    assert sectors[0] is gap, "no other pair of sectors is further from its need"
    assert gap["contact"] < 0.5 and gap["p_low"] < 0.05
    needed = [r for r in rows(answer, "need") if {r["sector_a"], r["sector_b"]} == {"velferd", "kunnskap"}]
    assert all("Felles mål" in r["goals"] and r["requirement"] > 0 for r in needed)
    assert {r["list"] for r in needed} == {"needed_missing"} and gap["congruence"] == 0


def test_it_is_not_found_where_nothing_was_planted(year):
    _, gap, _ = gap_of(year, YEAR - 1)
    assert gap["contact"] > 0.75 and gap["p_low"] > 0.05


def test_the_lists_add_up_and_the_threshold_matters(year):
    answer = year.table(RESEARCHER, "metrics", "need", "--year", YEAR, *MEETINGS, "--spec", "enough=0.5")
    count = rows(answer, "congruence")[0]
    lists = collections.Counter(r["list"] for r in rows(answer, "need"))
    assert sum(lists.values()) == count["pairs"] == count["owners"] * (count["owners"] - 1) / 2
    assert lists["needed_missing"] == count["needed_missing"] > 0
    missing = [r for r in rows(answer, "need") if r["list"] == "needed_missing"]
    assert [r["rank"] for r in missing] == list(range(1, len(missing) + 1))
    assert [r["requirement"] for r in missing] == sorted((r["requirement"] for r in missing), reverse=True)
    pairs = {frozenset((r["sector_a"], r["sector_b"])) for r in missing}
    assert frozenset(("velferd", "kunnskap")) in pairs
    assert "Statsministerens kontor" not in {r["name_a"] for r in rows(answer, "need")}, "it owns nothing"
    assert 0 < count["congruence"] < 1 and 0 < count["weighted"] < 1


def test_a_changed_need_is_a_new_result(year):
    before = year.table(RESEARCHER, "metrics", "need", "--year", YEAR, *MEETINGS)
    year.client(OPERATOR, "need", "import", "-", check=True,
                stdin="kind,key,owner,goals\ninstrument,nytt,UD,mål-velferd-1\n".encode())
    after = year.table(RESEARCHER, "metrics", "need", "--year", YEAR, *MEETINGS)
    assert after["card"]["watermark"] != before["card"]["watermark"]

    def asked(answer):
        return next(r["owned"] for r in rows(answer, "actors") if r["actor"] == "972417920")
    assert asked(after) == asked(before) + 1


# ------------------------------------------------------------------------------------------------------------ duty

REQUESTS = ("early_involvement", "consultation", "hearing", "rnote_round")
STAGES = {"early_involvement": 2, "study": 3, "consultation": 4, "hearing": 5, "renewed_consultation": 4, "rnote": 7,
          "government_conference": 8, "council_of_state": 10}


def day(text):
    return datetime.date.fromisoformat(text[:10] if len(text) > 7 else text + "-01")


def expected_states(sample, effect, addressee):
    """What becomes of one rule of 3-2, straight from the files: state -> number of duties."""
    names = {}
    for orgnr, row in sample.register().items():
        for field in ("orgnr", "abbreviation", "name_nb", "name_nn", "name_en"):
            names[row[field]] = orgnr
    events = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in sample.rows():
        if row["case"]:
            events[row["case"]][row["interaction"]].append(row)
    states = collections.Counter()
    for case in read(sample.directory / "cases.csv"):
        if effect not in case["effects"].split(";") or case["owner"] == addressee:
            continue
        told = sorted(events[case["ref"]].values(), key=lambda e: e[0]["time"] if len(e[0]["time"]) > 7 else e[0]["time"] + "-01")
        stages = [STAGES.get(e[0]["stage"], 0) for e in told]
        decided = case["decided_on"]
        if not decided and not any(s >= 4 for s in stages):
            continue
        whole = case["started_on"] >= f"{YEAR}-01-01"
        state, unstaged, heard = None, False, False
        for event, stage in zip(told, stages):
            if state is None and event[0]["type"] in REQUESTS and (stage >= 4 or stage == 0):
                part = next((r for r in event if names.get(r["actor"]) == addressee and r["role"] == "addressee"), None)
                if part and stage == 0:
                    unstaged = True
                elif part:
                    given = part["received"] or event[0]["time"]
                    days = (day(part["deadline"]) - day(given)).days if part["deadline"] else None
                    if stage >= 5 or heard:
                        state = "late" if whole and not unstaged else "unknown"
                    elif part["deadline_agreed"]:
                        state = "in_time"
                    else:
                        state = "undated" if days is None else "in_time" if days >= 21 else "short"
            heard = heard or stage >= 5
        states[state or ("missing" if whole and not unstaged else "unknown")] += 1
    return states


@pytest.mark.parametrize("rule, effect, addressee", [
    ("3-2 state budget", "state_budget", FIN), ("3-2 municipalities", "municipalities", "972417858"),
    ("3-2 business", "business", "912660680"), ("3-2 climate", "climate", "972417882")])
def test_duties_are_those_of_the_files(year, planted, rule, effect, addressee):
    year.client(OPERATOR, "actors", "list", "--waiting", check=True)
    answer = year.table(RESEARCHER, "metrics", "duty", "--year", YEAR)
    found = next(r for r in rows(answer, "rules") if r["rule"] == rule)
    expected = expected_states(planted, effect, addressee)
    assert sum(expected.values()) > 5
    assert {s: found[s] for s in ("missing", "late", "short", "undated", "in_time", "unknown")} == \
        {s: expected[s] for s in ("missing", "late", "short", "undated", "in_time", "unknown")}


def test_nobody_is_central_by_the_rules_alone(year):
    answer = year.table(RESEARCHER, "metrics", "duty", "--year", YEAR)
    actors = {r["actor"]: r for r in rows(answer, "actors")}
    assert 0.8 < actors[FIN]["strength_ratio_mandatory"] < 1.3, "asked about as often as the rules demand"
    beyond = max(actors.values(), key=lambda r: r["consulted_beyond"])
    assert beyond["actor"] != FIN and beyond["consulted_beyond"] > actors[FIN]["consulted_beyond"]
    total = rows(answer, "summary")[0]
    assert total["due"] == sum(r["due"] for r in rows(answer, "duty")) == sum(r["due"] for r in rows(answer, "rules"))
    assert len(rows(answer, "cases")) == total["due"]


def test_cases_without_effects_are_not_assessed(year):
    answer = year.table(RESEARCHER, "metrics", "duty", "--year", YEAR - 1)
    total = rows(answer, "summary")[0]
    assert total["cases"] > 0 and total["assessable"] + total["effects_unstated"] == total["cases"]


def test_a_changed_rule_is_a_new_result(year):
    before = year.table(RESEARCHER, "metrics", "duty", "--year", YEAR)
    year.query("UPDATE register.consultation_rule SET valid = daterange(lower(valid), '2025-07-01') WHERE name = '3-2 climate'")
    after = year.table(RESEARCHER, "metrics", "duty", "--year", YEAR)

    def due(answer):
        return next(r["due"] for r in rows(answer, "rules") if r["rule"] == "3-2 climate")
    assert after["card"]["watermark"] != before["card"]["watermark"] and due(after) < due(before)
