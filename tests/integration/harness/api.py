# SPDX-License-Identifier: GPL-3.0-or-later
"""A program at the HTTP API: one token, JSON in the answers, server-sent events."""
import gzip
import http.client
import json
import re
import ssl
import urllib.parse

from .daemon import OPERATOR


class Answer:
    def __init__(self, response):
        self.status, self.headers = response.status, response.headers
        self.raw = response.read()
        self.body = gzip.decompress(self.raw) if self.headers.get("Content-Encoding") == "gzip" else self.raw

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Api:
    def __init__(self, daemon, token=None):
        self.port = int(re.search(r'msg="listening for the web" address=127\.0\.0\.1:(\d+)', daemon.process.text())[1])
        self.authority = daemon.bundle(OPERATOR) / "ca.crt"
        self.context = ssl.create_default_context(cafile=self.authority)
        self.context.check_hostname = False
        self.token = token

    def connect(self, timeout=60):
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=timeout)

    def headers(self, more=None):
        return {"Accept-Encoding": "gzip", **({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(more or {})}

    def send(self, method, path, body=None, headers=None, **query):
        connection = self.connect()
        given = {name: value for name, value in query.items() if value is not None}
        connection.request(method, path + ("?" + urllib.parse.urlencode(given) if given else ""), body, self.headers(headers))
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def get(self, path, headers=None, **query):
        return self.send("GET", path, headers=headers, **query)

    def ok(self, path, **query):
        answer = self.get(path, **query)
        assert answer.status == 200, (answer.status, answer.text)
        return answer.json

    def events(self, path):
        """(event, data) of each, until the stream ends."""
        connection = self.connect()
        connection.request("GET", path, headers=self.headers())
        response = connection.getresponse()
        assert response.status == 200 and response.headers["Content-Type"] == "text/event-stream", (response.status, response.read())
        event = None
        for line in response:
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: "):
                yield event, json.loads(line[6:])
        connection.close()


def token(daemon, *arguments, orgnr=None, role="researcher"):
    """A fresh token, made by the operator on the command line."""
    done = daemon.client(OPERATOR, "token", "add", "--name", "test", "--role", role, *(("--orgnr", orgnr) if orgnr else ()), *arguments, check=True)
    return done.stdout.strip()
