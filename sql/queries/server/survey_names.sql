-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT to_jsonb(n)::text FROM survey.names($1, $2::text, $3::text) n
