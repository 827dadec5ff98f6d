/* SPDX-License-Identifier: GPL-3.0-or-later
 * Forward: numbers of shortest paths, level by level. Backward: Brandes' recursion from the last level to the first.
 *
 * No arc needs a mask for its lanes. Forward, the ways of a neighbour are zero in the lanes that have not reached it, and a
 * lane that reached it before the last level has reached this actor as well, so it is masked away with what this actor has
 * seen. Backward, shares are zero in the lanes whose level is not yet done, and no arc leads further than one level on. Masks
 * per actor and level only save the loading of lines with nothing in them.
 */
#include "betweenness.h"

#include "compact.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ARC_NS     6.0   /* rough cost of an arc for one block */
#define PULL_SHARE 4     /* pull once the active actors' arcs are more than 1/4 of those into unfinished actors */
#define CHUNK_ARCS 20000 /* between two looks at the watch */

struct state {
    vectors_doubles *ways;  /* shortest paths from each source; on the way back (1 + dependency) / ways */
    vectors_doubles *share; /* forward: ways of the next level while it is made. Backward: the same quotient, of levels done */
    uint8_t *seen, *front, *next; /* lanes that have reached the actor; that reached it in the last level; while pushing */
    int32_t *who;                 /* actors with the lanes that reached them, level by level */
    uint8_t *lanes;
    size_t *level_start; /* levels + 1 */
    size_t active_arcs, open_arcs;
    struct dependency *sums; /* by position */
};

struct walking {
    struct compact compact;
    enum vectors vectors;
    int32_t *sources; /* positions, ascending; NULL = all */
    size_t source_count;
    double square_scale;     /* 1 / (n - 2)^2; 0 = squares not wanted */
    struct dependency *sums; /* by actor */
};

VECTORS_BODY void keep(vectors_doubles *lanes, uint8_t mask)
{
    const vectors_masks bit = {1, 2, 4, 8, 16, 32, 64, 128};
    vectors_masks all = (vectors_masks){0} + (int64_t)mask;
    *lanes = (vectors_doubles)((vectors_masks)*lanes & ((all & bit) != 0));
}

/* Actors [first, last) gather ways from those before them; returns the end of the list of new ones. */
VECTORS_BODY size_t pull_body(const struct compact *compact, struct state *state, size_t first, size_t last, uint8_t used,
                              size_t fresh)
{
    for (size_t v = first; v < last; v++) {
        uint8_t want = (uint8_t)(used & ~state->seen[v]), got = 0;
        if (!want)
            continue;
        vectors_doubles ways = {0};
        for (size_t a = compact->in_start[v]; a < compact->in_start[v + 1]; a++) {
            int32_t u = compact->in_peer[a];
            uint8_t both = state->front[u] & want;
            if (both) {
                got |= both;
                ways += state->ways[u];
            }
        }
        if (got) {
            keep(&ways, got);
            state->share[v] = ways;
            state->who[fresh] = (int32_t)v;
            state->lanes[fresh++] = got;
        }
    }
    return fresh;
}
VECTORS_VERSIONS(size_t, pull,
                 (const struct compact *compact, struct state *state, size_t first, size_t last, uint8_t used, size_t fresh),
                 (compact, state, first, last, used, fresh));

/* The entries [first, last) of the last level hand their ways on. */
VECTORS_BODY size_t push_body(const struct compact *compact, struct state *state, size_t first, size_t last, uint8_t used,
                              size_t fresh)
{
    for (size_t i = first; i < last; i++) {
        int32_t u = state->who[i];
        vectors_doubles ways = state->ways[u];
        for (size_t a = compact->out_start[u]; a < compact->out_start[u + 1]; a++) {
            int32_t v = compact->out_peer[a];
            uint8_t lanes = (uint8_t)(state->lanes[i] & ~state->seen[v]);
            if (!lanes)
                continue;
            if (!state->next[v])
                state->who[fresh++] = v;
            state->next[v] |= lanes;
            state->share[v] += ways;
        }
    }
    return fresh;
}
VECTORS_VERSIONS(size_t, push,
                 (const struct compact *compact, struct state *state, size_t first, size_t last, uint8_t used, size_t fresh),
                 (compact, state, first, last, used, fresh));

/* The new entries [first, last) become the last level. */
VECTORS_BODY void settle_body(const struct compact *compact, struct state *state, size_t first, size_t last, bool pulled,
                              uint8_t used)
{
    state->active_arcs = 0;
    for (size_t i = first; i < last; i++) {
        int32_t v = state->who[i];
        if (!pulled) {
            state->lanes[i] = state->next[v];
            state->next[v] = 0;
            keep(&state->share[v], state->lanes[i]);
        }
        state->ways[v] += state->share[v];
        state->share[v] = (vectors_doubles){0};
        state->front[v] = state->lanes[i];
        state->seen[v] |= state->lanes[i];
        if ((uint8_t)(used & ~state->seen[v]) == 0)
            state->open_arcs -= compact->in_start[v + 1] - compact->in_start[v];
        state->active_arcs += compact->out_start[v + 1] - compact->out_start[v];
    }
}
VECTORS_VERSIONS(void, settle,
                 (const struct compact *compact, struct state *state, size_t first, size_t last, bool pulled, uint8_t used),
                 (compact, state, first, last, pulled, used));

/* Eight lanes in a fixed order, whatever the width of the registers. */
VECTORS_BODY double total(const vectors_doubles *lanes)
{
    vectors_doubles x = *lanes;
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

/* Dependencies on the entries [first, last) of one level; what the level before needs stays in `ways` until all are done. */
VECTORS_BODY void gather_body(const struct compact *compact, struct state *state, size_t first, size_t last,
                              double square_scale)
{
    for (size_t i = first; i < last; i++) {
        int32_t v = state->who[i];
        uint8_t lanes = state->lanes[i];
        vectors_doubles share = {0}, ways = state->ways[v];
        for (size_t a = compact->out_start[v]; a < compact->out_start[v + 1]; a++) {
            int32_t w = compact->out_peer[a];
            if (state->front[w] & lanes)
                share += state->share[w];
        }
        vectors_doubles dependency = ways * share, quotient = (1 + dependency) / ways;
        keep(&dependency, lanes);
        keep(&quotient, lanes);
        keep(&ways, (uint8_t)~lanes);
        state->ways[v] = ways + quotient;
        struct dependency *sum = &state->sums[v];
        sum->sum = amount_add(sum->sum, amount_from(total(&dependency)));
        if (square_scale > 0) {
            vectors_doubles square = dependency * dependency;
            sum->square = amount_add(sum->square, amount_from(total(&square) * square_scale));
        }
    }
}
VECTORS_VERSIONS(void, gather,
                 (const struct compact *compact, struct state *state, size_t first, size_t last, double square_scale),
                 (compact, state, first, last, square_scale));

/* The level's quotients are published to the level before. */
VECTORS_BODY void publish_body(struct state *state, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        int32_t v = state->who[i];
        vectors_doubles quotient = state->ways[v];
        keep(&quotient, state->lanes[i]);
        state->share[v] += quotient;
    }
}
VECTORS_VERSIONS(void, publish, (struct state * state, size_t first, size_t last), (state, first, last));

static void mark_front(struct state *state, size_t first, size_t last, bool marked)
{
    for (size_t i = first; i < last; i++)
        state->front[state->who[i]] = marked ? state->lanes[i] : 0;
}

/* From the entries [first, last) of the last level to the next; its end, or 0 when stopped. */
static size_t advance(const struct walking *walking, struct state *state, size_t first, size_t last, uint8_t used,
                      struct crew_watch *watch)
{
    const struct compact *compact = &walking->compact;
    bool pulls = state->active_arcs > state->open_arcs / PULL_SHARE;
    size_t at = pulls ? 0 : first, end = pulls ? compact->count : last, from = at, arcs = 0, fresh = last;
    for (; at < end; at++) {
        size_t v = pulls ? at : (size_t)state->who[at];
        const size_t *start = pulls ? compact->in_start : compact->out_start;
        arcs += start[v + 1] - start[v] + 1;
        if (arcs < CHUNK_ARCS && at + 1 < end)
            continue;
        if (crew_stopping(watch))
            return 0;
        fresh = (pulls ? pull : push)[walking->vectors](compact, state, from, at + 1, used, fresh);
        from = at + 1;
        arcs = 0;
    }
    mark_front(state, first, last, false);
    settle[walking->vectors](compact, state, last, fresh, pulls, used);
    return fresh;
}

/* Sources' lanes of one block, where a source may stand only once. */
static size_t set_out(const struct walking *walking, struct state *state, size_t block, uint8_t *ret_used)
{
    const struct compact *compact = &walking->compact;
    size_t entries = 0;
    *ret_used = 0;
    state->active_arcs = 0;
    state->open_arcs = compact->arc_count;
    for (size_t s = block * BETWEENNESS_BLOCK; s < walking->source_count && s < (block + 1) * BETWEENNESS_BLOCK; s++) {
        size_t lane = s % BETWEENNESS_BLOCK;
        int32_t v = walking->sources ? walking->sources[s] : (int32_t)s;
        *ret_used |= (uint8_t)(1U << lane);
        state->ways[v][lane] = 1;
        state->front[v] = state->seen[v] = state->lanes[entries] = (uint8_t)(1U << lane);
        state->who[entries++] = v;
        state->active_arcs += compact->out_start[v + 1] - compact->out_start[v];
    }
    state->level_start[0] = 0;
    state->level_start[1] = entries;
    return entries;
}

static void walk_block(void *arg, void *worker, size_t block, struct crew_watch *watch)
{
    const struct walking *walking = arg;
    struct state *state = worker;
    uint8_t used;
    size_t entries = set_out(walking, state, block, &used), levels = 1;
    for (;;) {
        size_t grown = advance(walking, state, state->level_start[levels - 1], entries, used, watch);
        if (grown == 0) /* stopped: the state is of no use any more */
            return;
        if (grown == entries)
            break;
        entries = grown;
        state->level_start[++levels] = entries;
    }
    for (size_t level = levels - 1; level > 0; level--) {
        size_t first = state->level_start[level], last = state->level_start[level + 1], arcs = 0, from = first;
        for (size_t i = first; i < last; i++) {
            size_t v = (size_t)state->who[i];
            arcs += walking->compact.out_start[v + 1] - walking->compact.out_start[v] + 1;
            if (arcs < CHUNK_ARCS && i + 1 < last)
                continue;
            if (crew_stopping(watch))
                return;
            gather[walking->vectors](&walking->compact, state, from, i + 1, walking->square_scale);
            from = i + 1;
            arcs = 0;
        }
        if (level + 1 < levels)
            mark_front(state, last, state->level_start[level + 2], false);
        mark_front(state, first, last, true);
        publish[walking->vectors](state, first, last);
    }
    for (size_t i = 0; i < entries; i++) {
        size_t v = (size_t)state->who[i];
        state->ways[v] = state->share[v] = (vectors_doubles){0};
        state->seen[v] = state->front[v] = 0;
    }
}

static void state_destroy(struct state *state)
{
    if (!state)
        return;
    free(state->ways);
    free(state->share);
    free(state->seen);
    free(state->front);
    free(state->next);
    free(state->who);
    free(state->lanes);
    free(state->level_start);
    free(state->sums);
    free(state);
}

static void *begin(void *arg)
{
    const struct walking *walking = arg;
    size_t n = walking->compact.count;
    struct state *state = calloc(1, sizeof *state);
    if (!state)
        return NULL;
    state->ways = aligned_alloc(VECTORS_BYTES, (n + 1) * sizeof *state->ways);
    state->share = aligned_alloc(VECTORS_BYTES, (n + 1) * sizeof *state->share);
    state->seen = calloc(n + 1, sizeof *state->seen);
    state->front = calloc(n + 1, sizeof *state->front);
    state->next = calloc(n + 1, sizeof *state->next);
    /* each lane reaches an actor once, so that many entries are enough; pages never written cost nothing */
    state->who = malloc((n * BETWEENNESS_BLOCK + 1) * sizeof *state->who);
    state->lanes = malloc((n * BETWEENNESS_BLOCK + 1) * sizeof *state->lanes);
    state->level_start = malloc((n + 2) * sizeof *state->level_start);
    state->sums = calloc(n + 1, sizeof *state->sums);
    if (!state->ways || !state->share || !state->seen || !state->front || !state->next || !state->who || !state->lanes ||
        !state->level_start || !state->sums) {
        state_destroy(state);
        return NULL;
    }
    memset(state->ways, 0, (n + 1) * sizeof *state->ways);
    memset(state->share, 0, (n + 1) * sizeof *state->share);
    return state;
}

static void end(void *arg, void *worker, bool done)
{
    struct walking *walking = arg;
    struct state *state = worker;
    for (size_t p = 0; done && p < walking->compact.count; p++)
        dependency_add(&walking->sums[walking->compact.actor[p]], &state->sums[p], 1);
    state_destroy(state);
}

/* Positions of the given actors in ascending order; false = no memory. */
static bool place_sources(struct walking *walking, const int32_t *sources)
{
    const struct compact *compact = &walking->compact;
    bool *chosen = calloc(compact->count + 1, sizeof *chosen);
    walking->sources = malloc((walking->source_count + 1) * sizeof *walking->sources);
    size_t placed = 0;
    for (size_t s = 0; chosen && s < walking->source_count; s++)
        chosen[compact->position[sources[s]]] = true;
    for (size_t p = 0; chosen && walking->sources && p < compact->count; p++)
        if (chosen[p])
            walking->sources[placed++] = (int32_t)p;
    bool done = chosen && walking->sources;
    assert(!done || placed == walking->source_count);
    free(chosen);
    return done;
}

unsigned betweenness_versions(void)
{
    const unsigned counted[] = {VECTORS_COUNTED(pull), VECTORS_COUNTED(push), VECTORS_COUNTED(settle), VECTORS_COUNTED(gather),
                                VECTORS_COUNTED(publish)};
    unsigned least = counted[0];
    for (size_t c = 1; c < sizeof counted / sizeof counted[0]; c++)
        least = counted[c] < least ? counted[c] : least;
    return least;
}

double betweenness_block_ns(const struct adjacency *out)
{
    return (double)(out->arc_count + out->count) * ARC_NS;
}

enum crew_status betweenness_part(const struct adjacency *out, const struct adjacency *in, const int32_t *sources,
                                  size_t source_count, size_t first, size_t last, const struct crew *crew,
                                  struct dependency *sums)
{
    double others = (double)out->count - 2;
    struct walking walking = {.vectors = vectors_resolve(crew->vectors),
                              .source_count = sources ? source_count : out->count,
                              .square_scale = sources && others > 0 ? 1 / (others * others) : 0,
                              .sums = sums};
    if (!compact_init(&walking.compact, out, in))
        return CREW_NO_MEMORY;
    if (sources && !place_sources(&walking, sources)) {
        free(walking.sources);
        compact_release(&walking.compact);
        return CREW_NO_MEMORY;
    }
    size_t blocks = betweenness_blocks(walking.source_count);
    struct crew_job job = {.first = first,
                           .last = last < blocks ? last : blocks,
                           .task_ns = betweenness_block_ns(out),
                           .begin = begin,
                           .task = walk_block,
                           .end = end,
                           .arg = &walking};
    enum crew_status status = crew_run(crew, &job);
    free(walking.sources);
    compact_release(&walking.compact);
    return status;
}
