-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rows whose gists went into blocks; those dropped meanwhile stay, for their days to be read.
DELETE FROM report.touched WHERE id = ANY ($1) AND gist IS NOT NULL
