-- SPDX-License-Identifier: GPL-3.0-or-later
-- How items of an earlier version are called in a later one; a value a row, or one row without values.
SELECT m.content ->> 'from', m.content ->> 'to', f.value::float8, t.value::float8
FROM survey.instrument i
CROSS JOIN LATERAL jsonb_array_elements(i.definition -> 'mappings') WITH ORDINALITY AS m(content, place)
LEFT JOIN LATERAL jsonb_array_elements_text(m.content -> 'from_values') WITH ORDINALITY AS f(value, position) ON true
LEFT JOIN LATERAL jsonb_array_elements_text(m.content -> 'to_values') WITH ORDINALITY AS t(value, position) ON t.position = f.position
WHERE i.key = $1 AND i.version = $2 AND (m.content ->> 'version')::int4 = $3
ORDER BY m.place, f.position
