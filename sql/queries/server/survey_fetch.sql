-- SPDX-License-Identifier: GPL-3.0-or-later
-- A questionnaire, and of a wave the wave itself and its rosters.
SELECT message, wave::text, jsonb_build_object('roster', roster)::text FROM survey.fetch($1::text, $2::text, $3::int4, NULL)
