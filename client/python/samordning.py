# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of samordning as data frames, with the card that says what the numbers are. One file, standard library only; pandas
is used where it is there.

    import samordning
    api = samordning.Api("https://samordning.example.no", token)        # or SAMORDNING_URL and SAMORDNING_TOKEN
    result = api.result("centrality", "from=2025-01-01 to=2026-01-01")
    actors = result["centrality"]            # a pandas.DataFrame, or a dict of lists without pandas
    print(result.card["watermark"], result.about("centrality", "betweenness")["definition"])

Run as a program it prints a table as CSV: python3 samordning.py centrality "from=2025-01-01 to=2026-01-01" [TABLE]
"""
import csv
import http.client
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

try:
    import pandas
except ImportError:
    pandas = None


class Problem(Exception):
    """What the daemon says went wrong (RFC 9457): .status, .kind (NOT_FOUND, INVALID, ...), .detail, .field."""

    def __init__(self, status, problem):
        self.status, self.detail, self.field = status, problem.get("detail", ""), problem.get("field", "")
        self.kind = problem.get("type", "").rpartition(":")[2]
        super().__init__(f"{self.kind or status}: {self.field + ': ' if self.field else ''}{self.detail or problem.get('title', '')}")


class NoAnswer(OSError):
    """The daemon is not there, or does not answer."""


class NoSuch(KeyError):
    """A table or column that a result does not have."""

    def __str__(self):
        return self.args[0]


def found(kind, name, within):
    if name not in within:
        raise NoSuch(f"there is no {kind} \"{name}\"; there are {', '.join(within) or 'none'}")
    return within[name]


class Result:
    """Tables by name; .card as a dictionary, .entries what was chosen, .notes what is missing and what was guarded against."""

    def __init__(self, message):
        self.message, self.id = message, message["id"]
        self.card = message.get("card", {})
        self.entries = {entry["key"]: entry.get("value", "") for entry in self.card.get("entries", [])}
        self.notes = self.card.get("notes", [])
        self.tables = {table["name"]: table.get("columns", []) for table in message.get("tables", [])}

    def __iter__(self):
        return iter(self.tables)

    def columns(self, table):
        """Column names with their values: texts, and numbers with None where one is missing."""
        def values(column):
            if column.get("is_text"):
                return [text or None for text in column.get("texts", [])]
            return column.get("numbers", [])
        return {column["name"]: values(column) for column in found("table", table, self.tables)}

    def __getitem__(self, table):
        columns = self.columns(table)
        if pandas is None:
            return columns
        frame = pandas.DataFrame({name: pandas.array(values, dtype="Float64") if not self.about(table, name).get("is_text") else values
                                  for name, values in columns.items()})
        frame.attrs.update(card=self.card, result=self.id, columns={c["name"]: c.get("definition", "") for c in self.tables[table]})
        return frame

    def about(self, table, column):
        """unit, definition and source of a column."""
        c = found("column", column, {c["name"]: c for c in found("table", table, self.tables)})
        return {key: c.get(key, "") for key in ("unit", "definition", "source", "is_text")}


class Api:
    def __init__(self, url=None, token=None, authority=None, timeout=60):
        """authority: a file with the certificate of the daemon's own authority (ca.crt of a bundle), where it has no public one."""
        self.url = (url or os.environ.get("SAMORDNING_URL", "")).rstrip("/")
        self.token = token or os.environ.get("SAMORDNING_TOKEN")
        if not self.url or not self.token:
            raise ValueError("url and token must be given, or SAMORDNING_URL and SAMORDNING_TOKEN set")
        authority = authority or os.environ.get("SAMORDNING_AUTHORITY")
        self.context, self.timeout = ssl.create_default_context(cafile=authority), timeout

    def get(self, path, **query):
        """(status, headers, body) of one request; Problem where it is refused, NoAnswer where nobody answers."""
        query = {name: value for name, value in query.items() if value not in (None, "")}
        request = urllib.request.Request(self.url + path + ("?" + urllib.parse.urlencode(query) if query else ""),
                                         headers={"Authorization": f"Bearer {self.token}", "Accept": "*/*" if "format" in query else "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout, context=self.context) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                problem = json.loads(text)
            except ValueError:
                problem = {"detail": text.decode(errors="replace")}
            raise Problem(error.code, problem) from None
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"no answer from {self.url}: {getattr(error, 'reason', None) or error}") from None

    def json(self, path, **query):
        return json.loads(self.get(path, **query)[2])

    def result(self, family, spec="", lang=None, wait=30, patience=3600):
        """Waits until it is computed, `patience` seconds at most."""
        end = time.monotonic() + patience
        while True:
            status, _, body = self.get(f"/v1/results/{family}", spec=spec, lang=lang, wait=str(wait))
            if status == 200:
                return Result(json.loads(body))
            if time.monotonic() > end:
                raise TimeoutError(f"job {json.loads(body)['job']} is not done yet")

    def stored(self, number):
        """A result by its id, which never changes."""
        return Result(self.json(f"/v1/results/id/{number}"))

    def pages(self, path, **query):
        """All records of a list (/v1/actors, /v1/cases, /v1/needs, /v1/results), page by page."""
        cursor = None
        while cursor != "":
            page = self.json(path, cursor=cursor, **query)
            for value in page.values():
                if isinstance(value, list):
                    yield from value
            cursor = page.get("next", "")


def main(arguments):
    if not 2 <= len(arguments) <= 3:
        sys.exit(__doc__)
    try:
        result = Api().result(arguments[0], arguments[1])
        columns = result.columns(arguments[2] if len(arguments) > 2 else next(iter(result)))
    except (Problem, OSError, NoSuch, ValueError) as error:
        sys.exit(f"samordning.py: {error}")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    out.writerows(zip(*(["" if value is None else value for value in values] for values in columns.values())))


if __name__ == "__main__":
    main(sys.argv[1:])
