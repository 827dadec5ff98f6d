-- SPDX-License-Identifier: GPL-3.0-or-later
-- When cases were first and last seen: ref and days, one element for each case.
INSERT INTO register.case_file AS c (ref, first_seen_on, last_seen_on)
SELECT ref, date '1970-01-01' + first_day, date '1970-01-01' + last_day
FROM unnest($1, $2, $3) AS noted (ref, first_day, last_day) ORDER BY 1
ON CONFLICT (ref) DO UPDATE SET first_seen_on = least(c.first_seen_on, EXCLUDED.first_seen_on),
    last_seen_on = greatest(c.last_seen_on, EXCLUDED.last_seen_on)
WHERE c.first_seen_on > EXCLUDED.first_seen_on OR c.last_seen_on < EXCLUDED.last_seen_on OR c.first_seen_on IS NULL
   OR c.last_seen_on IS NULL
