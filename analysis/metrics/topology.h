/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as adjacency lists: what every path, ego and cut computation walks.
 *
 * `out` and `in` follow the direction of the ties (the same lists when the network is undirected), `both` is the undirected
 * view with the weights of the two directions summed. Peers are in ascending order; no loops, no duplicates.
 */
#ifndef SAMORDNING_TOPOLOGY_H
#define SAMORDNING_TOPOLOGY_H

#include "network.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOPOLOGY_WEIGHT_MAX 1e300 /* sums over ten million ties stay finite */

struct adjacency {
    size_t count;     /* actors */
    size_t arc_count; /* entries of the lists: an undirected tie stands in two */
    size_t *start;    /* count + 1 */
    int32_t *peer;
    double *weight;
    double *distance; /* under the specification, > 0 */
};
struct topology {
    bool directed;
    size_t count;
    struct adjacency out, in, both;
    size_t both_ties; /* ties of the undirected view */
};

static inline size_t adjacency_degree(const struct adjacency *adjacency, size_t actor)
{
    return adjacency->start[actor + 1] - adjacency->start[actor];
}
/* Position of `peer` in the list of `actor`, or SIZE_MAX. */
size_t adjacency_find(const struct adjacency *adjacency, size_t actor, int32_t peer);
double adjacency_strength(const struct adjacency *adjacency, size_t actor);

/* False: error (400 bytes) says which tie breaks the promises of network.h, or that memory ran out. */
bool topology_init(struct topology *ret_topology, const struct network *network, char *ret_error);
void topology_release(struct topology *topology);

#endif
