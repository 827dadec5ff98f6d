/* SPDX-License-Identifier: GPL-3.0-or-later
 * The families graph and centrality as a vector of numbers, of a network given as a matrix: what is done a thousand times to
 * see how far they vary.
 *
 * The families themselves compute them, so that a replicate and the answer it stands beside are one computation. Safe to call
 * from several threads at once: nothing in these two families calls igraph.
 */
#ifndef SAMORDNING_MEASURES_H
#define SAMORDNING_MEASURES_H

#include "metrics.h"

struct measure {
    char name[48];
    size_t at; /* of the network: its number; of an actor: number of the first */
    bool of_network;
};
struct measures {
    const struct network *like; /* direction, distance and choices are taken from it */
    struct measure *list;       /* those of the network first */
    size_t count, network_count;
    bool of_actors; /* numbers of actors, too; without them the family centrality is not run */
    size_t size;    /* numbers in a vector for a network of like's actors: network_count + (count - network_count) * actors */
};
/* METRICS_FAILED: ret_error. */
enum metrics_status measures_init(struct measures *ret_measures, const struct network *like, bool of_actors, char *ret_error);
void measures_release(struct measures *measures);
/* Of the matrix (row-major, NaN and 0 = no tie; undirected: the upper half is read). Actor numbers stand measure after
 * measure. ret_numbers: network_count + (count - network_count) * actors. */
enum metrics_status measures_compute(const struct measures *measures, const double *matrix, size_t actors,
                                     bool (*progress)(void *arg, unsigned permille), void *arg, double *ret_numbers,
                                     char *ret_error);

#endif
