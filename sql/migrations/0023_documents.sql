-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reports as workbooks, schedules that deliver several forms, and the documents of a year counted whoever made them.

ALTER TABLE knowledge.document DROP CONSTRAINT document_format_known;
ALTER TABLE knowledge.document ADD CONSTRAINT document_format_known CHECK (format IN ('pdf', 'text', 'csv', 'xlsx'));

-- ---------------------------------------------------------------------------------------- forms that are delivered
ALTER TABLE schedule.plan ADD COLUMN formats text NOT NULL DEFAULT 'html';      -- with commas between, each once; the daemon has read them
ALTER TABLE schedule.run ADD COLUMN formats text NOT NULL DEFAULT 'html';       -- as the plan was then

-- As they were, with the forms.
CREATE OR REPLACE FUNCTION schedule.plan_json(p schedule.plan) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('key', p.key, 'rule', p.rule, 'start', p.start, 'period', p.period, 'spec', p.spec, 'language', p.language,
                              'deliver', p.deliver, 'formats', p.formats, 'next_us', coalesce(survey.us(p.next_at), 0)) ||
           coalesce((SELECT jsonb_build_object('state', r.state, 'latest_us', survey.us(r.occurrence))
                     FROM schedule.run r WHERE r.plan = p.id ORDER BY r.occurrence DESC LIMIT 1), '{}')
$$;
CREATE OR REPLACE FUNCTION schedule.act(request jsonb, organisation int4) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    action     text := coalesce(request ->> 'action', 'SCHEDULE_LIST');
    wanted     jsonb := coalesce(request -> 'schedule', '{}');
    wanted_key text := coalesce(wanted ->> 'key', '');
    p          schedule.plan;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning schedules', 0));
    IF action = 'SCHEDULE_LIST' THEN
        RETURN (SELECT jsonb_build_object('schedules', coalesce(jsonb_agg(schedule.plan_json(one) ORDER BY one.key COLLATE "C"), '[]'))
                FROM schedule.plan one WHERE removed_at IS NULL AND wanted_key IN ('', one.key));
    END IF;
    IF wanted_key !~ '^[a-z0-9][a-z0-9_-]{0,47}$' THEN
        PERFORM survey.refuse(6, 'schedule.key', format('"%s" is not a key: up to 48 of a-z, 0-9, "_" and "-"', wanted_key));
    END IF;
    SELECT * INTO p FROM schedule.plan WHERE key = wanted_key AND removed_at IS NULL FOR UPDATE;
    IF action = 'SCHEDULE_ADD' THEN
        IF p.id IS NULL AND (SELECT count(*) FROM schedule.plan WHERE removed_at IS NULL) >= 1000 THEN
            PERFORM survey.refuse(6, 'schedule.key', 'there are 1000 schedules already, which is the most there may be');
        END IF;
        INSERT INTO schedule.plan AS t (key, rule, start, period, spec, language, deliver, formats, next_at, planned_by)
        VALUES (wanted_key, coalesce(wanted ->> 'rule', ''), coalesce(wanted ->> 'start', ''), coalesce(wanted ->> 'period', ''),
                coalesce(wanted ->> 'spec', ''), coalesce(wanted ->> 'language', ''), coalesce(wanted ->> 'deliver', ''),
                coalesce(nullif(wanted ->> 'formats', ''), 'html'), survey.moment((wanted ->> 'next_us')::int8), nullif(organisation, 0))
        ON CONFLICT (key) WHERE removed_at IS NULL DO UPDATE SET rule = excluded.rule, start = excluded.start, period = excluded.period,
            spec = excluded.spec, language = excluded.language, deliver = excluded.deliver, formats = excluded.formats, next_at = excluded.next_at,
            planned_at = now(), planned_by = excluded.planned_by
        RETURNING t.* INTO p;
        RETURN jsonb_build_object('schedules', jsonb_build_array(schedule.plan_json(p)));
    END IF;
    IF p.id IS NULL THEN
        PERFORM survey.refuse(7, 'schedule.key', format('there is no schedule "%s"', wanted_key));
    END IF;
    IF action = 'SCHEDULE_RUN' THEN
        -- whoever asks twice while it waits means the same run
        IF NOT EXISTS (SELECT 1 FROM schedule.run r WHERE r.plan = p.id AND r.by_hand AND r.state = 'waiting' AND r.attempts = 0) THEN
            INSERT INTO schedule.run (plan, occurrence, by_hand, period, spec, language, deliver, formats)
            VALUES (p.id, date_trunc('milliseconds', clock_timestamp()), true, p.period, p.spec, p.language, p.deliver, p.formats);
        END IF;
    ELSIF action = 'SCHEDULE_REMOVE' THEN
        UPDATE schedule.run SET state = 'cancelled', ended_at = now(), error = 'the schedule was removed' WHERE plan = p.id AND state = 'waiting';
        UPDATE schedule.plan SET removed_at = now(), next_at = NULL WHERE id = p.id RETURNING * INTO p;
    END IF;
    RETURN jsonb_build_object('schedules', jsonb_build_array(schedule.plan_json(p)));
END
$$;
CREATE OR REPLACE FUNCTION schedule.claim(wanted int4, expected_us int8, occurrence_us int8, missed int4, next_us int8) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    p schedule.plan;
BEGIN
    UPDATE schedule.plan SET next_at = survey.moment(next_us) WHERE id = wanted AND next_at = survey.moment(expected_us) AND removed_at IS NULL
    RETURNING * INTO p;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO schedule.run (plan, occurrence, missed, period, spec, language, deliver, formats)
    SELECT p.id, survey.moment(occurrence_us), claim.missed, p.period, p.spec, p.language, p.deliver, p.formats WHERE occurrence_us <> 0
    ON CONFLICT ON CONSTRAINT run_once DO NOTHING;
    RETURN FOUND;
END
$$;

-- ------------------------------------------------------------------------------------------ releases of open data
CREATE TABLE knowledge.release (
    digest       text NOT NULL,             -- SHA-256 of its SHA256SUMS, hexadecimal
    address      text NOT NULL,             -- it is published under
    languages    text[] NOT NULL,           -- of the documents in it that people read
    results      uuid[] NOT NULL,
    organisation int4,
    issued_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT release_pkey PRIMARY KEY (digest),
    CONSTRAINT release_digest_form CHECK (digest ~ '^[0-9a-f]{64}$'),
    CONSTRAINT release_languages_known CHECK (languages <@ ARRAY['nb', 'nn', 'en'])
);
-- ReleaseRequest -> ReleaseResponse. Said again it is said once.
CREATE FUNCTION knowledge.note_release(request jsonb, asking int4) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO knowledge.release (digest, address, languages, results, organisation)
    SELECT request ->> 'digest', coalesce(request ->> 'address', ''),
           coalesce((SELECT array_agg(l ORDER BY l) FROM jsonb_array_elements_text(request -> 'languages') l), '{}'),
           coalesce((SELECT array_agg(r::uuid) FROM jsonb_array_elements_text(request -> 'results') r), '{}'), nullif(asking, 0)
    ON CONFLICT DO NOTHING;
    RETURN '{}';
END
$$;

-- ------------------------------------------------------------------------------------------------------ languages
-- The documents of a year by language, whoever had them made: reports asked for by hand or by schedule, each once however often it was
-- delivered, and what is to be read in releases. Reports for one actor alone are no documents for others.
CREATE OR REPLACE VIEW research.language_share AS
SELECT year, language, documents,
       CASE WHEN language IN ('nb', 'nn') THEN documents::float8 / sum(documents) FILTER (WHERE language IN ('nb', 'nn')) OVER (PARTITION BY year) END AS share
FROM (SELECT extract(year FROM made_at AT TIME ZONE 'Europe/Oslo')::int4 AS year, language, count(*) AS documents
      FROM (SELECT computed_at AS made_at, language FROM knowledge.result WHERE family = 'report' AND (' ' || spec) NOT LIKE '% for=%'
            UNION ALL SELECT issued_at, unnest(languages) FROM knowledge.release) document GROUP BY 1, 2) counted;
