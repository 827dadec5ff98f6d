-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE knowledge.share_part SET state = 'done', sums = $4 WHERE share = $1 AND part = $2 AND worker = $3 AND state = 'running' RETURNING part
