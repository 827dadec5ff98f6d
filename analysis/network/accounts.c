/* SPDX-License-Identifier: GPL-3.0-or-later
 * One interaction at a time, in the order of the chronicle, so that sums come out the same.
 */
#include "accounts.h"

#include "event.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTES_PER_DAY (24.0 * 60)
#define TOLD_FROM       1
#define TOLD_TO         2

/* A tie of one interaction, before it is added to its dyad. */
struct mention {
    int32_t from, to;
    size_t order;
    unsigned told;
    double weight;
};
struct gathering {
    const struct network *network;
    struct mention *mentions;
    size_t count, capacity;
    size_t *told_at; /* of each actor: 1 + the last interaction it told of */
    int32_t *voice;  /* of each actor: index of the body that reports for it; -1 = itself, or that body is not here */
};
struct numbered {
    int32_t id, index;
};

static int compare_numbered(const void *a, const void *b)
{
    int32_t left = ((const struct numbered *)a)->id, right = ((const struct numbered *)b)->id;
    return (left > right) - (left < right);
}

static bool find_voices(struct gathering *gathering)
{
    size_t n = gathering->network->actor_count;
    struct numbered *numbered = malloc((n + 1) * sizeof *numbered);
    if (!numbered)
        return false;
    for (size_t i = 0; i < n; i++)
        numbered[i] = (struct numbered){gathering->network->actors[i].id, (int32_t)i};
    if (n > 1)
        qsort(numbered, n, sizeof *numbered, compare_numbered);
    for (size_t i = 0; i < n; i++) {
        struct numbered wanted = {gathering->network->actors[i].voice, 0};
        const struct numbered *found = wanted.id ? bsearch(&wanted, numbered, n, sizeof wanted, compare_numbered) : NULL;
        gathering->voice[i] = found ? found->index : -1;
    }
    free(numbered);
    return true;
}

static bool tells(const struct gathering *gathering, int32_t actor, size_t event)
{
    int32_t voice = gathering->voice[actor];
    return gathering->told_at[actor] == event + 1 || (voice >= 0 && gathering->told_at[voice] == event + 1);
}

static bool add_mention(struct gathering *gathering, size_t event, int32_t from, int32_t to, double weight)
{
    if (from == to || from < 0 || to < 0)
        return true;
    if (!gathering->network->spec.directed && from > to) {
        int32_t swap = from;
        from = to;
        to = swap;
    }
    if (gathering->count == gathering->capacity) {
        size_t capacity = gathering->capacity ? 2 * gathering->capacity : 256;
        struct mention *larger = realloc(gathering->mentions, capacity * sizeof *larger);
        if (!larger)
            return false;
        gathering->mentions = larger;
        gathering->capacity = capacity;
    }
    unsigned told = (tells(gathering, from, event) ? TOLD_FROM : 0) | (tells(gathering, to, event) ? TOLD_TO : 0);
    gathering->mentions[gathering->count] = (struct mention){from, to, gathering->count, told, weight};
    gathering->count++;
    return true;
}

static bool same_group(const struct chronicle_part *parts, uint32_t a, uint32_t b)
{
    for (uint32_t p = a; p <= b; p++)
        if (!parts[p].through_group)
            return false;
    return true;
}

/* How many names were present: a group is one, however many members it has. */
static double present(const struct chronicle_part *parts, uint32_t count)
{
    double names = 0;
    for (uint32_t p = 0; p < count; p++)
        if (parts[p].side == SIDE_PRESENT)
            names += !(parts[p].through_group && p > 0 && parts[p - 1].through_group);
    return names;
}

/* What one pair or arc of the interaction weighs; 0: it carries no tie under this projection. */
static double weight_of(const struct spec *spec, const struct chronicle_event *event, const struct chronicle_part *parts)
{
    double weight = event->weight > 0 ? event->weight : 1;
    bool meeting = event->kind == EVENT_MEETING;
    switch (spec->projection) {
    case PROJECTION_NEWMAN:
        return meeting ? weight / fmax(1, present(parts, event->part_count) - 1) : weight;
    case PROJECTION_COUNT:
    case PROJECTION_BINARY:
        return weight;
    case PROJECTION_DURATION:
        return meeting && event->end_day > event->time_day ? (event->end_day - event->time_day) * MINUTES_PER_DAY : 0;
    }
    return 0;
}

static bool gather_event(struct gathering *gathering, const struct chronicle *chronicle, size_t index)
{
    const struct chronicle_event *event = &chronicle->events[index];
    const struct chronicle_part *parts = chronicle_parts(chronicle, event);
    double weight = weight_of(&gathering->network->spec, event, parts);
    if (event->kind == EVENT_OBJECTION || !(weight > 0))
        return true;
    for (uint32_t r = 0; r < event->reporter_count; r++) {
        int32_t reporter = chronicle->reporters[event->first_reporter + r];
        if (reporter >= 0)
            gathering->told_at[reporter] = index + 1;
    }
    bool meeting = event->kind == EVENT_MEETING;
    for (uint32_t a = 0; a < event->part_count; a++) {
        if (parts[a].side != (meeting ? SIDE_PRESENT : SIDE_FROM))
            continue;
        for (uint32_t b = meeting ? a + 1 : 0; b < event->part_count; b++) {
            if (parts[b].side != (meeting ? SIDE_PRESENT : SIDE_TO) || (meeting && same_group(parts, a, b)))
                continue;
            if (!add_mention(gathering, index, parts[a].actor, parts[b].actor, weight))
                return false;
            if (meeting && gathering->network->spec.directed &&
                !add_mention(gathering, index, parts[b].actor, parts[a].actor, weight))
                return false;
        }
    }
    return true;
}

static int compare_mentions(const void *a, const void *b)
{
    const struct mention *left = a, *right = b;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    if (left->to != right->to)
        return left->to < right->to ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

static void add_account(struct account *account, double weight)
{
    account->count++;
    account->sum += weight;
    account->largest = fmax(account->largest, weight);
}

static bool add_up(struct gathering *gathering, struct accounts *accounts)
{
    accounts->dyads = malloc((gathering->count + 1) * sizeof *accounts->dyads);
    if (!accounts->dyads)
        return false;
    if (gathering->count > 1)
        qsort(gathering->mentions, gathering->count, sizeof *gathering->mentions, compare_mentions);
    for (size_t m = 0; m < gathering->count; m++) {
        const struct mention *mention = &gathering->mentions[m];
        if (m == 0 || mention[-1].from != mention->from || mention[-1].to != mention->to)
            accounts->dyads[accounts->count++] = (struct accounts_dyad){.from = mention->from, .to = mention->to};
        struct accounts_dyad *dyad = &accounts->dyads[accounts->count - 1];
        add_account(&dyad->any, mention->weight);
        if (mention->told & TOLD_FROM)
            add_account(&dyad->by_from, mention->weight);
        if (mention->told & TOLD_TO)
            add_account(&dyad->by_to, mention->weight);
        if (mention->told == (TOLD_FROM | TOLD_TO))
            add_account(&dyad->by_both, mention->weight);
    }
    return true;
}

bool accounts_init(struct accounts *ret_accounts, const struct network *network, const struct chronicle *chronicle,
                   double from_day, double to_day)
{
    size_t n = network->actor_count;
    struct accounts accounts = {0};
    struct gathering gathering = {.network = network,
                                  .told_at = calloc(n + 1, sizeof *gathering.told_at),
                                  .voice = malloc((n + 1) * sizeof *gathering.voice)};
    bool ok = gathering.told_at && gathering.voice && find_voices(&gathering);
    for (size_t e = 0; ok && e < chronicle->event_count; e++) {
        const struct chronicle_event *event = &chronicle->events[e];
        size_t before = gathering.count;
        if (event->time_day < from_day || !(event->time_day < to_day))
            continue;
        ok = gather_event(&gathering, chronicle, e);
        if (gathering.count == before)
            continue;
        bool heard = false;
        for (uint32_t r = 0; r < event->reporter_count; r++)
            heard = heard || chronicle->reporters[event->first_reporter + r] >= 0;
        accounts.interactions++;
        accounts.by_none += !heard;
    }
    ok = ok && add_up(&gathering, &accounts);
    free(gathering.mentions);
    free(gathering.told_at);
    free(gathering.voice);
    if (ok)
        *ret_accounts = accounts;
    return ok;
}

void accounts_release(struct accounts *accounts)
{
    free(accounts->dyads);
    *accounts = (struct accounts){0};
}

double account_weight(const struct spec *spec, const struct account *account)
{
    if (!(account->count > 0))
        return 0;
    if (spec->projection == PROJECTION_BINARY)
        return 1;
    return spec->weight == WEIGHT_MEAN  ? account->sum / account->count
           : spec->weight == WEIGHT_MAX ? account->largest
                                        : account->sum;
}
