-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT actor, CASE WHEN lower_inf(valid) OR NOT isfinite(lower(valid)) THEN -2147483648 ELSE lower(valid) - date '1970-01-01' END,
       CASE WHEN upper_inf(valid) OR NOT isfinite(upper(valid)) THEN 2147483647 ELSE upper(valid) - date '1970-01-01' END,
       name_nb, abbreviation, orgnr, name_nn, name_en
FROM register.actor_name WHERE NOT isempty(valid)
ORDER BY actor
