-- SPDX-License-Identifier: GPL-3.0-or-later
-- Days that nobody condensed before are condensed from what the daemon packed when it stored them, without reading their rows.

-- What condensing needs of the interactions of this commit (proto/gist.h). NULL: the days must be read. Packed already, so
-- compressing it would only cost time.
ALTER TABLE report.touched ADD COLUMN gist bytea;
ALTER TABLE report.touched ALTER COLUMN gist SET STORAGE EXTERNAL;

-- Blocks are packed already as well.
ALTER TABLE knowledge.day_block ALTER COLUMN block SET STORAGE EXTERNAL;

-- The condenser has the cases in hand when it condenses a day (sql/queries/analysis/case_note.sql); the trigger read the days
-- once more for them.
DROP TRIGGER collect_cases ON report.touched;
DROP FUNCTION report.touched_taken();
DROP FUNCTION register.collect_cases(int4[]);
