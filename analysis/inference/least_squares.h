/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small symmetric systems: normal equations of a handful of columns, in place on plain arrays.
 */
#ifndef SAMORDNING_LEAST_SQUARES_H
#define SAMORDNING_LEAST_SQUARES_H

#include <stdbool.h>
#include <stddef.h>

#define LEAST_SQUARES_MAX 16 /* columns, a constant among them */

/* Cholesky factor of a symmetric matrix (row-major, `size` a row, lower part read and replaced). False: not positive definite
 * to within rounding, that is, a column follows from the others. */
bool least_squares_factor(double *matrix, size_t size);
/* Solves factor x = values in place. */
void least_squares_solve(const double *factor, size_t size, double *values);
/* Element (at, at) of the inverse. */
double least_squares_inverse_at(const double *factor, size_t size, size_t at);

#endif
