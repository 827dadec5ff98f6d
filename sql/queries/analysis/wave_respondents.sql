-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT r.actor FROM survey.respondent r WHERE r.wave = $1 AND survey.counts(r.state, r.revision) ORDER BY r.id
