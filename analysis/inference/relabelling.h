/* SPDX-License-Identifier: GPL-3.0-or-later
 * Relabellings of the actors of a matrix: rows and columns permuted together, all of them where there are few enough.
 *
 * With n! up to RELABELLING_EXACT_MAX every order is walked, the one observed among them, and p is exact; otherwise orders are
 * drawn and p = (b+1)/(m+1) (Phipson & Smyth 2010). The same number gives the same order, whoever asks.
 */
#ifndef SAMORDNING_RELABELLING_H
#define SAMORDNING_RELABELLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RELABELLING_EXACT_MAX 50000 /* 8! = 40,320 */

struct relabelling {
    size_t actors;
    size_t count; /* orders that are looked at */
    uint64_t seed;
    bool exact;
};
/* drawn: how many when not exact. */
struct relabelling relabelling_of(size_t actors, size_t drawn, uint64_t seed);
/* The order of this number, below count: position i of the permuted matrix is actor ret_order[i]. */
void relabelling_order(const struct relabelling *relabelling, size_t number, int32_t *ret_order);

/* How many of the orders gave at most, and at least, as much as observed. */
struct relabelling_tally {
    size_t low, high;
    size_t counted; /* that gave a number at all */
};
void relabelling_count(struct relabelling_tally *tally, double value, double observed);
/* NaN when nothing was counted. */
double relabelling_p(const struct relabelling *relabelling, size_t extreme, size_t counted);

#endif
