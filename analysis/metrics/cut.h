/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a network comes apart: components, actors whose removal splits one, ties that are the only connection.
 */
#ifndef SAMORDNING_CUT_H
#define SAMORDNING_CUT_H

#include "topology.h"

struct cut_bridge {
    int32_t from, to;          /* from < to */
    size_t from_side, to_side; /* actors on each side when the tie is gone */
};
struct cut {
    size_t count;
    int32_t *component;     /* of each actor; numbered by their first actor */
    size_t *component_size; /* component_count values */
    size_t component_count;
    size_t largest;             /* component with most actors, the first of them when several; 0 when there is none */
    size_t *pieces;             /* what is left of the actor's component without it: number of pieces (0 for an isolate) */
    size_t *cut_off;            /* actors outside the largest of these pieces; > 0 = articulation point */
    struct cut_bridge *bridges; /* sorted by (from, to) */
    size_t bridge_count;
    /* Blocks (biconnected components): the members of block b are block_member[block_start[b]] .. [block_start[b + 1]), in
     * ascending order. An actor whose ties lie in several blocks is an articulation point; an isolate is in none. */
    size_t *block_start; /* block_count + 1 */
    int32_t *block_member;
    size_t block_count;
};
/* On an undirected view. False: out of memory, nothing to release. */
bool cut_init(struct cut *ret_cut, const struct adjacency *both);
void cut_release(struct cut *cut);

#endif
