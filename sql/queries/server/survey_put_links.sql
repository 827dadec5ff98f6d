-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT survey.put_links($1, $2, $3::bool)
