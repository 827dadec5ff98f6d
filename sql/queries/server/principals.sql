-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who is known: 0 by organisation number, 1 by a certificate's subject; 2 is a revoked certificate.
WITH o AS (SELECT o.id, o.orgnr, coalesce(sum(1 << r.role), 0)::int4 AS roles
           FROM access.organisation o LEFT JOIN access.organisation_role r ON r.organisation = o.id GROUP BY o.id, o.orgnr)
SELECT 0::int4, o.orgnr, o.orgnr, o.id, o.roles FROM o
UNION ALL SELECT 1, s.subject, o.orgnr, o.id, o.roles FROM access.certificate_subject s JOIN o ON o.id = s.organisation
UNION ALL SELECT 2, c.fingerprint, o.orgnr, o.id, 0 FROM access.certificate c JOIN o ON o.id = c.organisation
WHERE c.revoked_at IS NOT NULL
