/* SPDX-License-Identifier: GPL-3.0-or-later
 * Step-up adjustment: q(i) = min over j >= i of p(j) m / j on the ordered p values.
 */
#include "multiple.h"

#include <math.h>
#include <stdlib.h>

struct ranked {
    double p;
    size_t index;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

bool multiple_benjamini_hochberg(const double *p, size_t count, double *ret_q)
{
    struct ranked *ranks = malloc((count + 1) * sizeof *ranks);
    if (!ranks)
        return false;
    size_t tests = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(p[i]))
            ret_q[i] = NAN;
        else
            ranks[tests++] = (struct ranked){p[i], i};
    }
    if (tests > 1)
        qsort(ranks, tests, sizeof *ranks, compare_ranked);
    double smallest = 1;
    for (size_t i = tests; i-- > 0;) {
        smallest = fmin(smallest, ranks[i].p * (double)tests / (double)(i + 1));
        ret_q[ranks[i].index] = smallest;
    }
    free(ranks);
    return true;
}
