/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two networks and their numbers side by side: what differs, who is in which, who stands where.
 */
#ifndef SAMORDNING_COMPARISON_H
#define SAMORDNING_COMPARISON_H

#include "network.h"

/* after - before; 0 when they differ by no more than rounding makes, NaN when either is missing. */
double comparison_difference(double before, double after);

/* An actor that is on either side; -1 = not on that one. */
struct comparison_pair {
    int32_t before, after;
};
/* Both networks' actors in one order of keys. Heap; NULL: out of memory. */
struct comparison_pair *comparison_actors(const struct network *before, const struct network *after, size_t *ret_count);

/* 1 = the largest; values within rounding of the first of their rank share it, NaN has none. False: out of memory. */
bool comparison_ranks(const double *values, size_t count, double *ret_ranks);

#endif
