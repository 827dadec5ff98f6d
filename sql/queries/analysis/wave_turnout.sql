-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT a.id, t.invited, t.started, t.submitted
FROM survey.wave w JOIN research.survey_turnout t ON t.wave = w.key JOIN register.actor a ON a.key = t.actor WHERE w.id = $1 ORDER BY a.key
