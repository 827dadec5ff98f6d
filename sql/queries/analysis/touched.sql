-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a condenser reads as rows: the oldest first. With $3 only rows that touch a day of the period.
SELECT id, days FROM report.touched
WHERE gist IS NULL AND (NOT $3 OR EXISTS (SELECT 1 FROM unnest(days) AS day WHERE day >= $1 AND day < $2))
ORDER BY id LIMIT $4
