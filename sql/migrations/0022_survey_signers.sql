-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reminders reach those whom an answer waits for as well: the signer of a wave with sign-off.

-- SurveyRemindRequest -> SurveyRemindResponse: a letter to each who has not answered and had none of late, and to each signer for whom an
-- answer waits and who had none of late; and only to them.
CREATE OR REPLACE FUNCTION survey.remind(request jsonb, organisation int4) RETURNS jsonb LANGUAGE plpgsql AS $$
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
               EXISTS (SELECT 1 FROM survey.link l WHERE l.seat = s.id AND l.kind = 0 AND l.revoked_at IS NULL) AS linked,
               coalesce(r.state = 2, false) AS awaits_signer
        FROM survey.seat s LEFT JOIN survey.respondent r ON r.id = s.respondent WHERE s.wave = w.id AND (wanted IS NULL OR s.actor = ANY (wanted))
        ORDER BY s.id FOR UPDATE OF s
    ), due AS (
        UPDATE survey.seat s SET letters = s.letters + 1, last_letter_at = now() FROM seat q
        WHERE s.id = q.id AND NOT q.answered AND q.address <> '' AND q.linked AND NOT coalesce(q.soon, false) RETURNING s.id, s.letters
    ), sent AS (
        INSERT INTO survey.letter (seat, kind) SELECT id, CASE letters WHEN 1 THEN 'invitation' ELSE 'reminder' END FROM due ORDER BY id
    ), signer AS (
        INSERT INTO survey.letter (seat, link_kind, link_number, kind)
        SELECT q.id, 2, l.number, 'signing' FROM seat q JOIN survey.link l ON l.seat = q.id AND l.kind = 2 AND l.revoked_at IS NULL AND l.address <> ''
        WHERE q.awaits_signer AND NOT EXISTS (SELECT 1 FROM survey.letter k WHERE k.seat = q.id AND k.link_kind = 2 AND k.link_number = l.number
                                              AND k.created_at > since)
        ORDER BY q.id RETURNING seat
    )
    SELECT (SELECT count(*) FROM due) AS reminded, count(*) FILTER (WHERE answered) AS answered,
           count(*) FILTER (WHERE NOT answered AND address <> '' AND linked AND coalesce(soon, false)) AS too_soon,
           count(*) FILTER (WHERE NOT answered AND (address = '' OR NOT linked)) AS without_address, (SELECT count(*) FROM signer) AS signers
    INTO counts FROM seat;
    IF counts.reminded + counts.signers > 0 THEN
        PERFORM survey.note(w.id, organisation, 'reminded', (counts.reminded + counts.signers)::text);
    END IF;
    RETURN jsonb_build_object('reminded', counts.reminded, 'answered', counts.answered, 'too_soon', counts.too_soon, 'without_address', counts.without_address,
                              'signers', counts.signers);
END
$$;
