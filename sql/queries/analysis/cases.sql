-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT c.ref, c.owner, c.case_type, c.started_on - date '1970-01-01', c.decided_on - date '1970-01-01',
       coalesce((SELECT bit_or(1 << e.bit) FROM register.effect e WHERE e.term = ANY (c.effects)), 0), c.title
FROM register.case_file c
WHERE c.owner IS NOT NULL OR c.case_type IS NOT NULL OR c.started_on IS NOT NULL OR c.decided_on IS NOT NULL OR c.effects <> '{}' OR c.title IS NOT NULL
