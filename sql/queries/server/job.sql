-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT j.state, j.status, j.error, j.reused, j.permille, j.phase, r.message, r.document, r.media_type, r.id IS NULL, j.recomputed
FROM knowledge.job j LEFT JOIN knowledge.result r ON r.id = j.result AND j.state = 'done' WHERE j.id = $1::int8
