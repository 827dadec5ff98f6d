-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT knowledge.request_job($1, $2, $3, $4, 0)
