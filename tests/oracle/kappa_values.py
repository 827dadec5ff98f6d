#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made the values of tests/unit/analysis_bootstrap_test.c: Cohen's kappa and its standard error by statsmodels."""
from statsmodels.stats.inter_rater import cohens_kappa

for table in ([[40, 9], [6, 45]], [[2, 7], [1, 90]], [[10, 3, 1], [2, 20, 5], [0, 4, 15]]):
    result = cohens_kappa(table)
    print(table, repr(result.kappa), repr(result.std_kappa))
