# SPDX-License-Identifier: GPL-3.0-or-later
"""Small questionnaires and waves, and the person behind a link: the form's verbs as the daemon calls them."""
import hashlib
import json
import threading
import time

import survey_pb2 as sv
from google.protobuf import json_format

FIN, KLD, NFD, JD = "972417807", "972417882", "912660680", "972417831"
NAMES = {FIN: ("FIN", "Finansdepartementet"), KLD: ("KLD", "Klima- og miljødepartementet"), NFD: ("NFD", "Nærings- og fiskeridepartementet"),
         JD: ("JD", "Justis- og beredskapsdepartementet")}
SECOND = 1_000_000


def text(nb, nn=None, en=None):
    return {"nb": nb, "nn": nb if nn is None else nn, "en": en or nb}


def scale(*labels):
    return [{"value": value, "label": text(label)} for value, label in enumerate(labels, 1)]


def questionnaire(key="liten", **changes):
    """One roster with two parts, a choice that a later number hangs on, and a free text."""
    return json_format.ParseDict({
        "key": key, "title": text("Liten undersøkelse", "Lita undersøking", "Small survey"), "consent": text("Frivillig"),
        "sections": [
            {"id": "first", "title": text("Kontakt"), "items": [
                {"id": "contact", "kind": "ITEM_ROSTER", "text": text("Kontakt"), "actors": {"kinds": ["ministry"]}, "no_contact": text("Ingen kontakt"),
                 "parts": [{"id": "often", "kind": "ITEM_LIKERT", "text": text("Hvor ofte"), "choices": scale("sjelden", "av og til", "ofte"), "required": True,
                            "relation": "contact_actual"},
                           {"id": "needed", "kind": "ITEM_LIKERT", "text": text("Behov"), "choices": scale("lite", "noe", "mye")}]}]},
            {"id": "second", "title": text("Annet"), "items": [
                {"id": "kind", "kind": "ITEM_SINGLE", "text": text("Hva"), "choices": scale("ja", "nei"), "dont_know": True},
                {"id": "days", "kind": "ITEM_NUMBER", "text": text("Dager"), "max": 30, "whole": True,
                 "show_when": [{"item": "kind", "test": "TEST_ANY_OF", "values": [1]}]},
                {"id": "words", "kind": "ITEM_TEXT", "text": text("Med egne ord")}]}], **changes}, sv.Instrument())


def answer(item, *values, target="", state=sv.ANSWER_GIVEN, words=""):
    return sv.Answer(item=item, target=target, state=state, values=values, text=words)


def whole(own, often=2):
    """A complete answer of that organisation about the others."""
    return [answer("often", often, target=other) for other in NAMES if other != own] + [answer("kind", 1), answer("days", 7)]


def now_us(seconds=0.0):
    return int((time.time() + seconds) * SECOND)


def wave(key, instrument="liten", closes_in=3600.0, **changes):
    return sv.Wave(key=key, title=sv.LocalText(nb="Bølge", nn="Bølgje", en="Wave"), instrument=instrument, opens_at=now_us(-60), closes_at=now_us(closes_in),
                   **{"personal": True, **changes})


def import_ministries(daemon, operator):
    with open(daemon.root / "ministries.csv", "w", encoding="utf-8") as file:
        file.write("key,kind,name_nb,abbreviation,orgnr\n")
        for orgnr, (short, name) in NAMES.items():
            file.write(f"{orgnr},ministry,{name},{short},{orgnr}\n")
    daemon.client(operator, "actors", "import", daemon.root / "ministries.csv", check=True)


class Person:
    """Who came with a link. Speaks to the database as the daemon does for the form."""

    connections = {}    # one a daemon and thread

    def __init__(self, daemon, link):
        self.daemon = daemon
        self.hash = hashlib.sha256(link.removeprefix("/s/").encode()).digest()

    def row(self, sql, *arguments):
        whose = (self.daemon.root, threading.get_ident())
        if whose not in self.connections:
            self.connections[whose] = self.daemon.connect()
        with self.connections[whose].cursor() as cursor:
            cursor.execute(sql, arguments)
            names = [column.name for column in cursor.description]
            return dict(zip(names, cursor.fetchone()))

    def visit(self):
        seen = self.row("SELECT * FROM survey.visit(%s)", self.hash)
        if seen["pages"]:
            seen["pages"] = {page["section"]: page for page in json.loads(seen["pages"])}
        return seen

    @staticmethod
    def content(answers):
        return json.dumps([{key: value for key, value in (("item", a.item), ("target", a.target), ("state", a.state), ("values", list(a.values)),
                                                          ("text", a.text)) if value} for a in answers])

    def save(self, section, revision, answers):
        return self.row("SELECT * FROM survey.save_pages(%s, %s, %s, %s)", [self.hash], [section], [revision], [self.content(answers)])

    def decide(self, decision, answers=()):
        number = ("submit", "withdraw", "reopen", "sign", "return").index(decision)
        return self.row("SELECT * FROM survey.decide(%s, %s, %s)", self.hash, number, self.content(answers))
