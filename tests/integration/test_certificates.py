# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is let in: enrolment, outside authorities with organisation numbers, mapped subjects; expired and foreign ones."""
import datetime
import shutil
import ssl
import subprocess

import pytest

import samordning_pb2 as pb
from harness.certificates import Authority, bundle, openssl
from harness.daemon import OPERATOR
from harness.process import environment
from harness.waiting import wait_until
from harness.wire import Closed, Wire, meeting, microseconds

SUBMITTER = "972417807"
WHEN = microseconds(datetime.datetime(2025, 3, 3, 9, 30, tzinfo=datetime.timezone.utc))


@pytest.fixture(scope="module")
def daemon(module_daemon):
    module_daemon.enrol(SUBMITTER, "Finansdepartementet")
    return module_daemon


@pytest.fixture(scope="module")
def outside(daemon):
    """An outside authority the daemon trusts for clients, taken in by a reload."""
    authority = Authority(daemon.root / "utenfor")
    daemon.configure(client_authority=authority.certificate)
    daemon.reload()
    daemon.process.wait_for_log(r"(?i)reload|configuration")
    return authority


def refused(daemon, certificate, key):
    """True when a client with this certificate cannot get an answer other than a refusal."""
    try:
        with Wire(daemon.address, daemon.bundle(SUBMITTER), certificate=certificate, key=key, hello=False,
                  timeout=20) as connection:
            response = connection.call(hello=pb.HelloRequest(protocol=1, software="harness"))
            return response.status in (pb.STATUS_UNAUTHENTICATED, pb.STATUS_FORBIDDEN)
    except (ssl.SSLError, Closed, ConnectionError):
        return True


def test_an_enrolled_client(daemon):
    with Wire(daemon.address, daemon.bundle(SUBMITTER)) as connection:
        assert connection.hello.organisation == SUBMITTER
    subject = openssl("x509", "-in", daemon.bundle(SUBMITTER) / "client.crt", "-noout", "-subject")
    assert f"NTRNO-{SUBMITTER}" in subject
    key = daemon.bundle(SUBMITTER) / "client.key"
    assert key.stat().st_mode & 0o077 == 0, "the private key is for its owner only"


def test_enrolling_needs_the_operator(daemon, tmp_path):
    done = daemon.client(SUBMITTER, "enrol", "--orgnr", "872417842", "--name", "KD", "--role", "submitter", "--out",
                         tmp_path / "b")
    assert done.returncode == 6 and not (tmp_path / "b" / "client.crt").exists()


@pytest.mark.parametrize("arguments", [
    ("--orgnr", "123456789", "--name", "x", "--role", "submitter"),
    ("--orgnr", "12", "--name", "x", "--role", "submitter"),
    ("--orgnr", "872417842", "--name", "x", "--role", "keiser"),
])
def test_enrolling_nonsense(daemon, tmp_path, arguments):
    done = daemon.client(OPERATOR, "enrol", *arguments, "--out", tmp_path / "b")
    assert done.returncode != 0 and done.stderr.strip()
    assert not (tmp_path / "b" / "client.crt").exists()


def test_enrolling_a_list(daemon, tmp_path):
    """Each row by itself: a bad one is named, and a second run makes what is missing."""
    names, out = tmp_path / "list.csv", tmp_path / "bundles"
    names.write_text("name,orgnr\nArbeids- og inkluderingsdepartementet,983887457\nFeil,123456789\n,972417807\nMiljødirektoratet,999601391\n", encoding="utf-8")
    done = daemon.client(OPERATOR, "enrol", "--list", names, "--role", "submitter", "--out", out)
    assert done.returncode == 3 and f"{names}:3: orgnr" in done.stderr and f"{names}:4: name" in done.stderr, done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["983887457", "999601391"]
    with Wire(daemon.address, out / "999601391") as connection:
        assert connection.hello.organisation == "999601391"
    certificate = (out / "983887457" / "client.crt").read_bytes()
    (out / "999601391" / "client.crt").unlink()
    done = daemon.client(OPERATOR, "enrol", "--list", names, "--role", "submitter", "--out", out)
    assert done.returncode == 3 and (out / "999601391" / "client.crt").exists() and (out / "983887457" / "client.crt").read_bytes() == certificate
    for code, words, wrong in ((7, "none.csv", ["--list", tmp_path / "none.csv"]), (1, "--list FILE", ["--list", names, "--orgnr", "983887457"])):
        done = daemon.client(OPERATOR, "enrol", *wrong, "--out", out)
        assert done.returncode == code and words in done.stderr, done.stderr


def test_an_enterprise_certificate_of_an_outside_authority(daemon, outside):
    daemon.enrol("872417842", "Kunnskapsdepartementet")
    certificate, key = outside.issue("kd", "/C=NO/O=KUNNSKAPSDEPARTEMENTET/organizationIdentifier=NTRNO-872417842"
                                           "/CN=Kunnskapsdepartementet")

    def let_in():
        with Wire(daemon.address, daemon.bundle(SUBMITTER), certificate=certificate, key=key) as connection:
            assert connection.hello.organisation == "872417842"
            assert connection.submit([meeting(WHEN, ["KD", "FIN"], "utenfor-1")]).submit.receipts[0].state == pb.RECEIPT_STORED
            return True
    wait_until(let_in, 20, "the outside certificate is let in")


def test_an_outside_certificate_by_its_subject(daemon, outside):
    certificate, key = outside.issue("gammel", "/C=NO/O=Riksarkivet/CN=Eldre sertifikat")
    assert refused(daemon, certificate, key)
    shown = openssl("x509", "-in", certificate, "-noout", "-subject", "-nameopt", "RFC2253,-esc_msb,utf8")
    subject = shown.strip().split("=", 1)[1].strip()
    done = daemon.client(OPERATOR, "enrol", "--orgnr", "961181399", "--name", "Arkivverket", "--role", "submitter", "--subject",
                         subject)
    assert done.returncode == 0, done.stdout + done.stderr

    def let_in():
        with Wire(daemon.address, daemon.bundle(SUBMITTER), certificate=certificate, key=key) as connection:
            return connection.hello.organisation == "961181399"
    wait_until(let_in, 20, "the mapped subject is let in")


def test_an_organisation_nobody_enrolled(daemon, outside):
    certificate, key = outside.issue("ukjent", "/C=NO/O=Ukjent/organizationIdentifier=NTRNO-974760673/CN=Ukjent")
    assert refused(daemon, certificate, key)


def test_expired_and_not_yet_valid(daemon, outside):
    subject = f"/C=NO/O=FINANSDEPARTEMENTET/organizationIdentifier=NTRNO-{SUBMITTER}/CN=Finansdepartementet"
    expired = outside.issue("utløpt", subject, start="20200101000000Z", end="20210101000000Z")
    future = outside.issue("fremtidig", subject, start="20380101000000Z", end="20390101000000Z")
    good = outside.issue("god", subject)
    wait_until(lambda: not refused(daemon, *good), 20, "a good one is let in")
    assert refused(daemon, *expired)
    assert refused(daemon, *future)


def test_a_server_certificate_does_not_speak_for_a_client(daemon, outside):
    subject = f"/C=NO/O=FINANSDEPARTEMENTET/organizationIdentifier=NTRNO-{SUBMITTER}/CN=Finansdepartementet"
    assert refused(daemon, *outside.issue("tjener", subject, usage="serverAuth"))


def test_a_foreign_authority(daemon, outside):
    foreign = Authority(daemon.root / "fremmed", name="Fremmed CA")
    subject = f"/C=NO/O=FINANSDEPARTEMENTET/organizationIdentifier=NTRNO-{SUBMITTER}/CN=Finansdepartementet"
    assert refused(daemon, *foreign.issue("falsk", subject))


def test_a_number_that_is_no_number(daemon, outside):
    assert refused(daemon, *outside.issue("feil", "/C=NO/O=X/organizationIdentifier=NTRNO-123456789/CN=x"))
    assert refused(daemon, *outside.issue("kort", f"/C=NO/O=X/organizationIdentifier=NTRSE-{SUBMITTER}/CN=x"))


def test_the_client_checks_the_daemon(daemon, tmp_path):
    """A daemon that an authority of ours did not sign is refused, and the words say so."""
    foreign = Authority(tmp_path / "fremmed")
    trusting = bundle(tmp_path / "bundle", daemon.bundle(SUBMITTER) / "client.crt", daemon.bundle(SUBMITTER) / "client.key",
                      foreign.certificate, port=daemon.port)
    done = daemon.client(None, "status", "--bundle", trusting)
    assert done.returncode == 6 and "certificate" in done.stderr.lower(), done.stderr


def test_a_bundle_that_is_broken(daemon, tmp_path):
    (tmp_path / "tom").mkdir()
    done = daemon.client(None, "status", "--bundle", tmp_path / "tom")
    assert done.returncode not in (0, 99) and done.stderr.strip()
    done = daemon.client(None, "status", "--bundle", tmp_path / "finnes-ikke")
    assert done.returncode not in (0, 99) and "finnes-ikke" in done.stderr


# ----------------------------------------------------------------------------------------- taking access away

def fingerprint(certificate):
    return openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256").strip().split("=")[1].replace(":", "").lower()


def revoke(daemon, *arguments):
    done = subprocess.run([daemon.programs.daemon, "revoke", "--config", daemon.config, *arguments], capture_output=True, text=True,
                          env=environment())
    return done.returncode, done.stdout or done.stderr


def answered(connection, name):
    """Whether this connection may still submit."""
    try:
        return connection.submit([meeting(WHEN, ["FIN", "KD"], name)]).status == pb.STATUS_OK
    except (ssl.SSLError, Closed, ConnectionError):
        return False


def test_a_revoked_certificate_is_refused_at_once(daemon):
    other = "872417842"
    daemon.enrol(other, "Kunnskapsdepartementet")
    certificate = daemon.bundle(other) / "client.crt"
    held = Wire(daemon.address, daemon.bundle(other))
    assert answered(held, "før")
    code, text = revoke(daemon, "--certificate", certificate)
    assert code == 0 and text.endswith(f"Kunnskapsdepartementet: certificate {fingerprint(certificate)} revoked\n"), text
    wait_until(lambda: not answered(held, "etter"), 20, "an open connection is refused too")
    assert refused(daemon, certificate, daemon.bundle(other) / "client.key")
    assert revoke(daemon, "--fingerprint", fingerprint(certificate).upper())[1].endswith("was revoked before\n")
    shutil.rmtree(daemon.bundle(other))
    daemon.enrol(other, "Kunnskapsdepartementet")
    wait_until(lambda: not refused(daemon, daemon.bundle(other) / "client.crt", daemon.bundle(other) / "client.key"), 20,
               "enrolling again gives access back")
    code, text = revoke(daemon, "--orgnr", other)
    assert code == 0 and text.endswith(f"Kunnskapsdepartementet ({other}): 1 roles taken away, 1 certificates revoked\n"), text
    wait_until(lambda: refused(daemon, daemon.bundle(other) / "client.crt", daemon.bundle(other) / "client.key"), 20,
               "nothing of the organisation is let in")
    assert answered(Wire(daemon.address, daemon.bundle(SUBMITTER)), "andre"), "others are not touched"


@pytest.mark.parametrize("arguments, code, said", [
    (["--orgnr", "123456789"], 64, "organisation number"),
    (["--orgnr", "974760673"], 64, "no organisation 974760673"),
    (["--fingerprint", "abc"], 64, "SHA-256"),
    (["--fingerprint", "0" * 64], 64, "no certificate"),
    (["--certificate", "/finnes/ikke.crt"], 78, "/finnes/ikke.crt"),
    ([], 64, "usage"),
])
def test_what_cannot_be_revoked(daemon, arguments, code, said):
    result, text = revoke(daemon, *arguments)
    assert said in text and result == code, text
