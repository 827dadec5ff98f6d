/* SPDX-License-Identifier: GPL-3.0-or-later
 * One walk over the triangles around each actor gives clustering, constraint and effective size together.
 */
#include "ego.h"

#include <math.h>
#include <stdlib.h>

#define SEARCH_COST 24 /* a search in a long list costs about as much as this many steps along it */

struct scratch {
    double *strength, *largest; /* sum and maximum of an actor's weights */
    double *share;              /* p(i, j) for the current i; 0 = not a neighbour */
    double *invested;           /* p(i, j) + sum over q of p(i, q) p(q, j) */
    double *redundant;          /* sum over q of p(i, q) m(j, q) */
};

static void put(double *array, size_t at, double value)
{
    if (array)
        array[at] = value;
}

/* j, at place b in the list of q, is a contact of i as q is. Returns Barrat's weight of the pair. */
static double close_triangle(const struct adjacency *both, const struct scratch *scratch, size_t q, size_t b, double *closed)
{
    int32_t j = both->peer[b];
    ++*closed;
    scratch->invested[j] += scratch->share[q] * (both->weight[b] / scratch->strength[q]);
    scratch->redundant[j] += scratch->share[q] * (both->weight[b] / scratch->largest[j]);
    return (scratch->share[q] + scratch->share[j]) / 2;
}

static void ego_of(const struct adjacency *both, size_t i, const struct scratch *scratch, struct ego *ego)
{
    size_t first = both->start[i], end = both->start[i + 1], k = end - first;
    double closed = 0, closed_weight = 0;
    for (size_t a = first; a < end; a++) {
        int32_t j = both->peer[a];
        scratch->share[j] = scratch->invested[j] = both->weight[a] / scratch->strength[i];
        scratch->redundant[j] = 0;
    }
    for (size_t a = first; a < end; a++) {
        size_t q = (size_t)both->peer[a];
        /* What i and q have in common: from the shorter side, or one hub would cost the square of its degree. */
        if (adjacency_degree(both, q) > SEARCH_COST * k) {
            for (size_t c = first; c < end; c++) {
                size_t b = adjacency_find(both, q, both->peer[c]);
                if (b != SIZE_MAX)
                    closed_weight += close_triangle(both, scratch, q, b, &closed);
            }
        } else {
            for (size_t b = both->start[q]; b < both->start[q + 1]; b++)
                if (scratch->share[both->peer[b]] > 0)
                    closed_weight += close_triangle(both, scratch, q, b, &closed);
        }
    }
    double constraint = 0, effective = 0;
    for (size_t a = first; a < end; a++) {
        int32_t j = both->peer[a];
        constraint += scratch->invested[j] * scratch->invested[j];
        effective += 1 - scratch->redundant[j];
        scratch->share[j] = 0;
    }
    double pairs = (double)k * ((double)k - 1);
    ego->closed += closed;
    ego->triples += pairs;
    put(ego->constraint, i, k > 0 ? constraint : NAN);
    put(ego->effective_size, i, k > 0 ? effective : NAN);
    put(ego->clustering, i, k > 1 ? closed / pairs : NAN);
    put(ego->clustering_w, i, k > 1 ? closed_weight / ((double)k - 1) : NAN);
}

bool ego_run(const struct adjacency *both, struct ego *ego)
{
    size_t n = both->count;
    struct scratch scratch = {calloc(n + 1, sizeof(double)), calloc(n + 1, sizeof(double)), calloc(n + 1, sizeof(double)),
                              calloc(n + 1, sizeof(double)), calloc(n + 1, sizeof(double))};
    bool done = scratch.strength && scratch.largest && scratch.share && scratch.invested && scratch.redundant;
    ego->closed = ego->triples = 0;
    for (size_t i = 0; done && i < n; i++) {
        scratch.strength[i] = adjacency_strength(both, i);
        for (size_t a = both->start[i]; a < both->start[i + 1]; a++)
            scratch.largest[i] = fmax(scratch.largest[i], both->weight[a]);
    }
    for (size_t i = 0; done && i < n; i++)
        ego_of(both, i, &scratch, ego);
    free(scratch.strength);
    free(scratch.largest);
    free(scratch.share);
    free(scratch.invested);
    free(scratch.redundant);
    return done;
}
