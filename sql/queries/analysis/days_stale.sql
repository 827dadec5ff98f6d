-- SPDX-License-Identifier: GPL-3.0-or-later
-- Days whose blocks another version of the program packed in a way this one does not read.
SELECT DISTINCT day - date '1970-01-01' FROM knowledge.day_block
WHERE format <> $1 AND (NOT $2 OR (day >= date '1970-01-01' + $3 AND day < date '1970-01-01' + $4))
