-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT w.id, w.key, w.instrument, w.version, coalesce(w.on_day, report.day_of(w.opens_at)) - date '1970-01-01', w.minimum_cell, w.personal,
       w.title ->> 'nb', w.title ->> 'nn', w.title ->> 'en'
FROM survey.wave w WHERE w.key = $1
