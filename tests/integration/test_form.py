# SPDX-License-Identifier: GPL-3.0-or-later
"""The form against everything that can go wrong: forged and dead links, forged posts, double submissions, too much of everything, a database that
is away, connections that stall."""
import html
import html.parser
import http.client
import json
import re
import socket
import ssl
import subprocess
import time
import urllib.parse

import pytest
import survey_pb2 as sv
from google.protobuf import json_format

from harness.daemon import OPERATOR
from harness.form import OWN, Browser, House, SETTINGS, choices, often, small, text, wave
from harness.process import held
from harness.waiting import wait_until

DAEMON_SETTINGS = {**SETTINGS, "web_max_connections_per_address": "60", "handshake_timeout_ms": "3000", "web_stall_ms": "5000"}
EVIL = '"\'><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def house(module_daemon):
    return House(module_daemon)


def answered(house, wave, link):
    """What the database holds behind a link: (state, {item: answers})."""
    return house.daemon.query("SELECT r.state, a.item, a.target, a.values, a.text FROM survey.respondent r JOIN survey.seat s ON s.respondent = r.id JOIN survey.link l ON l.seat = s.id "
                              "LEFT JOIN survey.answer a ON a.respondent = r.id WHERE l.hash = sha256(%s::bytea)", (link.removeprefix("/s/").encode(),))


def test_a_link_becomes_a_cookie_of_its_wave_only(house):
    browser = Browser(house)
    page = browser.send("GET", house.link("liten"))
    cookie = page.headers["Set-Cookie"]
    assert page.status == 303 and page.headers["Location"] == "/w/liten"
    assert {"Path=/w/liten", "HttpOnly", "Secure", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert browser.get("/w/hele").status == 403, "another wave's page does not take it"
    assert browser.get("/w/liten").status == 200


@pytest.mark.parametrize("path", ["/s/x", "/s/" + "A" * 43, "/s/" + "A" * 4000, "/s/%00", "/s/..%2f..%2fetc"])
def test_a_forged_link_is_told_so(house, path):
    page = Browser(house).send("GET", path)
    assert page.status == 404 and "Set-Cookie" not in page.headers


def test_a_link_whose_wave_is_over_says_so(house):
    page = Browser(house).get(house.link("slutt"))
    assert page.status == 410, page.text


def test_waves_that_are_not_open_have_pages(house):
    assert "ikke åpnet ennå" in Browser(house).get(house.link("senere")).text
    assert "pause" in Browser(house).get(house.link("pause")).text


def test_a_link_can_be_used_again_and_elsewhere(house):
    link = house.link("liten")
    first = Browser(house, link)
    first.get("/w/liten/one")
    assert first.post("/w/liten/one", {"v.yes": "1"}).status == 303
    second = Browser(house, link)
    second.get("/w/liten/one")
    assert re.search(r'name="v.yes" value="1"[^>]*checked', second.page.text)


def test_a_link_that_was_passed_on_is_taken_back(house):
    share = "/w/delt/-/delegate"
    owner = Browser(house, house.link("delt"))
    assert 'value="take"' not in owner.get(share).text, "nothing to take back yet"
    made = owner.post(share, {"go": "contributor", "section": "two"})
    colleague = Browser(house, re.search(r'value="https://[^"]*(/s/[^"]+)"', made.text)[1])
    assert colleague.get("/w/delt/two").status == 200
    wrong = owner.post(share, {"go": "signer", "address": 'ola "på" jobb'}, page=owner.get(share))
    assert wrong.status == 422 and "ikke en e-postadresse" in wrong.text and 'value="ola &quot;på&quot; jobb"' in wrong.text
    wrong = owner.post(share, {"go": "contributor", "section": "two", "address": "@"})
    assert wrong.status == 422 and 'id="s-two" checked' in wrong.text and 'id="s-one">' in wrong.text
    assert owner.post(share, {"go": "signer"}).status == 200
    listed = owner.get(share).text
    assert listed.count("kan brukes") == 2 and "Sider: Andre side" in listed and listed.count('value="take"') == 2
    assert colleague.post(share, {"go": "take", "kind": "contributor", "number": "1"}, page=colleague.get("/w/delt/two")).status == 403
    assert colleague.get("/w/delt/two").status == 200, "who was passed a link takes none back"
    for number in ("1", "1", "7", "-1", "1x", "99999999999"):
        assert owner.post(share, {"go": "take", "kind": "contributor", "number": number}).status == 303
    for language, words in (("nb", "trukket tilbake"), ("nn", "trekt tilbake"), ("en", "taken back")):
        listed = owner.get(f"{share}?lang={language}").text
        assert f"({words})" in listed and listed.count('value="take"') == 1
    gone = colleague.get("/w/delt/two")
    assert gone.status == 410
    assert Browser(house).post("/w/delt/-/delegate", {"go": "take"}, page=gone).status == 403


@pytest.mark.parametrize("cookie", ["", "x", "A" * 198, "A" * 5000])
def test_a_forged_cookie_opens_nothing(house, cookie):
    browser = Browser(house)
    browser.cookie = f"__Secure-samordning={cookie}"
    assert browser.send("GET", "/w/liten/one").status == 403


def test_a_post_without_the_right_token_changes_nothing(house):
    link = house.link("liten")
    browser, other = Browser(house, link), Browser(house, link)
    page = browser.get("/w/liten/one")
    theirs = other.get("/w/liten/one").hidden("token")
    for token in ("", "x", page.hidden("token")[:-1], theirs):
        assert browser.post("/w/liten/one", {"token": token, "v.yes": "1"}).status == 403
    assert browser.post("/w/liten/one", {"v.yes": "1"}, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert "checked" not in browser.get("/w/liten/one").text
    assert browser.post("/w/liten/one", {"v.yes": "1"}, headers={"Sec-Fetch-Site": "same-origin"}).status == 303


def submitted(house, link):
    browser = Browser(house, link)
    browser.get("/w/liten/one")
    browser.post("/w/liten/one", {"v.yes": "1"})
    return browser, browser.get("/w/liten/-/review")


def test_submitting_twice_is_submitting_once(house):
    link = house.link("liten")
    browser, review = submitted(house, link)
    assert browser.post("/w/liten/-/submit", {}, page=review).status == 303
    first = re.search(r"<strong>(.+?)</strong>", browser.get("/w/liten/-/receipt").text)[1]
    assert browser.post("/w/liten/-/submit", {}, page=review).status == 303
    assert re.search(r"<strong>(.+?)</strong>", browser.get("/w/liten/-/receipt").text)[1] == first
    assert [row[:2] for row in answered(house, "liten", link)] == [(3, "yes")]


def test_nothing_is_submitted_while_something_is_missing(house):
    browser = Browser(house, house.link("liten"))
    page = browser.get("/w/liten/one")
    assert browser.post("/w/liten/-/submit", {}, page=page).headers["Location"] == "/w/liten/-/review"
    assert "#q-yes" in browser.get("/w/liten/-/review").text


def test_a_withdrawal_leaves_nothing(house):
    link = house.link("liten")
    browser, review = submitted(house, link)
    browser.post("/w/liten/-/submit", {}, page=review)
    page = browser.get("/w/liten/-/withdraw")
    assert browser.post("/w/liten/-/withdraw", {"go": "withdraw"}, page=page).status == 303
    assert [row[:2] for row in answered(house, "liten", link)] == [(4, None)]


def test_a_megabyte_of_text_is_told_and_the_page_lives(house):
    browser = Browser(house, house.link("liten"))
    page = browser.get("/w/liten/two")
    for size in (1_000_000, 2_000_000, 8_000_000):
        assert browser.post("/w/liten/two", {"v.why": "x" * size}).status == 413, size
    with raw(house) as sock:
        sock.sendall(b"POST /w/liten/two HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000000\r\n\r\n")
        with pytest.raises((ssl.SSLError, ConnectionError)):    # there is an end to what is read only to be dropped
            for _ in range(50_000):
                sock.sendall(b"x" * 65536)
    shown = browser.post("/w/liten/two", {"v.why": "y" * 3000}, page=page)
    assert shown.status == 422 and "y" * 3000 in shown.text and "for lang" in shown.text
    assert browser.post("/w/liten/two", {"v.why": "å" * 2000}, page=shown).status == 303


def test_what_is_wrong_is_shown_again_with_what_was_typed(house):
    browser = Browser(house, house.link("hele"))
    browser.get("/w/hele/about")
    shown = browser.post("/w/hele/about", {"v.leads": "2", "v.share": "mange", "v.since": "31.2.2020", "v.words": "beholdt"})
    assert shown.status == 422
    assert 'value="mange"' in shown.text and 'href="#q-share"' in shown.text and 'href="#q-since"' in shown.text
    again = browser.get("/w/hele/about")
    assert "beholdt" in again.text and re.search(r'name="v.leads" value="2"[^>]*checked', again.text) and "mange" not in again.text


@pytest.mark.parametrize("fields", [
    {"v.leads": "99"}, {"v.leads": "1e999"}, {"v.quality": "-1"}, {"v.share": "101"}, {"v.means": "dk", "s.means": "nc"}, {"s.leads": "nc"}])
def test_values_nobody_offered_are_refused(house, fields):
    browser = Browser(house, house.link("hele"))
    browser.get("/w/hele/about")
    assert browser.post("/w/hele/about", fields).status == 422


def test_unknown_actors_and_one_s_own_are_refused(house):
    browser = Browser(house, house.link("hele"))
    browser.get("/w/hele/contact")
    assert browser.post("/w/hele/contact", {"s.roster.nobody": "nc"}).status == 422
    assert browser.post("/w/hele/contact", {"s.roster.000000001": "nc"}).status == 422


def test_script_in_every_text_is_escaped_everywhere(house):
    browser = Browser(house, house.link("hele"))
    fields = {"v.leads": EVIL, "v.share": EVIL, "v.since": EVIL, "v.words": EVIL, "v.means": EVIL, f"v.words.{EVIL}": EVIL, f"v.{EVIL}": EVIL}
    browser.get("/w/hele/about")
    pages = [browser.post("/w/hele/about", fields)]
    browser.get("/w/hele/others")
    pages.append(browser.post("/w/hele/others", {"q:bodies": EVIL, "go": "search:bodies"}))
    pages.append(browser.post("/w/hele/others", {"q:bodies": EVIL, "go": "new:bodies"}))
    pages.append(browser.get("/w/hele/others"))
    pages.append(browser.post("/w/hele/others", {"n.bodies": EVIL, "v.bodies_often." + EVIL: "2", "go": "remove:bodies:x" + EVIL}))
    pages.append(browser.get("/w/hele/-/review"))
    pages.append(browser.send("GET", "/w/hele/-/names?item=bodies&q=" + urllib.parse.quote(EVIL)))
    pages.append(browser.send("GET", "/w/hele/" + urllib.parse.quote(EVIL, safe="")))
    for page in pages:
        assert "<script>alert" not in page.text and "<img" not in page.text and "onerror=alert(2)>" not in page.text
    assert html.escape(EVIL, quote=True).replace("&#x27;", "&#39;") in pages[1].text


def test_what_the_script_saves(house):
    """A few words for the script, and the same rules as for a page: what is right is saved, what is somebody else's business is not."""
    link = house.link("hele")
    browser, other = Browser(house, link), Browser(house, link)
    browser.get("/w/hele/contact")
    other.get("/w/hele/contact")

    def save(fields, path="/w/hele/contact", by=browser, **more):
        page = by.post(path, {**fields, "go": "autosave"}, **more)
        return page.status, json.loads(page.text) if page.headers["Content-Type"] == "application/json" else None
    assert save({"v.contact_often.000000002": "3"}) == (200, {"state": "saved", "revision": 1, "problems": 0})
    assert save({"v.contact_often.000000002": "9", "s.roster.000000001": "nc", "s.roster.000000003": "nc", "revision": "1"}) == (200, {"state": "saved", "revision": 2, "problems": 2})
    assert save({"v.contact_often.000000002": "1"}, by=other) == (409, {"state": "conflict", "revision": 2, "problems": 0})
    shown = browser.get("/w/hele/contact").text
    assert re.findall(r'name="([sv]\.[^"]+)"[^>]* checked', shown) == ["s.roster.000000003"]
    assert save({"token": "x"})[0] == 403
    assert browser.send("POST", "/w/hele/contact", "go=autosave").status == 403


def test_what_the_script_saves_is_only_ever_a_draft(house):
    """No word in a post makes a page that decides forget who may decide."""
    owner = Browser(house, house.link("felles"))
    owner.get("/w/felles/one")
    assert owner.post("/w/felles/one", {"v.yes": "1"}).status == 303
    page = owner.get("/w/felles/-/delegate")
    made = owner.post("/w/felles/-/delegate", {"go": "contributor", "section": "two"}, page=page)
    colleague = Browser(house, re.search(r'value="https://[^"]*(/s/[^"]+)"', made.text)[1])
    two = colleague.get("/w/felles/two")
    assert json.loads(colleague.post("/w/felles/two", {"v.why": "derfor", "go": "autosave"}, page=two).text)["state"] == "saved"
    assert colleague.post("/w/felles/one", {"v.yes": "2", "go": "autosave"}, page=two).status == 410, "not a part of theirs"
    for path in ("submit", "withdraw", "reopen", "sign", "delegate"):
        assert colleague.post(f"/w/felles/-/{path}", {"go": "autosave"}, page=two).status == 403, path
    assert house.daemon.value("SELECT r.state FROM survey.respondent r JOIN survey.wave w ON w.id = r.wave WHERE w.key = 'felles'") == 1
    assert re.search(r'name="v.yes" value="1"[^>]*checked', owner.get("/w/felles/one").text)


def test_two_windows_see_both_versions(house):
    link = house.link("liten")
    one, two = Browser(house, link), Browser(house, link)
    one.get("/w/liten/two")
    two.get("/w/liten/two")
    assert one.post("/w/liten/two", {"v.why": "fra det første"}).status == 303
    conflict = two.post("/w/liten/two", {"v.why": "fra det andre"})
    assert conflict.status == 409 and "fra det første" in conflict.text and "fra det andre" in conflict.text
    assert two.post("/w/liten/two", {"v.why": "fra det andre", "go": "stay"}, page=conflict).status == 303
    assert "fra det andre" in one.get("/w/liten/two").text


def test_a_wave_that_pauses_meanwhile_keeps_what_was_typed_in_the_page(house):
    browser = Browser(house, house.link("liten"))
    page = browser.get("/w/liten/two")
    house.act(sv.WAVE_DO_PAUSE, "liten")
    try:
        for seen in (False, True):      # before the daemon has looked at the wave again, and after
            if seen:
                wait_until(lambda: "v.why" not in browser.get("/w/liten/two").text, 20, "the wave is paused")
            shown = browser.post("/w/liten/two", {"v.why": "rett før pausen"}, page=page)
            assert shown.status == 503 and shown.headers["Retry-After"] and "rett før pausen" in shown.text and "har pause" in shown.text, seen
            saved = browser.post("/w/liten/two", {"v.why": "rett før pausen", "go": "autosave"}, page=page)
            assert saved.status == 503 and json.loads(saved.text)["state"] == "failed", "the script tries again"
    finally:
        house.act(sv.WAVE_DO_RESUME, "liten")
    wait_until(lambda: browser.post("/w/liten/two", {"v.why": "rett før pausen"}, page=page).status == 303, 20, "the wave is open again")
    assert "rett før pausen" in browser.get("/w/liten/two").text


def test_what_comes_after_the_end_stays_in_the_page(house):
    """A page that was open while the answers were submitted, or the wave closed."""
    link = open_wave(house, "lukkes", small("lukkes"), {"ref": "1"})
    one, two = Browser(house, link), Browser(house, link)
    one.get("/w/lukkes/one")
    page = two.get("/w/lukkes/two")
    assert one.post("/w/lukkes/one", {"v.yes": "1"}).status == 303
    assert one.post("/w/lukkes/-/submit", {}, page=one.get("/w/lukkes/-/review")).status == 303
    for ended in ("submitted", "closed"):
        if ended == "closed":
            house.act(sv.WAVE_DO_CLOSE, "lukkes")
            wait_until(lambda: two.get("/w/lukkes").status == 410, 20, "the wave is closed")
        shown = two.post("/w/lukkes/two", {"v.why": "for sent"}, page=page)
        assert shown.status == 410 and "for sent" in shown.text and "ikke lenger imot svar" in shown.text, ended
        saved = two.post("/w/lukkes/two", {"v.why": "for sent", "go": "autosave"}, page=page)
        assert saved.status == 410 and json.loads(saved.text)["state"] == "over", ended


def test_every_answer_has_the_headers(house):
    for path in ("/", "/s/x", "/nowhere", "/w/liten"):
        headers = Browser(house).send("GET", path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Strict-Transport-Security"].startswith("max-age=")
        assert headers["Cache-Control"] == "no-store"


def test_assets_are_kept_for_ever_and_compressed(house):
    browser = Browser(house)
    style = re.search(r'href="(/static/form[^"]+\.css)"', browser.get("/").text)[1]
    page = browser.send("GET", style)
    assert page.status == 200 and "immutable" in page.headers["Cache-Control"] and page.headers["Content-Encoding"] == "gzip"
    assert int(page.headers["Content-Length"]) < 25000 and ".ds-button" in page.text
    plain = browser.send("GET", style, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and plain.text == page.text
    assert browser.send("GET", style, headers={"If-None-Match": page.headers["ETag"]}).status == 304
    head = browser.send("HEAD", "/")
    assert head.status == 200 and head.text == ""
    assert browser.send("GET", "/static/form.000000000000.css").status == 404


def test_methods_that_are_not_there(house):
    browser = Browser(house)
    assert browser.send("POST", "/", "x=1").status == 405
    assert browser.send("DELETE", "/w/liten/one").status == 405
    assert browser.send("GET", "/w/liten/-/submit").status == 405


def raw(house):
    context = ssl.create_default_context(cafile=house.daemon.bundle(OPERATOR) / "ca.crt")
    context.check_hostname = False
    return context.wrap_socket(socket.create_connection(("127.0.0.1", house.port), timeout=60))


def test_headers_have_a_limit(house):
    with raw(house) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 30000 + b"\r\n\r\n")
        assert sock.recv(4096).split(b" ")[1:2] in ([b"400"], [b"413"], [])
    with raw(house) as sock:
        sock.sendall(b"GET /" + b"a" * 30000 + b" HTTP/1.1\r\n\r\n")
        assert sock.recv(4096).split(b" ")[1:2] in ([b"400"], [b"414"], [])


def test_nonsense_is_no_harm(house):
    for junk in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"POST /w/liten/one HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                 b"POST /w/liten/one HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", b"GET http://[::1 HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        with raw(house) as sock:
            sock.sendall(junk)
            sock.settimeout(60)
            sock.recv(4096)
    assert Browser(house).get("/").status == 200


def test_who_says_nothing_or_very_little_is_let_go(house):
    """A silent TCP connection ends with the handshake's time; one that trickles its headers with the request's."""
    silent = socket.create_connection(("127.0.0.1", house.port), timeout=60)
    trickling = raw(house)
    began = time.monotonic()
    assert silent.recv(1) == b"" and time.monotonic() - began < 30
    trickling.sendall(b"GET / HTTP/1.1\r\n")
    trickling.settimeout(1)
    ended = False
    while not ended and time.monotonic() - began < 55:
        try:
            trickling.sendall(b"X: y\r\n")
            ended = trickling.recv(100) == b""
        except TimeoutError:
            pass
        except OSError:
            ended = True
    assert ended, "a connection that sends a header a second went on for ever"


def test_one_address_has_so_many_connections(house):
    opened = []
    try:
        refused = 0
        for _ in range(70):
            try:
                opened.append(raw(house))
            except (OSError, ssl.SSLError):
                refused += 1
        assert 8 <= refused <= 12, refused
    finally:
        for sock in opened:
            sock.close()
    wait_until(lambda: house.daemon.metric("samordning_web_connections") == 0, 20, "the connections are gone")
    assert Browser(house).get("/").status == 200


def test_a_connection_lost_in_the_middle_saves_all_or_nothing(house):
    browser = Browser(house, house.link("liten"))
    page = browser.get("/w/liten/two")
    body = urllib.parse.urlencode({"token": page.hidden("token"), "revision": "0", "go": "next", "v.why": "halvveis"}).encode()
    head = f"POST /w/liten/two HTTP/1.1\r\nHost: x\r\nCookie: {browser.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with raw(house) as sock:
        sock.sendall(head + body[:-3])
    assert "halvveis" not in browser.get("/w/liten/two").text
    sock = raw(house)
    sock.sendall(head + body)
    sock.close()  # before the answer
    wait_until(lambda: "halvveis" in browser.get("/w/liten/two").text, 20, "what came whole is saved")


# ------------------------------------------------------------------------------------------------- languages and versions

class Spoken(html.parser.HTMLParser):
    """What a page says, with the language each piece is said in."""

    def __init__(self, page):
        super().__init__()
        self.stack, self.said = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link", "input", "br"):
            self.stack.append(dict(attrs).get("lang", self.stack[-1] if self.stack else ""))

    def handle_endtag(self, tag):
        self.stack.pop()

    def handle_data(self, data):
        self.said.append((data, self.stack[-1] if self.stack else ""))


def plain(key, items, **more):
    return {"key": key, "title": text("Undersøkelse", "Undersøking", "Survey"), "consent": text("Frivillig", None, "Voluntary"),
            "sections": [{"id": "one", "title": text("Første side", "Første sida", "First page"), "items": items}], **more}


def open_wave(house, key, instrument, invitee, **more):
    """A wave of its own; gives one link."""
    house.ask(survey_design=sv.SurveyDesignRequest(instrument=json_format.ParseDict(instrument, sv.Instrument())))
    house.ask(survey_wave=sv.SurveyWaveRequest(wave=json_format.ParseDict(wave(key, instrument["key"], **more), sv.Wave())))
    house.act(sv.WAVE_DO_OPEN, key)
    return house.ask(survey_invite=sv.SurveyInviteRequest(wave=key, links=True, invitees=[sv.Invitee(actor=OWN, **invitee)])).receipts[0].link


def in_se(value):
    """A questionnaire with texts in northern Sámi beside the others, which are not words of the language but can be told from them."""
    if isinstance(value, list):
        return [in_se(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {key: in_se(one) for key, one in value.items()}
    return {**made, "se": f"Sámegillii: {made['nb']}"} if "nb" in made else made


def test_northern_sami_is_shown_as_such(house):
    """The questionnaire's words are in northern Sámi and say so; the form's own, which are in bokmål, too."""
    some = [{"id": "roster", "kind": "ITEM_ROSTER", "actors": {"kinds": ["agency"]}, "text": text("Hvem?"), "no_contact": text("Ingen kontakt"), "help": text("Tenk på året."),
             "parts": [{"id": "part", "kind": "ITEM_LIKERT", "dont_know": True, "choices": often(), "text": text("Hvor ofte med {actor}?")}]},
            {"id": "step", "kind": "ITEM_LADDER", "ladder": "samordning", "choices": choices("Deler", "Planlegger", "Har mål"), "text": text("Hvilket trinn?")},
            {"id": "order", "kind": "ITEM_RANKING", "choices": choices("Tid", "Tillit"), "text": text("Hva er viktigst?")},
            {"id": "works", "kind": "ITEM_MATRIX", "choices": choices("Godt", "Dårlig"), "text": text("Hvordan?"), "rows": [{"id": "a", "text": text("Høring")}]},
            {"id": "share", "kind": "ITEM_NUMBER", "unit": text("prosent"), "not_relevant": True, "text": text("Hvor mye?"), "help": text("Omtrent.")}]
    browser = Browser(house, open_wave(house, "samisk", in_se(plain("samisk", some)), {"ref": "se", "language": "se"}))
    empty = browser.get("/w/samisk/one")
    assert browser.post("/w/samisk/one", {"v.part.900000001": "2", "v.step": "1", "r.order.1": "1", "r.order.2": "2", "v.works.a": "1", "v.share": "5"}).status == 303
    pages = {path: browser.get(path).text for path in ("/w/samisk", "/w/samisk/one", "/w/samisk/-/review", "/w/samisk/-/delegate")}
    conflict = browser.post("/w/samisk/one", {"v.part.900000001": "3", "v.step": "2", "v.works.a": "2", "v.share": "6"}, page=empty)
    assert conflict.status == 409
    for path, page in {**pages, "conflict": conflict.text}.items():
        assert '<html lang="nb">' in page and 'lang="se" aria-current="true">Davvisámegiella' in page
        said = Spoken(page.replace("<title>", "<!--").replace("</title>", "-->")).said     # a title cannot hold elements
        sami = [words for words, _ in said if "Sámegillii" in words]
        assert len(sami) >= {"/w/samisk": 2, "/w/samisk/-/delegate": 1}.get(path, 12), path
        for words, language in said:
            if words.strip() and words != "Davvisámegiella":
                assert words.lstrip("0123456789. ").startswith("Sámegillii") == ("Sámegillii" in words) == (language == "se"), (path, words, language)
    assert 'lang="se"' not in browser.get("/w/samisk/one?lang=nn").text.replace('lang="se" aria-current', "")


def test_answers_of_last_time_are_offered_to_a_new_version(house):
    before = [{"id": "contact", "kind": "ITEM_LIKERT", "choices": often(), "text": text("Hvor ofte?")},
              {"id": "kept", "kind": "ITEM_SINGLE", "choices": choices("Ja", "Nei"), "text": text("Går det?")},
              {"id": "gone", "kind": "ITEM_SINGLE", "choices": choices("Ja", "Nei"), "text": text("Er det slutt?")}]
    person = Browser(house, open_wave(house, "foer", plain("gjenta", before), {"ref": "1", "panel": "samme menneske"}))
    person.get("/w/foer/one")
    assert person.post("/w/foer/one", {"v.contact": "3", "v.kept": "2", "v.gone": "1"}).status == 303
    assert person.post("/w/foer/-/submit", {}, page=person.get("/w/foer/-/review")).status == 303
    house.act(sv.WAVE_DO_CLOSE, "foer")
    after = [{"id": "often", "kind": "ITEM_LIKERT", "choices": choices("Sjelden", "Av og til", "Ofte"), "text": text("Hvor ofte?")}, before[1],
             {"id": "fresh", "kind": "ITEM_SINGLE", "choices": choices("Ja", "Nei"), "text": text("Er det nytt?")}]
    mappings = [{"version": 1, "from": "contact", "to": "often", "from_values": [1, 2, 3, 4], "to_values": [1, 1, 2, 3]}]
    link = open_wave(house, "etter", plain("gjenta", after, mappings=mappings), {"ref": "1", "panel": "samme menneske"}, earlier="foer")
    again = Browser(house, link)
    page = again.get("/w/etter/one")
    assert 'value="earlier"' in page.text and "checked" not in page.text
    assert again.post("/w/etter/one", {"v.kept": "1", "go": "earlier"}).status == 303
    page = again.get("/w/etter/one").text
    assert re.findall(r'name="(v\.\w+)" value="(\d+)"[^>]*checked', page) == [("v.often", "2"), ("v.kept", "1")], "what was typed now counts, the rest is last time's"
    assert 'value="earlier"' not in page and page.count("Som sist") == 1, page.count("Som sist")
    other = house.ask(survey_invite=sv.SurveyInviteRequest(wave="etter", links=True, invitees=[sv.Invitee(actor=OWN, ref="2", panel="et annet")])).receipts[0].link
    assert 'value="earlier"' not in Browser(house, other).get("/w/etter/one").text


# ------------------------------------------------------------------------------------------------------- what it weighs

@pytest.mark.parametrize("pages", [["/w/hele"], ["/w/hele", "/w/hele/contact"], ["/w/difi", "/w/difi/contact"]])
def test_first_pages_are_light_and_wait_for_no_script(house, pages):
    """All a browser gets until somebody can answer, a roster of 80 actors included: pages, style sheet, script and icon, as they are sent."""
    browser, had, total = Browser(house, house.link(pages[0].removeprefix("/w/"))), set(), 0
    for path in pages:
        page = browser.send("GET", path)
        total += int(page.headers["Content-Length"]) + len(str(page.headers))
        head = page.text.split("</head>")[0]
        assert re.findall(r"<script[^>]*>", page.text) == re.findall(r'<script type="module"[^>]*>', head), "a script that holds the page up"
        for asset in set(re.findall(r'(?:href|src)="(/[^"]+)"', head)) - had:
            had.add(asset)
            sent = browser.send("GET", asset)
            total += int(sent.headers["Content-Length"]) + len(str(sent.headers))
    assert total <= 100_000, total


# ---------------------------------------------------------------------------------------------------------- behind a proxy

def test_addresses_are_those_the_proxy_adds(make_daemon):
    """Without TLS of its own the port listens on loopback only and believes the last address of X-Forwarded-For."""
    daemon = make_daemon({**SETTINGS, "web_tls": "no", "web_url": "https://svar.example.no/", "web_rate": "1"})
    port = int(re.search(r'msg="listening for the web" address=127\.0\.0\.1:(\d+)', daemon.process.text())[1])

    def ask(forwarded, headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", f"/s/{'A' * 43}", headers={"X-Forwarded-For": forwarded, **dict(headers)})
        response = connection.getresponse()
        response.read()
        connection.close()
        return response
    codes = [ask("10.0.0.1").status for _ in range(8)]
    assert codes[0] == 404 and codes[-1] == 429, codes
    assert ask("10.0.0.2").status == 404, "another browser behind the same proxy"
    assert ask("10.0.0.9, 10.0.0.1").status == 429, "what a client says itself stands before what the proxy adds"
    assert ask("10.0.0.1, 10.0.0.3").status == 404
    assert ask("10.0.0.4", {"X-Forwarded-Host": "ond.example", "X-Forwarded-Proto": "http"}).headers["Strict-Transport-Security"]
    # what is too large is refused by what it says it is, and not read: no more than what lies in buffers between the two is taken
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
        sock.sendall(b"POST /w/liten/one HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.5\r\nContent-Length: 1000000000\r\n\r\n")
        sent, answer = 0, b""
        try:
            while sent < 1_000_000_000:
                sent += sock.send(b"a" * 65536)
        except OSError:
            pass
        try:
            answer = sock.recv(4096)
        except OSError:
            pass  # reset while it was sent
    assert sent < 24 << 20 and answer.split(b" ")[1:2] in ([], [b"413"]), (sent, answer[:80])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
        sock.sendall(b"POST /w/liten/one HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.5\r\nContent-Length: 1000000000\r\n\r\n")
        assert sock.recv(4096).split(b" ")[1] == b"413", "who waits for the answer gets it"
    daemon.configure(web_listen="0.0.0.0:0")
    checked = subprocess.run([daemon.programs.daemon, "--config", daemon.config, "--check-config"], capture_output=True, text=True, check=False)
    assert checked.returncode != 0 and "not a loopback address" in checked.stdout + checked.stderr


def test_wrong_links_use_up_an_address_s_rate(make_daemon):
    house = House(make_daemon({**SETTINGS, "web_rate": "1"}), links=1)
    codes = [Browser(house).send("GET", f"/s/{'A' * 42}{n}", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status for n in range(8)]
    assert codes[0] == 404 and 429 in codes, f"{codes}: with TLS there is no proxy, and an address that a client makes up is no new one"


def test_a_database_that_is_away_loses_nothing(house):
    browser = Browser(house, house.link("liten"))
    page = browser.get("/w/liten/two")
    with held(house.daemon.cluster_pid()):
        shown = browser.post("/w/liten/two", {"v.why": "mens basen er borte"}, page=page)
    assert shown.status == 503 and shown.headers["Retry-After"]
    wait_until(lambda: browser.post("/w/liten/two", {"v.why": "mens basen er borte"}, page=page).status == 303, 60, "it is saved after all")
    assert "mens basen er borte" in browser.get("/w/liten/two").text
