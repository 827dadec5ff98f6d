-- SPDX-License-Identifier: GPL-3.0-or-later
-- Long path work of a running job, offered in parts to workers that have nothing else to do. What the parts are, only the programs
-- know. Both tables are of use only while the job runs: unlogged, and gone when it ends in whatever way.

CREATE UNLOGGED TABLE knowledge.share (
    id       int8 NOT NULL GENERATED ALWAYS AS IDENTITY,
    job      int8 NOT NULL,
    owner    text NOT NULL,             -- worker that has the job
    software text NOT NULL,             -- only the same version answers
    input    bytea NOT NULL,
    CONSTRAINT share_pkey PRIMARY KEY (id),
    CONSTRAINT share_of_job FOREIGN KEY (job) REFERENCES knowledge.job ON DELETE CASCADE
);
CREATE INDEX share_job ON knowledge.share (job);
ALTER TABLE knowledge.share ALTER COLUMN input SET STORAGE EXTERNAL;

CREATE UNLOGGED TABLE knowledge.share_part (
    share        int8 NOT NULL,
    part         int4 NOT NULL,
    first_block  int8 NOT NULL,
    last_block   int8 NOT NULL,         -- one past it
    state        text NOT NULL DEFAULT 'waiting',
    worker       text,
    heartbeat_at timestamptz,
    sums         bytea,                 -- of a part another worker has done, until the owner takes it and its row away
    CONSTRAINT share_part_pkey PRIMARY KEY (share, part),
    CONSTRAINT share_part_of_share FOREIGN KEY (share) REFERENCES knowledge.share ON DELETE CASCADE,
    CONSTRAINT share_part_state_known CHECK (state IN ('waiting', 'running', 'done'))
);
ALTER TABLE knowledge.share_part ALTER COLUMN sums SET STORAGE EXTERNAL;

-- Whoever ends a job, or gives it to another worker, takes away what it shared: helpers notice at their next heartbeat.
CREATE FUNCTION knowledge.job_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM knowledge.share WHERE job = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER job_left AFTER UPDATE OF state ON knowledge.job FOR EACH ROW
    WHEN (OLD.state = 'running' AND NEW.state <> 'running') EXECUTE FUNCTION knowledge.job_left();
