/* SPDX-License-Identifier: GPL-3.0-or-later
 * The configuration null of simple graphs: what a statistic is when ties are dealt out anew and everybody keeps their degree
 * (directed: both degrees), all such graphs being equally likely.
 *
 * A walk of double-edge swaps. One proposal takes two ties with replacement and exchanges ends: a-b, c-d become a-d, c-b, or,
 * in an undirected graph as often, a-c, d-b. What would give a loop or a second tie is not done, and counts as a step: so every
 * proposal is as likely as its return, and all graphs are equally likely in the end. Undirected simple graphs are all reached
 * (Taylor 1981). Directed ones are not by swaps alone: every other proposal takes a tie and a third actor, and turns the
 * circle of three round if they are one and no arc the other way is there; then all are (Rao, Jana & Bandyopadhyay 1996).
 *
 * Burn-in: DEGREE_SWAPS_PER_TIE proposals for each tie. Replicates are the parallel design of Besag & Clifford 1989: one walk
 * of that length leads from the observed graph to a hub, and each replicate walks as far from the hub, with a stream of its
 * own. Observed graph and replicates are then exchangeable under the null however short the walk, so p is valid; there is no
 * thinning, because no walk gives more than one graph.
 */
#ifndef SAMORDNING_DEGREE_SWAPS_H
#define SAMORDNING_DEGREE_SWAPS_H

#include "null_tally.h"
#include "random_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEGREE_SWAPS_ACTORS_MAX 2000 /* a thread has two matrices of bits and one of places: 17 MB */
#define DEGREE_SWAPS_PER_TIE    20

struct swap_tie {
    int32_t from, to;
};
struct swap_graph {
    size_t actors, count, words; /* words of 64 bits in a row */
    bool directed;
    struct swap_tie *ties;
    uint64_t *rows;  /* bit j of row i: i -> j; both ways when undirected */
    uint64_t *both;  /* the same of the undirected view; rows itself when undirected */
    int32_t *places; /* directed: where in ties i -> j is, at i * actors + j; set only where it is there */
};
static inline bool swap_graph_tied(const struct swap_graph *graph, int32_t from, int32_t to)
{
    return graph->rows[(size_t)from * graph->words + (size_t)to / 64] >> (to % 64) & 1;
}
/* Simple and without loops; at most DEGREE_SWAPS_ACTORS_MAX actors. False: out of memory, nothing to release. */
bool swap_graph_init(struct swap_graph *ret_graph, size_t actors, bool directed, const struct swap_tie *ties, size_t count);
void swap_graph_release(struct swap_graph *graph);
/* So many proposals; returns how many changed the graph. */
size_t swap_graph_walk(struct swap_graph *graph, struct random_stream *stream, size_t proposals);

struct degree_swaps {
    const struct swap_graph *observed;
    size_t statistic_count;
    unsigned replicates;
    uint64_t seed;
    unsigned threads;                                                                            /* 0 = one a core */
    void (*statistics)(const void *arg, const struct swap_graph *graph, double *ret_statistics); /* NaN = none */
    const void *arg;
    bool (*proceed)(void *proceed_arg, unsigned permille); /* false = stop; may be NULL */
    void *proceed_arg;
};
enum degree_swaps_status { DEGREE_SWAPS_OK, DEGREE_SWAPS_STOPPED, DEGREE_SWAPS_NO_MEMORY };
/* ret_nulls: statistic_count. ret_moved: share of the proposals of the first walk that changed the graph; NaN without ties. */
enum degree_swaps_status degree_swaps_run(const struct degree_swaps *plan, struct label_null *ret_nulls, double *ret_moved);

#endif
