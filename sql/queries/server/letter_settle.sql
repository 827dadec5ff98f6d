-- SPDX-License-Identifier: GPL-3.0-or-later
-- What became of a letter that this daemon took; nothing when somebody else has taken it since, or it is gone with its wave.
WITH settled AS (
    UPDATE survey.letter l
    SET state = CASE WHEN $3::int4 = 0 THEN 'sent' WHEN $3::int4 = 2 OR $3::int4 = 1 AND l.attempts >= $4::int4 THEN 'failed' ELSE 'waiting' END,
        attempts = l.attempts - CASE WHEN $3::int4 = 3 THEN 1 ELSE 0 END,
        sent_at = CASE WHEN $3::int4 = 0 THEN now() END,
        error = CASE WHEN $3::int4 = 0 THEN NULL ELSE nullif($7::text, '') END,
        next_at = now() + least($5::float8 / 1000 * CASE WHEN $3::int4 = 1 THEN 2 ^ least(l.attempts - 1, 20) ELSE 1 END, $6::float8)
                        * (0.75 + random() / 2) * interval '1 second'
    WHERE l.id = $1::int8 AND l.attempts = $2::int4 AND l.state = 'sending'
    RETURNING l.seat, l.state, l.link_kind
), marked AS (
    UPDATE survey.seat s SET undelivered = settled.state = 'failed' FROM settled
    WHERE s.id = settled.seat AND settled.link_kind = 0 AND settled.state IN ('sent', 'failed') AND s.undelivered <> (settled.state = 'failed')
)
SELECT count(*) > 0 FROM settled
