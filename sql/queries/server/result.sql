-- SPDX-License-Identifier: GPL-3.0-or-later
-- $2: the form of a report's document; empty or html is the one that stands with the result. $3: without either content.
SELECT r.id::text, family, spec, language, watermark, input_hash, software,
       to_char(computed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), seconds, seed,
       CASE WHEN NOT $3::bool THEN message END,
       CASE WHEN $3::bool THEN NULL WHEN $2::text IN ('', 'html') THEN r.document ELSE d.content END,
       CASE WHEN $2::text IN ('', 'html') THEN r.media_type ELSE d.media_type END,
       gone.new::text, gone.reason, came.old::text
FROM knowledge.result r LEFT JOIN knowledge.document d ON d.result = r.id AND d.format = $2::text LEFT JOIN knowledge.supersession gone ON gone.old = r.id
     LEFT JOIN knowledge.supersession came ON came.new = r.id WHERE r.id = $1::text::uuid
