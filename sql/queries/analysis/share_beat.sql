-- SPDX-License-Identifier: GPL-3.0-or-later
-- No row: the part is not this helper's any more.
UPDATE knowledge.share_part SET heartbeat_at = now() WHERE share = $1 AND part = $2 AND worker = $3 AND state = 'running' RETURNING part
