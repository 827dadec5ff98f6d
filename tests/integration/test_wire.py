# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input on the wire: each gives one clear status, its neighbours are kept, and the daemon goes on."""
import datetime
import os
import random
import socket
import ssl
import uuid

import pytest

import samordning_pb2 as pb
from harness.daemon import RESEARCHER
from harness.waiting import wait_until
from harness.wire import Closed, Wire, encode_varint, meeting, microseconds

DAEMON_SETTINGS = {"handshake_timeout_ms": 3000, "frame_timeout_ms": 1500, "max_frame_bytes": "1 MiB", "max_batch": 2000,
                   "max_connections_per_organisation": 40, "future_days": 731}
SUBMITTER, OTHER = "972417807", "872417842"
WHEN = microseconds(datetime.datetime(2025, 3, 3, 9, 30, tzinfo=datetime.timezone.utc))
SECOND, DAY = 1_000_000, 86_400_000_000


@pytest.fixture(scope="module")
def daemon(module_daemon):
    module_daemon.enrol(SUBMITTER, "Finansdepartementet")
    module_daemon.enrol(OTHER, "Kunnskapsdepartementet")
    module_daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
    return module_daemon


@pytest.fixture
def wire(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER)) as connection:
        yield connection


@pytest.fixture(autouse=True)
def goes_on(daemon):
    """After every test the same process still answers a well-behaved client."""
    pid = daemon.process.pid
    yield
    assert daemon.process.running and daemon.process.pid == pid
    with Wire(daemon.address, daemon.bundle(SUBMITTER)) as connection:
        assert connection.call(status=pb.StatusRequest()).status == pb.STATUS_OK
    daemon.process.complain_about_sanitizers()


def unique():
    return uuid.uuid4().hex


# ------------------------------------------------------------------------------------------------- frames

def test_announced_length_over_the_limit_is_refused_before_it_is_read(daemon, wire):
    wire.send_bytes(encode_varint(64 * 1024 * 1024))
    response = wire.receive()
    assert response.status == pb.STATUS_TOO_LARGE and response.message
    assert wire.is_closed()


def test_before_hello_the_limit_is_lower(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER), hello=False) as connection:
        connection.send_bytes(encode_varint(500_000))
        try:
            assert connection.receive().status == pb.STATUS_TOO_LARGE
        except Closed:
            pass
        assert connection.is_closed()


@pytest.mark.parametrize("header", [b"\xff\xff\xff\xff\xff\xff", b"\x80\x80\x80\x80\x80\x01", b"\xff\xff\xff\xff\x7f",
                                    b"\x80\x00"])
def test_lengths_that_are_none(daemon, wire, header):
    wire.send_bytes(header + b"\0" * 8)
    try:
        assert wire.receive().status in (pb.STATUS_MALFORMED, pb.STATUS_TOO_LARGE)
    except Closed:
        pass
    assert wire.is_closed()


@pytest.mark.parametrize("seed", range(6))
def test_random_bytes_in_a_frame(daemon, wire, seed):
    generator = random.Random(seed)
    body = generator.randbytes(generator.randint(1, 4000))
    wire.send_bytes(encode_varint(len(body)) + body)
    try:
        assert wire.receive().status != pb.STATUS_OK
    except Closed:
        pass


def test_random_bytes_instead_of_tls(daemon):
    for seed in range(5):
        with socket.create_connection(daemon.address, timeout=20) as raw:
            raw.sendall(random.Random(seed).randbytes(500))
            raw.settimeout(20)
            try:
                while raw.recv(1000):
                    pass
            except ConnectionError:
                pass


def test_a_frame_that_never_ends_is_given_up(daemon, wire):
    wire.send_bytes(encode_varint(1000) + b"\x08\x01")
    wire.socket.settimeout(30)
    assert wire.is_closed()


def test_a_handshake_that_never_comes_is_given_up(daemon):
    with socket.create_connection(daemon.address, timeout=30) as raw:
        assert raw.recv(1) == b""


def test_a_client_that_never_says_hello_is_given_up(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER), hello=False, timeout=30) as connection:
        assert connection.is_closed()


def test_half_a_frame_and_gone(daemon):
    for _ in range(20):
        connection = Wire(daemon.address, daemon.bundle(SUBMITTER))
        connection.send_bytes(encode_varint(5000) + os.urandom(100))
        connection.abort()


def test_one_byte_at_a_time(daemon, wire):
    request = pb.Request(id=77, status=pb.StatusRequest()).SerializeToString()
    for byte in encode_varint(len(request)) + request:
        wire.send_bytes(bytes([byte]))
    response = wire.receive()
    assert response.id == 77 and response.status == pb.STATUS_OK


def test_many_requests_in_one_write(daemon, wire):
    data = b""
    for number in range(1000, 1200):
        request = pb.Request(id=number, status=pb.StatusRequest()).SerializeToString()
        data += encode_varint(len(request)) + request
    wire.send_bytes(data)
    answered = {wire.receive().id for _ in range(200)}
    assert answered == set(range(1000, 1200))


# ----------------------------------------------------------------------------------------------- protocol

def test_a_slow_reader_gets_every_answer_whole_and_in_order(daemon):
    """Its answers are more than the sockets hold, so that writes of the daemon block in the middle of a record and are taken up
    again."""
    count, each = 3000, 100
    graded = [pb.Interaction(classification=pb.CLASSIFICATION_SECRET)] * each  # refused with words, and only counted
    with Wire(daemon.address, daemon.bundle(SUBMITTER), timeout=60) as connection:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        first = connection.next_id
        data = b""
        for number in range(first, first + count):
            body = pb.Request(id=number, submit=pb.SubmitRequest(interactions=graded)).SerializeToString()
            data += encode_varint(len(body)) + body
        sent = received = 0

        def send_what_goes():
            nonlocal sent
            connection.socket.setblocking(False)
            try:
                while sent < len(data):
                    sent += connection.socket.send(data[sent:sent + 16384])
            except ssl.SSLWantWriteError:
                pass
            connection.socket.settimeout(60)
        before = daemon.metric("samordning_sent_bytes_total")
        send_what_goes()
        answered = [before]

        def stands_still():  # unread meanwhile: the daemon fills what is between us, and stops reading
            answered.append(daemon.metric("samordning_sent_bytes_total"))
            return before < answered[-1] and len(set(answered[-4:])) == 1
        wait_until(stands_still, 30, "the daemon stops", interval=0.2)
        for number in range(first, first + count):
            response = connection.receive()
            assert (response.id, response.status, len(response.submit.receipts)) == (number, pb.STATUS_OK, each)
            received += response.ByteSize()
            send_what_goes()
        assert received - (answered[-1] - before) > 1 << 20  # so much came only when we read
        connection.next_id = first + count


def test_another_protocol_version(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER), hello=False) as connection:
        response = connection.call(hello=pb.HelloRequest(protocol=2, software="harness"))
        assert response.status == pb.STATUS_UNSUPPORTED_VERSION and response.message


def test_a_verb_before_hello(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER), hello=False) as connection:
        try:
            assert connection.call(status=pb.StatusRequest()).status != pb.STATUS_OK
        except Closed:
            pass


def test_hello_says_who_we_are_and_the_limits(daemon, wire):
    assert wire.hello.organisation == SUBMITTER
    assert list(wire.hello.roles) == [pb.ACCESS_SUBMITTER]
    assert wire.hello.max_frame_bytes == 1024 * 1024 and wire.hello.max_batch == 2000 and wire.hello.max_in_flight > 0
    assert wire.hello.operator_name == "Digitaliseringsdirektoratet"


def test_a_request_without_a_body(daemon, wire):
    response = wire.call()
    assert response.status in (pb.STATUS_MALFORMED, pb.STATUS_INVALID, pb.STATUS_UNSUPPORTED_VERSION) and response.message


@pytest.mark.parametrize("body", [
    dict(analysis=pb.AnalysisRequest(family="graph", spec="from=2025-01-01 to=2026-01-01")),
    dict(actor_import=pb.ActorImportRequest(actors=[pb.ActorRecord(name_nb="Noen", kind="other")])),
    dict(case_import=pb.CaseImportRequest(cases=[pb.CaseRecord(ref="1")])),
    dict(need_import=pb.NeedImportRequest(items=[pb.NeedRecord(kind="goal", key="1")])),
    dict(reorganisation_import=pb.ReorganisationImportRequest(reorganisations=[pb.ReorganisationRecord(date="2024-01-01")])),
    dict(actor_resolve=pb.ActorResolveRequest(labels=["Noen"], actor="x")),
    dict(layer=pb.LayerRequest(add=[pb.LayerRecord(name="nytt_lag", label_nb="a", label_nn="a", label_en="a")])),
    dict(enrol=pb.EnrolRequest(orgnr=OTHER, name="x", roles=[pb.ACCESS_OPERATOR])),
])
def test_verbs_of_other_roles(daemon, wire, body):
    response = wire.call(**body)
    assert response.status == pb.STATUS_FORBIDDEN and response.message


def test_a_researcher_cannot_submit(daemon):
    with Wire(daemon.address, daemon.bundle(RESEARCHER)) as connection:
        assert connection.submit([meeting(WHEN, ["FIN", "KD"], unique())]).status == pb.STATUS_FORBIDDEN


def test_what_is_refused_as_a_whole_waits_and_can_be_put_aside(daemon, tmp_path):
    file, spool = tmp_path / "log.csv", tmp_path / "spool"
    file.write_text("interaction,type,time,actor,role\na,meeting,2025-03-03T09:00,FIN,chair\na,meeting,2025-03-03T09:00,KD,participant\n", encoding="utf-8")
    for waiting in (file, file):  # the second time the spool alone is refused, and the file is not read
        refused = daemon.client(RESEARCHER, "submit", waiting, "--spool", spool)
        assert refused.returncode == 6 and f"waits in {spool}" in refused.stderr and "spool discard" in refused.stderr, refused
    assert "1 interaction was put aside" in daemon.client(RESEARCHER, "spool", "discard", "--spool", spool, check=True).stdout
    assert len(list((spool / "discarded").iterdir())) == 1
    assert "0 interactions" in daemon.client(RESEARCHER, "spool", "status", "--spool", spool, check=True).stdout
    assert "0 interactions" in daemon.client(RESEARCHER, "spool", "discard", "--spool", spool, check=True).stdout


def test_plain_tls_1_2_is_taken_and_1_1_is_not(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER), version=ssl.TLSVersion.TLSv1_2) as connection:
        assert connection.socket.version() == "TLSv1.2"
    with pytest.raises((ssl.SSLError, Closed, ConnectionError)):
        Wire(daemon.address, daemon.bundle(SUBMITTER), version=ssl.TLSVersion.TLSv1_1)


def test_without_a_client_certificate(daemon):
    with pytest.raises((ssl.SSLError, Closed, ConnectionError)):
        Wire(daemon.address, daemon.bundle(SUBMITTER), certificate=False)


def test_connections_of_one_organisation_are_limited(daemon):
    held = []
    try:
        with pytest.raises((AssertionError, ssl.SSLError, Closed, ConnectionError)):
            for _ in range(60):
                held.append(Wire(daemon.address, daemon.bundle(OTHER)))
        assert 30 <= len(held) <= 40
        with Wire(daemon.address, daemon.bundle(SUBMITTER)) as neighbour:
            assert neighbour.call(status=pb.StatusRequest()).status == pb.STATUS_OK
    finally:
        for connection in held:
            connection.close()

    def again():
        with Wire(daemon.address, daemon.bundle(OTHER)):
            return True
    wait_until(again, 10, "the organisation can connect again")


# ------------------------------------------------------------------------------------------ interactions

def bad(**changes):
    """A good meeting with something wrong in it."""
    interaction = meeting(WHEN, ["FIN", "KD"], unique())
    for field, value in changes.items():
        if field == "participants":
            del interaction.participants[:]
            interaction.participants.extend(value)
        else:
            setattr(interaction, field, value)
    return interaction


def person(actor, role=pb.ROLE_PARTICIPANT, **more):
    return pb.Participant(actor=actor, role=role, **more)


BAD = {
    "no type": (bad(type=""), "type"),
    "unknown type": (bad(type="finnes_ikke"), "type"),
    "type with a blank and capitals": (bad(type="Et Møte!"), "type"),
    "no time": (bad(time=0), "time"),
    "before 1970": (bad(time=-5 * DAY), "time"),
    "far in the future": (bad(time=WHEN + 4000 * DAY), "time"),
    "end before start": (bad(end=WHEN - SECOND), "end"),
    "end out of range": (bad(end=2 ** 62), "end"),
    "one participant": (bad(participants=[person("FIN")]), "participants"),
    "none": (bad(participants=[]), "participants"),
    "an empty name": (bad(participants=[person("FIN"), person("")]), "participants[1].actor"),
    "a long name": (bad(participants=[person("FIN"), person("x" * 5000)]), "participants[1].actor"),
    "NUL in a name": (bad(participants=[person("FIN"), person("K\0D")]), "participants[1].actor"),
    "a control character": (bad(participants=[person("FIN"), person("K\x07D")]), "participants[1].actor"),
    "the same twice": (bad(participants=[person("FIN"), person("FIN")]), "participants"),
    "reply before receipt": (bad(type="consultation", participants=[person("FIN", pb.ROLE_SENDER), person(
        "KD", pb.ROLE_ADDRESSEE, received=WHEN + DAY, replied=WHEN)]), "participants[1].replied"),
    "deadline before receipt": (bad(type="consultation", participants=[person("FIN", pb.ROLE_SENDER), person(
        "KD", pb.ROLE_ADDRESSEE, received=WHEN + DAY, deadline=WHEN)]), "participants[1].deadline"),
    "unknown role": (bad(participants=[person("FIN"), person("KD", 99)]), "participants[1].role"),
    "unknown stage": (bad(stage=77), "stage"),
    "negative weight": (bad(weight=-1.0), "weight"),
    "weight that is no number": (bad(weight=float("nan")), "weight"),
    "infinite weight": (bad(weight=float("inf")), "weight"),
    "short id": (bad(id=b"12345"), "id"),
    "id of another time": (bad(id=uuid.UUID("01810000-0000-7000-8000-000000000000").bytes), "id"),
    "id of version 4": (bad(id=uuid.uuid4().bytes), "id"),
    "long case": (bad(case_ref="x" * 3000), "case_ref"),
    "ten thousand participants": (bad(participants=[person(f"Aktør {n}") for n in range(10000)]), "participants"),
}


@pytest.mark.parametrize("what", sorted(BAD))
def test_a_bad_interaction_is_rejected_and_its_neighbours_are_kept(daemon, wire, what):
    interaction, field = BAD[what]
    before = daemon.stored()
    good = [meeting(WHEN + n * SECOND, ["FIN", "KD"], unique()) for n in range(4)]
    response = wire.submit([*good[:2], interaction, *good[2:]])
    assert response.status == pb.STATUS_OK
    receipts = response.submit.receipts
    assert [r.state for r in receipts[:2]] + [r.state for r in receipts[3:]] == [pb.RECEIPT_STORED] * 4
    assert receipts[2].state == pb.RECEIPT_REJECTED
    assert receipts[2].status == pb.STATUS_INVALID
    assert receipts[2].field.startswith(field), receipts[2]
    assert receipts[2].reason
    assert daemon.stored() == before + 4
    quarantined = daemon.query("SELECT field, reason FROM report.quarantine ORDER BY id DESC LIMIT 1")[0]
    assert quarantined[0] == receipts[2].field and quarantined[1] == receipts[2].reason


def test_invalid_utf8_in_a_name(daemon, wire):
    before = daemon.stored()
    good = pb.Request(id=900, submit=pb.SubmitRequest(interactions=[meeting(WHEN, ["FIN", "QQQQQ"], unique()),
                                                                     meeting(WHEN, ["FIN", "KD"], unique())]))
    data = good.SerializeToString().replace(b"QQQQQ", b"\xc3\x28\xffQ\xfe")
    wire.send_bytes(encode_varint(len(data)) + data)
    response = wire.receive()
    assert response.id == 900 and response.status == pb.STATUS_OK
    assert [r.state for r in response.submit.receipts] == [pb.RECEIPT_REJECTED, pb.RECEIPT_STORED]
    assert response.submit.receipts[0].field == "participants[1].actor"
    assert daemon.stored() == before + 1


def test_half_a_letter_at_the_end_of_a_name(daemon, wire):
    good = pb.Request(id=901, submit=pb.SubmitRequest(interactions=[meeting(WHEN, ["FIN", "QQQQQ"], unique())]))
    data = good.SerializeToString().replace(b"QQQQQ", "Møreæ".encode("latin-1"))
    wire.send_bytes(encode_varint(len(data)) + data)
    receipt = wire.receive().submit.receipts[0]
    assert receipt.state == pb.RECEIPT_REJECTED and "UTF-8" in receipt.reason


@pytest.mark.parametrize("grade", range(2, 8))
def test_graded_material_is_refused_and_only_counted(daemon, wire, grade):
    secret = f"Operasjon {unique()}"
    before = daemon.value("SELECT coalesce(sum(count), 0) FROM report.refused WHERE classification = %s", (grade,))
    response = wire.submit([meeting(WHEN, ["FIN", secret], unique(), classification=grade),
                            meeting(WHEN, ["FIN", "KD"], unique())])
    receipts = response.submit.receipts
    assert receipts[0].state == pb.RECEIPT_REJECTED and receipts[0].status == pb.STATUS_CLASSIFIED
    assert receipts[1].state == pb.RECEIPT_STORED
    assert daemon.value("SELECT sum(count) FROM report.refused WHERE classification = %s", (grade,)) == before + 1
    assert daemon.value("SELECT count(*) FROM register.label WHERE text = %s", (secret,)) == 0
    kept = "SELECT count(*) FROM report.quarantine WHERE position(%s in coalesce(content, '')) > 0 OR reason LIKE %s"
    assert daemon.value(kept, (secret.encode(), f"%{secret}%")) == 0
    assert secret not in daemon.process.text()


def test_self_ties_are_taken_where_they_make_sense(daemon, wire):
    letter = bad(type="letter", participants=[person("FIN", pb.ROLE_SENDER), person("FIN", pb.ROLE_ADDRESSEE)])
    assert wire.submit([letter]).submit.receipts[0].state == pb.RECEIPT_STORED


def test_five_thousand_participants_are_taken(daemon, wire):
    crowd = bad(participants=[person(f"Deltaker {n}") for n in range(5000)])
    receipt = wire.submit([crowd]).submit.receipts[0]
    assert receipt.state == pb.RECEIPT_STORED and receipt.waiting_actors == 5000


def test_too_many_interactions_in_one_submission(daemon, wire):
    response = wire.submit([meeting(WHEN + n, ["FIN", "KD"], f"mange-{n}") for n in range(2001)])
    assert response.status in (pb.STATUS_TOO_LARGE, pb.STATUS_INVALID) and response.message
    assert daemon.value("SELECT count(*) FROM report.interaction WHERE source_id LIKE 'mange-%'") == 0


def test_an_empty_submission(daemon, wire):
    response = wire.submit([])
    assert response.status in (pb.STATUS_OK, pb.STATUS_INVALID)
    assert len(response.submit.receipts) == 0


# -------------------------------------------------------------------- again, otherwise, by others, taken back

def test_the_same_again_is_already_stored_also_within_a_submission(daemon, wire):
    one = meeting(WHEN, ["FIN", "KD"], unique())
    first = wire.submit([one, one]).submit.receipts
    assert sorted(r.state for r in first) == [pb.RECEIPT_STORED, pb.RECEIPT_ALREADY_STORED]
    again = wire.submit([one]).submit.receipts[0]
    assert again.state == pb.RECEIPT_ALREADY_STORED and again.id == first[0].id == first[1].id
    assert daemon.value("SELECT count(*) FROM report.interaction WHERE source_id = %s", (one.source_id,)) == 1


def test_other_content_under_the_same_id_is_a_conflict(daemon, wire):
    one = meeting(WHEN, ["FIN", "KD"], unique())
    wire.submit([one])
    one.participants.add(actor="HOD", role=pb.ROLE_PARTICIPANT)
    receipt = wire.submit([one]).submit.receipts[0]
    assert receipt.state == pb.RECEIPT_CONFLICT
    assert daemon.value("SELECT cardinality(labels) FROM report.interaction WHERE source_id = %s", (one.source_id,)) == 2


def test_two_versions_in_one_submission(daemon, wire):
    one, two = meeting(WHEN, ["FIN", "KD"], "to-" + unique()), pb.Interaction()
    two.CopyFrom(one)
    two.participants.add(actor="HOD", role=pb.ROLE_PARTICIPANT)
    states = sorted(r.state for r in wire.submit([one, two]).submit.receipts)
    assert states == [pb.RECEIPT_STORED, pb.RECEIPT_CONFLICT]


def test_a_correction_keeps_history(daemon, wire):
    one = meeting(WHEN, ["FIN", "KD"], unique())
    wire.submit([one])
    one.participants.add(actor="HOD", role=pb.ROLE_PARTICIPANT)
    receipt = wire.submit([one], intent=pb.SUBMIT_CORRECTION).submit.receipts[0]
    assert receipt.state == pb.RECEIPT_CORRECTED
    assert daemon.value("SELECT cardinality(labels) FROM report.interaction WHERE source_id = %s", (one.source_id,)) == 2
    assert daemon.query("SELECT kind, cardinality(labels) FROM report.supplement WHERE source_id = %s",
                        (one.source_id,)) == [(2, 3)]
    again = wire.submit([one], intent=pb.SUBMIT_CORRECTION).submit.receipts[0]
    assert again.state in (pb.RECEIPT_ALREADY_STORED, pb.RECEIPT_CORRECTED)
    assert daemon.value("SELECT count(*) FROM report.supplement WHERE source_id = %s", (one.source_id,)) == 1


def test_another_organisation_is_a_witness(daemon, wire):
    one = meeting(WHEN, ["FIN", "KD"], unique())
    wire.submit([one])
    with Wire(daemon.address, daemon.bundle(OTHER)) as other:
        assert other.submit([one]).submit.receipts[0].state == pb.RECEIPT_WITNESSED
        assert other.submit([one]).submit.receipts[0].state == pb.RECEIPT_ALREADY_STORED
        one.participants.add(actor="HOD", role=pb.ROLE_PARTICIPANT)
        assert other.submit([one]).submit.receipts[0].state == pb.RECEIPT_CONFLICT
    assert daemon.value("SELECT count(*) FROM report.supplement WHERE source_id = %s", (one.source_id,)) == 1


def test_a_withdrawal_leaves_a_tombstone(daemon, wire):
    one = meeting(WHEN, ["FIN", "KD"], unique())
    identifier = wire.submit([one]).submit.receipts[0].id
    response = wire.call(withdraw=pb.WithdrawRequest(ids=[identifier], reason="feil møte"))
    assert response.status == pb.STATUS_OK and response.withdraw.receipts[0].state == pb.RECEIPT_WITHDRAWN
    assert daemon.value("SELECT count(*) FROM report.interaction WHERE source_id = %s", (one.source_id,)) == 1
    assert daemon.query("SELECT kind, reason FROM report.supplement WHERE id = %s",
                        (str(uuid.UUID(bytes=identifier)),)) == [(3, "feil møte")]
    assert wire.submit([one]).submit.receipts[0].state == pb.RECEIPT_WITHDRAWN
    again = wire.call(withdraw=pb.WithdrawRequest(ids=[identifier], reason="igjen")).withdraw.receipts[0]
    assert again.state in (pb.RECEIPT_ALREADY_STORED, pb.RECEIPT_WITHDRAWN)
    assert daemon.value("SELECT count(*) FROM report.supplement WHERE id = %s", (str(uuid.UUID(bytes=identifier)),)) == 1


def test_nobody_withdraws_what_others_reported(daemon, wire):
    identifier = wire.submit([meeting(WHEN, ["FIN", "KD"], unique())]).submit.receipts[0].id
    with Wire(daemon.address, daemon.bundle(OTHER)) as other:
        response = other.call(withdraw=pb.WithdrawRequest(ids=[identifier,
                                                               uuid.UUID("01950000-0000-8000-8000-000000000000").bytes]))
        receipts = response.withdraw.receipts
        assert [r.state for r in receipts] == [pb.RECEIPT_REJECTED] * 2
        assert receipts[0].status in (pb.STATUS_FORBIDDEN, pb.STATUS_NOT_FOUND) and receipts[1].status == pb.STATUS_NOT_FOUND
    assert daemon.value("SELECT count(*) FROM report.supplement WHERE id = %s", (str(uuid.UUID(bytes=identifier)),)) == 0


def test_ids_are_time_ordered_and_derived_alike(daemon, wire):
    one = meeting(WHEN, ["FIN", "KD"], unique())
    identifier = uuid.UUID(bytes=wire.submit([one]).submit.receipts[0].id)
    assert identifier.version == 8 and identifier.int >> 80 == WHEN // 1000
    one.id = identifier.bytes
    assert wire.submit([one]).submit.receipts[0].state == pb.RECEIPT_ALREADY_STORED


def test_metrics_count_what_was_answered(daemon, wire):
    before = daemon.metrics()
    wire.submit([meeting(WHEN, ["FIN", "KD"], unique()), bad(type="")])
    after = daemon.metrics()
    grown = {name for name in after if after[name] > before.get(name, 0)}
    assert any("interaction" in name or "receipt" in name for name in grown), grown
    assert all(not name.endswith("_total") or after[name] >= before.get(name, 0) for name in after)


def test_http_gives_nothing_else(daemon):
    assert daemon.http("/health")[0] == 200
    assert daemon.http("/ready")[0] == 200
    assert daemon.http("/")[0] == 404
    assert daemon.http("/../etc/passwd")[0] in (400, 404)
