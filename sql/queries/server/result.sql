-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id::text, family, spec, language, watermark, input_hash, software,
       to_char(computed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), seconds, seed, message, document, media_type,
       gone.new::text, gone.reason, came.old::text
FROM knowledge.result r LEFT JOIN knowledge.supersession gone ON gone.old = r.id LEFT JOIN knowledge.supersession came ON came.new = r.id
WHERE r.id = $1::text::uuid
