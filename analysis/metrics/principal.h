/* SPDX-License-Identifier: GPL-3.0-or-later
 * The principal eigenvector of an undirected component, by thick-restart Lanczos (Wu & Simon 2000).
 *
 * Ours rather than igraph's, because ARPACK keeps random state between calls: the same network twice gave other last bits, and
 * on directed acyclic graphs igraph 0.10.2 gives nothing at all.
 */
#ifndef SAMORDNING_PRINCIPAL_H
#define SAMORDNING_PRINCIPAL_H

#include "cut.h"
#include "topology.h"

enum principal_status { PRINCIPAL_OK, PRINCIPAL_UNSETTLED, PRINCIPAL_NO_MEMORY };

#define PRINCIPAL_VISITS 1e9 /* a second or two */

/* Of the weighted largest component; largest value 1, none below 0, NaN for everybody else, and for all when nobody is tied or
 * (UNSETTLED) visits_max numbers had been multiplied before it settled. */
enum principal_status principal_vector(const struct adjacency *both, const struct cut *cut, double visits_max,
                                       double *ret_vector);

#endif
