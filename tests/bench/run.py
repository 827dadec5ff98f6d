#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev bench: speed and memory of the real daemon, worker and client, beside floors measured in the same run.

A ratio is what counts: machines differ, the same PostgreSQL on the same disk in the same minute does not. Names of benchmarks
as arguments run only those; the results also go to bench.json in the build directory."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import sys
import tempfile

import analysing
import asking
import collecting
import computing
import looking
from bench import Bench

BENCHMARKS = {run.__name__: run for run in (
    collecting.ingest, collecting.condense, collecting.single, collecting.memory, analysing.events, analysing.families,
    analysing.report, analysing.refresh, analysing.web, analysing.projections, analysing.workers, computing.kernels, computing.structure,
    computing.inference, asking.form, asking.survey, asking.api, asking.export, looking.pages)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--quick", action="store_true", help="a tenth of the load; the ratios are then only rough")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {' '.join(BENCHMARKS)}")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
    sys.path.insert(0, str(build / "tests" / "integration" / "generated"))
    wrong = set(arguments.names) - set(BENCHMARKS)
    if wrong:
        parser.error(f"no benchmark is called {', '.join(sorted(wrong))}")
    print(f"{datetime.datetime.now():%Y-%m-%d %H:%M}  {platform.machine()}, {os.cpu_count()} cores, fsync on\n")
    results, failed = [], False
    for name in arguments.names or BENCHMARKS:
        bench = Bench(build, arguments.quick)
        try:
            BENCHMARKS[name](bench)
        except Exception as error:  # one that fails must not hide the others
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
        finally:
            results += bench.results
            bench.close()
    with tempfile.NamedTemporaryFile("w", dir=build, delete=False) as file:
        json.dump(results, file, indent=1)
    os.replace(file.name, build / "bench.json")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
