-- SPDX-License-Identifier: GPL-3.0-or-later
-- Stores a questionnaire as a new version, or checks it only.
SELECT version, already FROM survey.design($1::jsonb, $2, $3::int4, $4::bool, $5::int4)
