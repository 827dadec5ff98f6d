-- SPDX-License-Identifier: GPL-3.0-or-later
-- Takes every role of an organisation and revokes its certificates: how many of each. No row: no such organisation.
WITH o AS (SELECT id, name FROM access.organisation WHERE orgnr = $1::text),
     roles AS (DELETE FROM access.organisation_role r USING o WHERE r.organisation = o.id RETURNING 1),
     certificates AS (UPDATE access.certificate c SET revoked_at = now() FROM o WHERE c.organisation = o.id AND c.revoked_at IS NULL RETURNING 1)
SELECT o.name, (SELECT count(*) FROM roles), (SELECT count(*) FROM certificates) FROM o
