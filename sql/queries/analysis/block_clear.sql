-- SPDX-License-Identifier: GPL-3.0-or-later
DELETE FROM knowledge.day_block WHERE day = date '1970-01-01' + $1 AND layer <> ALL ($2)
