-- SPDX-License-Identifier: GPL-3.0-or-later
-- A page of results without their content, the newest first. $1 family, $2 text in the specification, $3 the id the page before
-- ended with (each may be empty), $4 how many.
SELECT id::text, family, spec, language, watermark, input_hash, software,
       to_char(computed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), seconds, seed, NULL::bytea, NULL::bytea, media_type,
       gone.new::text, gone.reason, came.old::text
FROM knowledge.result r LEFT JOIN knowledge.supersession gone ON gone.old = r.id LEFT JOIN knowledge.supersession came ON came.new = r.id
WHERE ($1::text = '' OR family = $1::text) AND ($2::text = '' OR strpos(spec, $2::text) > 0)
  AND ($3::text = '' OR (computed_at, id) < (SELECT computed_at, id FROM knowledge.result WHERE id = nullif($3::text, '')::uuid))
ORDER BY computed_at DESC, id DESC LIMIT $4::int8
