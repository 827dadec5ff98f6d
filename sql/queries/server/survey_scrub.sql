-- SPDX-License-Identifier: GPL-3.0-or-later
-- Writes the tables of parted waves anew; false: not yet.
SELECT survey.scrub()
