/* SPDX-License-Identifier: GPL-3.0-or-later
 * Breadth-first renumbering and the copy of the lists under it.
 */
#include "compact.h"

#include <stdlib.h>

static size_t ties_of(const struct adjacency *out, const struct adjacency *in, size_t actor)
{
    return adjacency_degree(out, actor) + adjacency_degree(in, actor);
}

/* Actors by falling number of ties, by index among equals: a counting sort. */
static bool by_ties(const struct adjacency *out, const struct adjacency *in, int32_t *ret_order)
{
    size_t n = out->count, most = 0;
    for (size_t v = 0; v < n; v++)
        most = ties_of(out, in, v) > most ? ties_of(out, in, v) : most;
    size_t *next = calloc(most + 2, sizeof *next);
    if (!next)
        return false;
    for (size_t v = 0; v < n; v++)
        next[most - ties_of(out, in, v) + 1]++;
    for (size_t t = 1; t <= most + 1; t++)
        next[t] += next[t - 1];
    for (size_t v = 0; v < n; v++)
        ret_order[next[most - ties_of(out, in, v)]++] = (int32_t)v;
    free(next);
    return true;
}

static size_t reach(struct compact *compact, const struct adjacency *lists, int32_t actor, size_t reached)
{
    for (size_t a = lists->start[actor]; a < lists->start[actor + 1]; a++) {
        int32_t peer = lists->peer[a];
        if (compact->position[peer] < 0) {
            compact->position[peer] = (int32_t)reached;
            compact->actor[reached++] = peer;
        }
    }
    return reached;
}

static bool number(struct compact *compact, const struct adjacency *out, const struct adjacency *in)
{
    size_t n = compact->count, reached = 0;
    int32_t *roots = calloc(n + 1, sizeof *roots);
    if (!roots || !by_ties(out, in, roots)) {
        free(roots);
        return false;
    }
    for (size_t v = 0; v < n; v++)
        compact->position[v] = -1;
    for (size_t r = 0, walked = 0; r < n; r++) {
        if (compact->position[roots[r]] < 0) {
            compact->position[roots[r]] = (int32_t)reached;
            compact->actor[reached++] = roots[r];
        }
        for (; walked < reached; walked++) {
            int32_t actor = compact->actor[walked];
            reached = reach(compact, out, actor, reached);
            if (in->peer != out->peer)
                reached = reach(compact, in, actor, reached);
        }
    }
    free(roots);
    return true;
}

static bool copy(const struct compact *compact, const struct adjacency *lists, size_t **ret_start, int32_t **ret_peer)
{
    size_t *start = *ret_start = malloc((compact->count + 1) * sizeof *start);
    int32_t *peer = *ret_peer = malloc((lists->arc_count + 1) * sizeof *peer);
    if (!start || !peer)
        return false;
    size_t at = 0;
    for (size_t p = 0; p < compact->count; p++) {
        size_t actor = (size_t)compact->actor[p];
        start[p] = at;
        for (size_t a = lists->start[actor]; a < lists->start[actor + 1]; a++)
            peer[at++] = compact->position[lists->peer[a]];
    }
    start[compact->count] = at;
    return true;
}

bool compact_init(struct compact *ret_compact, const struct adjacency *out, const struct adjacency *in)
{
    *ret_compact = (struct compact){.count = out->count, .arc_count = out->arc_count};
    ret_compact->actor = calloc(out->count + 1, sizeof *ret_compact->actor);
    ret_compact->position = malloc((out->count + 1) * sizeof *ret_compact->position);
    bool done = ret_compact->actor && ret_compact->position && number(ret_compact, out, in) &&
                copy(ret_compact, out, &ret_compact->out_start, &ret_compact->out_peer);
    if (done && in->peer == out->peer) {
        ret_compact->in_start = ret_compact->out_start;
        ret_compact->in_peer = ret_compact->out_peer;
    } else if (done) {
        done = copy(ret_compact, in, &ret_compact->in_start, &ret_compact->in_peer);
    }
    if (!done)
        compact_release(ret_compact);
    return done;
}

void compact_release(struct compact *compact)
{
    if (compact->in_peer != compact->out_peer) {
        free(compact->in_start);
        free(compact->in_peer);
    }
    free(compact->out_start);
    free(compact->out_peer);
    free(compact->actor);
    free(compact->position);
    *compact = (struct compact){0};
}
