-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whether there is a part to wait for.
SELECT EXISTS (SELECT FROM knowledge.share_part WHERE share = $1 AND (state <> 'running' OR worker <> $2))
