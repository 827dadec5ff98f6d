/* SPDX-License-Identifier: GPL-3.0-or-later
 * Power iterations and a conjugate-gradient solve.
 */
#include "prestige.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAGERANK_ITERATIONS 1000 /* 0.85^1000 is far below the last bit */
#define PAGERANK_SETTLED    1e-15
#define HITS_SETTLED        1e-13
#define HITS_ITERATIONS_MIN 1000
#define HITS_ARC_VISITS     1e9 /* work limit: a second or two */
#define PN_SETTLED          1e-15

enum prestige_status prestige_pagerank(const struct topology *topology, double *ret_pagerank)
{
    size_t n = topology->count;
    double *next = malloc((n + 1) * sizeof *next), *strength = malloc((n + 1) * sizeof *strength);
    enum prestige_status status = next && strength ? PRESTIGE_UNSETTLED : PRESTIGE_NO_MEMORY;
    for (size_t v = 0; v < n; v++) {
        ret_pagerank[v] = status == PRESTIGE_NO_MEMORY ? NAN : 1.0 / (double)n;
        if (status != PRESTIGE_NO_MEMORY)
            strength[v] = adjacency_strength(&topology->out, v);
    }
    for (int iteration = 0; status == PRESTIGE_UNSETTLED && iteration < PAGERANK_ITERATIONS; iteration++) {
        double dangling = 0, moved = 0, total = 0;
        for (size_t v = 0; v < n; v++)
            if (!(strength[v] > 0))
                dangling += ret_pagerank[v];
        for (size_t v = 0; v < n; v++) {
            double received = 0;
            for (size_t a = topology->in.start[v]; a < topology->in.start[v + 1]; a++) {
                size_t u = (size_t)topology->in.peer[a];
                received += ret_pagerank[u] * (topology->in.weight[a] / strength[u]);
            }
            next[v] = (1 - PRESTIGE_DAMPING) / (double)n + PRESTIGE_DAMPING * (received + dangling / (double)n);
            total += next[v];
        }
        for (size_t v = 0; v < n; v++) {
            next[v] /= total; /* rounding would otherwise drift */
            moved += fabs(next[v] - ret_pagerank[v]);
            ret_pagerank[v] = next[v];
        }
        if (moved <= PAGERANK_SETTLED * (1 + sqrt((double)n)))
            status = PRESTIGE_OK;
    }
    if (n == 0)
        status = PRESTIGE_OK;
    free(next);
    free(strength);
    return status;
}

/* to = from times the weighted lists, scaled to a largest value of 1; returns how far it moved. */
static double hits_step(const struct adjacency *lists, double scale, const double *from, double *to, double *room)
{
    double largest = 0, moved = 0;
    for (size_t v = 0; v < lists->count; v++) {
        room[v] = 0;
        for (size_t a = lists->start[v]; a < lists->start[v + 1]; a++)
            room[v] += from[lists->peer[a]] * (lists->weight[a] / scale);
        largest = fmax(largest, room[v]);
    }
    for (size_t v = 0; v < lists->count; v++) {
        double value = largest > 0 ? room[v] / largest : 0;
        moved = fmax(moved, fabs(value - to[v]));
        to[v] = value;
    }
    return moved;
}

enum prestige_status prestige_hits(const struct topology *topology, double *ret_hub, double *ret_authority)
{
    size_t n = topology->count, arcs = topology->out.arc_count;
    double *room = malloc((n + 1) * sizeof *room), scale = 0;
    enum prestige_status status = room ? PRESTIGE_UNSETTLED : PRESTIGE_NO_MEMORY;
    bool answerless = !room || arcs == 0;
    for (size_t v = 0; v < n; v++) {
        ret_hub[v] = answerless ? NAN : 1;
        ret_authority[v] = answerless ? NAN : 0;
    }
    for (size_t a = 0; a < arcs; a++)
        scale = fmax(scale, topology->out.weight[a]);
    double limit = fmax(HITS_ITERATIONS_MIN, HITS_ARC_VISITS / (2 * (double)arcs + (double)n + 1));
    limit = fmin(limit, 1e6);
    for (double iteration = 0; status == PRESTIGE_UNSETTLED && !answerless && iteration < limit; iteration++) {
        double moved = hits_step(&topology->in, scale, ret_hub, ret_authority, room);
        moved = fmax(moved, hits_step(&topology->out, scale, ret_authority, ret_hub, room));
        if (moved <= HITS_SETTLED)
            status = PRESTIGE_OK;
    }
    if (room && arcs == 0)
        status = PRESTIGE_OK;
    free(room);
    return status;
}

/* y = (I - A/(2n-2)) x */
static void pn_apply(const struct adjacency *positive, const struct network_tie *negative, size_t negative_count,
                     const double *x, double *y)
{
    double scale = 1.0 / (2.0 * (double)positive->count - 2.0);
    for (size_t v = 0; v < positive->count; v++) {
        double sum = 0;
        for (size_t a = positive->start[v]; a < positive->start[v + 1]; a++)
            sum += x[positive->peer[a]];
        y[v] = x[v] - scale * sum;
    }
    for (size_t t = 0; t < negative_count; t++) {
        y[negative[t].from] += 2 * scale * x[negative[t].to];
        y[negative[t].to] += 2 * scale * x[negative[t].from];
    }
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct network_tie *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

/* Unordered pairs, each once. */
static struct network_tie *negative_pairs(const struct network_tie *negative, size_t count, size_t *ret_count)
{
    struct network_tie *pairs = malloc((count + 1) * sizeof *pairs);
    size_t kept = 0;
    for (size_t t = 0; pairs && t < count; t++)
        if (negative[t].from != negative[t].to)
            pairs[kept++] = negative[t].from < negative[t].to
                                ? negative[t]
                                : (struct network_tie){.from = negative[t].to, .to = negative[t].from};
    if (kept > 1)
        qsort(pairs, kept, sizeof *pairs, compare_pairs);
    *ret_count = 0;
    for (size_t t = 0; t < kept; t++)
        if (*ret_count == 0 || compare_pairs(&pairs[*ret_count - 1], &pairs[t]) != 0)
            pairs[(*ret_count)++] = pairs[t];
    return pairs;
}

enum prestige_status prestige_pn(const struct adjacency *positive, const struct network_tie *negative, size_t negative_count,
                                 double *ret_pn)
{
    /* The matrix is symmetric and, from three actors on, positive definite: |eigenvalues of A| <= n < 2n-2 where they are
     * largest (a complete bipartite network of negative ties). So conjugate gradients converge, in memory of the ties only. */
    size_t n = positive->count, pair_count = 0;
    for (size_t v = 0; v < n; v++)
        ret_pn[v] = n > 1 ? 0 : 1;
    if (n < 2)
        return PRESTIGE_OK;
    enum prestige_status status = PRESTIGE_NO_MEMORY;
    struct network_tie *pairs = negative_pairs(negative, negative_count, &pair_count);
    double *residual = calloc(3 * n, sizeof *residual);
    if (!pairs || !residual)
        goto out;
    if (n == 2 && pair_count == 1 && positive->arc_count == 0) {
        status = PRESTIGE_SINGULAR;
        goto out;
    }
    double *direction = residual + n, *image = residual + 2 * n;
    for (size_t v = 0; v < n; v++)
        residual[v] = direction[v] = 1;
    double error = (double)n;
    status = PRESTIGE_UNSETTLED;
    for (size_t iteration = 0; iteration < 10 * n + 100; iteration++) {
        if (error <= PN_SETTLED * PN_SETTLED * (double)n) {
            status = PRESTIGE_OK;
            break;
        }
        pn_apply(positive, pairs, pair_count, direction, image);
        double curvature = dot(direction, image, n);
        if (!(curvature > 1e-12 * dot(direction, direction, n))) {
            status = PRESTIGE_SINGULAR;
            break;
        }
        double step = error / curvature;
        for (size_t v = 0; v < n; v++) {
            ret_pn[v] += step * direction[v];
            residual[v] -= step * image[v];
        }
        double next_error = dot(residual, residual, n);
        for (size_t v = 0; v < n; v++)
            direction[v] = residual[v] + next_error / error * direction[v];
        error = next_error;
    }
out:
    if (status != PRESTIGE_OK)
        for (size_t v = 0; v < n; v++)
            ret_pn[v] = NAN;
    free(pairs);
    free(residual);
    return status;
}
