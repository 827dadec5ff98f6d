/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shortest paths from each actor in turn: distances and, when asked for, betweenness (Brandes 2001).
 *
 * Two paths count as equally short when their lengths agree to 1e-10 of their size: 1/3 + 1/6 and 1/2 are the same distance
 * whatever the last bit of a double says.
 */
#ifndef SAMORDNING_PATHS_H
#define SAMORDNING_PATHS_H

#include "topology.h"

struct paths {                                /* arrays of `count`, owned by the caller, NULL = not wanted */
    double *betweenness;                      /* raw; undirected: each unordered pair once */
    double *reached, *sum, *inverse;          /* over the others this actor reaches: number, sum of d, sum of 1/d */
    double *in_reached, *in_sum, *in_inverse; /* over the others that reach this actor */
};
enum paths_status { PATHS_OK, PATHS_STOPPED, PATHS_NO_MEMORY };

/* `unit`: every tie is one step, whatever its distance. `in` = the reversed lists of `out` (the same for an undirected view).
 */
enum paths_status paths_run(const struct adjacency *out, const struct adjacency *in, bool directed, bool unit,
                            struct paths *paths, bool (*proceed)(void *arg, unsigned permille), void *arg);

#endif
