-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT block, day - date '1970-01-01', layer FROM knowledge.day_block
WHERE day >= date '1970-01-01' + $1 AND day < date '1970-01-01' + $2 AND layer = ANY ($3)
ORDER BY day, layer
