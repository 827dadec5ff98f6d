-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reorganisations are imported and listed as cases and needs are, and actors that have ended can be listed beside those that exist.

-- The words of records and the change codes of Forvaltningsdatabasen (Sikt) they stand for. That register codes a change once for those
-- that end by it and once for those that begin or go on; here it is one event, kept under the code of those that begin.
CREATE TABLE register.change_term (
    code int2 NOT NULL,
    term text NOT NULL,
    kept bool NOT NULL,     -- the code this term is kept under
    CONSTRAINT change_term_pkey PRIMARY KEY (code)
);
CREATE UNIQUE INDEX change_term_kept ON register.change_term (term) WHERE kept;
INSERT INTO register.change_term (code, term, kept) VALUES
    (102, 'separation', true), (202, 'separation', false),      -- ny via utskilling, består etter utskilling
    (104, 'split', true), (304, 'split', false),                -- ny via splitting, nedlagt via splitting
    (106, 'merger', true), (306, 'merger', false),              -- ny via sammenslåing, nedlagt via sammenslåing
    (303, 'incorporation', true), (203, 'incorporation', false),-- opphør via innlemming, består via innlemming
    (111, 'reorganisation', true);                              -- ny via omorganisering

-- Those an entry of `before` or `after` means on a day.
CREATE FUNCTION register.reorganised(entry text, field text, wanted_on date) RETURNS int4 LANGUAGE plpgsql STABLE AS $$
DECLARE
    meant int4 := register.actor_on(entry, wanted_on);
BEGIN
    IF meant IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = field, MESSAGE = format('the register does not know "%s" on %s', entry, wanted_on);
    END IF;
    RETURN meant;
END
$$;

-- What one record says: the states of the wire, 1 stored, 2 already there, 4 changed. An event is its day with those before and after.
CREATE FUNCTION register.import_reorganisation(record jsonb, OUT state int4, OUT event int4) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    day       date := register.import_date(record, 'date');
    wanted    text := lower(coalesce(record ->> 'change', ''));
    code      int2;
    term      text;
    befores   int4[];
    afters    int4[];
    shares    float8[];
    stated    int4;
    total     float8;
    was       register.actor_event%ROWTYPE;
    told_by   text := nullif(record ->> 'source', '');
    changed   bool := false;
BEGIN
    SELECT k.code, k.term INTO code, term FROM register.change_term c JOIN register.change_term k ON k.term = c.term AND k.kept
    WHERE c.term = wanted OR c.code::text = wanted LIMIT 1;
    IF day IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'date', MESSAGE = 'a reorganisation needs its first day';
    ELSIF code IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'change', MESSAGE = format('"%s" is not %s, or a change code of these', record ->> 'change',
            (SELECT string_agg(c.term, ', ' ORDER BY c.term) FROM register.change_term c WHERE c.kept));
    END IF;
    befores := ARRAY(SELECT DISTINCT register.reorganised(one, 'before', day - 1) AS id FROM jsonb_array_elements_text(record -> 'before') AS one ORDER BY 1);
    -- both arrays by the same order, each actor once
    SELECT array_agg(a.id ORDER BY a.id), array_agg(a.share ORDER BY a.id), count(*) FILTER (WHERE a.said) INTO afters, shares, stated
    FROM (SELECT register.reorganised(w.key, 'after', day) AS id, max(w.weight) AS share, bool_or(one ~ '=') AS said
          FROM jsonb_array_elements_text(record -> 'after') AS one, register.import_weighted(one, 'after') AS w GROUP BY 1) a;
    IF cardinality(befores) = 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'before', MESSAGE = 'nobody was before it; a founding is the first day of an actor';
    ELSIF afters IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'after', MESSAGE = 'nobody is after it; an end without a successor is the last day of an actor';
    ELSIF befores = afters THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'after', MESSAGE = 'the same are before and after';
    ELSIF stated NOT IN (0, cardinality(afters)) THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'after', MESSAGE = 'either all have a share or none';
    ELSIF stated = 0 AND term = 'separation' THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'after', MESSAGE = 'what is separated needs its share: KEY=SHARE';
    END IF;
    IF stated = 0 THEN
        shares := array_fill(1.0 / cardinality(afters), ARRAY[cardinality(afters)]);
    END IF;
    SELECT sum(s) INTO total FROM unnest(shares) AS s;
    IF total > 1 + 1e-9 THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'after', MESSAGE = format('the shares sum to %s, more than 1', total);
    END IF;

    SELECT e.* INTO was FROM register.actor_event e
    WHERE e.occurred_on = day
      AND ARRAY(SELECT DISTINCT r.from_actor FROM register.actor_event_relation r WHERE r.event = e.id ORDER BY 1) = befores
      AND ARRAY(SELECT DISTINCT r.to_actor FROM register.actor_event_relation r WHERE r.event = e.id ORDER BY 1) = afters LIMIT 1;
    IF NOT FOUND THEN
        INSERT INTO register.actor_event (occurred_on, change_code, source) VALUES (day, code, told_by) RETURNING * INTO was;
        INSERT INTO register.actor_event_relation (event, from_actor, to_actor, share)
        SELECT was.id, f, t.id, t.share FROM unnest(befores) AS f, unnest(afters, shares) AS t(id, share);
        state := 1;
        event := was.id;
        RETURN;
    END IF;
    UPDATE register.actor_event_relation r SET share = t.share FROM unnest(afters, shares) AS t(id, share)
    WHERE r.event = was.id AND r.to_actor = t.id AND r.share <> t.share;
    changed := FOUND;
    UPDATE register.actor_event e SET change_code = code, source = coalesce(told_by, e.source)
    WHERE e.id = was.id AND (e.change_code, e.source) IS DISTINCT FROM (code, coalesce(told_by, e.source));
    state := CASE WHEN changed OR FOUND THEN 4 ELSE 2 END;
    event := was.id;
END
$$;

-- One answer per record, in order, with the states and statuses of the wire. A record with an error changes nothing; its neighbours are
-- kept. Two records of one import may not say different things of the same. What others refer to is taken first, wherever it stands.
CREATE OR REPLACE FUNCTION register.import_each(records jsonb, what text) RETURNS TABLE (n int4, state int4, status int4, field text, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    one    record;
    seen   jsonb := '{}';    -- case, or item, owner and day, or event -> place of its record
    told   jsonb := '{}';    -- item -> its first record
    same   text;
    item   text;
    clash  text;
    done   int4;
    event  int4;
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
            IF what = 'reorganisation' THEN
                SELECT r.state, r.event INTO done, event FROM register.import_reorganisation(one.record) r;
            ELSE
                done := CASE what WHEN 'case' THEN register.import_case(one.record) ELSE register.import_need_item(one.record) END;
            END IF;
            same := CASE what WHEN 'case' THEN one.record ->> 'ref'
                    WHEN 'need' THEN concat_ws('=', lower(one.record ->> 'kind'), coalesce(nullif(one.record ->> 'key', ''), one.record ->> 'name'),
                                               one.record ->> 'owner', one.record ->> 'valid_from')
                    ELSE event::text END;
            IF seen ? same AND done <> 2 THEN
                RAISE EXCEPTION USING ERRCODE = 'SM008', COLUMN = CASE what WHEN 'case' THEN 'ref' WHEN 'need' THEN 'key' ELSE 'date' END,
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

-- Events by day, in the form they are imported in, at most `wanted_limit` after the cursor `past`. The cursor is opaque.
CREATE FUNCTION register.list_reorganisations(search text, wanted_limit int8, past text) RETURNS TABLE (
    day date, change text, source text, before text[], after text[], cursor text) LANGUAGE sql STABLE AS $$
    SELECT e.occurred_on, coalesce(t.term, e.change_code::text), e.source, b.keys, a.keys, e.occurred_on || '=' || lpad(e.id::text, 10, '0')
    FROM register.actor_event e LEFT JOIN register.change_term t ON t.code = e.change_code,
         LATERAL (SELECT array_agg(DISTINCT o.key) AS keys FROM register.actor_event_relation r JOIN register.actor o ON o.id = r.from_actor
                  WHERE r.event = e.id) b,
         LATERAL (SELECT array_agg(DISTINCT o.key || CASE WHEN r.share = 1 THEN '' ELSE '=' || r.share END) AS keys
                  FROM register.actor_event_relation r JOIN register.actor o ON o.id = r.to_actor WHERE r.event = e.id) a
    WHERE (e.occurred_on || '=' || lpad(e.id::text, 10, '0')) COLLATE "C" > past COLLATE "C"
      AND (search = '' OR strpos(lower(array_to_string(b.keys || a.keys, ' ')), lower(search)) > 0)
    ORDER BY (e.occurred_on || '=' || lpad(e.id::text, 10, '0')) COLLATE "C" LIMIT wanted_limit
$$;

-- Records of the actors that exist on a day, or with `ended` also of those that existed before it, as they were last; by key, at most
-- `wanted_limit` after the key `past`.
DROP FUNCTION register.list_actors(date, text, int8, text);
CREATE FUNCTION register.list_actors(wanted_on date, search text, wanted_limit int8, past text, ended bool) RETURNS TABLE (
    key text, kind text, name_nb text, name_nn text, name_en text, name_se text, abbreviation text, orgnr text, mail_domain text,
    parent text, sector text, valid_from date, valid_to date, members text[], aliases text[], source text) LANGUAGE sql STABLE AS $$
    SELECT a.key, a.kind, n.name_nb, n.name_nn, n.name_en, n.name_se, n.abbreviation, n.orgnr, n.mail_domain,
           (SELECT o.key FROM register.actor_parent p JOIN register.actor o ON o.id = p.parent WHERE p.actor = a.id AND p.valid @> n.seen_on),
           (SELECT s.sector FROM register.actor_sector s WHERE s.actor = a.id AND s.valid @> n.seen_on),
           lower(n.valid), upper(n.valid),
           ARRAY(SELECT o.key FROM register.actor_member m JOIN register.actor o ON o.id = m.member
                 WHERE m."group" = a.id AND m.valid @> n.seen_on ORDER BY 1),
           ARRAY(SELECT DISTINCT l.folded FROM register.actor_alias l WHERE l.actor = a.id AND l.how = 'alias' AND l.valid @> n.seen_on ORDER BY 1),
           n.source
    FROM register.actor a, LATERAL (
        SELECT m.*, CASE WHEN m.valid @> wanted_on THEN wanted_on ELSE upper(m.valid) - 1 END AS seen_on FROM register.actor_name m
        WHERE m.actor = a.id AND (m.valid @> wanted_on OR ended AND upper(m.valid) <= wanted_on) ORDER BY upper(m.valid) DESC NULLS FIRST LIMIT 1) n
    WHERE a.key COLLATE "C" > past COLLATE "C" AND (search = '' OR EXISTS (SELECT 1 FROM register.actor_alias l
          WHERE l.actor = a.id AND l.folded LIKE '%' || replace(replace(replace(register.fold(search), '\', '\\'), '%', '\%'), '_', '\_') || '%'))
    ORDER BY a.key COLLATE "C" LIMIT wanted_limit
$$;

-- ---------------------------------------------------------------------------------------------- researchers
CREATE VIEW research.reorganisation AS
SELECT e.id AS event, e.occurred_on AS "date", coalesce(t.term, e.change_code::text) AS change, f.key AS before, o.key AS after, r.share, e.source
FROM register.actor_event e JOIN register.actor_event_relation r ON r.event = e.id JOIN register.actor f ON f.id = r.from_actor
JOIN register.actor o ON o.id = r.to_actor LEFT JOIN register.change_term t ON t.code = e.change_code;
