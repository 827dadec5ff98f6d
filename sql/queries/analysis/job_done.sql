-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE knowledge.job SET state = 'done', ended_at = now(), permille = 1000, phase = NULL, result = $3, reused = $4
WHERE id = $1 AND worker = $2 AND state = 'running' RETURNING id
