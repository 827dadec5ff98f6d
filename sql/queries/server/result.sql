-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id::text, family, spec, language, watermark, input_hash, software,
       to_char(computed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), seconds, seed, message, document, media_type
FROM knowledge.result WHERE id = $1::text::uuid
