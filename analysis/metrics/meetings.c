/* SPDX-License-Identifier: GPL-3.0-or-later
 * Adding meetings up pair by pair.
 */
#include "meetings.h"

#include "event.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTES_A_DAY 1440

static bool is_present(const struct chronicle_part *part)
{
    return part->side == SIDE_PRESENT;
}

/* The different actors present; `first` has room for all parts. */
static size_t actors_of(const struct chronicle_part *parts, uint32_t count, int32_t *ret_actors, size_t *ret_present)
{
    size_t kept = 0;
    *ret_present = 0;
    for (uint32_t p = 0; p < count; p++) {
        if (!is_present(&parts[p]))
            continue;
        (*ret_present)++;
        bool known = parts[p].actor == CHRONICLE_NO_ACTOR;
        for (size_t i = 0; i < kept && !known; i++)
            known = ret_actors[i] == parts[p].actor;
        if (!known)
            ret_actors[kept++] = parts[p].actor;
    }
    return kept;
}

static void add_pair(struct meetings *meetings, int32_t a, int32_t b, double newman, double count, double minutes)
{
    size_t at = (size_t)a * meetings->actor_count + (size_t)b, back = (size_t)b * meetings->actor_count + (size_t)a;
    double added[] = {[MEETINGS_NEWMAN] = newman, [MEETINGS_COUNT] = count, [MEETINGS_DURATION] = minutes};
    for (size_t p = MEETINGS_NEWMAN; p <= MEETINGS_DURATION; p++) {
        meetings->weights[p][at] += added[p];
        meetings->weights[p][back] = meetings->weights[p][at];
    }
    meetings->weights[MEETINGS_BINARY][at] = meetings->weights[MEETINGS_BINARY][back] = 1;
}

static void add_meeting(struct meetings *meetings, const struct chronicle_event *event, const struct chronicle_part *parts,
                        int32_t *actors)
{
    size_t present, count = actors_of(parts, event->part_count, actors, &present);
    if (count < 2)
        return;
    double minutes = event->end_day > event->time_day ? (event->end_day - event->time_day) * MINUTES_A_DAY * event->weight : 0;
    meetings->untimed += isnan(event->end_day);
    for (size_t i = 0; i < count; i++) {
        meetings->attended[actors[i]]++;
        for (size_t j = 0; j < i; j++) {
            meetings->together[(size_t)actors[i] * meetings->actor_count + (size_t)actors[j]]++;
            meetings->together[(size_t)actors[j] * meetings->actor_count + (size_t)actors[i]]++;
        }
    }
    meetings->sizes[(size_t)meetings->count++] = (double)count;
    /* Two of one actor's are two who are present, as in the network. */
    for (uint32_t p = 0; p < event->part_count; p++)
        for (uint32_t q = 0; q < p; q++)
            if (is_present(&parts[p]) && is_present(&parts[q]) && parts[p].actor != CHRONICLE_NO_ACTOR &&
                parts[q].actor != CHRONICLE_NO_ACTOR && parts[p].actor != parts[q].actor)
                add_pair(meetings, parts[p].actor, parts[q].actor, event->weight / (double)(present - 1), event->weight,
                         minutes);
}

bool meetings_init(struct meetings *ret_meetings, const struct chronicle *chronicle, size_t actor_count)
{
    struct meetings meetings = {.actor_count = actor_count,
                                .attended = calloc(actor_count + 1, sizeof(double)),
                                .sizes = calloc(chronicle->event_count + 1, sizeof(double)),
                                .together = calloc(actor_count * actor_count + 1, sizeof(double))};
    size_t most = 1;
    for (size_t e = 0; e < chronicle->event_count; e++)
        most = chronicle->events[e].part_count > most ? chronicle->events[e].part_count : most;
    int32_t *actors = malloc(most * sizeof *actors);
    bool done = meetings.attended && meetings.sizes && meetings.together && actors;
    for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++) {
        meetings.weights[p] = calloc(actor_count * actor_count + 1, sizeof(double));
        done = done && meetings.weights[p];
    }
    for (size_t e = 0; done && e < chronicle->event_count; e++)
        if (chronicle->events[e].kind == EVENT_MEETING)
            add_meeting(&meetings, &chronicle->events[e], chronicle_parts(chronicle, &chronicle->events[e]), actors);
    free(actors);
    if (!done)
        meetings_release(&meetings);
    *ret_meetings = meetings;
    return done;
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
