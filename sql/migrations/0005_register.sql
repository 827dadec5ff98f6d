-- SPDX-License-Identifier: GPL-3.0-or-later
-- The register of actors: import with history, listing, resolving names.

-- Puts one dated value in place of whatever held during its dates; what lies before and after stays.
CREATE FUNCTION register.put_dated(relation text, wanted int4, attribute text, value text, dates daterange) RETURNS bool
LANGUAGE plpgsql AS $$
DECLARE
    same bool;
BEGIN
    EXECUTE format('SELECT coalesce((SELECT range_agg(valid) @> $2 FROM register.%I WHERE actor = $1 AND %I::text = $3), false)', relation, attribute)
        INTO same USING wanted, dates, value;
    IF same THEN
        RETURN false;
    END IF;
    EXECUTE format('WITH old AS (DELETE FROM register.%1$I WHERE actor = $1 AND valid && $2 RETURNING *)
        INSERT INTO register.%1$I (actor, %2$I, valid)
        SELECT old.actor, old.%2$I, piece FROM old, unnest(datemultirange(old.valid) - datemultirange($2)) AS piece', relation, attribute)
        USING wanted, dates;
    EXECUTE format('INSERT INTO register.%I (actor, %I, valid) VALUES ($1, $2::%s, $3)', relation, attribute,
                   CASE attribute WHEN 'parent' THEN 'int4' ELSE 'text' END) USING wanted, value, dates;
    RETURN true;
END
$$;

-- The actor somebody means by a key, an organisation number, an abbreviation or a name, if it is one actor only.
CREATE FUNCTION register.actor_meant(wanted text) RETURNS int4 LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT id FROM register.actor WHERE key = wanted),
                    (SELECT min(actor) FROM (SELECT actor FROM register.actor_alias
                         WHERE folded = register.fold(wanted) AND how <> 'alias' GROUP BY 1) one HAVING count(*) = 1))
$$;

-- Folded names of these actors, from their names through time. A former name still means the actor while it exists, unless a
-- better match says otherwise.
CREATE FUNCTION register.rebuild_aliases(wanted int4[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    touched text[];
BEGIN
    CREATE TEMPORARY TABLE IF NOT EXISTS wanted_alias (folded text, actor int4, how text, valid daterange) ON COMMIT DELETE ROWS;
    TRUNCATE wanted_alias;
    INSERT INTO wanted_alias
    WITH spelled AS (
        SELECT n.actor, s.how, register.fold(s.text) AS folded, n.valid
        FROM register.actor_name n, LATERAL (VALUES ('orgnr', n.orgnr), ('abbreviation', n.abbreviation), ('name', n.name_nb),
             ('name', n.name_nn), ('name', n.name_en), ('name', n.name_se)) AS s(how, text)
        WHERE n.actor = ANY (wanted) AND s.text <> ''
    ), life AS (
        SELECT actor, range_merge(range_agg(valid)) AS valid FROM register.actor_name WHERE actor = ANY (wanted) GROUP BY 1
    ), exact AS (
        SELECT folded, actor, how, unnest(range_agg(valid)) AS valid FROM spelled GROUP BY 1, 2, 3
    )
    SELECT folded, actor, how, valid FROM exact
    UNION
    SELECT s.folded, s.actor, 'former', l.valid FROM spelled s JOIN life l USING (actor) GROUP BY s.folded, s.actor, l.valid
    HAVING range_merge(range_agg(s.valid)) <> l.valid;

    WITH gone AS (
        DELETE FROM register.actor_alias a WHERE a.actor = ANY (wanted) AND a.how <> 'alias'
            AND NOT EXISTS (SELECT 1 FROM wanted_alias w WHERE (w.folded, w.actor, w.how, w.valid) = (a.folded, a.actor, a.how, a.valid))
        RETURNING a.folded
    ), fresh AS (
        INSERT INTO register.actor_alias (folded, actor, how, valid) SELECT folded, actor, how, valid FROM wanted_alias ON CONFLICT DO NOTHING RETURNING folded
    ) SELECT array_agg(DISTINCT folded) INTO touched FROM (SELECT folded FROM gone UNION ALL SELECT folded FROM fresh) one;
    RETURN coalesce(touched, '{}');
END
$$;

CREATE FUNCTION register.import_date(record jsonb, field text) RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF coalesce(record ->> field, '') = '' THEN
        RETURN NULL;
    END IF;
    IF record ->> field !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = field, MESSAGE = format('"%s" is not a date, YYYY-MM-DD', record ->> field);
    END IF;
    RETURN (record ->> field)::date;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
    RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = field, MESSAGE = format('"%s" is not a date of the calendar', record ->> field);
END
$$;

-- One record's actor and names. Fields that are empty say nothing and change nothing. With valid_from a changed name closes the
-- earlier validity and opens a new one; without it the record corrects what the register says now.
CREATE FUNCTION register.import_names(record jsonb, OUT actor int4, OUT state int4, OUT dates daterange) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    wanted_key text := coalesce(nullif(record ->> 'key', ''), nullif(record ->> 'orgnr', ''), nullif(record ->> 'abbreviation', ''),
                                nullif(record ->> 'name_nb', ''));
    wanted_kind text := nullif(record ->> 'kind', '');
    valid_from date := register.import_date(record, 'valid_from');
    valid_to   date := register.import_date(record, 'valid_to');
    known   register.actor%ROWTYPE;
    now_is register.actor_name%ROWTYPE;
    next_is register.actor_name%ROWTYPE;
BEGIN
    IF wanted_key IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'key', MESSAGE = 'a record needs a key, an organisation number, an abbreviation or a name';
    END IF;
    IF valid_from >= valid_to THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'valid_to', MESSAGE = format('%s is not after valid_from %s', valid_to, valid_from);
    END IF;
    IF coalesce(record ->> 'orgnr', '') <> '' AND NOT register.orgnr_valid(record ->> 'orgnr') THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'orgnr',
            MESSAGE = format('"%s" is not an organisation number (nine digits, modulus 11)', record ->> 'orgnr');
    END IF;
    IF wanted_kind IS NOT NULL AND wanted_kind NOT IN ('ministry', 'department', 'agency', 'regional', 'municipality', 'committee',
                                                       'group', 'minister', 'person', 'other') THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'kind', MESSAGE = format('"%s" is not a kind of actor', wanted_kind);
    END IF;

    SELECT * INTO known FROM register.actor a WHERE a.key = wanted_key;
    IF NOT FOUND THEN
        IF coalesce(record ->> 'name_nb', '') = '' THEN
            RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'name_nb', MESSAGE = format('the register does not know "%s", and a new actor needs a name', wanted_key);
        END IF;
        INSERT INTO register.actor (key, kind) VALUES (wanted_key, coalesce(wanted_kind, 'other')) RETURNING id INTO actor;
        dates := daterange(valid_from, valid_to);
        INSERT INTO register.actor_name (actor, name_nb, name_nn, name_en, name_se, abbreviation, orgnr, mail_domain, valid, source)
        VALUES (import_names.actor, record ->> 'name_nb', nullif(record ->> 'name_nn', ''), nullif(record ->> 'name_en', ''),
                nullif(record ->> 'name_se', ''), nullif(record ->> 'abbreviation', ''), nullif(record ->> 'orgnr', ''),
                nullif(record ->> 'mail_domain', ''), dates, nullif(record ->> 'source', ''));
        state := 1;
        RETURN;
    END IF;

    actor := known.id;
    state := 2;
    IF wanted_kind <> known.kind THEN
        UPDATE register.actor SET kind = wanted_kind WHERE id = known.id;
        state := 4;
    END IF;
    -- the row this record is about: the one that holds on valid_from, else the first later one, else the last
    SELECT * INTO now_is FROM register.actor_name n WHERE n.actor = known.id
    ORDER BY CASE WHEN valid_from IS NULL THEN 0 WHEN n.valid @> valid_from THEN 0 WHEN lower(n.valid) > valid_from THEN 1 ELSE 2 END,
             CASE WHEN valid_from IS NOT NULL AND lower(n.valid) > valid_from THEN lower(n.valid) END, lower(n.valid) DESC NULLS LAST LIMIT 1;
    IF valid_from IS NULL THEN
        dates := daterange(lower(now_is.valid), coalesce(valid_to, upper(now_is.valid)));
    ELSIF valid_to IS NOT NULL THEN
        dates := daterange(valid_from, valid_to);
    ELSIF now_is.valid @> valid_from THEN
        dates := daterange(valid_from, upper(now_is.valid));
    ELSE
        SELECT * INTO next_is FROM register.actor_name n WHERE n.actor = known.id AND lower(n.valid) > valid_from ORDER BY lower(n.valid) LIMIT 1;
        dates := daterange(valid_from, lower(next_is.valid));
    END IF;
    next_is := now_is;
    next_is.name_nb := coalesce(nullif(record ->> 'name_nb', ''), now_is.name_nb);
    next_is.name_nn := coalesce(nullif(record ->> 'name_nn', ''), now_is.name_nn);
    next_is.name_en := coalesce(nullif(record ->> 'name_en', ''), now_is.name_en);
    next_is.name_se := coalesce(nullif(record ->> 'name_se', ''), now_is.name_se);
    next_is.abbreviation := coalesce(nullif(record ->> 'abbreviation', ''), now_is.abbreviation);
    next_is.orgnr := coalesce(nullif(record ->> 'orgnr', ''), now_is.orgnr);
    next_is.mail_domain := coalesce(nullif(record ->> 'mail_domain', ''), now_is.mail_domain);
    IF (next_is.name_nb, next_is.name_nn, next_is.name_en, next_is.name_se, next_is.abbreviation, next_is.orgnr, next_is.mail_domain)
       IS NOT DISTINCT FROM (now_is.name_nb, now_is.name_nn, now_is.name_en, now_is.name_se, now_is.abbreviation, now_is.orgnr, now_is.mail_domain) THEN
        IF now_is.valid @> dates AND valid_to IS NULL THEN
            dates := CASE WHEN valid_from IS NULL THEN now_is.valid ELSE dates END;
            RETURN;                                     -- says nothing new
        END IF;
        IF now_is.valid = dates THEN
            RETURN;
        END IF;
        IF valid_from IS NULL OR lower(now_is.valid) IS NOT DISTINCT FROM valid_from THEN    -- the same name, another end
            UPDATE register.actor_name SET valid = import_names.dates WHERE actor = known.id AND valid = now_is.valid;
            state := 4;
            RETURN;
        END IF;
    END IF;
    WITH old AS (DELETE FROM register.actor_name n WHERE n.actor = known.id AND n.valid && dates RETURNING n.*)
    INSERT INTO register.actor_name (actor, name_nb, name_nn, name_en, name_se, abbreviation, orgnr, mail_domain, valid, source, recorded_at)
    SELECT old.actor, old.name_nb, old.name_nn, old.name_en, old.name_se, old.abbreviation, old.orgnr, old.mail_domain, piece, old.source, old.recorded_at
    FROM old, unnest(datemultirange(old.valid) - datemultirange(dates)) AS piece;
    INSERT INTO register.actor_name (actor, name_nb, name_nn, name_en, name_se, abbreviation, orgnr, mail_domain, valid, source)
    VALUES (known.id, next_is.name_nb, next_is.name_nn, next_is.name_en, next_is.name_se, next_is.abbreviation, next_is.orgnr,
            next_is.mail_domain, dates, coalesce(nullif(record ->> 'source', ''), now_is.source));
    state := 4;
END
$$;

-- What one record says besides names: superior body, sector, members, further spellings. The actors it refers to must be there.
CREATE FUNCTION register.import_relations(record jsonb, wanted int4, dates daterange, OUT changed bool, OUT spellings text[]) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    other text;
    meant int4;
    known int8;
BEGIN
    changed := false;
    spellings := '{}';
    IF coalesce(record ->> 'parent', '') <> '' THEN
        meant := register.actor_meant(record ->> 'parent');
        IF meant IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'parent', MESSAGE = format('the register does not know "%s"', record ->> 'parent');
        ELSIF meant = wanted THEN
            RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'parent', MESSAGE = 'an actor cannot be its own superior';
        END IF;
        changed := register.put_dated('actor_parent', wanted, 'parent', meant::text, dates) OR changed;
    END IF;
    IF coalesce(record ->> 'sector', '') <> '' THEN
        changed := register.put_dated('actor_sector', wanted, 'sector', record ->> 'sector', dates) OR changed;
    END IF;
    FOR other IN SELECT jsonb_array_elements_text(record -> 'members') LOOP
        meant := register.actor_meant(other);
        IF meant IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'members', MESSAGE = format('the register does not know "%s"', other);
        ELSIF meant = wanted THEN
            RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'members', MESSAGE = 'a group cannot be its own member';
        END IF;
        INSERT INTO register.actor_member ("group", member, valid)
        SELECT wanted, meant, piece FROM unnest(datemultirange(dates) - coalesce((SELECT range_agg(m.valid)
            FROM register.actor_member m WHERE m."group" = wanted AND m.member = meant), '{}')) AS piece;
        GET DIAGNOSTICS known = ROW_COUNT;
        changed := changed OR known > 0;
    END LOOP;
    FOR other IN SELECT jsonb_array_elements_text(record -> 'aliases') LOOP
        CONTINUE WHEN register.fold(other) = '';
        INSERT INTO register.actor_alias (folded, actor, how, valid)
        SELECT register.fold(other), wanted, 'alias', piece FROM unnest(datemultirange(dates) - coalesce((SELECT range_agg(a.valid)
            FROM register.actor_alias a WHERE a.actor = wanted AND a.folded = register.fold(other) AND a.how = 'alias'), '{}')) AS piece;
        GET DIAGNOSTICS known = ROW_COUNT;
        IF known > 0 THEN
            changed := true;
            spellings := spellings || register.fold(other);
        END IF;
    END LOOP;
END
$$;

-- Imports {"actors": [...]}: one answer per record, in order, with the states and statuses of the wire. A record with an error
-- changes nothing; its neighbours are kept. Records may refer to each other in any order.
CREATE FUNCTION register.import_actors(records jsonb) RETURNS TABLE (n int4, state int4, status int4, field text, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    record   jsonb;
    place    int4 := 0;
    names    record;
    relation record;
    states   int4[] := '{}';
    statuses int4[] := '{}';
    fields   text[] := '{}';
    reasons  text[] := '{}';
    actors   int4[] := '{}';
    periods  daterange[] := '{}';
    spellings text[] := '{}';
    why text;
    which text;
    sqlstate_was text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning register', 0));
    FOR record IN SELECT jsonb_array_elements(records -> 'actors') LOOP
        place := place + 1;
        states[place] := 6; statuses[place] := 0; fields[place] := ''; reasons[place] := ''; actors[place] := NULL; periods[place] := NULL;
        BEGIN
            SELECT * INTO names FROM register.import_names(record);
            states[place] := names.state; actors[place] := names.actor; periods[place] := names.dates;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS why = MESSAGE_TEXT, which = COLUMN_NAME, sqlstate_was = RETURNED_SQLSTATE;
            statuses[place] := CASE WHEN sqlstate_was LIKE 'SM%' THEN substr(sqlstate_was, 3)::int4 ELSE 6 END;
            fields[place] := coalesce(which, ''); reasons[place] := why;
        END;
    END LOOP;
    -- references may be by any name of an actor, so the spellings must stand before relations are read
    spellings := register.rebuild_aliases(array_remove(actors, NULL));
    place := 0;
    FOR record IN SELECT jsonb_array_elements(records -> 'actors') LOOP
        place := place + 1;
        CONTINUE WHEN actors[place] IS NULL;
        BEGIN
            SELECT * INTO relation FROM register.import_relations(record, actors[place], periods[place]);
            IF relation.changed AND states[place] = 2 THEN
                states[place] := 4;
            END IF;
            spellings := spellings || relation.spellings;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS why = MESSAGE_TEXT, which = COLUMN_NAME, sqlstate_was = RETURNED_SQLSTATE;
            states[place] := 6;
            statuses[place] := CASE WHEN sqlstate_was LIKE 'SM%' THEN substr(sqlstate_was, 3)::int4 ELSE 6 END;
            fields[place] := coalesce(which, '');
            reasons[place] := why || ' (the names of this record were taken)';
        END;
    END LOOP;
    IF cardinality(spellings) > 0 THEN
        PERFORM register.resolve_labels((SELECT array_agg(l.id) FROM register.label l WHERE l.folded = ANY (spellings)));
    END IF;
    RETURN QUERY SELECT one.place::int4, one.state, one.status, one.field, one.reason
        FROM unnest(states, statuses, fields, reasons) WITH ORDINALITY AS one(state, status, field, reason, place) ORDER BY 1;
END
$$;

-- Records of the actors that exist on a day, by key, at most `wanted_limit` after the key `past`.
CREATE FUNCTION register.list_actors(wanted_on date, search text, wanted_limit int8, past text) RETURNS TABLE (
    key text, kind text, name_nb text, name_nn text, name_en text, name_se text, abbreviation text, orgnr text, mail_domain text,
    parent text, sector text, valid_from date, valid_to date, members text[], aliases text[], source text) LANGUAGE sql STABLE AS $$
    SELECT a.key, a.kind, n.name_nb, n.name_nn, n.name_en, n.name_se, n.abbreviation, n.orgnr, n.mail_domain,
           (SELECT o.key FROM register.actor_parent p JOIN register.actor o ON o.id = p.parent WHERE p.actor = a.id AND p.valid @> wanted_on),
           (SELECT s.sector FROM register.actor_sector s WHERE s.actor = a.id AND s.valid @> wanted_on),
           lower(n.valid), upper(n.valid),
           ARRAY(SELECT o.key FROM register.actor_member m JOIN register.actor o ON o.id = m.member
                 WHERE m."group" = a.id AND m.valid @> wanted_on ORDER BY 1),
           ARRAY(SELECT DISTINCT l.folded FROM register.actor_alias l WHERE l.actor = a.id AND l.how = 'alias' AND l.valid @> wanted_on ORDER BY 1),
           n.source
    FROM register.actor a JOIN register.actor_name n ON n.actor = a.id AND n.valid @> wanted_on
    WHERE a.key COLLATE "C" > past COLLATE "C" AND (search = '' OR EXISTS (SELECT 1 FROM register.actor_alias l
          WHERE l.actor = a.id AND l.folded LIKE '%' || replace(replace(replace(register.fold(search), '\', '\\'), '%', '\%'), '_', '\_') || '%'))
    ORDER BY a.key COLLATE "C" LIMIT wanted_limit
$$;
-- Names that wait for an actor, with the number of interactions that use them.
CREATE FUNCTION register.list_waiting(search text, wanted_limit int8, past text) RETURNS TABLE (
    label text, interactions int8, first_seen date, suggestions text[]) LANGUAGE sql STABLE AS $$
    WITH page AS MATERIALIZED (
        SELECT l.id, l.text, l.folded, l.first_seen_at FROM register.label l
        WHERE l.text COLLATE "C" > past COLLATE "C" AND NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id)
          AND (search = '' OR strpos(l.folded, register.fold(search)) > 0)
        ORDER BY l.text COLLATE "C" LIMIT wanted_limit
    ), used AS (
        SELECT one AS id, count(*) AS interactions FROM report.interaction i, unnest(i.labels) AS one
        WHERE one IN (SELECT id FROM page) GROUP BY 1
    )
    SELECT p.text, coalesce(u.interactions, 0), report.day_of(p.first_seen_at), register.suggest(p.folded)
    FROM page p LEFT JOIN used u USING (id) ORDER BY p.text COLLATE "C"
$$;

-- An operator's decision: these names mean that actor during those dates; or each name becomes an actor of its own. Without
-- names and with a kind: every name that waits. Spellings that fold alike become one actor.
CREATE FUNCTION register.resolve_names(names text[], meant text, create_kind text, valid_from text, valid_to text,
                                       OUT resolved int8, OUT created int8) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    dates  daterange;
    wanted int4;
    chosen int4[];
    absent text;
BEGIN
    dates := daterange(register.import_date(jsonb_build_object('valid_from', valid_from), 'valid_from'),
                       register.import_date(jsonb_build_object('valid_to', valid_to), 'valid_to'));
    IF isempty(dates) THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'valid_to', MESSAGE = 'valid_to is not after valid_from';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning register', 0));
    created := 0;
    IF meant <> '' THEN
        IF create_kind <> '' THEN
            RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'create_kind', MESSAGE = 'name an actor or a kind to create, not both';
        ELSIF cardinality(names) = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'labels', MESSAGE = 'say which names mean this actor';
        END IF;
        wanted := register.actor_meant(meant);
        IF wanted IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'actor', MESSAGE = format('the register does not know "%s"', meant);
        END IF;
        SELECT array_agg(DISTINCT l.id), count(DISTINCT l.folded) INTO chosen, resolved FROM register.label l
        WHERE l.text = ANY (names) OR l.folded = ANY (SELECT register.fold(one) FROM unnest(names) AS one);
        SELECT one INTO absent FROM unnest(names) AS one
        WHERE NOT EXISTS (SELECT 1 FROM register.label l WHERE l.folded = register.fold(one)) LIMIT 1;
        IF absent IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'labels', MESSAGE = format('no interaction uses the name "%s"', absent);
        END IF;
        WITH old AS (DELETE FROM register.label_actor a WHERE a.label = ANY (chosen) AND a.valid && dates RETURNING a.*)
        INSERT INTO register.label_actor (label, actor, valid, how)
        SELECT old.label, old.actor, piece, old.how FROM old, unnest(datemultirange(old.valid) - datemultirange(dates)) AS piece;
        INSERT INTO register.label_actor (label, actor, valid, how) SELECT one, wanted, dates, 'operator' FROM unnest(chosen) AS one;
        resolved := cardinality(chosen);
        RETURN;
    END IF;
    IF create_kind NOT IN ('ministry', 'department', 'agency', 'regional', 'municipality', 'committee', 'group', 'minister', 'person', 'other') THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'create_kind',
            MESSAGE = CASE create_kind WHEN '' THEN 'name an actor, or a kind to create' ELSE format('"%s" is not a kind of actor', create_kind) END;
    END IF;
    CREATE TEMPORARY TABLE IF NOT EXISTS new_actor (folded text, key text, actor int4) ON COMMIT DELETE ROWS;
    TRUNCATE new_actor;
    WITH chosen_label AS (
        SELECT l.folded, min(l.text COLLATE "C") AS key FROM register.label l
        WHERE (cardinality(names) = 0 OR l.text = ANY (names))
          AND NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id) AND l.folded <> ''
        GROUP BY 1
    ), made AS (
        INSERT INTO register.actor (key, kind) SELECT c.key, create_kind FROM chosen_label c ORDER BY 1 ON CONFLICT (key) DO NOTHING RETURNING id, key
    ) INSERT INTO new_actor SELECT c.folded, c.key, m.id FROM chosen_label c JOIN made m USING (key);
    SELECT count(*) INTO created FROM new_actor;
    INSERT INTO register.actor_name (actor, name_nb, valid, source) SELECT actor, key, dates, 'operator' FROM new_actor;
    INSERT INTO register.actor_alias (folded, actor, how, valid) SELECT folded, actor, 'name', dates FROM new_actor;
    INSERT INTO register.label_actor (label, actor, valid, how)
    SELECT l.id, n.actor, dates, 'operator' FROM new_actor n JOIN register.label l USING (folded)
    WHERE NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id);
    GET DIAGNOSTICS resolved = ROW_COUNT;
END
$$;

-- Cases: what somebody says about one, by reference. Empty says nothing.
CREATE FUNCTION register.put_case(wanted_ref text, wanted_title text, wanted_owner text, wanted_type text, started date, decided date,
                                  wanted_effects text[]) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    wanted int4;
BEGIN
    IF coalesce(wanted_ref, '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'ref', MESSAGE = 'a case needs a reference';
    END IF;
    IF coalesce(wanted_owner, '') <> '' THEN
        wanted := register.actor_meant(wanted_owner);
        IF wanted IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'owner', MESSAGE = format('the register does not know "%s"', wanted_owner);
        END IF;
    END IF;
    INSERT INTO register.case_file (ref) VALUES (wanted_ref) ON CONFLICT DO NOTHING;
    UPDATE register.case_file c SET title = coalesce(nullif(wanted_title, ''), c.title), owner = coalesce(wanted, c.owner),
        case_type = coalesce(nullif(wanted_type, ''), c.case_type), started_on = coalesce(started, c.started_on),
        decided_on = coalesce(decided, c.decided_on),
        effects = CASE WHEN cardinality(wanted_effects) > 0 THEN wanted_effects ELSE c.effects END
    WHERE c.ref = wanted_ref AND (coalesce(nullif(wanted_title, ''), c.title), coalesce(wanted, c.owner),
        coalesce(nullif(wanted_type, ''), c.case_type), coalesce(started, c.started_on), coalesce(decided, c.decided_on),
        CASE WHEN cardinality(wanted_effects) > 0 THEN wanted_effects ELSE c.effects END)
        IS DISTINCT FROM (c.title, c.owner, c.case_type, c.started_on, c.decided_on, c.effects);
    RETURN FOUND;
END
$$;
