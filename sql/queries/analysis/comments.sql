-- SPDX-License-Identifier: GPL-3.0-or-later
-- The round of comments on a report of [$1, $2), one row each; without any a row of nothing but the last day.
SELECT r.until - date '1970-01-01', o.name, c.content, report.day_of(c.sent_at) - date '1970-01-01'
FROM register.comment_round r LEFT JOIN register.comment c ON c.period = r.period
LEFT JOIN access.organisation o ON o.id = c.organisation
WHERE r.period = daterange(date '1970-01-01' + $1::int4, date '1970-01-01' + $2::int4) ORDER BY o.name COLLATE "C", o.id
