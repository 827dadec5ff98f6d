# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of an outside authority, and bad ones: made with the openssl program, as an operator would."""
import os
import pathlib
import subprocess


def openssl(*arguments, stdin=None):
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True)
    assert done.returncode == 0, f"openssl {' '.join(map(str, arguments))}: {done.stderr.decode()}"
    return done.stdout.decode()


class Authority:
    """A CA in a directory."""

    def __init__(self, directory, name="Utenforstående CA"):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True)
        self.certificate, self.key = self.directory / "ca.crt", self.directory / "ca.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-utf8", "-days", "30",
                "-subj", f"/C=NO/O={name}/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", self.key, "-out", self.certificate)

    def issue(self, name, subject, days=30, usage="clientAuth", start=None, end=None):
        """subject as in /C=NO/O=.../organizationIdentifier=NTRNO-972417807/CN=...; returns (certificate, key) paths."""
        certificate, key, request = (self.directory / f"{name}.{kind}" for kind in ("crt", "key", "csr"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-utf8", "-subj", subject,
                "-keyout", key, "-out", request)
        extensions = self.directory / f"{name}.ext"
        extensions.write_text("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                              f"extendedKeyUsage={usage}\n")
        serial = "0x" + os.urandom(8).hex()
        if start or end:
            config = self.directory / "ca.cnf"
            (self.directory / "index.txt").write_text("")
            (self.directory / "serial").write_text("1000\n")
            config.write_text("[ca]\ndefault_ca=own\n[own]\n"
                              f"database={self.directory}/index.txt\nserial={self.directory}/serial\n"
                              f"new_certs_dir={self.directory}\n"
                              "default_md=sha256\npolicy=any\nunique_subject=no\ndefault_days=1\nstring_mask=utf8only\n"
                              "[any]\ncountryName=optional\norganizationName=optional\norganizationIdentifier=optional\n"
                              "commonName=supplied\n")
            openssl("ca", "-batch", "-notext", "-utf8", "-config", config, "-cert", self.certificate, "-keyfile", self.key,
                    "-startdate", start or "20200101000000Z", "-enddate", end or "20400101000000Z", "-extfile", extensions,
                    "-in", request, "-out", certificate)
        else:
            openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-days", days,
                    "-set_serial", serial, "-extfile", extensions, "-out", certificate)
        return certificate, key


def bundle(directory, certificate, key, authority, host="127.0.0.1", port=7117):
    """Puts a client bundle together from parts, the way docs/operations.md describes."""
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for source, target in ((certificate, "client.crt"), (key, "client.key"), (authority, "ca.crt")):
        (directory / target).write_bytes(pathlib.Path(source).read_bytes())
    (directory / "client.key").chmod(0o600)
    (directory / "client.conf").write_text(f"host = {host}\nport = {port}\n")
    return directory
