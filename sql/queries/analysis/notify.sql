-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT pg_notify($1, $2)
