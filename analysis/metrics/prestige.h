/* SPDX-License-Identifier: GPL-3.0-or-later
 * Standing that depends on the standing of others: PageRank, hubs and authorities, PN with negative ties.
 *
 * Plain iterations on our own lists rather than igraph 0.10.2, whose PageRank overlooks negative weights and may use several
 * threads (and then other last bits), and whose hub and authority scores count loops once.
 */
#ifndef SAMORDNING_PRESTIGE_H
#define SAMORDNING_PRESTIGE_H

#include "topology.h"

#define PRESTIGE_DAMPING 0.85

enum prestige_status { PRESTIGE_OK, PRESTIGE_UNSETTLED, PRESTIGE_SINGULAR, PRESTIGE_NO_MEMORY };

/* Sums to 1. An actor without outgoing ties passes its share to all equally (Brin & Page 1998). */
enum prestige_status prestige_pagerank(const struct topology *topology, double *ret_pagerank);

/* Kleinberg 1999, largest = 1; weighted. All NaN without ties. UNSETTLED: the values still moved when the work limit was
 * reached. */
enum prestige_status prestige_hits(const struct topology *topology, double *ret_hub, double *ret_authority);

/* Everett & Borgatti 2014: (I - A/(2n-2))^-1 1 with A = P - 2N, both symmetric and binary. SINGULAR: two actors with only a
 * negative tie, where the definition has no answer. */
enum prestige_status prestige_pn(const struct adjacency *positive, const struct network_tie *negative, size_t negative_count,
                                 double *ret_pn);

#endif
