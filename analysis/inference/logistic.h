/* SPDX-License-Identifier: GPL-3.0-or-later
 * Logistic regression by iteratively reweighted least squares (McCullagh & Nelder 1989), on a plain array.
 */
#ifndef SAMORDNING_LOGISTIC_H
#define SAMORDNING_LOGISTIC_H

#include "least_squares.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct logistic {
    const double *design; /* row-major, `columns` a row, a column of ones among them; about one standard deviation a unit */
    const uint8_t *response;
    size_t rows, columns; /* a row with NaN in its last column is passed over */
};
struct logistic_fit {
    double coefficients[LEAST_SQUARES_MAX];               /* in: where to start */
    double factor[LEAST_SQUARES_MAX * LEAST_SQUARES_MAX]; /* of the information matrix, for least_squares_inverse_at */
    double deviance;
};
/* False: no finite coefficients (a predictor tells ties from no ties without fail), or not settled at the limit. */
bool logistic_run(const struct logistic *plan, struct logistic_fit *fit);

#endif
