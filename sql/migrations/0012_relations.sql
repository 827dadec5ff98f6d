-- SPDX-License-Identifier: GPL-3.0-or-later
-- register.import_relations as before, with each write a statement of its own.

-- It said `changed := register.put_dated(...) OR changed`. That called the function, because PL/pgSQL evaluates such an expression
-- itself and from the left; but PostgreSQL promises no order in OR, and where it plans the expression with the value known (a
-- subquery, a prepared statement) it drops the call once `changed` is true: the sector would not be written when the superior was.
CREATE OR REPLACE FUNCTION register.import_relations(record jsonb, wanted int4, dates daterange, OUT changed bool, OUT spellings text[]) LANGUAGE plpgsql AS $$
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
        changed := register.put_dated('actor_parent', wanted, 'parent', meant::text, dates);
    END IF;
    IF coalesce(record ->> 'sector', '') <> '' THEN
        IF register.put_dated('actor_sector', wanted, 'sector', record ->> 'sector', dates) THEN
            changed := true;
        END IF;
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
