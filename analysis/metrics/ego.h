/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an actor's own surroundings look like: closure around it and the structural holes between its contacts.
 */
#ifndef SAMORDNING_EGO_H
#define SAMORDNING_EGO_H

#include "crew.h"
#include "topology.h"

struct ego {                /* arrays of `count`, owned by the caller, NULL = not wanted */
    double *clustering;     /* share of an actor's pairs of neighbours that are tied; NaN with fewer than two */
    double *clustering_w;   /* Barrat et al. 2004: the same, each pair weighted by the actor's two ties */
    double *constraint;     /* Burt 1992; NaN for an isolate */
    double *effective_size; /* Burt 1992; NaN for an isolate */
};
/* On an undirected view. Unless CREW_OK the arrays are of no use. */
enum crew_status ego_run(const struct adjacency *both, const struct crew *crew, const struct ego *ego);
/* Ordered pairs of neighbours that are tied, and all of them, over all actors. False: out of memory. */
bool ego_count(const struct adjacency *both, double *ret_closed, double *ret_triples);

#endif
