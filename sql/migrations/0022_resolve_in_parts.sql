-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every name that waits becomes an actor, a part at a time: what one statement does must end within a request's time, however many wait.

-- The next at_most names (as folded) after `past`. next: how far this came; empty when none is left.
CREATE FUNCTION register.resolve_waiting(create_kind text, valid_from text, valid_to text, at_most int4, past text,
                                         OUT resolved int8, OUT created int8, OUT next text) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    part     text[];
    spelled  text[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning register', 0));
    SELECT array_agg(f.folded ORDER BY f.folded) INTO part
    FROM (SELECT DISTINCT l.folded FROM register.label l
          WHERE l.folded > past AND NOT EXISTS (SELECT 1 FROM register.label_actor a WHERE a.label = l.id)
          ORDER BY l.folded LIMIT at_most) f;
    SELECT array_agg(l.text) INTO spelled FROM register.label l WHERE l.folded = ANY (part);
    -- with no name at all it checks the rest of what was asked
    SELECT r.resolved, r.created INTO resolved, created
    FROM register.resolve_names(coalesce(spelled, ARRAY['']), '', create_kind, valid_from, valid_to) r;
    next := CASE WHEN cardinality(part) = at_most THEN part[at_most] ELSE '' END;
END
$$;

-- A further link whose number somebody took meanwhile: its secret would be theirs, so it is refused instead of handed out for other pages.
CREATE OR REPLACE FUNCTION survey.delegate(link_hash bytea, wanted_kind int4, wanted_number int4, fresh_hash bytea, wanted_sections text[], mail text,
                                           OUT seat int8, OUT number int4) LANGUAGE plpgsql AS $$
DECLARE
    l survey.link := survey.link_in_use(link_hash);
    w survey.wave := survey.locked_wave_of(l);
    absent text;
    meant text[] := CASE WHEN wanted_kind = 1 AND cardinality(wanted_sections) > 0 THEN wanted_sections END;
BEGIN
    l := survey.link_in_use(link_hash);
    seat := l.seat;
    IF l.kind <> 0 THEN
        PERFORM survey.refuse(5, 'link', 'only who was invited passes on');
    ELSIF w.state = 3 THEN
        PERFORM survey.refuse(15, 'wave', survey.why_not(w));
    ELSIF wanted_kind NOT IN (1, 2) THEN
        PERFORM survey.refuse(6, 'kind', 'a contributor or a signer');
    ELSIF wanted_kind = 2 AND NOT w.sign_off THEN
        PERFORM survey.refuse(6, 'kind', 'nobody signs in this wave');
    ELSIF mail <> '' AND mail !~ '^[^@\s<>(),;:"\\]+@[^@\s<>(),;:"\\]+$' THEN
        PERFORM survey.refuse(6, 'address', 'not an e-mail address');
    END IF;
    SELECT one INTO absent FROM unnest(wanted_sections) AS one
    WHERE NOT EXISTS (SELECT 1 FROM survey.item i WHERE i.instrument = w.instrument AND i.version = w.version AND i.section = one) LIMIT 1;
    IF absent IS NOT NULL THEN
        PERFORM survey.refuse(7, 'sections', format('there is no section "%s" with anything to answer', absent));
    END IF;
    IF fresh_hash IS NULL THEN
        PERFORM 1 FROM survey.seat s WHERE s.id = l.seat FOR UPDATE;
        SELECT coalesce(max(k.number), 0) + 1 INTO number FROM survey.link k WHERE k.seat = l.seat;
        IF number > 100 THEN
            PERFORM survey.refuse(6, 'kind', 'no more than 100 links for one invitation');
        END IF;
        RETURN;
    END IF;
    number := wanted_number;
    IF EXISTS (SELECT 1 FROM survey.link k WHERE k.hash = fresh_hash AND (k.sections IS DISTINCT FROM meant OR k.address <> mail OR k.revoked_at IS NOT NULL)) THEN
        PERFORM survey.refuse(8, 'number', 'another link was made at the same time');
    END IF;
    UPDATE survey.link k SET revoked_at = now() WHERE wanted_kind = 2 AND k.seat = l.seat AND k.kind = 2 AND k.revoked_at IS NULL AND k.hash <> fresh_hash;
    INSERT INTO survey.link (hash, seat, kind, number, sections, address) VALUES (fresh_hash, l.seat, wanted_kind, wanted_number, meant, mail)
    ON CONFLICT (hash) DO NOTHING;
    IF FOUND AND mail <> '' AND w.state IN (1, 2) THEN
        INSERT INTO survey.letter (seat, link_kind, link_number, kind) VALUES (l.seat, wanted_kind, wanted_number, 'delegation');
    END IF;
END
$$;
