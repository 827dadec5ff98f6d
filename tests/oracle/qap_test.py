#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Correlation and regression of matrices against R's sna: estimates and statistics to rounding, p within Monte Carlo error."""
import json
import math
import pathlib
import subprocess
import sys

THEIRS = {"correlation": 2000, "linear": 2000, "logistic": 500}
OURS = {"correlation": 4000, "linear": 4000, "logistic": 1000}


def main():
    compared, wrong = 0, []

    def same(where, got, expected, tolerance):
        nonlocal compared
        compared += 1
        if got is None or not math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance):
            wrong.append(f"{where}: got {got}, expected {expected}")

    for number, case in enumerate(json.loads((pathlib.Path(__file__).parent / "qap_models.json").read_text(encoding="utf-8"))):
        model = case["model"]
        done = subprocess.run([sys.argv[1]], input=json.dumps(case | {"permutations": OURS[model], "seed": 5}), capture_output=True, text=True, timeout=120,
                              check=False)
        if done.returncode != 0:
            raise SystemExit(f"case {number}: {done.stderr}")
        got, where = json.loads(done.stdout), f"case {number} {model}"
        # R stops reweighting when the deviance settles to 1e-8 and takes the weights of the step before
        exact = 1e-5 if model == "logistic" else 1e-9
        for term in range(len(case["estimate"])):
            same(f"{where} estimate {term}", got["estimate"][term], case["estimate"][term], exact)
            same(f"{where} statistic {term}", got["statistic"][term], case["statistic"][term], 2e-4 if model == "logistic" else exact)
            if model == "correlation" or term > 0:  # the constant is not tested here
                p = case["p"][term]
                error = math.sqrt(max(p * (1 - p), 0.25 / THEIRS[model]) * (1 / THEIRS[model] + 1 / OURS[model]))
                same(f"{where} p {term}", got["p"][term], p, 4 * error + 2 / OURS[model])
        if case["whole"] is not None:
            same(f"{where} r2 or deviance", got["whole"], case["whole"], exact)
    print("\n".join(wrong))
    print(f"{compared} values compared, {len(wrong)} wrong")
    return 1 if wrong or not compared else 0


sys.exit(main())
