/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bit-parallel breadth-first search that only touches actors whose frontier changed, so that long chains stay cheap.
 */
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_WORDS   8 /* one cache line per actor */
#define BLOCK_SOURCES ((size_t)64 * BLOCK_WORDS)

struct block {
    uint64_t word[BLOCK_WORDS];
};

struct state {
    struct block *seen, *frontier, *next;
    int32_t *active, *touched;
    bool *is_touched;
};

static bool block_empty(const struct block *block)
{
    uint64_t any = 0;
    for (int w = 0; w < BLOCK_WORDS; w++)
        any |= block->word[w];
    return any == 0;
}

/* Everything one step further; returns how many actors became active. */
static size_t advance(const struct adjacency *adjacency, struct state *state, size_t active_count)
{
    size_t touched_count = 0;
    for (size_t i = 0; i < active_count; i++) {
        size_t u = (size_t)state->active[i];
        struct block from = state->frontier[u];
        state->frontier[u] = (struct block){{0}};
        for (size_t a = adjacency->start[u]; a < adjacency->start[u + 1]; a++) {
            int32_t v = adjacency->peer[a];
            for (int w = 0; w < BLOCK_WORDS; w++)
                state->next[v].word[w] |= from.word[w];
            if (!state->is_touched[v]) {
                state->is_touched[v] = true;
                state->touched[touched_count++] = v;
            }
        }
    }
    size_t now_active = 0;
    for (size_t i = 0; i < touched_count; i++) {
        int32_t v = state->touched[i];
        state->is_touched[v] = false;
        for (int w = 0; w < BLOCK_WORDS; w++) {
            state->frontier[v].word[w] = state->next[v].word[w] & ~state->seen[v].word[w];
            state->seen[v].word[w] |= state->next[v].word[w];
            state->next[v].word[w] = 0;
        }
        if (!block_empty(&state->frontier[v]))
            state->active[now_active++] = v;
    }
    return now_active;
}

enum sweep_status sweep_run(const struct adjacency *adjacency, double *ret_reached, double *ret_sum, double *ret_inverse,
                            struct sweep_totals *ret_totals, bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    size_t n = adjacency->count;
    enum sweep_status status = SWEEP_NO_MEMORY;
    struct state state = {calloc(n + 1, sizeof *state.seen),    calloc(n + 1, sizeof *state.frontier),
                          calloc(n + 1, sizeof *state.next),    calloc(n + 1, sizeof *state.active),
                          calloc(n + 1, sizeof *state.touched), calloc(n + 1, sizeof *state.is_touched)};
    double *outputs[] = {ret_reached, ret_sum, ret_inverse};
    *ret_totals = (struct sweep_totals){0};
    for (size_t o = 0; o < 3; o++)
        for (size_t v = 0; outputs[o] && v < n; v++)
            outputs[o][v] = 0;
    if (!state.seen || !state.frontier || !state.next || !state.active || !state.touched || !state.is_touched)
        goto out;

    for (size_t first = 0; first < n; first += BLOCK_SOURCES) {
        if (proceed && !proceed(arg, (unsigned)(first * 1000 / n))) {
            status = SWEEP_STOPPED;
            goto out;
        }
        memset(state.seen, 0, n * sizeof *state.seen);
        size_t active_count = 0;
        for (size_t s = first; s < n && s < first + BLOCK_SOURCES; s++) {
            state.seen[s].word[(s - first) / 64] = state.frontier[s].word[(s - first) / 64] = UINT64_C(1) << (s - first) % 64;
            state.active[active_count++] = (int32_t)s;
        }
        for (size_t level = 1; (active_count = advance(adjacency, &state, active_count)) > 0; level++) {
            for (size_t i = 0; i < active_count; i++) {
                int32_t v = state.active[i];
                int sources = 0;
                for (int w = 0; w < BLOCK_WORDS; w++)
                    sources += __builtin_popcountll(state.frontier[v].word[w]);
                if (ret_reached)
                    ret_reached[v] += sources;
                if (ret_sum)
                    ret_sum[v] += (double)sources * (double)level;
                if (ret_inverse)
                    ret_inverse[v] += (double)sources / (double)level;
                ret_totals->pairs += sources;
                ret_totals->distance_sum += (double)sources * (double)level;
                ret_totals->inverse_sum += (double)sources / (double)level;
            }
            if (level > ret_totals->diameter)
                ret_totals->diameter = level;
        }
    }
    status = SWEEP_OK;
out:
    free(state.seen);
    free(state.frontier);
    free(state.next);
    free(state.active);
    free(state.touched);
    free(state.is_touched);
    return status;
}
