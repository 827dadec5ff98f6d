-- SPDX-License-Identifier: GPL-3.0-or-later
-- The HTTP API: tokens, jobs that somebody wants although nobody waits, and whether anything has changed.

-- ------------------------------------------------------------------------------------------------ tokens
-- A program shows a token instead of a certificate. Only its hash is here; a token is random enough to need no salt.
CREATE TABLE access.token (
    id           int4 NOT NULL GENERATED ALWAYS AS IDENTITY,
    hash         text NOT NULL,             -- BLAKE2b-256 of the token's text, hex
    organisation int4 NOT NULL REFERENCES access.organisation,
    name         text NOT NULL,
    roles        int2[] NOT NULL,           -- those that count are also the organisation's
    created_at   timestamptz NOT NULL DEFAULT now(),
    created_by   int4 REFERENCES access.organisation,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    CONSTRAINT token_pkey PRIMARY KEY (id),
    CONSTRAINT token_hash_unique UNIQUE (hash),
    CONSTRAINT token_hash_form CHECK (hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT token_roles_known CHECK (cardinality(roles) > 0 AND roles <@ '{1,2,3}'::int2[])
);
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON access.token
    FOR EACH STATEMENT EXECUTE FUNCTION access.note_change('samordning_access');

CREATE FUNCTION access.add_token(wanted_orgnr text, wanted_name text, wanted_roles int2[], days int4, token_hash text, asker int4)
RETURNS int4 LANGUAGE plpgsql AS $$
DECLARE
    owner   int4;
    lacking int2[];
    made    int4;
BEGIN
    SELECT o.id INTO owner FROM access.organisation o WHERE o.orgnr = wanted_orgnr;
    IF owner IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'orgnr', MESSAGE = format('no organisation %s is enrolled', wanted_orgnr);
    END IF;
    SELECT array_agg(one) INTO lacking FROM unnest(wanted_roles) AS one
    WHERE NOT EXISTS (SELECT 1 FROM access.organisation_role r WHERE r.organisation = owner AND r.role = one);
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM006', COLUMN = 'roles', MESSAGE = 'the organisation does not have all of these roles itself';
    END IF;
    INSERT INTO access.token (hash, organisation, name, roles, created_by, expires_at)
    VALUES (token_hash, owner, wanted_name, wanted_roles, nullif(asker, 0), now() + days * interval '1 day') RETURNING id INTO made;
    RETURN made;
END
$$;
CREATE FUNCTION access.revoke_token(wanted int8) RETURNS int4 LANGUAGE plpgsql AS $$
DECLARE
    ended int4;
BEGIN
    UPDATE access.token SET revoked_at = coalesce(revoked_at, now()) WHERE id = wanted RETURNING id INTO ended;
    IF ended IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'id', MESSAGE = 'no token has this number';
    END IF;
    RETURN ended;
END
$$;

-- -------------------------------------------------------------------------------------------------- jobs
-- Organisations that want a job although they no longer wait for it: each counts once among its askers.
CREATE TABLE knowledge.job_keeper (
    job          int8 NOT NULL REFERENCES knowledge.job ON DELETE CASCADE,
    organisation int4 NOT NULL,
    CONSTRAINT job_keeper_pkey PRIMARY KEY (job, organisation)
);
-- One who asked no longer waits, but wants it. False: its organisation wanted it already.
CREATE FUNCTION knowledge.keep_job(wanted int8, keeper int4) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO knowledge.job_keeper (job, organisation) SELECT id, keeper FROM knowledge.job WHERE id = wanted ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN true;
    END IF;
    PERFORM knowledge.leave_job(wanted);
    RETURN false;
END
$$;
-- An organisation no longer wants it: it is cancelled when nobody else does.
CREATE FUNCTION knowledge.drop_job(wanted int8, keeper int4) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM knowledge.job_keeper WHERE job = wanted AND organisation = keeper;
    IF FOUND THEN
        PERFORM knowledge.leave_job(wanted);
        RETURN true;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM knowledge.job WHERE id = wanted) THEN
        RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'id', MESSAGE = 'no job has this number';
    END IF;
    IF EXISTS (SELECT 1 FROM knowledge.job WHERE id = wanted AND state IN ('waiting', 'running')) THEN
        RAISE EXCEPTION USING ERRCODE = 'SM005', COLUMN = 'id', MESSAGE = 'another organisation asked for this job';
    END IF;
    RETURN false;
END
$$;

-- ----------------------------------------------------------------------------------------------- changes
-- Transactions that changed what results rest on. Whoever remembers pg_current_snapshot() can ask whether anything has become
-- visible since; a serial number could not tell, because what has the lower one may be committed later. Rows older than a day
-- are deleted by the daemons.
CREATE TABLE knowledge.data_change (
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT data_change_pkey PRIMARY KEY (xid)
);
ALTER TABLE report.touched ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION knowledge.note_data_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO knowledge.data_change DEFAULT VALUES ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE ON knowledge.day_block
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.note_data_change();
CREATE TRIGGER note_data_change AFTER INSERT ON register.change
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.note_data_change();
CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE ON report.delivery
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.note_data_change();
CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE ON vocabulary.layer
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.note_data_change();

-- Has anything changed that was not visible in that snapshot ('' = yes)? And the snapshot to remember next.
CREATE FUNCTION knowledge.changed_since(seen text, OUT changed bool, OUT seen_now text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    seen_now := pg_current_snapshot()::text;
    changed := seen = '' OR EXISTS (
            SELECT 1 FROM knowledge.data_change c
            WHERE c.xid >= pg_snapshot_xmin(seen::pg_snapshot) AND NOT pg_visible_in_snapshot(c.xid, seen::pg_snapshot))
        OR EXISTS (SELECT 1 FROM report.touched t WHERE NOT pg_visible_in_snapshot(t.xid, seen::pg_snapshot));
END
$$;
