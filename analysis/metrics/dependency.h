/* SPDX-License-Identifier: GPL-3.0-or-later
 * The dependencies of sources on one actor (Brandes 2001: over all targets, the share of the shortest paths that pass it),
 * added up exactly.
 */
#ifndef SAMORDNING_DEPENDENCY_H
#define SAMORDNING_DEPENDENCY_H

#include "amount.h"

#include <stdbool.h>
#include <stddef.h>

struct dependency {
    amount_t sum;
    amount_t square; /* sum of (dependency / (n - 2))^2, which is at most one a source: for the variance over sources */
};

static inline void dependency_add(struct dependency *sums, const struct dependency *part, size_t count)
{
    for (size_t v = 0; v < count; v++) {
        sums[v].sum = amount_add(sums[v].sum, part[v].sum);
        sums[v].square = amount_add(sums[v].square, part[v].square);
    }
}

/* Dependencies of every source to betweenness: an undirected pair was counted from both of its ends. */
static inline void dependency_finish(const struct dependency *sums, size_t count, bool directed, double *ret_betweenness)
{
    for (size_t v = 0; v < count; v++)
        ret_betweenness[v] = amount_to(sums[v].sum) / (directed ? 1 : 2);
}

#endif
