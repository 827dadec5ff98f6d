/* SPDX-License-Identifier: GPL-3.0-or-later
 * Distances in steps from everybody to everybody, 512 searches at a time in the bits of a block.
 *
 * Exact; a network of 25,000 actors takes seconds. One search per bit: a level of the search ORs the blocks of neighbours, and
 * the population count of what is new says how many sources are exactly this far away (Then et al. 2014, multi-source BFS).
 */
#ifndef SAMORDNING_SWEEP_H
#define SAMORDNING_SWEEP_H

#include "topology.h"

struct sweep_totals {
    double pairs;        /* ordered pairs that reach each other */
    double distance_sum; /* over these pairs */
    double inverse_sum;  /* sum of 1/d over them */
    size_t diameter;     /* the longest of the distances; 0 when no pair is reachable */
};
enum sweep_status { SWEEP_OK, SWEEP_STOPPED, SWEEP_NO_MEMORY };

/* For each actor v, over the others u that reach v along `adjacency`: how many, the sum of d(u, v) and of 1/d(u, v). Give the
 * reversed lists to get distances from v instead. Arrays may be NULL. */
enum sweep_status sweep_run(const struct adjacency *adjacency, double *ret_reached, double *ret_sum, double *ret_inverse,
                            struct sweep_totals *ret_totals, bool (*proceed)(void *arg, unsigned permille), void *arg);

#endif
