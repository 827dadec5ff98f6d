# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs metrics_probe on a graph held in Python and compares tables column by column."""
import json
import math
import os
import pathlib
import subprocess
import tempfile


class Probe:
    def __init__(self, program):
        self.program = program
        self.compared = 0
        self.wrong = []
        self.seen = set()

    def families(self):
        return subprocess.run([self.program, "families"], capture_output=True, text=True, timeout=60, check=True).stdout.split()

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

            command = [self.program, family, write("edges.csv", "source,target,weight", edges)]
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
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=self.environment(family))
            if done.returncode != 0:
                raise SystemExit(f"{' '.join(command)}: {done.stderr}")
            return json.loads(done.stdout)

    def environment(self, family):
        """Leaks are looked for the first time a family runs: it takes half of a small computation's time."""
        leaks = "" if family not in self.seen else "detect_leaks=0"
        self.seen.add(family)
        return {**os.environ, "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), leaks]))}

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
        for line in self.wrong[:40]:
            print(line)
        print(f"{self.compared} values compared, {len(self.wrong)} wrong")
        if self.compared == 0 or self.wrong:
            raise SystemExit(1)
