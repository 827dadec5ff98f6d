-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT id, message, document, to_char(computed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM knowledge.result WHERE family = $1 AND spec_hash = $2 AND language = $3 AND watermark = $4
