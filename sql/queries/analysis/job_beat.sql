-- SPDX-License-Identifier: GPL-3.0-or-later
-- No row: the job is not this worker's any more.
UPDATE knowledge.job SET heartbeat_at = now(), permille = $3, phase = $4
WHERE id = $1 AND worker = $2 AND state = 'running' RETURNING id
