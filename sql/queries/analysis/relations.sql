-- SPDX-License-Identifier: GPL-3.0-or-later
SELECT e.id, e.occurred_on - date '1970-01-01', r.from_actor, r.to_actor, r.share
FROM register.actor_event e JOIN register.actor_event_relation r ON r.event = e.id
