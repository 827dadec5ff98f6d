-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who is known: 0 by organisation number, 1 by a certificate's subject, 3 by a token's hash; 2 is a revoked certificate. Tokens
-- have their number and end (in microseconds since 1970).
WITH o AS (SELECT o.id, o.orgnr, coalesce(sum(1 << r.role), 0)::int4 AS roles
           FROM access.organisation o LEFT JOIN access.organisation_role r ON r.organisation = o.id GROUP BY o.id, o.orgnr)
SELECT 0::int4, o.orgnr, o.orgnr, o.id, o.roles, 0::int4, 0::int8 FROM o
UNION ALL SELECT 1, s.subject, o.orgnr, o.id, o.roles, 0, 0 FROM access.certificate_subject s JOIN o ON o.id = s.organisation
UNION ALL SELECT 2, c.fingerprint, o.orgnr, o.id, 0, 0, 0 FROM access.certificate c JOIN o ON o.id = c.organisation
WHERE c.revoked_at IS NOT NULL
UNION ALL SELECT 3, t.hash, o.orgnr, o.id, o.roles & (SELECT sum(1 << one) FROM unnest(t.roles) AS one)::int4, t.id,
                 (extract(epoch FROM t.expires_at) * 1000000)::int8
FROM access.token t JOIN o ON o.id = t.organisation WHERE t.revoked_at IS NULL AND t.expires_at > now()
