/* SPDX-License-Identifier: GPL-3.0-or-later
 * Betweenness from a sample of sources, with a guarantee: with probability 1 - delta over the draw, every actor's normalised
 * betweenness is within epsilon of the exact one.
 *
 * Sources are drawn without replacement from a seeded stream and every source gives its dependency on each actor (Brandes &
 * Pich 2007), which over n - 2 lies in [0, 1]. After looks at fixed numbers of sources the widest bound over all actors is
 * compared with epsilon: for each actor the narrower of the Hoeffding-Serfling and the empirical Bernstein-Serfling bound
 * (Bardenet & Maillard 2015, theorems 2.4 and 4.3), each on both sides, at delta / (4 x actors x looks). Should the sample
 * become the whole, the numbers are exact and say so.
 *
 * Epsilon is absolute: an actor whose share of the pairs is below it is only known to be below it. The same seed gives the same
 * bits whatever the number of threads.
 */
#ifndef SAMORDNING_SAMPLED_H
#define SAMORDNING_SAMPLED_H

#include "crew.h"
#include "topology.h"

struct sampled_request {
    bool directed, unit;   /* in steps, or along distances */
    double epsilon, delta; /* over 0, below 1 */
    uint64_t seed;
};
struct sampled_report {
    size_t sources; /* drawn */
    size_t looks;
    double epsilon; /* what the bound had come to: at most what was asked for; 0 = exact */
};

/* Raw estimates; undirected: each unordered pair once. `in` = the reversed lists of `out`. */
enum crew_status betweenness_sampled(const struct adjacency *out, const struct adjacency *in,
                                     const struct sampled_request *request, const struct crew *crew, double *ret_betweenness,
                                     struct sampled_report *ret_report);

#endif
