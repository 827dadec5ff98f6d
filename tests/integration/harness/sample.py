# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample years made by `samordning simulate`, with the truth that was planted in them."""
import csv
import json
import pathlib
import subprocess

from .daemon import OPERATOR, RESEARCHER
from .process import SANITIZER, environment


class Sample:
    def __init__(self, programs, directory, **plan):
        self.directory = pathlib.Path(directory)
        command = [str(programs.client), "simulate", "--out", str(self.directory)]
        for name, value in plan.items():
            option = "--" + name.replace("_", "-")
            command += [option] if value is True else [option, str(value)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment())
        assert done.returncode == 0, done.stderr
        assert not SANITIZER.search(done.stderr), done.stderr
        self.truth = json.loads((self.directory / "truth.json").read_text())
        self.actors = self.directory / "actors.csv"

    @property
    def interactions(self):
        return self.truth["interactions"]

    @property
    def files(self):
        """(reporter's organisation number or None, path, interactions told, rows)."""
        return [(f.get("reporter"), self.directory / f["file"], f["interactions"], f["rows"]) for f in self.truth["files"]]

    def submitters(self):
        """(organisation number, name) each."""
        with open(self.directory / "submitters.csv", encoding="utf-8", newline="") as file:
            return [(row["orgnr"], row["name"]) for row in csv.DictReader(file)]

    def enrol_submitters(self, daemon):
        daemon.client(OPERATOR, "enrol", "--list", self.directory / "submitters.csv", "--out", daemon.state / "bundles", check=True)

    def register(self):
        with open(self.actors, encoding="utf-8", newline="") as file:
            return {row["orgnr"]: row for row in csv.DictReader(file)}

    def rows(self):
        for _, path, _, _ in self.files:
            with open(path, encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)

    def into(self, daemon):
        """The daemon with the register imported, everybody enrolled, a researcher too, and every ministry's file submitted once."""
        daemon.client(OPERATOR, "actors", "import", self.actors, check=True)
        self.enrol_submitters(daemon)
        daemon.enrol(RESEARCHER, "Statistisk sentralbyrå", "researcher")
        for reporter, path, _, _ in self.files:
            daemon.client(reporter, "submit", path, check=True)
        return daemon
