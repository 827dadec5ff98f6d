-- SPDX-License-Identifier: GPL-3.0-or-later
-- What became of a run that this daemon took; nothing when somebody else has taken it since. Outcomes: 0 done, 1 for now not, 2 not at
-- all, 3 not tried after all.
UPDATE schedule.run r
SET state = CASE WHEN $3::int4 = 0 THEN 'done' WHEN $3::int4 = 2 OR $3::int4 = 1 AND r.attempts >= $4::int4 THEN 'failed' ELSE 'waiting' END,
    attempts = r.attempts - CASE WHEN $3::int4 = 3 THEN 1 ELSE 0 END,
    ended_at = now(),
    next_at = now() + least($5::float8 / 1000 * CASE WHEN $3::int4 = 1 THEN 2 ^ least(r.attempts - 1, 20) ELSE 1 END, $6::float8)
                    * (0.75 + random() / 2) * interval '1 second',
    error = CASE WHEN $3::int4 = 3 THEN r.error ELSE nullif($8::text, '') END,
    whole_spec = coalesce(nullif($9::text, ''), r.whole_spec),
    result = coalesce(nullif($10::text, '')::uuid, r.result),
    delivered = CASE WHEN $3::int4 = 0 THEN $11::text END,
    bytes = CASE WHEN $3::int4 = 0 THEN $7::int8 END
WHERE r.id = $1::int8 AND r.taking = $2::int4 AND r.state = 'running'
RETURNING r.state
