# SPDX-License-Identifier: GPL-3.0-or-later
"""Surveys from a questionnaire to answers, over the protocol: what is stored, what is refused, who may do what."""
import psycopg2
import pytest
import samordning_pb2 as pb
import survey_pb2 as sv

from harness.daemon import OPERATOR, RESEARCHER
from harness.survey import FIN, JD, KLD, NAMES, NFD, Person, answer, import_ministries, now_us, questionnaire, wave, whole
from harness.wire import Wire


@pytest.fixture(scope="module")
def house(module_daemon):
    import_ministries(module_daemon, OPERATOR)
    module_daemon.enrol(FIN, "Finansdepartementet")
    module_daemon.enrol(KLD, "Klima- og miljødepartementet")
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    return module_daemon


@pytest.fixture
def wire(house):
    opened = {}

    def make(orgnr=OPERATOR):
        if orgnr not in opened:
            opened[orgnr] = Wire(house.address, house.bundle(orgnr))
        return opened[orgnr]
    yield make
    for one in opened.values():
        one.close()


@pytest.fixture
def operator(wire):
    return wire(OPERATOR)


def good(response):
    assert response.status == pb.STATUS_OK, response
    return getattr(response, response.WhichOneof("body"))


def design(operator, **changes):
    return good(operator.call(survey_design=sv.SurveyDesignRequest(instrument=questionnaire(**changes))))


def do(operator, action, key, **more):
    return operator.call(survey_wave=sv.SurveyWaveRequest(action=action, wave=sv.Wave(key=key, **more)))


def open_wave(operator, key, **changes):
    design(operator)
    good(operator.call(survey_wave=sv.SurveyWaveRequest(wave=wave(key, **changes))))
    return good(do(operator, sv.WAVE_DO_OPEN, key)).wave


def invite(operator, key, *invitees, links=True):
    return good(operator.call(survey_invite=sv.SurveyInviteRequest(wave=key, invitees=[sv.Invitee(**one) for one in invitees], links=links))).receipts


# ------------------------------------------------------------------------------------------------ questionnaires

def test_the_same_questionnaire_is_stored_once_and_a_changed_one_is_the_next_version(operator):
    first = design(operator, key="ganger")
    assert (first.version, first.already_stored) == (1, False)
    again = design(operator, key="ganger")
    assert (again.version, again.already_stored) == (1, True)
    changed = questionnaire(key="ganger")
    changed.title.nb = "En annen"
    assert good(operator.call(survey_design=sv.SurveyDesignRequest(instrument=changed, check_only=True))).version == 2
    second = good(operator.call(survey_design=sv.SurveyDesignRequest(instrument=changed)))
    assert (second.version, second.already_stored) == (2, False)
    changed.version = 2
    assert good(operator.call(survey_design=sv.SurveyDesignRequest(instrument=changed))).already_stored
    changed.version = 1
    assert operator.call(survey_design=sv.SurveyDesignRequest(instrument=changed)).status == pb.STATUS_CONFLICT
    fetched = good(operator.call(survey_fetch=sv.SurveyFetchRequest(instrument="ganger"))).instrument
    assert fetched.version == 2 and fetched.title.nb == "En annen"
    assert good(operator.call(survey_fetch=sv.SurveyFetchRequest(instrument="ganger", version=1))).instrument.version == 1
    assert operator.call(survey_fetch=sv.SurveyFetchRequest(instrument="ganger", version=9)).status == pb.STATUS_NOT_FOUND


def test_what_can_be_answered_has_a_row(operator, house):
    design(operator, key="rader")
    rows = house.query("SELECT id, section, whole, kind, relation, low, high FROM survey.item WHERE instrument = 'rader' ORDER BY place")
    assert rows == [("contact", "first", None, "roster", None, None, None), ("often", "first", "contact", "likert", "contact_actual", 1, 3),
                    ("needed", "first", "contact", "likert", None, 1, 3), ("kind", "second", None, "single", None, 1, 2),
                    ("days", "second", None, "number", None, 0, 30), ("words", "second", None, "text", None, None, None)]


def test_a_questionnaire_that_is_wrong_is_refused_with_the_place(operator):
    wrong = questionnaire(key="feil")
    wrong.sections[1].items[1].show_when[0].item = "words"
    answered = operator.call(survey_design=sv.SurveyDesignRequest(instrument=wrong))
    assert answered.status == pb.STATUS_INVALID and answered.field.startswith("sections[1].items[1].show_when"), answered


# --------------------------------------------------------------------------------------------------------- waves

def test_a_wave_opens_with_every_text_in_both_languages(operator):
    instrument = questionnaire(key="mangler")
    instrument.sections[1].items[2].text.nn = ""
    good(operator.call(survey_design=sv.SurveyDesignRequest(instrument=instrument)))
    listed = good(operator.call(survey_list=sv.SurveyListRequest()))
    assert [list(i.missing_languages) for i in listed.instruments if i.key == "mangler"] == [["nn"]]
    good(operator.call(survey_wave=sv.SurveyWaveRequest(wave=wave("mangler", instrument="mangler", free_text=True))))
    refused = do(operator, sv.WAVE_DO_OPEN, "mangler")
    assert refused.status == pb.STATUS_INVALID and refused.field == "sections[1].items[2].text.nn", refused
    good(operator.call(survey_wave=sv.SurveyWaveRequest(wave=wave("mangler", instrument="mangler"))))      # the free text is not shown
    assert good(do(operator, sv.WAVE_DO_OPEN, "mangler")).wave.state == sv.WAVE_OPEN
    listed = good(operator.call(survey_list=sv.SurveyListRequest()))
    assert [i.frozen for i in listed.instruments if i.key == "mangler"] == [True]


def test_the_life_of_a_wave(operator):
    design(operator)
    key = "livet"
    assert do(operator, sv.WAVE_DO_OPEN, key).status == pb.STATUS_NOT_FOUND
    planned = good(operator.call(survey_wave=sv.SurveyWaveRequest(wave=wave(key))))
    assert planned.wave.state == sv.WAVE_PLANNED and planned.wave.version == 1 and "nobody has been invited yet" in planned.warnings
    assert do(operator, sv.WAVE_DO_PAUSE, key).status == pb.STATUS_CONFLICT
    assert good(do(operator, sv.WAVE_DO_OPEN, key)).wave.state == sv.WAVE_OPEN
    assert good(do(operator, sv.WAVE_DO_OPEN, key)).wave.state == sv.WAVE_OPEN
    assert operator.call(survey_wave=sv.SurveyWaveRequest(wave=wave(key))).status == pb.STATUS_CONFLICT      # opened: not changed any more
    assert good(do(operator, sv.WAVE_DO_PAUSE, key)).wave.state == sv.WAVE_PAUSED
    assert do(operator, sv.WAVE_DO_OPEN, key).status == pb.STATUS_CONFLICT
    assert good(do(operator, sv.WAVE_DO_RESUME, key)).wave.state == sv.WAVE_OPEN
    assert do(operator, sv.WAVE_DO_EXTEND, key, closes_at=now_us(60)).status == pb.STATUS_INVALID
    later = now_us(7200)
    assert good(do(operator, sv.WAVE_DO_EXTEND, key, closes_at=later)).wave.closes_at == later
    assert good(do(operator, sv.WAVE_DO_CLOSE, key)).wave.state == sv.WAVE_CLOSED
    assert good(do(operator, sv.WAVE_DO_CLOSE, key)).wave.state == sv.WAVE_CLOSED
    for action in (sv.WAVE_DO_OPEN, sv.WAVE_DO_RESUME, sv.WAVE_DO_EXTEND):
        assert do(operator, action, key, closes_at=now_us(9000)).status == pb.STATUS_CONFLICT


@pytest.mark.parametrize("changes, status, field", [
    ({"key": "Ikke en nøkkel"}, pb.STATUS_INVALID, "wave.key"),
    ({"instrument": "ukjent"}, pb.STATUS_NOT_FOUND, "wave.instrument"),
    ({"version": 7}, pb.STATUS_NOT_FOUND, "wave.instrument"),
    ({"closes_in": -120}, pb.STATUS_INVALID, "wave.closes_at"),
    ({"minimum_cell": 101}, pb.STATUS_INVALID, "wave.minimum_cell"),
    ({"retention_until": "2020-01-01"}, pb.STATUS_INVALID, "wave.retention_until"),
    ({"on": "i går"}, pb.STATUS_INVALID, "on"),
    ({"earlier": "fantes-ikke"}, pb.STATUS_NOT_FOUND, "wave.earlier"),
])
def test_a_wave_that_cannot_be(operator, changes, status, field):
    design(operator)
    refused = operator.call(survey_wave=sv.SurveyWaveRequest(wave=wave(**{"key": "umulig", **changes})))
    assert (refused.status, refused.field) == (status, field), refused


def test_the_roster_is_the_ministries_of_the_day(operator):
    open_wave(operator, "liste")
    fetched = good(operator.call(survey_fetch=sv.SurveyFetchRequest(wave="liste")))
    assert [(one.item, one.abbreviation) for one in fetched.roster] == [("contact", short) for short in ("FIN", "JD", "KLD", "NFD")]
    assert fetched.roster[0].key == FIN and fetched.roster[0].name.nb == NAMES[FIN][1]


# --------------------------------------------------------------------------------------------------- invitations

def test_inviting_again_gives_the_same_seat_and_link(operator, house):
    open_wave(operator, "seter")
    people = [{"actor": "FIN", "address": "a@fin.example", "level": "case_officer", "panel": "nøkkel"}, {"actor": "KLD", "ref": "kld-1"},
              {"actor": "Finnes ikke"}, {"actor": "NFD", "address": "ikke en adresse"}, {"actor": "NFD", "level": "sjef"}]
    first = invite(operator, "seter", *people)
    assert [one.state for one in first] == [sv.SEAT_INVITED, sv.SEAT_INVITED, sv.SEAT_REJECTED, sv.SEAT_REJECTED, sv.SEAT_REJECTED]
    assert [one.field for one in first[2:]] == ["actor", "address", "level"]
    again = invite(operator, "seter", *people)
    assert [one.state for one in again[:2]] == [sv.SEAT_ALREADY_INVITED] * 2
    assert [one.link for one in again] == [one.link for one in first]
    assert len({one.link for one in first[:2]}) == 2 and all(len(one.link) == 46 for one in first[:2])
    held = house.query("SELECT convert_from(s.panel, 'LATIN1'), s.ref FROM survey.seat s JOIN survey.wave w ON w.id = s.wave WHERE w.key = 'seter'")
    assert len(held) == 2 and "nøkkel" not in str(held)
    secrets = house.query("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'survey' AND data_type IN ('text', 'jsonb')")
    for table, column in secrets:
        for one in first[:2]:
            assert house.value(f'SELECT count(*) FROM survey."{table}" WHERE strpos("{column}"::text, %s) > 0', (one.link[3:],)) == 0, (table, column)


# ------------------------------------------------------------------------------------------------ by a person

def test_a_person_saves_and_submits(operator, house):
    open_wave(operator, "person")
    person = Person(house, invite(operator, "person", {"actor": "FIN", "address": "b@fin.example", "language": "nn"})[0].link)
    seen = person.visit()
    assert (seen["status"], seen["wave"], seen["actor"], seen["language"], seen["state"]) == (0, "person", FIN, "nn", 0)
    first = [answer("often", 2, target=KLD), answer("contact", target=JD, state=sv.ANSWER_NO_CONTACT)]
    saved = person.save("first", 0, first)
    assert (saved["status"], saved["revision"]) == (0, 1)
    assert person.save("first", 0, first)["revision"] == 1                      # the same once more, as after a lost answer
    stale = person.save("first", 0, first[:1])
    assert (stale["status"], stale["field"], stale["revision"]) == (8, "revision", 1) and "contact" in stale["content"]
    assert person.save("first", 1, first[:1])["revision"] == 2
    seen = person.visit()
    assert seen["state"] == 1 and seen["pages"]["first"]["revision"] == 2 and len(seen["pages"]["first"]["answers"]) == 1
    done = person.decide("submit", whole(FIN))
    assert done["state"] == 3 and done["revision"] == 1 and len(done["receipt"]) == 14
    assert person.decide("submit", whole(FIN)) == done
    refused = person.save("first", 2, first)
    assert (refused["status"], refused["field"]) == (8, "state")
    assert person.decide("reopen")["state"] == 1
    assert house.value("SELECT count(*) FROM survey.answer a JOIN survey.seat s USING (respondent) WHERE s.submitted AND s.address = 'b@fin.example'") == 5
    again = person.decide("submit", whole(FIN, often=3))
    assert again["revision"] == 2 and again["receipt"] != done["receipt"]
    assert person.decide("withdraw")["state"] == 4
    assert person.visit()["pages"] == {}
    assert house.value("SELECT count(*) FROM survey.answer a JOIN survey.seat s USING (respondent) WHERE s.address = 'b@fin.example'") == 0


def test_a_link_that_was_made_up_leads_nowhere(house):
    person = Person(house, "/s/" + "x" * 43)
    assert person.visit()["status"] == 7
    assert person.save("first", 0, [])["status"] == 7


# ------------------------------------------------------------------------------------- by a ministry's own system

def send(wire, key, seat, answers, **more):
    return wire.call(survey_answer=sv.SurveyAnswerRequest(**{"wave": key, "seat": seat, "version": 1, "answers": answers, "submit": True, **more}))


def test_a_system_answers_for_its_own_organisation(operator, wire, house):
    open_wave(operator, "system")
    invite(operator, "system", {"actor": "FIN", "ref": "fin-1"})
    mine = wire(FIN)
    draft = good(send(mine, "system", "fin-1", whole(FIN)[:1], submit=False))
    assert (draft.revision, draft.receipt) == (0, "")
    first = good(send(mine, "system", "fin-1", whole(FIN)))
    assert first.revision == 1 and first.receipt
    assert good(send(mine, "system", "fin-1", whole(FIN))) == first                    # the same once more
    second = good(send(mine, "system", "fin-1", whole(FIN, often=3), level="case_officer"))
    assert second.revision == 2 and second.receipt != first.receipt
    good(send(mine, "system", "egen-2", whole(FIN)))                                   # a mark of its own
    seats = house.query("SELECT s.ref, s.submitted FROM survey.seat s JOIN survey.wave w ON w.id = s.wave WHERE w.key = 'system' ORDER BY s.id")
    assert seats == [("fin-1", True), (f"{FIN}:egen-2", True)]
    assert send(wire(KLD), "system", "fin-1", [], submit=False, withdraw=True).status == pb.STATUS_NOT_FOUND     # another's seat
    assert good(send(mine, "system", "egen-2", [], submit=False, withdraw=True)).receipt == ""
    listed = good(operator.call(survey_list=sv.SurveyListRequest(wave="system"))).waves[0]
    assert (listed.actors, listed.invited, listed.started, listed.submitted, listed.withdrawn) == (1, 2, 2, 1, 1)
    rows = good(operator.call(survey_export=sv.SurveyExportRequest(wave="system"))).rows
    assert len(rows) == 5 and {row.level for row in rows} == {"case_officer"} and {row.actor for row in rows} == {FIN}


@pytest.mark.parametrize("change, status, field", [
    ({"version": 2}, pb.STATUS_CONFLICT, "version"),
    ({"wave": "fantes-ikke"}, pb.STATUS_NOT_FOUND, "wave"),
    ({"wave": ""}, pb.STATUS_INVALID, "wave"),
    ({"seat": ""}, pb.STATUS_INVALID, "seat"),
    ({"level": "sjef"}, pb.STATUS_INVALID, "level"),
    ({"answers": [answer("kind", 9)]}, pb.STATUS_INVALID, "answers"),
    ({"answers": [answer("often", 1, target=FIN)]}, pb.STATUS_INVALID, "answers"),
    ({"answers": [answer("words", words="x" * 1_000_000)]}, pb.STATUS_INVALID, "answers[0].text"),
    ({"answers": [answer("kind", 1), answer("kind", 2)]}, pb.STATUS_INVALID, "answers"),
    ({"withdraw": True, "answers": [answer("kind", 1)]}, pb.STATUS_INVALID, "withdraw"),
])
def test_answers_that_do_not_fit(operator, wire, change, status, field):
    if good(operator.call(survey_list=sv.SurveyListRequest())).waves[-1].wave.key != "passer-ikke":
        open_wave(operator, "passer-ikke")
    refused = send(wire(FIN), **{"key": "passer-ikke", "seat": "x", "answers": [], "submit": False,
                                 **{("key" if name == "wave" else name): value for name, value in change.items()}})
    assert (refused.status, refused.field) == (status, field), refused
    if field == "answers":
        assert refused.survey_answer.problems, refused


def test_the_export_comes_in_pages(operator, wire):
    open_wave(operator, "sider")
    for number in range(7):
        good(send(wire(FIN), "sider", str(number), whole(FIN)))
    everything = good(wire(RESEARCHER).call(survey_export=sv.SurveyExportRequest(wave="sider")))
    assert len(everything.rows) == 35 and everything.next == ""
    pages, after = [], ""
    while True:
        page = good(wire(RESEARCHER).call(survey_export=sv.SurveyExportRequest(wave="sider", limit=8, after=after)))
        pages += page.rows
        after = page.next
        if not after:
            break
    assert pages == list(everything.rows)


def test_what_is_held_about_a_person_and_its_erasure(operator, wire, house):
    open_wave(operator, "innsyn")
    link = invite(operator, "innsyn", {"actor": "FIN", "ref": "fin-9", "address": "c@fin.example"})[0].link
    good(send(wire(FIN), "innsyn", "fin-9", whole(FIN)))
    held = good(wire(FIN).call(survey_person=sv.SurveyPersonRequest(wave="innsyn", seat="fin-9"))).held
    assert "c@fin.example" in held and '"often"' in held and '"submitted_at"' in held
    assert good(operator.call(survey_person=sv.SurveyPersonRequest(wave="innsyn", seat="c@fin.example", actor="FIN"))).held == held
    assert wire(KLD).call(survey_person=sv.SurveyPersonRequest(wave="innsyn", seat="fin-9")).status == pb.STATUS_NOT_FOUND
    assert wire(KLD).call(survey_person=sv.SurveyPersonRequest(wave="innsyn", seat="fin-9", actor="FIN")).status == pb.STATUS_FORBIDDEN
    assert good(operator.call(survey_person=sv.SurveyPersonRequest(wave="innsyn", seat="fin-9", erase=True))).erased
    assert operator.call(survey_person=sv.SurveyPersonRequest(wave="innsyn", seat="fin-9")).status == pb.STATUS_NOT_FOUND
    assert Person(house, link).visit()["status"] == 15
    assert good(operator.call(survey_export=sv.SurveyExportRequest(wave="innsyn"))).next == ""
    assert not good(operator.call(survey_export=sv.SurveyExportRequest(wave="innsyn"))).rows
    for table, column in house.query("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'survey' AND data_type IN ('text', 'jsonb')"):
        assert house.value(f'SELECT count(*) FROM survey."{table}" WHERE "{column}"::text LIKE %s', ("%c@fin.example%",)) == 0, (table, column)


def test_reminders_go_only_to_those_who_have_not_answered(operator, wire, house):
    open_wave(operator, "purring")
    links = invite(operator, "purring", {"actor": "FIN", "ref": "1", "address": "1@fin.example"}, {"actor": "FIN", "ref": "2", "address": "2@fin.example"},
                   {"actor": "KLD", "ref": "3", "address": "3@kld.example"}, {"actor": "NFD", "ref": "4"}, links=False)
    assert [one.link for one in links] == [""] * 4
    letters = "SELECT s.ref, l.kind FROM survey.letter l JOIN survey.seat s ON s.id = l.seat JOIN survey.wave w ON w.id = s.wave WHERE w.key = 'purring' ORDER BY l.id"
    assert house.query(letters) == [("1", "invitation"), ("2", "invitation"), ("3", "invitation")]
    good(send(wire(FIN), "purring", "1", whole(FIN)))

    def remind(**more):
        answered = good(operator.call(survey_remind=sv.SurveyRemindRequest(wave="purring", **more)))
        return answered.reminded, answered.answered, answered.too_soon, answered.without_address
    assert remind() == (0, 1, 2, 1)
    house.query("UPDATE survey.seat SET last_letter_at = now() - interval '4 days'")
    assert remind(actors=["KLD"]) == (1, 0, 0, 0)
    assert remind() == (1, 1, 1, 1)
    assert house.query(letters)[3:] == [("1", "receipt"), ("3", "reminder"), ("2", "reminder")]
    assert operator.call(survey_remind=sv.SurveyRemindRequest(wave="purring", actors=["Finnes ikke"])).status == pb.STATUS_NOT_FOUND
    good(do(operator, sv.WAVE_DO_PAUSE, "purring"))
    assert operator.call(survey_remind=sv.SurveyRemindRequest(wave="purring")).status == pb.STATUS_CONFLICT


# ---------------------------------------------------------------------------------------------------------- roles

def test_roles(operator, wire):
    open_wave(operator, "roller")
    good(send(wire(FIN), "roller", "a", whole(FIN)))
    good(send(wire(KLD), "roller", "b", whole(KLD)))
    by_operator = {"survey_design": sv.SurveyDesignRequest(instrument=questionnaire()), "survey_wave": sv.SurveyWaveRequest(wave=wave("roller")),
                   "survey_invite": sv.SurveyInviteRequest(wave="roller"), "survey_remind": sv.SurveyRemindRequest(wave="roller")}
    for name, message in by_operator.items():
        for who in (FIN, RESEARCHER):
            assert wire(who).call(**{name: message}).status == pb.STATUS_FORBIDDEN, (name, who)
    assert wire(FIN).call(survey_export=sv.SurveyExportRequest(wave="roller")).status == pb.STATUS_FORBIDDEN
    assert wire(RESEARCHER).call(survey_person=sv.SurveyPersonRequest(wave="roller", seat="a")).status == pb.STATUS_FORBIDDEN
    assert send(wire(RESEARCHER), "roller", "c", whole(FIN)).status == pb.STATUS_FORBIDDEN
    for who, counts, actors in ((FIN, (1, 1), [FIN]), (RESEARCHER, (2, 2), [FIN, KLD]), (OPERATOR, (2, 2), [FIN, KLD])):
        listed = good(wire(who).call(survey_list=sv.SurveyListRequest(wave="roller"))).waves[0]
        assert (listed.invited, listed.submitted) == counts and [one.actor for one in listed.by_actor] == actors, who


def test_researchers_and_workers_see_counts_and_never_seats(operator, house):
    open_wave(operator, "tall")
    invite(operator, "tall", {"actor": "FIN", "ref": "1"}, {"actor": "KLD", "ref": "2"})
    wave_id = house.value("SELECT id FROM survey.wave WHERE key = 'tall'")
    for role in ("samordning_researcher", "samordning_worker"):
        connection = house.connect()
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {role}")
        cursor.execute("SELECT count(*), sum(invited) FROM survey.turnout WHERE wave = %s", (wave_id,))
        assert cursor.fetchone() == (2, 2)
        for forbidden in ("SELECT 1 FROM survey.seat", "SELECT 1 FROM survey.link", "SELECT 1 FROM survey.letter", "SELECT 1 FROM survey.page",
                          "SELECT 1 FROM survey.spent_link", "SELECT survey.part(1)"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(forbidden)
        connection.close()


def test_a_worker_may_do_what_it_does_and_nothing_else(house):
    """It adds results and documents and never changes one; it sees names of organisations, no certificates and no tokens."""
    connection = house.connect()
    cursor = connection.cursor()
    cursor.execute("SET ROLE samordning_worker")
    for allowed in ("UPDATE knowledge.job SET phase = phase WHERE false", "DELETE FROM knowledge.day_block WHERE false",
                    "UPDATE knowledge.share_part SET part = part WHERE false", "DELETE FROM knowledge.share WHERE false", "SELECT name FROM access.organisation",
                    "DELETE FROM report.touched WHERE false", "INSERT INTO knowledge.result SELECT * FROM knowledge.result WHERE false",
                    "INSERT INTO knowledge.document SELECT * FROM knowledge.document WHERE false"):
        cursor.execute(allowed)
    for forbidden in ("UPDATE knowledge.document SET content = '' WHERE false", "DELETE FROM knowledge.document WHERE false",
                      "UPDATE knowledge.result SET body = '{}' WHERE false", "DELETE FROM knowledge.result WHERE false", "DELETE FROM knowledge.job WHERE false",
                      "UPDATE knowledge.share SET owner = owner WHERE false", "TRUNCATE knowledge.job", "INSERT INTO knowledge.release VALUES ('a', 'b', '{}', '{}')",
                      "INSERT INTO knowledge.supersession SELECT * FROM knowledge.supersession WHERE false", "SELECT 1 FROM access.token",
                      "SELECT 1 FROM access.certificate", "SELECT 1 FROM access.organisation_role", "UPDATE access.organisation SET name = name WHERE false",
                      "UPDATE report.interaction SET id = id WHERE false", "DELETE FROM report.interaction WHERE false", "SELECT 1 FROM schedule.plan"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(forbidden)
    connection.close()
