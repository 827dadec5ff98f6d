-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT count(*) FROM register.label l WHERE NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id)
