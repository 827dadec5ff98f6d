-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT revision, receipt FROM survey.answer_by($1::jsonb, $2::int4, $3::text)
