/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network's arcs for kernels that walk them in steps: weights left out, and actors renumbered so that those close to each
 * other in the network are close in memory.
 *
 * The order is that of breadth-first searches over both directions, each from the actor with most ties not yet reached. A block
 * of neighbouring sources then shares most of its search, and its lines stay in the cache. It is a function of the network
 * alone.
 */
#ifndef SAMORDNING_COMPACT_H
#define SAMORDNING_COMPACT_H

#include "topology.h"

struct compact {
    size_t count, arc_count;
    int32_t *actor;               /* position -> actor of the adjacency */
    int32_t *position;            /* actor -> position */
    size_t *out_start, *in_start; /* count + 1 */
    int32_t *out_peer, *in_peer;  /* positions; the same lists when the network is undirected */
};

/* False: no memory. `out` and `in` share their lists when the network is undirected. */
bool compact_init(struct compact *ret_compact, const struct adjacency *out, const struct adjacency *in);
void compact_release(struct compact *compact);

#endif
