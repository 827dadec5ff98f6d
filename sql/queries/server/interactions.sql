-- SPDX-License-Identifier: GPL-3.0-or-later
-- Interactions of a period as researchers see them. The days are put in place of the two marks: COPY has no parameters.
COPY (
    SELECT * FROM research.interaction
    WHERE id >= report.id_floor(report.day_start(date '@from')) AND id < report.id_floor(report.day_start(date '@to'))
) TO STDOUT (FORMAT csv, HEADER)
