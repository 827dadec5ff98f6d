/* SPDX-License-Identifier: GPL-3.0-or-later
 * Variances of items against the variance of their sum.
 */
#include "reliability.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Of n numbers that stand `stride` apart; of their sums over `width` neighbours. */
static double variance(const double *values, size_t n, size_t stride, size_t width)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++) { /* Welford 1962 */
        double value = 0;
        for (size_t w = 0; w < width; w++)
            value += values[i * stride + w];
        double off = value - mean;
        mean += off / (double)(i + 1);
        squares += off * (value - mean);
    }
    return squares / (double)(n - 1);
}

struct reliability reliability_alpha(const double *values, size_t cases, size_t items)
{
    struct reliability reliability = {NAN, NAN, NAN};
    if (cases < 2 || items < 2)
        return reliability;
    double whole = variance(values, cases, items, items), parts = 0, k = (double)items, n = (double)cases;
    if (!(whole > 0))
        return reliability;
    for (size_t i = 0; i < items; i++)
        parts += variance(values + i, cases, items, 1);
    reliability.alpha = k / (k - 1) * (1 - parts / whole);
    double free_1 = n - 1, free_2 = (n - 1) * (k - 1);
    reliability.low = 1 - (1 - reliability.alpha) * gsl_cdf_fdist_Qinv(0.025, free_1, free_2);
    reliability.high = 1 - (1 - reliability.alpha) * gsl_cdf_fdist_Pinv(0.025, free_1, free_2);
    return reliability;
}
