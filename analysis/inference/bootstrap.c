/* SPDX-License-Identifier: GPL-3.0-or-later
 * Drawing matrices by index, and summing up what was computed on them.
 */
#include "bootstrap.h"

#include "random_stream.h"

#include <math.h>
#include <stdlib.h>

#define TAIL 0.025

void bootstrap_draw(const double *matrix, size_t actors, bool directed, enum bootstrap_fill fill, uint64_t seed,
                    uint64_t replicate, int32_t *ret_actors, double *ret_sample)
{
    size_t n = actors;
    struct random_stream stream;
    random_stream_init(&stream, seed, replicate);
    for (size_t i = 0; i < n; i++)
        ret_actors[i] = (int32_t)random_stream_below(&stream, n);
    for (size_t i = 0; i < n; i++) {
        const double *row = matrix + (size_t)ret_actors[i] * n;
        for (size_t j = 0; j < n; j++)
            ret_sample[i * n + j] = row[ret_actors[j]];
    }
    for (size_t i = 0; i < n; i++) {
        ret_sample[i * n + i] = 0;
        for (size_t j = i + 1; j < n; j++) {
            if (ret_actors[i] != ret_actors[j])
                continue;
            double there = 0, back = 0;
            if (fill == BOOTSTRAP_RANDOM_DYAD) {
                size_t a = (size_t)random_stream_below(&stream, n), b = (size_t)random_stream_below(&stream, n - 1);
                b += b >= a;
                there = matrix[a * n + b];
                back = directed ? matrix[b * n + a] : there;
            }
            ret_sample[i * n + j] = there;
            ret_sample[j * n + i] = back;
        }
    }
}

void bootstrap_without(const double *matrix, size_t actors, size_t left_out, double *ret_rest)
{
    size_t n = actors;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != left_out && j != left_out)
                *ret_rest++ = matrix[i * n + j];
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double quantile(const double *sorted, size_t count, double share)
{
    double at = share * (double)(count - 1);
    size_t below = (size_t)at;
    return below + 1 < count ? sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]) : sorted[below];
}

/* Mean, and sum of squares around it in units of *ret_unit, the largest size of a value: weights may be so large that their
 * squares are no numbers. NaN values are passed over. */
static double moments(const double *values, size_t count, double *ret_unit, double *ret_squares, double *ret_known)
{
    double unit = 0, sum = 0, squares = 0, known = 0;
    for (size_t i = 0; i < count; i++)
        unit = fmax(unit, fabs(values[i])); /* passes NaN over */
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i])) {
            sum += unit > 0 ? values[i] / unit : 0;
            known++;
        }
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]) && unit > 0)
            squares += (values[i] / unit - sum / known) * (values[i] / unit - sum / known);
    *ret_unit = unit;
    *ret_squares = squares;
    *ret_known = known;
    return sum / known * unit;
}

struct interval interval_of(double *values, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        double value = values[i];
        if (isnan(value))
            continue;
        values[i] = values[known];
        values[known++] = value;
    }
    struct interval interval = {NAN, NAN, NAN, NAN, known};
    if (known == 0)
        return interval;
    qsort(values, known, sizeof *values, compare_numbers);
    double unit, squares, counted;
    interval.mean = moments(values, known, &unit, &squares, &counted);
    interval.se = known > 1 ? unit * sqrt(squares / (counted - 1)) : NAN;
    interval.low = quantile(values, known, TAIL);
    interval.high = quantile(values, known, 1 - TAIL);
    return interval;
}

double jackknife_se(const double *values, size_t count)
{
    double unit, squares, known;
    moments(values, count, &unit, &squares, &known);
    return known < 3 ? NAN : unit * sqrt((known - 2) / (2 * known) * squares);
}
