-- SPDX-License-Identifier: GPL-3.0-or-later
-- 1 when a period ($2, $3) has reports that wait to be condensed, or blocks in another format than $1.
SELECT CASE WHEN EXISTS (SELECT 1 FROM report.touched WHERE EXISTS (SELECT 1 FROM unnest(days) AS day WHERE day >= $2 AND day < $3))
              OR EXISTS (SELECT 1 FROM knowledge.day_block WHERE day >= date '1970-01-01' + $2 AND day < date '1970-01-01' + $3 AND format <> $1)
            THEN 1 ELSE 0 END
