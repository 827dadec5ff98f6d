/* SPDX-License-Identifier: GPL-3.0-or-later
 * Adding meetings up pair by pair.
 */
#include "meetings.h"

#include "event.h"
#include "projection.h"

#include <stdlib.h>

#define MINUTES_A_DAY 1440
#define PROCEED_WORK  1000000 /* steps of a few nanoseconds */

struct presence {
    int32_t actor, label;
};

/* Room for the largest interaction. */
struct room {
    struct presence *presences; /* different ones that have an actor, by actor and label */
    int32_t *labels;
    size_t *starts; /* of each actor's presences, and where the last end */
};

static int compare_presences(const void *left, const void *right)
{
    const struct presence *a = left, *b = right;
    if (a->actor != b->actor)
        return a->actor < b->actor ? -1 : 1;
    return (a->label > b->label) - (a->label < b->label);
}

/* Fills the room; returns how many different actors were present, and how many different names. */
static size_t gather(const struct chronicle_part *parts, uint32_t count, struct room *room, size_t *ret_names)
{
    size_t names = 0, presences = 0, kept = 0, actors = 0;
    for (uint32_t p = 0; p < count; p++) {
        if (parts[p].side != SIDE_PRESENT)
            continue;
        room->labels[names++] = parts[p].label;
        if (parts[p].actor != CHRONICLE_NO_ACTOR)
            room->presences[presences++] = (struct presence){parts[p].actor, parts[p].label};
    }
    *ret_names = projection_distinct(room->labels, names);
    if (presences > 1)
        qsort(room->presences, presences, sizeof *room->presences, compare_presences);
    for (size_t i = 0; i < presences; i++) {
        if (kept > 0 && compare_presences(&room->presences[kept - 1], &room->presences[i]) == 0)
            continue;
        if (kept == 0 || room->presences[kept - 1].actor != room->presences[i].actor)
            room->starts[actors++] = kept;
        room->presences[kept++] = room->presences[i];
    }
    room->starts[actors] = kept;
    return actors;
}

/* Pairs of different names, one of each actor; only a group's name can be of both. */
static double pairs_of(const struct room *room, size_t a, size_t b)
{
    size_t i = room->starts[a], j = room->starts[b], shared = 0;
    while (i < room->starts[a + 1] && j < room->starts[b + 1]) {
        int32_t left = room->presences[i].label, right = room->presences[j].label;
        shared += left == right;
        i += left <= right;
        j += right <= left;
    }
    return (double)((room->starts[a + 1] - room->starts[a]) * (room->starts[b + 1] - room->starts[b]) - shared);
}

/* Returns how much work it was. */
static size_t add_meeting(struct meetings *meetings, const struct chronicle_event *event, const struct chronicle_part *parts,
                          struct room *room)
{
    size_t names, count = gather(parts, event->part_count, room, &names);
    if (count < 2)
        return event->part_count;
    bool timed = event->end_day > event->time_day;
    const double each[] = {[MEETINGS_NEWMAN] = event->weight / (double)(names > 1 ? names - 1 : 1),
                           [MEETINGS_COUNT] = event->weight,
                           [MEETINGS_DURATION] = timed ? (event->end_day - event->time_day) * MINUTES_A_DAY : 0};
    meetings->untimed += !timed;
    meetings->sizes[(size_t)meetings->count++] = (double)count;
    for (size_t i = 0; i < count; i++) {
        size_t a = (size_t)room->presences[room->starts[i]].actor;
        meetings->attended[a]++;
        for (size_t j = 0; j < i; j++) {
            size_t b = (size_t)room->presences[room->starts[j]].actor;
            size_t at = a * meetings->actor_count + b, back = b * meetings->actor_count + a;
            double pairs = pairs_of(room, i, j);
            if (pairs == 0)
                continue;
            meetings->together[at] = ++meetings->together[back];
            for (size_t p = MEETINGS_NEWMAN; p <= MEETINGS_DURATION; p++)
                meetings->weights[p][at] = meetings->weights[p][back] += each[p] * pairs;
            meetings->weights[MEETINGS_BINARY][at] = meetings->weights[MEETINGS_BINARY][back] = 1;
        }
    }
    return event->part_count + count * room->starts[count];
}

enum meetings_status meetings_init(struct meetings *ret_meetings, const struct chronicle *chronicle, size_t actor_count,
                                   bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    struct meetings meetings = {.actor_count = actor_count,
                                .attended = calloc(actor_count + 1, sizeof(double)),
                                .sizes = calloc(chronicle->event_count + 1, sizeof(double)),
                                .together = calloc(actor_count * actor_count + 1, sizeof(double))};
    size_t most = 0, work = 0;
    for (size_t e = 0; e < chronicle->event_count; e++)
        most = chronicle->events[e].part_count > most ? chronicle->events[e].part_count : most;
    struct room room = {.presences = malloc((most + 1) * sizeof *room.presences),
                        .labels = malloc((most + 1) * sizeof *room.labels),
                        .starts = malloc((most + 1) * sizeof *room.starts)};
    bool done = meetings.attended && meetings.sizes && meetings.together && room.presences && room.labels && room.starts;
    for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++) {
        meetings.weights[p] = calloc(actor_count * actor_count + 1, sizeof(double));
        done = done && meetings.weights[p];
    }
    enum meetings_status status = done ? MEETINGS_OK : MEETINGS_NO_MEMORY;
    for (size_t e = 0; e < chronicle->event_count && status == MEETINGS_OK; e++) {
        const struct chronicle_event *event = &chronicle->events[e];
        if (event->kind == EVENT_MEETING)
            work += add_meeting(&meetings, event, chronicle_parts(chronicle, event), &room);
        if (work < PROCEED_WORK)
            continue;
        work = 0;
        if (proceed && !proceed(arg, (unsigned)(e * 1000 / chronicle->event_count)))
            status = MEETINGS_STOPPED;
    }
    free(room.presences);
    free(room.labels);
    free(room.starts);
    if (status != MEETINGS_OK)
        meetings_release(&meetings);
    *ret_meetings = meetings;
    return status;
}

void meetings_release(struct meetings *meetings)
{
    free(meetings->attended);
    free(meetings->sizes);
    free(meetings->together);
    for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++)
        free(meetings->weights[p]);
    *meetings = (struct meetings){0};
}

bool meetings_network(const struct network *like, const double *weights, bool unit, struct network *ret_network)
{
    size_t n = like->actor_count;
    *ret_network = (struct network){.spec = like->spec, .actors = like->actors, .actor_count = n, .complete = like->complete};
    ret_network->spec.directed = false;
    ret_network->spec.distance = unit ? DISTANCE_UNIT : DISTANCE_INVERSE;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            ret_network->tie_count += weights[i * n + j] > 0;
    ret_network->ties = malloc((ret_network->tie_count + 1) * sizeof *ret_network->ties);
    if (!ret_network->ties)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (weights[i * n + j] > 0)
                ret_network->ties[at++] = (struct network_tie){(int32_t)i, (int32_t)j, weights[i * n + j], 1};
    return true;
}
