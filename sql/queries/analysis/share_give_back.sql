-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a helper that ended did not finish.
UPDATE knowledge.share_part SET state = 'waiting', worker = NULL, heartbeat_at = NULL WHERE share = $1 AND worker = $2 AND state = 'running'
