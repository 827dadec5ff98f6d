-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far a job is, and its result. $2: without the result's content. $3: the form of a report's document; empty or html is the one that
-- stands with the result.
SELECT j.state, j.status, j.error, j.reused, j.permille, j.phase, CASE WHEN NOT $2::bool THEN r.message END,
       CASE WHEN $2::bool THEN NULL WHEN $3::text IN ('', 'html') THEN r.document ELSE d.content END,
       CASE WHEN $3::text IN ('', 'html') THEN r.media_type ELSE d.media_type END, r.id IS NULL, j.recomputed, r.id::text
FROM knowledge.job j LEFT JOIN knowledge.result r ON r.id = j.result AND j.state = 'done'
LEFT JOIN knowledge.document d ON d.result = r.id AND d.format = $3::text WHERE j.id = $1::int8
