-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT item, value, code, label_nb, label_nn, label_en
FROM research.survey_choice WHERE instrument = $1 AND version = $2 ORDER BY item, position
