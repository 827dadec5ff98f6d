-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the daemon and its workers ask the database to do: months, names, rejections, counts, jobs.
--
-- Errors meant for people are raised with SQLSTATE SM0nn, nn being the number of enum status, and the field's name as COLUMN.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- ------------------------------------------------------------------------------------------- time and ids
-- The smallest id an interaction of that moment can have.
CREATE FUNCTION report.id_floor(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::int8), 12, '0') || '00000000000000000000')::uuid
$$;
CREATE FUNCTION report.day_of(moment timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (moment AT TIME ZONE 'Europe/Oslo')::date
$$;
CREATE FUNCTION report.day_start(day date) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT day::timestamp AT TIME ZONE 'Europe/Oslo'
$$;

-- Makes the partitions of these months (UTC). Created apart and then attached, because CREATE ... PARTITION OF would lock out
-- everybody who is writing.
CREATE FUNCTION report.ensure_partition(month date) RETURNS bool LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, report AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    name  text := 'interaction_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(format('report.%I', name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning partition', 0));
    -- Not to_regclass: its cache may still hold that there was no such table before we waited for the lock.
    IF EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = 'report'::regnamespace) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE report.%I (LIKE report.interaction INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE report.interaction ATTACH PARTITION report.%I FOR VALUES FROM (%L) TO (%L)', name,
                   report.id_floor(first::timestamp AT TIME ZONE 'UTC'),
                   report.id_floor((first + interval '1 month') AT TIME ZONE 'UTC'));
    RETURN true;
END
$$;
CREATE FUNCTION report.ensure_partitions(months date[]) RETURNS int8 LANGUAGE sql AS $$
    SELECT count(*) FILTER (WHERE made) FROM (SELECT report.ensure_partition(m) AS made
        FROM (SELECT DISTINCT date_trunc('month', unnest(months))::date AS m ORDER BY 1) one) two
$$;

-- ------------------------------------------------------------------------------------------------- names
-- How names are compared: composed, small letters, single blanks. æ, ø and å stay what they are. The translation comes first
-- because lower() of a cluster with the C locale knows ASCII only. Nine digits written with blanks are an organisation number.
CREATE FUNCTION register.fold(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN folded ~ '^[0-9]{3} ?[0-9]{3} ?[0-9]{3}$' THEN replace(folded, ' ', '') ELSE folded END
    FROM (SELECT btrim(regexp_replace(lower(translate(normalize(name, NFC),
              'ÆØÅÄÖÜÉÈÊËÁÀÂÓÒÔÍÚÇÑŠŽČĐŊŦ', 'æøåäöüéèêëáàâóòôíúçñšžčđŋŧ')), '[\s\u00a0]+', ' ', 'g')) AS folded) one
$$;
CREATE FUNCTION register.orgnr_valid(orgnr text) RETURNS bool LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN orgnr ~ '^[0-9]{9}$' THEN (SELECT sum(substr(orgnr, place::int4, 1)::int4 * weight) % 11 = 0
        FROM unnest('{3,2,7,6,5,4,3,2,1}'::int4[]) WITH ORDINALITY AS one(weight, place)) ELSE false END
$$;
CREATE FUNCTION register.rank_of(how text) RETURNS int4 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE how WHEN 'orgnr' THEN 1 WHEN 'abbreviation' THEN 2 WHEN 'name' THEN 3 WHEN 'alias' THEN 4 ELSE 5 END
$$;
CREATE INDEX actor_alias_trigram ON register.actor_alias USING gin (folded gin_trgm_ops);
CREATE INDEX actor_alias_actor ON register.actor_alias (actor);
CREATE INDEX label_actor_actor ON register.label_actor (actor);

-- Which actor a label means from when to when, by exact match. A better kind of match wins; where two actors match equally
-- well the dates stay open for an operator. Operators' decisions are never changed here.
CREATE FUNCTION register.resolve_labels(wanted int4[]) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    changed int8;
    more    int8;
BEGIN
    CREATE TEMPORARY TABLE IF NOT EXISTS resolved_label (label int4, actor int4, how text, valid daterange) ON COMMIT DELETE ROWS;
    TRUNCATE resolved_label;
    INSERT INTO resolved_label
    WITH target AS MATERIALIZED (
        SELECT id, folded FROM register.label WHERE id = ANY (wanted)
    ), hit AS MATERIALIZED (
        SELECT t.id AS label, a.actor, a.how, register.rank_of(a.how) AS rank, range_agg(a.valid) AS dates
        FROM target t JOIN register.actor_alias a ON a.folded = t.folded GROUP BY 1, 2, 3
    ), shadowed AS (
        SELECT h.label, h.actor, h.how, h.rank, range_agg(o.dates) AS dates
        FROM hit h JOIN hit o ON o.label = h.label AND (o.rank < h.rank OR (o.rank = h.rank AND o.actor <> h.actor))
        GROUP BY 1, 2, 3, 4
    ), decided AS (
        SELECT l.label, range_agg(l.valid) AS dates FROM register.label_actor l
        WHERE l.label = ANY (wanted) AND l.how = 'operator' GROUP BY 1
    )
    SELECT h.label, h.actor, h.how, piece
    FROM hit h LEFT JOIN shadowed s USING (label, actor, how, rank) LEFT JOIN decided d USING (label),
         unnest(h.dates - coalesce(s.dates, '{}') - coalesce(d.dates, '{}')) AS piece;

    DELETE FROM register.label_actor l WHERE l.label = ANY (wanted) AND l.how <> 'operator'
        AND NOT EXISTS (SELECT 1 FROM resolved_label r WHERE (r.label, r.actor, r.how, r.valid) = (l.label, l.actor, l.how, l.valid));
    GET DIAGNOSTICS changed = ROW_COUNT;
    INSERT INTO register.label_actor (label, actor, valid, how)
    SELECT r.label, r.actor, r.valid, r.how FROM resolved_label r
    WHERE NOT EXISTS (SELECT 1 FROM register.label_actor l WHERE (r.label, r.actor, r.how, r.valid) = (l.label, l.actor, l.how, l.valid));
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN changed + more;
END
$$;

-- Ids of names, in the order given; unknown names are added and resolved where they match. Names are inserted in sorted order
-- so that two callers with the same new names wait for each other instead of deadlocking.
CREATE FUNCTION register.intern_labels(texts text[]) RETURNS TABLE (text text, id int4, waiting bool) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    added int4[];
BEGIN
    WITH fresh AS (
        INSERT INTO register.label (text, folded)
        SELECT one.t, register.fold(one.t) FROM (SELECT DISTINCT unnest(texts) AS t) one
        WHERE NOT EXISTS (SELECT 1 FROM register.label l WHERE l.text = one.t) ORDER BY one.t
        ON CONFLICT (text) DO NOTHING RETURNING id
    ) SELECT array_agg(fresh.id) INTO added FROM fresh;
    IF added IS NOT NULL AND EXISTS (SELECT 1 FROM register.label l JOIN register.actor_alias a ON a.folded = l.folded
                                     WHERE l.id = ANY (added)) THEN
        -- nobody used these names before, so no earlier result changes
        PERFORM set_config('samordning.interning', 'on', true);
        PERFORM register.resolve_labels(added);
        PERFORM set_config('samordning.interning', 'off', true);
    END IF;
    RETURN QUERY SELECT q.t, l.id, NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id)
        FROM unnest(texts) WITH ORDINALITY AS q(t, n) JOIN register.label l ON l.text = q.t ORDER BY q.n;
END
$$;

-- Keys of the actors whose names look most like this one.
CREATE FUNCTION register.suggest(wanted text) RETURNS text[] LANGUAGE sql STABLE COST 20000
SECURITY DEFINER SET search_path = pg_catalog, register, public AS $$
    SELECT coalesce(array_agg(key ORDER BY likeness DESC, key), '{}') FROM (
        SELECT a.key, max(similarity(n.folded, wanted)) AS likeness
        FROM register.actor_alias n JOIN register.actor a ON a.id = n.actor
        WHERE n.folded % wanted GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3) one
$$;
CREATE VIEW register.waiting_label AS
SELECT l.id, l.text, l.folded, l.first_seen_at, register.suggest(l.folded) AS suggestions
FROM register.label l WHERE NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id);

-- --------------------------------------------------------------------------------------------- versions
-- One row of register.change per relation and transaction that really changed something.
CREATE FUNCTION register.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    flag text := 'samordning.changed_' || TG_TABLE_NAME;
BEGIN
    IF current_setting('samordning.interning', true) = 'on' OR current_setting(flag, true) = 'on' THEN
        RETURN NULL;
    END IF;
    PERFORM set_config(flag, 'on', true);
    INSERT INTO register.change (relation) VALUES (TG_TABLE_NAME);
    PERFORM pg_notify('samordning_register', '');
    RETURN NULL;
END
$$;
DO $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY '{actor,actor_name,actor_parent,actor_sector,actor_member,actor_event,actor_event_relation,label_actor}'::text[]
    LOOP
        EXECUTE format('CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON register.%I
                        FOR EACH ROW EXECUTE FUNCTION register.note_change()', relation);
    END LOOP;
END
$$;
-- When a case was seen follows from the reports; only what people said about it makes a new version.
CREATE TRIGGER note_change AFTER UPDATE OF title, owner, case_type, started_on, decided_on, effects ON register.case_file
    FOR EACH ROW EXECUTE FUNCTION register.note_change();

CREATE FUNCTION register.version() RETURNS int8 LANGUAGE sql STABLE AS $$ SELECT coalesce(max(id), 0) FROM register.change $$;

CREATE FUNCTION access.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END
$$;
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON access.organisation
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_change('samordning_access');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON access.organisation_role
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_change('samordning_access');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON access.certificate_subject
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_change('samordning_access');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON access.certificate
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_change('samordning_access');
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON vocabulary.layer
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_change('samordning_layer');

-- An organisation, further roles, its certificate or outside subject.
CREATE FUNCTION access.enrol(wanted_orgnr text, wanted_name text, roles int2[], granted_by int4, fingerprint text,
                             expires timestamptz, subject text, OUT enrolled int4, OUT mask int4) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO access.organisation (orgnr, name) VALUES (wanted_orgnr, coalesce(nullif(wanted_name, ''), wanted_orgnr))
    ON CONFLICT (orgnr) DO UPDATE SET name = coalesce(nullif(wanted_name, ''), organisation.name)
    RETURNING id INTO enrolled;
    IF cardinality(roles) > 0 THEN
        INSERT INTO access.organisation_role (organisation, role, granted_by)
        SELECT enrolled, one, nullif(enrol.granted_by, 0) FROM (SELECT DISTINCT unnest(roles)) AS two(one) ON CONFLICT DO NOTHING;
    END IF;
    IF fingerprint <> '' THEN
        INSERT INTO access.certificate (fingerprint, organisation, expires_at) VALUES (enrol.fingerprint, enrolled, expires)
        ON CONFLICT (fingerprint) DO NOTHING;
    END IF;
    IF subject <> '' THEN
        INSERT INTO access.certificate_subject (subject, organisation) VALUES (enrol.subject, enrolled)
        ON CONFLICT (subject) DO UPDATE SET organisation = EXCLUDED.organisation;
    END IF;
    SELECT coalesce(sum(1 << r.role), 0) INTO mask FROM access.organisation_role r WHERE r.organisation = enrolled;
END
$$;
