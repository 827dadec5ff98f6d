-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pages of many respondents, one row each.
SELECT n, status, field, reason, revision, saved_us, content FROM survey.save_pages($1, $2, $3, $4)
