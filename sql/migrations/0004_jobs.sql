-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rejections, cases, counts, analysis jobs.

-- ------------------------------------------------------------------------------------------ rejections
CREATE INDEX quarantine_reporter ON report.quarantine (reporter, id);

-- Keeps rejected rows, the newest `keep` of each reporter.
CREATE FUNCTION report.keep_rejected(reporters int4[], ids uuid[], statuses int2[], fields text[], reasons text[],
                                     contents bytea[], keep int8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO report.quarantine (reporter, interaction, status, field, reason, content)
    SELECT * FROM unnest(reporters, ids, statuses, fields, reasons, contents);
    DELETE FROM report.quarantine q USING (
        SELECT r.reporter, (SELECT o.id FROM report.quarantine o WHERE o.reporter = r.reporter ORDER BY o.id DESC OFFSET keep LIMIT 1) AS last
        FROM (SELECT DISTINCT unnest(reporters) AS reporter) r) old
    WHERE q.reporter = old.reporter AND q.id <= old.last;
END
$$;
-- Graded material is counted, nothing else.
CREATE FUNCTION report.count_refused(reporters int4[], classifications int2[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO report.refused AS r (reporter, refused_on, classification, count)
    SELECT reporter, report.day_of(now()), classification, count(*) FROM unnest(reporters, classifications) AS one(reporter, classification)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT ON CONSTRAINT refused_pkey DO UPDATE SET count = r.count + EXCLUDED.count
$$;
CREATE FUNCTION report.note_delivery(reporter int4, first date, past date, all_actors bool, file text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO report.delivery (reporter, period, all_actors, file)
    VALUES (note_delivery.reporter, daterange(first, past), note_delivery.all_actors, note_delivery.file) ON CONFLICT DO NOTHING
$$;

-- ------------------------------------------------------------------------------------------- statements
-- What each reporter says now about each interaction: corrections replace what they correct, withdrawn reports are gone.
-- A witness is a reporter of an interaction somebody else had reported first.
CREATE VIEW report.statement AS
SELECT i.id, i.reporter, false AS witness, 0 AS revision, i.occurred_at, i.recorded_at, i.content_hash, i.weight, i.layer, i.stage,
       i.time_precision, i.level, i.resolved_level, i.labels, i.roles, i.ended_at, i.case_ref, i.source, i.source_id,
       i.received_at, i.deadline_at, i.deadline_agreed, i.replied_at, i.reply_status, i.outcome
FROM report.interaction i
WHERE NOT EXISTS (SELECT 1 FROM report.supplement s WHERE s.id = i.id AND s.reporter = i.reporter)
UNION ALL
SELECT s.id, s.reporter, i.reporter <> s.reporter, s.revision, s.occurred_at, s.recorded_at, s.content_hash, s.weight, s.layer,
       s.stage, s.time_precision, s.level, s.resolved_level, s.labels, s.roles, s.ended_at, s.case_ref, s.source, s.source_id,
       s.received_at, s.deadline_at, s.deadline_agreed, s.replied_at, s.reply_status, s.outcome
FROM report.supplement s JOIN report.interaction i ON i.id = s.id
WHERE s.kind <> 3 AND NOT EXISTS (SELECT 1 FROM report.supplement n
                                  WHERE n.id = s.id AND n.reporter = s.reporter AND n.revision > s.revision);

-- ------------------------------------------------------------------------------------------------ cases
-- When a case was first and last seen follows from the reports of the days that a condenser takes from report.touched.
CREATE FUNCTION register.collect_cases(days int4[]) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    day   date;
    found int8;
    total int8 := 0;
BEGIN
    FOR day IN SELECT DISTINCT date '1970-01-01' + one FROM unnest(days) AS one ORDER BY 1 LOOP
        INSERT INTO register.case_file AS c (ref, first_seen_on, last_seen_on)
        SELECT DISTINCT i.case_ref, day, day FROM report.interaction i
        WHERE i.case_ref IS NOT NULL AND i.id >= report.id_floor(report.day_start(day))
          AND i.id < report.id_floor(report.day_start(day + 1)) ORDER BY 1
        ON CONFLICT (ref) DO UPDATE SET first_seen_on = least(c.first_seen_on, day), last_seen_on = greatest(c.last_seen_on, day)
            WHERE c.first_seen_on > day OR c.last_seen_on < day OR c.first_seen_on IS NULL OR c.last_seen_on IS NULL;
        GET DIAGNOSTICS found = ROW_COUNT;
        total := total + found;
    END LOOP;
    RETURN total;
END
$$;
CREATE FUNCTION report.touched_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM register.collect_cases(days) FROM (SELECT array_agg(DISTINCT day) AS days FROM taken, unnest(taken.days) AS day) one
    WHERE days IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER collect_cases AFTER DELETE ON report.touched REFERENCING OLD TABLE AS taken
    FOR EACH STATEMENT EXECUTE FUNCTION report.touched_taken();

-- ----------------------------------------------------------------------------------------------- counts
CREATE FUNCTION report.count_all() RETURNS TABLE (reporter int4, interactions int8, supplements int8, withdrawn int8,
                                                  quarantined int8, refused int8) LANGUAGE sql STABLE AS $$
    SELECT reporter, sum(interactions)::int8, sum(supplements)::int8, sum(withdrawn)::int8, sum(quarantined)::int8, sum(refused)::int8
    FROM (SELECT reporter, count(*) AS interactions, 0 AS supplements, 0 AS withdrawn, 0 AS quarantined, 0 AS refused
              FROM report.interaction GROUP BY 1
          UNION ALL SELECT reporter, 0, count(*) FILTER (WHERE kind <> 3), count(DISTINCT id) FILTER (WHERE kind = 3), 0, 0
              FROM report.supplement GROUP BY 1
          UNION ALL SELECT reporter, 0, 0, 0, count(*), 0 FROM report.quarantine GROUP BY 1
          UNION ALL SELECT reporter, 0, 0, 0, 0, sum(count) FROM report.refused GROUP BY 1) one
    GROUP BY 1
$$;
CREATE FUNCTION report.count_other(OUT actors int8, OUT labels_waiting int8, OUT jobs_waiting int8, OUT jobs_running int8,
                                   OUT days_waiting int8, OUT first_day date, OUT last_day date, OUT schema_version int4)
LANGUAGE sql STABLE AS $$
    SELECT (SELECT count(*) FROM register.actor),
           (SELECT count(*) FROM register.label l WHERE NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id)),
           (SELECT count(*) FROM knowledge.job WHERE state = 'waiting'),
           (SELECT count(*) FROM knowledge.job WHERE state = 'running'),
           (SELECT count(DISTINCT day) FROM report.touched, unnest(days) AS day),
           (SELECT report.day_of(occurred_at) FROM (SELECT occurred_at FROM report.interaction ORDER BY id LIMIT 1) one),
           (SELECT report.day_of(occurred_at) FROM (SELECT occurred_at FROM report.interaction ORDER BY id DESC LIMIT 1) one),
           (SELECT max(number) FROM public.schema_version)
$$;

-- ------------------------------------------------------------------------------------------------- jobs
-- Starts an analysis, or joins one that waits or runs for the same question.
CREATE FUNCTION knowledge.request_job(wanted_family text, wanted_spec text, wanted_language text, afresh bool, asker int4)
RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    job int8;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning job', 0));
    SELECT id INTO job FROM knowledge.job
    WHERE state IN ('waiting', 'running') AND (family, spec, language, recompute) = (wanted_family, wanted_spec, wanted_language, afresh)
      AND (NOT afresh OR state = 'waiting')
    ORDER BY id LIMIT 1;
    IF job IS NULL THEN
        INSERT INTO knowledge.job (family, spec, language, recompute, requested_by, priority)
        VALUES (wanted_family, wanted_spec, wanted_language, afresh, nullif(asker, 0), CASE wanted_family WHEN 'condense' THEN 0 ELSE 10 END)
        RETURNING id INTO job;
        PERFORM pg_notify('samordning_job', job::text);
    END IF;
    RETURN job;
END
$$;
CREATE FUNCTION knowledge.cancel_job(wanted int8) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    UPDATE knowledge.job SET state = 'cancelled', ended_at = now() WHERE id = wanted AND state IN ('waiting', 'running');
    IF FOUND THEN
        PERFORM pg_notify('samordning_job_cancel', wanted::text);
    END IF;
    RETURN FOUND;
END
$$;
-- Run about once a second by each daemon: asks for condensing when days are quiet (or have waited long enough), gives the jobs
-- of dead workers back once and then fails them, forgets old ones. Returns how many jobs it changed.
CREATE FUNCTION knowledge.keep_house(quiet_ms int8, max_wait_ms int8, dead_s int8) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    oldest  timestamptz;
    newest  timestamptz;
    changed int8 := 0;
    job     record;
BEGIN
    SELECT recorded_at INTO oldest FROM report.touched ORDER BY id LIMIT 1;
    IF FOUND AND NOT EXISTS (SELECT 1 FROM knowledge.job WHERE family = 'condense' AND state IN ('waiting', 'running')) THEN
        SELECT recorded_at INTO newest FROM report.touched ORDER BY id DESC LIMIT 1;
        IF newest < clock_timestamp() - quiet_ms * interval '1 ms' OR oldest < clock_timestamp() - max_wait_ms * interval '1 ms' THEN
            PERFORM knowledge.request_job('condense', '', '', false, 0);
            changed := 1;
        END IF;
    END IF;
    FOR job IN
        UPDATE knowledge.job SET
            state = CASE WHEN attempts < 2 THEN 'waiting' ELSE 'failed' END,
            ended_at = CASE WHEN attempts < 2 THEN NULL ELSE now() END,
            status = CASE WHEN attempts < 2 THEN NULL ELSE 13 END,
            error = CASE WHEN attempts < 2 THEN NULL ELSE format('the worker %s stopped while it computed this', coalesce(worker, '')) END,
            worker = NULL, heartbeat_at = NULL, permille = 0, phase = NULL
        WHERE state = 'running' AND heartbeat_at < now() - dead_s * interval '1 second'
        RETURNING id, state
    LOOP
        changed := changed + 1;
        PERFORM pg_notify(CASE job.state WHEN 'waiting' THEN 'samordning_job' ELSE 'samordning_job_done' END, job.id::text);
    END LOOP;
    DELETE FROM knowledge.job WHERE id IN (SELECT id FROM knowledge.job
        WHERE state IN ('done', 'failed', 'cancelled') AND ended_at < now() - CASE family WHEN 'condense' THEN interval '1 hour' ELSE interval '30 days' END
        ORDER BY id LIMIT 100);
    RETURN changed;
END
$$;

-- -------------------------------------------------------------------------------------------- withdrawal
-- Tombstones for a reporter's own reports: one answer per id, with the states and statuses of the wire.
CREATE FUNCTION report.withdraw(wanted int4, ids uuid[], why text) RETURNS TABLE (n int4, state int4, status int4) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    base report.interaction%ROWTYPE;
    last report.supplement%ROWTYPE;
    here bool;
    mine bool;
    days int4[] := '{}';
BEGIN
    FOR place IN 1 .. cardinality(ids) LOOP
        n := place;
        SELECT i.* INTO base FROM report.interaction i WHERE i.id = ids[n];
        here := FOUND;
        SELECT s.* INTO last FROM report.supplement s WHERE s.id = ids[n] AND s.reporter = wanted ORDER BY s.revision DESC LIMIT 1;
        mine := FOUND;
        state := 6;
        IF NOT here THEN
            status := 7;
        ELSIF NOT mine AND base.reporter <> wanted THEN
            status := 5;
        ELSIF mine AND last.kind = 3 THEN
            state := 2; status := 0;
        ELSE
            INSERT INTO report.supplement (id, reporter, revision, kind, recorded_at, reason, occurred_at, layer)
            VALUES (ids[n], wanted, CASE WHEN mine THEN last.revision ELSE 0 END + 1, 3, clock_timestamp(), nullif(why, ''), base.occurred_at, base.layer);
            days := days || (report.day_of(base.occurred_at) - date '1970-01-01');
            state := 7; status := 0;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF cardinality(days) > 0 THEN
        INSERT INTO report.touched (days) SELECT array_agg(DISTINCT one) FROM unnest(days) AS one;
    END IF;
END
$$;

-- ------------------------------------------------------------------------------------------------ layers
-- Adds layers, or changes the labels of those that are there, and lists them all. A layer's kind never changes.
CREATE FUNCTION vocabulary.put_layers(names text[], labels_nb text[], labels_nn text[], labels_en text[], kinds int2[])
RETURNS TABLE (name text, label_nb text, label_nn text, label_en text, kind int2, code int2) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    clash text;
BEGIN
    SELECT l.name INTO clash FROM vocabulary.layer l JOIN unnest(names, kinds) AS q(name, kind) ON q.name = l.name AND q.kind <> l.kind LIMIT 1;
    IF clash IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM008', COLUMN = 'kind', MESSAGE = format('layer %s is of another kind, which cannot change', clash);
    END IF;
    INSERT INTO vocabulary.layer AS l (name, kind, label_nb, label_nn, label_en)
    SELECT DISTINCT ON (q.name) q.name, q.kind, coalesce(nullif(q.nb, ''), o.label_nb, q.name),
           coalesce(nullif(q.nn, ''), o.label_nn, nullif(q.nb, ''), q.name), coalesce(nullif(q.en, ''), o.label_en, q.name)
    FROM unnest(names, kinds, labels_nb, labels_nn, labels_en) AS q(name, kind, nb, nn, en) LEFT JOIN vocabulary.layer o ON o.name = q.name
    ON CONFLICT ON CONSTRAINT layer_name_unique DO UPDATE SET label_nb = EXCLUDED.label_nb, label_nn = EXCLUDED.label_nn, label_en = EXCLUDED.label_en
        WHERE (l.label_nb, l.label_nn, l.label_en) IS DISTINCT FROM (EXCLUDED.label_nb, EXCLUDED.label_nn, EXCLUDED.label_en);
    RETURN QUERY SELECT l.name, l.label_nb, l.label_nn, l.label_en, l.kind, l.code FROM vocabulary.layer l ORDER BY l.code;
EXCEPTION WHEN check_violation THEN
    RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'name',
        MESSAGE = 'a layer''s name is 1 to 63 small letters, digits, _ or -, and its kind one of the four';
END
$$;
