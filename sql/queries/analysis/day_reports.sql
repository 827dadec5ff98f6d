-- SPDX-License-Identifier: GPL-3.0-or-later
-- All reports of a span of ids, first ones and what came after. The span is put in place of the two marks: COPY has no parameters.
COPY (
    SELECT id, 0::int2, -1, reporter, content_hash, occurred_at, recorded_at, ended_at, weight, layer, stage, case_ref, labels, roles,
           received_at, deadline_at, replied_at, reply_status, outcome, level, resolved_level, deadline_agreed
    FROM report.interaction WHERE id >= '@from' AND id < '@to'
    UNION ALL
    SELECT id, kind, revision, reporter, content_hash, occurred_at, recorded_at, ended_at, weight, layer, stage, case_ref, labels, roles,
           received_at, deadline_at, replied_at, reply_status, outcome, level, resolved_level, deadline_agreed
    FROM report.supplement WHERE id >= '@from' AND id < '@to'
) TO STDOUT (FORMAT binary)
