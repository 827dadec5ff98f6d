# SPDX-License-Identifier: GPL-3.0-or-later
"""The officials of a simulated year answer a wave through the form and through their ministry's certificate, and the families find what was
planted in the year again; in a wave of a year with nothing planted they do not."""
import collections
import csv
import datetime
import email
import email.policy
import json
import re
import shutil
import statistics
import sys
import types

import pytest

from harness.daemon import OPERATOR, RESEARCHER
from harness.document import Reader, blocks
from harness.form import Browser
from harness.waiting import wait_until

DAEMON_SETTINGS = {"web_listen": "127.0.0.1:0", "condense_quiet_ms": 100}
YEAR, SEED, INTERACTIONS, RESPONDENTS = 2025, 3, 1500, 10
PLANTED = {"slow": "SD", "gap": ("velferd", "kunnskap"), "silent": "LMD"}
WAVES = {"planted": "slow=SD:1,gap=velferd-kunnskap:1,silent=LMD:1", "nothing": "none"}


@pytest.fixture(scope="module")
def samples(simulate):
    return {wave: simulate(year=YEAR, seed=SEED, interactions=INTERACTIONS, single_file=True, plant=plant) for wave, plant in WAVES.items()}


@pytest.fixture(scope="module")
def house(module_daemon, samples):
    daemon, sample = module_daemon, samples["planted"]
    daemon.client(OPERATOR, "actors", "import", sample.actors, check=True)
    daemon.ministries = dict(sample.submitters())
    sample.enrol_submitters(daemon)
    daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    daemon.client(next(iter(daemon.ministries)), "submit", sample.files[0][1], "--delivery", f"{YEAR}-01-01..{YEAR + 1}-01-01", "--all-actors",
                  check=True)
    daemon.client(OPERATOR, "survey", "design", "--builtin", check=True)
    seats = daemon.root / "seats.csv"
    seats.write_text("actor,ref\n" + "".join(f"{orgnr},{orgnr}-{n}\n" for orgnr in daemon.ministries for n in range(RESPONDENTS)), encoding="utf-8")
    for wave in WAVES:
        daemon.client(OPERATOR, "survey", "wave", wave, "--instrument", "samordning", "--title", f"nb={wave}", "--title", f"nn={wave}",
                      "--opens", "2020-01-01", "--closes", "2099-12-31", "--on", f"{YEAR}-12-31", check=True)
        daemon.client(OPERATOR, "survey", "invite", wave, seats, "--links", daemon.root / f"{wave}.csv", check=True)
        daemon.client(OPERATOR, "survey", "open", wave, check=True)
    return daemon


def answer(house, wave, form_share):
    """Everybody who answers does: (through the form, through the ministry's system, before, not at all)."""
    port = re.search(r'msg="listening for the web" address=127\.0\.0\.1:(\d+)', house.process.text())[1]
    done = house.client(None, "simulate", "--survey", wave, "--year", YEAR, "--seed", SEED, "--interactions", INTERACTIONS, "--plant", WAVES[wave],
                        "--links", house.root / f"{wave}.csv", "--bundles", house.state / "bundles", "--form-share", form_share,
                        "--web", f"https://127.0.0.1:{port}", check=True)
    told = re.fullmatch(rf"{wave}: (\d+) officials asked, (\d+) answered through the form, (\d+) through their ministry's system, (\d+) had answered "
                        r"before; (\d+) did not answer\n", done.stdout)
    assert told, done.stdout + done.stderr
    asked, *rest = map(int, told.groups())
    assert asked == len(house.ministries) * RESPONDENTS == sum(rest)
    return rest


@pytest.fixture(scope="module")
def waves(house):
    return {"planted": answer(house, "planted", 0.1), "nothing": answer(house, "nothing", 0)}


def stored(house, wave):
    return house.value("SELECT count(*) FROM survey.respondent r JOIN survey.wave w ON w.id = r.wave WHERE w.key = %s AND r.state = 3", (wave,))


def rows(house, *words):
    done = house.client(RESEARCHER, *words, "--format", "json", check=True)
    return {name: table["rows"] for name, table in json.loads(done.stdout)["tables"].items()}


def test_both_ways_lead_to_the_store_and_nobody_answers_twice(house, waves):
    form, system, before, _ = waves["planted"]
    assert form >= 10 and system >= 50 and before == 0
    assert stored(house, "planted") == form + system
    assert waves["nothing"][0] == 0 and stored(house, "nothing") == waves["nothing"][1]
    again = answer(house, "planted", 0.1)
    assert again[0] == 0 and again[2] == form   # by the link the receipt comes, by the certificate the same answers once more
    assert stored(house, "planted") == form + system


def test_a_closed_wave_takes_nothing_and_says_so(house, waves):
    house.client(OPERATOR, "survey", "pause", "planted", check=True)
    with pytest.raises(AssertionError, match="ended with 3"):
        answer(house, "planted", 1)
    state = house.client(OPERATOR, "survey", "status", "planted", "--table", "waves", "--columns", "state", "--format", "csv", check=True)
    assert state.stdout.split() == ["state", "paused"]      # what client/demo/run.sh looks at
    house.client(OPERATOR, "survey", "resume", "planted", check=True)


@pytest.fixture(scope="module")
def found(house, waves):
    """What the families tell of each wave."""
    return {wave: {**rows(house, "metrics", "survey", "--wave", wave),
                   **rows(house, "metrics", "declared", "--wave", wave, "--year", YEAR, "--level", "ministry", "--item", "contact_actual"),
                   **rows(house, "metrics", "shortfall", "--wave", wave, "--item", "contact_needed,contact_actual"),
                   "late": rows(house, "network", "--wave", wave, "--layer", "survey:timeliness", "--direction", "directed")} for wave in WAVES}


def key_of(samples, short):
    return next(orgnr for orgnr, row in samples["planted"].register().items() if row["abbreviation"] == short)


def test_the_silent_ministry_is_the_one_that_seldom_answers(house, samples, found):
    for wave, is_planted in (("planted", True), ("nothing", False)):
        rates = {row["actor"]: row["response_rate"] for row in found[wave]["survey"] if row["invited"]}
        assert len(rates) == len(house.ministries)
        silent = rates.pop(key_of(samples, PLANTED["silent"]))
        assert (silent <= 0.4 and silent < min(rates.values())) == is_planted, (wave, silent, rates)


def mean_about(found, wave, about):
    """What others say of an actor, and of everybody else: means over the pairs. They say when it involves them, so ties go from it."""
    said = {True: [], False: []}
    for tie in found[wave]["late"]["edges"]:
        said[tie["from"] == about].append(tie["weight"])
    return statistics.fmean(said[True]), statistics.fmean(said[False])


def test_others_find_the_slow_ministry_late(samples, found):
    slow = key_of(samples, PLANTED["slow"])
    for wave, is_planted in (("planted", True), ("nothing", False)):
        about, others = mean_about(found, wave, slow)       # 1 too early, 2 at the right time, 3 too late
        assert (about - others > 0.35) == is_planted, (wave, about, others)


def test_the_sectors_that_lack_contact_come_first(found):
    lack = {wave: {frozenset((row["sector_a"], row["sector_b"])): row["shortfall"] for row in found[wave]["shortfall_sectors"] if not row["suppressed"]}
            for wave in WAVES}
    gap = frozenset(PLANTED["gap"])
    assert lack["planted"].pop(gap) > 1.5 and max(lack["planted"].values()) < 0.3
    assert max(lack["nothing"].values()) < 0.3 and gap in lack["nothing"]


def test_statements_follow_the_log_of_their_own_year(samples, found):
    """The log is that of the planted year; the officials of the other wave tell of a year without the gap."""
    network = {wave: found[wave]["declared_network"][0] for wave in WAVES}
    assert network["planted"]["rank_correlation"] > 0.7 > network["nothing"]["rank_correlation"] + 0.05
    assert network["planted"]["rank_correlation_p"] < 0.01
    sector = {orgnr: row["sector"] for orgnr, row in samples["planted"].register().items()}

    def across(wave):
        return statistics.fmean(row["difference"] for row in found[wave]["declared_pairs"]
                                if {sector[row["actor_a"]], sector[row["actor_b"]]} == set(PLANTED["gap"]))
    assert across("nothing") - across("planted") > 0.2


# ------------------------------------------------------------------------------------------------ what docs/survey.md says

FIRST_DAY = datetime.date(2027, 3, 1)      # of the waves in the document
FIN, KUD = "972417807", "972417866"


def as_of_now(text):
    """The document's commands with its waves open since yesterday, and the sample's year for the year before them."""
    since = datetime.date.today() - datetime.timedelta(days=1) - FIRST_DAY

    def moved(found):
        return (datetime.date.fromisoformat(found[0]) + since).isoformat()
    return re.sub(rf"{FIRST_DAY.year}-\d\d-\d\d", moved, text).replace(f"--year {FIRST_DAY.year - 1}", f"--year {YEAR}")


def answer_by_letter(house, port, count):
    """Everybody who got a letter opens its link, answers something, and hands it in."""
    folder = house.state / "mail"
    letters = wait_until(lambda: len(found := list(folder.glob("*.eml"))) == count and found, 30, f"{count} letters")
    for letter in letters:
        words = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default).get_content()
        browser = Browser(types.SimpleNamespace(daemon=house, port=port), re.search(r"https://[^/]*(/s/\S+)", words)[1])
        page = browser.get("/w/samordning-2027/contact")
        assert browser.post("/w/samordning-2027/contact", {"v.contact_actual.972417904": "4", "v.contact_needed.972417904": "3"}, page=page).status == 303
        assert browser.post("/w/samordning-2027/-/submit", {}, page=browser.get("/w/samordning-2027/-/review")).status == 303
        assert "/-/reopen" in browser.get("/w/samordning-2027").text, "there is a receipt"


def test_the_document_can_be_followed(house):
    port = int(re.search(r'msg="listening for the web" address=127\.0\.0\.1:(\d+)', house.process.text())[1])
    house.configure(web_url=f"https://127.0.0.1:{port}", mail_from="samordning@example.no")
    house.reload()
    reader = Reader(house, OPERATOR, house.root / "reader")
    (reader.folder / "fin-bundle").symlink_to(house.bundle(FIN))
    printed, ran = "", collections.Counter()
    for language, text in blocks("survey.md"):
        text = as_of_now(text)
        ran[language] += 1
        if language == "sh":
            printed = reader.shell(text)
            if "survey open samordning-2027" in text:
                answer_by_letter(house, port, 2)
        elif language == "text":
            assert printed == text, "what the commands above it print"
        elif language == "ini":
            mail = reader.folder / "mail.conf"
            kept = [line for line in house.config.read_text().splitlines() if not line.startswith(("web_url", "mail_from"))]
            mail.write_text("\n".join(kept) + "\n" + text, encoding="utf-8")
            reader.run([str(house.programs.daemon), "--check-config", "--config"], str(mail))
        elif language == "python":
            assert "'given': 2" in reader.run([sys.executable, "-c"], text, "contact-2027-data")
        elif language == "r" and shutil.which("Rscript"):
            assert "korte fristar" in reader.run(["Rscript", "--vanilla", "-e"], text, "contact-2027-data")
    assert ran["sh"] >= 13 and ran["ini"] == ran["text"] == ran["python"] == ran["r"] == 1, ran
    with open(reader.folder / "samordning-2027-data" / "answers.csv", encoding="utf-8", newline="") as file:
        said = {row["actor"] for row in csv.DictReader(file) if row["item"] == "contact_actual" and row["state"] == "given"}
    assert said == {FIN, KUD}
