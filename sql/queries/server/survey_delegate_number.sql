-- SPDX-License-Identifier: GPL-3.0-or-later
-- A further link: its seat and number, of which its secret is made.
SELECT seat, number FROM survey.delegate($1, $2::int4, 0, NULL, $3, $4::text)
