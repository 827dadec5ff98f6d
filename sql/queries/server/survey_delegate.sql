-- SPDX-License-Identifier: GPL-3.0-or-later
-- And then the link itself, with the hash of the secret.
SELECT survey.delegate($1, $2::int4, $5::int4, $6, $3, $4::text)
