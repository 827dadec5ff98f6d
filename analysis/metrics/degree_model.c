/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fitting by fixed points, class by class; sums of binomials by convolution within the window that matters.
 */
#include "degree_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ITERATIONS_MAX 100000
#define SETTLED        1e-8
#define NEGLIGIBLE     1e-18
#define PROCEED_WORK   1000000 /* terms summed */

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Distinct values, how many have each, and which each item has. */
static bool classes_of(const double *values, size_t count, size_t **ret_class, double **ret_value, double **ret_members,
                       size_t *ret_count)
{
    double *sorted = malloc((count + 1) * sizeof *sorted);
    *ret_class = calloc(count + 1, sizeof **ret_class);
    *ret_value = calloc(count + 1, sizeof **ret_value);
    *ret_members = calloc(count + 1, sizeof **ret_members);
    bool done = sorted && *ret_class && *ret_value && *ret_members;
    size_t kept = 0;
    if (done && count > 0) {
        memcpy(sorted, values, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare_numbers);
        for (size_t i = 0; i < count; i++)
            if (kept == 0 || (*ret_value)[kept - 1] != sorted[i])
                (*ret_value)[kept++] = sorted[i];
        for (size_t i = 0; i < count; i++) {
            const double *found = bsearch(&values[i], *ret_value, kept, sizeof *found, compare_numbers);
            (*ret_class)[i] = (size_t)(found - *ret_value);
            (*ret_members)[(*ret_class)[i]]++;
        }
    }
    free(sorted);
    *ret_count = kept;
    return done;
}

/* Classes [row_from, row_to) and [column_from, column_to), of whose degrees and sizes so much is explained already. */
struct block {
    size_t row_from, row_to, column_from, column_to;
    double row_taken, column_taken;
};

/* Fits the chances within a block by fixed points. */
struct fit {
    struct degree_model *model;
    double *row_factor, *column_factor;
    bool (*proceed)(void *arg, unsigned permille);
    void *arg;
    size_t work;
    bool stopped;
};

/* One sweep of x = d / sum of m y / (1 + x y); returns how far the expected degrees are off, relatively. */
static double sweep(double *x, const double *degree, double taken, size_t from, size_t to, const double *y,
                    const double *members, size_t other_from, size_t other_to)
{
    double off = 0;
    for (size_t c = from; c < to; c++) {
        double sum = 0, left = degree[c] - taken;
        for (size_t o = other_from; o < other_to; o++)
            sum += members[o] * y[o] / (1 + x[c] * y[o]);
        off = fmax(off, fabs(x[c] * sum - left) / left);
        x[c] = left / sum;
    }
    return off;
}

static void fit_block(struct fit *fit, const struct block *block)
{
    struct degree_model *model = fit->model;
    double total = 0, *x = fit->row_factor, *y = fit->column_factor;
    for (size_t r = block->row_from; r < block->row_to; r++)
        total += model->row_members[r] * (model->row_degree[r] - block->row_taken);
    for (size_t r = block->row_from; r < block->row_to; r++)
        x[r] = (model->row_degree[r] - block->row_taken) / sqrt(total);
    for (size_t c = block->column_from; c < block->column_to; c++)
        y[c] = (model->column_size[c] - block->column_taken) / sqrt(total);
    bool settled = false;
    for (unsigned i = 0; i < ITERATIONS_MAX && !settled && !fit->stopped; i++) {
        double off = sweep(x, model->row_degree, block->row_taken, block->row_from, block->row_to, y, model->column_members,
                           block->column_from, block->column_to);
        off = fmax(off, sweep(y, model->column_size, block->column_taken, block->column_from, block->column_to, x,
                              model->row_members, block->row_from, block->row_to));
        settled = off <= SETTLED;
        fit->work += (block->row_to - block->row_from) * (block->column_to - block->column_from);
        if (fit->work >= PROCEED_WORK) {
            fit->work = 0;
            fit->stopped = fit->proceed && !fit->proceed(fit->arg, 0);
        }
    }
    model->settled = model->settled && settled;
    for (size_t r = block->row_from; r < block->row_to; r++)
        for (size_t c = block->column_from; c < block->column_to; c++)
            model->p[r * model->column_class_count + c] = x[r] * y[c] / (1 + x[r] * y[c]);
}

/* Where the degrees leave no choice: the k rows of the largest degrees fill all they can, sum of their degrees = sum of
 * min(size, k) (Gale 1957; Ryser 1957). Then columns of size >= k have all of them, columns of size <= k nobody else, and what
 * is left falls into two blocks. Returns false when the block has no such cut: only then is there a fit with chances inside
 * (0, 1). */
static bool cut_block(struct degree_model *model, const struct block *block, struct block ret_parts[2])
{
    size_t column = block->column_from; /* the first with at least k */
    double k = 0, filled = 0, small = 0, large = 0;
    for (size_t c = block->column_from; c < block->column_to; c++)
        large += model->column_members[c];
    for (size_t row = block->row_to;; row--) {
        for (; column < block->column_to && model->column_size[column] - block->column_taken < k; column++) {
            small += model->column_members[column] * (model->column_size[column] - block->column_taken);
            large -= model->column_members[column];
        }
        bool equal = column < block->column_to && model->column_size[column] - block->column_taken == k;
        bool inside = row > block->row_from && row < block->row_to;
        if (filled == small + k * large && (inside || equal)) {
            for (size_t r = row; r < block->row_to; r++)
                for (size_t c = column; c < block->column_to; c++)
                    model->p[r * model->column_class_count + c] = 1;
            ret_parts[0] =
                (struct block){row, block->row_to, block->column_from, column, block->row_taken + large, block->column_taken};
            ret_parts[1] = (struct block){block->row_from,        row, column + equal, block->column_to, block->row_taken,
                                          block->column_taken + k};
            return true;
        }
        if (row == block->row_from)
            return false;
        k += model->row_members[row - 1];
        filled += model->row_members[row - 1] * (model->row_degree[row - 1] - block->row_taken);
    }
}

/* `blocks` has room for one more block than there are classes: each cut uses up a class, or parts them. */
static void fit_all(struct fit *fit, struct block *blocks)
{
    size_t count = 1;
    blocks[0] = (struct block){0, fit->model->row_class_count, 0, fit->model->column_class_count, 0, 0};
    while (count > 0 && !fit->stopped) {
        struct block block = blocks[--count], parts[2];
        if (block.row_from == block.row_to || block.column_from == block.column_to)
            continue;
        if (!cut_block(fit->model, &block, parts)) {
            fit_block(fit, &block);
            continue;
        }
        blocks[count++] = parts[0];
        blocks[count++] = parts[1];
    }
}

enum degree_status degree_model_init(struct degree_model *ret_model, const double *degrees, size_t row_count,
                                     const double *sizes, size_t column_count, bool (*proceed)(void *arg, unsigned permille),
                                     void *arg)
{
    struct degree_model model = {.settled = true};
    bool done =
        classes_of(degrees, row_count, &model.row_class, &model.row_degree, &model.row_members, &model.row_class_count) &&
        classes_of(sizes, column_count, &model.column_class, &model.column_size, &model.column_members,
                   &model.column_class_count);
    size_t classes = model.row_class_count + model.column_class_count;
    double *factors = malloc((classes + 1) * sizeof *factors);
    struct block *blocks = malloc((classes + 2) * sizeof *blocks);
    model.p = done ? calloc(model.row_class_count * model.column_class_count + 1, sizeof *model.p) : NULL;
    struct fit fit = {.model = &model, .row_factor = factors, .proceed = proceed, .arg = arg};
    done = model.p && factors && blocks;
    if (done) {
        fit.column_factor = factors + model.row_class_count;
        fit_all(&fit, blocks);
    }
    free(factors);
    free(blocks);
    if (!done || fit.stopped)
        degree_model_release(&model);
    *ret_model = model;
    return !done ? DEGREE_NO_MEMORY : fit.stopped ? DEGREE_STOPPED : DEGREE_OK;
}

void degree_model_release(struct degree_model *model)
{
    free(model->row_class);
    free(model->column_class);
    free(model->row_degree);
    free(model->column_size);
    free(model->row_members);
    free(model->column_members);
    free(model->p);
    *model = (struct degree_model){0};
}

/* The binomial of n trials of chance p (0 < p < 1), from its mode outwards. False: out of memory. */
static bool binomial(double n, double p, struct degree_together *ret_binomial)
{
    double mode = floor((n + 1) * p), odds = p / (1 - p);
    mode = mode > n ? n : mode;
    double top = exp(lgamma(n + 1) - lgamma(mode + 1) - lgamma(n - mode + 1) + mode * log(p) + (n - mode) * log1p(-p));
    double low = mode, high = mode, chance = top;
    for (; low > 0 && chance > NEGLIGIBLE; low--)
        chance *= low / ((n - low + 1) * odds);
    chance = top;
    for (; high < n && chance > NEGLIGIBLE; high++)
        chance *= (n - high) / (high + 1) * odds;
    *ret_binomial =
        (struct degree_together){n * p, low, (size_t)(high - low) + 1, malloc(((size_t)(high - low) + 1) * sizeof(double))};
    if (!ret_binomial->chances)
        return false;
    size_t at = (size_t)(mode - low);
    ret_binomial->chances[at] = top;
    for (size_t i = at; i > 0; i--)
        ret_binomial->chances[i - 1] = ret_binomial->chances[i] * (low + (double)i) / ((n - low - (double)i + 1) * odds);
    for (size_t i = at; i + 1 < ret_binomial->count; i++)
        ret_binomial->chances[i + 1] = ret_binomial->chances[i] * (n - low - (double)i) / (low + (double)i + 1) * odds;
    return true;
}

/* The sum of two, without the ends that do not matter. Takes both; false: out of memory. */
static bool convolve(struct degree_together *sum, struct degree_together *other)
{
    size_t count = sum->count + other->count - 1;
    double *chances = calloc(count, sizeof *chances);
    if (chances)
        for (size_t i = 0; i < sum->count; i++)
            for (size_t j = 0; j < other->count; j++)
                chances[i + j] += sum->chances[i] * other->chances[j];
    free(sum->chances);
    free(other->chances);
    if (!chances) {
        sum->chances = NULL;
        return false;
    }
    size_t first = 0;
    while (first + 1 < count && chances[first] < NEGLIGIBLE)
        first++;
    while (count > first + 1 && chances[count - 1] < NEGLIGIBLE)
        count--;
    memmove(chances, chances + first, (count - first) * sizeof *chances);
    *sum = (struct degree_together){sum->mean + other->mean, sum->first + other->first + (double)first, count - first, chances};
    return true;
}

bool degree_model_together(const struct degree_model *model, size_t a, size_t b, struct degree_together *ret_together)
{
    struct degree_together sum = {0, 0, 1, malloc(sizeof(double))};
    bool done = sum.chances != NULL;
    if (done)
        sum.chances[0] = 1;
    for (size_t c = 0; c < model->column_class_count && done; c++) {
        double both = model->p[a * model->column_class_count + c] * model->p[b * model->column_class_count + c];
        double members = model->column_members[c];
        struct degree_together one;
        if (both >= 1) {
            sum.first += members;
            sum.mean += members;
        } else if (both > 0) {
            done = binomial(members, both, &one) && convolve(&sum, &one);
        }
    }
    if (!done)
        degree_together_release(&sum);
    *ret_together = sum;
    return done;
}

void degree_together_release(struct degree_together *together)
{
    free(together->chances);
    *together = (struct degree_together){0};
}

double degree_together_at_least(const struct degree_together *together, double observed)
{
    double below = 0, above = 0;
    for (size_t i = 0; i < together->count; i++)
        *(together->first + (double)i < observed ? &below : &above) += together->chances[i];
    /* The smaller side is the more exact one. */
    return fmin(1, fmax(0, above < below ? above : 1 - below));
}
