/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the chronicle to contacts, and walking them once for all sources together.
 */
#include "contact_sequence.h"

#include "event.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROCEED_CONTACTS 4096

/* ---------------------------------------------------------------------------------------------------- the sequence */
struct builder {
    struct contact_sequence *sequence;
    size_t contact_capacity, place_capacity;
    bool failed;
};

static void *grown(struct builder *builder, void *array, size_t *capacity, size_t wanted, size_t size)
{
    if (wanted <= *capacity)
        return array;
    size_t larger_capacity = *capacity ? *capacity : 256;
    while (larger_capacity < wanted)
        larger_capacity *= 2;
    void *larger = realloc(array, larger_capacity * size);
    if (!larger) {
        builder->failed = true;
        return array;
    }
    *capacity = larger_capacity;
    return larger;
}

static int compare_actors(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

/* Actors of the event on `side`, each once; returns how many, from *ret_first on. */
static uint32_t add_side(struct builder *builder, const struct chronicle *chronicle, const struct chronicle_event *event,
                         uint8_t side, size_t *ret_first)
{
    struct contact_sequence *sequence = builder->sequence;
    *ret_first = sequence->place_count;
    sequence->actors = grown(builder, sequence->actors, &builder->place_capacity, sequence->place_count + event->part_count,
                             sizeof *sequence->actors);
    if (builder->failed)
        return 0;
    const struct chronicle_part *parts = chronicle_parts(chronicle, event);
    size_t count = 0;
    int32_t *places = sequence->actors + *ret_first;
    for (uint32_t p = 0; p < event->part_count; p++)
        if (parts[p].side == side && parts[p].actor != CHRONICLE_NO_ACTOR)
            places[count++] = parts[p].actor;
    if (count > 1)
        qsort(places, count, sizeof *places, compare_actors);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || places[kept - 1] != places[i])
            places[kept++] = places[i];
    sequence->place_count += kept;
    return (uint32_t)kept;
}

static void add_contact(struct builder *builder, double time_day, size_t from, uint32_t from_count, size_t to,
                        uint32_t to_count)
{
    struct contact_sequence *sequence = builder->sequence;
    const int32_t *actors = sequence->actors;
    if (from_count == 0 || to_count == 0 || (from_count == 1 && to_count == 1 && actors[from] == actors[to]))
        return;
    sequence->contacts =
        grown(builder, sequence->contacts, &builder->contact_capacity, sequence->contact_count + 1, sizeof *sequence->contacts);
    if (!builder->failed)
        sequence->contacts[sequence->contact_count++] =
            (struct contact){.time_day = time_day, .from = from, .from_count = from_count, .to = to, .to_count = to_count};
}

static void add_event(struct builder *builder, const struct chronicle *chronicle, const struct chronicle_event *event)
{
    size_t from, to;
    if (event->kind == EVENT_MEETING) {
        uint32_t count = add_side(builder, chronicle, event, SIDE_PRESENT, &from);
        if (count > 1)
            add_contact(builder, event->time_day, from, count, from, count);
        return;
    }
    uint32_t from_count = add_side(builder, chronicle, event, SIDE_FROM, &from);
    uint32_t to_count = add_side(builder, chronicle, event, SIDE_TO, &to);
    add_contact(builder, event->time_day, from, from_count, to, to_count);
    const struct chronicle_part *parts = chronicle_parts(chronicle, event);
    for (uint32_t p = 0; p < event->part_count && event->kind == EVENT_REQUEST; p++) {
        if (parts[p].side != SIDE_TO || parts[p].actor == CHRONICLE_NO_ACTOR || isnan(parts[p].replied_day) ||
            parts[p].replied_day < event->time_day || parts[p].replied_day > chronicle->observed_until)
            continue;
        struct contact_sequence *sequence = builder->sequence;
        sequence->actors =
            grown(builder, sequence->actors, &builder->place_capacity, sequence->place_count + 1, sizeof *sequence->actors);
        if (builder->failed)
            return;
        sequence->actors[sequence->place_count] = parts[p].actor;
        add_contact(builder, parts[p].replied_day, sequence->place_count++, 1, from, from_count);
    }
}

static int compare_contacts(const void *a, const void *b)
{
    const struct contact *left = a, *right = b;
    if (left->time_day != right->time_day)
        return left->time_day < right->time_day ? -1 : 1;
    return (left->from > right->from) - (left->from < right->from);
}

bool contact_sequence_init(struct contact_sequence *ret_sequence, const struct chronicle *chronicle, size_t actor_count)
{
    *ret_sequence = (struct contact_sequence){.actor_count = actor_count};
    struct builder builder = {.sequence = ret_sequence};
    for (size_t e = 0; e < chronicle->event_count && !builder.failed; e++)
        add_event(&builder, chronicle, &chronicle->events[e]);
    if (builder.failed) {
        contact_sequence_release(ret_sequence);
        return false;
    }
    if (ret_sequence->contact_count > 1)
        qsort(ret_sequence->contacts, ret_sequence->contact_count, sizeof *ret_sequence->contacts, compare_contacts);
    return true;
}

void contact_sequence_release(struct contact_sequence *sequence)
{
    free(sequence->contacts);
    free(sequence->actors);
    *sequence = (struct contact_sequence){0};
}

/* ---------------------------------------------------------------------------------------------------------- reach */
void contact_reach_release(struct contact_reach *reach)
{
    free(reach->arrival);
    free(reach->fastest);
    *reach = (struct contact_reach){0};
}

/* Rows are kept by receiver while walking: row v holds, for each source, what v knows of it. */
struct walk {
    size_t n;
    double *latest; /* the latest leaving, in days from the start, of what has arrived; -INFINITY = nothing */
    double *staged; /* what arrives at this instant */
    int32_t *touched;
    size_t touched_count;
    bool *is_touched;
    double *union_row;
    double *arrival, *fastest; /* by receiver */
};

/* What the senders know of each source before `now`, the best of them; themselves they know as of now. */
static void gather(struct walk *walk, const int32_t *senders, size_t count, double now)
{
    size_t n = walk->n;
    memcpy(walk->union_row, walk->latest + (size_t)senders[0] * n, n * sizeof(double));
    for (size_t i = 1; i < count; i++) {
        const double *row = walk->latest + (size_t)senders[i] * n;
        for (size_t s = 0; s < n; s++)
            walk->union_row[s] = row[s] > walk->union_row[s] ? row[s] : walk->union_row[s];
    }
    for (size_t i = 0; i < count; i++)
        walk->union_row[senders[i]] = now;
}

static void stage(struct walk *walk, const int32_t *receivers, size_t count)
{
    size_t n = walk->n;
    for (size_t i = 0; i < count; i++) {
        size_t v = (size_t)receivers[i];
        double *row = walk->staged + v * n;
        if (!walk->is_touched[v]) {
            walk->is_touched[v] = true;
            walk->touched[walk->touched_count++] = (int32_t)v;
            memcpy(row, walk->union_row, n * sizeof(double));
        } else {
            for (size_t s = 0; s < n; s++)
                row[s] = walk->union_row[s] > row[s] ? walk->union_row[s] : row[s];
        }
    }
}

/* What arrived at the instant `now` becomes known. */
static void settle(struct walk *walk, double now)
{
    size_t n = walk->n;
    for (size_t i = 0; i < walk->touched_count; i++) {
        size_t v = (size_t)walk->touched[i];
        double *latest = walk->latest + v * n, *arrival = walk->arrival + v * n, *fastest = walk->fastest + v * n;
        const double *staged = walk->staged + v * n;
        for (size_t s = 0; s < n; s++) {
            double took = now - staged[s];
            arrival[s] = staged[s] > -INFINITY && now < arrival[s] ? now : arrival[s];
            fastest[s] = took < fastest[s] ? took : fastest[s];
            latest[s] = staged[s] > latest[s] ? staged[s] : latest[s];
        }
        walk->is_touched[v] = false;
    }
    walk->touched_count = 0;
}

static void transpose(double *matrix, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double swap = matrix[i * n + j];
            matrix[i * n + j] = matrix[j * n + i];
            matrix[j * n + i] = swap;
        }
}

enum contact_status contact_reach_init(struct contact_reach *ret_reach, const struct contact_sequence *sequence,
                                       double start_day, bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    size_t n = sequence->actor_count, cells = n * n;
    struct walk walk = {.n = n,
                        .latest = malloc((cells + 1) * sizeof(double)),
                        .staged = malloc((cells + 1) * sizeof(double)),
                        .touched = malloc((n + 1) * sizeof(int32_t)),
                        .is_touched = calloc(n + 1, sizeof(bool)),
                        .union_row = malloc((n + 1) * sizeof(double)),
                        .arrival = malloc((cells + 1) * sizeof(double)),
                        .fastest = malloc((cells + 1) * sizeof(double))};
    *ret_reach = (struct contact_reach){n, walk.arrival, walk.fastest};
    enum contact_status status = CONTACT_NO_MEMORY;
    if (!walk.latest || !walk.staged || !walk.touched || !walk.is_touched || !walk.union_row || !walk.arrival || !walk.fastest)
        goto out;
    for (size_t i = 0; i < cells; i++) {
        walk.latest[i] = -INFINITY;
        walk.arrival[i] = walk.fastest[i] = INFINITY;
    }
    status = CONTACT_OK;
    for (size_t c = 0, next; c < sequence->contact_count && status == CONTACT_OK; c = next) {
        double now = sequence->contacts[c].time_day - start_day;
        for (next = c; next < sequence->contact_count && sequence->contacts[next].time_day == sequence->contacts[c].time_day;
             next++) {
            const struct contact *contact = &sequence->contacts[next];
            gather(&walk, sequence->actors + contact->from, contact->from_count, now);
            stage(&walk, sequence->actors + contact->to, contact->to_count);
        }
        settle(&walk, now);
        if (proceed && c / PROCEED_CONTACTS != next / PROCEED_CONTACTS &&
            !proceed(arg, (unsigned)(next * 1000 / sequence->contact_count)))
            status = CONTACT_STOPPED;
    }
    for (size_t v = 0; v < n; v++)
        walk.arrival[v * n + v] = walk.fastest[v * n + v] = 0;
    transpose(walk.arrival, n);
    transpose(walk.fastest, n);
out:
    free(walk.latest);
    free(walk.staged);
    free(walk.touched);
    free(walk.is_touched);
    free(walk.union_row);
    if (status != CONTACT_OK)
        contact_reach_release(ret_reach);
    return status;
}

bool contact_pairs_in_order(const struct contact_sequence *sequence, const int32_t *order, double *ret_pairs)
{
    size_t n = sequence->actor_count, words = (n + 63) / 64, touched_count = 0;
    uint64_t *known = calloc(n * words + 1, sizeof *known), *staged = calloc(n * words + 1, sizeof *staged);
    uint64_t *all = malloc((words + 1) * sizeof *all);
    int32_t *touched = malloc((sequence->place_count + 1) * sizeof *touched);
    bool done = known && staged && all && touched;
    for (size_t v = 0; done && v < n; v++)
        known[v * words + v / 64] |= UINT64_C(1) << v % 64;
    for (size_t c = 0; done && c < sequence->contact_count; c++) {
        const struct contact *contact = &sequence->contacts[order[c]];
        const int32_t *from = sequence->actors + contact->from, *to = sequence->actors + contact->to;
        memset(all, 0, words * sizeof *all);
        for (uint32_t i = 0; i < contact->from_count; i++)
            for (size_t w = 0; w < words; w++)
                all[w] |= known[(size_t)from[i] * words + w];
        for (uint32_t i = 0; i < contact->to_count; i++) {
            touched[touched_count++] = to[i];
            for (size_t w = 0; w < words; w++)
                staged[(size_t)to[i] * words + w] |= all[w];
        }
        /* Slots of one instant are over: what arrived becomes known. */
        if (c + 1 < sequence->contact_count && sequence->contacts[c + 1].time_day == sequence->contacts[c].time_day)
            continue;
        for (size_t i = 0; i < touched_count; i++)
            for (size_t w = 0; w < words; w++) {
                known[(size_t)touched[i] * words + w] |= staged[(size_t)touched[i] * words + w];
                staged[(size_t)touched[i] * words + w] = 0;
            }
        touched_count = 0;
    }
    double pairs = -(double)n;
    for (size_t i = 0; done && i < n * words; i++)
        pairs += __builtin_popcountll(known[i]);
    free(known);
    free(staged);
    free(all);
    free(touched);
    *ret_pairs = pairs;
    return done;
}
