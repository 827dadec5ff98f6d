-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT reporter, lower(period) - date '1970-01-01', upper(period) - date '1970-01-01', all_actors
FROM report.delivery
WHERE NOT isempty(period) AND isfinite(lower(period)) AND isfinite(upper(period))
  AND period && daterange(date '1970-01-01' + $1, date '1970-01-01' + $2)
ORDER BY 1, 2, 3, 4
