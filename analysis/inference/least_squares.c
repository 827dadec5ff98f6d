/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cholesky factorisation with a check on each pivot.
 */
#include "least_squares.h"

#include <math.h>

#define PIVOT_MIN 1e-11 /* of the diagonal element: less is rounding of a column that follows from the others */

bool least_squares_factor(double *matrix, size_t size)
{
    for (size_t j = 0; j < size; j++) {
        double diagonal = matrix[j * size + j], pivot = diagonal;
        for (size_t k = 0; k < j; k++)
            pivot -= matrix[j * size + k] * matrix[j * size + k];
        if (!(pivot > PIVOT_MIN * diagonal) || !isfinite(pivot))
            return false;
        double root = sqrt(pivot);
        matrix[j * size + j] = root;
        for (size_t i = j + 1; i < size; i++) {
            double sum = matrix[i * size + j];
            for (size_t k = 0; k < j; k++)
                sum -= matrix[i * size + k] * matrix[j * size + k];
            matrix[i * size + j] = sum / root;
        }
    }
    return true;
}

void least_squares_solve(const double *factor, size_t size, double *values)
{
    for (size_t i = 0; i < size; i++) {
        for (size_t k = 0; k < i; k++)
            values[i] -= factor[i * size + k] * values[k];
        values[i] /= factor[i * size + i];
    }
    for (size_t i = size; i-- > 0;) {
        for (size_t k = i + 1; k < size; k++)
            values[i] -= factor[k * size + i] * values[k];
        values[i] /= factor[i * size + i];
    }
}

double least_squares_inverse_at(const double *factor, size_t size, size_t at)
{
    double unit[LEAST_SQUARES_MAX] = {0};
    unit[at] = 1;
    least_squares_solve(factor, size, unit);
    return unit[at];
}
