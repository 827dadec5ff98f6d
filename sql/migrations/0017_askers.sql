-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many wait for a job: one that is joined ends when the last of them leaves, whichever daemon they ask through.

ALTER TABLE knowledge.job ADD COLUMN askers int4 NOT NULL DEFAULT 1;
ALTER TABLE knowledge.job ADD CONSTRAINT job_askers_counted CHECK (askers >= 0);

-- Starts an analysis, or joins one that waits or runs for the same question.
CREATE OR REPLACE FUNCTION knowledge.request_job(wanted_family text, wanted_spec text, wanted_language text, afresh bool, asker int4)
RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    job int8;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning job', 0));
    -- The state is asked for twice: a job that ends while its row is waited for is not joined.
    UPDATE knowledge.job SET askers = askers + 1
    WHERE state IN ('waiting', 'running')
      AND id = (SELECT id FROM knowledge.job
                WHERE state IN ('waiting', 'running')
                  AND (family, spec, language, recompute) = (wanted_family, wanted_spec, wanted_language, afresh)
                  AND (NOT afresh OR state = 'waiting')
                ORDER BY id LIMIT 1)
    RETURNING id INTO job;
    IF job IS NULL THEN
        INSERT INTO knowledge.job (family, spec, language, recompute, requested_by, priority)
        VALUES (wanted_family, wanted_spec, wanted_language, afresh, nullif(asker, 0), CASE wanted_family WHEN 'condense' THEN 0 ELSE 10 END)
        RETURNING id INTO job;
        PERFORM pg_notify('samordning_job', job::text);
    END IF;
    RETURN job;
END
$$;

DROP FUNCTION knowledge.cancel_job(int8);
-- One who asked no longer waits. True: nobody does, and the job is cancelled.
CREATE FUNCTION knowledge.leave_job(wanted int8) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    left_over int4;
BEGIN
    UPDATE knowledge.job SET askers = greatest(askers - 1, 0),
                             state = CASE WHEN askers > 1 THEN state ELSE 'cancelled' END,
                             ended_at = CASE WHEN askers > 1 THEN ended_at ELSE now() END
    WHERE id = wanted AND state IN ('waiting', 'running') RETURNING askers INTO left_over;
    IF left_over = 0 THEN
        PERFORM pg_notify('samordning_job_cancel', wanted::text);
    END IF;
    RETURN coalesce(left_over = 0, false);
END
$$;
