-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT coalesce(max(id), 0) FROM report.touched WHERE EXISTS (SELECT 1 FROM unnest(days) AS day WHERE day >= $1 AND day < $2)
