-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT survey.do_wave($1::jsonb, $2::int4)::text
