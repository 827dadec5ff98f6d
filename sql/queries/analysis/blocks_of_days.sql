-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT day - date '1970-01-01', layer, block FROM knowledge.day_block
WHERE day = ANY (ARRAY(SELECT date '1970-01-01' + one FROM unnest($1) AS one))
