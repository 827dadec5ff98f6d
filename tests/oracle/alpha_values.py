#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made the values of tests/unit/analysis_survey_test.c: Cronbach's alpha from the covariance matrix of the items (numpy), and Feldt's
interval from scipy's F distribution."""
import numpy
from scipy.stats import f

VALUES = numpy.array([[3, 4, 3, 5], [5, 5, 4, 4], [1, 2, 2, 1], [4, 3, 5, 4], [2, 2, 1, 3], [4, 5, 4, 5], [3, 3, 3, 2], [5, 4, 5, 5]], float)
covariance = numpy.cov(VALUES, rowvar=False)
n, k = VALUES.shape
alpha = k / (k - 1) * (1 - numpy.trace(covariance) / covariance.sum())
print(repr(alpha), repr(1 - (1 - alpha) * f.ppf(0.975, n - 1, (n - 1) * (k - 1))), repr(1 - (1 - alpha) * f.ppf(0.025, n - 1, (n - 1) * (k - 1))))
