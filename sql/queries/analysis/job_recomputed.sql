-- SPDX-License-Identifier: GPL-3.0-or-later
UPDATE knowledge.job SET recomputed = $3 WHERE id = $1 AND worker = $2 AND state = 'running'
