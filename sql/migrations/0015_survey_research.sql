-- SPDX-License-Identifier: GPL-3.0-or-later
-- Surveys for those who read in R and Python, and for the workers: waves, items with their labels, answers under pseudonyms, and how
-- many answered. Never seats, addresses, links, or when somebody answered; never free text, which may name people.

-- Whose answers count: submitted, also while reopened for correcting; not withdrawn.
CREATE FUNCTION survey.counts(state int2, revision int4) RETURNS bool LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT state = 3 OR (state IN (1, 2) AND revision > 0)
$$;

CREATE VIEW research.survey_wave AS
SELECT w.key AS wave, w.title ->> 'nb' AS title_nb, w.title ->> 'nn' AS title_nn, w.title ->> 'en' AS title_en, w.instrument, w.version,
       (ARRAY['planned', 'open', 'paused', 'closed'])[w.state + 1] AS state, w.opens_at, w.closes_at, w.anonymous, w.personal,
       w.minimum_cell, coalesce(w.on_day, report.day_of(w.opens_at)) AS day, e.key AS earlier
FROM survey.wave w LEFT JOIN survey.wave e ON e.id = w.earlier;

-- One row an item; a row of a matrix is an item of its own, ITEM.ROW, of kind row. `definition` is what the questionnaire says of it.
CREATE VIEW research.survey_item AS
WITH written AS (
    SELECT t.key, t.version, d.definition
    FROM survey.instrument t CROSS JOIN LATERAL jsonb_path_query(t.definition, '$.sections[*].items[*]') d(definition)
    UNION ALL
    SELECT t.key, t.version, d.definition
    FROM survey.instrument t CROSS JOIN LATERAL jsonb_path_query(t.definition, '$.sections[*].items[*].parts[*]') d(definition)
)
SELECT i.instrument, i.version, i.id AS item, i.place, 0 AS part, i.section, i.whole, i.kind, i.relation, i.to_respondent, i.scale,
       i.reversed, i.ladder, i.text_nb, i.text_nn, i.text_en, i.low, i.high, w.definition
FROM survey.item i LEFT JOIN written w ON w.key = i.instrument AND w.version = i.version AND w.definition ->> 'id' = i.id
UNION ALL
SELECT i.instrument, i.version, i.id || '.' || (r.content ->> 'id'), i.place, r.position::int4, i.section, i.id, 'row', NULL, false,
       i.scale, i.reversed, NULL, coalesce(r.content #>> '{text,nb}', ''), coalesce(r.content #>> '{text,nn}', ''),
       coalesce(r.content #>> '{text,en}', ''), i.low, i.high, w.definition
FROM survey.item i
JOIN written w ON w.key = i.instrument AND w.version = i.version AND w.definition ->> 'id' = i.id
CROSS JOIN LATERAL jsonb_array_elements(w.definition -> 'rows') WITH ORDINALITY AS r(content, position)
WHERE i.kind = 'matrix';

CREATE VIEW research.survey_choice AS
SELECT i.instrument, i.version, i.item, c.position::int4 AS position, coalesce((c.content ->> 'value')::float8, 0) AS value,
       c.content ->> 'code' AS code, c.content #>> '{label,nb}' AS label_nb, c.content #>> '{label,nn}' AS label_nn,
       c.content #>> '{label,en}' AS label_en
FROM research.survey_item i CROSS JOIN LATERAL jsonb_array_elements(i.definition -> 'choices') WITH ORDINALITY AS c(content, position);

-- One row a value: respondent, item and target may repeat for a multiple choice (and, in the order chosen, for a ranking). Without a
-- value: what stands in state. No row at all: not answered, or not asked. target_actor is the actor that target means.
CREATE VIEW research.survey_answer AS
SELECT w.key AS wave, r.id AS respondent, a.key AS actor, research.term('level', r.level) AS level,
       CASE WHEN i.kind = 'matrix' THEN s.item || '.' || s.target ELSE s.item END AS item,
       CASE WHEN i.kind = 'matrix' THEN NULL ELSE nullif(s.target, '') END AS target, coalesce(named.key, meant.key) AS target_actor,
       (ARRAY['given', 'not_relevant', 'dont_know', 'no_contact'])[s.state + 1] AS state, v.position::int4 AS position, v.value,
       CASE WHEN i.kind = 'date' THEN nullif(s.text, '') END AS date
FROM survey.answer s
JOIN survey.respondent r ON r.id = s.respondent AND survey.counts(r.state, r.revision)
JOIN survey.wave w ON w.id = r.wave
JOIN register.actor a ON a.id = r.actor
JOIN survey.item i ON i.instrument = w.instrument AND i.version = w.version AND i.id = s.item AND i.kind <> 'text'
LEFT JOIN register.actor named ON named.key = s.target AND s.target <> '' AND i.kind <> 'matrix'
LEFT JOIN register.label_actor l ON named.id IS NULL AND l.label = s.target_label
    AND l.valid @> coalesce(w.on_day, report.day_of(w.opens_at))
LEFT JOIN register.actor meant ON meant.id = l.actor
LEFT JOIN LATERAL unnest(s."values") WITH ORDINALITY AS v(value, position) ON true;

-- Seats by actor: counts only.
CREATE VIEW research.survey_turnout AS
SELECT w.key AS wave, a.key AS actor, count(*) AS invited,
       count(*) FILTER (WHERE s.submitted OR s.withdrawn OR s.respondent IS NOT NULL) AS started,
       count(*) FILTER (WHERE s.submitted AND NOT s.withdrawn) AS submitted, count(*) FILTER (WHERE s.withdrawn) AS withdrawn
FROM survey.seat s JOIN survey.wave w ON w.id = s.wave JOIN register.actor a ON a.id = s.actor
GROUP BY w.key, a.key;
