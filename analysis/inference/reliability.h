/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far the items of a scale measure one thing.
 */
#ifndef SAMORDNING_RELIABILITY_H
#define SAMORDNING_RELIABILITY_H

#include <stddef.h>

#define RELIABILITY_ITEMS_MAX 200

struct reliability {
    double alpha;     /* Cronbach 1951: k/(k-1) (1 - sum of the items' variances / variance of their sum) */
    double low, high; /* 95 %, Feldt 1965; exact for normal, parallel items */
};
/* values: cases x items, row-major, none missing. All NaN below two cases or two items, or when the sum does not vary. */
struct reliability reliability_alpha(const double *values, size_t cases, size_t items);

#endif
