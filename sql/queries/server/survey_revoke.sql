-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT survey.revoke($1, $2::int4, $3::int4)
