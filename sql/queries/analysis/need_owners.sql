-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT p.place, o.actor, max(o.share), CASE WHEN bool_or(lower_inf(o.valid)) THEN -2147483648 ELSE min(lower(o.valid)) - date '1970-01-01' END
FROM register.need_owner o JOIN register.need_place p ON p.id = o.item
WHERE o.valid && daterange(date '1970-01-01' + $1, date '1970-01-01' + $2) GROUP BY 1, 2 ORDER BY 1, 2
