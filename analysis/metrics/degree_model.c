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

/* What is left of a side once the certain ones are taken away. */
struct side {
    size_t count;
    const double *members;
    double *left; /* degree still to be explained; NaN = taken away */
    double *factor;
};

static double remaining(const struct side *side)
{
    double sum = 0;
    for (size_t c = 0; c < side->count; c++)
        sum += isnan(side->left[c]) ? 0 : side->members[c];
    return sum;
}

/* Takes classes away that are at none or at all of what is left on the other side, until there are none such. */
static void peel(struct side *rows, struct side *columns, double *p)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int which = 0; which < 2; which++) {
            struct side *side = which ? columns : rows, *other = which ? rows : columns;
            double all = remaining(other);
            for (size_t c = 0; c < side->count; c++) {
                bool none = side->left[c] == 0, full = side->left[c] == all;
                if (isnan(side->left[c]) || (!none && !full))
                    continue;
                for (size_t o = 0; o < other->count; o++) {
                    if (isnan(other->left[o]))
                        continue;
                    p[which ? o * columns->count + c : c * columns->count + o] = none ? 0 : 1;
                    other->left[o] -= none ? 0 : side->members[c];
                }
                side->left[c] = NAN;
                moved = true;
            }
        }
    }
}

/* One sweep of x = d / sum of m y / (1 + x y); returns how far the expected degrees are off, relatively. */
static double sweep(struct side *side, const struct side *other)
{
    double off = 0;
    for (size_t c = 0; c < side->count; c++) {
        if (isnan(side->left[c]))
            continue;
        double sum = 0, x = side->factor[c];
        for (size_t o = 0; o < other->count; o++)
            if (!isnan(other->left[o]))
                sum += other->members[o] * other->factor[o] / (1 + x * other->factor[o]);
        off = fmax(off, fabs(x * sum - side->left[c]) / side->left[c]);
        side->factor[c] = side->left[c] / sum;
    }
    return off;
}

enum degree_status degree_model_init(struct degree_model *ret_model, const double *degrees, size_t row_count,
                                     const double *sizes, size_t column_count)
{
    struct degree_model model = {0};
    bool done =
        classes_of(degrees, row_count, &model.row_class, &model.row_degree, &model.row_members, &model.row_class_count) &&
        classes_of(sizes, column_count, &model.column_class, &model.column_size, &model.column_members,
                   &model.column_class_count);
    size_t r = model.row_class_count, c = model.column_class_count;
    double *room = done ? malloc((2 * (r + c) + 1) * sizeof *room) : NULL;
    model.p = done ? calloc(r * c + 1, sizeof *model.p) : NULL;
    if (!room || !model.p) {
        free(room);
        degree_model_release(&model);
        *ret_model = (struct degree_model){0};
        return DEGREE_NO_MEMORY;
    }
    struct side rows = {r, model.row_members, room, room + r},
                columns = {c, model.column_members, room + 2 * r, room + 2 * r + c};
    memcpy(rows.left, model.row_degree, r * sizeof(double));
    memcpy(columns.left, model.column_size, c * sizeof(double));
    peel(&rows, &columns, model.p);
    double total = 0;
    for (size_t i = 0; i < r; i++)
        total += isnan(rows.left[i]) ? 0 : rows.left[i] * rows.members[i];
    for (size_t i = 0; i < r; i++)
        rows.factor[i] = total > 0 ? rows.left[i] / sqrt(total) : 0;
    for (size_t i = 0; i < c; i++)
        columns.factor[i] = total > 0 ? columns.left[i] / sqrt(total) : 0;
    model.settled = total == 0;
    for (unsigned i = 0; i < ITERATIONS_MAX && !model.settled; i++) {
        double off = sweep(&rows, &columns);
        off = fmax(off, sweep(&columns, &rows));
        model.settled = off <= SETTLED;
    }
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < c; j++) {
            double both = rows.factor[i] * columns.factor[j];
            if (!isnan(rows.left[i]) && !isnan(columns.left[j]))
                model.p[i * c + j] = both / (1 + both);
        }
    free(room);
    *ret_model = model;
    return DEGREE_OK;
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

/* Chances of first, first + 1, ... */
struct window {
    double first;
    size_t count;
    double *chances;
};

/* The binomial of n trials of chance p (0 < p < 1), from its mode outwards. False: out of memory. */
static bool binomial(double n, double p, struct window *ret_window)
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
    *ret_window = (struct window){low, (size_t)(high - low) + 1, malloc(((size_t)(high - low) + 1) * sizeof(double))};
    if (!ret_window->chances)
        return false;
    size_t at = (size_t)(mode - low);
    ret_window->chances[at] = top;
    for (size_t i = at; i > 0; i--)
        ret_window->chances[i - 1] = ret_window->chances[i] * (low + (double)i) / ((n - low - (double)i + 1) * odds);
    for (size_t i = at; i + 1 < ret_window->count; i++)
        ret_window->chances[i + 1] = ret_window->chances[i] * (n - low - (double)i) / (low + (double)i + 1) * odds;
    return true;
}

/* The sum of two, without the ends that do not matter. Takes both; false: out of memory. */
static bool convolve(struct window *sum, struct window *other)
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
    *sum = (struct window){sum->first + other->first + (double)first, count - first, chances};
    return true;
}

bool degree_model_together(const struct degree_model *model, size_t a, size_t b, double observed, double *ret_mean,
                           double *ret_p)
{
    struct window sum = {0, 1, malloc(sizeof(double))};
    if (!sum.chances)
        return false;
    sum.chances[0] = 1;
    *ret_mean = 0;
    for (size_t c = 0; c < model->column_class_count; c++) {
        double both = model->p[a * model->column_class_count + c] * model->p[b * model->column_class_count + c];
        double members = model->column_members[c];
        struct window one;
        *ret_mean += members * both;
        if (both <= 0)
            continue;
        if (both >= 1) {
            sum.first += members;
            continue;
        }
        if (!binomial(members, both, &one)) {
            free(sum.chances);
            return false;
        }
        if (!convolve(&sum, &one))
            return false;
    }
    double below = 0, above = 0;
    for (size_t i = 0; i < sum.count; i++)
        *(sum.first + (double)i < observed ? &below : &above) += sum.chances[i];
    /* The smaller side is the more exact one. */
    *ret_p = above < below ? above : 1 - below;
    *ret_p = fmin(1, fmax(0, *ret_p));
    free(sum.chances);
    return true;
}
