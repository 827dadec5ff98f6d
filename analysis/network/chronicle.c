/* SPDX-License-Identifier: GPL-3.0-or-later
 * Growing lists of events, their parts and their cases, and putting them in order.
 */
#include "chronicle.h"

#include "digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void chronicle_release(struct chronicle *chronicle)
{
    for (size_t i = 0; i < chronicle->case_count; i++) {
        free(chronicle->cases[i].ref);
        free(chronicle->cases[i].type);
        free(chronicle->cases[i].title);
    }
    free(chronicle->events);
    free(chronicle->parts);
    free(chronicle->reporters);
    free(chronicle->cases);
    free(chronicle->case_slots);
    *chronicle = (struct chronicle){0};
}

/* Room for one more in an array that doubles at powers of two; NULL: out of memory, the array stays. */
static void *roomy(void *array, size_t count, size_t size)
{
    if (count & (count - 1))
        return array;
    return realloc(array, (count ? 2 * count : 1) * size);
}

#define ADD(chronicle, list, counter, value)                                                                                   \
    do {                                                                                                                       \
        void *larger = roomy((chronicle)->list, (chronicle)->counter, sizeof *(chronicle)->list);                              \
        if (!larger)                                                                                                           \
            return SIZE_MAX;                                                                                                   \
        (chronicle)->list = larger;                                                                                            \
        (chronicle)->list[(chronicle)->counter] = (value);                                                                     \
        return (chronicle)->counter++;                                                                                         \
    } while (0)

size_t chronicle_add_event(struct chronicle *chronicle, const struct chronicle_event *event)
{
    struct chronicle_event fresh = *event;
    fresh.first_part = chronicle->part_count;
    fresh.first_reporter = chronicle->reporter_count;
    fresh.part_count = fresh.reporter_count = 0;
    ADD(chronicle, events, event_count, fresh);
}

static size_t add_part(struct chronicle *chronicle, const struct chronicle_part *part)
{
    ADD(chronicle, parts, part_count, *part);
}

size_t chronicle_add_part(struct chronicle *chronicle, const struct chronicle_part *part)
{
    size_t at = add_part(chronicle, part);
    chronicle->events[chronicle->event_count - 1].part_count += at != SIZE_MAX;
    return at;
}

static size_t add_reporter(struct chronicle *chronicle, int32_t actor)
{
    ADD(chronicle, reporters, reporter_count, actor);
}

size_t chronicle_add_reporter(struct chronicle *chronicle, int32_t actor)
{
    struct chronicle_event *event = &chronicle->events[chronicle->event_count - 1];
    for (uint32_t i = 0; i < event->reporter_count; i++)
        if (chronicle->reporters[event->first_reporter + i] == actor)
            return event->first_reporter + i;
    size_t at = add_reporter(chronicle, actor);
    event->reporter_count += at != SIZE_MAX;
    return at;
}

static size_t add_case(struct chronicle *chronicle, struct chronicle_case fresh)
{
    ADD(chronicle, cases, case_count, fresh);
}

/* The slot of a reference: its case's index + 1, or 0 where it would go. */
static uint32_t *case_slot(const struct chronicle *chronicle, const char *ref)
{
    size_t at = digest_bytes(0, ref, strlen(ref)) & (chronicle->case_slot_count - 1);
    while (chronicle->case_slots[at] && strcmp(chronicle->cases[chronicle->case_slots[at] - 1].ref, ref) != 0)
        at = (at + 1) & (chronicle->case_slot_count - 1);
    return &chronicle->case_slots[at];
}

static bool widen_slots(struct chronicle *chronicle)
{
    size_t count = 64;
    while (count <= 2 * chronicle->case_count)
        count *= 2;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(chronicle->case_slots);
    chronicle->case_slots = slots;
    chronicle->case_slot_count = count;
    for (size_t i = 0; i < chronicle->case_count; i++)
        *case_slot(chronicle, chronicle->cases[i].ref) = (uint32_t)i + 1;
    return true;
}

size_t chronicle_case_of(struct chronicle *chronicle, const char *ref)
{
    if (2 * chronicle->case_count >= chronicle->case_slot_count && !widen_slots(chronicle))
        return SIZE_MAX;
    uint32_t *slot = case_slot(chronicle, ref);
    if (*slot)
        return *slot - 1;
    char *copy = strdup(ref);
    if (!copy)
        return SIZE_MAX;
    size_t at = add_case(
        chronicle, (struct chronicle_case){.ref = copy, .owner = CHRONICLE_NO_ACTOR, .started_day = NAN, .decided_day = NAN});
    if (at == SIZE_MAX)
        free(copy);
    else
        *slot = (uint32_t)at + 1;
    return at;
}

static int compare_ref(const void *ref, const void *file)
{
    return strcmp(ref, ((const struct chronicle_case *)file)->ref);
}

struct chronicle_case *chronicle_find_case(const struct chronicle *chronicle, const char *ref)
{
    return chronicle->case_count ? bsearch(ref, chronicle->cases, chronicle->case_count, sizeof *chronicle->cases, compare_ref)
                                 : NULL;
}

static int compare_events(const void *a, const void *b)
{
    const struct chronicle_event *left = a, *right = b;
    if (left->time_day != right->time_day)
        return left->time_day < right->time_day ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

static int compare_actors(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

struct placed_case {
    struct chronicle_case file;
    int32_t before;
};

static int compare_cases(const void *a, const void *b)
{
    return strcmp(((const struct placed_case *)a)->file.ref, ((const struct placed_case *)b)->file.ref);
}

static bool order_cases(struct chronicle *chronicle)
{
    size_t count = chronicle->case_count;
    if (!count)
        return true;
    struct placed_case *placed = malloc(count * sizeof *placed);
    int32_t *after = malloc(count * sizeof *after);
    bool ok = placed && after;
    for (size_t i = 0; ok && i < count; i++)
        placed[i] = (struct placed_case){chronicle->cases[i], (int32_t)i};
    if (ok) {
        qsort(placed, count, sizeof *placed, compare_cases);
        for (size_t i = 0; i < count; i++) {
            chronicle->cases[i] = placed[i].file;
            after[placed[i].before] = (int32_t)i;
        }
        for (size_t e = 0; e < chronicle->event_count; e++)
            if (chronicle->events[e].case_file >= 0)
                chronicle->events[e].case_file = after[chronicle->events[e].case_file];
    }
    free(placed);
    free(after);
    chronicle->case_slot_count = 0; /* their places are others now: the next new case makes the slots anew */
    return ok;
}

bool chronicle_order(struct chronicle *chronicle)
{
    if (chronicle->event_count)
        qsort(chronicle->events, chronicle->event_count, sizeof *chronicle->events, compare_events);
    for (size_t e = 0; e < chronicle->event_count; e++)
        if (chronicle->events[e].reporter_count > 1)
            qsort(chronicle->reporters + chronicle->events[e].first_reporter, chronicle->events[e].reporter_count,
                  sizeof *chronicle->reporters, compare_actors);
    return order_cases(chronicle);
}

bool chronicle_by_case(const struct chronicle *chronicle, size_t **ret_order, size_t **ret_start)
{
    size_t *order = malloc((chronicle->event_count + 1) * sizeof *order);
    size_t *start = calloc(chronicle->case_count + 2, sizeof *start);
    *ret_order = order;
    *ret_start = start;
    if (!order || !start)
        return false;
    for (size_t e = 0; e < chronicle->event_count; e++)
        if (chronicle->events[e].case_file >= 0)
            start[chronicle->events[e].case_file + 2]++;
    for (size_t c = 2; c < chronicle->case_count + 2; c++)
        start[c] += start[c - 1];
    for (size_t e = 0; e < chronicle->event_count; e++) /* in the order of time, so each case's are, too */
        if (chronicle->events[e].case_file >= 0)
            order[start[chronicle->events[e].case_file + 1]++] = e;
    return true;
}
