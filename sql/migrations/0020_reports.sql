-- SPDX-License-Identifier: GPL-3.0-or-later
-- Reports in several forms, with the operator's logo, and what those they tell of say to them.

-- The forms of a report besides the one in knowledge.result.document, which is HTML.
CREATE TABLE knowledge.document (
    result     uuid NOT NULL REFERENCES knowledge.result ON DELETE CASCADE,
    format     text NOT NULL,
    media_type text NOT NULL,
    content    bytea NOT NULL,
    CONSTRAINT document_pkey PRIMARY KEY (result, format),
    CONSTRAINT document_format_known CHECK (format IN ('pdf', 'text', 'csv'))
);

-- A picture at the top of reports; NULL = none.
ALTER TABLE register.operator ADD COLUMN logo bytea, ADD COLUMN logo_type text;
CREATE FUNCTION register.set_operator_logo(new_logo bytea, new_type text) RETURNS bool LANGUAGE sql AS $$
    WITH written AS (
        INSERT INTO register.operator AS o (name, url, logo, logo_type)
        SELECT '', '', new_logo, new_type WHERE new_logo IS NOT NULL OR EXISTS (SELECT 1 FROM register.operator)
        ON CONFLICT (only_one) DO UPDATE SET logo = excluded.logo, logo_type = excluded.logo_type
        WHERE (o.logo, o.logo_type) IS DISTINCT FROM (excluded.logo, excluded.logo_type)
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM written)
$$;

-- A round of comments: until a day, those whom a report of this period will tell of may comment on their numbers.
CREATE TABLE register.comment_round (
    period     daterange NOT NULL,
    until      date NOT NULL,
    opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT comment_round_pkey PRIMARY KEY (period)
);
CREATE TABLE register.comment (
    period       daterange NOT NULL REFERENCES register.comment_round,
    organisation int4 NOT NULL REFERENCES access.organisation,
    content      text NOT NULL,
    sent_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT comment_pkey PRIMARY KEY (period, organisation),
    CONSTRAINT comment_size CHECK (length(content) BETWEEN 1 AND 4000)
);
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON register.comment_round FOR EACH ROW EXECUTE FUNCTION register.note_change();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON register.comment FOR EACH ROW EXECUTE FUNCTION register.note_change();

-- One verb of the daemon's. With a last day it opens the round or changes that day; with a text it is the asking organisation's
-- comment, the newest counts; take_back takes it back. Then the round, with the comments of all or of the asking one alone; without
-- any a row of nothing but the day. Days are those of Europe/Oslo.
CREATE FUNCTION register.comments(asking int4, of_all bool, first date, past date, last date, said text, take_back bool)
RETURNS TABLE (until text, orgnr text, name text, content text, sent_at text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    wanted daterange := daterange(first, past);
    ends   date;
BEGIN
    IF last IS NOT NULL THEN
        INSERT INTO register.comment_round AS r (period, until) VALUES (wanted, last)
        ON CONFLICT ON CONSTRAINT comment_round_pkey DO UPDATE SET until = excluded.until WHERE r.until <> excluded.until;
    END IF;
    SELECT r.until INTO ends FROM register.comment_round r WHERE r.period = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'SM007', COLUMN = 'from', MESSAGE = 'no comments are asked for on a report of this period';
    END IF;
    IF (said <> '' OR take_back) AND report.day_of(now()) > ends THEN
        RAISE EXCEPTION USING ERRCODE = 'SM008', COLUMN = 'text', MESSAGE = format('comments were taken until %s', ends);
    ELSIF take_back THEN
        DELETE FROM register.comment c WHERE c.period = wanted AND c.organisation = asking;
    ELSIF said <> '' THEN
        INSERT INTO register.comment AS c (period, organisation, content) VALUES (wanted, asking, said)
        ON CONFLICT ON CONSTRAINT comment_pkey DO UPDATE SET content = excluded.content, sent_at = excluded.sent_at
            WHERE c.content <> excluded.content;
    END IF;
    RETURN QUERY SELECT ends::text, o.orgnr, o.name, c.content, to_char(c.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    FROM (SELECT 1) one LEFT JOIN register.comment c ON c.period = wanted AND (of_all OR c.organisation = asking)
    LEFT JOIN access.organisation o ON o.id = c.organisation ORDER BY o.name COLLATE "C", o.orgnr;
END
$$;
