-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT resolved, created, ''::text FROM register.resolve_names($1, $2::text, $3::text, $4::text, $5::text)
