-- SPDX-License-Identifier: GPL-3.0-or-later
-- Days of a period that have a block in one of the layers, in order.
SELECT DISTINCT day - date '1970-01-01' FROM knowledge.day_block
WHERE day >= date '1970-01-01' + $1 AND day < date '1970-01-01' + $2 AND layer = ANY ($3)
ORDER BY 1
