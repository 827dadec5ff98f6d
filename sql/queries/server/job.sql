-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far a job is, and its result; $2 = without the result's content.
SELECT j.state, j.status, j.error, j.reused, j.permille, j.phase, CASE WHEN NOT $2::bool THEN r.message END,
       CASE WHEN NOT $2::bool THEN r.document END, r.media_type, r.id IS NULL, j.recomputed, r.id::text
FROM knowledge.job j LEFT JOIN knowledge.result r ON r.id = j.result AND j.state = 'done' WHERE j.id = $1::int8
