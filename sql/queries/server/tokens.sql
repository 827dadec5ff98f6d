-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tokens: one by its number ($1, 0 = any), or those of an organisation ($2, '' = of all), the newest first.
SELECT t.id, t.name, o.orgnr, o.name, (SELECT sum(1 << one) FROM unnest(t.roles) AS one)::int4,
       to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(t.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       coalesce(to_char(t.revoked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''), t.hash,
       (extract(epoch FROM t.expires_at) * 1000000)::int8, o.id,
       (SELECT coalesce(sum(1 << r.role), 0) FROM access.organisation_role r WHERE r.organisation = o.id AND r.role = ANY (t.roles))::int4
FROM access.token t JOIN access.organisation o ON o.id = t.organisation
WHERE ($1::int8 = 0 OR t.id = $1::int8) AND ($2::text = '' OR o.orgnr = $2::text) ORDER BY t.id DESC LIMIT 1000
