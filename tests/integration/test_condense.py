# SPDX-License-Identifier: GPL-3.0-or-later
"""Condensing from gists: days go on in their blocks, and the blocks are those that reading all rows gives, byte for byte."""
import datetime
import random
import uuid
import zoneinfo

import pytest

import samordning_pb2 as pb
from harness.waiting import wait_until
from harness.wire import Wire, meeting, microseconds

OSLO = zoneinfo.ZoneInfo("Europe/Oslo")
FIRST, SECOND, THIRD = "972417807", "872417842", "983887406"
NAMES = ["FIN", "KD", "KLD", "NFD", "Skatteetaten", "Kirkens Nødhjelp"]
DAEMON_SETTINGS = {"condense_quiet_ms": 86400000, "condense_max_wait_ms": 86400000}  # only when a test asks


@pytest.fixture(scope="module")
def daemon(module_daemon):
    for orgnr in (FIRST, SECOND, THIRD):
        module_daemon.enrol(orgnr)
    return module_daemon


@pytest.fixture
def lines(daemon):
    connections = {orgnr: Wire(daemon.address, daemon.bundle(orgnr)) for orgnr in (FIRST, SECOND, THIRD)}
    yield connections
    for connection in connections.values():
        connection.close()


def moment(day, minute):
    return microseconds(datetime.datetime(2014, 3, day, tzinfo=OSLO) + datetime.timedelta(minutes=minute))


def some_meetings(day, count, prefix):
    return [meeting(moment(day, 600 + n), NAMES[n % 3:n % 3 + 2 + n % 2], f"{prefix}-{n}") for n in range(count)]


def stored(response, *states):
    assert response.status == pb.STATUS_OK, response
    assert {receipt.state for receipt in response.submit.receipts} <= set(states or [pb.RECEIPT_STORED]), response
    return [bytes(receipt.id) for receipt in response.submit.receipts]


def condense(daemon):
    job = daemon.value("SELECT knowledge.request_job('condense', '', '', false, 0)")
    state = wait_until(lambda: daemon.value("SELECT state FROM knowledge.job WHERE id = %s AND state NOT IN ('waiting', 'running')", [job]),
                       60, "condensed")
    assert state == "done", daemon.query("SELECT error FROM knowledge.job WHERE id = %s", [job])
    assert daemon.value("SELECT count(*) FROM report.touched") == 0
    return blocks(daemon)


def blocks(daemon):
    return [(str(day), layer, digest, interactions, dyads, bytes(block)) for day, layer, digest, interactions, dyads, block in daemon.query(
        "SELECT day, layer, digest, interactions, dyads, block FROM knowledge.day_block ORDER BY day, layer")]


def rebuilt(daemon):
    """The blocks that reading every row gives."""
    daemon.query("UPDATE knowledge.day_block SET format = 0")
    return condense(daemon)


class RowsAway:
    """While rows are away, whoever reads them finds none."""

    def __init__(self, daemon):
        self.daemon = daemon

    def __enter__(self):
        self.daemon.query("CREATE TABLE away AS SELECT * FROM report.interaction")
        self.daemon.query("DELETE FROM report.interaction")

    def __exit__(self, *_):
        self.daemon.query("INSERT INTO report.interaction SELECT * FROM away")
        self.daemon.query("DROP TABLE away")


@pytest.fixture(autouse=True)
def empty(daemon):
    for table in ("report.touched", "report.interaction", "report.supplement", "knowledge.day_block", "register.case_file"):
        daemon.query(f"TRUNCATE {table} CASCADE")


def test_rows_are_not_read(daemon, lines):
    stored(lines[FIRST].submit(some_meetings(3, 30, "a") + some_meetings(4, 12, "b")))
    assert daemon.value("SELECT bool_and(gist IS NOT NULL) FROM report.touched")
    with RowsAway(daemon):
        first = condense(daemon)
    assert [(day, interactions) for day, _, _, interactions, _, _ in first] == [("2014-03-03", 30), ("2014-03-04", 12)]
    assert rebuilt(daemon) == first
    stored(lines[FIRST].submit(some_meetings(4, 20, "c")))
    with RowsAway(daemon):
        second = condense(daemon)
    assert second[0] == first[0] and second[1][3] == 32
    assert rebuilt(daemon) == second


def test_cases_are_noted(daemon, lines):
    first = some_meetings(4, 15, "a")
    for n, interaction in enumerate(first):
        interaction.case_ref = ['14/1 "A"', "14\\2", ""][n % 3]
    later = some_meetings(6, 15, "b")
    for interaction in later:
        interaction.case_ref = "14\\2"
    few = some_meetings(2, 3, "c")  # no gist
    few[0].case_ref = '14/1 "A"'
    for interactions in (first, later, few):
        stored(lines[FIRST].submit(interactions))
        condense(daemon)
    assert daemon.query("SELECT ref, first_seen_on::text, last_seen_on::text FROM register.case_file ORDER BY ref") == \
        [('14/1 "A"', "2014-03-02", "2014-03-04"), ("14\\2", "2014-03-04", "2014-03-06")]


def test_one_event_told_by_two(daemon, lines):
    """The second report comes in another gathering, a little later by its own clock, before and after the day was condensed."""
    def told(minute, end=None):
        interactions = [meeting(moment(5, minute), NAMES[n:n + 2], f"told-{n}") for n in range(3)] + some_meetings(5, 10, f"m{minute}")
        for interaction in interactions:
            interaction.end = moment(5, end) if end else 0
        return interactions
    stored(lines[FIRST].submit(told(600)))
    stored(lines[SECOND].submit(told(605, 700)))
    both = condense(daemon)
    assert sum(row[3] for row in both) == 23
    assert rebuilt(daemon) == both
    stored(lines[THIRD].submit(told(610)))
    three = condense(daemon)
    assert sum(row[3] for row in three) == 33
    assert rebuilt(daemon) == three


def test_corrections_and_withdrawals(daemon, lines):
    ids = stored(lines[FIRST].submit(some_meetings(7, 20, "a")))
    first = condense(daemon)
    corrected = some_meetings(7, 20, "a")[:10]
    for interaction in corrected:
        interaction.participants[0].actor = NAMES[5]
    stored(lines[FIRST].submit(corrected, intent=pb.SUBMIT_CORRECTION), pb.RECEIPT_CORRECTED)
    stored(lines[FIRST].submit(some_meetings(7, 15, "more")))  # its gist comes on top of what is no longer so
    second = condense(daemon)
    assert second[0][5] != first[0][5] and second[0][3] == 35
    assert rebuilt(daemon) == second
    lines[FIRST].call(withdraw=pb.WithdrawRequest(ids=ids))
    stored(lines[FIRST].submit(some_meetings(7, 15, "again")))
    third = condense(daemon)
    assert third[0][3] == 30
    assert rebuilt(daemon) == third


def test_a_day_whose_reports_were_all_withdrawn(daemon, lines):
    ids = stored(lines[FIRST].submit(some_meetings(8, 20, "a")))
    lines[FIRST].call(withdraw=pb.WithdrawRequest(ids=ids))
    assert condense(daemon) == []
    stored(lines[SECOND].submit(some_meetings(8, 12, "b")))
    last = condense(daemon)
    stored(lines[SECOND].submit(some_meetings(8, 3, "c")))  # the day's rows are read
    whole = condense(daemon)
    assert (last[0][3], whole[0][3]) == (12, 15)
    assert rebuilt(daemon) == whole


def test_what_cannot_be_gone_on_from(daemon, lines):
    stored(lines[FIRST].submit(some_meetings(9, 20, "a")))
    daemon.query("UPDATE report.touched SET gist = '\\x63'")    # of another format
    first = condense(daemon)
    assert first[0][3] == 20
    stored(lines[FIRST].submit(some_meetings(9, 20, "b")))
    daemon.query("UPDATE report.touched SET gist = substr(gist, 1, octet_length(gist) - 3)")
    assert condense(daemon)[0][3] == 40
    stored(lines[FIRST].submit(some_meetings(9, 20, "c")))
    daemon.query("UPDATE knowledge.day_block SET block = overlay(block PLACING '\\xff' FROM 12)")
    third = condense(daemon)
    assert third[0][3] == 60
    assert rebuilt(daemon) == third


def random_interaction(generator, number):
    day = generator.randint(10, 14)
    kind = generator.choice(["meeting", "meeting", "consultation", "letter"])
    # the hours around midnight: gatherings whose days overlap
    interaction = meeting(moment(day, generator.choice([5, 700, 1430]) + generator.randint(0, 9)), generator.sample(NAMES, generator.randint(2, 5)),
                          f"r{number}" if generator.random() < 0.6 else "", kind=kind)
    if not interaction.source_id:
        identity = bytearray(uuid.UUID(int=generator.getrandbits(128), version=4).bytes)
        identity[:6] = (interaction.time // 1000).to_bytes(6, "big")
        identity[6] = 0x70 | identity[6] & 0x0F
        interaction.id = bytes(identity)
    if kind != "meeting":
        for place, participant in enumerate(interaction.participants):
            participant.role = pb.ROLE_SENDER if place == 0 else pb.ROLE_ADDRESSEE
            participant.outcome = generator.choice([0, 0, 1, 5, 6]) if kind == "consultation" and place else 0
    interaction.weight = generator.choice([0, 0, 1, 2.5])
    interaction.end = interaction.time + generator.choice([5_400_000_000, 2_730_000_123]) if generator.random() < 0.5 else 0
    return interaction


@pytest.mark.parametrize("seed", range(2))
def test_in_any_order(daemon, lines, seed):
    """Three organisations, derived and random ids, events told again, corrections and withdrawals, condensed now and then."""
    generator = random.Random(seed)
    said = {orgnr: [] for orgnr in lines}
    number = 0
    for _ in range(20):
        orgnr = generator.choice(list(lines))
        interactions = []
        for _ in range(generator.choice([1, 5, 20, 60])):
            others = [i for other in lines if other != orgnr for i in said[other] if i.source_id]
            if others and generator.random() < 0.15:
                told = pb.Interaction()
                told.CopyFrom(generator.choice(others))
                told.ClearField("id")  # derived anew: with another time another id, with the same hash part
                told.time += generator.choice([0, 1_234, 60_000_000])
                told.end = told.time + 1_800_000_000 if generator.random() < 0.5 else 0
                interactions.append(told)
            else:
                number += 1
                interactions.append(random_interaction(generator, number))
        response = lines[orgnr].submit(interactions)
        assert response.status == pb.STATUS_OK
        for interaction, receipt in zip(interactions, response.submit.receipts):
            assert receipt.state in (pb.RECEIPT_STORED, pb.RECEIPT_WITNESSED, pb.RECEIPT_ALREADY_STORED, pb.RECEIPT_CONFLICT), receipt
            if receipt.state == pb.RECEIPT_STORED:
                interaction.id = receipt.id
                said[orgnr].append(interaction)
        if said[orgnr] and generator.random() < 0.1:
            lines[orgnr].call(withdraw=pb.WithdrawRequest(ids=[generator.choice(said[orgnr]).id]))
        if said[orgnr] and generator.random() < 0.1:
            correction = generator.choice(said[orgnr])
            correction.weight = 7
            lines[orgnr].submit([correction], intent=pb.SUBMIT_CORRECTION)
        if generator.random() < 0.4:
            condense(daemon)
    last = condense(daemon)
    assert last and rebuilt(daemon) == last
