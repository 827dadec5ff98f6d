-- SPDX-License-Identifier: GPL-3.0-or-later
-- The further links to an owner's answers, with the newest state of the letter that carries each.
SELECT k.kind::int4, k.number, k.sections, k.address, survey.us(k.created_at), k.revoked_at IS NOT NULL,
       coalesce((SELECT l.state FROM survey.letter l WHERE l.seat = k.seat AND l.link_kind = k.kind AND l.link_number = k.number AND l.kind = 'delegation'
                 ORDER BY l.id DESC LIMIT 1), '')
FROM survey.link own JOIN survey.link k ON k.seat = own.seat AND k.kind IN (1, 2)
WHERE own.hash = $1 AND own.kind = 0 AND own.revoked_at IS NULL ORDER BY k.number, k.kind
