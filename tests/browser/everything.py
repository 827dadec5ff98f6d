# SPDX-License-Identifier: GPL-3.0-or-later
"""A questionnaire with every kind of item, a large register, and waves in every state, for the form's tests."""
import time

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
