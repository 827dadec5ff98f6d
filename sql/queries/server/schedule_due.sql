-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schedules whose time has come, by the clock of the daemon that asks.
SELECT id, (extract(epoch FROM next_at) * 1000000)::int8, key, rule, start FROM schedule.plan
WHERE next_at <= 'epoch'::timestamptz + $1::int8 * interval '1 microsecond' AND removed_at IS NULL ORDER BY next_at, id LIMIT 10
