/* SPDX-License-Identifier: GPL-3.0-or-later
 * One network under each of the usual treatments of silence and contradiction, as matrices with unknown cells.
 *
 * The accounts are of interactions (accounts.h). T(i) is what end i told of the pair. Matrices hold one row an actor:
 *   as reported     T(i) in the row of i; unknown where i has not reported
 *   reconstruction  T(i), or T(j) where i has not reported and j has (Stork & Richards 1992); unknown where neither has
 *   union           told by anybody; unknown where neither end has reported and nobody told
 *   intersection    told by both ends; unknown where one that has not reported could have confirmed what the other told, and
 *                   where neither has reported
 * In an undirected network the rows of as reported and reconstruction are then brought together: the mean of the two accounts,
 * unknown where either row is.
 */
#ifndef SAMORDNING_TREATMENTS_H
#define SAMORDNING_TREATMENTS_H

#include "accounts.h"

enum treatment { TREATMENT_AS_REPORTED, TREATMENT_UNION, TREATMENT_INTERSECTION, TREATMENT_RECONSTRUCTION, TREATMENTS };
extern const char *const treatment_names[TREATMENTS];

/* actors x actors, row-major, NaN = unknown, diagonal 0. Heap; NULL: out of memory. */
double *treatment_matrix(const struct network *network, const struct accounts *accounts, enum treatment treatment);

#endif
