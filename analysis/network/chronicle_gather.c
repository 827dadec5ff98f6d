/* SPDX-License-Identifier: GPL-3.0-or-later
 * One interaction at a time.
 */
#include "chronicle_gather.h"

#include "civil_time.h"
#include "digest.h"

#include <math.h>

static double day_of(int64_t time_us)
{
    return time_us == EVENT_NO_TIME ? NAN : civil_day_fraction(time_us);
}

static double day_at(const int64_t *times, uint32_t i)
{
    return times ? day_of(times[i]) : NAN;
}

static bool add_participant(struct chronicle *chronicle, struct merge *merge, const struct event *event, uint32_t i)
{
    struct chronicle_part part = {
        .label = event->labels[i],
        .role = event->roles[i],
        .side = (uint8_t)event_side(event->kind, event->roles[i]),
        .deadline_agreed = event->deadline_agreed && event->deadline_agreed[i],
        .reply_status = event->reply_status ? event->reply_status[i] : EVENT_REPLY_NONE,
        .outcome = event->outcome ? event->outcome[i] : 0,
        .received_day = day_at(event->received, i),
        .deadline_day = day_at(event->deadline, i),
        .replied_day = day_at(event->replied, i),
    };
    part.actor = merge_actor_of(merge, event->labels[i], event->day);
    if (part.actor != MERGE_GROUP) {
        part.actor = part.actor < 0 ? CHRONICLE_NO_ACTOR : part.actor;
        return chronicle_add_part(chronicle, &part) != SIZE_MAX;
    }
    part.through_group = true;
    bool any = false;
    for (size_t m = 0; (part.actor = merge_member_of(merge, event->labels[i], event->day, m)) != MERGE_NO_MORE; m++) {
        if (part.actor >= 0 && chronicle_add_part(chronicle, &part) == SIZE_MAX)
            return false;
        any = any || part.actor >= 0;
    }
    part.actor = CHRONICLE_NO_ACTOR; /* a group without an actor here was there nonetheless */
    return any || chronicle_add_part(chronicle, &part) != SIZE_MAX;
}

bool chronicle_gather_add(struct chronicle *chronicle, struct merge *merge, const struct event *event)
{
    struct chronicle_event fresh = {
        .id = digest_bytes(0, event->id, sizeof event->id),
        .time_day = day_of(event->time_us),
        .end_day = day_of(event->end_us),
        .day = event->day,
        .case_file = -1,
        .layer = event->layer,
        .stage = event->stage,
        .level = event->level,
        .resolved_level = event->resolved_level,
        .kind = event->kind,
        .weight = event->weight > 0 ? event->weight : 1, /* as in condensed days */
    };
    if (event->case_ref) {
        size_t at = chronicle_case_of(chronicle, event->case_ref);
        if (at == SIZE_MAX)
            return false;
        fresh.case_file = (int32_t)at;
    }
    if (chronicle_add_event(chronicle, &fresh) == SIZE_MAX)
        return false;
    for (uint32_t i = 0; i < event->count; i++)
        if (!add_participant(chronicle, merge, event, i))
            return false;
    for (uint32_t i = 0; i < event->reports; i++)
        if (chronicle_add_reporter(chronicle, merge_reporter_of(merge, event->reporters[i], event->day)) == SIZE_MAX)
            return false;
    return true;
}

bool chronicle_gather_finish(struct chronicle *chronicle, int32_t to_day, int64_t recorded_us)
{
    chronicle->observed_until = to_day;
    if (recorded_us != INT64_MIN && day_of(recorded_us) < to_day)
        chronicle->observed_until = day_of(recorded_us);
    return chronicle_order(chronicle);
}
