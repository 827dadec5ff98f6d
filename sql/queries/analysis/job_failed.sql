-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE knowledge.job SET state = 'failed', ended_at = now(), status = $3, error = $4
WHERE id = $1 AND worker = $2 AND state = 'running' RETURNING id
