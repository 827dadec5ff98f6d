/* SPDX-License-Identifier: GPL-3.0-or-later
 * Differences that rounding does not make, actors side by side, ranks.
 */
#include "comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME_VALUE 1e-9 /* relative: closer values share a rank, and are no change */

double comparison_difference(double before, double after)
{
    double larger = fmax(fabs(before), fabs(after));
    return fabs(after - before) <= SAME_VALUE * larger ? 0 : after - before;
}

struct comparison_pair *comparison_actors(const struct network *before, const struct network *after, size_t *ret_count)
{
    size_t b = 0, a = 0, count = 0;
    struct comparison_pair *pairs = malloc((before->actor_count + after->actor_count + 1) * sizeof *pairs);
    while (pairs && (b < before->actor_count || a < after->actor_count)) {
        int order = b == before->actor_count  ? 1
                    : a == after->actor_count ? -1
                                              : strcmp(before->actors[b].key, after->actors[a].key);
        pairs[count++] = (struct comparison_pair){order <= 0 ? (int32_t)b : -1, order >= 0 ? (int32_t)a : -1};
        b += order <= 0;
        a += order >= 0;
    }
    *ret_count = count;
    return pairs;
}

struct ranked {
    double value;
    size_t at;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

bool comparison_ranks(const double *values, size_t count, double *ret_ranks)
{
    size_t known = 0;
    struct ranked *ranked = malloc((count + 1) * sizeof *ranked);
    if (!ranked)
        return false;
    for (size_t i = 0; i < count; i++) {
        ret_ranks[i] = NAN;
        if (!isnan(values[i]))
            ranked[known++] = (struct ranked){values[i], i};
    }
    if (known > 1)
        qsort(ranked, known, sizeof *ranked, compare_ranked);
    for (size_t i = 0, first = 0; i < known; i++) {
        if (comparison_difference(ranked[first].value, ranked[i].value) != 0)
            first = i;
        ret_ranks[ranked[i].at] = (double)(first + 1);
    }
    free(ranked);
    return true;
}
