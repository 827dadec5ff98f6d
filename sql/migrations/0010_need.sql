-- SPDX-License-Identifier: GPL-3.0-or-later
-- What coordination is for: what a case touches, who must then be asked, and which instruments, goals and target groups bodies share.

-- ------------------------------------------------------------------------------------------------ effects
-- What a case touches (domain terms of utredningsinstruksen 3-2 and Om r-konferanser 4.1); the bits of enum chronicle_effect.
CREATE TABLE register.effect (
    bit      int4 NOT NULL,
    term     text NOT NULL,
    label_nb text NOT NULL,
    label_nn text NOT NULL,
    label_en text NOT NULL,
    CONSTRAINT effect_pkey PRIMARY KEY (bit),
    CONSTRAINT effect_term_unique UNIQUE (term)
);
INSERT INTO register.effect (bit, term, label_nb, label_nn, label_en) VALUES
    (0, 'state_budget', 'statsbudsjettet', 'statsbudsjettet', 'the state budget'),
    (1, 'municipalities', 'kommuner og fylkeskommuner', 'kommunar og fylkeskommunar', 'municipalities and counties'),
    (2, 'business', 'næringslivet', 'næringslivet', 'business'),
    (3, 'climate', 'klima og miljø', 'klima og miljø', 'climate and environment'),
    (4, 'districts', 'distriktene', 'distrikta', 'districts'),
    (5, 'international', 'forholdet til andre land', 'forholdet til andre land', 'other countries'),
    (6, 'equality', 'likestilling', 'likestilling', 'equality'),
    (7, 'legislation', 'lovstruktur', 'lovstruktur', 'the structure of law'),
    (8, 'none', 'ingen av disse', 'ingen av desse', 'none of these');

-- ------------------------------------------------------------------------------------- the duty to consult
-- One row a rule. Instructions change, and so do ministries: change a rule by ending its validity and adding another.
CREATE TABLE register.consultation_rule (
    id            int4 NOT NULL GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    effect        int4 REFERENCES register.effect,      -- NULL: every case
    addressee     text NOT NULL,                        -- key, number or abbreviation the actor has while the rule holds
    stage         int2 NOT NULL,                        -- asking counts from this stage on,
    by_stage      int2 NOT NULL,                        -- and must come before the first event of this stage or a later one
    minimum_days  int4,                                 -- to answer, unless the ministries agree otherwise; NULL: none stated
    copy_enough   bool NOT NULL DEFAULT false,          -- a copy fulfils it
    when_decided  bool NOT NULL DEFAULT false,          -- a decided case must have been through it; else only one that came so far
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    source        text NOT NULL,
    CONSTRAINT consultation_rule_pkey PRIMARY KEY (id),
    CONSTRAINT consultation_rule_stages CHECK (stage BETWEEN 1 AND 12 AND by_stage BETWEEN stage AND 12),
    CONSTRAINT consultation_rule_days CHECK (minimum_days BETWEEN 1 AND 366)
);
-- Numbers of ministries outlive their names: 972417858 is KMD and KDD. The date of the instruction (1 March 2016) and of the names
-- in it were not checked against Lovdata; cases before it ran under an older instruction that is not here.
INSERT INTO register.consultation_rule (name, effect, addressee, stage, by_stage, minimum_days, copy_enough, when_decided, valid, source)
SELECT name, effect, addressee, 4, 5, 21, false, true, daterange('2016-03-01', NULL), 'Utredningsinstruksen 3-2, dfo.no/utredningsinstruksen'
FROM (VALUES ('3-2 state budget', 0, '972417807'), ('3-2 municipalities', 1, '972417858'), ('3-2 business', 2, '912660680'),
             ('3-2 climate', 3, '972417882')) AS one(name, effect, addressee)
UNION ALL
SELECT '4-2 structure of law', 7, '972417831', 2, 3, NULL, false, true, daterange('2016-03-01', NULL), 'Utredningsinstruksen 4-2, dfo.no/utredningsinstruksen'
UNION ALL
SELECT name, effect, addressee, 7, 8, NULL, enough, false, daterange('2018-01-01', NULL), 'Om r-konferanser 4.1, regjeringen.no'
FROM (VALUES ('r-note to the Minister of Finance', NULL::int4, '972417807', false), ('r-note copied to the Prime Minister', NULL, '972417777', true),
             ('r-note municipalities', 1, '972417858', false), ('r-note districts', 4, '972417858', false),
             ('r-note business', 2, '912660680', false), ('r-note climate', 3, '972417882', false),
             ('r-note other countries', 5, '972417920', false), ('r-note equality', 6, '972417866', false),
             ('r-note structure of law', 7, '972417831', false)) AS one(name, effect, addressee, enough);

-- The actor somebody means by this on a day: a key, else a number, abbreviation or name it has then.
CREATE FUNCTION register.actor_on(wanted text, wanted_on date) RETURNS int4 LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT id FROM register.actor WHERE key = wanted),
                    (SELECT min(actor) FROM (SELECT actor FROM register.actor_alias WHERE folded = register.fold(wanted)
                         AND how IN ('orgnr', 'abbreviation', 'name') AND valid @> wanted_on GROUP BY 1) one HAVING count(*) = 1))
$$;

-- --------------------------------------------------------------------------------------------------- need
-- Instruments (tiltak), the goals (mål) they serve and the target groups (målgrupper) they reach.
CREATE TABLE register.need_item (
    id          int4 NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind        text NOT NULL,
    key         text NOT NULL,
    name        text NOT NULL,
    budget_post text,           -- chapter and item of Prop. 1 S
    source      text,           -- the document that says so
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT need_item_pkey PRIMARY KEY (id),
    CONSTRAINT need_item_unique UNIQUE (kind, key),
    CONSTRAINT need_item_kind_known CHECK (kind IN ('instrument', 'goal', 'target_group'))
);
CREATE TABLE register.need_owner (
    item  int4 NOT NULL REFERENCES register.need_item,
    actor int4 NOT NULL REFERENCES register.actor,
    role  text NOT NULL,
    share float8 NOT NULL,
    valid daterange NOT NULL DEFAULT daterange(NULL, NULL),
    CONSTRAINT need_owner_role_known CHECK (role IN ('responsible', 'contributing')),
    CONSTRAINT need_owner_share CHECK (share > 0 AND share <= 1),
    CONSTRAINT need_owner_one_at_a_time EXCLUDE USING gist (item WITH =, actor WITH =, valid WITH &&)
);
CREATE TABLE register.need_link (
    instrument int4 NOT NULL REFERENCES register.need_item,
    item       int4 NOT NULL REFERENCES register.need_item,     -- a goal or a target group
    weight     float8 NOT NULL,
    CONSTRAINT need_link_pkey PRIMARY KEY (instrument, item),
    CONSTRAINT need_link_weight CHECK (weight > 0 AND weight <= 1000000)
);
CREATE TABLE register.case_instrument (
    case_ref   text NOT NULL REFERENCES register.case_file,
    instrument int4 NOT NULL REFERENCES register.need_item,
    CONSTRAINT case_instrument_pkey PRIMARY KEY (case_ref, instrument)
);
DO $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY '{consultation_rule,need_item,need_owner,need_link,case_instrument}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON register.%I
                        FOR EACH ROW EXECUTE FUNCTION register.note_change()', relation);
    END LOOP;
END
$$;

-- Items by number from 0, in an order of their own, as workers read them.
CREATE VIEW register.need_place AS
SELECT id, kind, key, name, (row_number() OVER (ORDER BY kind COLLATE "C", key COLLATE "C") - 1)::int4 AS place FROM register.need_item;

-- ------------------------------------------------------------------------------------------------- import
-- What one record says of a case; empty fields say nothing. The states of the wire: 1 stored, 2 already there, 4 changed.
DROP FUNCTION register.put_case(text, text, text, text, date, date, text[]);
CREATE FUNCTION register.import_case(record jsonb) RETURNS int4 LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    wanted_ref text := coalesce(record ->> 'ref', '');
    started  date := register.import_date(record, 'started_on');
    decided  date := register.import_date(record, 'decided_on');
    touched  text[] := ARRAY(SELECT DISTINCT lower(one) FROM jsonb_array_elements_text(record -> 'effects') AS one ORDER BY 1);
    wanted   int4;
    unknown  text;
    was      register.case_file%ROWTYPE;
    now_is   register.case_file%ROWTYPE;
BEGIN
    IF wanted_ref = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'ref', MESSAGE = 'a case needs a reference';
    END IF;
    IF coalesce(record ->> 'owner', '') <> '' THEN
        wanted := register.actor_meant(record ->> 'owner');
        IF wanted IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'owner', MESSAGE = format('the register does not know "%s"', record ->> 'owner');
        END IF;
    END IF;
    SELECT one INTO unknown FROM unnest(touched) AS one WHERE NOT EXISTS (SELECT 1 FROM register.effect e WHERE e.term = one) LIMIT 1;
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'effects', MESSAGE = format('"%s" is not an effect; there are %s', unknown,
            (SELECT string_agg(e.term, ', ' ORDER BY e.bit) FROM register.effect e));
    ELSIF 'none' = ANY (touched) AND cardinality(touched) > 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'effects', MESSAGE = 'none, and others beside it';
    END IF;
    INSERT INTO register.case_file (ref) VALUES (wanted_ref) ON CONFLICT DO NOTHING;
    SELECT * INTO was FROM register.case_file c WHERE c.ref = wanted_ref FOR UPDATE;
    now_is := was;
    now_is.title := coalesce(nullif(record ->> 'title', ''), was.title);
    now_is.owner := coalesce(wanted, was.owner);
    now_is.case_type := coalesce(nullif(record ->> 'type', ''), was.case_type);
    now_is.started_on := coalesce(started, was.started_on);
    now_is.decided_on := coalesce(decided, was.decided_on);
    now_is.effects := CASE WHEN cardinality(touched) > 0 THEN touched ELSE was.effects END;
    IF now_is.decided_on < now_is.started_on THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'decided_on', MESSAGE = format('%s is before the case started, %s', now_is.decided_on, now_is.started_on);
    END IF;
    IF now_is IS NOT DISTINCT FROM was THEN
        RETURN 2;
    END IF;
    UPDATE register.case_file c SET title = now_is.title, owner = now_is.owner, case_type = now_is.case_type, started_on = now_is.started_on,
        decided_on = now_is.decided_on, effects = now_is.effects WHERE c.ref = wanted_ref;
    RETURN CASE WHEN was.title IS NULL AND was.owner IS NULL AND was.case_type IS NULL AND was.started_on IS NULL AND was.decided_on IS NULL
                     AND was.effects = '{}' THEN 1 ELSE 4 END;
END
$$;

-- A list's entry: KEY, or KEY=WEIGHT.
CREATE FUNCTION register.import_weighted(entry text, field text, OUT key text, OUT weight float8) LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    key := btrim(regexp_replace(entry, '=[^=]*$', ''));
    weight := 1;
    IF entry ~ '=' THEN
        weight := substring(entry from '=([^=]*)$')::float8;
        IF NOT (weight > 0 AND weight <= 1000000) THEN
            RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = field, MESSAGE = format('"%s": a weight is over 0 and at most 1000000', entry);
        END IF;
    END IF;
EXCEPTION WHEN invalid_text_representation OR numeric_value_out_of_range THEN
    RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = field, MESSAGE = format('"%s" is not of the form KEY or KEY=WEIGHT', entry);
END
$$;

-- Links of an instrument to goals or target groups. True: something changed.
CREATE FUNCTION register.import_need_links(record jsonb, field text, wanted_kind text, wanted int4) RETURNS bool LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    entry   record;
    meant   int4;
    changed bool := false;
BEGIN
    FOR entry IN SELECT w.key, w.weight FROM jsonb_array_elements_text(record -> field) AS one, register.import_weighted(one, field) AS w LOOP
        SELECT n.id INTO meant FROM register.need_item n WHERE n.kind = wanted_kind AND n.key = entry.key;
        IF meant IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = field, MESSAGE = format('there is no %s "%s"', replace(wanted_kind, '_', ' '), entry.key);
        END IF;
        INSERT INTO register.need_link AS l (instrument, item, weight) VALUES (wanted, meant, entry.weight)
        ON CONFLICT (instrument, item) DO UPDATE SET weight = excluded.weight WHERE l.weight <> excluded.weight;
        changed := changed OR FOUND;
    END LOOP;
    RETURN changed;
END
$$;

-- What one record says of an instrument, a goal or a target group: itself, one owner, what an instrument serves and where it is handled.
CREATE FUNCTION register.import_need_item(record jsonb) RETURNS int4 LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    wanted_kind text := lower(coalesce(record ->> 'kind', ''));
    wanted_key  text := coalesce(nullif(record ->> 'key', ''), nullif(record ->> 'name', ''));
    valid_from  date := register.import_date(record, 'valid_from');
    valid_to    date := register.import_date(record, 'valid_to');
    wanted_role text := coalesce(nullif(lower(record ->> 'role'), ''), 'responsible');
    wanted_share float8 := coalesce(nullif((record ->> 'share')::float8, 0), 1);
    dates   daterange;
    was     register.need_item%ROWTYPE;
    owner   int4;
    one     text;
    changed bool := false;
    more    bool;
    fresh   bool := false;
BEGIN
    IF wanted_kind NOT IN ('instrument', 'goal', 'target_group') THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'kind', MESSAGE = format('"%s" is not instrument, goal or target_group', record ->> 'kind');
    ELSIF wanted_key IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'key', MESSAGE = 'a record needs a key or a name';
    ELSIF wanted_key ~ '[=;|]' THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'key', MESSAGE = format('"%s": a key has no "=", ";" or "|" in it', wanted_key);
    ELSIF valid_from >= valid_to THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'valid_to', MESSAGE = format('%s is not after valid_from %s', valid_to, valid_from);
    ELSIF wanted_role NOT IN ('responsible', 'contributing') THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'role', MESSAGE = format('"%s" is not responsible or contributing', record ->> 'role');
    ELSIF NOT (wanted_share > 0 AND wanted_share <= 1) THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'share', MESSAGE = format('%s is not over 0 and at most 1', wanted_share);
    END IF;
    dates := daterange(valid_from, valid_to);
    IF wanted_kind <> 'instrument' THEN
        FOREACH one IN ARRAY '{goals,target_groups,cases}'::text[] LOOP
            IF jsonb_array_length(coalesce(record -> one, '[]')) > 0 THEN
                RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = one, MESSAGE = 'only an instrument has these';
            END IF;
        END LOOP;
    END IF;

    SELECT * INTO was FROM register.need_item n WHERE n.kind = wanted_kind AND n.key = wanted_key;
    IF NOT FOUND THEN
        INSERT INTO register.need_item (kind, key, name, budget_post, source)
        VALUES (wanted_kind, wanted_key, coalesce(nullif(record ->> 'name', ''), wanted_key), nullif(record ->> 'budget_post', ''),
                nullif(record ->> 'source', '')) RETURNING * INTO was;
        fresh := true;
    ELSE
        UPDATE register.need_item n SET name = coalesce(nullif(record ->> 'name', ''), n.name),
            budget_post = coalesce(nullif(record ->> 'budget_post', ''), n.budget_post), source = coalesce(nullif(record ->> 'source', ''), n.source)
        WHERE n.id = was.id AND (n.name, n.budget_post, n.source) IS DISTINCT FROM (coalesce(nullif(record ->> 'name', ''), n.name),
            coalesce(nullif(record ->> 'budget_post', ''), n.budget_post), coalesce(nullif(record ->> 'source', ''), n.source));
        changed := FOUND;
    END IF;

    IF coalesce(record ->> 'owner', '') <> '' THEN
        owner := register.actor_meant(record ->> 'owner');
        IF owner IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'owner', MESSAGE = format('the register does not know "%s"', record ->> 'owner');
        END IF;
        IF NOT coalesce((SELECT range_agg(o.valid) @> dates FROM register.need_owner o
                         WHERE o.item = was.id AND o.actor = owner AND o.role = wanted_role AND o.share = wanted_share), false) THEN
            WITH old AS (DELETE FROM register.need_owner o WHERE o.item = was.id AND o.actor = owner AND o.valid && dates RETURNING o.*)
            INSERT INTO register.need_owner (item, actor, role, share, valid)
            SELECT old.item, old.actor, old.role, old.share, piece FROM old, unnest(datemultirange(old.valid) - datemultirange(dates)) AS piece;
            INSERT INTO register.need_owner (item, actor, role, share, valid) VALUES (was.id, owner, wanted_role, wanted_share, dates);
            changed := true;
        END IF;
    END IF;
    IF wanted_kind = 'instrument' THEN
        -- each by itself: "f() OR changed" may be planned without calling f() when changed is known
        more := register.import_need_links(record, 'goals', 'goal', was.id);
        changed := changed OR more;
        more := register.import_need_links(record, 'target_groups', 'target_group', was.id);
        changed := changed OR more;
        FOR one IN SELECT jsonb_array_elements_text(record -> 'cases') LOOP
            IF NOT EXISTS (SELECT 1 FROM register.case_file c WHERE c.ref = one) THEN
                RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'cases', MESSAGE = format('there is no case "%s"', one);
            END IF;
            INSERT INTO register.case_instrument (case_ref, instrument) VALUES (one, was.id) ON CONFLICT DO NOTHING;
            changed := changed OR FOUND;
        END LOOP;
    END IF;
    RETURN CASE WHEN fresh THEN 1 WHEN changed THEN 4 ELSE 2 END;
END
$$;

-- One answer per record, in order, with the states and statuses of the wire. A record with an error changes nothing; its neighbours are
-- kept. Two records of one import may not say different things of the same. What others refer to is taken first, wherever it stands.
CREATE FUNCTION register.import_each(records jsonb, what text) RETURNS TABLE (n int4, state int4, status int4, field text, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    one    record;
    seen   jsonb := '{}';    -- case, or item, owner and day -> place of its record
    told   jsonb := '{}';    -- item -> its first record
    same   text;
    item   text;
    clash  text;
    done   int4;
    states   int4[] := '{}';
    statuses int4[] := '{}';
    fields   text[] := '{}';
    reasons  text[] := '{}';
    why text;
    which text;
    sqlstate_was text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning register', 0));
    FOR one IN SELECT item.record, item.place::int4 AS place FROM jsonb_array_elements(records) WITH ORDINALITY AS item(record, place)
               ORDER BY what = 'need' AND lower(item.record ->> 'kind') = 'instrument', item.place LOOP
        states[one.place] := 6; statuses[one.place] := 0; fields[one.place] := ''; reasons[one.place] := '';
        BEGIN
            done := CASE what WHEN 'case' THEN register.import_case(one.record) ELSE register.import_need_item(one.record) END;
            same := CASE what WHEN 'case' THEN one.record ->> 'ref'
                    ELSE concat_ws('=', lower(one.record ->> 'kind'), coalesce(nullif(one.record ->> 'key', ''), one.record ->> 'name'),
                                   one.record ->> 'owner', one.record ->> 'valid_from') END;
            IF seen ? same AND done <> 2 THEN
                RAISE EXCEPTION USING ERRCODE = 'SM008', COLUMN = CASE what WHEN 'case' THEN 'ref' ELSE 'key' END,
                    MESSAGE = format('record %s of this import says something else of the same', seen ->> same);
            END IF;
            IF what = 'need' THEN
                item := split_part(same, '=', 1) || '=' || split_part(same, '=', 2);
                SELECT f INTO clash FROM unnest('{name,budget_post,source,goals,target_groups}'::text[]) AS f
                WHERE one.record -> f NOT IN ('""', '[]', told -> item -> f) AND told -> item -> f NOT IN ('""', '[]') LIMIT 1;
                IF clash IS NOT NULL THEN
                    RAISE EXCEPTION USING ERRCODE = 'SM008', COLUMN = clash, MESSAGE = 'another record of this import says something else of the same';
                END IF;
                told := told || jsonb_build_object(item, coalesce(told -> item, '{}') ||
                    (SELECT coalesce(jsonb_object_agg(f.key, f.value), '{}') FROM jsonb_each(one.record) f WHERE f.value NOT IN ('""', '[]')));
            END IF;
            states[one.place] := done;
            seen := seen || jsonb_build_object(same, one.place);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS why = MESSAGE_TEXT, which = COLUMN_NAME, sqlstate_was = RETURNED_SQLSTATE;
            statuses[one.place] := CASE WHEN sqlstate_was LIKE 'SM%' THEN substr(sqlstate_was, 3)::int4 ELSE 6 END;
            fields[one.place] := coalesce(which, ''); reasons[one.place] := why;
        END;
    END LOOP;
    RETURN QUERY SELECT place::int4, s, t, f, r FROM unnest(states, statuses, fields, reasons) WITH ORDINALITY AS result(s, t, f, r, place) ORDER BY 1;
END
$$;

-- -------------------------------------------------------------------------------------------------- lists
-- Cases somebody has said something of, or that reports name, by reference, at most `wanted_limit` after `past`.
CREATE FUNCTION register.list_cases(search text, wanted_limit int8, past text) RETURNS TABLE (
    ref text, title text, owner text, case_type text, started_on date, decided_on date, effects text[], first_seen date, last_seen date)
LANGUAGE sql STABLE AS $$
    SELECT c.ref, c.title, a.key, c.case_type, c.started_on, c.decided_on, c.effects, c.first_seen_on, c.last_seen_on
    FROM register.case_file c LEFT JOIN register.actor a ON a.id = c.owner
    WHERE c.ref COLLATE "C" > past COLLATE "C" AND (search = '' OR strpos(lower(c.ref || ' ' || coalesce(c.title, '')), lower(search)) > 0)
    ORDER BY c.ref COLLATE "C" LIMIT wanted_limit
$$;
-- Instruments, goals and target groups with one row an owner (and period), in the form they are imported in. The cursor is opaque.
CREATE FUNCTION register.list_need(search text, wanted_limit int8, past text) RETURNS TABLE (
    kind text, key text, name text, owner text, role text, share float8, valid_from date, valid_to date, goals text[], target_groups text[],
    cases text[], budget_post text, source text, cursor text) LANGUAGE sql STABLE AS $$
    SELECT page.kind, page.key, page.name, page.owner, coalesce(page.role, ''), coalesce(page.share, 0), lower(page.valid), upper(page.valid),
           ARRAY(SELECT g.key || CASE WHEN l.weight = 1 THEN '' ELSE '=' || l.weight END FROM register.need_link l JOIN register.need_item g ON g.id = l.item
                 WHERE l.instrument = page.id AND g.kind = 'goal' ORDER BY g.key COLLATE "C"),
           ARRAY(SELECT g.key || CASE WHEN l.weight = 1 THEN '' ELSE '=' || l.weight END FROM register.need_link l JOIN register.need_item g ON g.id = l.item
                 WHERE l.instrument = page.id AND g.kind = 'target_group' ORDER BY g.key COLLATE "C"),
           ARRAY(SELECT c.case_ref FROM register.case_instrument c WHERE c.instrument = page.id ORDER BY 1),
           page.budget_post, page.source, page.cursor
    FROM (SELECT i.*, a.key AS owner, o.role, o.share, o.valid,
                 i.kind || '=' || i.key || '=' || coalesce(a.key, '') || '=' || coalesce(lower(o.valid)::text, '') AS cursor
          FROM register.need_item i LEFT JOIN register.need_owner o ON o.item = i.id LEFT JOIN register.actor a ON a.id = o.actor
          WHERE search = '' OR strpos(lower(i.key || ' ' || i.name), lower(search)) > 0) page
    WHERE page.cursor COLLATE "C" > past COLLATE "C" ORDER BY page.cursor COLLATE "C" LIMIT wanted_limit
$$;

-- ---------------------------------------------------------------------------------------------- researchers
CREATE VIEW research.need AS
SELECT i.kind, i.key, i.name, a.key AS owner, o.role, o.share, lower(o.valid) AS valid_from, upper(o.valid) AS valid_to, i.budget_post, i.source
FROM register.need_item i LEFT JOIN register.need_owner o ON o.item = i.id LEFT JOIN register.actor a ON a.id = o.actor;
CREATE VIEW research.need_link AS
SELECT t.key AS instrument, g.kind, g.key, l.weight FROM register.need_link l
JOIN register.need_item t ON t.id = l.instrument JOIN register.need_item g ON g.id = l.item;
CREATE VIEW research.case_instrument AS
SELECT c.case_ref AS "case", t.key AS instrument FROM register.case_instrument c JOIN register.need_item t ON t.id = c.instrument;
CREATE VIEW research.consultation_rule AS
SELECT r.name, e.term AS effect, r.addressee, research.term('stage', r.stage) AS stage, research.term('stage', r.by_stage) AS by_stage, r.minimum_days,
       r.copy_enough, r.when_decided, lower(r.valid) AS valid_from, upper(r.valid) AS valid_to, r.source
FROM register.consultation_rule r LEFT JOIN register.effect e ON e.bit = r.effect;
