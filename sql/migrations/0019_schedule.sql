-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schedules: reports made and delivered again and again. And the knowledge base: results that never change, but may be superseded.

-- ------------------------------------------------------------------------------------------------ superseding
-- What has been computed stays as it was, for whoever cites it by its id.
CREATE FUNCTION knowledge.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'SM008', MESSAGE = 'a stored result never changes; a newer one can supersede it';
END
$$;
CREATE TRIGGER result_never_changes BEFORE UPDATE OR DELETE ON knowledge.result FOR EACH ROW EXECUTE FUNCTION knowledge.refuse_change();

CREATE TABLE knowledge.supersession (
    old          uuid NOT NULL REFERENCES knowledge.result,
    new          uuid NOT NULL REFERENCES knowledge.result,
    reason       text NOT NULL,
    organisation int4,
    said_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT supersession_pkey PRIMARY KEY (old),
    CONSTRAINT supersession_new_unique UNIQUE (new),
    CONSTRAINT supersession_two CHECK (old <> new)
);
CREATE FUNCTION knowledge.supersede(wanted_old text, wanted_new text, why text, by_organisation int4) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was knowledge.result%ROWTYPE;
    is_ knowledge.result%ROWTYPE;
    at  knowledge.supersession;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning supersession', 0));
    SELECT * INTO was FROM knowledge.result WHERE id::text = wanted_old;
    IF NOT FOUND THEN
        PERFORM survey.refuse(7, 'id', 'no result has this id');
    END IF;
    SELECT * INTO is_ FROM knowledge.result WHERE id::text = wanted_new;
    IF NOT FOUND THEN
        PERFORM survey.refuse(7, 'by', 'no result has this id');
    ELSIF is_.id = was.id THEN
        PERFORM survey.refuse(6, 'by', 'a result does not supersede itself');
    ELSIF is_.family <> was.family THEN
        PERFORM survey.refuse(6, 'by', format('that is a result of %s, and the other one is of %s', is_.family, was.family));
    ELSIF btrim(why) = '' THEN
        PERFORM survey.refuse(6, 'reason', 'must be given');
    END IF;
    SELECT * INTO at FROM knowledge.supersession WHERE old = was.id;
    IF FOUND AND (at.new, at.reason) = (is_.id, why) THEN
        RETURN;
    ELSIF FOUND THEN
        PERFORM survey.refuse(8, 'id', format('it has been superseded by %s already', at.new));
    ELSIF EXISTS (SELECT 1 FROM knowledge.supersession WHERE old = is_.id) THEN
        PERFORM survey.refuse(8, 'by', 'it has been superseded itself');
    ELSIF EXISTS (SELECT 1 FROM knowledge.supersession WHERE new = is_.id) THEN
        PERFORM survey.refuse(8, 'by', 'it supersedes another result already');
    END IF;
    INSERT INTO knowledge.supersession (old, new, reason, organisation) VALUES (was.id, is_.id, why, nullif(by_organisation, 0));
END
$$;

-- -------------------------------------------------------------------------------------------------- schedules
CREATE SCHEMA schedule;

CREATE TABLE schedule.plan (
    id         int4 NOT NULL GENERATED ALWAYS AS IDENTITY,
    key        text NOT NULL,
    rule       text NOT NULL,       -- iCalendar RRULE; the daemons reckon with it, not the database
    start      text NOT NULL,       -- YYYY-MM-DDTHH:MM of Europe/Oslo
    period     text NOT NULL,
    spec       text NOT NULL,
    language   text NOT NULL,
    deliver    text NOT NULL,
    next_at    timestamptz,         -- NULL: the rule has come to its end
    planned_at timestamptz NOT NULL DEFAULT now(),
    planned_by int4,
    removed_at timestamptz,
    CONSTRAINT plan_pkey PRIMARY KEY (id),
    CONSTRAINT plan_key_form CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,47}$'),
    CONSTRAINT plan_language_known CHECK (language IN ('nb', 'nn', 'en'))
);
CREATE UNIQUE INDEX plan_key ON schedule.plan (key) WHERE removed_at IS NULL;

-- One row an occurrence: the key is what keeps several daemons from running it twice.
--
--      waiting --take--> running --settle--> done
--         ^                 | \------------> failed
--         +---- settle -----+
--         +-- lease over ---+
CREATE TABLE schedule.run (
    id          int8 NOT NULL GENERATED ALWAYS AS IDENTITY,
    plan        int4 NOT NULL REFERENCES schedule.plan,
    occurrence  timestamptz NOT NULL,
    by_hand     bool NOT NULL DEFAULT false,
    missed      int4 NOT NULL DEFAULT 0,    -- earlier occurrences it stands for
    period      text NOT NULL,              -- as the plan was then
    spec        text NOT NULL,
    language    text NOT NULL,
    deliver     text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting',
    attempts    int4 NOT NULL DEFAULT 0,
    taking      int4 NOT NULL DEFAULT 0,    -- tells one taking from a later one
    next_at     timestamptz NOT NULL DEFAULT now(),     -- waiting: not before; running: until the lease is over
    started_at  timestamptz,
    ended_at    timestamptz,
    whole_spec  text,                       -- with the period
    result      uuid,
    delivered   text,
    bytes       int8,
    error       text,
    CONSTRAINT run_pkey PRIMARY KEY (id),
    CONSTRAINT run_once UNIQUE (plan, occurrence),
    CONSTRAINT run_state_known CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled'))
);
CREATE INDEX run_open ON schedule.run (next_at) WHERE state IN ('waiting', 'running');

CREATE FUNCTION schedule.plan_json(p schedule.plan) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('key', p.key, 'rule', p.rule, 'start', p.start, 'period', p.period, 'spec', p.spec, 'language', p.language,
                              'deliver', p.deliver, 'next_us', coalesce(survey.us(p.next_at), 0)) ||
           coalesce((SELECT jsonb_build_object('state', r.state, 'latest_us', survey.us(r.occurrence))
                     FROM schedule.run r WHERE r.plan = p.id ORDER BY r.occurrence DESC LIMIT 1), '{}')
$$;

-- ScheduleRequest -> ScheduleResponse. The daemon has read the rule, and has put the next occurrence into it.
CREATE FUNCTION schedule.act(request jsonb, organisation int4) RETURNS jsonb LANGUAGE plpgsql AS $$
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
        INSERT INTO schedule.plan AS t (key, rule, start, period, spec, language, deliver, next_at, planned_by)
        VALUES (wanted_key, coalesce(wanted ->> 'rule', ''), coalesce(wanted ->> 'start', ''), coalesce(wanted ->> 'period', ''),
                coalesce(wanted ->> 'spec', ''), coalesce(wanted ->> 'language', ''), coalesce(wanted ->> 'deliver', ''),
                survey.moment((wanted ->> 'next_us')::int8), nullif(organisation, 0))
        ON CONFLICT (key) WHERE removed_at IS NULL DO UPDATE SET rule = excluded.rule, start = excluded.start, period = excluded.period,
            spec = excluded.spec, language = excluded.language, deliver = excluded.deliver, next_at = excluded.next_at,
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
            INSERT INTO schedule.run (plan, occurrence, by_hand, period, spec, language, deliver)
            VALUES (p.id, date_trunc('milliseconds', clock_timestamp()), true, p.period, p.spec, p.language, p.deliver);
        END IF;
    ELSIF action = 'SCHEDULE_REMOVE' THEN
        UPDATE schedule.run SET state = 'cancelled', ended_at = now(), error = 'the schedule was removed' WHERE plan = p.id AND state = 'waiting';
        UPDATE schedule.plan SET removed_at = now(), next_at = NULL WHERE id = p.id RETURNING * INTO p;
    END IF;
    RETURN jsonb_build_object('schedules', jsonb_build_array(schedule.plan_json(p)));
END
$$;

-- An occurrence that has come: one daemon gets it, the one whose expectation still stands. next_us 0: there is none after it.
CREATE FUNCTION schedule.claim(wanted int4, expected_us int8, occurrence_us int8, missed int4, next_us int8) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    p schedule.plan;
BEGIN
    UPDATE schedule.plan SET next_at = survey.moment(next_us) WHERE id = wanted AND next_at = survey.moment(expected_us) AND removed_at IS NULL
    RETURNING * INTO p;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO schedule.run (plan, occurrence, missed, period, spec, language, deliver)
    SELECT p.id, survey.moment(occurrence_us), claim.missed, p.period, p.spec, p.language, p.deliver WHERE occurrence_us <> 0
    ON CONFLICT ON CONSTRAINT run_once DO NOTHING;
    RETURN FOUND;
END
$$;

-- What was delivered, by year and language.
CREATE VIEW research.language_share AS
SELECT year, language, documents,
       CASE WHEN language IN ('nb', 'nn') THEN documents::float8 / sum(documents) FILTER (WHERE language IN ('nb', 'nn')) OVER (PARTITION BY year) END AS share
FROM (SELECT extract(year FROM ended_at AT TIME ZONE 'Europe/Oslo')::int4 AS year, language, count(*) AS documents
      FROM schedule.run WHERE state = 'done' GROUP BY 1, 2) counted;

-- ScheduleHistoryRequest -> ScheduleHistoryResponse.
CREATE FUNCTION schedule.history(request jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    wanted_key text := coalesce(request ->> 'key', '');
    behind     int8 := coalesce((request ->> 'after')::int8, 0);
    page       int4 := least(coalesce(nullif((request ->> 'limit')::int4, 0), 50), 500);
    runs       jsonb;
BEGIN
    IF wanted_key <> '' AND NOT EXISTS (SELECT 1 FROM schedule.plan WHERE key = wanted_key) THEN
        PERFORM survey.refuse(7, 'key', format('there is no schedule "%s"', wanted_key));
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', r.id, 'schedule', r.key, 'occurrence_us', survey.us(r.occurrence), 'state', r.state, 'by_hand', r.by_hand, 'missed', r.missed,
        'attempts', r.attempts, 'started_us', coalesce(survey.us(r.started_at), 0), 'ended_us', coalesce(survey.us(r.ended_at), 0),
        'spec', coalesce(r.whole_spec, r.spec), 'language', r.language, 'result', coalesce(r.result::text, ''),
        'delivered', coalesce(r.delivered, ''), 'bytes', coalesce(r.bytes, 0), 'error', coalesce(r.error, ''),
        'again_us', CASE WHEN r.state = 'waiting' THEN survey.us(r.next_at) ELSE 0 END) ORDER BY r.id DESC), '[]') INTO runs
    FROM (SELECT r.*, p.key FROM schedule.run r JOIN schedule.plan p ON p.id = r.plan
          WHERE wanted_key IN ('', p.key) AND (behind = 0 OR r.id < behind) ORDER BY r.id DESC LIMIT page) r;
    RETURN jsonb_build_object('runs', runs, 'next', CASE WHEN jsonb_array_length(runs) = page THEN (runs -> -1 ->> 'id')::int8 ELSE 0 END,
        'shares', CASE WHEN behind <> 0 THEN '[]' ELSE (
            SELECT coalesce(jsonb_agg(jsonb_build_object('year', year, 'language', language, 'documents', documents, 'share', coalesce(share, 0))
                                      ORDER BY year DESC, language), '[]') FROM research.language_share) END);
END
$$;
