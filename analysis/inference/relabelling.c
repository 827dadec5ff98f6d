/* SPDX-License-Identifier: GPL-3.0-or-later
 * Orders by number (the factorial number system) or by random stream.
 */
#include "relabelling.h"

#include "random_stream.h"

#include <math.h>

#define RELABELLING_NOUGHT 1e-12 /* r, t and z have no unit: less is a zero that rounding left */

struct relabelling relabelling_of(size_t actors, size_t drawn, uint64_t seed)
{
    size_t orders = 1;
    for (size_t i = 2; i <= actors && orders <= RELABELLING_EXACT_MAX; i++)
        orders *= i;
    bool exact = orders <= RELABELLING_EXACT_MAX;
    return (struct relabelling){.actors = actors, .count = exact ? orders : drawn, .seed = seed, .exact = exact};
}

void relabelling_order(const struct relabelling *relabelling, size_t number, int32_t *ret_order)
{
    size_t n = relabelling->actors;
    for (size_t i = 0; i < n; i++)
        ret_order[i] = (int32_t)i;
    if (!relabelling->exact) {
        struct random_stream stream;
        random_stream_init(&stream, relabelling->seed, number);
        random_stream_shuffle(&stream, ret_order, n);
        return;
    }
    /* Number 0 is the order observed. Position i takes the (number mod (n - i))-th of those that are left. */
    for (size_t i = 0; i < n; i++) {
        size_t taken = i + number % (n - i);
        number /= n - i;
        int32_t actor = ret_order[taken];
        ret_order[taken] = ret_order[i];
        ret_order[i] = actor;
    }
}

void relabelling_count(struct relabelling_tally *tally, double value, double observed)
{
    if (isnan(value))
        return;
    /* Sums of the same numbers in another order differ in the last bits: equal within rounding counts as equal. */
    double slack = 1e-9 * fmax(fabs(value), fabs(observed)) + RELABELLING_NOUGHT;
    tally->counted++;
    tally->low += value - observed <= slack;
    tally->high += value - observed >= -slack;
}

double relabelling_p(const struct relabelling *relabelling, size_t extreme, size_t counted)
{
    if (counted == 0)
        return NAN;
    return relabelling->exact ? (double)extreme / (double)counted : (double)(extreme + 1) / (double)(counted + 1);
}
