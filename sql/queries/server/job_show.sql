-- SPDX-License-Identifier: GPL-3.0-or-later
-- A job for whoever asked for it, without content.
SELECT family, spec, language, state, phase, permille, result::text, coalesce(status, 0), error,
       to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM knowledge.job WHERE id = $1::int8
