/* SPDX-License-Identifier: GPL-3.0-or-later
 * Newton steps, which for the logit are reweighted least squares.
 */
#include "logistic.h"

#include <math.h>
#include <string.h>

#define STEPS_MAX       30
#define SETTLED         1e-10 /* of the deviance, relative */
#define COEFFICIENT_MAX 20    /* per standard deviation: beyond, the likelihood rises without end */

/* Score, information and deviance at the coefficients. */
static void accumulate(const struct logistic *plan, const struct logistic_fit *fit, double *score, double *information,
                       double *ret_deviance)
{
    size_t k = plan->columns;
    double deviance = 0;
    memset(score, 0, k * sizeof *score);
    memset(information, 0, k * k * sizeof *information);
    for (size_t r = 0; r < plan->rows; r++) {
        const double *x = plan->design + r * k;
        double eta = 0;
        for (size_t c = 0; c < k; c++)
            eta += fit->coefficients[c] * x[c];
        if (isnan(eta))
            continue;
        bool one = plan->response[r];
        double tail = exp(-fabs(eta)), small = tail / (1 + tail); /* the smaller of the two probabilities */
        double mean = eta < 0 ? small : 1 - small, weight = small * (1 - small);
        deviance += 2 * (log1p(tail) + ((eta > 0) == one ? 0 : fabs(eta)));
        for (size_t a = 0; a < k; a++) {
            double weighted = weight * x[a];
            score[a] += (one - mean) * x[a];
            for (size_t b = 0; b <= a; b++)
                information[a * k + b] += weighted * x[b];
        }
    }
    *ret_deviance = deviance;
}

bool logistic_run(const struct logistic *plan, struct logistic_fit *fit)
{
    size_t k = plan->columns;
    double score[LEAST_SQUARES_MAX], before = INFINITY;
    for (int step = 0; step < STEPS_MAX; step++) {
        accumulate(plan, fit, score, fit->factor, &fit->deviance);
        if (!isfinite(fit->deviance) || !least_squares_factor(fit->factor, k))
            return false;
        if (fabs(before - fit->deviance) <= SETTLED * (fit->deviance + 0.1)) {
            for (size_t c = 0; c < k; c++)
                if (fabs(fit->coefficients[c]) > COEFFICIENT_MAX)
                    return false;
            return true;
        }
        before = fit->deviance;
        least_squares_solve(fit->factor, k, score);
        for (size_t c = 0; c < k; c++)
            fit->coefficients[c] += score[c];
    }
    return false;
}
