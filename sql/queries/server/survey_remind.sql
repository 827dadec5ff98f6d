-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT survey.remind($1::jsonb, $2::int4)::text
