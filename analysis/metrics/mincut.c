/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stoer and Wagner's phases over a dense matrix: order the nodes by how strongly they hang on those before, cut off the last,
 * unite it with the one before it, and again.
 */
#include "mincut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LIGHTER 1e-12 /* relative: less is rounding, and the cut found first stays */

struct phases {
    size_t count;    /* actors */
    double *weight;  /* count x count, of what has been united so far */
    double *hanging; /* on the nodes ordered so far in this phase */
    int32_t *node;   /* the nodes that are left */
    bool *ordered;   /* in this phase */
    bool *belongs;   /* count x count: actors united in each node */
};

static bool phases_init(struct phases *phases, const struct adjacency *both, bool unit)
{
    size_t n = both->count;
    *phases = (struct phases){.count = n};
    phases->weight = calloc(n * n, sizeof *phases->weight);
    phases->hanging = calloc(n, sizeof *phases->hanging);
    phases->node = calloc(n, sizeof *phases->node);
    phases->ordered = calloc(n, sizeof *phases->ordered);
    phases->belongs = calloc(n * n, sizeof *phases->belongs);
    if (!phases->weight || !phases->hanging || !phases->node || !phases->ordered || !phases->belongs)
        return false;
    for (size_t v = 0; v < n; v++) {
        phases->node[v] = (int32_t)v;
        phases->belongs[v * n + v] = true;
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++)
            phases->weight[v * n + (size_t)both->peer[a]] = unit ? 1 : both->weight[a];
    }
    return true;
}

static void phases_release(struct phases *phases)
{
    free(phases->weight);
    free(phases->hanging);
    free(phases->node);
    free(phases->ordered);
    free(phases->belongs);
}

/* One phase over `left` nodes; returns the weight that holds the last node ordered. Equally strong ones in order of index. */
static double phase(struct phases *phases, size_t left, size_t *ret_before, size_t *ret_last)
{
    size_t n = phases->count;
    for (size_t i = 0; i < left; i++) {
        phases->hanging[phases->node[i]] = 0;
        phases->ordered[phases->node[i]] = false;
    }
    size_t last = 0, before = 0;
    for (size_t taken = 0; taken < left; taken++) {
        size_t next = left;
        for (size_t i = 0; i < left; i++)
            if (!phases->ordered[phases->node[i]] &&
                (next == left || phases->hanging[phases->node[i]] > phases->hanging[phases->node[next]]))
                next = i;
        before = last;
        last = next;
        size_t u = (size_t)phases->node[next];
        phases->ordered[u] = true;
        for (size_t i = 0; i < left; i++)
            if (!phases->ordered[phases->node[i]])
                phases->hanging[phases->node[i]] += phases->weight[u * n + (size_t)phases->node[i]];
    }
    *ret_before = before;
    *ret_last = last;
    return phases->hanging[phases->node[last]];
}

static void unite(struct phases *phases, size_t left, size_t into, size_t from)
{
    size_t n = phases->count, u = (size_t)phases->node[into], v = (size_t)phases->node[from];
    for (size_t i = 0; i < left; i++) {
        size_t w = (size_t)phases->node[i];
        if (w == u || w == v)
            continue;
        phases->weight[u * n + w] += phases->weight[v * n + w];
        phases->weight[w * n + u] = phases->weight[u * n + w];
    }
    for (size_t w = 0; w < n; w++)
        phases->belongs[u * n + w] = phases->belongs[u * n + w] || phases->belongs[v * n + w];
    memmove(&phases->node[from], &phases->node[from + 1], (left - from - 1) * sizeof *phases->node);
}

static void smaller_side(bool *side, size_t n)
{
    size_t size = 0;
    for (size_t v = 0; v < n; v++)
        size += side[v];
    if (2 * size > n || (2 * size == n && side[0]))
        for (size_t v = 0; v < n; v++)
            side[v] = !side[v];
}

/* Marks the smallest component when there are several; false: the network is in one part. */
static bool apart(const struct adjacency *both, int32_t *queue, bool *seen, bool *ret_side)
{
    size_t n = both->count, smallest = n;
    memset(seen, 0, n * sizeof *seen);
    for (size_t root = 0; root < n; root++) {
        size_t head = 0, tail = 0;
        if (seen[root])
            continue;
        seen[root] = true;
        queue[tail++] = (int32_t)root;
        while (head < tail) {
            size_t u = (size_t)queue[head++];
            for (size_t a = both->start[u]; a < both->start[u + 1]; a++) {
                if (seen[both->peer[a]])
                    continue;
                seen[both->peer[a]] = true;
                queue[tail++] = both->peer[a];
            }
        }
        if (tail >= smallest)
            continue;
        smallest = tail;
        memset(ret_side, 0, n * sizeof *ret_side);
        for (size_t i = 0; i < tail; i++)
            ret_side[queue[i]] = true;
    }
    return smallest < n;
}

enum mincut_status mincut_run(const struct adjacency *both, bool unit, double *ret_weight, bool *ret_side,
                              bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    size_t n = both->count;
    struct phases phases;
    enum mincut_status status = MINCUT_NO_MEMORY;
    if (!phases_init(&phases, both, unit))
        goto out;
    status = MINCUT_OK;
    if (apart(both, phases.node, phases.ordered, ret_side)) {
        *ret_weight = 0;
        goto out;
    }
    for (size_t v = 0; v < n; v++)
        phases.node[v] = (int32_t)v;
    double lightest = INFINITY;
    for (size_t left = n; left > 1; left--) {
        size_t before, last;
        if (proceed && !proceed(arg, (unsigned)((n - left) * 1000 / n))) {
            status = MINCUT_STOPPED;
            goto out;
        }
        double weight = phase(&phases, left, &before, &last);
        if (weight < lightest * (1 - LIGHTER) || isinf(lightest)) {
            lightest = weight;
            memcpy(ret_side, &phases.belongs[(size_t)phases.node[last] * n], n * sizeof *ret_side);
        }
        unite(&phases, left, before, last);
    }
    smaller_side(ret_side, n);
    *ret_weight = lightest;
out:
    phases_release(&phases);
    return status;
}
