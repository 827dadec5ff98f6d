/* SPDX-License-Identifier: GPL-3.0-or-later
 * One panel a predictor: what stays where it is (the response and the other predictors) and what is permuted over it.
 *
 * With everything else fixed, the coefficient of the permuted matrix needs only its products with each fixed one (Frisch &
 * Waugh 1933), so a permutation costs one reading of the matrix by index and a handful of multiplications a cell.
 */
#include "qap.h"

#include "least_squares.h"
#include "logistic.h"
#include "relabelling.h"
#include "replicates.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX (QAP_PREDICTORS_MAX + 2) /* the constant, the predictors, the response */
#define VARIES_MIN  1e-11                    /* of a sum of squares: less is rounding of a constant */
#define SURE        1e-15                    /* 1 - r^2 of a perfect fit, where t would be infinite */

_Static_assert(QAP_PREDICTORS_MAX + 1 <= LEAST_SQUARES_MAX, "a constant and all predictors fit a system");

struct cell {
    int32_t row, column;
};
/* A matrix in units of its own standard deviation around its mean, over the cells known everywhere; NaN = unknown. */
struct scaled {
    double *values;
    double mean, sd; /* in the units given */
};
struct panel {
    const struct qap *plan;
    size_t fixed_count;         /* the constant first, the response last */
    double *fixed[COLUMNS_MAX]; /* 0 where any of them is unknown */
    uint8_t *known;             /* all fixed ones are */
    struct cell *holes;         /* cells where they are not */
    size_t hole_count, cells;
    double cross[COLUMNS_MAX * COLUMNS_MAX]; /* products of the fixed ones, fixed_count a row */
    double *moving;                          /* 0 where unknown */
    struct cell *gaps;                       /* cells where it is unknown */
    size_t gap_count;
    double squares; /* of the moving one, over all of its known cells */
    double *design; /* logistic: the known cells in order, row-major, room for the moving one last */
    uint8_t *ties;
    struct logistic_fit without; /* logistic: the others alone */
};
/* What the coefficient of the moving matrix is in one order. */
struct pivot {
    double estimate, se, statistic;
    double left, total; /* linear: sum of squares left, and that of the response without the moving one */
};
struct bench { /* of a thread */
    int32_t *order, *place;
    double *row;
    double *design;
    const struct panel *lined_up; /* whose others stand in the design */
};

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
#define EACH_CELL(plan, i, j)                                                                                                  \
    for (size_t i = 0; i < (plan)->actors; i++)                                                                                \
        for (size_t j = dyads_first(i, (plan)->directed); j < (plan)->actors; j++)                                             \
            if (i != j)

/* False: out of memory. sd 0: does not vary. */
static bool scale(const struct qap *plan, const double *matrix, const uint8_t *known, struct scaled *ret_scaled)
{
    size_t n = plan->actors;
    double largest = 0, sum = 0, squares = 0, cells = 0;
    *ret_scaled = (struct scaled){.values = matrix_create(n)};
    if (!ret_scaled->values)
        return false;
    EACH_CELL(plan, i, j)
    if (known[i * n + j] && !isnan(matrix[i * n + j]))
        largest = fmax(largest, fabs(matrix[i * n + j]));
    if (largest == 0)
        return true;
    EACH_CELL(plan, i, j)
    if (known[i * n + j] && !isnan(matrix[i * n + j])) {
        sum += matrix[i * n + j] / largest;
        cells++;
    }
    double mean = sum / cells;
    EACH_CELL(plan, i, j)
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
static void panel_release(struct panel *panel)
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
static bool panel_fix(struct panel *panel, const double *const *matrices, size_t count)
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
    EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        bool known = true;
        for (size_t f = 0; f < count; f++)
            known = known && !isnan(matrices[f][at]);
        if (!known) {
            panel->holes[panel->hole_count++] = (struct cell){(int32_t)i, (int32_t)j};
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
static enum qap_status panel_move(struct panel *panel, const double *matrix, const double *const *others, size_t other_count,
                                  const uint8_t *known)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, width = other_count + 1;
    panel->moving = matrix_create(n);
    panel->gaps = malloc((dyads_cells(n, plan->directed) + 1) * sizeof *panel->gaps);
    if (!panel->moving || !panel->gaps)
        return QAP_NO_MEMORY;
    double cross[COLUMNS_MAX * COLUMNS_MAX] = {0}, share[COLUMNS_MAX] = {0}, whole = 0;
    EACH_CELL(plan, i, j)
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
    EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        double rest = unknown;
        if (known[at] && !isnan(matrix[at])) {
            rest = matrix[at] - share[0];
            for (size_t a = 1; a < width; a++)
                rest -= share[a] * others[a - 1][at];
            panel->squares += rest * rest;
        } else {
            panel->gaps[panel->gap_count++] = (struct cell){(int32_t)i, (int32_t)j};
        }
        panel->moving[at] = rest;
        if (!plan->directed)
            panel->moving[j * n + i] = rest;
    }
    return panel->squares > VARIES_MIN * whole ? QAP_OK : QAP_UNSOLVABLE;
}

/* The known cells in order, for the logistic model. */
static enum qap_status panel_line_up(struct panel *panel)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, k = panel->fixed_count, row = 0;
    panel->design = calloc(panel->cells * k + 1, sizeof *panel->design);
    panel->ties = calloc(panel->cells + 1, 1);
    if (!panel->design || !panel->ties)
        return QAP_NO_MEMORY;
    double ones = 0;
    EACH_CELL(plan, i, j)
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
static const struct pivot no_pivot = {NAN, NAN, NAN, NAN, NAN};

static struct pivot linear_pivot(const struct panel *panel, struct bench *bench)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, width = panel->fixed_count, others = width - 1, cells = panel->cells;
    double products[COLUMNS_MAX] = {0}, squares = panel->squares, cross[COLUMNS_MAX * COLUMNS_MAX];
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
    double system[COLUMNS_MAX * COLUMNS_MAX], from_moving[COLUMNS_MAX], from_response[COLUMNS_MAX];
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
    struct pivot pivot = {.estimate = joint / own, .left = total * open, .total = total};
    pivot.se = sqrt(total * open / freedom / own);
    pivot.statistic = plan->model == QAP_CORRELATION ? fmax(-1, fmin(1, r)) : r * sqrt(freedom / open);
    return pivot;
}

static struct pivot logistic_pivot(const struct panel *panel, struct bench *bench)
{
    const struct qap *plan = panel->plan;
    size_t n = plan->actors, k = panel->fixed_count, row = 0;
    assert(bench->design && panel->design);
    if (bench->lined_up != panel)
        memcpy(bench->design, panel->design, panel->cells * k * sizeof *bench->design);
    bench->lined_up = panel;
    EACH_CELL(plan, i, j)
    if (panel->known[i * n + j])
        bench->design[k * row++ + k - 1] = panel->moving[(size_t)bench->order[i] * n + (size_t)bench->order[j]];
    struct logistic logistic = {bench->design, panel->ties, panel->cells, k};
    struct logistic_fit fit = panel->without;
    if (!logistic_run(&logistic, &fit))
        return no_pivot;
    double estimate = fit.coefficients[k - 1], se = sqrt(least_squares_inverse_at(fit.factor, k, k - 1));
    return (struct pivot){.estimate = estimate, .se = se, .statistic = estimate / se, .left = fit.deviance, .total = NAN};
}

static struct pivot pivot_of(const struct panel *panel, struct bench *bench)
{
    return panel->plan->model == QAP_LOGISTIC ? logistic_pivot(panel, bench) : linear_pivot(panel, bench);
}

static void bench_close(void *scratch)
{
    struct bench *bench = scratch;
    free(bench->order);
    free(bench->place);
    free(bench->row);
    free(bench->design);
    free(bench);
}

struct trial {
    const struct qap *plan;
    struct scaled response, predictors[QAP_PREDICTORS_MAX];
    uint8_t *complete;         /* everything is known */
    uint8_t *predictors_known; /* all predictors are */
    struct panel panels[QAP_PREDICTORS_MAX];
    struct relabelling relabelling;
    double *statistics; /* predictor after predictor */
};

static void *bench_open(const void *arg)
{
    const struct trial *trial = arg;
    size_t n = trial->plan->actors;
    struct bench *bench = calloc(1, sizeof *bench);
    if (!bench)
        return NULL;
    bench->order = malloc((n + 1) * sizeof *bench->order);
    bench->place = malloc((n + 1) * sizeof *bench->place);
    bench->row = malloc((n + 1) * sizeof *bench->row);
    bool ok = bench->order && bench->place && bench->row;
    if (trial->plan->model == QAP_LOGISTIC) {
        const struct panel *panel = &trial->panels[0];
        ok = (bench->design = malloc((dyads_cells(n, trial->plan->directed) * panel->fixed_count + 1) * sizeof(double))) && ok;
    }
    if (ok)
        return bench;
    bench_close(bench);
    return NULL;
}

static void settle_order(const struct relabelling *relabelling, size_t number, struct bench *bench)
{
    relabelling_order(relabelling, number, bench->order);
    for (size_t i = 0; i < relabelling->actors; i++)
        bench->place[bench->order[i]] = (int32_t)i;
}

static enum replicates_status run_one(const void *arg, void *scratch, size_t replicate, struct replicates_watch *watch)
{
    (void)watch; /* milliseconds at most */
    const struct trial *trial = arg;
    const struct panel *panel = &trial->panels[replicate / trial->relabelling.count];
    settle_order(&trial->relabelling, replicate % trial->relabelling.count, scratch);
    trial->statistics[replicate] = pivot_of(panel, scratch).statistic;
    return REPLICATES_OK;
}

static struct qap_effect no_effect(void)
{
    return (struct qap_effect){NAN, NAN, NAN, NAN, NAN, NAN, 0};
}

static struct qap_effect effect_of(const struct trial *trial, size_t predictor, const struct pivot *pivot, double unit)
{
    const struct relabelling *relabelling = &trial->relabelling;
    const double *drawn = trial->statistics + predictor * relabelling->count;
    struct relabelling_tally signed_tally = {0}, size_tally = {0};
    for (size_t r = 0; r < relabelling->count; r++) {
        relabelling_count(&signed_tally, drawn[r], pivot->statistic);
        relabelling_count(&size_tally, fabs(drawn[r]), fabs(pivot->statistic));
    }
    bool correlation = trial->plan->model == QAP_CORRELATION;
    return (struct qap_effect){
        .estimate = correlation ? pivot->statistic : pivot->estimate * unit,
        .se = correlation ? NAN : pivot->se * unit,
        .statistic = pivot->statistic,
        .p_low = relabelling_p(relabelling, signed_tally.low, signed_tally.counted),
        .p_high = relabelling_p(relabelling, signed_tally.high, signed_tally.counted),
        .p = relabelling_p(relabelling, size_tally.high, size_tally.counted),
        .counted = signed_tally.counted,
    };
}

/* From standard units back: y = my + sy sum b (x - mx) / sx; the logit has no unit. `factor` is of the
 * information on (constant, b...), which a constant column and columns in standard units gave; `spread` goes before its
 * inverse. */
static void put_constant(const struct trial *trial, double centre, double unit, const double *factor, double spread,
                         const struct pivot *pivots, struct qap_fit *fit)
{
    size_t p = trial->plan->predictor_count;
    double weights[LEAST_SQUARES_MAX] = {1}, solved[LEAST_SQUARES_MAX] = {1}, variance = 0, constant = centre;
    for (size_t a = 0; a < p; a++) {
        weights[a + 1] = solved[a + 1] = -trial->predictors[a].mean / trial->predictors[a].sd;
        constant += pivots[a].estimate * unit * weights[a + 1];
    }
    least_squares_solve(factor, p + 1, solved);
    for (size_t a = 0; a <= p; a++)
        variance += weights[a] * solved[a];
    fit->constant.estimate = constant;
    fit->constant.se = unit * sqrt(variance * spread);
    fit->constant.statistic = constant / fit->constant.se;
}

/* The complete cells in order: 1, predictors; NULL = out of memory. */
static double *whole_design(const struct trial *trial, size_t cells, uint8_t *ret_ties)
{
    const struct qap *plan = trial->plan;
    size_t n = plan->actors, k = plan->predictor_count + 1, row = 0;
    double *design = calloc(cells * k + 1, sizeof *design);
    if (!design)
        return NULL;
    EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        if (!trial->complete[at])
            continue;
        design[row * k] = 1;
        for (size_t c = 1; c < k; c++)
            design[row * k + c] = trial->predictors[c - 1].values[at];
        ret_ties[row++] = plan->response[at] != 0;
    }
    return design;
}

/* What belongs to the model as a whole: its constant and how much it explains. */
static enum qap_status put_whole(const struct trial *trial, const struct pivot *pivots, struct qap_fit *fit)
{
    const struct qap *plan = trial->plan;
    size_t k = plan->predictor_count + 1;
    double cells = (double)fit->cells, ones = 0;
    uint8_t *ties = calloc(fit->cells + 1, 1);
    double *design = ties ? whole_design(trial, fit->cells, ties) : NULL;
    enum qap_status status = design ? QAP_UNSOLVABLE : QAP_NO_MEMORY;
    struct logistic_fit whole = {{0}, {0}, 0};
    if (design && plan->model == QAP_LINEAR) {
        for (size_t r = 0; r < fit->cells; r++)
            for (size_t a = 0; a < k; a++)
                for (size_t b = 0; b <= a; b++)
                    whole.factor[a * k + b] += design[r * k + a] * design[r * k + b];
        if (least_squares_factor(whole.factor, k)) {
            double freedom = cells - (double)k, left = pivots[0].left;
            put_constant(trial, trial->response.mean, trial->response.sd, whole.factor, left / freedom, pivots, fit);
            fit->r2 = 1 - left / cells; /* in standard units every cell has a square of 1 on average */
            fit->adjusted_r2 = 1 - left / freedom / (cells / (cells - 1));
            status = QAP_OK;
        }
    } else if (design) {
        struct logistic logistic = {design, ties, fit->cells, k};
        for (size_t r = 0; r < fit->cells; r++)
            ones += ties[r];
        whole.coefficients[0] = log(ones / (cells - ones));
        if (logistic_run(&logistic, &whole)) {
            put_constant(trial, whole.coefficients[0], 1, whole.factor, 1, pivots, fit);
            fit->deviance = whole.deviance;
            fit->deviance_0 = -2 * (ones * log(ones / cells) + (cells - ones) * log1p(-ones / cells));
            fit->pseudo_r2 = 1 - fit->deviance / fit->deviance_0;
            status = QAP_OK;
        }
    }
    free(design);
    free(ties);
    return status;
}

/* ----------------------------------------------------------------------------------------------------------- the trial */
/* Which cells are known, and everything in standard units. */
static enum qap_status prepare(struct trial *trial, struct qap_fit *fit)
{
    const struct qap *plan = trial->plan;
    size_t n = plan->actors;
    trial->complete = calloc(n * n + 1, 1);
    trial->predictors_known = calloc(n * n + 1, 1);
    if (!trial->complete || !trial->predictors_known)
        return QAP_NO_MEMORY;
    EACH_CELL(plan, i, j)
    {
        size_t at = i * n + j;
        bool known = true, response = !isnan(plan->response[at]);
        for (size_t p = 0; p < plan->predictor_count && plan->model != QAP_CORRELATION; p++)
            known = known && !isnan(plan->predictors[p][at]);
        trial->predictors_known[at] = known;
        trial->complete[at] = known && response;
        fit->cells += known && response;
        fit->unknown += !(known && response);
    }
    if (!scale(plan, plan->response, trial->complete, &trial->response))
        return QAP_NO_MEMORY;
    bool varies = trial->response.sd > 0;
    for (size_t p = 0; p < plan->predictor_count; p++) {
        if (!scale(plan, plan->predictors[p], trial->complete, &trial->predictors[p]))
            return QAP_NO_MEMORY;
        varies = varies && trial->predictors[p].sd > 0;
    }
    return varies && plan->predictor_count > 0 ? QAP_OK : QAP_UNSOLVABLE;
}

static enum qap_status panel_init(struct trial *trial, size_t predictor)
{
    const struct qap *plan = trial->plan;
    struct panel *panel = &trial->panels[predictor];
    const double *fixed[COLUMNS_MAX];
    size_t others = 0;
    panel->plan = plan;
    for (size_t p = 0; p < plan->predictor_count && plan->model != QAP_CORRELATION; p++)
        if (p != predictor)
            fixed[others++] = trial->predictors[p].values;
    fixed[others] = trial->response.values;
    if (!panel_fix(panel, fixed, others + 1))
        return QAP_NO_MEMORY;
    enum qap_status status = panel_move(panel, trial->predictors[predictor].values, fixed, others, trial->predictors_known);
    return status == QAP_OK && plan->model == QAP_LOGISTIC ? panel_line_up(panel) : status;
}

static enum qap_status run_trial(struct trial *trial, struct qap_fit *fit)
{
    const struct qap *plan = trial->plan;
    struct pivot pivots[QAP_PREDICTORS_MAX] = {{0}};
    enum qap_status status = prepare(trial, fit);
    for (size_t p = 0; p < plan->predictor_count && status == QAP_OK; p++)
        status = panel_init(trial, p);
    if (status != QAP_OK)
        return status;
    struct bench *bench = bench_open(trial);
    if (!bench)
        return QAP_NO_MEMORY;
    for (size_t i = 0; i < plan->actors; i++)
        bench->order[i] = bench->place[i] = (int32_t)i;
    for (size_t p = 0; p < plan->predictor_count; p++) {
        pivots[p] = pivot_of(&trial->panels[p], bench);
        if (isnan(pivots[p].statistic))
            status = QAP_UNSOLVABLE;
    }
    bench_close(bench);
    if (status == QAP_OK && plan->model != QAP_CORRELATION)
        status = put_whole(trial, pivots, fit);
    if (status != QAP_OK)
        return status;
    struct replicates replicates = {.count = plan->predictor_count * trial->relabelling.count,
                                    .threads = plan->threads,
                                    .open = bench_open,
                                    .close = bench_close,
                                    .run = run_one,
                                    .arg = trial,
                                    .proceed = plan->proceed,
                                    .proceed_arg = plan->arg};
    trial->statistics = malloc((replicates.count + 1) * sizeof *trial->statistics);
    if (!trial->statistics)
        return QAP_NO_MEMORY;
    switch (replicates_run(&replicates)) {
    case REPLICATES_OK:
        break;
    case REPLICATES_STOPPED:
        return QAP_STOPPED;
    case REPLICATES_NO_MEMORY:
        return QAP_NO_MEMORY;
    }
    for (size_t p = 0; p < plan->predictor_count; p++) {
        double unit = (plan->model == QAP_LINEAR ? trial->response.sd : 1) / trial->predictors[p].sd;
        fit->effects[p] = effect_of(trial, p, &pivots[p], unit);
    }
    return QAP_OK;
}

enum qap_status qap_run(const struct qap *plan, struct qap_fit *ret_fit)
{
    assert(plan->predictor_count <= QAP_PREDICTORS_MAX && plan->actors <= DYADS_ACTORS_MAX);
    struct trial trial = {.plan = plan, .relabelling = relabelling_of(plan->actors, plan->permutations, plan->seed)};
    struct qap_fit fit = {.constant = no_effect(),
                          .r2 = NAN,
                          .adjusted_r2 = NAN,
                          .pseudo_r2 = NAN,
                          .deviance = NAN,
                          .deviance_0 = NAN,
                          .exact = trial.relabelling.exact,
                          .permutations = trial.relabelling.count};
    for (size_t p = 0; p < QAP_PREDICTORS_MAX; p++)
        fit.effects[p] = no_effect();
    enum qap_status status = run_trial(&trial, &fit);
    for (size_t p = 0; p < plan->predictor_count; p++) {
        panel_release(&trial.panels[p]);
        free(trial.predictors[p].values);
    }
    free(trial.response.values);
    free(trial.complete);
    free(trial.predictors_known);
    free(trial.statistics);
    *ret_fit = fit;
    return status;
}
