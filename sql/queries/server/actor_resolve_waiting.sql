-- SPDX-License-Identifier: GPL-3.0-or-later
-- The next part of every name that waits.
SELECT resolved, created, next FROM register.resolve_waiting($1::text, $2::text, $3::text, $4::int4, $5::text)
