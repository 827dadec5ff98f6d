-- SPDX-License-Identifier: GPL-3.0-or-later
-- Stored results for those who look them up, compute them again, or read them from R and Python.

-- What came out when a result was computed again and was not the same; the job has failed then, and its error says so.
ALTER TABLE knowledge.job ADD COLUMN recomputed bytea;

-- Results are listed from the newest on.
CREATE INDEX result_computed ON knowledge.result (computed_at DESC, id DESC);

-- One row per result, table, row and column. `value` is the number, `text` the text; both are empty where it is missing. Rows count
-- from 1. A result is large: ask for one (result = ...), or for some tables and columns of the latest (latest_value).
CREATE VIEW research.result_value AS
SELECT r.id AS result, r.family, t.content ->> 'name' AS table_name, v.position::int4 AS row_number, c.content ->> 'name' AS column_name,
       c.position::int4 AS column_position,
       CASE WHEN NOT coalesce((c.content ->> 'is_text')::bool, false) THEN (v.content #>> '{}')::float8 END AS value,
       CASE WHEN coalesce((c.content ->> 'is_text')::bool, false) THEN nullif(v.content #>> '{}', '') END AS text
FROM knowledge.result r
CROSS JOIN LATERAL jsonb_array_elements(r.body -> 'tables') WITH ORDINALITY AS t(content, position)
CROSS JOIN LATERAL jsonb_array_elements(t.content -> 'columns') WITH ORDINALITY AS c(content, position)
CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN coalesce((c.content ->> 'is_text')::bool, false) THEN c.content -> 'texts'
                                             ELSE c.content -> 'numbers' END) WITH ORDINALITY AS v(content, position);

-- What each column means: its unit, definition, and source in the literature.
CREATE VIEW research.result_column AS
SELECT r.id AS result, r.family, t.content ->> 'name' AS table_name, c.content ->> 'name' AS column_name, c.position::int4 AS position,
       coalesce((c.content ->> 'is_text')::bool, false) AS is_text, coalesce(c.content ->> 'unit', '') AS unit,
       coalesce(c.content ->> 'definition', '') AS definition, coalesce(c.content ->> 'source', '') AS source,
       jsonb_array_length(coalesce(c.content -> 'numbers', c.content -> 'texts', '[]'))::int4 AS rows
FROM knowledge.result r
CROSS JOIN LATERAL jsonb_array_elements(r.body -> 'tables') WITH ORDINALITY AS t(content, position)
CROSS JOIN LATERAL jsonb_array_elements(t.content -> 'columns') WITH ORDINALITY AS c(content, position);

-- The card: what was computed from which data with which choices, one row an entry, in the card's order.
CREATE VIEW research.result_card AS
SELECT r.id AS result, r.family, e.position::int4 AS position, e.content ->> 'key' AS entry, e.content ->> 'value' AS value
FROM knowledge.result r
CROSS JOIN LATERAL jsonb_array_elements(coalesce(r.body #> '{card,entries}', '[]')) WITH ORDINALITY AS e(content, position);

-- What is missing and what was guarded against.
CREATE VIEW research.result_note AS
SELECT r.id AS result, r.family, n.position::int4 AS position, n.note
FROM knowledge.result r
CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(r.body #> '{card,notes}', '[]')) WITH ORDINALITY AS n(note, position);

-- The latest result of each family, specification and language.
CREATE VIEW research.latest_result AS
SELECT DISTINCT ON (r.family, r.spec_hash, r.language)
       r.id, r.family, r.spec, r.spec_hash, r.language, r.watermark, r.input_hash, r.seed, r.software, r.engine, r.computed_at, r.seconds
FROM knowledge.result r ORDER BY r.family, r.spec_hash, r.language, r.computed_at DESC, r.id DESC;

CREATE VIEW research.latest_value AS
SELECT l.spec, l.computed_at, v.* FROM research.latest_result l JOIN research.result_value v ON v.result = l.id;
