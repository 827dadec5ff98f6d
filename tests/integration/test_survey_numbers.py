# SPDX-License-Identifier: GPL-3.0-or-later
"""A wave's answers as numbers: the three states of a tie in every export, families against an account of their own, what is hidden,
refreshing after a withdrawal, and what researchers may read."""
import collections
import csv
import json
import statistics
import uuid
from xml.etree import ElementTree

import psycopg2
import pytest

from harness.daemon import OPERATOR, RESEARCHER

DAEMON_SETTINGS = {"condense_quiet_ms": 100}
YEAR = 2025
FIN = "972417807"
ACTUAL, NEEDED, TRUST = "contact_actual", "contact_needed", ("trust_a", "trust_b")


def label(text):
    return {"nb": text, "nn": text, "en": text}


def scale(low, high):
    return [{**({"value": v} if v else {}), "label": label(str(v))} for v in range(low, high + 1)]


PARTS = [{"id": NEEDED, "relation": NEEDED, "kind": "likert", "choices": scale(0, 4)},
         {"id": ACTUAL, "relation": ACTUAL, "kind": "likert", "choices": scale(0, 4)},
         {"id": "trust_a", "relation": "trust_reliability", "scale": "trust", "kind": "likert", "choices": scale(1, 5)},
         {"id": "trust_b", "relation": "trust_candour", "scale": "trust", "reversed": True, "kind": "likert", "choices": scale(1, 5)}]
HINDERS = {"id": "hinders", "kind": "multiple", "choices": [
    {"value": 1, "label": label("Sektorkultur"), "code": "sector_culture"},
    {"value": 2, "label": label("Korte frister"), "code": "short_deadlines"},
    {"value": 3, "label": label("Ingen"), "code": "none"}]}
INSTRUMENT = {"key": "difi", "version": 1, "sections": [{"id": "one", "items": [
    {"id": "roster", "kind": "roster", "actors": {"kinds": ["ministry"]}, "parts": PARTS}, HINDERS]}]}
# The second version calls the item of contact something else, on the same scale turned round.
RENAMED = json.loads(json.dumps(INSTRUMENT).replace('"id": "contact_actual"', '"id": "contact_now"').replace('"version": 1', '"version": 2'))
RENAMED["mappings"] = [{"version": 1, "from": ACTUAL, "to": "contact_now", "from_values": [1, 2], "to_values": [2, 1]}]


def store_instrument(daemon, instrument):
    daemon.query("INSERT INTO survey.instrument (key, version, definition, message, digest) VALUES (%s, %s, %s, '', 'x')",
                 (instrument["key"], instrument["version"], json.dumps(instrument)))
    items = [("roster", None, "roster", {})] + [(p["id"], "roster", p["kind"], p) for p in instrument["sections"][0]["items"][0]["parts"]]
    for place, (item, whole, kind, part) in enumerate(items + [("hinders", None, "multiple", HINDERS)]):
        values = [c.get("value", 0) for c in part.get("choices", [])]
        daemon.query("INSERT INTO survey.item VALUES (%s,%s,%s,%s,'one',%s,%s,%s,false,%s,%s,NULL,%s,%s,%s,%s,%s)",
                     (instrument["key"], instrument["version"], item, place, whole, kind, part.get("relation"), part.get("scale"),
                      part.get("reversed", False), item, item, item, min(values, default=None), max(values, default=None)))


def store_wave(daemon, key, version, answers, invited, minimum=1):
    """answers: one {(item, target): (state, [values])} a respondent, with its actor."""
    wave = daemon.value("INSERT INTO survey.wave (key, title, instrument, version, state, opens_at, closes_at, on_day, minimum_cell) VALUES "
                        "(%s, %s, 'difi', %s, 3, '2025-06-01', '2025-07-01', '2025-06-01', %s) RETURNING id",
                        (key, json.dumps(label(key)), version, minimum))
    people = [(str(uuid.uuid4()), actor, given) for actor, given in answers]
    daemon.query("INSERT INTO survey.respondent (id, wave, actor, state, revision) SELECT (p ->> 0)::uuid, %s, a.id, 3, 1 "
                 "FROM jsonb_array_elements(%s) p JOIN register.actor a ON a.key = p ->> 1",
                 (wave, json.dumps([(person, actor) for person, actor, _ in people])))
    daemon.query("INSERT INTO survey.answer (respondent, item, target, state, \"values\") SELECT (p ->> 0)::uuid, p ->> 1, p ->> 2, "
                 "(p ->> 3)::int2, ARRAY(SELECT v::float8 FROM jsonb_array_elements_text(p -> 4) v) FROM jsonb_array_elements(%s) p",
                 (json.dumps([(person, item, target, how, values) for person, _, given in people
                              for (item, target), (how, values) in given.items()]),))
    seats = [(person, actor, f"p{number}") for number, (person, actor, _) in enumerate(people)]
    seats += [(None, actor, f"s{number}") for number, actor in enumerate(invited)]
    daemon.query("INSERT INTO survey.seat (wave, actor, ref, address, respondent, submitted) SELECT %s, a.id, p ->> 2, "
                 "'hemmelig@example.org', (p ->> 0)::uuid, p ->> 0 IS NOT NULL FROM jsonb_array_elements(%s) p "
                 "JOIN register.actor a ON a.key = p ->> 1", (wave, json.dumps(seats)))
    return wave


@pytest.fixture(scope="module")
def year(module_daemon, simulate):
    sample = simulate(year=YEAR, interactions=400, seed=21, single_file=True)
    module_daemon.client(OPERATOR, "actors", "import", sample.actors, check=True)
    module_daemon.enrol(FIN, "Finansdepartementet")
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    module_daemon.client(FIN, "submit", sample.files[0][1], "--delivery", f"{YEAR}-01-01..{YEAR + 1}-01-01", "--all-actors", check=True)
    module_daemon.ministries = [row[0] for row in module_daemon.query(
        "SELECT a.key FROM register.actor a JOIN register.actor_name n ON n.actor = a.id AND n.valid @> date '2025-06-01' "
        "WHERE a.kind = 'ministry' ORDER BY 1")]
    return module_daemon


def made_up(ministries):
    """Answers that follow from a rule, so that an account of their own is easy: 12 ministries, 3 respondents each."""
    people = []
    for a, actor in enumerate(ministries[:12]):
        for r in range(3):
            given = {}
            for t, target in enumerate(ministries):
                kind = (a * 5 + t * 3 + r) % 7
                if target == actor or kind == 6:                # not answered
                    continue
                if kind == 5:
                    given["roster", target] = (3, [])
                    continue
                given[ACTUAL, target] = (2, []) if kind == 4 else (0, [kind])
                given[NEEDED, target] = (0, [(kind + a + t) % 5])
                given["trust_a", target] = (0, [1 + (a + t) % 5])
                if r != 1:
                    given["trust_b", target] = (0, [1 + (2 * a + t + r) % 5])
            given["hinders", ""] = (0, [1, 2] if a < 2 else [2])
            people.append((actor, given))
    return people


@pytest.fixture(scope="module")
def wave(year):
    store_instrument(year, INSTRUMENT)
    store_instrument(year, RENAMED)
    people = made_up(year.ministries)
    store_wave(year, "w1", 1, people, year.ministries[12:14])
    store_wave(year, "w5", 1, people, (), minimum=5)
    return people


def told(people, item, ministries, contact):
    """(from, to) -> mean, or 0, or absent = unknown: straight from the answers."""
    values, people_who = collections.defaultdict(list), collections.defaultdict(set)
    for number, (actor, given) in enumerate(people):
        for (which, target), (state, numbers) in given.items():
            if which == "roster" and state == 3:
                people_who[actor, target].add(number)
                if contact:
                    values[actor, target].append(0)
            elif which == item and state == 0:
                people_who[actor, target].add(number)
                values[actor, target].append(numbers[0])
    return {pair: statistics.fmean(values[pair]) if values[pair] else 0 for pair in people_who}


def table(daemon, *arguments):
    done = daemon.client(RESEARCHER, *arguments, "--format", "json", check=True)
    return json.loads(done.stdout)


def rows(answer, name):
    return answer["tables"][name]["rows"]


# --------------------------------------------------------------------------------------------------- a wave is a layer

@pytest.mark.parametrize("item, contact", [(ACTUAL, True), ("trust_a", False)])
def test_a_layer_has_the_three_states(year, wave, item, contact):
    expected = told(wave, item, year.ministries, contact)
    answer = table(year, "network", "--wave", "w1", "--layer", f"survey:{item}")
    edges = {(row["from"], row["to"]): row["weight"] for row in rows(answer, "edges")}
    assert edges == pytest.approx({pair: value for pair, value in expected.items() if value > 0})
    nodes = {row["actor"]: row["reported"] for row in rows(answer, "nodes")}
    assert set(nodes) == set(year.ministries)
    assert {key for key, reported in nodes.items() if reported} == set(year.ministries[:12])
    unknown = {(row["from"], row["to"]) for row in rows(answer, "unknown")}
    pairs = {(a, b) for a in nodes for b in nodes if a != b}
    assert unknown == pairs - set(expected) and unknown
    if contact:
        assert len(pairs) > len(edges) + len(unknown)    # some are no
    entries = {entry["key"]: entry["value"] for entry in answer["card"]["entries"]}
    assert int(entries["unknown pairs"]) == len(unknown)
    graph = rows(table(year, "metrics", "graph", "--wave", "w1", "--layer", f"survey:{item}"), "graph")[0]
    assert graph["dyads_unknown"] == len(unknown)


def test_exports_keep_the_unknown_apart(year, wave):
    expected = told(wave, ACTUAL, year.ministries, True)
    pairs = {(a, b) for a in year.ministries for b in year.ministries if a != b}
    base = year.root / "layer.csv"
    year.client(RESEARCHER, "network", "--wave", "w1", "--layer", f"survey:{ACTUAL}", "--format", "csv", "--output", base, check=True)
    with open(year.root / "layer.unknown.csv", encoding="utf-8", newline="") as file:
        listed = {(row["from"], row["to"]) for row in csv.DictReader(file)}
    assert listed == pairs - set(expected)
    graphml = year.root / "layer.graphml"
    year.client(RESEARCHER, "network", "--wave", "w1", "--layer", f"survey:{ACTUAL}", "--format", "graphml", "--output", graphml,
                check=True)
    told_there = {data.get("key"): data.text for data in ElementTree.parse(graphml).iter("{http://graphml.graphdrawing.org/xmlns}data")}
    assert {tuple(pair) for pair in json.loads(told_there["unknown_dyads"])} == pairs - set(expected)
    assert float(told_there["unknown_count"]) == len(pairs - set(expected))


def test_undirected_share_and_coarser_levels(year, wave):
    expected = told(wave, ACTUAL, year.ministries, True)
    answer = table(year, "network", "--wave", "w1", "--layer", f"survey:{ACTUAL}", "--direction", "undirected")
    for row in rows(answer, "edges"):
        known = [expected[p] for p in ((row["from"], row["to"]), (row["to"], row["from"])) if p in expected]
        assert row["weight"] == pytest.approx(statistics.fmean(known))
    answer = table(year, "network", "--wave", "w1", "--layer", f"survey:{ACTUAL}", "--weight", "share")
    assert all(0 < row["weight"] <= 1 for row in rows(answer, "edges"))
    for family in ("centrality", "communities", "keyplayers", "uncertainty", "gaps"):
        table(year, "metrics", family, "--wave", "w1", "--layer", f"survey:{ACTUAL}", "--spec", "permutations=19 replicates=20")
    sectors = table(year, "metrics", "graph", "--wave", "w1", "--layer", f"survey:{ACTUAL}", "--level", "sector")
    assert rows(sectors, "graph")


@pytest.mark.parametrize("arguments, words", [
    (("network", "--layer", "survey:contact_actual", "--year", YEAR), "wave: missing"),
    (("network", "--wave", "w1", "--layer", "survey:contact_actual", "--year", YEAR), "a day of its own"),
    (("network", "--wave", "nope", "--layer", "survey:contact_actual"), "no wave"),
    (("network", "--wave", "w1", "--layer", "survey:nope"), "asks no item"),
    (("network", "--wave", "w1", "--layer", "survey:hinders"), "not asked about each actor"),
    (("network", "--wave", "w1", "--layer", "survey:contact_actual,meeting"), "stands alone"),
    (("network", "--wave", "w1", "--layer", "survey:contact_actual", "--weight", "sum"), "grows with how many"),
    (("network", "--year", YEAR, "--weight", "share"), "share is of respondents"),
    (("metrics", "time", "--wave", "w1", "--layer", "survey:contact_actual"), "of interactions"),
    (("metrics", "graph", "--wave", "w1", "--year", YEAR), "does not read a wave"),
    (("metrics", "survey", "--wave", "w1", "--item", "nope"), "asks no item"),
    (("metrics", "change", "--wave", "w1", "--layer", "survey:contact_actual"), "earlier-wave: missing"),
    (("metrics", "centrality", "--wave", "w1", "--layer", "survey:trust_a", "--spec", "profile=public"), "not for everybody"),
])
def test_nonsense_is_refused_with_the_reason(year, wave, arguments, words):
    done = year.client(RESEARCHER, *arguments)
    assert done.returncode != 0 and words in done.stderr, done.stdout + done.stderr


# ------------------------------------------------------------------------------------------------------------ families

def alpha(cases):
    k = len(cases[0])
    whole = statistics.variance([sum(case) for case in cases])
    return k / (k - 1) * (1 - sum(statistics.variance([case[i] for case in cases]) for i in range(k)) / whole)


def test_response_rates_distributions_and_scales(year, wave):
    answer = table(year, "metrics", "survey", "--wave", "w1")
    whole = rows(answer, "wave")[0]
    assert (whole["invited"], whole["submitted"], whole["actors_invited"], whole["actors_answered"]) == (38, 36, 14, 12)
    assert whole["light"] == "green" and whole["response_rate"] == pytest.approx(36 / 38)
    assert whole["pairs_seen"] == pytest.approx(1 - 2 * 1 / (14 * 13))
    lights = {row["actor"]: row["light"] for row in rows(answer, "survey")}
    assert lights[year.ministries[0]] == "green" and lights[year.ministries[13]] == "red" and not lights[year.ministries[14]]
    counts = {(row["item"], row["state"], row["value"]): row["count"] for row in rows(answer, "answers")}
    given = collections.Counter((item, "given", value) for _, one in wave for (item, _), (state, values) in one.items() if state == 0
                                for value in values)
    for key, count in given.items():
        assert counts[key] == count, key
    assert counts[ACTUAL, "dont_know", None] == sum(how == (2, []) for _, one in wave for how in one.values())
    cases = [(one["trust_a", t][1][0], 6 - one["trust_b", t][1][0]) for _, one in wave for (item, t) in one
             if item == "trust_a" and ("trust_b", t) in one]
    trust = rows(answer, "scales")[0]
    assert trust["n"] == len(cases) and trust["alpha"] == pytest.approx(alpha(cases))
    assert trust["mean"] == pytest.approx(statistics.fmean(statistics.fmean(case) for case in cases))
    assert trust["alpha_low"] < trust["alpha"] < trust["alpha_high"]
    factors = rows(answer, "factors")
    assert [(row["code"], row["count"]) for row in factors] == [("short_deadlines", 36), ("sector_culture", 6), ("none", 0)]


def test_small_groups_are_hidden_and_cannot_be_computed(year, wave):
    answer = table(year, "metrics", "survey", "--wave", "w5")
    actors = rows(answer, "scale_actors")
    assert actors and all(row["suppressed"] == 1 and row["mean"] is None for row in actors)          # 3 respondents each
    declared = table(year, "metrics", "declared", "--wave", "w5", "--year", YEAR, "--level", "ministry", "--spec", "permutations=19")
    assert not rows(declared, "declared_pairs")
    assert all(row["pairs"] is None for row in rows(declared, "declared") if row["actor"] in year.ministries[:12])
    assert rows(declared, "declared_network")[0]["pairs"] > 0
    short = table(year, "metrics", "shortfall", "--wave", "w5")
    assert not rows(short, "shortfall_pairs") and rows(short, "shortfall_network")[0]["pairs"] > 0
    assert all(row["suppressed"] == 1 for row in rows(short, "shortfall_sectors"))


def test_declared_against_logged(year, wave):
    logged = {}
    for row in rows(table(year, "network", "--year", YEAR, "--level", "ministry"), "edges"):
        logged[row["from"], row["to"]] = logged[row["to"], row["from"]] = row["weight"]
    expected = told(wave, ACTUAL, year.ministries, True)
    answer = table(year, "metrics", "declared", "--wave", "w1", "--year", YEAR, "--level", "ministry", "--spec", "permutations=99")
    both = sum(value > 0 and logged.get(pair, 0) > 0 for pair, value in expected.items())
    only = sum(value > 0 and not logged.get(pair, 0) > 0 for pair, value in expected.items())
    whole = rows(answer, "declared_network")[0]
    assert (whole["pairs"], whole["pairs_both"], whole["pairs_declared_only"]) == (len(expected), both, only)
    n = len(expected)
    logged_only = sum(not value > 0 and logged.get(pair, 0) > 0 for pair, value in expected.items())
    agree, chance = (both + n - both - only - logged_only) / n, \
        ((both + only) * (both + logged_only) + (n - both - only) * (n - both - logged_only)) / n ** 2
    assert chance < 1 and whole["kappa"] == pytest.approx((agree - chance) / (1 - chance))
    ends = [(value > 0, expected[b, a] > 0) for (a, b), value in expected.items() if a < b and (b, a) in expected]
    assert whole["ends_pairs"] == len(ends) and whole["ends_agreement"] == pytest.approx(sum(a == b for a, b in ends) / len(ends))
    assert -1 <= whole["rank_correlation"] <= 1 and 0 < whole["rank_correlation_p"] <= 1
    for row in rows(answer, "declared_pairs"):
        pair = row["actor_a"], row["actor_b"]
        assert row["declared"] == pytest.approx(expected[pair]) and row["logged"] == pytest.approx(logged.get(pair, 0))


def test_who_is_in_a_wave_alone_is_in_no_other_network(year, wave):
    """A process that goes on from what it has merged adds the actors of a wave, and leaves them out when no wave is asked for."""
    def nodes(seed, *arguments):
        return {row["actor"] for row in rows(table(year, *arguments, "--year", YEAR, "--spec", f"projection=count seed={seed}"), "declared")}

    def plain(seed):
        return {row["actor"] for row in rows(table(year, "network", "--year", YEAR, "--spec", f"projection=count seed={seed}"), "nodes")}
    elsewhere = {row["actor"] for row in rows(table(year, "network", "--year", YEAR), "nodes")}
    year.query("INSERT INTO register.actor (key, kind) VALUES ('far-away', 'agency')")
    store_wave(year, "far", 1, [("far-away", {(ACTUAL, year.ministries[0]): (0, [3])})], ())
    wanted = elsewhere | {"far-away"}
    assert nodes(1, "metrics", "declared", "--wave", "far") == wanted
    assert plain(2) == elsewhere
    assert nodes(3, "metrics", "declared", "--wave", "far") == wanted
    assert plain(4) == elsewhere


def test_how_many_answered_stands_beside_every_number(year, wave):
    """In whatever reads a wave, with what it means where they are few."""
    store_wave(year, "few", 1, wave[:9], year.ministries)
    few, whole = f"9 of {9 + len(year.ministries)} who were asked", "36 of 38 who were asked (95%)"
    for which, asked, is_few in (("few", few, True), ("w1", whole, False)):
        for words in (("centrality", "--layer", f"survey:{ACTUAL}"), ("shortfall",), ("survey",), ("declared", "--year", YEAR, "--level", "ministry"),
                      ("relations", "--year", YEAR, "--level", "ministry", "--item", ACTUAL)):
            card = table(year, "metrics", words[0], "--wave", which, *words[1:], "--spec", "permutations=19")["card"]
            assert {entry["key"]: entry["value"] for entry in card["entries"]}["respondents"].startswith(asked), (which, words)
            assert any(note.startswith(asked) and "Below 80%" in note for note in card["notes"]) == is_few, (which, words)


def test_needed_less_actual(year, wave):
    needed, actual = told(wave, NEEDED, year.ministries, True), told(wave, ACTUAL, year.ministries, True)
    gaps = {pair: needed[pair] - actual[pair] for pair in needed if pair in actual}
    answer = table(year, "metrics", "shortfall", "--wave", "w1")
    listed = {(row["actor_a"], row["actor_b"]): row["shortfall"] for row in rows(answer, "shortfall_pairs")}
    assert listed == pytest.approx({pair: gap for pair, gap in gaps.items() if gap > 1e-12})
    assert list(listed.values()) == sorted(listed.values(), reverse=True)
    whole = rows(answer, "shortfall_network")[0]
    assert whole["pairs"] == len(gaps) and whole["shortfall"] == pytest.approx(statistics.fmean(gaps.values()))


def test_answers_explain_answers_and_ties(year, wave):
    answer = table(year, "metrics", "relations", "--wave", "w1", "--layer", "survey:trust_a", "--item", f"{ACTUAL},trust_b",
                   "--spec", "permutations=99 with=sector")
    terms = {row["term"] for row in rows(answer, "relations")}
    assert {f"survey:{ACTUAL}", "survey:trust_b"} <= terms
    answer = table(year, "metrics", "relations", "--wave", "w1", "--year", YEAR, "--level", "ministry", "--item", ACTUAL,
                   "--spec", "permutations=99 with=sector")
    assert f"survey:{ACTUAL}" in {row["term"] for row in rows(answer, "relations")}
    answer = table(year, "metrics", "relations", "--year", YEAR, "--spec", "permutations=19 with=sector,distance")
    assert {row["term"] for row in rows(answer, "relations")} == {"constant", "sector", "distance"}


def test_two_waves_compare_under_the_mapping(year, wave):
    store_wave(year, "w2", 2, [(actor, {("contact_now" if item == ACTUAL else item, target): (how, [{1: 2, 2: 1}.get(v, v) for v in values]
                                        if item == ACTUAL else values) for (item, target), (how, values) in given.items()})
                               for actor, given in wave], ())
    answer = table(year, "metrics", "change", "--wave", "w2", "--layer", "survey:contact_now",
                   "--spec", "earlier-wave=w1 permutations=19 replicates=19")
    kept = [row["jaccard"] for name in answer["tables"] for row in rows(answer, name) if "jaccard" in row]
    assert 1 in kept and set(kept) <= {1, None}, kept        # the same answers under other names
    scales = rows(table(year, "metrics", "survey", "--wave", "w2", "--spec", "earlier-wave=w1 permutations=99"), "scale_change")
    assert scales[0]["difference"] == pytest.approx(0, abs=1e-12) and scales[0]["p"] == 1


def test_a_report_tells_of_the_wave_it_names(year, wave):
    with_wave, without = year.root / "with.html", year.root / "without.html"
    year.client(RESEARCHER, "report", "--year", YEAR, "--level", "ministry", "--wave", "w1", "--language", "nn", "--output", with_wave, check=True)
    year.client(RESEARCHER, "report", "--year", YEAR, "--level", "ministry", "--language", "nn", "--output", without, check=True)
    text = with_wave.read_text()
    assert 'id="survey"' in text and "har svart (95" in text and "Korte frister" in text
    needed, actual = told(wave, NEEDED, year.ministries, True), told(wave, ACTUAL, year.ministries, True)
    short = sum(needed[pair] > actual[pair] for pair in needed if pair in actual)
    assert 'id="declared"' in text and f"Av {len(actual)} par (kven som seier det, om kven) har" in text
    assert 'id="shortfall"' in text and f"I {short} av {len(needed.keys() & actual.keys())} par (kven som seier det, om kven) trengst" in text
    text = without.read_text()
    assert not any(f'id="{section}"' in text for section in ("survey", "declared", "shortfall"))


def test_a_report_leaves_out_what_the_wave_did_not_ask(year, wave):
    instrument = json.loads(json.dumps(INSTRUMENT).replace('"relation": "contact_needed"', '"relation": "power"'))
    store_instrument(year, {**instrument, "version": 3})
    store_wave(year, "w3", 3, wave, ())
    year.client(RESEARCHER, "report", "--year", YEAR, "--level", "ministry", "--wave", "w3", "--language", "en", "--output",
                year.root / "w3.html", check=True)
    text = (year.root / "w3.html").read_text()
    assert 'id="declared"' in text and 'id="shortfall"' not in text


# ------------------------------------------------------------------------------------------------- fresh, and readable

def test_what_was_read_beside_a_wave_serves_again(year, wave):
    """Two workers may answer, so of three jobs that read the same at least one finds what another one has read."""
    words = "it goes on from the job before"
    period = ("--year", YEAR, "--level", "ministry")
    for arguments, more in ((("declared", "--wave", "w1", *period), ""), (("change", "--wave", "w2", "--layer", "survey:contact_now"), "earlier-wave=w1 replicates=19"),
                            (("change", *period), f"earlier-from={YEAR - 1}-01-01 earlier-to={YEAR}-01-01 replicates=19")):
        before = year.process.text().count(words)
        for permutations in (21, 22, 23):
            answer = table(year, "metrics", *arguments, "--spec", f"{more} permutations={permutations}")
        assert year.process.text().count(words) > before, arguments
        year.client(RESEARCHER, "verify", answer["id"], check=True)


def test_a_result_refreshes_after_a_withdrawal(year, wave):
    first = table(year, "metrics", "survey", "--wave", "w1")
    assert table(year, "metrics", "survey", "--wave", "w1")["id"] == first["id"]
    person = year.value("SELECT r.id FROM survey.respondent r JOIN survey.wave w ON w.id = r.wave WHERE w.key = 'w1' ORDER BY r.id LIMIT 1")
    year.query("UPDATE survey.respondent SET state = 4 WHERE id = %s", (person,))
    year.query("UPDATE survey.seat SET submitted = false, withdrawn = true WHERE respondent = %s", (person,))
    second = table(year, "metrics", "survey", "--wave", "w1")
    assert second["id"] != first["id"] and rows(second, "wave")[0]["submitted"] == 35
    year.query("UPDATE survey.respondent SET state = 3, revision = 2 WHERE id = %s", (person,))
    year.query("UPDATE survey.seat SET submitted = true, withdrawn = false WHERE respondent = %s", (person,))
    assert rows(table(year, "metrics", "survey", "--wave", "w1"), "wave")[0]["submitted"] == 36


def test_researchers_read_answers_and_never_seats(year, wave):
    connection = year.connect()
    try:
        cursor = connection.cursor()
        cursor.execute("SET ROLE samordning_researcher")
        cursor.execute("SELECT count(*), count(DISTINCT respondent) FROM research.survey_answer WHERE wave = 'w1' AND state = 'given'")
        assert cursor.fetchone() == (sum(len(values) for _, one in wave for state, values in one.values() if state == 0), 36)
        cursor.execute("SELECT sum(invited), sum(submitted) FROM research.survey_turnout WHERE wave = 'w1'")
        assert tuple(map(int, cursor.fetchone())) == (38, 36)
        cursor.execute("SELECT count(*) FROM research.survey_choice WHERE item = 'hinders' AND version = 1 AND label_nn <> ''")
        assert cursor.fetchone()[0] == 3
        cursor.execute("SELECT day FROM research.survey_wave WHERE wave = 'w1'")
        assert cursor.fetchone()[0].isoformat() == "2025-06-01"
        for secret in ("seat", "link", "letter", "respondent", "answer", "page"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"SELECT * FROM survey.{secret}")
    finally:
        connection.close()
