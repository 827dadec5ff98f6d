/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shortest paths along distances: one search from each actor gives betweenness (Brandes 2001) and, out of the actor and into
 * it, reach, sum of distances and sum of their inverses, together.
 *
 * Two paths count as equally short when their lengths agree to 1e-10 of their size: 1/3 + 1/6 and 1/2 are the same distance
 * whatever the last bit of a double says. (In steps: sweep.h and betweenness.h, which are far faster.)
 *
 * Sums over sources are kept in amounts, so the parts of any division of the sources over threads or workers add up to the same
 * bits. A thread needs about 170 bytes an actor and 20 bytes an arc, all of them together 12 bytes an arc, and 36 at first.
 */
#ifndef SAMORDNING_PATHS_H
#define SAMORDNING_PATHS_H

#include "crew.h"
#include "dependency.h"
#include "topology.h"

#define PATHS_BLOCK 8 /* sources */

struct paths_sum { /* of one actor */
    struct dependency dependency;
    double sum, inverse; /* over the others this actor reaches; set by its own search and by no other */
    uint32_t reached, in_reached;
    amount_t in_sum, in_inverse; /* over the others that reach it, in units that follow from the network (paths_finish) */
};
struct paths_wanted {
    bool betweenness, in; /* what costs extra */
    bool squares;         /* of dependencies */
};

/* Adds to sums[adjacency count], zero at first, what searches from the sources of blocks [first, last) contribute: block b has
 * sources[8b .. 8b + 7], of all actors with `sources` NULL. `in` = the reversed lists of `out`. Unchanged unless CREW_OK. */
enum crew_status paths_part(const struct adjacency *out, const struct adjacency *in, const int32_t *sources,
                            size_t source_count, size_t first, size_t last, struct paths_wanted wanted, const struct crew *crew,
                            struct paths_sum *sums);
static inline size_t paths_blocks(size_t source_count)
{
    return (source_count + PATHS_BLOCK - 1) / PATHS_BLOCK;
}
double paths_block_ns(const struct adjacency *out); /* rough cost of one */
/* Whether incoming sums can be had in the same searches to 1e-12: distances do not differ by more than a factor of 10^26 / n^2.
 * Otherwise search once more with the two lists exchanged, as paths_run (path_work.h) does. */
bool paths_in_fits(const struct adjacency *in);
void paths_add(struct paths_sum *sums, const struct paths_sum *part, size_t count);

struct paths {                                /* arrays of `count`, owned by the caller, NULL = not wanted */
    double *betweenness;                      /* raw; undirected: each unordered pair once */
    double *reached, *sum, *inverse;          /* over the others this actor reaches: number, sum of d, sum of 1/d */
    double *in_reached, *in_sum, *in_inverse; /* over the others that reach this actor */
};
/* From the sums of all sources. */
void paths_finish(const struct paths_sum *sums, const struct adjacency *in, bool directed, struct paths *paths);

#endif
