/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fills in what a test does not care about.
 */
#include "drawn_chronicle.h"

#include <check.h>
#include <math.h>

struct chronicle_event *chronicle_draw(struct chronicle *chronicle, enum event_kind kind, int16_t stage, double day,
                                       const char *case_ref)
{
    struct chronicle_event event = {.id = chronicle->event_count + 1,
                                    .time_day = day,
                                    .end_day = NAN,
                                    .day = (int32_t)floor(day),
                                    .case_file = case_ref ? (int32_t)chronicle_case_of(chronicle, case_ref) : -1,
                                    .layer = (int16_t)(kind == EVENT_REQUEST ? 7 : 1),
                                    .stage = stage,
                                    .kind = (uint8_t)kind,
                                    .weight = 1};
    size_t at = chronicle_add_event(chronicle, &event);
    ck_assert_uint_ne(at, SIZE_MAX);
    return &chronicle->events[at];
}

struct chronicle_part *chronicle_draw_part(struct chronicle *chronicle, int32_t actor, enum event_role role)
{
    struct chronicle_part part = {.actor = actor,
                                  .label = actor, /* a name of its own */
                                  .role = (int16_t)role,
                                  .side =
                                      (uint8_t)event_side(chronicle->events[chronicle->event_count - 1].kind, (int16_t)role),
                                  .received_day = NAN,
                                  .deadline_day = NAN,
                                  .replied_day = NAN};
    size_t at = chronicle_add_part(chronicle, &part);
    ck_assert_uint_ne(at, SIZE_MAX);
    return &chronicle->parts[at];
}
