-- SPDX-License-Identifier: GPL-3.0-or-later
-- $2, who asks, plays no part: the table of messages has said that they may.
SELECT survey.export($1::jsonb ->> 'wave', $3::int8, coalesce($1::jsonb ->> 'after', ''))::text WHERE $2::int4 IS NOT NULL
