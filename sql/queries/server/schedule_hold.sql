-- SPDX-License-Identifier: GPL-3.0-or-later
-- A longer lease on a run that is still this taking's.
UPDATE schedule.run SET next_at = now() + $3::int4 * interval '1 second' WHERE id = $1::int8 AND taking = $2::int4 AND state = 'running' RETURNING id
