-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT survey.person($1::jsonb, $2::int4, $3::bool)::text
