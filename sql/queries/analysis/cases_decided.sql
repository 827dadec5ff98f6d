-- SPDX-License-Identifier: GPL-3.0-or-later
-- Cases of which everybody may know, because they are decided.
SELECT ref FROM register.case_file WHERE decided_on <= report.day_of(now()) ORDER BY ref COLLATE "C"
