-- SPDX-License-Identifier: GPL-3.0-or-later
-- Waves and questionnaires; without $3 the counts of the asking organisation alone.
SELECT survey.list(coalesce($1::jsonb ->> 'wave', ''),
                   (SELECT register.actor_on(o.orgnr, report.day_of(now())) FROM access.organisation o WHERE o.id = $2::int4), $3::bool)::text
