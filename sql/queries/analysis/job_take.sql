-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE knowledge.job SET state = 'running', worker = $1, started_at = now(), heartbeat_at = now(), attempts = attempts + 1,
    permille = 0, phase = NULL
WHERE id = (SELECT id FROM knowledge.job WHERE state = 'waiting' AND ($2 = 0 OR id = $2)
            ORDER BY priority DESC, id FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id, family, spec, language, recompute, attempts
