-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT item, kind, whole, relation, to_respondent, scale, reversed, ladder, text_nb, text_nn, text_en, low, high
FROM research.survey_item WHERE instrument = $1 AND version = $2 ORDER BY place, part, item
