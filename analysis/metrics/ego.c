/* SPDX-License-Identifier: GPL-3.0-or-later
 * One walk over every path of two ties gives clustering, constraint and effective size together.
 */
#include "ego.h"

#include <math.h>
#include <stdlib.h>

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
        int32_t q = both->peer[a];
        for (size_t b = both->start[q]; b < both->start[q + 1]; b++) {
            int32_t j = both->peer[b];
            if (!(scratch->share[j] > 0))
                continue;
            closed++;
            closed_weight += (scratch->share[q] + scratch->share[j]) / 2;
            scratch->invested[j] += scratch->share[q] * (both->weight[b] / scratch->strength[q]);
            scratch->redundant[j] += scratch->share[q] * (both->weight[b] / scratch->largest[j]);
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
