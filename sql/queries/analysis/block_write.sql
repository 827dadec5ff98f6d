-- SPDX-License-Identifier: GPL-3.0-or-later
INSERT INTO knowledge.day_block AS b (day, layer, digest, interactions, dyads, format, block)
VALUES (date '1970-01-01' + $1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (day, layer) DO UPDATE SET digest = EXCLUDED.digest, interactions = EXCLUDED.interactions, dyads = EXCLUDED.dyads,
    format = EXCLUDED.format, block = EXCLUDED.block, built_at = now()
WHERE b.digest <> EXCLUDED.digest OR b.format <> EXCLUDED.format OR b.block <> EXCLUDED.block
