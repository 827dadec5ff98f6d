# SPDX-License-Identifier: GPL-3.0-or-later
"""The form against everything that can go wrong: forged and dead links, forged posts, double submissions, too much of everything, a database that
is away, connections that stall."""
import html
import os
import re
import signal
import socket
import ssl
import time
import urllib.parse

import pytest
import survey_pb2 as sv

from harness.form import Browser, House, SETTINGS
from harness.daemon import OPERATOR
from harness.waiting import wait_until

DAEMON_SETTINGS = {**SETTINGS, "web_max_connections_per_address": "60", "handshake_timeout_ms": "3000"}
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
    assert owner.post(share, {"go": "signer"}).status == 200
    listed = owner.get(share).text
    assert listed.count("kan brukes") == 2 and "Sider: Andre side" in listed and listed.count('value="take"') == 2
    assert colleague.post("/w/delt/two", {"go": "take", "kind": "contributor", "number": "1"}, page=colleague.get("/w/delt/two")).status != 500
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
    assert browser.post("/w/liten/two", {"v.why": "x" * 1_000_000}).status == 413
    assert browser.post("/w/liten/two", {"v.why": "x" * 2_000_000}).status == 413
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
        shown = browser.post("/w/liten/two", {"v.why": "rett før pausen"}, page=page)
        assert shown.status in (200, 410) and ("rett før pausen" in shown.text or "pause" in shown.text)
    finally:
        house.act(sv.WAVE_DO_RESUME, "liten")
    wait_until(lambda: browser.get("/w/liten/two").status == 200 and "v.why" in browser.page.text, 20, "the wave is open again")


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


def test_wrong_links_use_up_an_address_s_rate(make_daemon):
    house = House(make_daemon({**SETTINGS, "web_rate": "1"}), links=1)
    codes = [Browser(house).send("GET", f"/s/{'A' * 42}{n}").status for n in range(8)]
    assert codes[0] == 404 and 429 in codes, codes


def test_a_database_that_is_away_loses_nothing(make_daemon):
    daemon = make_daemon(SETTINGS)
    house = House(daemon, links=2)
    browser = Browser(house, house.link("liten"))
    page = browser.get("/w/liten/two")
    daemon.crashed_on_purpose = True
    pid = daemon.cluster_pid()
    os.kill(pid, signal.SIGSTOP)
    try:
        shown = browser.post("/w/liten/two", {"v.why": "mens basen er borte"}, page=page)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert shown.status in (303, 503), shown.status
    if shown.status == 503:
        assert shown.headers["Retry-After"]
    wait_until(lambda: browser.post("/w/liten/two", {"v.why": "mens basen er borte"}, page=page).status in (303, 409), 60, "it is saved after all")
    assert "mens basen er borte" in browser.get("/w/liten/two").text
