-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT state, coalesce(status, 0), error, result, reused FROM knowledge.job WHERE id = $1
