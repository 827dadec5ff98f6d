-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT CASE kind WHEN 'goal' THEN 0 WHEN 'instrument' THEN 1 ELSE 2 END, key, name FROM register.need_place ORDER BY place
