# SPDX-License-Identifier: GPL-3.0-or-later
"""Waves by the clock, and what becomes of persons and answers: closing, parting, retention, exactly once with several daemons."""
import pathlib
import threading

import pytest
import samordning_pb2 as pb
import survey_pb2 as sv

from harness.daemon import OPERATOR, RESEARCHER
from harness.survey import FIN, KLD, Person, answer, import_ministries, now_us, questionnaire, wave, whole
from harness.waiting import wait_until
from harness.wire import Wire

TABLES = ("wave", "event", "respondent", "seat", "link", "letter", "page", "answer", "spent_link")


@pytest.fixture(scope="module")
def house(module_daemon):
    import_ministries(module_daemon, OPERATOR)
    module_daemon.enrol(FIN, "Finansdepartementet")
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    return module_daemon


@pytest.fixture
def operator(house):
    with Wire(house.address, house.bundle(OPERATOR)) as wire:
        yield wire


def good(response):
    assert response.status == pb.STATUS_OK, response
    return getattr(response, response.WhichOneof("body"))


def do(operator, action, key, **more):
    return good(operator.call(survey_wave=sv.SurveyWaveRequest(action=action, wave=sv.Wave(key=key, **more)))).wave


def open_wave(operator, key, instrument=None, **changes):
    good(operator.call(survey_design=sv.SurveyDesignRequest(instrument=instrument or questionnaire())))
    good(operator.call(survey_wave=sv.SurveyWaveRequest(wave=wave(key, instrument=(instrument or questionnaire()).key, **changes))))
    return do(operator, sv.WAVE_DO_OPEN, key)


def invite(house, operator, key, count, **more):
    invitees = [sv.Invitee(actor=("FIN", "KLD")[i % 2], ref=f"merke-{key}-{i}", address=f"{key}{i}@eksempel.example", level="case_officer", panel=f"p{i}", **more)
                for i in range(count)]
    receipts = good(operator.call(survey_invite=sv.SurveyInviteRequest(wave=key, invitees=invitees, links=True))).receipts
    good(operator.call(survey_invite=sv.SurveyInviteRequest(wave=key, invitees=invitees)))        # and letters
    return [Person(house, one.link) for one in receipts]


def state(house, key):
    return house.value("SELECT state FROM survey.wave WHERE key = %s", (key,))


def answers_of(index):
    """Each person answers differently, so that an answer tells who gave it to who knows."""
    own, other = (FIN, KLD) if index % 2 == 0 else (KLD, FIN)
    return [answer("often", index % 3 + 1, target=other), answer("kind", 1), answer("days", index)], own


# ---------------------------------------------------------------------------------------------------- by the clock

def test_a_wave_closes_when_its_time_is_over(house, operator):
    open_wave(operator, "kort", closes_in=4.0)
    person = invite(house, operator, "kort", 1)[0]
    assert person.save("second", 0, [answer("kind", 1)])["status"] == 0
    wait_until(lambda: house.value("SELECT clock_timestamp() >= closes_at FROM survey.wave WHERE key = 'kort'"), 20)
    refused = person.save("second", 1, [answer("kind", 2)])                  # to the second, whenever the daemon comes round
    assert (refused["status"], refused["field"], refused["reason"]) == (15, "wave", "the wave has closed")
    wait_until(lambda: state(house, "kort") == 3, 20, "the wave is closed")
    assert house.query("SELECT what, organisation, detail FROM survey.event e JOIN survey.wave w ON w.id = e.wave WHERE w.key = 'kort' AND what = 'closed'") == \
        [("closed", None, "by the clock")]
    assert person.visit()["pages"]["second"]["answers"][0]["values"] == [1]  # not anonymous: the draft is kept


def test_an_extended_wave_stays_open_and_a_paused_one_closes(house, operator):
    open_wave(operator, "lengre", closes_in=5.0)
    open_wave(operator, "pause", closes_in=5.0)
    do(operator, sv.WAVE_DO_EXTEND, "lengre", closes_at=now_us(3600))
    do(operator, sv.WAVE_DO_PAUSE, "pause")
    person = invite(house, operator, "pause", 1)[0]
    assert person.save("second", 0, [])["reason"] == "the wave is paused"
    wait_until(lambda: state(house, "pause") == 3, 30)
    assert state(house, "lengre") == 1


def test_before_it_opens_nothing_is_taken(house, operator):
    good(operator.call(survey_design=sv.SurveyDesignRequest(instrument=questionnaire())))
    planned = wave("siden")
    planned.opens_at = now_us(1800)
    good(operator.call(survey_wave=sv.SurveyWaveRequest(wave=planned)))
    person = invite(house, operator, "siden", 1)[0]
    assert person.save("second", 0, [])["reason"] == "the wave has not opened yet"
    do(operator, sv.WAVE_DO_OPEN, "siden")
    assert person.save("second", 0, [])["reason"] == "the wave has not opened yet"      # opened, but its time has not come
    assert house.value("SELECT bool_and(l.next_at = w.opens_at) FROM survey.letter l JOIN survey.seat s ON s.id = l.seat JOIN survey.wave w ON w.id = s.wave "
                       "WHERE w.key = 'siden'")


# -------------------------------------------------------------------------------------------------------- parting

def dump(house):
    """Every column of every survey table, as text."""
    return {table: house.query(f"SELECT x::text FROM survey.{table} x") for table in TABLES}


def test_an_anonymous_wave_is_parted_for_good(house, operator):
    open_wave(operator, "anonym", anonymous=True)
    people = invite(house, operator, "anonym", 24)
    receipts, drafts = [], []
    for index, person in enumerate(people):
        answers, _ = answers_of(index)
        assert person.save("second", 0, answers[1:])["status"] == 0
        if index < 20:
            receipts.append(person.decide("submit", answers)["receipt"])
        else:
            drafts.append(index)
    people[3].decide("withdraw")
    people[4].decide("reopen")                                                  # what was handed in before counts
    refused = operator.call(survey_export=sv.SurveyExportRequest(wave="anonym"))
    assert refused.status == pb.STATUS_CONFLICT and "has closed" in refused.message
    held = good(operator.call(survey_person=sv.SurveyPersonRequest(wave="anonym", seat="merke-anonym-0"))).held
    assert "only the respondent sees the answers" in held and "often" not in held
    this = "WHERE wave = (SELECT id FROM survey.wave WHERE key = 'anonym')"
    before = {row[0] for row in house.query(f"SELECT id FROM survey.respondent {this}")}
    assert len(before) == 24

    assert do(operator, sv.WAVE_DO_CLOSE, "anonym").state == sv.WAVE_CLOSED
    after = house.query(f"SELECT id, state, revision, receipt, started_at, submitted_at FROM survey.respondent {this}")
    assert len(after) == 19 and not before & {row[0] for row in after}
    assert {row[1:] for row in after} == {(3, 1, None, None, None)}
    seats = house.query(f"SELECT respondent, ref, address, language, level, panel, letters, last_letter_at, created_at::text, submitted FROM survey.seat {this}")
    assert len(seats) == 24 and sum(seat[-1] for seat in seats) == 19
    assert {(seat[0], *seat[2:9]) for seat in seats} == {(None, "", "nb", 0, None, 0, None, "-infinity")}
    assert all(seat[1].startswith("seat ") for seat in seats)
    assert house.value("SELECT count(*) FROM survey.link l JOIN survey.seat s ON s.id = l.seat " + this) == 0
    assert house.value("SELECT count(*) FROM survey.letter l JOIN survey.seat s ON s.id = l.seat " + this) == 0

    # nothing anywhere says the old pseudonyms, receipts, marks or addresses
    for table, rows in dump(house).items():
        text = "\n".join(row[0] for row in rows)
        for secret in [*before, *receipts, "merke-anonym-", "anonym0@eksempel"]:
            assert secret not in text, (table, secret)
    # no transaction wrote both a seat and what became of its answers but the one that parted everybody
    assert house.value(f"SELECT count(DISTINCT x) FROM (SELECT xmin::text AS x FROM survey.seat {this} UNION SELECT r.xmin::text FROM survey.respondent r {this} "
                       f"UNION SELECT a.xmin::text FROM survey.answer a JOIN survey.respondent r ON r.id = a.respondent {this.replace('wave =', 'r.wave =')}) one") == 1
    # rows lie in the order of their new pseudonyms, which are random
    for table, column in (("respondent", "id"), ("answer", "respondent")):
        condition = this if table == "respondent" else "WHERE respondent IN (SELECT id FROM survey.respondent " + this + ")"
        rows = [row[0] for row in house.query(f"SELECT {column} FROM survey.{table} {condition} ORDER BY ctid")]
        assert rows == sorted(rows) and len(rows) >= 19

    # the answers themselves are whole
    exported = good(operator.call(survey_export=sv.SurveyExportRequest(wave="anonym"))).rows
    days = sorted(row.answer.values[0] for row in exported if row.answer.item == "days")
    assert days == [index for index in range(20) if index != 3]
    counts = good(operator.call(survey_list=sv.SurveyListRequest(wave="anonym"))).waves[0]
    assert (counts.invited, counts.started, counts.submitted, counts.withdrawn) == (24, 19, 19, 1)
    # who still has a link is told why it leads nowhere
    gone = people[0].visit()
    assert (gone["status"], gone["wave"]) == (15, "anonym")
    assert people[0].save("second", 1, [])["status"] == 15
    assert operator.call(survey_person=sv.SurveyPersonRequest(wave="anonym", seat="merke-anonym-0")).status == pb.STATUS_NOT_FOUND


def test_deleted_rows_leave_the_files(house, operator):
    """What was deleted stays in a table's file as dead rows; after a parting the files are written anew."""
    open_wave(operator, "spor", anonymous=True)
    people = invite(house, operator, "spor", 6)
    for index, person in enumerate(people):
        person.decide("submit", answers_of(index)[0])
    old = [row[0] for row in house.query("SELECT r.id FROM survey.respondent r JOIN survey.wave w ON w.id = r.wave WHERE w.key = 'spor'")]
    reader = house.connect()
    reader.autocommit = False
    cursor = reader.cursor()
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    cursor.execute("SELECT count(*) FROM survey.wave")                          # a long analysis: it may still look at the old rows
    do(operator, sv.WAVE_DO_CLOSE, "spor")
    scrubbed = "SELECT scrubbed_at IS NOT NULL FROM survey.wave WHERE key = 'spor'"
    assert not house.value("SELECT survey.scrub()") and not house.value(scrubbed)
    reader.rollback()
    reader.close()
    wait_until(lambda: house.value(scrubbed), 60, "the tables are written anew")
    house.query("CHECKPOINT")
    for table in ("seat", "respondent", "answer", "page"):
        path = house.value(f"SELECT current_setting('data_directory') || '/' || pg_relation_filepath('survey.{table}')")
        content = pathlib.Path(path).read_bytes()
        for one in old:
            assert bytes.fromhex(one.replace("-", "")) not in content, table
        assert b"merke-spor-" not in content and b"spor0@eksempel" not in content, table


def test_retention(house, operator):
    """A named wave: after its day the persons go and the coded answers stay, without free text."""
    open_wave(operator, "tidsfrist", free_text=True, retention_until="2099-01-01")
    people = invite(house, operator, "tidsfrist", 4)
    for index, person in enumerate(people):
        person.decide("submit", [*answers_of(index)[0], answer("words", words=f"Jeg heter {index}")])
    do(operator, sv.WAVE_DO_CLOSE, "tidsfrist")
    held = good(operator.call(survey_person=sv.SurveyPersonRequest(wave="tidsfrist", seat="merke-tidsfrist-1"))).held
    assert "Jeg heter 1" in held and "tidsfrist1@eksempel" in held
    house.query("UPDATE survey.wave SET retention_until = current_date - 1 WHERE key = 'tidsfrist'")
    wait_until(lambda: house.value("SELECT parted_at IS NOT NULL FROM survey.wave WHERE key = 'tidsfrist'"), 20)
    text = "\n".join(row[0] for rows in dump(house).values() for row in rows)
    assert "Jeg heter" not in text and "tidsfrist1@eksempel" not in text and "merke-tidsfrist" not in text
    rows = good(operator.call(survey_export=sv.SurveyExportRequest(wave="tidsfrist"))).rows
    assert {row.answer.item for row in rows} == {"often", "kind", "days"} and len(rows) == 12


# ------------------------------------------------------------------------------------------- several at a time

def test_nothing_comes_into_a_wave_that_closes_meanwhile(house, operator):
    """Pages and answers are written while the wave closes: what was confirmed before is kept or parted, nothing comes after."""
    open_wave(operator, "kapplop", anonymous=True)
    people = invite(house, operator, "kapplop", 12)
    outcomes = [[] for _ in people]

    def keep_saving(index):
        person, revision = people[index], 0
        while True:
            saved = person.save("second", revision, [answer("kind", 1), answer("days", revision)])
            outcomes[index].append(saved["status"])
            if saved["status"] != 0:
                return
            revision = saved["revision"]
            if revision == 20 and index % 2 == 0:
                person.decide("submit", answers_of(index)[0])
                return
    threads = [threading.Thread(target=keep_saving, args=(index,)) for index in range(len(people))]
    for thread in threads:
        thread.start()
    wait_until(lambda: all(len(one) > 20 or not threads[i].is_alive() for i, one in enumerate(outcomes)), 60)
    do(operator, sv.WAVE_DO_CLOSE, "kapplop")
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert all(one[-1] == (0 if index % 2 == 0 else 15) for index, one in enumerate(outcomes)), outcomes
    left = house.query("SELECT r.state, (SELECT count(*) FROM survey.page p WHERE p.respondent = r.id) FROM survey.respondent r JOIN survey.wave w ON w.id = r.wave "
                       "WHERE w.key = 'kapplop'")
    assert left == [(3, 0)] * 6


def test_two_daemons_close_a_wave_once(make_postgres, make_daemon):
    postgres = make_postgres()
    postgres.create_database()
    first = make_daemon(database=postgres.dsn())
    make_daemon(database=postgres.dsn())
    import_ministries(first, OPERATOR)
    with Wire(first.address, first.bundle(OPERATOR)) as operator:
        for number in range(6):
            open_wave(operator, f"to-{number}", closes_in=3.0, anonymous=True)
            invite(first, operator, f"to-{number}", 2)
    wait_until(lambda: first.value("SELECT count(*) FROM survey.wave WHERE state = 3 AND scrubbed_at IS NOT NULL") == 6, 60, "all are closed")
    assert first.query("SELECT what, count(*) FROM survey.event WHERE what IN ('closed', 'parted') GROUP BY 1 ORDER BY 1") == [("closed", 6), ("parted", 6)]


def test_no_confirmed_answer_is_lost_when_postgresql_is_killed(make_postgres, make_daemon):
    postgres = make_postgres()
    postgres.create_database()
    daemon = make_daemon(database=postgres.dsn(), settings={"database_retry_max_ms": 300})
    import_ministries(daemon, OPERATOR)
    daemon.enrol(FIN, "Finansdepartementet")
    with Wire(daemon.address, daemon.bundle(OPERATOR)) as operator:
        open_wave(operator, "borte")
    confirmed, failures, stop = {}, [], threading.Event()

    def keep_answering(name):
        with Wire(daemon.address, daemon.bundle(FIN), timeout=120) as wire:
            for number in range(10_000):
                if stop.is_set():
                    return
                seat = f"{name}-{number}"
                response = wire.call(survey_answer=sv.SurveyAnswerRequest(wave="borte", seat=seat, version=1, answers=whole(FIN), submit=True))
                if response.status == pb.STATUS_OK:
                    confirmed[seat] = response.survey_answer.receipt
                else:
                    failures.append(response)
    threads = [threading.Thread(target=keep_answering, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            known = len(confirmed)
            wait_until(lambda known=known: len(confirmed) > known + 20, 60, "answers come in")
            postgres.kill()
            with Wire(daemon.address, daemon.bundle(FIN), timeout=60) as wire:          # told, not left waiting
                for _ in range(6):                                                      # until the daemon has no wave in memory any more, and beyond
                    late = wire.call(deadline_ms=500, survey_answer=sv.SurveyAnswerRequest(wave="borte", seat="sent", version=1, answers=whole(FIN), submit=True))
                    assert late.status == pb.STATUS_UNAVAILABLE and late.retry_after_ms > 0, late
            postgres.start()
            known = len(confirmed)
            wait_until(lambda known=known: len(confirmed) > known + 20, 60, "answers come in again")
    finally:
        stop.set()
        for thread in threads:
            thread.join(120)
    assert not failures, failures[:3]
    stored = dict(daemon.query("SELECT substr(s.ref, 11), r.receipt FROM survey.seat s JOIN survey.respondent r ON r.id = s.respondent WHERE r.state = 3"))
    stored.pop("sent", None)
    assert stored == confirmed and len(confirmed) > 80
    assert daemon.value("SELECT count(*) FROM survey.answer a JOIN survey.respondent r ON r.id = a.respondent JOIN survey.seat s ON s.respondent = r.id "
                        "WHERE s.ref NOT LIKE '%%:sent'") == 5 * len(confirmed)
    with Wire(daemon.address, daemon.bundle(FIN)) as wire:                               # sending again gives the receipt there is
        for seat in list(confirmed)[:5]:
            again = good(wire.call(survey_answer=sv.SurveyAnswerRequest(wave="borte", seat=seat, version=1, answers=whole(FIN), submit=True)))
            assert again.receipt == confirmed[seat] and again.revision == 1
