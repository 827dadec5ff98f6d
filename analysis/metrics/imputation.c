/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pool of known pairs, and drawing from it.
 */
#include "imputation.h"

#include "random_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DRAW_SEED UINT64_C(0x756e6b6e6f776e) /* apart from the streams of the bootstrap, which has the same seed */

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

bool imputation_init(struct imputation *ret_imputation, const double *observed, size_t actors, bool directed)
{
    size_t n = actors, ties = 0;
    struct imputation imputation = {.observed = observed, .actors = n, .median = 1};
    double *weights = malloc((n * n + 1) * sizeof *weights);
    imputation.pool = malloc((n * n + 1) * sizeof *imputation.pool);
    if (!weights || !imputation.pool) {
        free(weights);
        free(imputation.pool);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double there = observed[i * n + j], back = observed[j * n + i];
            if (there > 0)
                weights[ties++] = there;
            if (directed && back > 0)
                weights[ties++] = back;
            if (isnan(there) || isnan(back))
                continue;
            imputation.pool[2 * imputation.pool_count] = there;
            imputation.pool[2 * imputation.pool_count++ + 1] = back;
        }
    if (ties > 1)
        qsort(weights, ties, sizeof *weights, compare_numbers);
    if (ties)
        imputation.median = (weights[(ties - 1) / 2] + weights[ties / 2]) / 2;
    free(weights);
    *ret_imputation = imputation;
    return true;
}

void imputation_release(struct imputation *imputation)
{
    free(imputation->pool);
    *imputation = (struct imputation){0};
}

void imputation_tie(const struct imputation *imputation, double *ret_matrix)
{
    size_t cells = imputation->actors * imputation->actors;
    for (size_t c = 0; c < cells; c++)
        ret_matrix[c] = isnan(imputation->observed[c]) ? imputation->median : imputation->observed[c];
}

void imputation_draw(const struct imputation *imputation, uint64_t seed, uint64_t number, double *ret_matrix)
{
    size_t n = imputation->actors;
    struct random_stream stream;
    random_stream_init(&stream, seed ^ DRAW_SEED, number);
    memcpy(ret_matrix, imputation->observed, n * n * sizeof *ret_matrix);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double *there = &ret_matrix[i * n + j], *back = &ret_matrix[j * n + i];
            if (!isnan(*there) && !isnan(*back))
                continue;
            const double *pair = imputation->pool + 2 * random_stream_below(&stream, imputation->pool_count);
            *there = isnan(*there) ? pair[0] : *there;
            *back = isnan(*back) ? pair[1] : *back;
        }
}
