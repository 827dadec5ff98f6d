-- SPDX-License-Identifier: GPL-3.0-or-later
-- The owner's next part: one that waits, or one whose helper has not been heard from for $3 ms.
UPDATE knowledge.share_part SET state = 'running', worker = $2, heartbeat_at = now()
WHERE share = $1 AND part = (
    SELECT part FROM knowledge.share_part WHERE share = $1 AND (state = 'waiting' OR (state = 'running' AND worker <> $2
        AND heartbeat_at < now() - $3::int8 * interval '1 ms'))
    ORDER BY state = 'running', part FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING part
