-- SPDX-License-Identifier: GPL-3.0-or-later
-- One part somebody else has done.
DELETE FROM knowledge.share_part WHERE share = $1 AND part = (
    SELECT part FROM knowledge.share_part WHERE share = $1 AND state = 'done' ORDER BY part FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING part, sums
