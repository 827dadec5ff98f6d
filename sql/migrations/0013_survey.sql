-- SPDX-License-Identifier: GPL-3.0-or-later
-- Surveys: instruments, waves, seats, links, answers.
--
-- A seat is a place in a wave for one respondent of an actor; a respondent is a pseudonym. The one thing that ties them is
-- seat.respondent, which closing an anonymous wave clears together with its links. Secrets are never here, only their SHA-256.
CREATE SCHEMA survey;

CREATE TABLE survey.instrument (
    key        text NOT NULL,
    version    int4 NOT NULL,
    definition jsonb NOT NULL,          -- the file, canonical
    message    bytea NOT NULL,          -- the same, packed samordning.v1.Instrument
    digest     text NOT NULL,           -- SHA-256 of message, hex
    stored_at  timestamptz NOT NULL DEFAULT now(),
    stored_by  int4,                    -- access.organisation
    frozen_at  timestamptz,             -- a wave has opened with it
    CONSTRAINT instrument_pkey PRIMARY KEY (key, version),
    CONSTRAINT instrument_key_form CHECK (key ~ '^[a-z][a-z0-9_-]{0,47}$'),
    CONSTRAINT instrument_version_positive CHECK (version > 0)
);
-- What can be answered, one row an item (parts of rosters included), made from the definition when it is stored.
CREATE TABLE survey.item (
    instrument text NOT NULL,
    version    int4 NOT NULL,
    id         text NOT NULL,
    place      int4 NOT NULL,           -- order in the instrument
    section    text NOT NULL,
    whole      text,                    -- of a part: id of its roster or name generator
    kind       text NOT NULL,           -- single, multiple, likert, number, date, text, roster, names, ranking, matrix, ladder
    relation   text,
    to_respondent bool NOT NULL DEFAULT false,
    scale      text,
    reversed   bool NOT NULL DEFAULT false,
    ladder     text,
    text_nb    text NOT NULL,
    text_nn    text NOT NULL,
    text_en    text NOT NULL,
    low        float8,                  -- smallest and largest value that can be answered, where there is one
    high       float8,
    CONSTRAINT item_pkey PRIMARY KEY (instrument, version, id),
    CONSTRAINT item_instrument FOREIGN KEY (instrument, version) REFERENCES survey.instrument ON DELETE CASCADE
);

CREATE TABLE survey.wave (
    id              int4 NOT NULL GENERATED ALWAYS AS IDENTITY,
    key             text NOT NULL,
    title           jsonb NOT NULL,     -- {nb, nn, en, se}
    instrument      text NOT NULL,
    version         int4 NOT NULL,
    state           int2 NOT NULL DEFAULT 0,    -- 0 planned, 1 open, 2 paused, 3 closed
    opens_at        timestamptz NOT NULL,
    closes_at       timestamptz NOT NULL,
    anonymous       bool NOT NULL DEFAULT false,
    free_text       bool NOT NULL DEFAULT false,
    sign_off        bool NOT NULL DEFAULT false,
    personal        bool NOT NULL DEFAULT true,
    minimum_cell    int4 NOT NULL DEFAULT 5,
    retention_until date,
    earlier         int4 REFERENCES survey.wave,
    on_day          date,               -- whose register the rosters are
    sender          text NOT NULL DEFAULT '',
    invitation      jsonb NOT NULL DEFAULT '{}',
    reminder        jsonb NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT now(),
    opened_at       timestamptz,
    closed_at       timestamptz,
    parted_at       timestamptz,        -- links and answers were parted, or personal data deleted
    CONSTRAINT wave_pkey PRIMARY KEY (id),
    CONSTRAINT wave_key_unique UNIQUE (key),
    CONSTRAINT wave_key_form CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,47}$'),
    CONSTRAINT wave_instrument FOREIGN KEY (instrument, version) REFERENCES survey.instrument,
    CONSTRAINT wave_state_known CHECK (state BETWEEN 0 AND 3),
    CONSTRAINT wave_times CHECK (closes_at > opens_at),
    CONSTRAINT wave_minimum_cell CHECK (minimum_cell BETWEEN 1 AND 100)
);
-- What was done with a wave, by whom: opened, paused, extended, closed, parted, erased.
CREATE TABLE survey.event (
    id           int8 NOT NULL GENERATED ALWAYS AS IDENTITY,
    wave         int4 NOT NULL REFERENCES survey.wave,
    happened_at  timestamptz NOT NULL DEFAULT now(),
    organisation int4,
    what         text NOT NULL,
    detail       text NOT NULL DEFAULT '',     -- never a person
    CONSTRAINT event_pkey PRIMARY KEY (id)
);

CREATE TABLE survey.respondent (
    id           uuid NOT NULL DEFAULT gen_random_uuid(),   -- the pseudonym, of this wave only
    wave         int4 NOT NULL REFERENCES survey.wave,
    actor        int4 NOT NULL REFERENCES register.actor,
    level        int2 NOT NULL DEFAULT 0,                   -- vocabulary level, 0 = not stated
    state        int2 NOT NULL DEFAULT 1,                   -- 1 draft, 2 awaits signer, 3 submitted, 4 withdrawn (no answers are kept)
    revision     int4 NOT NULL DEFAULT 0,                   -- times submitted
    receipt      text,
    started_at   timestamptz,
    submitted_at timestamptz,                               -- both NULL once parted
    CONSTRAINT respondent_pkey PRIMARY KEY (id),
    CONSTRAINT respondent_state_known CHECK (state BETWEEN 1 AND 4)
);
CREATE INDEX respondent_wave ON survey.respondent (wave, actor);

CREATE TABLE survey.seat (
    id             int8 NOT NULL GENERATED ALWAYS AS IDENTITY,
    wave           int4 NOT NULL REFERENCES survey.wave,
    actor          int4 NOT NULL REFERENCES register.actor,
    ref            text NOT NULL,           -- the inviter's own mark
    address        text NOT NULL DEFAULT '',
    language       text NOT NULL DEFAULT 'nb',
    level          int2 NOT NULL DEFAULT 0,
    panel          bytea,                   -- SHA-256 of the consented panel key
    respondent     uuid REFERENCES survey.respondent ON DELETE SET NULL,    -- NULL: not started, or parted
    submitted      bool NOT NULL DEFAULT false,     -- outlives the parting, so that response rates stay right
    withdrawn      bool NOT NULL DEFAULT false,
    letters        int4 NOT NULL DEFAULT 0,
    last_letter_at timestamptz,
    undelivered    bool NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT seat_pkey PRIMARY KEY (id),
    CONSTRAINT seat_ref_unique UNIQUE (wave, ref),
    CONSTRAINT seat_respondent_unique UNIQUE (respondent),
    CONSTRAINT seat_language_known CHECK (language IN ('nb', 'nn', 'en', 'se'))
);
CREATE TABLE survey.link (
    hash       bytea NOT NULL,
    seat       int8 NOT NULL REFERENCES survey.seat ON DELETE CASCADE,
    kind       int2 NOT NULL,               -- 0 owner, 1 contributor, 2 signer
    number     int4 NOT NULL,               -- tells the links of a seat apart; 0 = the owner's
    sections   text[],                      -- of a contributor; NULL = all
    address    text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    CONSTRAINT link_pkey PRIMARY KEY (hash),
    CONSTRAINT link_unique UNIQUE (seat, kind, number),
    CONSTRAINT link_kind_known CHECK (kind BETWEEN 0 AND 2)
);
-- Letters to send; the text is made when it is sent, so no secret waits here.
CREATE TABLE survey.letter (
    id         int8 NOT NULL GENERATED ALWAYS AS IDENTITY,
    seat       int8 NOT NULL REFERENCES survey.seat ON DELETE CASCADE,
    link_kind  int2 NOT NULL DEFAULT 0,
    link_number int4 NOT NULL DEFAULT 0,
    kind       text NOT NULL,               -- invitation, reminder, delegation, receipt
    state      text NOT NULL DEFAULT 'waiting',
    attempts   int4 NOT NULL DEFAULT 0,
    next_at    timestamptz NOT NULL DEFAULT now(),
    error      text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at    timestamptz,
    CONSTRAINT letter_pkey PRIMARY KEY (id),
    CONSTRAINT letter_state_known CHECK (state IN ('waiting', 'sending', 'sent', 'failed'))
);
CREATE INDEX letter_waiting ON survey.letter (next_at) WHERE state IN ('waiting', 'sending');

-- Drafts as typed, a page a row.
CREATE TABLE survey.page (
    respondent uuid NOT NULL REFERENCES survey.respondent ON DELETE CASCADE,
    section    text NOT NULL,
    revision   int4 NOT NULL DEFAULT 1,
    answers    jsonb NOT NULL,              -- [{"item","target","state","values","text"}, ...], defaults left out
    saved_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT page_pkey PRIMARY KEY (respondent, section)
);
-- What counts: written whole at submission, taken away at withdrawal.
CREATE TABLE survey.answer (
    respondent   uuid NOT NULL REFERENCES survey.respondent ON DELETE CASCADE,
    item         text NOT NULL,
    target       text NOT NULL DEFAULT '',  -- key of an actor, id of a matrix row
    target_label int4,                      -- register.label of a named actor, so that names resolve as those of interactions do
    state        int2 NOT NULL DEFAULT 0,   -- 0 given, 1 not relevant, 2 don't know, 3 no contact
    "values"     float8[] NOT NULL DEFAULT '{}',
    text         text NOT NULL DEFAULT '',
    CONSTRAINT answer_pkey PRIMARY KEY (respondent, item, target),
    CONSTRAINT answer_state_known CHECK (state BETWEEN 0 AND 3)
);
