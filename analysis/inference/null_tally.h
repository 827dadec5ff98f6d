/* SPDX-License-Identifier: GPL-3.0-or-later
 * A statistic against what it is by chance: mean, spread and tail shares of its null distribution, gathered value by value.
 *
 * p is exact (b/m) where every case was walked, the observed one among them; otherwise p = (b+1)/(m+1) over m draws (Phipson &
 * Smyth 2010). Values that are NaN are no cases.
 */
#ifndef SAMORDNING_NULL_TALLY_H
#define SAMORDNING_NULL_TALLY_H

#include <stdbool.h>

struct label_null {
    double observed, mean, sd; /* sd of the null distribution (population for exact, sample otherwise); 0 = does not vary */
    double z;                  /* NaN when sd is 0 */
    double p_low, p_high, p;   /* one-sided both ways; p = min(1, 2 min(p_low, p_high)) */
};
struct null_tally {
    double sum, squares; /* of value - observed, so that large weights do not cancel */
    unsigned counted, low, high;
};
void null_tally_add(struct null_tally *tally, double value, double observed);
/* All but observed is NaN when nothing was counted, or nothing was observed. */
struct label_null null_tally_finish(const struct null_tally *tally, double observed, bool exact);

#endif
