-- SPDX-License-Identifier: GPL-3.0-or-later
-- These days are read as rows: gists that tell of them have no more to say.
UPDATE report.touched SET gist = NULL WHERE gist IS NOT NULL AND days && $1
