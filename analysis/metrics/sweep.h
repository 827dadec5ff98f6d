/* SPDX-License-Identifier: GPL-3.0-or-later
 * Distances in steps from everybody to everybody, 512 searches at a time in the bits of a cache line.
 *
 * Exact, and one pass gives closeness, harmonic centrality, eccentricity, diameter, mean distance, efficiency and reach. One
 * search per bit: a level of the search ORs the lines of neighbours, and the population count of what is new says how many
 * sources are exactly this far away (Then et al. 2014, multi-source BFS).
 *
 * All sums are whole numbers or amounts, so the parts of any division of the blocks over threads or workers add up to the same
 * bits. A thread needs 160 bytes an actor.
 */
#ifndef SAMORDNING_SWEEP_H
#define SAMORDNING_SWEEP_H

#include "amount.h"
#include "crew.h"
#include "topology.h"

struct sweep_sum {              /* of one actor, over the sources that reach it */
    amount_t inverse;           /* sum of 1 / d; each term is cut to 2^-64 */
    uint64_t steps;             /* sum of d */
    uint32_t reached, farthest; /* how many, and the largest d */
};

unsigned sweep_versions(void); /* of its loops in this build, each for other vectors; 1 = plain C only */
size_t sweep_blocks(size_t actor_count);
double sweep_block_ns(const struct adjacency *out); /* rough cost of one */
/* Adds to sums[adjacency count], zero at first, what the sources of blocks [first, last) contribute: for each actor v, over the
 * others u of these blocks that reach v along `out`. `in` = the reversed lists of `out`; exchange the two to get distances from
 * v instead. Unchanged unless CREW_OK. */
enum crew_status sweep_part(const struct adjacency *out, const struct adjacency *in, size_t first, size_t last,
                            const struct crew *crew, struct sweep_sum *sums);
void sweep_add(struct sweep_sum *sums, const struct sweep_sum *part, size_t count);

struct sweep_totals {
    double pairs;        /* ordered pairs that reach each other */
    double distance_sum; /* over these pairs */
    double inverse_sum;  /* sum of 1/d over them */
    size_t diameter;     /* the longest of the distances; 0 when no pair is reachable */
};
struct sweep {                                    /* arrays of one number per actor, owned by the caller, NULL = not wanted */
    double *reached, *steps, *inverse, *farthest; /* as in sweep_sum; farthest 0 where nobody reaches the actor */
    struct sweep_totals totals;
};
void sweep_finish(const struct sweep_sum *sums, size_t count, struct sweep *sweep);

#endif
