-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE knowledge.job SET state = 'waiting', worker = NULL, heartbeat_at = NULL, started_at = NULL, permille = 0, phase = NULL,
    attempts = attempts - CASE WHEN $3 THEN 1 ELSE 0 END
WHERE id = $1 AND worker = $2 AND state = 'running' RETURNING id
