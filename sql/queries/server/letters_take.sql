-- SPDX-License-Identifier: GPL-3.0-or-later
-- Letters whose time has come, marked as being sent until their lease is over. What is not wanted any more is dropped: a letter to a wave
-- that is over, a reminder to somebody who has answered meanwhile or to sign what does not wait any more, a letter to nowhere.
WITH due AS (
    SELECT l.id, s.wave, s.actor, s.language, s.respondent,
           CASE WHEN l.link_kind = 0 THEN s.address ELSE k.address END AS address,
           CASE WHEN l.kind <> 'receipt' AND (w.state = 3 OR now() >= w.closes_at) THEN 'the wave has closed'
                WHEN l.kind = 'reminder' AND s.submitted THEN 'has answered'
                WHEN l.kind = 'signing' AND coalesce(r.state, 0) <> 2 THEN 'does not wait any more'
                WHEN l.kind <> 'receipt' AND s.withdrawn THEN 'has withdrawn'
                WHEN l.kind <> 'receipt' AND (k.hash IS NULL OR k.revoked_at IS NOT NULL) THEN 'the link was revoked'
                WHEN l.attempts >= $3::int4 THEN 'given up'
                WHEN CASE WHEN l.link_kind = 0 THEN s.address ELSE k.address END = '' THEN 'no address' END AS dropped
    FROM survey.letter l
    JOIN survey.seat s ON s.id = l.seat
    JOIN survey.wave w ON w.id = s.wave
    LEFT JOIN survey.respondent r ON r.id = s.respondent
    LEFT JOIN survey.link k ON k.seat = l.seat AND k.kind = l.link_kind AND k.number = l.link_number
    WHERE l.state IN ('waiting', 'sending') AND l.next_at <= now()
      AND (l.kind = 'receipt' OR w.state = 3 OR w.state = 1 AND now() >= w.opens_at)
    ORDER BY l.next_at, l.id LIMIT $1::int4
    FOR UPDATE OF l SKIP LOCKED
), taken AS (
    UPDATE survey.letter l
    SET state = CASE WHEN d.dropped IS NULL THEN 'sending' ELSE 'failed' END,
        attempts = l.attempts + CASE WHEN d.dropped IS NULL THEN 1 ELSE 0 END,
        next_at = now() + $2::int4 * interval '1 second',
        error = coalesce(d.dropped, l.error)
    FROM due d WHERE d.id = l.id
    RETURNING l.*, d.wave, d.actor, d.language, d.respondent, d.address, d.dropped
)
SELECT t.id, t.attempts, t.seat, t.link_kind::int4, t.link_number, t.kind, t.address, t.language, w.key,
       coalesce(w.title ->> 'nb', ''), coalesce(w.title ->> 'nn', ''), coalesce(w.title ->> 'en', ''),
       coalesce(own.said ->> 'nb', ''), coalesce(own.said ->> 'nn', ''), coalesce(own.said ->> 'en', ''),
       coalesce(n.name_nb, a.key), coalesce(n.name_nn, ''), coalesce(n.name_en, ''),
       w.sender, coalesce(r.receipt, ''), extract(epoch FROM w.closes_at)::int8 * 1000000, (extract(epoch FROM t.created_at) * 1000000)::int8
FROM taken t
JOIN survey.wave w ON w.id = t.wave
JOIN register.actor a ON a.id = t.actor
LEFT JOIN register.actor_name n ON n.actor = t.actor AND n.valid @> (now() AT TIME ZONE 'Europe/Oslo')::date
LEFT JOIN survey.respondent r ON r.id = t.respondent
CROSS JOIN LATERAL (SELECT CASE t.kind WHEN 'invitation' THEN w.invitation WHEN 'reminder' THEN w.reminder ELSE '{}' END) own(said)
WHERE t.dropped IS NULL
ORDER BY t.id
