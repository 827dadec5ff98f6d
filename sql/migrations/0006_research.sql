-- SPDX-License-Identifier: GPL-3.0-or-later
-- What researchers may see: read-only views over the current state, with terms for the small integers.

CREATE FUNCTION research.term(wanted_vocabulary text, wanted_code int2) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, vocabulary AS $$
    SELECT t.term FROM vocabulary.term t WHERE t.vocabulary = wanted_vocabulary AND t.code = wanted_code AND wanted_code <> 0
$$;

-- One row per interaction: the first reporter's account, or where that one was withdrawn, the first witness's.
CREATE VIEW research.interaction AS
SELECT s.id, s.occurred_at, report.day_of(s.occurred_at) AS day, research.term('time_precision', s.time_precision) AS time_precision,
       l.name AS type, research.term('stage', s.stage) AS stage, s.case_ref AS "case", research.term('level', s.level) AS level,
       research.term('level', s.resolved_level) AS resolved_level, s.weight, s.ended_at, cardinality(s.labels) AS participants,
       s.source, s.source_id, o.orgnr AS reporter, s.revision, s.recorded_at,
       (SELECT count(*) FROM report.supplement w WHERE w.id = s.id AND w.kind = 1 AND w.revision = 0) AS witnesses
FROM (SELECT * FROM report.statement WHERE NOT witness
      UNION ALL
      SELECT * FROM (SELECT DISTINCT ON (id) * FROM report.statement w WHERE witness AND EXISTS (
              SELECT 1 FROM report.interaction i JOIN report.supplement x ON x.id = i.id AND x.reporter = i.reporter
              WHERE i.id = w.id AND x.kind = 3
                AND NOT EXISTS (SELECT 1 FROM report.supplement y WHERE y.id = x.id AND y.reporter = x.reporter AND y.revision > x.revision))
          ORDER BY id, recorded_at, reporter) orphan) s
LEFT JOIN vocabulary.layer l ON l.code = s.layer
LEFT JOIN access.organisation o ON o.id = s.reporter;

-- One row per interaction, reporter and participant. actor is empty where the name has no actor on that day yet.
CREATE VIEW research.participation AS
SELECT s.id, s.occurred_at, l.name AS type, research.term('stage', s.stage) AS stage, s.case_ref AS "case", o.orgnr AS reporter, s.witness,
       p.position::int4, b.text AS name, a.key AS actor, research.term('role', p.role) AS role,
       s.received_at[p.position] AS received_at, s.deadline_at[p.position] AS deadline_at, s.deadline_agreed[p.position] AS deadline_agreed,
       s.replied_at[p.position] AS replied_at, research.term('reply_status', s.reply_status[p.position]) AS reply_status,
       research.term('outcome', s.outcome[p.position]) AS outcome
FROM report.statement s
CROSS JOIN LATERAL unnest(s.labels, s.roles) WITH ORDINALITY AS p(label, role, position)
JOIN register.label b ON b.id = p.label
LEFT JOIN register.label_actor r ON r.label = p.label AND r.valid @> report.day_of(s.occurred_at)
LEFT JOIN register.actor a ON a.id = r.actor
LEFT JOIN vocabulary.layer l ON l.code = s.layer
LEFT JOIN access.organisation o ON o.id = s.reporter;

CREATE VIEW research.actor AS
SELECT a.key, a.kind, n.name_nb, n.name_nn, n.name_en, n.abbreviation, n.orgnr, o.key AS parent, s.sector
FROM register.actor a
LEFT JOIN LATERAL (SELECT * FROM register.actor_name n WHERE n.actor = a.id ORDER BY lower(n.valid) DESC NULLS LAST LIMIT 1) n ON true
LEFT JOIN LATERAL (SELECT * FROM register.actor_parent p WHERE p.actor = a.id ORDER BY lower(p.valid) DESC NULLS LAST LIMIT 1) p ON true
LEFT JOIN register.actor o ON o.id = p.parent
LEFT JOIN LATERAL (SELECT * FROM register.actor_sector s WHERE s.actor = a.id ORDER BY lower(s.valid) DESC NULLS LAST LIMIT 1) s ON true;

CREATE VIEW research.actor_name AS
SELECT a.key, n.name_nb, n.name_nn, n.name_en, n.name_se, n.abbreviation, n.orgnr, lower(n.valid) AS valid_from, upper(n.valid) AS valid_to, n.source
FROM register.actor_name n JOIN register.actor a ON a.id = n.actor;

CREATE VIEW research.case_file AS
SELECT c.ref, c.title, a.key AS owner, c.case_type, c.started_on, c.decided_on, c.effects, c.first_seen_on, c.last_seen_on
FROM register.case_file c LEFT JOIN register.actor a ON a.id = c.owner;

CREATE VIEW research.result AS
SELECT id, family, spec, spec_hash, language, watermark, input_hash, seed, software, engine, computed_at, seconds, body, media_type FROM knowledge.result;

CREATE VIEW research.day_block AS
SELECT b.day, l.name AS type, b.interactions, b.dyads, b.digest, b.built_at
FROM knowledge.day_block b LEFT JOIN vocabulary.layer l ON l.code = b.layer;

-- What did not get in, and why: counts only.
CREATE VIEW research.quality AS
SELECT o.orgnr AS reporter, q.status, regexp_replace(q.field, '\[[0-9]+\]', '[]', 'g') AS field, count(*) AS rejected, max(q.recorded_at) AS last_at
FROM report.quarantine q LEFT JOIN access.organisation o ON o.id = q.reporter GROUP BY 1, 2, 3
UNION ALL
SELECT o.orgnr, 16::int2, 'classification', sum(r.count), max(r.refused_on)::timestamptz
FROM report.refused r LEFT JOIN access.organisation o ON o.id = r.reporter GROUP BY 1;

CREATE VIEW research.waiting_name AS
SELECT text AS name, first_seen_at, suggestions FROM register.waiting_label;
