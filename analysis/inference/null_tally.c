/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sums of differences to the observed value, and how many lie beyond it.
 */
#include "null_tally.h"

#include <math.h>

void null_tally_add(struct null_tally *tally, double value, double observed)
{
    if (isnan(value) || isnan(observed))
        return;
    double difference = value - observed;
    /* Sums of the same weights in another order differ in the last bits: equal within rounding counts as equal. */
    double slack = 1e-9 * fmax(fabs(value), fabs(observed));
    tally->counted++;
    tally->low += difference <= slack;
    tally->high += difference >= -slack;
    tally->sum += difference;
    tally->squares += difference * difference;
}

struct label_null null_tally_finish(const struct null_tally *tally, double observed, bool exact)
{
    if (tally->counted == 0)
        return (struct label_null){observed, NAN, NAN, NAN, NAN, NAN, NAN};
    double n = tally->counted;
    double mean = tally->sum / n;
    double variance = (tally->squares - n * mean * mean) / (exact || tally->counted < 2 ? n : n - 1);
    struct label_null null = {.observed = observed, .mean = observed + mean};
    double size = fmax(fabs(observed), fabs(null.mean));
    null.sd = variance > 1e-18 * size * size ? sqrt(variance) : 0; /* less is rounding of one and the same value */
    null.z = null.sd > 0 ? -mean / null.sd : NAN;
    null.p_low = exact ? tally->low / n : (tally->low + 1) / (n + 1);
    null.p_high = exact ? tally->high / n : (tally->high + 1) / (n + 1);
    null.p = fmin(1, 2 * fmin(null.p_low, null.p_high));
    return null;
}
