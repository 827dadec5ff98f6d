/* SPDX-License-Identifier: GPL-3.0-or-later
 * All predictors of a model: their panels, their permutations in threads, and what belongs to the model as a whole.
 */
#include "qap.h"

#include "least_squares.h"
#include "logistic.h"
#include "qap_panel.h"
#include "relabelling.h"
#include "replicates.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

struct trial {
    const struct qap *plan;
    struct qap_scaled response, predictors[QAP_PREDICTORS_MAX];
    uint8_t *complete;         /* everything is known */
    uint8_t *predictors_known; /* all predictors are */
    struct qap_panel panels[QAP_PREDICTORS_MAX];
    struct relabelling relabelling;
    double *statistics; /* predictor after predictor */
};

static void *open_bench(const void *arg)
{
    const struct trial *trial = arg;
    return qap_bench_create(trial->plan, trial->panels[0].fixed_count);
}

static void close_bench(void *bench)
{
    qap_bench_destroy(bench);
}

static void settle_order(const struct relabelling *relabelling, size_t number, struct qap_bench *bench)
{
    relabelling_order(relabelling, number, bench->order);
    for (size_t i = 0; i < relabelling->actors; i++)
        bench->place[bench->order[i]] = (int32_t)i;
}

static enum replicates_status run_one(const void *arg, void *scratch, size_t replicate, struct replicates_watch *watch)
{
    (void)watch; /* milliseconds at most */
    const struct trial *trial = arg;
    const struct qap_panel *panel = &trial->panels[replicate / trial->relabelling.count];
    settle_order(&trial->relabelling, replicate % trial->relabelling.count, scratch);
    trial->statistics[replicate] = qap_pivot_of(panel, scratch).statistic;
    return REPLICATES_OK;
}

static struct qap_effect no_effect(void)
{
    return (struct qap_effect){NAN, NAN, NAN, NAN, NAN, NAN, 0};
}

static struct qap_effect effect_of(const struct trial *trial, size_t predictor, const struct qap_pivot *pivot, double unit)
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
                         const struct qap_pivot *pivots, struct qap_fit *fit)
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
    QAP_EACH_CELL(plan, i, j)
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
static enum qap_status put_whole(const struct trial *trial, const struct qap_pivot *pivots, struct qap_fit *fit)
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
    QAP_EACH_CELL(plan, i, j)
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
    if (!qap_scale(plan, plan->response, trial->complete, &trial->response))
        return QAP_NO_MEMORY;
    bool varies = trial->response.sd > 0;
    for (size_t p = 0; p < plan->predictor_count; p++) {
        if (!qap_scale(plan, plan->predictors[p], trial->complete, &trial->predictors[p]))
            return QAP_NO_MEMORY;
        varies = varies && trial->predictors[p].sd > 0;
    }
    return varies && plan->predictor_count > 0 ? QAP_OK : QAP_UNSOLVABLE;
}

static enum qap_status run_trial(struct trial *trial, struct qap_fit *fit)
{
    const struct qap *plan = trial->plan;
    struct qap_pivot pivots[QAP_PREDICTORS_MAX] = {{0}};
    enum qap_status status = prepare(trial, fit);
    for (size_t p = 0; p < plan->predictor_count && status == QAP_OK; p++)
        status = qap_panel_init(&trial->panels[p], plan, p, &trial->response, trial->predictors, trial->predictors_known);
    if (status != QAP_OK)
        return status;
    struct qap_bench *bench = open_bench(trial);
    if (!bench)
        return QAP_NO_MEMORY;
    for (size_t i = 0; i < plan->actors; i++)
        bench->order[i] = bench->place[i] = (int32_t)i;
    for (size_t p = 0; p < plan->predictor_count; p++) {
        pivots[p] = qap_pivot_of(&trial->panels[p], bench);
        if (isnan(pivots[p].statistic))
            status = QAP_UNSOLVABLE;
    }
    close_bench(bench);
    if (status == QAP_OK && plan->model != QAP_CORRELATION)
        status = put_whole(trial, pivots, fit);
    if (status != QAP_OK)
        return status;
    struct replicates replicates = {.count = plan->predictor_count * trial->relabelling.count,
                                    .threads = plan->threads,
                                    .open = open_bench,
                                    .close = close_bench,
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
        qap_panel_release(&trial.panels[p]);
        free(trial.predictors[p].values);
    }
    free(trial.response.values);
    free(trial.complete);
    free(trial.predictors_known);
    free(trial.statistics);
    *ret_fit = fit;
    return status;
}
