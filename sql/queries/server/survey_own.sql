-- SPDX-License-Identifier: GPL-3.0-or-later
-- The actor an organisation is on a wave's day.
SELECT (SELECT a.key FROM access.organisation o JOIN register.actor a ON a.id = register.actor_on(o.orgnr, survey.day_of_wave(w)) WHERE o.id = $2::int4)
FROM survey.wave_named($1::text) w
