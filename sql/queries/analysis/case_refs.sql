-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT ref FROM register.case_file WHERE case_type = $1 ORDER BY ref COLLATE "C"
