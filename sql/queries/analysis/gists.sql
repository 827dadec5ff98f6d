-- SPDX-License-Identifier: GPL-3.0-or-later
-- The oldest gists, about $4 bytes of them. With $3 only rows that touch a day of the period. The lengths are known without
-- reading the gists.
SELECT id, gist FROM (
    SELECT id, gist, sum(octet_length(gist)) OVER (ORDER BY id) - octet_length(gist) AS before FROM (
        SELECT id, gist FROM report.touched
        WHERE gist IS NOT NULL AND (NOT $3 OR EXISTS (SELECT 1 FROM unnest(days) AS day WHERE day >= $1 AND day < $2))
        ORDER BY id LIMIT 50000) AS oldest) AS waiting
WHERE before < $4 ORDER BY id
