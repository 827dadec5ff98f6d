/* SPDX-License-Identifier: GPL-3.0-or-later
 * Coreness: the largest k for which an actor is in a part where everybody has k ties within it.
 *
 * Ours because replicates run in threads, where igraph must not be called; igraph is a witness in the tests.
 */
#ifndef SAMORDNING_CORE_H
#define SAMORDNING_CORE_H

#include "topology.h"

/* On an undirected view, binary (Batagelj & Zaversnik 2003). False: out of memory. */
bool core_run(const struct adjacency *both, double *ret_coreness);

#endif
