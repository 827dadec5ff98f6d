-- SPDX-License-Identifier: GPL-3.0-or-later
-- The rules of surveys, waves: storing questionnaires, opening and closing, parting, retention, counts. Answers are in
-- 0016_survey_answers.sql.
--
-- Whoever writes answers holds the wave's lock shared, whoever changes the wave's state holds it alone, so nothing is written into a
-- wave that has closed and respondents never wait for each other. Requests and answers of the small verbs are the JSON form of their
-- messages (proto/survey.proto), in which values at their default are left out.

ALTER TABLE survey.wave
    ADD parted_by xid8,                 -- the transaction that parted it: what it deleted is in the tables' files until
    ADD scrubbed_at timestamptz;        -- they were written anew
-- Links that no longer lead anywhere, so that who comes with one is told why. They never led to answers by themselves.
CREATE TABLE survey.spent_link (
    hash bytea NOT NULL,
    wave int4 NOT NULL REFERENCES survey.wave,
    CONSTRAINT spent_link_pkey PRIMARY KEY (hash)
);
CREATE INDEX seat_actor ON survey.seat (wave, actor);
CREATE INDEX letter_seat ON survey.letter (seat);

CREATE FUNCTION survey.refuse(status int4, field text, words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'SM' || lpad(status::text, 3, '0'), COLUMN = field, MESSAGE = words;
END
$$;
CREATE FUNCTION survey.us(moment timestamptz) RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (extract(epoch FROM moment) * 1000000)::int8
$$;
CREATE FUNCTION survey.moment(us int8) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN us <> 0 THEN 'epoch'::timestamptz + us * interval '1 microsecond' END
$$;
CREATE FUNCTION survey.note(of_wave int4, by_organisation int4, what text, detail text DEFAULT '') RETURNS void LANGUAGE sql AS $$
    INSERT INTO survey.event (wave, organisation, what, detail) VALUES (of_wave, nullif(by_organisation, 0), what, detail)
$$;

-- The lock of a wave: shared to write answers, alone to change its state.
CREATE FUNCTION survey.lock_wave(of_wave int4, alone bool) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF alone THEN
        PERFORM pg_advisory_xact_lock(hashtext('samordning wave'), of_wave);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(hashtext('samordning wave'), of_wave);
    END IF;
END
$$;

-- ------------------------------------------------------------------------------------------- instruments
-- Every text for people in a questionnaire, with its path; what a wave without free text does not show is left out.
CREATE FUNCTION survey.texts(definition jsonb, free_text bool) RETURNS TABLE (path text, said jsonb) LANGUAGE sql IMMUTABLE AS $$
    WITH RECURSIVE node(path, value) AS (
        SELECT '', definition
        UNION ALL
        SELECT CASE WHEN node.path = '' THEN '' ELSE node.path || '.' END || child.key, child.value
        FROM node, LATERAL (
            SELECT e.key, e.value FROM jsonb_each(CASE WHEN jsonb_typeof(node.value) = 'object' THEN node.value ELSE '{}' END) e
            UNION ALL
            SELECT '[' || (a.n - 1) || ']', a.value
            FROM jsonb_array_elements(CASE WHEN jsonb_typeof(node.value) = 'array' THEN node.value ELSE '[]' END) WITH ORDINALITY a(value, n)
        ) child
        WHERE jsonb_typeof(child.value) IN ('object', 'array')
          AND NOT (NOT free_text AND coalesce(child.value ->> 'kind', '') = 'text')
    )
    SELECT replace(node.path, '.[', '['), node.value FROM node
    WHERE jsonb_typeof(node.value) = 'object' AND node.value <> '{}' AND node.value - '{nb,nn,en,se}'::text[] = '{}'
$$;
CREATE FUNCTION survey.missing_languages(definition jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY(SELECT l FROM unnest('{nb,nn,en}'::text[]) WITH ORDINALITY one(l, n)
                 WHERE EXISTS (SELECT 1 FROM survey.texts(definition, true) t WHERE coalesce(t.said ->> l, '') = '') ORDER BY n)
$$;

-- Stores a questionnaire as a new version, unless the newest one says the same. `packed` is the message with version 0.
CREATE FUNCTION survey.design(wanted_definition jsonb, packed bytea, wanted_version int4, check_only bool, organisation int4,
                              OUT version int4, OUT already bool) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    wanted_key text := wanted_definition ->> 'key';
    hash   text := encode(sha256(packed), 'hex');
    newest survey.instrument%ROWTYPE;
    stored jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning instrument ' || wanted_key, 0));
    SELECT i.* INTO newest FROM survey.instrument i WHERE i.key = wanted_key ORDER BY i.version DESC LIMIT 1;
    already := coalesce(newest.digest = hash, false) AND wanted_version IN (0, newest.version);
    version := CASE WHEN already THEN newest.version ELSE coalesce(newest.version, 0) + 1 END;
    IF wanted_version NOT IN (0, version) THEN
        PERFORM survey.refuse(8, 'instrument.version', format('the next version of "%s" is %s, and a stored version cannot be changed', wanted_key, version));
    ELSIF version > 16383 THEN
        PERFORM survey.refuse(6, 'instrument.version', 'too many versions');
    END IF;
    IF already OR check_only THEN
        RETURN;
    END IF;
    stored := wanted_definition || jsonb_build_object('version', version);
    -- field 2 of the message once more, as a varint: the last one counts
    INSERT INTO survey.instrument (key, version, definition, message, digest, stored_by)
    VALUES (wanted_key, version, stored, packed || '\x10' ||
            CASE WHEN version < 128 THEN set_byte('\x00', 0, version) ELSE set_byte(set_byte('\x0000', 0, version & 127 | 128), 1, version >> 7) END,
            hash, nullif(organisation, 0));
    INSERT INTO survey.item (instrument, version, id, place, section, whole, kind, relation, to_respondent, scale, reversed, ladder,
                             text_nb, text_nn, text_en, low, high)
    WITH above AS (
        SELECT s.n AS s, i.n AS i, s.value ->> 'id' AS section, i.value AS item
        FROM jsonb_array_elements(stored -> 'sections') WITH ORDINALITY s(value, n), jsonb_array_elements(s.value -> 'items') WITH ORDINALITY i(value, n)
    ), every AS (
        SELECT s, i, 0::int8 AS p, section, NULL AS whole, item FROM above
        UNION ALL
        SELECT a.s, a.i, p.n, a.section, a.item ->> 'id', p.value FROM above a, jsonb_array_elements(a.item -> 'parts') WITH ORDINALITY p(value, n)
    )
    SELECT wanted_key, design.version, e.item ->> 'id', (row_number() OVER (ORDER BY s, i, p))::int4, e.section, e.whole, e.item ->> 'kind',
           nullif(e.item ->> 'relation', ''), coalesce(e.item ->> 'direction', '') = 'to_respondent', nullif(e.item ->> 'scale', ''),
           coalesce((e.item ->> 'reversed')::bool, false), nullif(e.item ->> 'ladder', ''), coalesce(e.item #>> '{text,nb}', ''),
           coalesce(e.item #>> '{text,nn}', ''), coalesce(e.item #>> '{text,en}', ''),
           CASE WHEN e.item ? 'choices' THEN (SELECT min(coalesce((c ->> 'value')::float8, 0)) FROM jsonb_array_elements(e.item -> 'choices') c)
                WHEN e.item ->> 'kind' = 'number' AND (e.item ? 'min' OR e.item ? 'max') THEN coalesce((e.item ->> 'min')::float8, 0) END,
           CASE WHEN e.item ? 'choices' THEN (SELECT max(coalesce((c ->> 'value')::float8, 0)) FROM jsonb_array_elements(e.item -> 'choices') c)
                WHEN e.item ->> 'kind' = 'number' AND (e.item ? 'min' OR e.item ? 'max') THEN coalesce((e.item ->> 'max')::float8, 0) END
    FROM every e WHERE e.item ->> 'kind' <> 'information';
END
$$;

-- The actors of every roster of a questionnaire on a day, and those its name generators can find, by abbreviation or name. item '' =
-- everybody in the register, for name generators that say no actors.
CREATE FUNCTION survey.roster(definition jsonb, day date) RETURNS TABLE (item text, key text, name jsonb, abbreviation text, sector text)
LANGUAGE sql STABLE AS $$
    SELECT r.item, a.key, jsonb_strip_nulls(jsonb_build_object('nb', n.name_nb, 'nn', n.name_nn, 'en', n.name_en, 'se', n.name_se)),
           coalesce(n.abbreviation, ''), coalesce((SELECT c.sector FROM register.actor_sector c WHERE c.actor = a.id AND c.valid @> day), '')
    FROM (SELECT DISTINCT ON (item) e.*, CASE WHEN everybody THEN '' ELSE id END AS item
          FROM (SELECT s.n AS s, i.n AS i, i.value ->> 'id' AS id, i.value -> 'actors' AS wanted, i.value ->> 'kind' = 'names' AND
                       jsonb_array_length(coalesce(i.value #> '{actors,kinds}', '[]')) + jsonb_array_length(coalesce(i.value #> '{actors,actors}', '[]')) = 0 AS everybody
                FROM jsonb_array_elements(definition -> 'sections') WITH ORDINALITY s(value, n),
                     jsonb_array_elements(s.value -> 'items') WITH ORDINALITY i(value, n)
                WHERE i.value ->> 'kind' IN ('roster', 'names')) e
          ORDER BY item, s, i) r,
         LATERAL (SELECT b.id, b.key FROM register.actor b WHERE (r.everybody AND b.kind <> 'person') OR b.kind IN (SELECT jsonb_array_elements_text(r.wanted -> 'kinds'))
                  UNION SELECT b.id, b.key FROM jsonb_array_elements_text(r.wanted -> 'actors') AS one, register.actor b WHERE b.id = register.actor_on(one, day)) a
    JOIN register.actor_name n ON n.actor = a.id AND n.valid @> day
    ORDER BY r.s, r.i, coalesce(n.abbreviation, n.name_nb) COLLATE "C", a.key COLLATE "C"
$$;

-- ------------------------------------------------------------------------------------------------- waves
CREATE FUNCTION survey.wave_json(w survey.wave) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('key', w.key, 'title', w.title, 'instrument', w.instrument, 'version', w.version, 'state', w.state,
        'opens_at', survey.us(w.opens_at), 'closes_at', survey.us(w.closes_at), 'anonymous', w.anonymous, 'free_text', w.free_text,
        'sign_off', w.sign_off, 'personal', w.personal, 'minimum_cell', w.minimum_cell, 'retention_until', coalesce(w.retention_until::text, ''),
        'earlier', coalesce((SELECT e.key FROM survey.wave e WHERE e.id = w.earlier), ''), 'on', coalesce(w.on_day::text, ''),
        'sender', w.sender, 'invitation', w.invitation, 'reminder', w.reminder)
$$;
CREATE FUNCTION survey.wave_named(wanted text, field text DEFAULT 'wave') RETURNS survey.wave LANGUAGE plpgsql STABLE AS $$
DECLARE
    w survey.wave;
BEGIN
    SELECT * INTO w FROM survey.wave WHERE key = wanted;
    IF NOT FOUND THEN
        PERFORM survey.refuse(7, field, format('there is no wave "%s"', wanted));
    END IF;
    RETURN w;
END
$$;
CREATE FUNCTION survey.day_of_wave(w survey.wave) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT coalesce(w.on_day, report.day_of(now()))
$$;
CREATE FUNCTION survey.takes_answers(w survey.wave) RETURNS bool LANGUAGE sql STABLE AS $$
    SELECT w.state = 1 AND clock_timestamp() >= w.opens_at AND clock_timestamp() < w.closes_at
$$;
CREATE FUNCTION survey.why_not(w survey.wave) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN w.state = 3 OR clock_timestamp() >= w.closes_at THEN 'the wave has closed'
                WHEN w.state = 2 THEN 'the wave is paused' ELSE 'the wave has not opened yet' END
$$;

-- Parts persons and answers for good: nothing that is left ties a seat to a respondent.
CREATE FUNCTION survey.part(of_wave int4) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.spent_link SELECT l.hash, s.wave FROM survey.link l JOIN survey.seat s ON s.id = l.seat WHERE s.wave = of_wave ON CONFLICT DO NOTHING;
    DELETE FROM survey.link l USING survey.seat s WHERE s.id = l.seat AND s.wave = of_wave;
    DELETE FROM survey.letter l USING survey.seat s WHERE s.id = l.seat AND s.wave = of_wave;
    -- Pseudonyms are drawn anew and rows written in their order, so that neither an earlier copy nor their place tells whose they are.
    CREATE TEMPORARY TABLE IF NOT EXISTS survey_redrawn (old uuid, fresh uuid) ON COMMIT DELETE ROWS;
    TRUNCATE survey_redrawn;
    INSERT INTO survey_redrawn SELECT r.id, gen_random_uuid() FROM survey.respondent r WHERE r.wave = of_wave AND r.state = 3;
    UPDATE survey.seat SET respondent = NULL, ref = 'seat ' || id, address = '', language = 'nb', level = 0, panel = NULL, letters = 0,
        last_letter_at = NULL, created_at = '-infinity' WHERE wave = of_wave;
    INSERT INTO survey.respondent (id, wave, actor, level, state, revision, receipt, started_at, submitted_at)
    SELECT d.fresh, r.wave, r.actor, r.level, 3, 1, NULL, NULL, NULL FROM survey_redrawn d JOIN survey.respondent r ON r.id = d.old ORDER BY d.fresh;
    INSERT INTO survey.answer (respondent, item, target, target_label, state, "values", text)
    SELECT d.fresh, a.item, a.target, a.target_label, a.state, a."values", a.text
    FROM survey_redrawn d JOIN survey.answer a ON a.respondent = d.old ORDER BY d.fresh, a.item, a.target;
    DELETE FROM survey.respondent r WHERE r.wave = of_wave AND NOT EXISTS (SELECT 1 FROM survey_redrawn d WHERE d.fresh = r.id);
    UPDATE survey.wave SET parted_at = now(), parted_by = pg_current_xact_id(), scrubbed_at = NULL WHERE id = of_wave;
END
$$;

-- Closes a wave, and parts it if it is anonymous. The caller holds its lock alone.
CREATE FUNCTION survey.close(of_wave int4, by_organisation int4, why text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    w survey.wave;
BEGIN
    UPDATE survey.wave SET state = 3, closed_at = now() WHERE id = of_wave AND state IN (1, 2) RETURNING * INTO w;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- whoever had taken an answer up again and did not hand it in: the one handed in before counts
    UPDATE survey.respondent r SET state = 3 WHERE r.wave = of_wave AND r.state IN (1, 2) AND r.revision > 0;
    DELETE FROM survey.letter l USING survey.seat s WHERE s.id = l.seat AND s.wave = of_wave AND l.state IN ('waiting', 'sending');
    PERFORM survey.note(of_wave, by_organisation, 'closed', why);
    IF w.anonymous THEN
        PERFORM survey.part(of_wave);
        PERFORM survey.note(of_wave, by_organisation, 'parted');
    END IF;
END
$$;

-- What keeps a wave from opening, said of the first text that is missing.
CREATE FUNCTION survey.check_texts(w survey.wave) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    gap record;
BEGIN
    SELECT t.path, l INTO gap
    FROM survey.instrument i, survey.texts(i.definition, w.free_text) t, unnest('{nb,nn}'::text[]) AS l
    WHERE i.key = w.instrument AND i.version = w.version AND coalesce(t.said ->> l, '') = '' ORDER BY t.path, l LIMIT 1;
    IF FOUND THEN
        PERFORM survey.refuse(6, gap.path || '.' || gap.l, format('the questionnaire lacks this text in %s, and every text that is shown must be there in bokmål and nynorsk',
            CASE gap.l WHEN 'nb' THEN 'bokmål' ELSE 'nynorsk' END));
    END IF;
    SELECT t.path, l INTO gap
    FROM (VALUES ('wave.title', w.title), ('wave.invitation', w.invitation), ('wave.reminder', w.reminder)) AS t(path, said), unnest('{nb,nn}'::text[]) AS l
    WHERE (t.path = 'wave.title' OR t.said <> '{}') AND coalesce(t.said ->> l, '') = '' LIMIT 1;
    IF FOUND THEN
        PERFORM survey.refuse(6, gap.path || '.' || gap.l, format('the wave lacks this text in %s', CASE gap.l WHEN 'nb' THEN 'bokmål' ELSE 'nynorsk' END));
    END IF;
END
$$;
CREATE FUNCTION survey.warnings(w survey.wave) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT 'nobody has been invited yet' WHERE NOT EXISTS (SELECT 1 FROM survey.seat s WHERE s.wave = w.id)
        UNION ALL
        SELECT 'no retention date: what ties persons to answers is kept until somebody erases it' WHERE NOT w.anonymous AND w.retention_until IS NULL
        UNION ALL
        SELECT format('the roster "%s" is empty', r.id) FROM survey.item r
        WHERE r.instrument = w.instrument AND r.version = w.version AND r.kind = 'roster' AND NOT EXISTS (
            SELECT 1 FROM survey.instrument i, survey.roster(i.definition, survey.day_of_wave(w)) m
            WHERE i.key = w.instrument AND i.version = w.version AND m.item = r.id)
        UNION ALL
        SELECT DISTINCT format('a roster names "%s", whom the register does not know', one) FROM survey.instrument i,
            jsonb_path_query(i.definition, '$.sections[*].items[*] ? (@.kind == "roster").actors.actors[*]') AS quoted, LATERAL (SELECT quoted #>> '{}') AS q(one)
        WHERE i.key = w.instrument AND i.version = w.version AND register.actor_on(one, survey.day_of_wave(w)) IS NULL
        UNION ALL
        SELECT format('%s texts of the questionnaire are not there in English', count(*)) FROM survey.instrument i, survey.texts(i.definition, w.free_text) t
        WHERE i.key = w.instrument AND i.version = w.version AND coalesce(t.said ->> 'en', '') = '' HAVING count(*) > 0)
$$;

CREATE FUNCTION survey.put_wave(wanted jsonb, organisation int4) RETURNS survey.wave LANGUAGE plpgsql AS $$
DECLARE
    wanted_key text := coalesce(wanted ->> 'key', '');
    was   survey.wave;
    w     survey.wave;
BEGIN
    IF wanted_key !~ '^[a-z0-9][a-z0-9_-]{0,47}$' THEN
        PERFORM survey.refuse(6, 'wave.key', format('"%s" is not a key: up to 48 of a-z, 0-9, "_" and "-"', wanted_key));
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning waves', 0));
    SELECT * INTO was FROM survey.wave WHERE key = wanted_key;
    IF FOUND AND was.state <> 0 THEN
        PERFORM survey.refuse(8, 'wave.key', format('the wave "%s" has opened and cannot be changed any more', wanted_key));
    END IF;
    w.title := coalesce(wanted -> 'title', '{}');
    w.instrument := coalesce(wanted ->> 'instrument', '');
    w.version := coalesce((wanted ->> 'version')::int4, 0);
    SELECT i.version INTO w.version FROM survey.instrument i WHERE i.key = w.instrument AND w.version IN (0, i.version) ORDER BY i.version DESC LIMIT 1;
    IF NOT FOUND THEN
        PERFORM survey.refuse(7, 'wave.instrument', format('there is no such version of a questionnaire "%s"', w.instrument));
    END IF;
    w.opens_at := survey.moment(coalesce((wanted ->> 'opens_at')::int8, 0));
    w.closes_at := survey.moment(coalesce((wanted ->> 'closes_at')::int8, 0));
    IF w.opens_at IS NULL OR w.closes_at IS NULL OR w.closes_at <= w.opens_at THEN
        PERFORM survey.refuse(6, 'wave.closes_at', 'a wave needs a time to open and a later one to close');
    END IF;
    w.minimum_cell := coalesce((wanted ->> 'minimum_cell')::int4, 5);
    IF w.minimum_cell NOT BETWEEN 1 AND 100 THEN
        PERFORM survey.refuse(6, 'wave.minimum_cell', 'from 1 to 100');
    END IF;
    w.retention_until := register.import_date(wanted, 'retention_until');
    IF w.retention_until < report.day_of(w.closes_at) THEN
        PERFORM survey.refuse(6, 'wave.retention_until', 'before the wave closes');
    END IF;
    w.on_day := register.import_date(wanted, 'on');
    IF coalesce(wanted ->> 'earlier', '') <> '' THEN
        w.earlier := (survey.wave_named(wanted ->> 'earlier', 'wave.earlier')).id;
        IF w.earlier = was.id THEN
            PERFORM survey.refuse(6, 'wave.earlier', 'a wave does not come before itself');
        END IF;
    END IF;
    INSERT INTO survey.wave AS t (key, title, instrument, version, opens_at, closes_at, anonymous, free_text, sign_off, personal, minimum_cell,
                                  retention_until, earlier, on_day, sender, invitation, reminder)
    VALUES (wanted_key, w.title, w.instrument, w.version, w.opens_at, w.closes_at, coalesce((wanted ->> 'anonymous')::bool, false),
            coalesce((wanted ->> 'free_text')::bool, false), coalesce((wanted ->> 'sign_off')::bool, false), coalesce((wanted ->> 'personal')::bool, false),
            w.minimum_cell, w.retention_until, w.earlier, w.on_day, coalesce(wanted ->> 'sender', ''), coalesce(wanted -> 'invitation', '{}'),
            coalesce(wanted -> 'reminder', '{}'))
    ON CONFLICT (key) DO UPDATE SET title = excluded.title, instrument = excluded.instrument, version = excluded.version, opens_at = excluded.opens_at,
        closes_at = excluded.closes_at, anonymous = excluded.anonymous, free_text = excluded.free_text, sign_off = excluded.sign_off,
        personal = excluded.personal, minimum_cell = excluded.minimum_cell, retention_until = excluded.retention_until, earlier = excluded.earlier,
        on_day = excluded.on_day, sender = excluded.sender, invitation = excluded.invitation, reminder = excluded.reminder
    RETURNING t.* INTO w;
    PERFORM survey.note(w.id, organisation, CASE WHEN was.id IS NULL THEN 'planned' ELSE 'changed' END);
    RETURN w;
END
$$;

-- SurveyWaveRequest -> SurveyWaveResponse. Doing again what is done already changes nothing.
CREATE FUNCTION survey.do_wave(request jsonb, organisation int4) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    action text := coalesce(request ->> 'action', 'WAVE_CREATE');
    wanted jsonb := coalesce(request -> 'wave', '{}');
    until  timestamptz;
    w      survey.wave;
BEGIN
    IF action = 'WAVE_CREATE' THEN
        w := survey.put_wave(wanted, organisation);
        RETURN jsonb_build_object('wave', survey.wave_json(w), 'warnings', to_jsonb(survey.warnings(w)));
    END IF;
    w := survey.wave_named(coalesce(wanted ->> 'key', ''), 'wave.key');
    PERFORM survey.lock_wave(w.id, true);
    SELECT * INTO w FROM survey.wave WHERE id = w.id FOR UPDATE;
    IF w.state = 3 AND action <> 'WAVE_DO_CLOSE' THEN
        PERFORM survey.refuse(8, 'action', 'the wave has closed, for good');
    ELSIF w.state = 0 AND action NOT IN ('WAVE_DO_OPEN', 'WAVE_DO_EXTEND') THEN
        PERFORM survey.refuse(8, 'action', 'the wave has not been opened');
    END IF;
    IF action = 'WAVE_DO_OPEN' AND w.state = 0 THEN
        IF w.closes_at <= clock_timestamp() THEN
            PERFORM survey.refuse(6, 'wave.closes_at', 'the wave would close before it opens');
        END IF;
        PERFORM survey.check_texts(w);
        UPDATE survey.instrument SET frozen_at = now() WHERE key = w.instrument AND version = w.version AND frozen_at IS NULL;
        UPDATE survey.wave SET state = 1, opened_at = now(), on_day = survey.day_of_wave(w) WHERE id = w.id;
        PERFORM survey.note(w.id, organisation, 'opened');
    ELSIF action = 'WAVE_DO_OPEN' AND w.state = 2 THEN
        PERFORM survey.refuse(8, 'action', 'the wave is paused: resume it');
    ELSIF action = 'WAVE_DO_PAUSE' AND w.state = 1 THEN
        UPDATE survey.wave SET state = 2 WHERE id = w.id;
        PERFORM survey.note(w.id, organisation, 'paused');
    ELSIF action = 'WAVE_DO_RESUME' AND w.state = 2 THEN
        UPDATE survey.wave SET state = 1 WHERE id = w.id;
        PERFORM survey.note(w.id, organisation, 'resumed');
    ELSIF action = 'WAVE_DO_EXTEND' THEN
        until := survey.moment(coalesce((wanted ->> 'closes_at')::int8, 0));
        IF until IS NULL OR until < w.closes_at OR until <= clock_timestamp() THEN
            PERFORM survey.refuse(6, 'wave.closes_at', 'not later than the wave closes already');
        ELSIF w.retention_until < report.day_of(until) THEN
            PERFORM survey.refuse(6, 'wave.closes_at', format('person data are deleted after %s', w.retention_until));
        END IF;
        IF until > w.closes_at THEN
            UPDATE survey.wave SET closes_at = until WHERE id = w.id;
            PERFORM survey.note(w.id, organisation, 'extended', until::text);
        END IF;
    ELSIF action = 'WAVE_DO_CLOSE' THEN
        PERFORM survey.close(w.id, organisation, 'by hand');
    END IF;
    SELECT * INTO w FROM survey.wave WHERE id = w.id;
    RETURN jsonb_build_object('wave', survey.wave_json(w),
                              'warnings', CASE WHEN action IN ('WAVE_DO_OPEN', 'WAVE_DO_RESUME') THEN to_jsonb(survey.warnings(w)) ELSE '[]' END);
END
$$;

-- What the daemon does by the clock, every one of several at the same time: closes what is over, parts what is due. True: tables wait
-- to be scrubbed.
CREATE FUNCTION survey.keep_house() RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    due int4;
BEGIN
    IF pg_try_advisory_xact_lock(hashtextextended('samordning survey house', 0)) THEN
        FOR due IN SELECT id FROM survey.wave WHERE state IN (1, 2) AND closes_at <= clock_timestamp() ORDER BY id LOOP
            PERFORM survey.lock_wave(due, true);
            IF EXISTS (SELECT 1 FROM survey.wave WHERE id = due AND closes_at <= clock_timestamp()) THEN     -- not extended meanwhile
                PERFORM survey.close(due, 0, 'by the clock');
            END IF;
        END LOOP;
        FOR due IN SELECT id FROM survey.wave WHERE state IN (0, 3) AND parted_at IS NULL AND retention_until < report.day_of(now()) ORDER BY id LOOP
            PERFORM survey.lock_wave(due, true);
            DELETE FROM survey.answer a USING survey.respondent r, survey.wave w, survey.item i
            WHERE r.wave = due AND a.respondent = r.id AND w.id = due AND i.instrument = w.instrument AND i.version = w.version AND i.id = a.item AND i.kind = 'text';
            PERFORM survey.part(due);
            PERFORM survey.note(due, 0, 'person data deleted', 'the retention date has passed');
        END LOOP;
    END IF;
    RETURN EXISTS (SELECT 1 FROM survey.wave WHERE parted_by IS NOT NULL AND scrubbed_at IS NULL);
END
$$;
-- Deleted rows stay in a table's file until it is written anew, and the place of a row tells when it came. So after a parting the files
-- are written anew in the order of their keys, once nobody can see the old rows any more. Waits for nobody for long: what fails is tried
-- again.
CREATE FUNCTION survey.scrub() RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    relation text;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('samordning survey house', 0))
       OR EXISTS (SELECT 1 FROM pg_stat_activity o, survey.wave w WHERE w.parted_by IS NOT NULL AND w.scrubbed_at IS NULL
                  AND o.pid <> pg_backend_pid() AND age(o.backend_xmin) >= age(w.parted_by::xid)) THEN
        RETURN false;
    END IF;
    SET LOCAL lock_timeout = '500ms';
    FOREACH relation IN ARRAY '{seat,link,letter,respondent,page,answer}'::text[] LOOP
        EXECUTE format('CLUSTER survey.%I USING %I', relation, relation || '_pkey');
    END LOOP;
    UPDATE survey.wave SET scrubbed_at = now() WHERE parted_by IS NOT NULL AND scrubbed_at IS NULL;
    RETURN true;
END
$$;

-- ------------------------------------------------------------------------------------------------ reading
-- Who was asked and who answered, by actor: counts only.
CREATE VIEW survey.turnout AS
SELECT s.wave, s.actor, count(*)::int4 AS invited, (count(*) FILTER (WHERE s.respondent IS NOT NULL OR s.submitted))::int4 AS started,
       (count(*) FILTER (WHERE s.submitted))::int4 AS submitted, (count(*) FILTER (WHERE s.withdrawn))::int4 AS withdrawn,
       (count(*) FILTER (WHERE s.undelivered))::int4 AS undelivered
FROM survey.seat s GROUP BY 1, 2;

-- SurveyListResponse. only_actor: whose counts are shown; NULL = everybody's.
CREATE FUNCTION survey.list(wave_key text, only_actor int4, everything bool) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    answer jsonb;
BEGIN
    IF wave_key <> '' THEN
        PERFORM survey.wave_named(wave_key);
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('wave', survey.wave_json(w)) || (
        SELECT jsonb_build_object('actors', count(*), 'invited', coalesce(sum(t.invited), 0), 'started', coalesce(sum(t.started), 0),
                                  'submitted', coalesce(sum(t.submitted), 0), 'withdrawn', coalesce(sum(t.withdrawn), 0),
                                  'by_actor', CASE WHEN wave_key = '' THEN '[]' ELSE coalesce(jsonb_agg(jsonb_build_object('actor', a.key, 'name',
                                      coalesce(n.name_nb, a.key), 'invited', t.invited, 'started', t.started, 'submitted', t.submitted,
                                      'undelivered', t.undelivered) ORDER BY coalesce(n.abbreviation, n.name_nb, a.key) COLLATE "C", a.key), '[]') END)
        FROM survey.turnout t JOIN register.actor a ON a.id = t.actor
        LEFT JOIN register.actor_name n ON n.actor = a.id AND n.valid @> survey.day_of_wave(w)
        WHERE t.wave = w.id AND (everything OR t.actor = only_actor)) ORDER BY w.id), '[]') INTO answer
    FROM survey.wave w WHERE wave_key IN ('', w.key);
    RETURN jsonb_build_object('waves', answer, 'instruments', CASE WHEN wave_key <> '' THEN '[]' ELSE (
        SELECT coalesce(jsonb_agg(jsonb_build_object('key', i.key, 'version', i.version, 'title', coalesce(i.definition -> 'title', '{}'),
            'frozen', i.frozen_at IS NOT NULL, 'missing_languages', to_jsonb(survey.missing_languages(i.definition))) ORDER BY i.key, i.version), '[]')
        FROM survey.instrument i) END);
END
$$;

-- What a form or a ministry's system needs to show the questions: the packed questionnaire, and with a wave its roster.
CREATE FUNCTION survey.fetch(wave_key text, instrument_key text, wanted_version int4, organisation int4,
                             OUT message bytea, OUT wave jsonb, OUT roster jsonb, OUT own text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    w survey.wave;
    i survey.instrument;
BEGIN
    IF wave_key <> '' THEN
        w := survey.wave_named(wave_key);
        instrument_key := w.instrument;
        wanted_version := w.version;
    END IF;
    SELECT * INTO i FROM survey.instrument s WHERE s.key = instrument_key AND wanted_version IN (0, s.version) ORDER BY s.version DESC LIMIT 1;
    IF NOT FOUND THEN
        PERFORM survey.refuse(7, 'instrument', format('there is no such version of a questionnaire "%s"', instrument_key));
    END IF;
    message := i.message;
    IF w.id IS NOT NULL THEN
        wave := survey.wave_json(w);
    END IF;
    SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') INTO roster FROM survey.roster(i.definition, survey.day_of_wave(w)) r;
    SELECT a.key INTO own FROM access.organisation o JOIN register.actor a ON a.id = register.actor_on(o.orgnr, survey.day_of_wave(w)) WHERE o.id = organisation;
END
$$;
