-- SPDX-License-Identifier: GPL-3.0-or-later
-- Days of a period with reports that wait to be condensed.
SELECT DISTINCT day FROM report.touched, unnest(days) AS day WHERE day >= $1 AND day < $2
