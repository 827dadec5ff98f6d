-- SPDX-License-Identifier: GPL-3.0-or-later
-- Roles to grant to people and programs: researchers read views, workers compute. Run after every migration; without the right to
-- make roles (an outside database) the daemon leaves this to the operator.
DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('samordning roles', 0));
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'samordning_researcher') THEN
        CREATE ROLE samordning_researcher NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'samordning_worker') THEN
        CREATE ROLE samordning_worker NOLOGIN;
    END IF;
END
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vocabulary, access, register, report, knowledge, research, survey, schedule FROM PUBLIC;
GRANT USAGE ON SCHEMA research TO samordning_researcher;
GRANT SELECT ON ALL TABLES IN SCHEMA research TO samordning_researcher;
GRANT EXECUTE ON FUNCTION research.term(text, int2) TO samordning_researcher;
GRANT USAGE ON SCHEMA report, register TO samordning_researcher;
GRANT EXECUTE ON FUNCTION report.day_of(timestamptz), register.suggest(text) TO samordning_researcher;

GRANT USAGE ON SCHEMA vocabulary, access, register, report, knowledge, research, survey TO samordning_worker;
-- Workers see answers under pseudonyms, never seats, addresses or links.
GRANT SELECT ON survey.instrument, survey.item, survey.wave, survey.respondent, survey.answer, survey.turnout TO samordning_worker;
GRANT USAGE ON SCHEMA survey TO samordning_researcher;
GRANT SELECT ON survey.turnout TO samordning_researcher;     -- counts only
GRANT EXECUTE ON FUNCTION survey.counts(int2, int4) TO samordning_worker;
GRANT EXECUTE ON FUNCTION survey.counts(int2, int4) TO samordning_researcher;
GRANT SELECT ON ALL TABLES IN SCHEMA vocabulary, register, report, knowledge, research TO samordning_worker;
REVOKE ALL ON ALL TABLES IN SCHEMA access FROM samordning_worker;   -- an earlier version gave more
GRANT SELECT ON access.organisation TO samordning_worker;           -- names, for reports; no certificates, no tokens
GRANT DELETE, UPDATE (gist) ON report.touched TO samordning_worker;
GRANT INSERT, UPDATE ON register.case_file TO samordning_worker;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA knowledge FROM samordning_worker;
GRANT INSERT, UPDATE, DELETE ON knowledge.day_block, knowledge.share_part TO samordning_worker;
GRANT INSERT, DELETE ON knowledge.share TO samordning_worker;
GRANT INSERT, UPDATE ON knowledge.job TO samordning_worker;
GRANT INSERT ON knowledge.result, knowledge.document TO samordning_worker; -- what is said once stays
GRANT SELECT ON public.schema_version TO samordning_worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA register, report, knowledge, research TO samordning_worker;
