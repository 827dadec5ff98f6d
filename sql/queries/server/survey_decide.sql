-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT state, revision, receipt FROM survey.decide($1, $2::int4, $3::text)
