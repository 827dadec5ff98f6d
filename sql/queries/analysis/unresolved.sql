-- SPDX-License-Identifier: GPL-3.0-or-later
-- First reports of a period that name somebody who waits for an actor on that day.
SELECT count(*) FROM report.interaction i
WHERE i.id >= $1 AND i.id < $2 AND i.layer = ANY ($3) AND i.labels && $4
  AND EXISTS (SELECT 1 FROM unnest(i.labels) AS named(label)
              WHERE named.label = ANY ($4) AND NOT EXISTS (
                  SELECT 1 FROM register.label_actor a
                  WHERE a.label = named.label AND a.valid @> (i.occurred_at AT TIME ZONE 'Europe/Oslo')::date))
