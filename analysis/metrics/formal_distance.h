/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far two bodies are from each other in the chart of the organisation: steps up to the lowest body both are under, and down
 * again. A body and the one above it are 1 apart, two under the same one 2.
 *
 * Above the ministries stands the government, which is in no register: two ministries are 2 apart, and an agency of one and
 * another one are 3. What is above a body that is no ministry and has no parent in the register is unknown, and so then is its
 * distance to all that is not below it.
 *
 * That organisational distance keeps bodies from coordinating is from NORCE's frame of tasks, dependencies and distance (2019);
 * the measure, the way in the tree, is the project's own.
 */
#ifndef SAMORDNING_FORMAL_DISTANCE_H
#define SAMORDNING_FORMAL_DISTANCE_H

#include "network.h"

/* Steps, n x n, row-major, symmetric, 0 on the diagonal, NaN = unknown. The caller frees it; NULL: out of memory. */
double *formal_distance_matrix(const struct network *network);

#endif
