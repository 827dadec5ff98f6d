-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who is in a wave: those who were asked, those who answered, those who are named, and those of the rosters on its day.
WITH wave AS (
    SELECT id, key, instrument, version, coalesce(on_day, report.day_of(opens_at)) AS day FROM survey.wave WHERE id = $1
), roster AS (
    SELECT coalesce(i.definition #> '{actors,kinds}', '[]') AS kinds, coalesce(i.definition #> '{actors,actors}', '[]') AS actors
    FROM wave w JOIN research.survey_item i ON i.instrument = w.instrument AND i.version = w.version AND i.kind = 'roster'
)
SELECT r.actor FROM survey.respondent r WHERE r.wave = $1 AND survey.counts(r.state, r.revision)
UNION
SELECT a.id FROM wave w JOIN research.survey_turnout t ON t.wave = w.key JOIN register.actor a ON a.key = t.actor
UNION
SELECT coalesce(a.id, l.actor)
FROM wave w JOIN survey.respondent r ON r.wave = w.id AND survey.counts(r.state, r.revision)
JOIN survey.answer s ON s.respondent = r.id AND s.target <> ''
JOIN survey.item i ON i.instrument = w.instrument AND i.version = w.version AND i.id = s.item AND i.kind <> 'matrix'
LEFT JOIN register.actor a ON a.key = s.target
LEFT JOIN register.label_actor l ON a.id IS NULL AND l.label = s.target_label AND l.valid @> w.day
WHERE coalesce(a.id, l.actor) IS NOT NULL
UNION
SELECT a.id FROM wave w JOIN roster o ON true JOIN register.actor a ON o.kinds ? a.kind
WHERE EXISTS (SELECT 1 FROM register.actor_name n WHERE n.actor = a.id AND n.valid @> w.day)
UNION
SELECT register.actor_meant(e.name) FROM roster o CROSS JOIN LATERAL jsonb_array_elements_text(o.actors) AS e(name)
WHERE register.actor_meant(e.name) IS NOT NULL
ORDER BY 1
