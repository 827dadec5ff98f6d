-- SPDX-License-Identifier: GPL-3.0-or-later
-- One row per id that is there: what its first reporter said, what this reporter said last, whether he ever said the same. The
-- LIMITs keep it a chain of index probes; the bounds let the planner forget the other months.
SELECT q.n::int4, i.reporter, i.content_hash = q.hash, i.recorded_at, s.revision, s.kind, s.content_hash = q.hash, s.recorded_at,
       EXISTS (SELECT 1 FROM report.supplement x
               WHERE x.id = q.id AND x.reporter = q.reporter AND x.kind <> 3 AND x.content_hash = q.hash)
FROM unnest($1::uuid[], $2::int4[], $3::int8[]) WITH ORDINALITY AS q(id, reporter, hash, n)
CROSS JOIN LATERAL (SELECT reporter, content_hash, recorded_at FROM report.interaction i
                    WHERE i.id = q.id AND i.id >= $4 AND i.id <= $5 LIMIT 1) i
LEFT JOIN LATERAL (SELECT revision, kind, content_hash, recorded_at FROM report.supplement s
                   WHERE s.id = q.id AND s.reporter = q.reporter ORDER BY revision DESC LIMIT 1) s ON true
ORDER BY q.n
