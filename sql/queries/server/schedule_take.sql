-- SPDX-License-Identifier: GPL-3.0-or-later
-- One run whose time has come, marked as running until its lease is over.
WITH due AS (
    SELECT id FROM schedule.run WHERE state IN ('waiting', 'running') AND next_at <= now() ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE schedule.run r SET state = 'running', attempts = r.attempts + 1, taking = r.taking + 1, started_at = now(),
                              next_at = now() + $1::int4 * interval '1 second'
    FROM due WHERE due.id = r.id RETURNING r.*
)
SELECT t.id, t.taking, t.attempts, p.key, (extract(epoch FROM t.occurrence) * 1000000)::int8, t.by_hand, t.missed, t.period, t.spec, t.language, t.deliver, t.formats
FROM taken t JOIN schedule.plan p ON p.id = t.plan
