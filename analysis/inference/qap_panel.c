/* SPDX-License-Identifier: GPL-3.0-or-later
 * Scaling, what is left of a predictor after the others, and its coefficient in one order of the actors.
 */
#include "qap_panel.h"

#include "least_squares.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define VARIES_MIN 1e-11 /* of a sum of squares: less is rounding of a constant */
#define SURE       1e-15 /* 1 - r^2 of a perfect fit, where t would be infinite */

_Static_assert(QAP_PREDICTORS_MAX + 1 <= LEAST_SQUARES_MAX, "a constant and all predictors fit a system");

static double *matrix_create(size_t actors)
{
    return calloc(actors * actors + 1, sizeof(double));
}

/* Four sums at a time, always in the same order: the same bits, and no chain of additions that wait for each other. */
static double product(const double *a, const double *b, size_t count)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (size_t lane = 0; lane < 4; lane++)
            sum[lane] += a[i + lane] * b[i + lane];
    for (; i < count; i++)
        sum[0] += a[i] * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* ------------------------------------------------------------------------------------------------------------- scaling */
bool qap_scale(const struct qap *plan, const double *matrix, const uint8_t *known, struct qap_scaled *ret_scaled)
{
    size_t n = plan->actors;
    double largest = 0, sum = 0, squares = 0, cells = 0;
    *ret_scaled = (struct qap_scaled){.values = matrix_create(n)};
    if (!ret_scaled->values)
        return false;
    QAP_EACH_CELL(plan, i, j)
    if (known[i * n + j] && !isnan(matrix[i * n + j]))
        largest = fmax(largest, fabs(matrix[i * n + j]));
    if (largest == 0)
        return true;
    QAP_EACH_CELL(plan, i, j)
    if (known[i * n + j] && !isnan(matrix[i * n + j])) {
        sum += matrix[i * n + j] / largest;
        cells++;
    }
    double mean = sum / cells;
    QAP_EACH_CELL(plan, i, j)
    if (known[i * n + j] && !isnan(matrix[i * n + j]))
        squares += (matrix[i * n + j] / largest - mean) * (matrix[i * n + j] / largest - mean);
    double sd = squares > VARIES_MIN * cells * mean * mean ? sqrt(squares / cells) : 0;
    ret_scaled->mean = mean * largest;
    ret_scaled->sd = sd * largest;
    for (size_t c = 0; c < n * n && sd > 0; c++)
        ret_scaled->values[c] = (matrix[c] / largest - mean) / sd; /* also where another one is unknown; NaN stays */
    return true;
}

/* -------------------------------------------------------------------------------------------------------------- panels */
void qap_panel_release(struct qap_panel *panel)
{
    for (size_t f = 0; f < panel->fixed_count; f++)
        free(panel->fixed[f]);
    free(panel->known);
    free(panel->holes);
    free(panel->moving);
    free(panel->gaps);
    free(panel->design);
    free(panel->ties);
}

/* Where all of `matrices` are known, their products there, and where they are not. */
static bool panel_fix(struct qap_panel *panel, const double *const *matrices, size_t count)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors;
    panel->fixed_count = count + 1;
    panel->known = calloc(n * n + 1, 1);
    panel->holes = malloc((dyads_cells(n, plan->directed) + 1) * sizeof *panel->holes);
    bool ok = panel->known && panel->holes;
    for (size_t f = 0; f <= count; f++)
        ok = (panel->fixed[f] = matrix_create(n)) && ok;
    if (!ok)
        return false;
    QAP_EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        bool known = true;
        for (size_t f = 0; f < count; f++)
            known = known && !isnan(matrices[f][at]);
        if (!known) {
            panel->holes[panel->hole_count++] = (struct qap_cell){(int32_t)i, (int32_t)j};
            continue;
        }
        panel->known[at] = 1;
        panel->cells++;
        panel->fixed[0][at] = 1;
        for (size_t f = 0; f < count; f++)
            panel->fixed[f + 1][at] = matrices[f][at];
    }
    for (size_t a = 0; a <= count; a++)
        for (size_t b = 0; b <= a; b++)
            panel->cross[a * (count + 1) + b] = panel->cross[b * (count + 1) + a] =
                product(panel->fixed[a], panel->fixed[b], n * n);
    return true;
}

/* What is left of `matrix` after a constant and the others, over the cells where `known` says that all predictors are.
 * UNSOLVABLE: it follows from them, or they from each other. */
static enum qap_status panel_move(struct qap_panel *panel, const double *matrix, const double *const *others,
                                  size_t other_count, const uint8_t *known)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, width = other_count + 1;
    panel->moving = matrix_create(n);
    panel->gaps = malloc((dyads_cells(n, plan->directed) + 1) * sizeof *panel->gaps);
    if (!panel->moving || !panel->gaps)
        return QAP_NO_MEMORY;
    double cross[QAP_COLUMNS_MAX * QAP_COLUMNS_MAX] = {0}, share[QAP_COLUMNS_MAX] = {0}, whole = 0;
    QAP_EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        if (!known[at] || isnan(matrix[at]))
            continue;
        for (size_t a = 0; a < width; a++) {
            double left = a == 0 ? 1 : others[a - 1][at];
            share[a] += left * matrix[at];
            for (size_t b = 0; b <= a; b++)
                cross[a * width + b] += left * (b == 0 ? 1 : others[b - 1][at]);
        }
        whole += matrix[at] * matrix[at];
    }
    if (!least_squares_factor(cross, width))
        return QAP_UNSOLVABLE;
    least_squares_solve(cross, width, share);
    /* A cell left out must not add to sums, but must be seen to be missing by the logistic model. */
    double unknown = plan->model == QAP_LOGISTIC ? NAN : 0;
    QAP_EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        double rest = unknown;
        if (known[at] && !isnan(matrix[at])) {
            rest = matrix[at] - share[0];
            for (size_t a = 1; a < width; a++)
                rest -= share[a] * others[a - 1][at];
            panel->squares += rest * rest;
        } else {
            panel->gaps[panel->gap_count++] = (struct qap_cell){(int32_t)i, (int32_t)j};
        }
        panel->moving[at] = rest;
        if (!plan->directed)
            panel->moving[j * n + i] = rest;
    }
    return panel->squares > VARIES_MIN * whole ? QAP_OK : QAP_UNSOLVABLE;
}

/* The known cells in order, for the logistic model. */
static enum qap_status panel_line_up(struct qap_panel *panel)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, k = panel->fixed_count, row = 0;
    panel->design = calloc(panel->cells * k + 1, sizeof *panel->design);
    panel->ties = calloc(panel->cells + 1, 1);
    if (!panel->design || !panel->ties)
        return QAP_NO_MEMORY;
    double ones = 0;
    QAP_EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        if (!panel->known[at])
            continue;
        for (size_t f = 0; f + 1 < k; f++)
            panel->design[row * k + f] = panel->fixed[f][at];
        panel->ties[row] = plan->response[at] != 0;
        ones += panel->ties[row++];
    }
    if (ones == 0 || ones == (double)row)
        return QAP_UNSOLVABLE;
    panel->without = (struct logistic_fit){.coefficients = {log(ones / ((double)row - ones))}};
    return QAP_OK;
}

/* ------------------------------------------------------------------------------------------------------- one permutation */
static const struct qap_pivot no_pivot = {NAN, NAN, NAN, NAN, NAN};

static struct qap_pivot linear_pivot(const struct qap_panel *panel, struct qap_bench *bench)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, width = panel->fixed_count, others = width - 1, cells = panel->cells;
    double products[QAP_COLUMNS_MAX] = {0}, squares = panel->squares, cross[QAP_COLUMNS_MAX * QAP_COLUMNS_MAX];
    assert(width > 0); /* the response at least */
    for (size_t i = 0; i < n; i++) {
        const double *source = panel->moving + (size_t)bench->order[i] * n;
        size_t first = dyads_first(i, plan->directed);
        for (size_t j = first; j < n; j++)
            bench->row[j] = source[bench->order[j]]; /* the diagonal is 0 in both */
        for (size_t f = 0; f < width; f++)
            products[f] += product(panel->fixed[f] + i * n + first, bench->row + first, n - first);
    }
    for (size_t h = 0; h < panel->hole_count; h++) {
        double value =
            panel->moving[(size_t)bench->order[panel->holes[h].row] * n + (size_t)bench->order[panel->holes[h].column]];
        squares -= value * value;
    }
    memcpy(cross, panel->cross, width * width * sizeof *cross);
    for (size_t g = 0; g < panel->gap_count; g++) {
        size_t row = (size_t)bench->place[panel->gaps[g].row], column = (size_t)bench->place[panel->gaps[g].column];
        size_t at = !plan->directed && row > column ? column * n + row : row * n + column;
        if (!panel->known[at])
            continue;
        cells--;
        for (size_t a = 0; a < width; a++)
            for (size_t b = 0; b < width; b++)
                cross[a * width + b] -= panel->fixed[a][at] * panel->fixed[b][at];
    }
    double system[QAP_COLUMNS_MAX * QAP_COLUMNS_MAX], from_moving[QAP_COLUMNS_MAX], from_response[QAP_COLUMNS_MAX];
    for (size_t a = 0; a < others; a++) {
        for (size_t b = 0; b < others; b++)
            system[a * others + b] = cross[a * width + b];
        from_moving[a] = products[a];
        from_response[a] = cross[a * width + others];
    }
    if (cells <= width || !least_squares_factor(system, others))
        return no_pivot;
    least_squares_solve(system, others, from_moving);
    least_squares_solve(system, others, from_response);
    double own = squares, joint = products[others], total = cross[others * width + others];
    for (size_t a = 0; a < others; a++) {
        own -= products[a] * from_moving[a];
        joint -= products[a] * from_response[a];
        total -= cross[a * width + others] * from_response[a];
    }
    if (!(own > VARIES_MIN * squares) || !(total > VARIES_MIN * cross[others * width + others]))
        return no_pivot;
    double r = joint / sqrt(own * total), freedom = (double)(cells - width), open = fmax(1 - r * r, SURE);
    struct qap_pivot pivot = {.estimate = joint / own, .left = total * open, .total = total};
    pivot.se = sqrt(total * open / freedom / own);
    pivot.statistic = plan->model == QAP_CORRELATION ? fmax(-1, fmin(1, r)) : r * sqrt(freedom / open);
    return pivot;
}

static struct qap_pivot logistic_pivot(const struct qap_panel *panel, struct qap_bench *bench)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, k = panel->fixed_count, row = 0;
    assert(bench->design && panel->design);
    if (bench->lined_up != panel)
        memcpy(bench->design, panel->design, panel->cells * k * sizeof *bench->design);
    bench->lined_up = panel;
    QAP_EACH_CELL(plan, i, j)
    if (panel->known[i * n + j])
        bench->design[k * row++ + k - 1] = panel->moving[(size_t)bench->order[i] * n + (size_t)bench->order[j]];
    struct logistic logistic = {bench->design, panel->ties, panel->cells, k};
    struct logistic_fit fit = panel->without;
    if (!logistic_run(&logistic, &fit))
        return no_pivot;
    double estimate = fit.coefficients[k - 1], se = sqrt(least_squares_inverse_at(fit.factor, k, k - 1));
    return (struct qap_pivot){.estimate = estimate, .se = se, .statistic = estimate / se, .left = fit.deviance, .total = NAN};
}

struct qap_pivot qap_pivot_of(const struct qap_panel *panel, struct qap_bench *bench)
{
    return panel->plan->model == QAP_LOGISTIC ? logistic_pivot(panel, bench) : linear_pivot(panel, bench);
}

/* ---------------------------------------------------------------------------------------------------------------- life */
enum qap_status qap_panel_init(struct qap_panel *panel, const struct qap *plan, size_t predictor,
                               const struct qap_scaled *response, const struct qap_scaled *predictors, const uint8_t *known)
{
    const double *fixed[QAP_COLUMNS_MAX];
    size_t others = 0;
    panel->plan = plan;
    for (size_t p = 0; p < plan->predictor_count && plan->model != QAP_CORRELATION; p++)
        if (p != predictor)
            fixed[others++] = predictors[p].values;
    fixed[others] = response->values;
    if (!panel_fix(panel, fixed, others + 1))
        return QAP_NO_MEMORY;
    enum qap_status status = panel_move(panel, predictors[predictor].values, fixed, others, known);
    return status == QAP_OK && plan->model == QAP_LOGISTIC ? panel_line_up(panel) : status;
}

void qap_bench_destroy(struct qap_bench *bench)
{
    if (!bench)
        return;
    free(bench->order);
    free(bench->place);
    free(bench->row);
    free(bench->design);
    free(bench);
}

struct qap_bench *qap_bench_create(const struct qap *plan, size_t fixed_count)
{
    size_t n = plan->actors;
    struct qap_bench *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->order = malloc((n + 1) * sizeof *bench->order);
    bench->place = malloc((n + 1) * sizeof *bench->place);
    bench->row = malloc((n + 1) * sizeof *bench->row);
    bool ok = bench->order && bench->place && bench->row;
    if (plan->model == QAP_LOGISTIC)
        ok = (bench->design = malloc((dyads_cells(n, plan->directed) * fixed_count + 1) * sizeof(double))) && ok;
    if (ok)
        return bench;
    qap_bench_destroy(bench);
    return NULL;
}
