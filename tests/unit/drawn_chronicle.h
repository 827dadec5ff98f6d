/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chronicles for tests, an interaction and a participant at a time.
 */
#ifndef SAMORDNING_DRAWN_CHRONICLE_H
#define SAMORDNING_DRAWN_CHRONICLE_H

#include "chronicle.h"
#include "event.h"

/* An interaction of a case (NULL = none); what follows is added to it. */
struct chronicle_event *chronicle_draw(struct chronicle *chronicle, enum event_kind kind, int16_t stage, double day,
                                       const char *case_ref);
/* A participant of the latest interaction, with nothing known of a reply; the returned one may be filled in at once. */
struct chronicle_part *chronicle_draw_part(struct chronicle *chronicle, int32_t actor, enum event_role role);

#endif
