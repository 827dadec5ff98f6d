-- SPDX-License-Identifier: GPL-3.0-or-later
WITH offered AS (INSERT INTO knowledge.share (job, owner, software, input)
                 SELECT id, worker, $3, $4 FROM knowledge.job WHERE id = $1 AND worker = $2 AND state = 'running' RETURNING id),
     parts AS (INSERT INTO knowledge.share_part (share, part, first_block, last_block)
               SELECT o.id, p.part - 1, p.first_block, p.last_block FROM offered o,
                      unnest($5::int8[], $6::int8[]) WITH ORDINALITY AS p(first_block, last_block, part))
SELECT id FROM offered
