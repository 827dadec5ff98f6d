-- SPDX-License-Identifier: GPL-3.0-or-later
-- A share of another worker of this version with a part to do, the oldest after $3.
SELECT s.id, s.job FROM knowledge.share s
WHERE s.owner <> $1 AND s.software = $2 AND s.id > $3
    AND EXISTS (SELECT FROM knowledge.share_part p WHERE p.share = s.id AND p.state = 'waiting')
ORDER BY s.id LIMIT 1
