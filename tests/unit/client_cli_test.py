#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line without a daemon: help, manual pages, completion, exit codes, the summary, rejected records, ids and the spool.

    client_cli_test.py SAMORDNING
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
COMMANDS = ["submit", "status", "withdraw", "actors", "layers", "network", "metrics", "report", "enrol", "spool", "survey", "simulate", "completion",
            "help", "version"]
HEADER = "interaction,type,time,actor,role\n"
GOOD = HEADER + "a,meeting,2025-03-03T09:00,FIN,chair\na,meeting,2025-03-03T09:00,KD,participant\n"


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="samordning-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_it(self, *words, stdin=""):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
                       "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        return subprocess.run([PROGRAM, *map(str, words)], cwd=self.folder, env=environment, input=stdin, capture_output=True, text=True,
                              timeout=60)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_every_command_helps(self):
        listed = self.run_it("--help").stdout
        for command in COMMANDS:
            self.assertIn(f"  {command} ", listed)
            done = self.run_it(command, "--help")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"usage: samordning {command}", done.stdout)
            self.assertEqual(self.run_it("help", command).stdout, done.stdout)

    def test_manual_pages_are_clean(self):
        for command in ["samordning", *COMMANDS]:
            page = self.run_it("help", "--man", command).stdout
            for part in (".TH ", ".SH NAME", ".SH SYNOPSIS", '.SH "EXIT STATUS"'):
                self.assertIn(part, page, command)
            if shutil.which("groff"):
                done = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z"], input=page, capture_output=True, text=True)
                self.assertEqual(done.stderr, "", command)

    def test_completion(self):
        script = self.run_it("completion", "bash").stdout

        def complete(*words):
            line = " ".join(f"'{word}'" for word in ("samordning",) + words)
            done = subprocess.run(["bash", "-c", f'{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words)}; _samordning; '
                                   'printf "%s\\n" "${COMPREPLY[@]}"'], capture_output=True, text=True, check=True)
            return done.stdout.split()

        self.assertEqual(complete("sub"), ["submit"])
        self.assertEqual(complete("actors", ""), ["import", "list", "resolve"])
        self.assertIn("--dry-run", complete("submit", "--d"))
        self.assertEqual(complete("network", "--format", "gr"), ["graphml"])
        self.assertEqual(complete("metrics", "graph", "--missing", "as"), ["as-reported"])
        self.assertEqual(complete("report", "--stage", "hear"), ["hearing"])

    def test_wrong_command_lines(self):
        for words in (["nonsense"], ["submit"], ["submit", "--nonsense", "x"], ["submit", "--batch", "many", "x"], ["actors"],
                      ["actors", "sing"], ["metrics", "graph", "--year", "2025", "--from", "2025-01-01", "--bundle", "."],
                      ["report", "--year", "2025"], ["withdraw", "x"], ["submit", "--delivery", "2025-02-01..2025-01-01", "x"],
                      ["submit", "--epoch", "2025-01-01", "--time", "unix", "x"], ["enrol", "--orgnr", "123456789", "--name", "x",
                                                                                   "--out", "x"]):
            done = self.run_it(*words)
            self.assertEqual(done.returncode, 1, (words, done.stdout, done.stderr))
            self.assertTrue(done.stderr.startswith("samordning: ") or "client.conf" in done.stderr, done.stderr)

    def test_a_minimum_cell_is_for_public_reports(self):
        for profile, refused in (([], True), (["--profile", "internal"], True), (["--spec", "profile=internal"], True), (["--profile", "public"], False),
                                 (["--spec", "view=as-was profile=public"], False)):
            done = self.run_it("report", "--year", "2025", "--minimum-cell", "7", "--output", "x", *profile)
            self.assertEqual((done.returncode, "goes with --profile public" in done.stderr), (1, refused), (profile, done.stderr))

    def test_dry_run(self):
        path = self.write("log.csv", GOOD)
        done = self.run_it("submit", "--dry-run", "--format", "json", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        total = json.loads(done.stdout)["total"]
        self.assertEqual((total["rows"], total["read"], total["rejected_rows"]), (2, 1, 0))
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["log.csv"], "nothing else is written")

    def test_standard_input(self):
        done = self.run_it("submit", "--dry-run", "--source", "x", "-", stdin=GOOD)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1  fit to be submitted", done.stdout)

    def test_rejected_records_are_listed_by_line_with_their_text(self):
        path = self.write("log.csv", GOOD + "b,meeting,2025-03-03T09:00,=cmd(),chair\nc,meeting,2025-02-30,FIN,chair\n")
        done = self.run_it("submit", "--dry-run", path)
        self.assertEqual(done.returncode, 3)
        with open(f"{path}.rejected.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(r["file"], r["line"], r["field"]) for r in rows], [("log.csv", "4", "participants"), ("log.csv", "5", "time")])
        self.assertEqual(rows[0]["text"], "b,meeting,2025-03-03T09:00,=cmd(),chair")
        self.assertEqual(rows[1]["text"], "c,meeting,2025-02-30,FIN,chair")

    def test_a_read_only_folder_is_left_alone(self):
        closed = self.folder / "closed"
        closed.mkdir()
        (closed / "log.csv").write_text(GOOD + "c,meeting,2025-02-30,FIN,chair\n", encoding="utf-8")
        closed.chmod(0o555)
        self.addCleanup(closed.chmod, 0o755)
        self.assertEqual(self.run_it("submit", "--dry-run", closed / "log.csv").returncode, 3)
        self.assertEqual([p.name for p in closed.iterdir()], ["log.csv"])
        self.assertTrue((self.folder / "log.csv.rejected.csv").exists())

    def test_ids(self):
        path = self.write("log.csv", GOOD)
        done = self.run_it("submit", "--dry-run", "--ids", "-", path)
        rows = list(csv.DictReader(done.stdout.splitlines()))
        self.assertEqual([(r["line"], r["source_id"]) for r in rows], [("2", "a")])
        self.assertEqual(rows[0]["id"][14], "8")
        self.assertIn("1 interactions", done.stderr)

    def test_unreadable(self):
        for name, words in (("none.csv", "No such file"), (".", "directory")):
            done = self.run_it("submit", "--dry-run", self.folder / name)
            self.assertEqual(done.returncode, 7)
            self.assertIn(words, done.stderr)

    def test_a_daemon_that_is_away(self):
        """Port 1 of the loopback is never a daemon; the key and certificate are made here."""
        bundle = self.folder / "bundle"
        bundle.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x",
                        "-keyout", bundle / "client.key", "-out", bundle / "client.crt"], check=True, capture_output=True)
        shutil.copy(bundle / "client.crt", bundle / "ca.crt")
        (bundle / "client.conf").write_text("host = 127.0.0.1\nport = 1\n")
        path = self.write("log.csv", GOOD)
        done = self.run_it("submit", "--bundle", bundle, "--retry-for", "0", "--no-spool", path)
        self.assertEqual(done.returncode, 5, done.stderr)
        done = self.run_it("submit", "--bundle", bundle, "--retry-for", "0", "--spool", self.folder / "spool", path)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("1  not acknowledged yet", done.stdout)
        done = self.run_it("spool", "status", "--spool", self.folder / "spool")
        self.assertTrue(done.stdout.startswith("1 interaction waits"), done.stdout)
        self.assertEqual(self.run_it("status", "--bundle", bundle).returncode, 5)

    def test_output_that_cannot_be_written(self):
        path = self.write("log.csv", GOOD)
        done = self.run_it("submit", "--dry-run", "--ids", "/nowhere/ids", path)
        self.assertEqual(done.returncode, 7)
        self.assertIn("/nowhere/ids", done.stderr)

    def test_a_questionnaire_is_checked_without_a_daemon(self):
        source = pathlib.Path(__file__).resolve().parents[2]
        built_in = source / "proto/instruments/samordning.json"
        done = self.run_it("survey", "check", built_in)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("problems: 0\n", done.stdout)
        text = built_in.read_text(encoding="utf-8")
        line = text[:text.index('"item": "contact_actual"')].count("\n") + 1
        path = self.write("q.json", text.replace('"item": "contact_actual"', '"item": "contact_wanted"', 1))
        done = self.run_it("survey", "check", path)
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stdout, rf"^{path}:{line}:\d+: sections\[1\]\.items\[0\]\.parts\[2\]\.show_when\[0\]\.item: there is no item contact_wanted\n")
        path = self.write("nn.json", text.replace('"nn": "Om deg og arbeidet ditt", ', ""))
        done = self.run_it("survey", "check", "--format", "csv", path)
        self.assertEqual(done.returncode, 3)
        self.assertEqual([(r["file"], r["field"], r["severity"]) for r in csv.DictReader(done.stdout.splitlines())],
                         [(str(path), "sections[0].title.nn", "opening")])
        done = self.run_it("survey", "check", "--format", "json", "-", stdin='{"key": "q",\n "sectoins": []}')
        self.assertEqual(done.returncode, 3)
        row = json.loads(done.stdout)["tables"]["problems"]["rows"][0]
        self.assertEqual((row["line"], row["field"], row["severity"]), (2, "sectoins", "error"))
        self.assertEqual(self.run_it("survey", "check", self.folder / "none.json").returncode, 7)


if __name__ == "__main__":
    unittest.main()
