-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which of these days have witnesses, corrections or withdrawals.
SELECT one FROM unnest($1) AS one
WHERE EXISTS (SELECT 1 FROM report.supplement WHERE id >= report.id_floor(report.day_start(date '1970-01-01' + one))
                                                AND id < report.id_floor(report.day_start(date '1970-01-01' + one + 1)))
