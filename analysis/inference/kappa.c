/* SPDX-License-Identifier: GPL-3.0-or-later
 * Closed forms of kappa and of its standard error, for any number of categories and for yes and no.
 */
#include "kappa.h"

#include <assert.h>
#include <math.h>

#define NORMAL_95 1.959963984540054

static struct kappa with_interval(struct kappa kappa)
{
    kappa.low = fmax(-1, kappa.kappa - NORMAL_95 * kappa.se);
    kappa.high = fmin(1, kappa.kappa + NORMAL_95 * kappa.se);
    if (isnan(kappa.se))
        kappa.low = kappa.high = NAN;
    return kappa;
}

struct kappa kappa_cohen(const double *counts, size_t categories)
{
    assert(categories <= KAPPA_CATEGORIES_MAX);
    double total = 0, rows[KAPPA_CATEGORIES_MAX] = {0}, columns[KAPPA_CATEGORIES_MAX] = {0};
    struct kappa kappa = {NAN, NAN, NAN, NAN, NAN, NAN};
    size_t k = categories;
    for (size_t i = 0; i < k * k; i++)
        total += counts[i];
    if (!(total > 0))
        return kappa;
    kappa.share = kappa.expected = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            rows[i] += counts[i * k + j] / total;
            columns[j] += counts[i * k + j] / total;
        }
    for (size_t i = 0; i < k; i++) {
        kappa.share += counts[i * k + i] / total;
        kappa.expected += rows[i] * columns[i];
    }
    double po = kappa.share, pe = kappa.expected;
    if (1 - pe < 1e-12)
        return kappa;
    kappa.kappa = (po - pe) / (1 - pe);
    double spread = -(po * pe - 2 * pe + po) * (po * pe - 2 * pe + po);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double p = counts[i * k + j] / total;
            double term = i == j ? (1 - pe) - (rows[i] + columns[i]) * (1 - po) : (1 - po) * (columns[i] + rows[j]);
            spread += p * term * term;
        }
    kappa.se = sqrt(fmax(0, spread) / total) / ((1 - pe) * (1 - pe));
    return with_interval(kappa);
}

struct kappa kappa_intraclass(double both_yes, double one_yes, double both_no)
{
    struct kappa kappa = {NAN, NAN, NAN, NAN, NAN, NAN};
    double total = both_yes + one_yes + both_no;
    if (!(total > 0))
        return kappa;
    double p = (both_yes + one_yes / 2) / total, mixed = 2 * p * (1 - p);
    kappa.share = 1 - one_yes / total;
    kappa.expected = 1 - mixed;
    if (mixed < 1e-12)
        return kappa;
    double k = kappa.kappa = 1 - one_yes / total / mixed;
    kappa.se = sqrt(fmax(0, (1 - k) / total * ((1 - k) * (1 - 2 * k) + k * (2 - k) / mixed)));
    return with_interval(kappa);
}
