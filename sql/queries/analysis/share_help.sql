-- SPDX-License-Identifier: GPL-3.0-or-later
-- A helper's next part, from the end: the owner begins at the front. None while jobs wait.
UPDATE knowledge.share_part SET state = 'running', worker = $2, heartbeat_at = now()
WHERE share = $1 AND NOT EXISTS (SELECT FROM knowledge.job WHERE state = 'waiting') AND part = (
    SELECT part FROM knowledge.share_part WHERE share = $1 AND state = 'waiting' ORDER BY part DESC FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING part, first_block, last_block
