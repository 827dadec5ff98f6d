# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs metrics_probe on a graph held in Python and compares tables column by column."""
import json
import math
import pathlib
import subprocess
import tempfile


class Probe:
    """One process computes everything asked of it; what it has leaked it says at the end."""

    def __init__(self, program):
        self.program = program
        self.process = None
        self.compared = 0
        self.wrong = []

    def families(self):
        return subprocess.run([self.program, "families"], capture_output=True, text=True, timeout=60, check=True).stdout.split()

    def ask(self, words):
        if self.process is None:
            self.process = subprocess.Popen([self.program, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(*words, sep="\t", file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"metrics_probe {' '.join(words)}: ended with {self.process.wait()}")
        return json.loads(line)

    def run(self, family, edges, nodes=(), negative=(), replies=None, until=0, directed=False, unit=False, options=None,
            need=None, complete=False, meetings=None, chronicle=None, earlier=None, days=None, seed=None):
        """edges, earlier: (a, b[, weight]); nodes: name or (name, sector[, "silent"]); replies, need, meetings, chronicle: rows of the
        probe's files; days: of the period, [from, to)."""
        with tempfile.TemporaryDirectory(prefix="samordning-oracle-") as folder:
            folder = pathlib.Path(folder)

            def write(name, header, rows):
                path = folder / name
                lines = [header] + [",".join("" if f is None else str(f) for f in row) for row in rows]
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                return str(path)

            command = [family, write("edges.csv", "source,target,weight", edges)]
            if nodes:
                command += ["--nodes", write("nodes.csv", "id,sector,silent", [n if isinstance(n, tuple) else (n,) for n in nodes])]
            if negative:
                command += ["--negative", write("negative.csv", "source,target", negative)]
            if replies is not None:
                command += ["--replies", write("replies.csv", "request,addressee,received,deadline,end,state,case,stage,layer", replies), "--until", str(until)]
            if need is not None:
                command += ["--need", write("need.csv", "what,a,b,c", need)]
            command += ["--complete"] if complete else []
            if meetings is not None:
                command += ["--meetings", write("meetings.csv", "meeting,time,actor,end", meetings)]
            if chronicle is not None:
                command += ["--chronicle", write("chronicle.csv", "what,a,b,c,d,e,f,g,h,i", chronicle), "--until", str(until)]
            if earlier is not None:
                command += ["--earlier", write("earlier.csv", "source,target,weight", earlier)]
            if days is not None:
                command += ["--from", str(days[0]), "--to", str(days[1])]
            command += ["--seed", str(seed)] if seed is not None else []
            command += ["--directed"] if directed else []
            command += ["--distance", "unit" if unit else "inverse"]
            command += ["--options", options] if options else []
            return self.ask(command)

    def value(self, where, got, expected, tolerance):
        self.compared += 1
        if expected is None or got is None:
            same = expected is None and got is None
        else:
            same = isinstance(got, (int, float)) and math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance)
        if not same:
            self.wrong.append(f"{where}: got {got}, expected {expected}")

    def column(self, where, table, column, expected, tolerance, key="actor"):
        """expected: by actor; actors of the table that are not in it are not compared."""
        if column not in table:
            self.wrong.append(f"{where}: no column {column}")
            return
        rows = dict(zip(table[key], table[column]))
        for actor, value in expected.items():
            if actor not in rows:
                self.wrong.append(f"{where}: no actor {actor}")
            else:
                self.value(f"{where} {column} of {actor}", rows[actor], value, tolerance)

    def finish(self):
        if self.process is not None:
            self.process.stdin.close()
            if self.process.wait(timeout=120) != 0:
                self.wrong.append(f"metrics_probe ended with {self.process.returncode}")
        for line in self.wrong[:40]:
            print(line)
        print(f"{self.compared} values compared, {len(self.wrong)} wrong")
        if self.compared == 0 or self.wrong:
            raise SystemExit(1)
