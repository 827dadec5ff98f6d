# SPDX-License-Identifier: GPL-3.0-or-later
"""A questionnaire with every kind of item, a large register, waves in every state, and a browser without scripts, for the form's tests."""
import gzip
import html
import http.client
import json
import pathlib
import re
import ssl
import time
import urllib.parse

import samordning_pb2 as pb
import survey_pb2 as sv
from google.protobuf import json_format

from .daemon import OPERATOR
from .wire import Wire

SOURCE = pathlib.Path(__file__).resolve().parents[3]
SETTINGS = {"web_listen": "127.0.0.1:0", "workers": "0"}

SECOND = 1_000_000
OWN = "000000001"


def text(nb, nn=None, en=None):
    return {"nb": nb, "nn": nn or nb, "en": en or nb}


def choices(*labels, **more):
    return [{"value": value, "label": label if isinstance(label, dict) else text(label), **more.get(f"of_{value}", {})} for value, label in enumerate(labels, 1)]


def often():
    return choices(text("Aldri", "Aldri", "Never"), text("Sjelden", "Sjeldan", "Rarely"), text("Av og til", "Av og til", "Sometimes"), text("Ofte", "Ofte", "Often"))


def instrument(key="alt"):
    yes_no = choices(text("Ja", "Ja", "Yes"), text("Nei", "Nei", "No"))
    return {
        "key": key,
        "title": text("Samordning i departementene", "Samordning i departementa", "Coordination between ministries"),
        "introduction": text("Denne undersøkelsen handler om hvordan {organisation} arbeider sammen med andre. Den tar ti minutter.",
                             "Denne undersøkinga handlar om korleis {organisation} arbeider saman med andre. Ho tek ti minutt.",
                             "This survey is about how {organisation} works with others. It takes ten minutes."),
        "consent": text("Svarene brukes til å forstå samordning. Det er frivillig.", "Svara blir brukte til å forstå samordning. Det er frivillig.",
                        "The answers are used to understand coordination. Answering is voluntary."),
        "closing": text("Resultatene kommer til høsten.", "Resultata kjem til hausten.", "The results come in autumn."),
        "sections": [
            {"id": "about", "title": text("Om deg", "Om deg", "About you"), "text": text("Først litt om arbeidet ditt.", None, "First a little about your work."), "items": [
                {"id": "leads", "kind": "ITEM_SINGLE", "required": True, "not_relevant": True, "dont_know": True, "choices": yes_no,
                 "text": text("Leder du arbeid på tvers?", "Leier du arbeid på tvers?", "Do you lead work across ministries?"),
                 "help": text("Tenk på det siste året.", "Tenk på det siste året.", "Think of the last year.")},
                {"id": "groups", "kind": "ITEM_NUMBER", "whole": True, "max": 40, "unit": text("grupper", None, "groups"),
                 "text": text("Hvor mange grupper leder du?", "Kor mange grupper leier du?", "How many groups do you lead?"),
                 "show_when": [{"item": "leads", "test": "TEST_ANY_OF", "values": [1]}]},
                {"id": "means", "kind": "ITEM_MULTIPLE", "dont_know": True,
                 "choices": choices(text("Møter", None, "Meetings"), text("Notater", "Notat", "Notes"), text("Ingen av delene", "Ingen av delane", "Neither"), of_3={"exclusive": True}),
                 "text": text("Hva bruker dere?", "Kva bruker de?", "What do you use?")},
                {"id": "quality", "kind": "ITEM_LIKERT", "not_relevant": True, "text": text("Hvor godt virker det?", "Kor godt verkar det?", "How well does it work?"),
                 "choices": choices(text("Svært dårlig", "Svært dårleg", "Very badly"), text("Dårlig", "Dårleg", "Badly"), text("Verken eller", "Verken eller", "Neither"),
                                    text("Godt", "Godt", "Well"), text("Svært godt", "Svært godt", "Very well"))},
                {"id": "share", "kind": "ITEM_NUMBER", "min": 0, "max": 100, "dont_know": True, "unit": text("prosent", None, "per cent"),
                 "text": text("Hvor stor del av tiden?", "Kor stor del av tida?", "What share of your time?")},
                {"id": "since", "kind": "ITEM_DATE", "text": text("Når begynte du?", "Når begynte du?", "When did you begin?")},
                {"id": "words", "kind": "ITEM_TEXT", "text_max": 200, "text": text("Noe å legge til?", "Noko å leggje til?", "Anything to add?")}]},
            {"id": "contact", "title": text("Kontakt", None, "Contact"), "items": [
                {"id": "roster", "kind": "ITEM_ROSTER", "actors": {"kinds": ["ministry"]}, "keep_order": True,
                 "text": text("Hvem har dere kontakt med?", "Kven har de kontakt med?", "Whom are you in contact with?"),
                 "no_contact": text("Ingen kontakt", None, "No contact"),
                 "parts": [
                     {"id": "contact_often", "kind": "ITEM_LIKERT", "choices": often(), "text": text("Hvor ofte med {actor}?", "Kor ofte med {actor}?", "How often with {actor}?")},
                     {"id": "contact_needed", "kind": "ITEM_LIKERT", "choices": often(), "dont_know": True,
                      "text": text("Hvor ofte burde det være?", "Kor ofte burde det vere?", "How often should it be?")},
                     {"id": "contact_kinds", "kind": "ITEM_MULTIPLE", "choices": choices(text("Møter", None, "Meetings"), text("Telefon", None, "Telephone")),
                      "text": text("På hvilken måte?", "På kva måte?", "In what way?")},
                     {"id": "contact_hours", "kind": "ITEM_NUMBER", "max": 40, "unit": text("timer", "timar", "hours"), "text": text("Timer i uken?", "Timar i veka?", "Hours a week?")}]}]},
            {"id": "others", "title": text("Andre virksomheter", "Andre verksemder", "Other bodies"), "items": [
                {"id": "bodies", "kind": "ITEM_NAMES", "names_max": 3, "allow_unknown": True, "text": text("Hvem andre?", "Kven andre?", "Who else?"),
                 "parts": [{"id": "bodies_often", "kind": "ITEM_LIKERT", "choices": often(), "text": text("Hvor ofte?", "Kor ofte?", "How often?")}]}]},
            {"id": "means_section", "title": text("Ordninger", "Ordningar", "Arrangements"), "items": [
                {"id": "info", "kind": "ITEM_INFORMATION", "text": text("Nå kommer tre ting.", "No kjem tre ting.", "Now three things follow.")},
                {"id": "order", "kind": "ITEM_RANKING", "text": text("Hva er viktigst?", "Kva er viktigast?", "What matters most?"),
                 "choices": choices(text("Tillit", None, "Trust"), text("Tid", None, "Time"), text("Ledelse", "Leiing", "Leadership"))},
                {"id": "works", "kind": "ITEM_MATRIX", "not_relevant": True, "choices": choices(text("Dårlig", "Dårleg", "Badly"), text("Greit", None, "Fairly"), text("Godt", None, "Well")),
                 "text": text("Hvordan virker dette?", "Korleis verkar dette?", "How does this work?"),
                 "rows": [{"id": "hearing", "text": text("Høring", "Høyring", "Hearing")}, {"id": "group", "text": text("Arbeidsgruppe", None, "Working group")}]},
                {"id": "step", "kind": "ITEM_LADDER", "ladder": "samordning", "dont_know": True, "text": text("Hvilket trinn er dere på?", "Kva trinn er de på?", "Which step are you on?"),
                 "choices": choices(text("Deler informasjon", None, "Share information"), text("Planlegger sammen", "Planlegg saman", "Plan together"), text("Har felles mål", "Har felles mål", "Have common goals"))}]},
        ]}


def small(key="kort"):
    """Two questions, for what is about states rather than questions."""
    return {"key": key, "title": text("Kort undersøkelse", "Kort undersøking", "Short survey"), "consent": text("Frivillig", None, "Voluntary"), "sections": [
        {"id": "one", "title": text("Første side", "Første sida", "First page"), "items": [
            {"id": "yes", "kind": "ITEM_SINGLE", "required": True, "choices": choices(text("Ja", None, "Yes"), text("Nei", None, "No")), "text": text("Går det?", None, "All right?")}]},
        {"id": "two", "title": text("Andre side", "Andre sida", "Second page"), "items": [
            {"id": "why", "kind": "ITEM_TEXT", "text": text("Hvorfor?", "Kvifor?", "Why?")}]}]}


def register(count=81):
    """Rows of `samordning actors import`: so many ministries with long and short names, and a few agencies to search among."""
    rows = ["key,kind,name_nb,name_nn,name_en,abbreviation"]
    for n in range(1, count + 1):
        name = f"Departementet for sak {n:02d}" if n % 7 else f"Departementet for svært langvarige og sammensatte samordningsspørsmål {n:02d}"
        rows.append(f"{n:09d},ministry,{name},{name},Ministry of matter {n:02d},D{n:02d}")
    for n, name in enumerate(("Direktoratet for forvaltning", "Statistisk sentralbyrå", "Arkivverket"), 1):
        rows.append(f"9{n:08d},agency,{name},{name},{name},A{n}")
    return "\n".join(rows) + "\n"


def wave(key, of, opens_in=-60, closes_in=86400, **more):
    now = int(time.time() * SECOND)
    return {"key": key, "title": text("Undersøkelse om samordning 2026", "Undersøking om samordning 2026", "Survey of coordination 2026"), "instrument": of,
            "opens_at": str(now + opens_in * SECOND), "closes_at": str(now + closes_in * SECOND), "personal": True, "free_text": True, "sender": "Digitaliseringsdirektoratet", **more}


def spelled_out(value):
    """The project's file form of a questionnaire with the enum names protobuf's own JSON wants."""
    prefixes = {"kind": "ITEM_", "test": "TEST_", "direction": "TIE_"}
    if isinstance(value, list):
        return [spelled_out(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: prefixes[key] + one.upper() if key in prefixes and isinstance(one, str) and not one.startswith(prefixes[key]) else spelled_out(one)
            for key, one in value.items()}


# ---- the daemon's side ------------------------------------------------------------------------------------------


class House:
    """A daemon with its public port, the register above and a wave in each state; hands out links nobody has used."""

    def __init__(self, daemon, links=40):
        self.daemon = daemon
        self.port = int(re.search(r'msg="listening for the web" address=127\.0\.0\.1:(\d+)', daemon.process.text())[1])
        self.base = f"https://127.0.0.1:{self.port}"
        (daemon.root / "register.csv").write_text(register(), encoding="utf-8")
        daemon.client(OPERATOR, "actors", "import", daemon.root / "register.csv", check=True)
        self.wire = Wire(daemon.address, daemon.bundle(OPERATOR))
        self.links = {}
        builtin = json.loads((SOURCE / "proto" / "instruments" / "samordning.json").read_text(encoding="utf-8"))
        for one in (instrument(), small(), spelled_out(builtin)):
            self.ask(survey_design=sv.SurveyDesignRequest(instrument=json_format.ParseDict(one, sv.Instrument())))
        for key, of, more in (("hele", "alt", {}), ("liten", "kort", {}), ("difi", builtin["key"], {}), ("felles", "kort", {"personal": False, "sign_off": True}), ("delt", "kort", {"sign_off": True}),
                              ("senere", "kort", {"opens_in": 3600}), ("pause", "kort", {}), ("slutt", "kort", {})):
            self.ask(survey_wave=sv.SurveyWaveRequest(wave=json_format.ParseDict(wave(key, of, **more), sv.Wave())))
            self.act(sv.WAVE_DO_OPEN, key)
            self.links[key] = self.invite(key, links)
        self.act(sv.WAVE_DO_PAUSE, "pause")
        self.act(sv.WAVE_DO_CLOSE, "slutt")

    def ask(self, **request):
        response = self.wire.call(**request)
        assert response.status == pb.STATUS_OK, response
        return getattr(response, response.WhichOneof("body"))

    def act(self, action, key):
        return self.ask(survey_wave=sv.SurveyWaveRequest(action=action, wave=sv.Wave(key=key)))

    def invite(self, key, count):
        invitees = [sv.Invitee(actor=OWN, ref=f"seat-{n}", language="nb") for n in range(count)]
        return [receipt.link for receipt in self.ask(survey_invite=sv.SurveyInviteRequest(wave=key, links=True, invitees=invitees)).receipts if receipt.link]

    def link(self, key):
        return self.links[key].pop()


class Page:
    """One answer of the port."""

    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        body = response.read()
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.text = body.decode("utf-8", "replace")

    def hidden(self, name):
        return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', self.text)[1])


class Browser:
    """As much of a browser as the form needs: one cookie, no scripts."""

    def __init__(self, house, link=None):
        self.house, self.cookie = house, None
        self.context = ssl.create_default_context(cafile=house.daemon.bundle(OPERATOR) / "ca.crt")
        self.context.check_hostname = False
        self.page = self.get(link) if link else None

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.house.port, context=self.context, timeout=60)
        sent = {"Accept-Encoding": "gzip", **({"Cookie": self.cookie} if self.cookie else {}), **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, body, sent)
        page = Page(connection.getresponse())
        connection.close()
        if page.headers.get("Set-Cookie"):
            self.cookie = page.headers["Set-Cookie"].split(";")[0]
        return page

    def get(self, path):
        page = self.send("GET", path)
        while page.status == 303:
            page = self.send("GET", page.headers["Location"])
        self.page = page
        return page

    def post(self, path, fields, page=None, **more):
        """Posts with the token and revision of the page shown last."""
        page = page or self.page
        known = {name: page.hidden(name) for name in ("token", "revision") if f'name="{name}"' in page.text}
        return self.send("POST", path, urllib.parse.urlencode({**known, "go": "next", **fields}), **more)
