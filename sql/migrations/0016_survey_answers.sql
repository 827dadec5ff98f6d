-- SPDX-License-Identifier: GPL-3.0-or-later
-- The rules of surveys, answers: seats and links, saving and handing in, passing on and signing, export, what is held of a person.

-- ------------------------------------------------------------------------------------------------- seats
CREATE FUNCTION survey.level_code(term text) RETURNS int2 LANGUAGE plpgsql STABLE AS $$
DECLARE
    code int2;
BEGIN
    IF coalesce(term, '') = '' THEN
        RETURN 0;
    END IF;
    SELECT t.code INTO code FROM vocabulary.term t WHERE t.vocabulary = 'level' AND t.term = level_code.term;
    IF NOT FOUND THEN
        PERFORM survey.refuse(6, 'level', format('"%s" is not a level; there are %s', term,
            (SELECT string_agg(t.term, ', ' ORDER BY t.code) FROM vocabulary.term t WHERE t.vocabulary = 'level' AND t.code <> 0)));
    END IF;
    RETURN code;
END
$$;
CREATE FUNCTION survey.invite_one(w survey.wave, invitee jsonb, OUT seat int8, OUT state int4) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    meant   int4;
    mail    text := btrim(coalesce(invitee ->> 'address', ''));
    tongue  text := coalesce(nullif(invitee ->> 'language', ''), 'nb');
    tier    int2 := survey.level_code(invitee ->> 'level');
    hash    bytea := sha256(convert_to(nullif(invitee ->> 'panel', ''), 'UTF8'));
    mark    text;
    known   survey.seat;
BEGIN
    IF coalesce(invitee ->> 'actor', '') = '' THEN
        PERFORM survey.refuse(6, 'actor', 'for whom they answer must be given');
    END IF;
    meant := register.actor_on(invitee ->> 'actor', survey.day_of_wave(w));
    IF meant IS NULL THEN
        PERFORM survey.refuse(7, 'actor', format('the register does not know "%s"', invitee ->> 'actor'));
    ELSIF mail <> '' AND mail !~ '^[^@\s<>(),;:"\\]+@[^@\s<>(),;:"\\]+$' THEN
        PERFORM survey.refuse(6, 'address', 'not an e-mail address');
    ELSIF tongue NOT IN ('nb', 'nn', 'en', 'se') THEN
        PERFORM survey.refuse(6, 'language', format('"%s" is not nb, nn, en or se', tongue));
    END IF;
    mark := coalesce(nullif(invitee ->> 'ref', ''), nullif(mail, ''));
    IF coalesce(invitee ->> 'ref', '') = '' THEN
        mark := (SELECT a.key FROM register.actor a WHERE a.id = meant) || coalesce(' ' || mark, '');
    END IF;
    SELECT * INTO known FROM survey.seat s WHERE s.wave = w.id AND s.ref = mark;
    IF NOT FOUND AND NOT w.personal AND EXISTS (SELECT 1 FROM survey.seat s WHERE s.wave = w.id AND s.actor = meant) THEN
        PERFORM survey.refuse(8, 'actor', 'this wave takes one answer from each organisation, and somebody is invited for this one');
    ELSIF known.id IS NULL THEN
        INSERT INTO survey.seat (wave, actor, ref, address, language, level, panel) VALUES (w.id, meant, mark, mail, tongue, tier, hash) RETURNING id INTO seat;
        state := 1;
        RETURN;
    ELSIF known.actor <> meant OR (mail <> '' AND known.address <> '' AND known.address <> mail) THEN
        PERFORM survey.refuse(8, 'ref', 'this mark is somebody else''s');
    END IF;
    IF known.address = '' AND mail <> '' OR known.panel IS NULL AND hash IS NOT NULL OR known.level = 0 AND tier <> 0 THEN
        UPDATE survey.seat s SET address = CASE WHEN s.address = '' THEN mail ELSE s.address END, panel = coalesce(s.panel, hash),
            level = CASE WHEN s.level = 0 THEN tier ELSE s.level END WHERE s.id = known.id;
    END IF;
    seat := known.id;
    state := 2;
END
$$;
-- Invitees of a wave, one answer each, in order. One with an error leaves its neighbours alone.
CREATE FUNCTION survey.invite(wave_key text, invitees jsonb, organisation int4) RETURNS TABLE (n int4, state int4, field text, reason text, seat int8)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    w    survey.wave := survey.wave_named(wave_key);
    one  record;
    done record;
    made int4 := 0;
BEGIN
    PERFORM survey.lock_wave(w.id, false);
    SELECT * INTO w FROM survey.wave WHERE id = w.id;
    IF w.state = 3 THEN
        PERFORM survey.refuse(15, 'wave', 'the wave has closed');
    END IF;
    FOR one IN SELECT value, place FROM jsonb_array_elements(invitees) WITH ORDINALITY e(value, place) LOOP
        n := one.place; state := 0; field := ''; reason := ''; seat := 0;
        BEGIN
            SELECT * INTO done FROM survey.invite_one(w, one.value);
            state := done.state; seat := done.seat; made := made + (done.state = 1)::int4;
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE NOT LIKE 'SM%' THEN
                RAISE;
            END IF;
            GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, field = COLUMN_NAME;
        END;
        RETURN NEXT;
    END LOOP;
    IF made > 0 THEN
        PERFORM survey.note(w.id, organisation, 'invited', made::text);
    END IF;
END
$$;
-- The owner's link of each of these seats; with letters, an invitation goes to those with an address who have not had one.
CREATE FUNCTION survey.put_links(seats int8[], hashes bytea[], letters bool) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO survey.link (hash, seat, kind, number)
    SELECT q.hash, q.seat, 0, 0 FROM unnest(seats, hashes) AS q(seat, hash) WHERE EXISTS (SELECT 1 FROM survey.seat s WHERE s.id = q.seat) ORDER BY q.seat
    ON CONFLICT (seat, kind, number) DO UPDATE SET hash = excluded.hash WHERE link.hash <> excluded.hash;    -- the key of links was changed
    IF letters THEN
        WITH due AS (
            UPDATE survey.seat s SET letters = s.letters + 1, last_letter_at = now()
            WHERE s.id = ANY (seats) AND s.address <> '' AND s.letters = 0 RETURNING s.id, s.wave
        )
        INSERT INTO survey.letter (seat, kind, next_at) SELECT d.id, 'invitation', greatest(now(), w.opens_at)
        FROM due d JOIN survey.wave w ON w.id = d.wave ORDER BY d.id;
    END IF;
END
$$;

-- SurveyRemindRequest -> SurveyRemindResponse: a letter to each who has not answered and had none of late, and only to them.
CREATE FUNCTION survey.remind(request jsonb, organisation int4) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    w      survey.wave := survey.wave_named(coalesce(request ->> 'wave', ''));
    since  timestamptz := now() - coalesce(nullif((request ->> 'not_within_days')::int4, 0), 3) * interval '1 day';
    wanted int4[];
    absent text;
    counts record;
BEGIN
    PERFORM survey.lock_wave(w.id, false);
    SELECT * INTO w FROM survey.wave WHERE id = w.id;
    IF NOT survey.takes_answers(w) THEN
        PERFORM survey.refuse(CASE WHEN w.state = 3 THEN 15 ELSE 8 END, 'wave', survey.why_not(w));
    END IF;
    SELECT array_agg(a.id), min(one) FILTER (WHERE a.id IS NULL) INTO wanted, absent
    FROM jsonb_array_elements_text(request -> 'actors') AS one LEFT JOIN register.actor a ON a.id = register.actor_on(one, w.on_day);
    IF absent IS NOT NULL THEN
        PERFORM survey.refuse(7, 'actors', format('the register does not know "%s"', absent));
    END IF;
    WITH seat AS (
        SELECT s.id, s.address, s.submitted OR s.withdrawn OR coalesce(r.state IN (2, 3, 4), false) AS answered, s.last_letter_at > since AS soon,
               EXISTS (SELECT 1 FROM survey.link l WHERE l.seat = s.id AND l.kind = 0 AND l.revoked_at IS NULL) AS linked
        FROM survey.seat s LEFT JOIN survey.respondent r ON r.id = s.respondent WHERE s.wave = w.id AND (wanted IS NULL OR s.actor = ANY (wanted))
        ORDER BY s.id FOR UPDATE OF s
    ), due AS (
        UPDATE survey.seat s SET letters = s.letters + 1, last_letter_at = now() FROM seat q
        WHERE s.id = q.id AND NOT q.answered AND q.address <> '' AND q.linked AND NOT coalesce(q.soon, false) RETURNING s.id, s.letters
    ), sent AS (
        INSERT INTO survey.letter (seat, kind) SELECT id, CASE letters WHEN 1 THEN 'invitation' ELSE 'reminder' END FROM due ORDER BY id
    )
    SELECT (SELECT count(*) FROM due) AS reminded, count(*) FILTER (WHERE answered) AS answered,
           count(*) FILTER (WHERE NOT answered AND address <> '' AND linked AND coalesce(soon, false)) AS too_soon,
           count(*) FILTER (WHERE NOT answered AND (address = '' OR NOT linked)) AS without_address INTO counts FROM seat;
    IF counts.reminded > 0 THEN
        PERFORM survey.note(w.id, organisation, 'reminded', counts.reminded::text);
    END IF;
    RETURN jsonb_build_object('reminded', counts.reminded, 'answered', counts.answered, 'too_soon', counts.too_soon, 'without_address', counts.without_address);
END
$$;

-- ---------------------------------------------------------------------------------------------- the form
-- All the form needs of the person behind a link. status: 0, 7 no such link, 15 it leads nowhere any more.
CREATE FUNCTION survey.visit(link_hash bytea) RETURNS TABLE (
    status int4, reason text, wave text, seat int8, kind int4, sections text[], actor text, actor_nb text, actor_nn text, actor_en text, language text,
    state int4, revision int4, receipt text, pages text, message bytea, earlier_version int4, earlier text, roster text) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_variable
DECLARE
    l survey.link;
    s survey.seat;
    w survey.wave;
    r survey.respondent;
    e survey.wave;
BEGIN
    status := 0;
    SELECT * INTO l FROM survey.link k WHERE k.hash = link_hash;
    IF NOT FOUND THEN
        SELECT v.key INTO wave FROM survey.spent_link p JOIN survey.wave v ON v.id = p.wave WHERE p.hash = link_hash;
        status := CASE WHEN wave IS NULL THEN 7 ELSE 15 END;
        reason := CASE WHEN wave IS NULL THEN 'no such link' ELSE 'this link leads nowhere any more' END;
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT * INTO s FROM survey.seat q WHERE q.id = l.seat;
    SELECT * INTO w FROM survey.wave q WHERE q.id = s.wave;
    SELECT * INTO r FROM survey.respondent q WHERE q.id = s.respondent;
    IF l.revoked_at IS NOT NULL THEN
        status := 15; reason := 'this link was revoked'; wave := w.key;
        RETURN NEXT;
        RETURN;
    END IF;
    reason := ''; wave := w.key; seat := s.id; kind := l.kind; sections := l.sections; language := s.language;
    state := coalesce(r.state, 0); revision := coalesce(r.revision, 0); receipt := coalesce(r.receipt, '');
    SELECT a.key, n.name_nb, coalesce(n.name_nn, n.name_nb), coalesce(n.name_en, n.name_nb) INTO actor, actor_nb, actor_nn, actor_en
    FROM register.actor a LEFT JOIN register.actor_name n ON n.actor = a.id AND n.valid @> survey.day_of_wave(w) WHERE a.id = s.actor;
    SELECT coalesce(jsonb_agg(jsonb_build_object('section', p.section, 'revision', p.revision, 'saved_us', survey.us(p.saved_at), 'answers', p.answers)), '[]')::text
        INTO pages FROM survey.page p WHERE p.respondent = r.id;
    IF w.earlier IS NOT NULL AND s.panel IS NOT NULL AND l.kind = 0 AND coalesce(r.state, 1) = 1 THEN
        SELECT * INTO e FROM survey.wave q WHERE q.id = w.earlier;
        SELECT i.message INTO message FROM survey.instrument i WHERE i.key = w.instrument AND i.version = w.version AND e.instrument = w.instrument;
        earlier_version := e.version;
        SELECT jsonb_agg(jsonb_build_object('item', a.item, 'target', a.target, 'state', a.state, 'values', a."values", 'text', a.text)
                         ORDER BY a.item COLLATE "C", a.target COLLATE "C")::text INTO earlier
        FROM survey.seat q JOIN survey.answer a ON a.respondent = q.respondent
        WHERE message IS NOT NULL AND q.wave = e.id AND q.panel = s.panel AND q.actor = s.actor AND q.submitted;
        SELECT jsonb_build_object('roster', coalesce(jsonb_agg(to_jsonb(m)), '[]'))::text INTO roster
        FROM survey.instrument i, survey.roster(i.definition, survey.day_of_wave(w)) m WHERE earlier IS NOT NULL AND i.key = w.instrument AND i.version = w.version;
    END IF;
    RETURN NEXT;
END
$$;

-- The respondent of a seat, made when there is none. The caller holds the wave's lock shared.
CREATE FUNCTION survey.respondent_of(of_seat int8) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    s     survey.seat;
    fresh uuid;
BEGIN
    SELECT * INTO s FROM survey.seat WHERE id = of_seat;
    IF s.respondent IS NULL THEN
        SELECT * INTO s FROM survey.seat WHERE id = of_seat FOR UPDATE;
    END IF;
    IF s.respondent IS NULL THEN
        INSERT INTO survey.respondent (wave, actor, level, started_at) VALUES (s.wave, s.actor, s.level, now()) RETURNING id INTO fresh;
        UPDATE survey.seat SET respondent = fresh WHERE id = of_seat;
        RETURN fresh;
    END IF;
    RETURN s.respondent;
END
$$;

-- Saves pages of any number of respondents. One answer each, in order: status 0 with the new revision, 8 with what is there instead,
-- 7 no such link, 5 not theirs to fill in, 15 the wave takes no answers. A page that is there already as sent counts as saved, so sending
-- again is harmless.
CREATE FUNCTION survey.save_pages(hashes bytea[], sections text[], revisions int4[], contents text[]) RETURNS TABLE (
    n int4, status int4, field text, reason text, revision int4, saved_us int8, content text) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    q record;
    l record;
    p survey.page;
    w survey.wave;
    whose uuid;
    r_state int2;
BEGIN
    FOR q IN SELECT a.n, a.hash, a.section, a.revision, a.content::jsonb AS content FROM unnest(hashes, sections, revisions, contents) WITH ORDINALITY
                 AS a(hash, section, revision, content, n) ORDER BY a.hash, a.section LOOP
        n := q.n; status := 0; field := ''; reason := ''; revision := 0; saved_us := 0; content := NULL;
        SELECT k.kind, k.sections, k.revoked_at, s.id AS seat, s.wave, s.respondent INTO l FROM survey.link k JOIN survey.seat s ON s.id = k.seat WHERE k.hash = q.hash;
        IF NOT FOUND OR l.revoked_at IS NOT NULL THEN
            status := CASE WHEN l.seat IS NULL AND NOT EXISTS (SELECT 1 FROM survey.spent_link x WHERE x.hash = q.hash) THEN 7 ELSE 15 END;
            field := 'link'; reason := 'this link leads nowhere';
            RETURN NEXT;
            CONTINUE;
        ELSIF l.kind = 2 OR (l.sections IS NOT NULL AND q.section <> ALL (l.sections)) THEN
            status := 5; field := 'section'; reason := 'this part is not for who has this link';
            RETURN NEXT;
            CONTINUE;
        END IF;
        IF w.id IS DISTINCT FROM l.wave THEN        -- most pages of a statement are of one wave
            PERFORM survey.lock_wave(l.wave, false);
            SELECT * INTO w FROM survey.wave k WHERE k.id = l.wave;
            -- it may have been parted while we waited
            SELECT s.respondent INTO l.respondent FROM survey.link k JOIN survey.seat s ON s.id = k.seat WHERE k.hash = q.hash;
        END IF;
        IF w.state <> 1 OR clock_timestamp() < w.opens_at OR clock_timestamp() >= w.closes_at THEN      -- survey.takes_answers(), in place: it is asked often
            status := 15; field := 'wave'; reason := survey.why_not(w);
            RETURN NEXT;
            CONTINUE;
        END IF;
        whose := coalesce(l.respondent, survey.respondent_of(l.seat));
        SELECT k.state INTO r_state FROM survey.respondent k WHERE k.id = whose FOR SHARE;
        IF r_state = 1 THEN
            INSERT INTO survey.page AS k (respondent, section, revision, answers)
            SELECT whose, q.section, q.revision + 1, q.content
            WHERE q.revision = 0 OR EXISTS (SELECT 1 FROM survey.page x WHERE x.respondent = whose AND x.section = q.section)
            ON CONFLICT (respondent, section) DO UPDATE SET revision = k.revision + 1, answers = excluded.answers, saved_at = now()
            WHERE k.revision = q.revision
            RETURNING k.* INTO p;
            IF FOUND THEN
                revision := p.revision; saved_us := survey.us(p.saved_at);
                RETURN NEXT;
                CONTINUE;
            END IF;
        END IF;
        SELECT * INTO p FROM survey.page k WHERE k.respondent = whose AND k.section = q.section;
        revision := coalesce(p.revision, 0); saved_us := coalesce(survey.us(p.saved_at), 0);
        IF r_state = 1 AND p.answers = q.content AND p.revision = q.revision + 1 THEN
            RETURN NEXT;
            CONTINUE;
        END IF;
        status := 8; content := coalesce(p.answers, '[]')::text;
        field := CASE r_state WHEN 1 THEN 'revision' ELSE 'state' END;
        reason := CASE r_state WHEN 1 THEN 'somebody saved this page meanwhile' WHEN 2 THEN 'the answers wait for the signer'
                               WHEN 3 THEN 'the answers were handed in; take them up again first' ELSE 'the answers were withdrawn' END;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Writes what counts of a respondent. content: a list of answers.
CREATE FUNCTION survey.put_answers(whose uuid, w survey.wave, content jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    unknown text[];
BEGIN
    DELETE FROM survey.answer WHERE respondent = whose;
    INSERT INTO survey.answer (respondent, item, target, state, "values", text)
    SELECT whose, a.item, coalesce(a.target, ''), coalesce(a.state, 0), coalesce(a."values", '{}'), coalesce(a.text, '')
    FROM jsonb_to_recordset(content) AS a(item text, target text, state int2, "values" float8[], text text);
    -- names the register does not know wait for an operator like those of interactions do
    SELECT array_agg(DISTINCT a.target) INTO unknown
    FROM survey.answer a JOIN survey.item i ON i.instrument = w.instrument AND i.version = w.version AND i.id = a.item
    LEFT JOIN survey.item roster ON roster.instrument = i.instrument AND roster.version = i.version AND roster.id = i.whole
    WHERE a.respondent = whose AND a.target <> '' AND coalesce(roster.kind, i.kind) = 'names' AND NOT EXISTS (SELECT 1 FROM register.actor k WHERE k.key = a.target);
    IF unknown IS NOT NULL THEN
        UPDATE survey.answer a SET target_label = l.id FROM register.intern_labels(unknown) l WHERE a.respondent = whose AND a.target = l.text;
    END IF;
EXCEPTION WHEN unique_violation THEN
    PERFORM survey.refuse(6, 'answers', 'two answers to the same');
END
$$;
CREATE FUNCTION survey.fresh_receipt() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT upper(substr(h, 1, 4) || '-' || substr(h, 5, 4) || '-' || substr(h, 9, 4)) FROM (SELECT encode(sha256(uuid_send(gen_random_uuid())), 'hex') AS h) one
$$;
-- What a seat's answers become: 0 handed in, 1 withdrawn, 2 taken up again, 3 signed, 4 returned by the signer. Repeating what has
-- been done gives the same receipt. The caller holds the wave's lock shared.
CREATE FUNCTION survey.decide_seat(of_seat int8, w survey.wave, decision int4, content jsonb, OUT state int4, OUT revision int4, OUT receipt text)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    whose uuid := survey.respondent_of(of_seat);
    r survey.respondent;
BEGIN
    IF decision = 1 THEN
        IF w.state NOT IN (1, 2) THEN
            PERFORM survey.refuse(15, 'wave', survey.why_not(w));
        END IF;
    ELSIF NOT survey.takes_answers(w) THEN
        PERFORM survey.refuse(15, 'wave', survey.why_not(w));
    END IF;
    PERFORM 1 FROM survey.seat s WHERE s.id = of_seat FOR UPDATE;
    SELECT * INTO r FROM survey.respondent k WHERE k.id = whose FOR UPDATE;
    IF decision = 0 AND r.state = 4 OR decision IN (3, 4) AND r.state <> 2 AND NOT (decision = 3 AND r.state = 3) THEN
        PERFORM survey.refuse(8, 'state', CASE WHEN decision = 0 THEN 'the answers were withdrawn' ELSE 'there is nothing to sign' END);
    ELSIF decision = 0 AND r.state = 1 AND w.sign_off THEN
        UPDATE survey.respondent k SET state = 2 WHERE k.id = whose;
        WITH signer AS (SELECT l.number FROM survey.link l WHERE l.seat = of_seat AND l.kind = 2 AND l.revoked_at IS NULL AND l.address <> '')
        INSERT INTO survey.letter (seat, link_kind, link_number, kind) SELECT of_seat, 2, number, 'signing' FROM signer;
    ELSIF decision = 0 AND r.state = 1 OR decision = 3 AND r.state = 2 THEN
        PERFORM survey.put_answers(whose, w, content);
        UPDATE survey.respondent k SET state = 3, revision = k.revision + 1, receipt = survey.fresh_receipt(), submitted_at = now() WHERE k.id = whose;
        UPDATE survey.seat s SET submitted = true, withdrawn = false WHERE s.id = of_seat;
        INSERT INTO survey.letter (seat, kind) SELECT s.id, 'receipt' FROM survey.seat s WHERE s.id = of_seat AND s.address <> '';
    ELSIF decision = 1 AND r.state <> 4 THEN
        DELETE FROM survey.page k WHERE k.respondent = whose;
        DELETE FROM survey.answer k WHERE k.respondent = whose;
        UPDATE survey.respondent k SET state = 4, receipt = NULL, submitted_at = NULL WHERE k.id = whose;
        UPDATE survey.seat s SET submitted = false, withdrawn = true WHERE s.id = of_seat;
    ELSIF decision IN (2, 4) AND r.state <> 1 THEN
        UPDATE survey.respondent k SET state = 1 WHERE k.id = whose;
        UPDATE survey.seat s SET withdrawn = false WHERE s.id = of_seat AND s.withdrawn;
        INSERT INTO survey.letter (seat, kind) SELECT s.id, 'returned' FROM survey.seat s WHERE decision = 4 AND s.id = of_seat AND s.address <> '';
    END IF;
    SELECT k.state, k.revision, coalesce(k.receipt, '') INTO state, revision, receipt FROM survey.respondent k WHERE k.id = whose;
END
$$;
CREATE FUNCTION survey.link_in_use(link_hash bytea) RETURNS survey.link LANGUAGE plpgsql STABLE AS $$
DECLARE
    l survey.link;
BEGIN
    SELECT * INTO l FROM survey.link WHERE hash = link_hash;
    IF NOT FOUND AND NOT EXISTS (SELECT 1 FROM survey.spent_link WHERE hash = link_hash) THEN
        PERFORM survey.refuse(7, 'link', 'no such link');
    ELSIF l.hash IS NULL OR l.revoked_at IS NOT NULL THEN
        PERFORM survey.refuse(15, 'link', 'this link leads nowhere any more');
    END IF;
    RETURN l;
END
$$;
CREATE FUNCTION survey.locked_wave_of(l survey.link) RETURNS survey.wave LANGUAGE plpgsql AS $$
DECLARE
    w survey.wave;
BEGIN
    PERFORM survey.lock_wave(s.wave, false) FROM survey.seat s WHERE s.id = l.seat;
    SELECT v.* INTO w FROM survey.seat s JOIN survey.wave v ON v.id = s.wave WHERE s.id = l.seat;
    RETURN w;
END
$$;
CREATE FUNCTION survey.decide(link_hash bytea, decision int4, content text, OUT state int4, OUT revision int4, OUT receipt text) LANGUAGE plpgsql AS $$
DECLARE
    l survey.link := survey.link_in_use(link_hash);
    w survey.wave := survey.locked_wave_of(l);
BEGIN
    l := survey.link_in_use(link_hash);     -- once more: the wave may have been parted while we waited for its lock
    IF (decision IN (3, 4)) <> (l.kind = 2) OR l.kind = 1 THEN
        PERFORM survey.refuse(5, 'link', 'who has this link cannot decide this');
    END IF;
    SELECT * INTO state, revision, receipt FROM survey.decide_seat(l.seat, w, decision, content::jsonb);
END
$$;

-- A further link to an owner's answers. Without a hash: its number, for the caller to make the secret of. The signer is one at a time.
CREATE FUNCTION survey.delegate(link_hash bytea, wanted_kind int4, wanted_number int4, fresh_hash bytea, wanted_sections text[], mail text,
                                OUT seat int8, OUT number int4) LANGUAGE plpgsql AS $$
DECLARE
    l survey.link := survey.link_in_use(link_hash);
    w survey.wave := survey.locked_wave_of(l);
    absent text;
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
    UPDATE survey.link k SET revoked_at = now() WHERE wanted_kind = 2 AND k.seat = l.seat AND k.kind = 2 AND k.revoked_at IS NULL AND k.hash <> fresh_hash;
    INSERT INTO survey.link (hash, seat, kind, number, sections, address)
    VALUES (fresh_hash, l.seat, wanted_kind, wanted_number, CASE WHEN wanted_kind = 1 AND cardinality(wanted_sections) > 0 THEN wanted_sections END, mail)
    ON CONFLICT (hash) DO NOTHING;
    IF FOUND AND mail <> '' AND w.state IN (1, 2) THEN
        INSERT INTO survey.letter (seat, link_kind, link_number, kind) VALUES (l.seat, wanted_kind, wanted_number, 'delegation');
    END IF;
END
$$;
-- Takes a further link back.
CREATE FUNCTION survey.revoke(link_hash bytea, wanted_kind int4, wanted_number int4) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    l survey.link := survey.link_in_use(link_hash);
BEGIN
    IF l.kind <> 0 OR wanted_kind NOT IN (1, 2) THEN
        PERFORM survey.refuse(5, 'link', 'only who was invited takes back what they passed on');
    END IF;
    UPDATE survey.link k SET revoked_at = now() WHERE k.seat = l.seat AND k.kind = wanted_kind AND k.number = wanted_number AND k.revoked_at IS NULL;
    DELETE FROM survey.letter k WHERE k.seat = l.seat AND k.link_kind = wanted_kind AND k.link_number = wanted_number AND k.state = 'waiting';
    IF NOT EXISTS (SELECT 1 FROM survey.link k WHERE k.seat = l.seat AND k.kind = wanted_kind AND k.number = wanted_number) THEN
        PERFORM survey.refuse(7, 'number', 'there is no such link');
    END IF;
    RETURN true;
END
$$;

-- Actors a name generator offers for a few letters.
CREATE FUNCTION survey.names(link_hash bytea, wanted_item text, search text) RETURNS TABLE (key text, name jsonb, abbreviation text, sector text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    l      survey.link := survey.link_in_use(link_hash);
    w      survey.wave;
    own    int4;
    wanted jsonb;
    typed  text := replace(replace(replace(register.fold(search), '\', '\\'), '%', '\%'), '_', '\_');
BEGIN
    SELECT v.* INTO w FROM survey.seat s JOIN survey.wave v ON v.id = s.wave WHERE s.id = l.seat;
    own := (SELECT s.actor FROM survey.seat s WHERE s.id = l.seat);
    SELECT i.value -> 'actors' INTO wanted FROM survey.instrument d, jsonb_array_elements(d.definition -> 'sections') s(value), jsonb_array_elements(s.value -> 'items') i(value)
    WHERE d.key = w.instrument AND d.version = w.version AND i.value ->> 'id' = wanted_item AND i.value ->> 'kind' = 'names';
    IF NOT FOUND THEN
        PERFORM survey.refuse(7, 'item', 'nothing to name here');
    END IF;
    RETURN QUERY
    SELECT a.key, jsonb_strip_nulls(jsonb_build_object('nb', n.name_nb, 'nn', n.name_nn, 'en', n.name_en, 'se', n.name_se)), coalesce(n.abbreviation, ''),
           coalesce((SELECT c.sector FROM register.actor_sector c WHERE c.actor = a.id AND c.valid @> survey.day_of_wave(w)), '')
    FROM register.actor a JOIN register.actor_name n ON n.actor = a.id AND n.valid @> survey.day_of_wave(w),
         LATERAL (SELECT min(CASE WHEN s.folded LIKE typed || '%' THEN 0 ELSE 1 END) AS rank FROM register.actor_alias s
                  WHERE s.actor = a.id AND s.valid @> survey.day_of_wave(w) AND s.folded LIKE '%' || typed || '%') hit
    WHERE typed <> '' AND hit.rank IS NOT NULL AND a.id <> own AND a.kind <> 'person'
      AND (wanted IS NULL OR wanted = '{}' OR a.kind IN (SELECT jsonb_array_elements_text(wanted -> 'kinds'))
           OR a.id IN (SELECT register.actor_on(one, survey.day_of_wave(w)) FROM jsonb_array_elements_text(wanted -> 'actors') AS one))
    ORDER BY hit.rank, coalesce(n.abbreviation, n.name_nb) COLLATE "C", a.key LIMIT 20;
END
$$;

-- -------------------------------------------------------------------------------- a ministry's own system
-- The seat a ministry's system means by its mark; one is made for a mark that is new.
CREATE FUNCTION survey.seat_marked(w survey.wave, own int4, orgnr text, mark text, wanted_level int2, may_make bool) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    known int8;
    many  int8;
BEGIN
    SELECT min(s.id), count(*) INTO known, many FROM survey.seat s
    WHERE s.wave = w.id AND s.actor = own AND (s.ref IN (mark, orgnr || ':' || mark) OR (mark = '' AND NOT w.personal));
    IF many = 0 AND may_make THEN
        IF mark = '' AND w.personal THEN
            PERFORM survey.refuse(6, 'seat', 'each respondent answers for themselves in this wave: say which, by a mark of your own');
        ELSIF NOT w.personal AND EXISTS (SELECT 1 FROM survey.seat s WHERE s.wave = w.id AND s.actor = own) THEN
            PERFORM survey.refuse(8, 'seat', 'this wave takes one answer from each organisation, and somebody else is invited for yours');
        END IF;
        INSERT INTO survey.seat (wave, actor, ref, level) VALUES (w.id, own, orgnr || ':' || mark, wanted_level)
        ON CONFLICT (wave, ref) DO UPDATE SET ref = excluded.ref RETURNING id INTO known;
    END IF;
    RETURN known;
END
$$;
-- SurveyAnswerRequest without its answers -> (state, revision, receipt). content: all answers.
CREATE FUNCTION survey.answer_by(request jsonb, organisation int4, content text, OUT state int4, OUT revision int4, OUT receipt text) LANGUAGE plpgsql AS $$
DECLARE
    w     survey.wave := survey.wave_named(coalesce(request ->> 'wave', ''));
    orgnr text := (SELECT o.orgnr FROM access.organisation o WHERE o.id = organisation);
    tier  int2 := survey.level_code(request ->> 'level');
    withdraw bool := coalesce((request ->> 'withdraw')::bool, false);
    said  jsonb := content::jsonb;
    own   int4;
    place int8;
    whose uuid;
    r     survey.respondent;
BEGIN
    PERFORM survey.lock_wave(w.id, false);
    SELECT * INTO w FROM survey.wave WHERE id = w.id;
    own := register.actor_on(orgnr, survey.day_of_wave(w));
    IF own IS NULL THEN
        PERFORM survey.refuse(7, '', format('the register has no actor with the number %s', orgnr));
    ELSIF NOT withdraw AND coalesce((request ->> 'version')::int4, 0) <> w.version THEN
        PERFORM survey.refuse(8, 'version', format('the wave asks version %s of its questionnaire', w.version));
    ELSIF NOT withdraw AND NOT survey.takes_answers(w) THEN
        PERFORM survey.refuse(15, 'wave', survey.why_not(w));
    END IF;
    place := survey.seat_marked(w, own, orgnr, coalesce(request ->> 'seat', ''), tier, NOT withdraw);
    IF place IS NULL THEN
        PERFORM survey.refuse(7, 'seat', 'there is no such seat of your organisation in this wave');
    END IF;
    IF withdraw THEN
        SELECT * INTO state, revision, receipt FROM survey.decide_seat(place, w, 1, '[]');
        RETURN;
    END IF;
    whose := survey.respondent_of(place);
    SELECT * INTO r FROM survey.respondent k WHERE k.id = whose FOR UPDATE;
    IF r.state = 3 AND coalesce((request ->> 'submit')::bool, false)
       AND (SELECT coalesce(jsonb_agg(x ORDER BY x), '[]') FROM (SELECT jsonb_build_array(a.item, a.target, a.state, a."values", a.text) AS x
                FROM survey.answer a WHERE a.respondent = whose) one)
         = (SELECT coalesce(jsonb_agg(x ORDER BY x), '[]') FROM (SELECT jsonb_build_array(a.item, coalesce(a.target, ''), coalesce(a.state, 0), coalesce(a."values", '{}'), coalesce(a.text, '')) AS x
                FROM jsonb_to_recordset(said) AS a(item text, target text, state int2, "values" float8[], text text)) one) THEN
        state := r.state; revision := r.revision; receipt := r.receipt;         -- the same once more
        RETURN;
    END IF;
    IF r.state <> 1 THEN
        PERFORM survey.decide_seat(place, w, 2, '[]');
    END IF;
    IF tier <> 0 THEN
        UPDATE survey.respondent k SET level = tier WHERE k.id = whose;
        UPDATE survey.seat s SET level = tier WHERE s.id = place;
    END IF;
    INSERT INTO survey.page AS p (respondent, section, answers)
    SELECT whose, i.section, coalesce(jsonb_agg(a.value) FILTER (WHERE a.value IS NOT NULL), '[]')
    FROM (SELECT DISTINCT s.section, s.id FROM survey.item s WHERE s.instrument = w.instrument AND s.version = w.version) i
    LEFT JOIN jsonb_array_elements(said) a(value) ON a.value ->> 'item' = i.id GROUP BY i.section
    ON CONFLICT (respondent, section) DO UPDATE SET revision = p.revision + 1, answers = excluded.answers, saved_at = now() WHERE p.answers <> excluded.answers;
    IF coalesce((request ->> 'submit')::bool, false) THEN
        SELECT * INTO state, revision, receipt FROM survey.decide_seat(place, w, 0, said);
    ELSE
        state := 1; revision := r.revision; receipt := '';
    END IF;
END
$$;

-- Answers that count, as pseudonymous rows after a cursor.
CREATE FUNCTION survey.export(wave_key text, wanted_limit int8, past text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    w survey.wave := survey.wave_named(wave_key);
    from_respondent uuid;
    answer jsonb;
BEGIN
    IF w.anonymous AND w.parted_at IS NULL THEN
        PERFORM survey.refuse(8, 'wave', 'the answers of an anonymous wave can be read when it has closed: while they come in, who came when would tell whose they are');
    END IF;
    from_respondent := coalesce(nullif(split_part(past, ' ', 1), ''), '00000000-0000-0000-0000-000000000000')::uuid;
    SELECT jsonb_build_object('rows', coalesce(jsonb_agg(jsonb_build_object('respondent', p.respondent, 'actor', p.key, 'level', coalesce(research.term('level', p.level), ''),
               'answer', jsonb_build_object('item', p.item, 'target', p.target, 'state', p.state, 'values', p."values", 'text', p.text)) ORDER BY p.n), '[]'),
           'next', CASE WHEN count(*) = wanted_limit THEN coalesce((array_agg(p.respondent || ' ' || p.item || ' ' || p.target ORDER BY p.n DESC))[1], '') ELSE '' END)
    INTO answer
    FROM (SELECT x.respondent, k.key, r.level, x.item, x.target, x.state, x."values", x.text,
                 row_number() OVER (ORDER BY x.respondent, x.item COLLATE "C", x.target COLLATE "C") AS n
          FROM survey.respondent r JOIN register.actor k ON k.id = r.actor JOIN survey.answer x ON x.respondent = r.id
          WHERE r.wave = w.id AND r.id >= from_respondent
            AND (past = '' OR (x.respondent, x.item COLLATE "C", x.target COLLATE "C") >
                 (from_respondent, split_part(past, ' ', 2), substr(past, length(split_part(past, ' ', 1)) + length(split_part(past, ' ', 2)) + 3)))
          ORDER BY 1, x.item COLLATE "C", x.target COLLATE "C" LIMIT wanted_limit) p;
    RETURN answer;
END
$$;

-- What is held about one seat, or its deletion. SurveyPersonRequest -> SurveyPersonResponse. An operator may ask for any seat, others for
-- their organisation's.
CREATE FUNCTION survey.person(request jsonb, organisation int4, is_operator bool) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    w     survey.wave := survey.wave_named(coalesce(request ->> 'wave', ''));
    mark  text := coalesce(request ->> 'seat', '');
    orgnr text := (SELECT o.orgnr FROM access.organisation o WHERE o.id = organisation);
    whose int4 := CASE WHEN is_operator THEN register.actor_on(nullif(request ->> 'actor', ''), survey.day_of_wave(w)) ELSE register.actor_on(orgnr, survey.day_of_wave(w)) END;
    meant int8[];
    s     survey.seat;
    held  jsonb;
BEGIN
    IF is_operator AND coalesce(request ->> 'actor', '') <> '' AND whose IS NULL THEN
        PERFORM survey.refuse(7, 'actor', format('the register does not know "%s"', request ->> 'actor'));
    END IF;
    PERFORM survey.lock_wave(w.id, false);
    SELECT array_agg(k.id ORDER BY k.id) INTO meant FROM survey.seat k
    WHERE k.wave = w.id AND mark <> '' AND (k.ref IN (mark, orgnr || ':' || mark) OR k.address = mark) AND (k.actor = whose OR (is_operator AND whose IS NULL));
    IF meant IS NULL THEN
        PERFORM survey.refuse(7, 'seat', CASE WHEN w.parted_at IS NULL THEN 'there is no such seat in this wave'
            ELSE 'persons and answers of this wave were parted for good: nothing is held about any person' END);
    ELSIF cardinality(meant) > 1 THEN
        PERFORM survey.refuse(8, 'seat', 'more than one seat is meant: give the mark it was invited with');
    END IF;
    SELECT * INTO s FROM survey.seat k WHERE k.id = meant[1] FOR UPDATE;
    SELECT jsonb_build_object('wave', w.key, 'actor', (SELECT a.key FROM register.actor a WHERE a.id = s.actor), 'seat', s.ref, 'address', s.address,
        'language', s.language, 'level', coalesce(research.term('level', s.level), ''), 'panel_key', s.panel IS NOT NULL, 'invited_at', s.created_at,
        'submitted', s.submitted, 'withdrawn', s.withdrawn, 'last_letter_at', s.last_letter_at,
        'links', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', (ARRAY['owner', 'contributor', 'signer'])[l.kind + 1], 'sections', l.sections, 'address', l.address,
                      'made_at', l.created_at, 'revoked_at', l.revoked_at) ORDER BY l.kind, l.number), '[]') FROM survey.link l WHERE l.seat = s.id),
        'letters', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'state', l.state, 'sent_at', l.sent_at) ORDER BY l.id), '[]') FROM survey.letter l WHERE l.seat = s.id))
    INTO held;
    IF s.respondent IS NOT NULL AND w.anonymous THEN
        held := held || jsonb_build_object('answers', 'The wave is anonymous: only the respondent sees the answers, by the link.');
    ELSIF s.respondent IS NOT NULL THEN
        held := held || (SELECT jsonb_build_object('state', (ARRAY['draft', 'awaits signer', 'submitted', 'withdrawn'])[r.state], 'revision', r.revision, 'receipt', r.receipt,
            'started_at', r.started_at, 'submitted_at', r.submitted_at,
            'drafts', (SELECT coalesce(jsonb_agg(jsonb_build_object('section', p.section, 'saved_at', p.saved_at, 'answers', p.answers) ORDER BY p.section), '[]')
                       FROM survey.page p WHERE p.respondent = r.id),
            'answers', (SELECT coalesce(jsonb_agg(jsonb_build_object('item', a.item, 'target', a.target, 'state', a.state, 'values', a."values", 'text', a.text)
                            ORDER BY a.item COLLATE "C", a.target COLLATE "C"), '[]') FROM survey.answer a WHERE a.respondent = r.id))
            FROM survey.respondent r WHERE r.id = s.respondent);
    END IF;
    IF NOT coalesce((request ->> 'erase')::bool, false) THEN
        RETURN jsonb_build_object('held', jsonb_pretty(held), 'erased', false);
    END IF;
    INSERT INTO survey.spent_link SELECT l.hash, w.id FROM survey.link l WHERE l.seat = s.id ON CONFLICT DO NOTHING;
    DELETE FROM survey.link l WHERE l.seat = s.id;
    DELETE FROM survey.letter l WHERE l.seat = s.id;
    UPDATE survey.seat k SET respondent = NULL, ref = 'erased ' || k.id, address = '', language = 'nb', level = 0, panel = NULL, letters = 0, last_letter_at = NULL,
        submitted = false, withdrawn = true, created_at = '-infinity' WHERE k.id = s.id;
    DELETE FROM survey.respondent r WHERE r.id = s.respondent;
    PERFORM survey.note(w.id, organisation, 'erased', '1');
    RETURN jsonb_build_object('held', '', 'erased', true);
END
$$;
