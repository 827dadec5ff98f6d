-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT i.place, a.place, l.weight FROM register.need_link l JOIN register.need_place i ON i.id = l.instrument JOIN register.need_place a ON a.id = l.item
ORDER BY 1, 2
