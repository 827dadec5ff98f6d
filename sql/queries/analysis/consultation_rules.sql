-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT r.name, r.effect, register.actor_on(r.addressee, greatest(lower(r.valid), date '1970-01-01' + $1)), r.stage, r.by_stage, r.minimum_days,
       r.copy_enough, r.when_decided,
       CASE WHEN lower_inf(r.valid) THEN -2147483648 ELSE lower(r.valid) - date '1970-01-01' END,
       CASE WHEN upper_inf(r.valid) THEN 2147483647 ELSE upper(r.valid) - date '1970-01-01' END, r.source, r.addressee
FROM register.consultation_rule r
WHERE r.valid && daterange(date '1970-01-01' + $1, date '1970-01-01' + $2) ORDER BY r.name COLLATE "C", r.id
