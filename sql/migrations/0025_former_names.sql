-- SPDX-License-Identifier: GPL-3.0-or-later
-- Lists of actors tell what each was called before, so that a new name is not taken for a new actor.

-- As before (0024), and `former`: names it had until its present one began, the oldest first, six texts each: bokmål, nynorsk, English,
-- abbreviation, first day, first day no more. What is not given is empty.
DROP FUNCTION register.list_actors(date, text, int8, text, bool);
CREATE FUNCTION register.list_actors(wanted_on date, search text, wanted_limit int8, past text, ended bool) RETURNS TABLE (
    key text, kind text, name_nb text, name_nn text, name_en text, name_se text, abbreviation text, orgnr text, mail_domain text,
    parent text, sector text, valid_from date, valid_to date, members text[], aliases text[], source text, former text[])
LANGUAGE sql STABLE AS $$
    SELECT a.key, a.kind, n.name_nb, n.name_nn, n.name_en, n.name_se, n.abbreviation, n.orgnr, n.mail_domain,
           (SELECT o.key FROM register.actor_parent p JOIN register.actor o ON o.id = p.parent WHERE p.actor = a.id AND p.valid @> n.seen_on),
           (SELECT s.sector FROM register.actor_sector s WHERE s.actor = a.id AND s.valid @> n.seen_on),
           lower(n.valid), upper(n.valid),
           ARRAY(SELECT o.key FROM register.actor_member m JOIN register.actor o ON o.id = m.member
                 WHERE m."group" = a.id AND m.valid @> n.seen_on ORDER BY 1),
           ARRAY(SELECT DISTINCT l.folded FROM register.actor_alias l WHERE l.actor = a.id AND l.how = 'alias' AND l.valid @> n.seen_on ORDER BY 1),
           n.source,
           ARRAY(SELECT coalesce(t.word, '') FROM register.actor_name f, unnest(ARRAY[f.name_nb, f.name_nn, f.name_en, f.abbreviation, lower(f.valid)::text,
                                                                        upper(f.valid)::text]) WITH ORDINALITY AS t (word, place)
                 WHERE f.actor = a.id AND upper(f.valid) <= lower(n.valid) ORDER BY upper(f.valid), t.place)
    FROM register.actor a, LATERAL (
        SELECT m.*, CASE WHEN m.valid @> wanted_on THEN wanted_on ELSE upper(m.valid) - 1 END AS seen_on FROM register.actor_name m
        WHERE m.actor = a.id AND (m.valid @> wanted_on OR ended AND upper(m.valid) <= wanted_on) ORDER BY upper(m.valid) DESC NULLS FIRST LIMIT 1) n
    WHERE a.key COLLATE "C" > past COLLATE "C" AND (search = '' OR EXISTS (SELECT 1 FROM register.actor_alias l
          WHERE l.actor = a.id AND l.folded LIKE '%' || replace(replace(replace(register.fold(search), '\', '\\'), '%', '\%'), '_', '\_') || '%'))
    ORDER BY a.key COLLATE "C" LIMIT wanted_limit
$$;
