-- SPDX-License-Identifier: GPL-3.0-or-later
-- enum visit_column of store_survey_form.c has this order.
SELECT status, reason, wave, seat, kind, sections, actor, actor_nb, actor_nn, actor_en, language, state, revision, receipt, pages,
       message, earlier_version, earlier, roster
FROM survey.visit($1)
