/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two camps: the division of each component that leaves the fewest pairs out of place.
 */
#include "random_stream.h"
#include "signed_pairs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PROCEED_EVERY (UINT64_C(1) << 18) /* divisions between two questions whether to go on */

/* One component, its actors renumbered 0 .. count - 1 in the order of the network. */
struct component {
    size_t count;
    int32_t *actors;
    int32_t (*ends)[2];
    int8_t *signs;
    size_t pair_count;
    size_t *start; /* pairs of each actor */
    int32_t *peer;
    int8_t *peer_sign;
};

struct search {
    const struct component *component;
    int8_t *camp, *best;
    int32_t *gain; /* how many pairs of the actor are out of place, less those that are in place */
    int64_t frustration, least;
};

static int64_t misfits(const struct component *component, const int8_t *camp)
{
    int64_t count = 0;
    for (size_t p = 0; p < component->pair_count; p++)
        count += (camp[component->ends[p][0]] == camp[component->ends[p][1]]) == (component->signs[p] < 0);
    return count;
}

static void start(struct search *search)
{
    const struct component *component = search->component;
    search->frustration = misfits(component, search->camp);
    for (size_t v = 0; v < component->count; v++) {
        search->gain[v] = 0;
        for (size_t at = component->start[v]; at < component->start[v + 1]; at++) {
            bool out = (search->camp[v] == search->camp[component->peer[at]]) == (component->peer_sign[at] < 0);
            search->gain[v] += out ? 1 : -1;
        }
    }
}

static void flip(struct search *search, size_t v)
{
    const struct component *component = search->component;
    search->frustration -= search->gain[v];
    search->gain[v] = -search->gain[v];
    search->camp[v] ^= 1;
    for (size_t at = component->start[v]; at < component->start[v + 1]; at++) {
        int32_t u = component->peer[at];
        bool out = (search->camp[v] == search->camp[u]) == (component->peer_sign[at] < 0);
        search->gain[u] += out ? 2 : -2;
    }
}

static void keep_if_least(struct search *search)
{
    if (search->frustration >= search->least)
        return;
    search->least = search->frustration;
    memcpy(search->best, search->camp, search->component->count);
}

/* All divisions with the first actor in camp 0, one flip apart each (Gray code). */
static bool walk_all(struct search *search, bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    assert(search->component->count > 0);
    uint64_t total = UINT64_C(1) << (search->component->count - 1);
    memset(search->camp, 0, search->component->count);
    start(search);
    keep_if_least(search);
    for (uint64_t step = 1; step < total && search->least > 0; step++) {
        flip(search, 1 + (size_t)__builtin_ctzll(step));
        keep_if_least(search);
        if (step % PROCEED_EVERY == 0 && proceed && !proceed(arg, (unsigned)(step * 1000 / total)))
            return false;
    }
    return true;
}

/* From a random division: flips that help, in the order of the actors, until none does. */
static bool improve(struct search *search, uint64_t seed, unsigned starts, bool (*proceed)(void *arg, unsigned permille),
                    void *arg)
{
    for (unsigned s = 0; s < starts && search->least > 0; s++) {
        struct random_stream stream;
        random_stream_init(&stream, seed, s);
        for (size_t v = 0; v < search->component->count; v++)
            search->camp[v] = (int8_t)random_stream_below(&stream, 2);
        start(search);
        for (bool moved = true; moved;) {
            moved = false;
            for (size_t v = 0; v < search->component->count; v++)
                if (search->gain[v] > 0) {
                    flip(search, v);
                    moved = true;
                }
        }
        keep_if_least(search);
        if (proceed && !proceed(arg, s * 1000 / starts))
            return false;
    }
    return true;
}

static enum signed_status divide(const struct component *component, uint64_t seed, unsigned starts,
                                 bool (*proceed)(void *arg, unsigned permille), void *arg, struct signed_camps *camps)
{
    struct search search = {.component = component,
                            .camp = malloc(component->count + 1),
                            .best = calloc(component->count + 1, 1),
                            .gain = malloc((component->count + 1) * sizeof(int32_t)),
                            .least = INT64_MAX};
    enum signed_status status = search.camp && search.best && search.gain ? SIGNED_OK : SIGNED_NO_MEMORY;
    bool exact = component->count <= SIGNED_EXACT_ACTORS_MAX;
    if (status == SIGNED_OK && !(exact ? walk_all(&search, proceed, arg) : improve(&search, seed, starts, proceed, arg)))
        status = SIGNED_STOPPED;
    if (status == SIGNED_OK) {
        camps->frustration += (double)search.least;
        camps->exact = camps->exact && (exact || search.least == 0);
        for (size_t v = 0; v < component->count; v++)
            camps->camp[component->actors[v]] = search.best[v] ^ search.best[0];
    }
    free(search.camp);
    free(search.best);
    free(search.gain);
    return status;
}

static int32_t root_of(int32_t *parent, int32_t v)
{
    while (parent[v] != v)
        v = parent[v] = parent[parent[v]];
    return v;
}

/* Fills the component whose root is `root`; the arrays have room for the whole network. */
static void collect(const struct signed_pairs *pairs, int32_t *parent, int32_t root, int32_t *number,
                    struct component *component)
{
    component->count = component->pair_count = 0;
    for (size_t v = 0; v < pairs->actor_count; v++)
        if (root_of(parent, (int32_t)v) == root) {
            number[v] = (int32_t)component->count;
            component->actors[component->count++] = (int32_t)v;
        }
    memset(component->start, 0, (component->count + 2) * sizeof *component->start);
    for (size_t p = 0; p < pairs->pair_count; p++) {
        const struct signed_pair *pair = &pairs->pairs[p];
        if (!pair->sign || root_of(parent, pair->a) != root)
            continue;
        int32_t *ends = component->ends[component->pair_count];
        ends[0] = number[pair->a];
        ends[1] = number[pair->b];
        component->signs[component->pair_count++] = pair->sign;
        component->start[ends[0] + 2]++;
        component->start[ends[1] + 2]++;
    }
    for (size_t v = 2; v <= component->count; v++)
        component->start[v] += component->start[v - 1];
    for (size_t p = 0; p < component->pair_count; p++)
        for (int end = 0; end < 2; end++) {
            size_t at = component->start[component->ends[p][end] + 1]++;
            component->peer[at] = component->ends[p][1 - end];
            component->peer_sign[at] = component->signs[p];
        }
}

enum signed_status signed_camps(const struct signed_pairs *pairs, uint64_t seed, unsigned starts,
                                bool (*proceed)(void *arg, unsigned permille), void *arg, struct signed_camps *ret_camps)
{
    size_t n = pairs->actor_count, m = pairs->pair_count;
    *ret_camps = (struct signed_camps){.exact = true, .camp = malloc(n + 1)};
    struct component component = {.actors = malloc((n + 1) * sizeof(int32_t)),
                                  .ends = malloc((m + 1) * sizeof *component.ends),
                                  .signs = malloc(m + 1),
                                  .start = malloc((n + 3) * sizeof(size_t)),
                                  .peer = malloc((2 * m + 1) * sizeof(int32_t)),
                                  .peer_sign = malloc(2 * m + 1)};
    int32_t *parent = malloc((n + 1) * sizeof *parent), *number = malloc((n + 1) * sizeof *number);
    bool *signed_actor = calloc(n + 1, sizeof *signed_actor);
    enum signed_status status = ret_camps->camp && component.actors && component.ends && component.signs && component.start &&
                                        component.peer && component.peer_sign && parent && number && signed_actor
                                    ? SIGNED_OK
                                    : SIGNED_NO_MEMORY;
    if (status == SIGNED_OK) {
        memset(ret_camps->camp, -1, n + 1);
        for (size_t v = 0; v < n; v++)
            parent[v] = (int32_t)v;
        for (size_t p = 0; p < m; p++)
            if (pairs->pairs[p].sign) {
                int32_t a = root_of(parent, pairs->pairs[p].a), b = root_of(parent, pairs->pairs[p].b);
                parent[a > b ? a : b] = a > b ? b : a;
                signed_actor[pairs->pairs[p].a] = signed_actor[pairs->pairs[p].b] = true;
            }
    }
    for (size_t v = 0; v < n && status == SIGNED_OK; v++) {
        if (!signed_actor[v] || parent[v] != (int32_t)v)
            continue;
        collect(pairs, parent, (int32_t)v, number, &component);
        status = divide(&component, seed, starts, proceed, arg, ret_camps);
    }
    free(component.actors);
    free(component.ends);
    free(component.signs);
    free(component.start);
    free(component.peer);
    free(component.peer_sign);
    free(parent);
    free(number);
    free(signed_actor);
    if (status != SIGNED_OK) {
        free(ret_camps->camp);
        ret_camps->camp = NULL;
    }
    return status;
}
