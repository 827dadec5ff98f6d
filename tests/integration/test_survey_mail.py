# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters of surveys: each exactly once, to a mail server as bad as real ones, or into a folder; the link in them is the seat's."""
import collections
import email
import email.policy
import hashlib
import re
import shutil
import stat
import threading

import pytest
from google.protobuf import json_format

from harness.certificates import Authority
from harness.daemon import OPERATOR
from harness.smtp import SmtpServer
from harness.survey import FIN, KLD, NFD, Person, import_ministries, questionnaire, whole
from harness.waiting import wait_until

WEB = "https://samordning.example.no/"
SENDER = "samordning@example.no"
LINK = re.compile(r"https://samordning\.example\.no/s/([A-Za-z0-9_-]{43})\b")


@pytest.fixture
def smtp():
    """Makes mail servers of a test's own."""
    started = []

    def make(**choices):
        server = SmtpServer(**choices)
        started.append(server)
        return server
    yield make
    for server in started:
        server.stop()


def settings(server=None, **more):
    mail = {"web_url": WEB, "mail_retry_ms": 50, "mail_from": SENDER, "workers": 0}
    if server:
        mail.update(smtp_url=f"smtp://127.0.0.1:{server.port}", smtp_require_tls="no")
    return {**mail, **more}


def reload(daemon, **changes):
    daemon.configure(**changes)
    before = daemon.metric("samordning_reloads_total")
    daemon.reload()
    wait_until(lambda: daemon.metric("samordning_reloads_total") > before, 20, "the configuration is read")


def furnish(daemon):
    """Ministries, and the small questionnaire."""
    path = daemon.root / "liten.json"
    path.write_text(json_format.MessageToJson(questionnaire(), preserving_proto_field_name=True), encoding="utf-8")
    import_ministries(daemon, OPERATOR)
    daemon.client(OPERATOR, "survey", "design", path, check=True)
    return daemon


@pytest.fixture(scope="module")
def house(module_daemon):
    """One daemon and one mail server for the tests that need nothing else."""
    server = SmtpServer()
    module_daemon.configure(**settings(server, mail_attempts=4))
    module_daemon.restart()
    module_daemon.server = server
    yield furnish(module_daemon)
    server.stop()


@pytest.fixture
def server(house):
    yield house.server
    house.server.on_letter = None


@pytest.fixture
def wave(house, request):
    """An open wave of the test's own."""
    key = re.sub(r"[^a-z0-9]+", "-", request.node.name)[:40]
    return open_wave(house, key)


def plan_wave(daemon, key, *words):
    daemon.client(OPERATOR, "survey", "wave", key, "--instrument", "liten", "--title", "nb=Samordning på tvers", "--title", "nn=Samordning på tvers",
                  "--title", "en=Coordination", "--opens", "2020-01-01", "--closes", "2099-12-31T16:00", *words, check=True)
    return key


def open_wave(daemon, key="bolge", *words):
    plan_wave(daemon, key, *words)
    daemon.client(OPERATOR, "survey", "open", key, check=True)
    return key


def invite(daemon, seats, key="bolge"):
    """seats: (actor, address, language) each."""
    rows = "actor,address,language,ref\n" + "".join(f"{actor},{address},{language},{address or number}\n" for number, (actor, address, language) in enumerate(seats))
    return daemon.client(OPERATOR, "survey", "invite", key, "-", stdin=rows.encode(), check=True)


def people(count, domain="dep.no"):
    return [((FIN, KLD, NFD)[i % 3], f"person{i}@{domain}", ("nb", "nn", "en")[i % 3]) for i in range(count)]


LETTERS = "FROM survey.letter l JOIN survey.seat s ON s.id = l.seat JOIN survey.wave w ON w.id = s.wave WHERE w.key = %s"


def states(daemon, key="bolge"):
    return dict(daemon.query(f"SELECT l.state, count(*) {LETTERS} GROUP BY 1", [key]))


def all_settled(daemon, count, key="bolge"):
    wait_until(lambda: sum(number for state, number in states(daemon, key).items() if state in ("sent", "failed")) == count, 60,
               lambda: f"{count} letters are settled: {daemon.query(f'SELECT l.state, attempts, error, next_at - now() {LETTERS}', [key])}")


def says_nothing_secret(daemon, addresses, links):
    text = "".join(run.text() for run in daemon.runs)
    for secret in (*addresses, *links):
        assert secret not in text


def link_of(text):
    return LINK.search(text).group(1)


# ---------------------------------------------------------------------------------------------------------- a folder

def test_letters_go_into_a_folder_where_there_is_no_mail_server(make_daemon):
    daemon = make_daemon(settings(mail_directory="letters", operator_name="Direktoratet for forvaltning og økonomi"))
    open_wave(furnish(daemon))
    invite(daemon, [(FIN, "kari@fin.dep.no", "nb"), (KLD, "ola@kld.dep.no", "nn"), (NFD, "liv@nfd.dep.no", "en"), (FIN, "", "nb")])
    all_settled(daemon, 3)
    folder = daemon.state / "letters"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = sorted(folder.iterdir())
    assert len(files) == 3 and all(stat.S_IMODE(path.stat().st_mode) == 0o600 and path.suffix == ".eml" for path in files)
    letters = {}
    for path in files:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert not message.defects
        letters[message["To"].addresses[0].addr_spec] = message
    assert set(letters) == {"kari@fin.dep.no", "ola@kld.dep.no", "liv@nfd.dep.no"}
    for address, language, words in (("kari@fin.dep.no", "nb", ("«Samordning på tvers» for Finansdepartementet", "31. desember 2099 kl. 16.00")),
                                     ("ola@kld.dep.no", "nn", ("undersøkinga", "31. desember 2099 kl. 16.00")),
                                     ("liv@nfd.dep.no", "en", ('"Coordination"', "31 December 2099 at 16:00"))):
        message = letters[address]
        assert message["Content-Language"] == language and message["Auto-Submitted"] == "auto-generated"
        assert message["From"].addresses[0].addr_spec == SENDER
        assert message["From"].addresses[0].display_name == "Direktoratet for forvaltning og økonomi"
        assert all(word in message.get_content() for word in words), message.get_content()
        link = link_of(message.get_content())
        assert daemon.query("SELECT s.address FROM survey.link l JOIN survey.seat s ON s.id = l.seat WHERE l.hash = %s",
                            [hashlib.sha256(link.encode()).digest()]) == [(address,)]
    assert "Samordning på tvers" in letters["kari@fin.dep.no"]["Subject"]
    assert len({message["Message-ID"] for message in letters.values()}) == 3
    daemon.restart()
    invite(daemon, [(FIN, "kari@fin.dep.no", "nb")])       # is invited already
    assert states(daemon) == {"sent": 3} and len(list(folder.iterdir())) == 3
    says_nothing_secret(daemon, letters, [link_of(message.get_content()) for message in letters.values()])


def test_the_wave_has_texts_of_its_own(house, server):
    for name, words in (("nb", "Kjære {organisation}\n\nSvar her: {link}\nHilsen {sender}\n"), ("nn", "Kjære {organisation}\n\nTakk.\n")):
        (house.root / f"{name}.txt").write_text(words, encoding="utf-8")
    open_wave(house, "egne", "--sender", "Difi, æ", "--invitation", f"nb={house.root}/nb.txt", "--invitation", f"nn={house.root}/nn.txt")
    invite(house, [(FIN, "kari@egne.no", "nb"), (KLD, "ola@egne.no", "nn")], "egne")
    all_settled(house, 2, "egne")
    kari, ola = server.of("kari@egne.no")[0], server.of("ola@egne.no")[0]
    assert re.fullmatch(rf"Kjære Finansdepartementet\n\nSvar her: {LINK.pattern}\nHilsen Difi, æ\n", kari.text)
    assert re.fullmatch(rf"Kjære Klima- og miljødepartementet\n\nTakk\.\n\n\n{LINK.pattern}\n", ola.text)       # nobody can answer without it
    assert kari.message["From"].addresses[0].display_name == "Difi, æ"


# ------------------------------------------------------------------------------------------------------ a mail server

def test_every_letter_goes_out_once(house, server, wave):
    before, connections = house.metric("samordning_letters_sent_total"), server.connections
    seats = people(60, "once.no")
    invite(house, seats, wave)
    all_settled(house, 60, wave)
    assert states(house, wave) == {"sent": 60}
    letters = [letter for letter in server.letters if letter.recipient.endswith("@once.no")]
    assert collections.Counter(letter.recipient for letter in letters) == {address: 1 for _, address, _ in seats}
    assert all(letter.sender == SENDER and not letter.message.defects for letter in letters)
    assert len({letter.message["Message-ID"] for letter in letters}) == 60
    links = [link_of(letter.text) for letter in letters]
    assert len(set(links)) == 60
    assert server.connections - connections < 30        # they are kept: a letter does not need one of its own
    assert house.metric("samordning_letters_sent_total") - before == 60 and house.metric("samordning_mail_up") == 1
    says_nothing_secret(house, [address for _, address, _ in seats], links)


def test_refusals_are_told_apart(house, server, wave):
    server.refusals["grey@dep.no"] = [450, 451]
    server.refusals["never@dep.no"] = [450] * 100
    server.refusals["nobody@dep.no"] = [550] * 100
    seats = [(FIN, "grey@dep.no", "nb"), (FIN, "never@dep.no", "nb"), (KLD, "nobody@dep.no", "nb"), (KLD, "good@dep.no", "nb")]
    invite(house, seats, wave)
    all_settled(house, 4, wave)
    assert {address: (len(server.of(address)), server.attempts[address]) for _, address, _ in seats} == \
        {"grey@dep.no": (1, 3), "never@dep.no": (0, 4), "nobody@dep.no": (0, 1), "good@dep.no": (1, 1)}
    letters = {address: (state, attempts, error) for address, state, attempts, error in
               house.query(f"SELECT s.address, l.state, l.attempts, l.error {LETTERS}", [wave])}
    assert letters["grey@dep.no"] == ("sent", 3, None) and letters["good@dep.no"] == ("sent", 1, None)
    assert letters["never@dep.no"][:2] == ("failed", 4) and "450" in letters["never@dep.no"][2]
    assert letters["nobody@dep.no"][:2] == ("failed", 1) and "550" in letters["nobody@dep.no"][2]
    answer = house.table(OPERATOR, "survey", "status", wave)
    assert {row["actor"]: row["undelivered"] for row in answer["tables"]["actors"]["rows"] if row["invited"]} == {FIN: 1, KLD: 1}
    says_nothing_secret(house, letters, [])


def test_a_connection_that_breaks_before_the_end_loses_and_doubles_nothing(house, server, wave):
    points = ("RCPT", "DATA", "BODY")
    for point in points:
        server.hang_ups[f"{point.lower()}@breaks.no"] = [point, point]
    invite(house, [(FIN, f"{point.lower()}@breaks.no", "nb") for point in points] + people(3, "breaks.no"), wave)
    all_settled(house, 6, wave)
    assert states(house, wave) == {"sent": 6}
    assert all(len(server.of(f"{point.lower()}@breaks.no")) == 1 and not server.hang_ups[f"{point.lower()}@breaks.no"] for point in points)
    assert all(len(server.of(address)) == 1 for _, address, _ in people(3, "breaks.no"))


def test_a_letter_whose_confirmation_was_lost_comes_again_with_the_same_id(house, server, wave):
    server.hang_ups["person0@lost.no"] = ["DOT"]
    invite(house, people(1, "lost.no"), wave)
    all_settled(house, 1, wave)
    first, second = server.of("person0@lost.no")        # what no client of SMTP can avoid (RFC 5321, 4.5.4.1)
    assert first.message["Message-ID"] == second.message["Message-ID"] and first.text == second.text


def test_the_daemon_answers_while_a_mail_server_is_slow(house, server, wave):
    held, go_on = threading.Event(), threading.Event()

    def hold(_):
        held.set()
        go_on.wait(60)
    server.on_letter = hold
    invite(house, people(1, "slow.no"), wave)
    assert held.wait(60)
    house.client(OPERATOR, "status", check=True)        # while the letter is between two lines
    assert states(house, wave) == {"sending": 1} and house.http("/health")[0] == 200
    go_on.set()
    all_settled(house, 1, wave)
    assert len(server.of("person0@slow.no")) == 1


def test_a_server_that_cannot_be_used_costs_no_attempt(make_daemon, smtp, tmp_path):
    """Away, without TLS, of an unknown authority, with a wrong password, refusing the sender, and without an address for links."""
    authority = Authority(tmp_path / "ca")
    tls = authority.issue("mail", "/C=NO/O=Postkontoret/CN=localhost", usage="serverAuth")
    plain, secure = smtp(), smtp(tls=tls, login=("samordning", "hemmelig"), must_login=True)
    plain.shut()
    daemon = make_daemon({"workers": 0, "mail_from": SENDER, "mail_retry_ms": 50, "smtp_url": f"smtp://localhost:{plain.port}"})
    open_wave(furnish(daemon))
    invite(daemon, people(3))

    def untouched(seen, what):
        wait_until(lambda: daemon.metric("samordning_mail_up") == 0 and seen(), 30, what)
        assert not plain.letters and not secure.letters
        assert daemon.value("SELECT max(attempts) FROM survey.letter WHERE state = 'waiting'") in (0, None)
    untouched(lambda: "web_url is not set" in daemon.runs[-1].text(), "links cannot be made")
    reload(daemon, web_url=WEB)
    untouched(lambda: "Couldn't connect" in daemon.runs[-1].text(), "nobody listens")
    plain.open()
    untouched(lambda: plain.connections > 1, "there is no TLS")
    assert plain.commands["MAIL"] == 0
    reload(daemon, smtp_url=f"smtp://localhost:{secure.port}", smtp_user="samordning", smtp_password="hemmelig")
    untouched(lambda: secure.commands["STARTTLS"] > 1, "an authority it does not know")
    assert secure.commands["AUTH"] == 0
    reload(daemon, smtp_authority=authority.certificate, smtp_password="feil")
    untouched(lambda: secure.commands["AUTH"] > 1, "a wrong password")
    assert secure.commands["MAIL"] == 0
    secure.sender_code = 550
    reload(daemon, smtp_password="hemmelig")
    untouched(lambda: secure.commands["MAIL"] > 1, "the sender is refused")
    secure.sender_code = 250
    all_settled(daemon, 3)
    since = daemon.runs[-1].text().rsplit("configuration reloaded", 1)[1]
    wait = re.search(r"letters cannot be sent and wait.* wait_ms=(\d+)", since)[1]
    assert int(wait) < 200, "the wait, which had grown for a while, begins anew when somebody mends something"
    assert states(daemon) == {"sent": 3} and len(secure.letters) == 3 and not plain.letters
    assert all(letter.tls and letter.user == "samordning" for letter in secure.letters)
    assert daemon.value("SELECT max(attempts) FROM survey.letter") == 1 and daemon.metric("samordning_mail_up") == 1
    says_nothing_secret(daemon, ["hemmelig", "person0@dep.no"], [])


def test_two_daemons_share_the_letters(make_daemon, make_postgres, smtp):
    server = smtp()
    server.delay = 0.002
    postgres = make_postgres()
    postgres.create_database()
    first = make_daemon(settings(server), database=postgres.dsn())
    second = make_daemon(settings(server), database=postgres.dsn(), start=False)
    shutil.copy(first.state / "survey-link.key", second.state / "survey-link.key")
    second.start()
    open_wave(furnish(first))
    invite(first, people(120))
    all_settled(first, 120)
    assert collections.Counter(letter.recipient for letter in server.letters) == {f"person{i}@dep.no": 1 for i in range(120)}
    shares = [daemon.metric("samordning_letters_sent_total") for daemon in (first, second)]
    assert sum(shares) == 120 and min(shares) > 0, shares


def test_a_letter_under_way_when_the_daemon_stops_or_dies(make_daemon, smtp):
    server = smtp()
    held, go_on = threading.Event(), threading.Event()

    def hold(_):
        held.set()
        go_on.wait(60)
    server.on_letter = hold
    daemon = make_daemon(settings(server))
    open_wave(furnish(daemon))
    invite(daemon, people(1, "stop.no"))
    assert held.wait(60)
    threading.Timer(0.3, go_on.set).start()
    daemon.stop()                                   # waits for it

    killed = threading.Event()

    def kill(_):
        if not killed.is_set():
            daemon.crashed_on_purpose = True
            daemon.kill()
            killed.set()
    server.on_letter = kill
    daemon.start()
    assert states(daemon) == {"sent": 1} and len(server.letters) == 1
    daemon.client(OPERATOR, "survey", "invite", "bolge", "-", stdin=f"actor,address,ref\n{FIN},person@die.no,x\n".encode())
    assert killed.wait(60)
    daemon.start()
    assert states(daemon) == {"sent": 1, "sending": 1}
    daemon.query("UPDATE survey.letter SET next_at = now() WHERE state = 'sending'")    # its lease is over
    all_settled(daemon, 2)
    first, second = server.of("person@die.no")      # it cannot know whether the server kept the first
    assert first.message["Message-ID"] == second.message["Message-ID"]


# --------------------------------------------------------------------------------------------------- who is written to

def test_reminders_go_to_those_who_have_not_answered_and_only_to_them(house, server, wave):
    mine = f"wave = (SELECT id FROM survey.wave WHERE key = '{wave}')"
    invite(house, people(3, "remind.no"), wave)
    all_settled(house, 3, wave)

    def remind():
        return house.table(OPERATOR, "survey", "remind", wave)["tables"]["reminders"]["rows"][0]
    assert remind() == {"reminded": 0, "answered": 0, "too_soon": 3, "without_address": 0, "signers": 0}
    house.query(f"UPDATE survey.seat SET last_letter_at = now() - interval '4 days' WHERE {mine}")
    house.query(f"UPDATE survey.seat SET submitted = true WHERE {mine} AND address = 'person0@remind.no'")
    house.client(OPERATOR, "survey", "pause", wave, check=True)
    house.client(OPERATOR, "survey", "resume", wave, check=True)
    server.refusals["person1@remind.no"] = [450]
    assert remind() == {"reminded": 2, "answered": 1, "too_soon": 0, "without_address": 0, "signers": 0}
    wait_until(lambda: not server.refusals["person1@remind.no"], 30, "one reminder has been put off")
    house.query(f"UPDATE survey.letter l SET next_at = now() + interval '1 hour' FROM survey.seat s WHERE s.id = l.seat AND l.state = 'waiting' AND s.{mine}")
    house.query(f"UPDATE survey.seat SET submitted = true WHERE {mine} AND address = 'person1@remind.no'")      # answers meanwhile
    house.query(f"UPDATE survey.letter l SET next_at = now() FROM survey.seat s WHERE s.id = l.seat AND l.state = 'waiting' AND s.{mine}")
    all_settled(house, 5, wave)
    reminded = server.of("person2@remind.no")
    assert [len(server.of(f"person{i}@remind.no")) for i in range(3)] == [1, 1, 2]
    assert reminded[1].message["Subject"].startswith("Reminder: ") and link_of(reminded[1].text) == link_of(reminded[0].text)
    assert house.query(f"SELECT s.address, l.error {LETTERS} AND l.state = 'failed'", [wave]) == [("person1@remind.no", "has answered")]
    answer = house.table(OPERATOR, "survey", "status", wave)
    assert all(row["undelivered"] == 0 for row in answer["tables"]["actors"]["rows"])


def test_a_signer_is_reminded_while_an_answer_waits(house, server):
    wave, signer = open_wave(house, "til-godkjenning", "--sign-off", "yes"), "leder@sign.no"
    invite(house, [(FIN, "svarer@sign.no", "en")], wave)
    all_settled(house, 1, wave)
    owner = Person(house, link_of(server.of("svarer@sign.no")[0].text))
    number = owner.row("SELECT number FROM survey.delegate(%s, 2, NULL, NULL, NULL, %s)", owner.hash, signer)["number"]
    owner.row("SELECT number FROM survey.delegate(%s, 2, %s, sha256('signer'), NULL, %s)", owner.hash, number, signer)

    def remind():
        return house.table(OPERATOR, "survey", "remind", wave)["tables"]["reminders"]["rows"][0]
    nothing = {"reminded": 0, "answered": 1, "too_soon": 0, "without_address": 0, "signers": 0}
    old = f"UPDATE survey.letter l SET created_at = now() - interval '4 days' FROM survey.seat s WHERE s.id = l.seat AND s.wave = (SELECT id FROM survey.wave WHERE key = '{wave}')"
    house.query(old)
    assert remind() == {**nothing, "answered": 0, "too_soon": 1}, "nothing waits yet"
    owner.decide("submit", whole(FIN))
    assert remind() == nothing, "the signer has just been told"
    all_settled(house, 3, wave)
    house.query(old)
    server.refusals[signer] = [450]
    assert remind() == {**nothing, "signers": 1}
    assert remind() == nothing
    wait_until(lambda: not server.refusals[signer], 30, "the reminder has been put off")
    all_settled(house, 4, wave)
    told = server.of(signer)
    subjects = [letter.message["Subject"] for letter in told]    # the first two wait at the same time, and may leave in either order
    assert len(set(subjects[:2])) == 2 and subjects[2:] == [subject for subject in subjects[:2] if subject.startswith("For approval")]
    house.query(old)
    server.refusals[signer] = [450]
    assert remind()["signers"] == 1
    wait_until(lambda: not server.refusals[signer], 30, "the next one has been put off")
    house.query("UPDATE survey.letter SET next_at = now() + interval '1 hour' WHERE state = 'waiting'")
    owner.decide("reopen")
    house.query("UPDATE survey.letter SET next_at = now() WHERE state = 'waiting'")
    all_settled(house, 5, wave)
    assert len(server.of(signer)) == 3 and house.query(f"SELECT l.error {LETTERS} AND l.state = 'failed'", [wave]) == [("does not wait any more",)]


def test_letters_wait_for_the_wave(house, server, wave):
    later = plan_wave(house, "siden")
    invite(house, people(2, "later.no"), later)
    invite(house, people(1, "now.no"), wave)
    all_settled(house, 1, wave)                     # the other wave's, which is open
    assert states(house, later) == {"waiting": 2}
    house.client(OPERATOR, "survey", "open", later, check=True)
    all_settled(house, 2, later)
    house.client(OPERATOR, "survey", "pause", wave, check=True)
    invite(house, people(2, "paused.no"), wave)
    house.client(OPERATOR, "survey", "close", wave, check=True)
    assert not states(house, wave).get("waiting") and not server.of("person0@paused.no")


def test_wrong_settings_are_named(make_daemon):
    daemon = make_daemon(start=False)
    for more, words in (({"smtp_url": "http://mail.example.no", "mail_from": SENDER}, "smtp_url"),
                        ({"smtp_url": "smtp://mail.example.no", "mail_from": None}, "mail_from"),
                        ({"smtp_url": None, "mail_from": "Samordning <samordning@example.no>"}, "mail_from"),
                        ({"smtp_url": "smtp://mail.example.no", "mail_from": SENDER, "smtp_user": "x", "smtp_password": "x", "smtp_require_tls": "no"},
                         "smtp_require_tls")):
        daemon.configure(**more)
        daemon.start(ready=False)
        wait_until(lambda: not daemon.process.running, 30, "the daemon has given up")
        assert daemon.process.returncode != 0 and words in daemon.process.text()
