-- SPDX-License-Identifier: GPL-3.0-or-later
-- Everything that what is computed of a wave depends on, besides the register: who answered, in which revision, and who was asked.
SELECT hashtextextended(concat_ws('|', w.id, w.instrument, w.version, w.on_day, w.opens_at, w.minimum_cell, w.personal, w.title, i.digest,
           (SELECT concat_ws('|', count(*), bit_xor(hashtextextended(concat_ws('|', r.id, r.actor, r.state, r.revision), 0)),
                             sum((hashtextextended(concat_ws('|', r.id, r.actor, r.state, r.revision), 1) >> 8)::numeric))
            FROM survey.respondent r WHERE r.wave = w.id AND survey.counts(r.state, r.revision)),
           (SELECT string_agg(concat_ws('|', t.actor, t.invited, t.started, t.submitted), ',' ORDER BY t.actor)
            FROM research.survey_turnout t WHERE t.wave = w.key)), 0)
FROM survey.wave w JOIN survey.instrument i ON i.key = w.instrument AND i.version = w.version WHERE w.id = $1
