/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds the adjacency lists by counting, and holds the promises of network.h before anything is computed from them.
 */
#include "topology.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_SIZE 400

static void adjacency_release(struct adjacency *adjacency)
{
    free(adjacency->start);
    free(adjacency->peer);
    free(adjacency->weight);
    free(adjacency->distance);
    *adjacency = (struct adjacency){0};
}

static bool adjacency_init(struct adjacency *adjacency, size_t count, size_t arc_count)
{
    *adjacency = (struct adjacency){.count = count, .arc_count = arc_count};
    adjacency->start = calloc(count + 2, sizeof *adjacency->start);
    adjacency->peer = malloc((arc_count + 1) * sizeof *adjacency->peer);
    adjacency->weight = malloc((arc_count + 1) * sizeof *adjacency->weight);
    adjacency->distance = malloc((arc_count + 1) * sizeof *adjacency->distance);
    return adjacency->start && adjacency->peer && adjacency->weight && adjacency->distance;
}

/* Fills lists from ties sorted by (from, to): `forward` enters a tie at its from, `backward` at its to. Entering all backward
 * arcs of a list before its forward ones keeps undirected lists (from < to) in ascending order. */
static bool fill(struct adjacency *adjacency, size_t count, const struct network_tie *ties, size_t tie_count,
                 const double *distances, bool forward, bool backward)
{
    if (!adjacency_init(adjacency, count, tie_count * (size_t)(forward + backward)))
        return false;
    size_t *next = adjacency->start + 1; /* shifted by one: after filling, start[] is in place */
    for (size_t t = 0; t < tie_count; t++) {
        if (forward)
            next[ties[t].from + 1]++;
        if (backward)
            next[ties[t].to + 1]++;
    }
    for (size_t i = 1; i <= count; i++)
        next[i] += next[i - 1];
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 0 ? !backward : !forward)
            continue;
        for (size_t t = 0; t < tie_count; t++) {
            int32_t owner = pass == 0 ? ties[t].to : ties[t].from;
            size_t at = next[owner]++;
            adjacency->peer[at] = pass == 0 ? ties[t].from : ties[t].to;
            adjacency->weight[at] = ties[t].weight;
            adjacency->distance[at] = distances[t];
        }
    }
    return true;
}

static double *distances_of(const struct network *network)
{
    double *distances = malloc((network->tie_count + 1) * sizeof *distances);
    double largest = 0;
    for (size_t t = 0; t < network->tie_count; t++)
        largest = fmax(largest, network->ties[t].weight);
    for (size_t t = 0; distances && t < network->tie_count; t++)
        distances[t] = network_distance(network->spec.distance, network->ties[t].weight, largest);
    return distances;
}

static bool check(const struct network *network, char *ret_error)
{
    if (network->actor_count > INT32_MAX) {
        snprintf(ret_error, ERROR_SIZE, "%zu actors are more than %d", network->actor_count, INT32_MAX);
        return false;
    }
    const char *reason = NULL;
    size_t t = 0;
    for (; t < network->tie_count && !reason; t++) {
        const struct network_tie *tie = &network->ties[t];
        if ((size_t)tie->from >= network->actor_count || (size_t)tie->to >= network->actor_count) /* below 0, too */
            reason = "names an actor outside the network";
        else if (tie->from == tie->to)
            reason = "is a self-tie";
        else if (!network->spec.directed && tie->from > tie->to)
            reason = "of an undirected network goes from the later to the earlier actor";
        else if (!(tie->weight > 0) || tie->weight > TOPOLOGY_WEIGHT_MAX)
            reason = "has a weight that is not positive and at most 1e300";
        else if (t > 0 && (tie->from < tie[-1].from || (tie->from == tie[-1].from && tie->to <= tie[-1].to)))
            reason = "is out of order or stands twice";
    }
    if (!reason)
        return true;
    snprintf(ret_error, ERROR_SIZE, "tie %zu (%d -> %d, weight %g) %s", t - 1, network->ties[t - 1].from,
             network->ties[t - 1].to, network->ties[t - 1].weight, reason);
    return false;
}

bool topology_init(struct topology *ret_topology, const struct network *network, char *ret_error)
{
    *ret_topology = (struct topology){.directed = network->spec.directed, .count = network->actor_count};
    if (!check(network, ret_error))
        return false;
    bool done = false;
    struct network *undirected = network_undirected(network);
    double *own = distances_of(network);
    double *merged = undirected ? distances_of(undirected) : NULL;
    if (!own || !merged)
        goto out;
    ret_topology->both_ties = undirected->tie_count;
    if (!fill(&ret_topology->both, network->actor_count, undirected->ties, undirected->tie_count, merged, true, true))
        goto out;
    if (!network->spec.directed) {
        ret_topology->out = ret_topology->in = ret_topology->both;
        done = true;
        goto out;
    }
    done = fill(&ret_topology->out, network->actor_count, network->ties, network->tie_count, own, true, false) &&
           fill(&ret_topology->in, network->actor_count, network->ties, network->tie_count, own, false, true);
out:
    network_destroy(undirected);
    free(own);
    free(merged);
    if (!done) {
        snprintf(ret_error, ERROR_SIZE, "out of memory for a network of %zu actors and %zu ties", network->actor_count,
                 network->tie_count);
        topology_release(ret_topology);
    }
    return done;
}

void topology_release(struct topology *topology)
{
    if (topology->directed) {
        adjacency_release(&topology->out);
        adjacency_release(&topology->in);
    }
    adjacency_release(&topology->both);
    *topology = (struct topology){0};
}

size_t adjacency_find(const struct adjacency *adjacency, size_t actor, int32_t peer)
{
    size_t low = adjacency->start[actor], high = adjacency->start[actor + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (adjacency->peer[middle] < peer)
            low = middle + 1;
        else
            high = middle;
    }
    return low < adjacency->start[actor + 1] && adjacency->peer[low] == peer ? low : SIZE_MAX;
}

double adjacency_strength(const struct adjacency *adjacency, size_t actor)
{
    double sum = 0;
    for (size_t a = adjacency->start[actor]; a < adjacency->start[actor + 1]; a++)
        sum += adjacency->weight[a];
    return sum;
}
