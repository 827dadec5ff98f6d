-- SPDX-License-Identifier: GPL-3.0-or-later
-- Revokes one certificate: whose it is, and 1 when it was not revoked before. No row: no such certificate.
WITH now_revoked AS (UPDATE access.certificate SET revoked_at = now() WHERE fingerprint = $1::text AND revoked_at IS NULL RETURNING fingerprint)
SELECT o.name, 0::int8, (SELECT count(*) FROM now_revoked)
FROM access.certificate c JOIN access.organisation o ON o.id = c.organisation WHERE c.fingerprint = $1::text
