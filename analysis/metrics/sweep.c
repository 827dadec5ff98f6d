/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bit-parallel breadth-first search: a level pulls when most of the network is at work, and pushes from the few that are, so
 * that long chains stay cheap.
 *
 * No frontier is kept: a neighbour seen before the last level has nothing to tell, because this actor was seen one level later
 * at most.
 */
#include "sweep.h"

#include "compact.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_WORDS   VECTORS_LANES
#define BLOCK_SOURCES ((size_t)8 * VECTORS_BYTES)
#define ARC_NS        1.0   /* rough cost of an arc, level and block */
#define LEVELS        4.0   /* rough number of levels that touch most arcs */
#define PULL_SHARE    4     /* pull once the active actors' arcs are more than 1/4 of those of unfinished actors */
#define CHUNK_ARCS    50000 /* between two looks at the watch */

struct state {
    vectors_bits *seen, *next;
    int32_t *active, *fresh; /* who changed in the last level, and in this one */
    bool *is_fresh;          /* while pushing */
    size_t active_count, fresh_count;
    size_t active_arcs, open_arcs; /* arcs out of the active; arcs into actors not yet reached by all sources of the block */
    struct sweep_sum *sums;        /* by position */
};

struct sweeping {
    struct compact compact;
    enum vectors vectors;
    struct sweep_sum *sums; /* by actor */
};

VECTORS_BODY bool empty(const vectors_bits *bits)
{
    uint64_t any = 0;
    for (int w = 0; w < BLOCK_WORDS; w++)
        any |= (*bits)[w];
    return any == 0;
}

/* Actors [first, last) look at those before them. */
VECTORS_BODY void pull_body(const struct compact *compact, struct state *state, size_t first, size_t last)
{
    const vectors_bits *seen = state->seen;
    for (size_t v = first; v < last; v++) {
        vectors_bits missing = ~seen[v], got = {0};
        if (empty(&missing))
            continue;
        size_t a = compact->in_start[v], end = compact->in_start[v + 1];
        while (a < end) {
            size_t pause = a + 4 < end ? a + 4 : end;
            for (; a < pause; a++)
                got |= seen[compact->in_peer[a]];
            vectors_bits left = missing & ~got;
            if (empty(&left))
                break;
        }
        got &= missing;
        if (!empty(&got)) {
            state->next[v] = got;
            state->fresh[state->fresh_count++] = (int32_t)v;
        }
    }
}
VECTORS_VERSIONS(void, pull, (const struct compact *compact, struct state *state, size_t first, size_t last),
                 (compact, state, first, last));

/* The active actors [first, last) of the list tell those after them. */
VECTORS_BODY void push_body(const struct compact *compact, struct state *state, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        size_t u = (size_t)state->active[i];
        vectors_bits from = state->seen[u];
        for (size_t a = compact->out_start[u]; a < compact->out_start[u + 1]; a++) {
            int32_t v = compact->out_peer[a];
            state->next[v] |= from;
            if (!state->is_fresh[v]) {
                state->is_fresh[v] = true;
                state->fresh[state->fresh_count++] = v;
            }
        }
    }
}
VECTORS_VERSIONS(void, push, (const struct compact *compact, struct state *state, size_t first, size_t last),
                 (compact, state, first, last));

/* What is new becomes seen and is counted; those with anything new are the active of the next level. */
VECTORS_BODY void settle_body(const struct compact *compact, struct state *state, size_t level)
{
    amount_t inverse = AMOUNT_ONE / level;
    state->active_count = state->active_arcs = 0;
    for (size_t i = 0; i < state->fresh_count; i++) {
        size_t v = (size_t)state->fresh[i];
        vectors_bits fresh = state->next[v] & ~state->seen[v];
        state->next[v] = (vectors_bits){0};
        state->is_fresh[v] = false;
        uint32_t sources = 0;
        for (int w = 0; w < BLOCK_WORDS; w++)
            sources += (uint32_t)__builtin_popcountll(fresh[w]);
        if (sources == 0)
            continue;
        state->seen[v] |= fresh;
        vectors_bits missing = ~state->seen[v];
        if (empty(&missing))
            state->open_arcs -= compact->in_start[v + 1] - compact->in_start[v];
        state->sums[v].inverse += inverse * sources;
        state->sums[v].steps += sources * level;
        state->sums[v].reached += sources;
        if (state->sums[v].farthest < level)
            state->sums[v].farthest = (uint32_t)level;
        state->active[state->active_count++] = (int32_t)v;
        state->active_arcs += compact->out_start[v + 1] - compact->out_start[v];
    }
    state->fresh_count = 0;
}
VECTORS_VERSIONS(void, settle, (const struct compact *compact, struct state *state, size_t level), (compact, state, level));

/* One level; false = stopped. */
static bool advance(const struct sweeping *sweeping, struct state *state, struct crew_watch *watch)
{
    const struct compact *compact = &sweeping->compact;
    bool pulls = state->active_arcs > state->open_arcs / PULL_SHARE;
    size_t end = pulls ? compact->count : state->active_count, from = 0, arcs = 0;
    for (size_t i = 0; i < end; i++) {
        size_t v = pulls ? i : (size_t)state->active[i];
        const size_t *start = pulls ? compact->in_start : compact->out_start;
        arcs += start[v + 1] - start[v] + 1;
        if (arcs < CHUNK_ARCS && i + 1 < end)
            continue;
        if (crew_stopping(watch))
            return false;
        (pulls ? pull : push)[sweeping->vectors](compact, state, from, i + 1);
        from = i + 1;
        arcs = 0;
    }
    return true;
}

static void sweep_block(void *arg, void *worker, size_t block, struct crew_watch *watch)
{
    struct sweeping *sweeping = arg;
    struct state *state = worker;
    const struct compact *compact = &sweeping->compact;
    size_t n = compact->count, first = block * BLOCK_SOURCES;
    size_t sources = n - first < BLOCK_SOURCES ? n - first : BLOCK_SOURCES;
    vectors_bits unused = {0}; /* bits without a source count as seen by everybody */
    for (size_t bit = sources; bit < BLOCK_SOURCES; bit++)
        unused[bit / 64] |= UINT64_C(1) << bit % 64;
    for (size_t v = 0; v < n; v++)
        state->seen[v] = unused;
    state->active_count = state->active_arcs = state->fresh_count = 0;
    state->open_arcs = compact->arc_count;
    for (size_t bit = 0; bit < sources; bit++) {
        size_t v = first + bit;
        state->seen[v][bit / 64] |= UINT64_C(1) << bit % 64;
        state->active[state->active_count++] = (int32_t)v;
        state->active_arcs += compact->out_start[v + 1] - compact->out_start[v];
    }
    for (size_t level = 1; state->active_count > 0; level++) {
        if (!advance(sweeping, state, watch)) /* stopped: the state is of no use any more */
            return;
        settle[sweeping->vectors](compact, state, level);
    }
}

static void state_destroy(struct state *state)
{
    if (!state)
        return;
    free(state->seen);
    free(state->next);
    free(state->active);
    free(state->fresh);
    free(state->is_fresh);
    free(state->sums);
    free(state);
}

static void *begin(void *arg)
{
    const struct sweeping *sweeping = arg;
    size_t n = sweeping->compact.count;
    struct state *state = calloc(1, sizeof *state);
    if (!state)
        return NULL;
    state->seen = aligned_alloc(VECTORS_BYTES, (n + 1) * sizeof *state->seen);
    state->next = aligned_alloc(VECTORS_BYTES, (n + 1) * sizeof *state->next);
    state->active = malloc((n + 1) * sizeof *state->active);
    state->fresh = malloc((n + 1) * sizeof *state->fresh);
    state->is_fresh = calloc(n + 1, sizeof *state->is_fresh);
    state->sums = calloc(n + 1, sizeof *state->sums);
    if (!state->seen || !state->next || !state->active || !state->fresh || !state->is_fresh || !state->sums) {
        state_destroy(state);
        return NULL;
    }
    memset(state->next, 0, (n + 1) * sizeof *state->next);
    return state;
}

static void add(struct sweep_sum *sum, const struct sweep_sum *part)
{
    sum->inverse += part->inverse;
    sum->steps += part->steps;
    sum->reached += part->reached;
    if (sum->farthest < part->farthest)
        sum->farthest = part->farthest;
}

static void end(void *arg, void *worker, bool done)
{
    struct sweeping *sweeping = arg;
    struct state *state = worker;
    for (size_t p = 0; done && p < sweeping->compact.count; p++)
        add(&sweeping->sums[sweeping->compact.actor[p]], &state->sums[p]);
    state_destroy(state);
}

unsigned sweep_versions(void)
{
    unsigned least = VECTORS_COUNTED(pull);
    least = VECTORS_COUNTED(push) < least ? VECTORS_COUNTED(push) : least;
    return VECTORS_COUNTED(settle) < least ? VECTORS_COUNTED(settle) : least;
}

size_t sweep_blocks(size_t actor_count)
{
    return (actor_count + BLOCK_SOURCES - 1) / BLOCK_SOURCES;
}

double sweep_block_ns(const struct adjacency *out)
{
    return ((double)out->arc_count * LEVELS + (double)out->count) * ARC_NS;
}

enum crew_status sweep_part(const struct adjacency *out, const struct adjacency *in, size_t first, size_t last,
                            const struct crew *crew, struct sweep_sum *sums)
{
    struct sweeping sweeping = {.vectors = vectors_resolve(crew->vectors), .sums = sums};
    if (!compact_init(&sweeping.compact, out, in))
        return CREW_NO_MEMORY;
    size_t blocks = sweep_blocks(out->count);
    struct crew_job job = {.first = first,
                           .last = last < blocks ? last : blocks,
                           .task_ns = sweep_block_ns(out),
                           .begin = begin,
                           .task = sweep_block,
                           .end = end,
                           .arg = &sweeping};
    enum crew_status status = crew_run(crew, &job);
    compact_release(&sweeping.compact);
    return status;
}

void sweep_add(struct sweep_sum *sums, const struct sweep_sum *part, size_t count)
{
    for (size_t v = 0; v < count; v++)
        add(&sums[v], &part[v]);
}

void sweep_finish(const struct sweep_sum *sums, size_t count, struct sweep *sweep)
{
    amount_t inverse = 0;
    uint64_t pairs = 0, steps = 0;
    sweep->totals.diameter = 0;
    for (size_t v = 0; v < count; v++) {
        if (sweep->reached)
            sweep->reached[v] = sums[v].reached;
        if (sweep->steps)
            sweep->steps[v] = (double)sums[v].steps;
        if (sweep->inverse)
            sweep->inverse[v] = amount_to(sums[v].inverse);
        if (sweep->farthest)
            sweep->farthest[v] = sums[v].farthest;
        inverse += sums[v].inverse;
        pairs += sums[v].reached;
        steps += sums[v].steps;
        if (sweep->totals.diameter < sums[v].farthest)
            sweep->totals.diameter = sums[v].farthest;
    }
    sweep->totals.pairs = (double)pairs;
    sweep->totals.distance_sum = (double)steps;
    sweep->totals.inverse_sum = amount_to(inverse);
}
