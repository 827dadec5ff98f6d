-- SPDX-License-Identifier: GPL-3.0-or-later
-- Respondents by their place among those that count; the values of one answer in one row.
WITH who AS (
    SELECT r.id, row_number() OVER (ORDER BY r.id) - 1 AS place, w.instrument, w.version, coalesce(w.on_day, report.day_of(w.opens_at)) AS day
    FROM survey.respondent r JOIN survey.wave w ON w.id = r.wave WHERE r.wave = $1 AND survey.counts(r.state, r.revision)
)
SELECT who.place::int4, CASE WHEN i.kind = 'matrix' THEN s.item || '.' || s.target ELSE s.item END,
       CASE WHEN i.kind <> 'matrix' THEN coalesce(a.id, l.actor) END, i.kind <> 'matrix' AND s.target <> '', s.state,
       array_to_string(s."values", ' ')
FROM who
JOIN survey.answer s ON s.respondent = who.id
JOIN survey.item i ON i.instrument = who.instrument AND i.version = who.version AND i.id = s.item AND i.kind NOT IN ('text', 'date')
LEFT JOIN register.actor a ON a.key = s.target AND s.target <> '' AND i.kind <> 'matrix'
LEFT JOIN register.label_actor l ON a.id IS NULL AND l.label = s.target_label AND l.valid @> who.day
ORDER BY who.place, i.place, s.item, s.target
