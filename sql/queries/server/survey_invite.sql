-- SPDX-License-Identifier: GPL-3.0-or-later
-- One row an invitee, in the order of the message.
SELECT state, field, reason, seat
FROM survey.invite(coalesce($1::jsonb ->> 'wave', ''), coalesce($1::jsonb -> 'invitees', '[]'), $2::int4) ORDER BY n
