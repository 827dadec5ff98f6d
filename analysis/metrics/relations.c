/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family relations: which relations between two actors go with contact between them, tested by permutation.
 */
#include "dyad.h"
#include "families.h"
#include "formal_distance.h"
#include "multiple.h"
#include "qap.h"
#include "survey_study.h"
#include "treatments.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX (QAP_PREDICTORS_MAX - WITH_COUNT) /* of a wave, besides */
_Static_assert(WITH_COUNT < QAP_PREDICTORS_MAX, "all relations fit one model");

enum term_column { ESTIMATE, SE, STATISTIC, P_LOW, P_HIGH, P, Q, TERM_COLUMNS };
static const struct column_definition term_texts[] = {
    {"term", "", "constant, or the relation between the two actors", ""},
    {"meaning", "", "what the relation is", ""},
};
static const struct column_definition term_numbers[TERM_COLUMNS] = {
    [ESTIMATE] = {"estimate", "",
                  "coefficient: how much more tie with one unit more of the relation, the others as they are; log odds in the "
                  "logistic model; in a correlation r",
                  "Krackhardt 1988"},
    [SE] = {"se", "", "textbook standard error: wrong for ties that share actors, shown because statistic is made of it", ""},
    [STATISTIC] = {"statistic", "", "estimate / se (t; logistic z), or r: what the permutations are compared by",
                   "Dekker, Krackhardt & Snijders 2007"},
    [P_LOW] = {"p_low", "", "share of permutations with as low a statistic as observed, or lower", "Phipson & Smyth 2010"},
    [P_HIGH] = {"p_high", "", "share of permutations with as high a statistic as observed, or higher", "Phipson & Smyth 2010"},
    [P] = {"p", "", "share of permutations with a statistic as far from 0 as observed, or further",
           "Dekker, Krackhardt & Snijders 2007"},
    [Q] = {"q", "", "false discovery rate at which this relation would be called, over all relations of the model",
           "Benjamini & Hochberg 1995"},
};

enum model_column { CELLS, UNKNOWN, R2, ADJUSTED_R2, PSEUDO_R2, DEVIANCE, PERMUTATIONS, COUNTED, MODEL_COLUMNS };
static const struct column_definition model_numbers[MODEL_COLUMNS] = {
    [CELLS] = {"pairs", "", "pairs of actors (directed: ordered pairs) for which everything is known", ""},
    [UNKNOWN] = {"pairs_unknown", "", "pairs left out because the tie or one of the relations is unknown", ""},
    [R2] = {"r2", "share", "share of the variance of the ties that the linear model accounts for", ""},
    [ADJUSTED_R2] = {"r2_adjusted", "share", "r2 less what as many relations at random would account for", "Theil 1961"},
    [PSEUDO_R2] = {"r2_pseudo", "share", "1 - deviance / deviance of the constant alone; logistic model", "McFadden 1974"},
    [DEVIANCE] = {"deviance", "", "-2 log likelihood of the logistic model", "McCullagh & Nelder 1989"},
    [PERMUTATIONS] = {"permutations", "", "orders of the actors that were looked at", "Good 2005, permutation tests"},
    [COUNTED] = {"permutations_counted", "",
                 "the fewest of them that gave a statistic for a relation; the others had no finite coefficients", ""},
};

struct covariate {
    const char *name, *meaning;
    /* The relation of two actors, NaN = unknown. */
    double (*of)(const struct network *network, size_t from, size_t to);
};

static double same_text(const char *a, const char *b)
{
    return a && *a && b && *b ? strcmp(a, b) == 0 : NAN;
}

static double same_sector(const struct network *network, size_t from, size_t to)
{
    return same_text(network->actors[from].sector, network->actors[to].sector);
}

static double same_kind(const struct network *network, size_t from, size_t to)
{
    return same_text(network->actors[from].kind, network->actors[to].kind);
}

static double same_parent(const struct network *network, size_t from, size_t to)
{
    int32_t a = network->actors[from].parent, b = network->actors[to].parent;
    return a && b ? a == b : NAN;
}

static double reporting_ends(const struct network *network, size_t from, size_t to)
{
    return (double)network->actors[from].reported + (double)network->actors[to].reported;
}

static const struct covariate covariates[WITH_COUNT] = {
    [WITH_SECTOR] = {"sector", "1 when both are of the same sector", same_sector},
    [WITH_PARENT] = {"parent", "1 when both are under the same body", same_parent},
    [WITH_KIND] = {"kind", "1 when both are of the same kind", same_kind},
    [WITH_DISTANCE] = {"distance", "steps between the two in the chart of bodies, up to the one both are under and down again",
                       NULL},
    [WITH_OBJECTIONS] = {"objections", "1 when one objected to the other in the period, in either direction", NULL},
    [WITH_REPORTING] = {"reporting", "how many of the two ends have reported: 0, 1 or 2", reporting_ends},
    [WITH_EARLIER] = {"earlier", "the tie before the day named by split; the tie explained is that from this day on", NULL},
};

/* Everything the model reads, as matrices. */
struct matrices {
    double *response, *with[QAP_PREDICTORS_MAX];
    char names[QAP_PREDICTORS_MAX][64]; /* in the order of the model */
    const char *meanings[QAP_PREDICTORS_MAX];
    size_t count;
};

static void matrices_release(struct matrices *matrices)
{
    free(matrices->response);
    for (size_t c = 0; c < QAP_PREDICTORS_MAX; c++)
        free(matrices->with[c]);
}

static double *matrix_of(const struct network *network, const struct covariate *covariate)
{
    size_t n = network->actor_count;
    double *matrix = malloc((n * n + 1) * sizeof *matrix);
    for (size_t i = 0; matrix && i < n; i++)
        for (size_t j = 0; j < n; j++)
            matrix[i * n + j] = i == j ? 0 : covariate->of(network, i, j);
    return matrix;
}

/* Unknown where nobody would have told. */
static double *objection_matrix(const struct network *network)
{
    size_t n = network->actor_count;
    double *matrix = dyad_matrix_untied(network);
    if (!matrix)
        return NULL;
    for (size_t t = 0; t < network->negative_count; t++) {
        size_t from = (size_t)network->negative[t].from, to = (size_t)network->negative[t].to;
        matrix[from * n + to] = matrix[to * n + from] = 1;
    }
    return matrix;
}

/* The ties of a part of the period, from the chronicle, under the treatment of the whole. *ret_matrix stays when not OK. */
static enum metrics_status part_matrix(const struct metrics_input *input, bool binary, double from_day, double to_day,
                                       double **ret_matrix, char *ret_error)
{
    struct network *part;
    enum metrics_status status =
        treatments_apply_part(metrics_untreated(input), input->chronicle, from_day, to_day, &part, ret_error);
    if (status != METRICS_OK)
        return status;
    *ret_matrix = dyad_matrix(part, binary);
    network_destroy(part);
    return METRICS_OK;
}

static bool varies(const struct network *network, const double *response, const double *matrix)
{
    size_t n = network->actor_count;
    double first = NAN;
    for (size_t i = 0; i < n; i++)
        for (size_t j = dyads_first(i, network->spec.directed); j < n; j++) {
            double value = matrix[i * n + j];
            if (i == j || isnan(value) || isnan(response[i * n + j]))
                continue;
            if (isnan(first))
                first = value;
            else if (value != first)
                return true;
        }
    return false;
}

/* Takes the matrix into the model, unless it explains nothing. */
static void take(const struct network *network, struct matrices *matrices, double *matrix, const char *name,
                 const char *meaning, struct result *result)
{
    if (varies(network, matrices->response, matrix)) {
        snprintf(matrices->names[matrices->count], sizeof matrices->names[0], "%s", name);
        matrices->meanings[matrices->count] = meaning;
        matrices->with[matrices->count++] = matrix;
        return;
    }
    free(matrix);
    result_note(result, "The relation \"%s\" was left out: it is the same for all pairs that are known.", name);
}

/* What respondents of a wave say, as a relation; NULL: out of memory. */
static double *item_matrix(const struct metrics_input *input, int32_t item)
{
    const struct spec *spec = &input->network->spec;
    size_t n = input->network->actor_count;
    enum spec_weight weight = spec->of_wave && spec->projection != PROJECTION_BINARY ? spec->weight : WEIGHT_MEAN;
    struct wave_ties ties;
    if (!wave_ties_init(&ties, input->wave, item, n, weight))
        return NULL;
    if (weight != WEIGHT_SHARE)
        wave_ties_only_valued(&ties, n);
    if (!spec->directed)
        wave_ties_undirect(&ties, n, weight);
    double *matrix = ties.weights;
    ties.weights = NULL;
    wave_ties_release(&ties);
    return matrix;
}

static bool gather_items(const struct metrics_input *input, struct matrices *matrices, struct result *result)
{
    const struct network *network = input->network;
    const struct wave *wave = input->wave;
    const char *response = spec_survey_item(&network->spec);
    for (size_t i = 0; wave && *network->spec.choices.items && i < wave->item_count; i++) {
        char name[64];
        if (!survey_item_wanted(&network->spec.choices, wave->items[i].id) || !wave_is_tie(wave, (int32_t)i, NULL) ||
            (response && strcmp(response, wave->items[i].id) == 0))
            continue;
        double *matrix = item_matrix(input, (int32_t)i);
        if (!matrix)
            return false;
        snprintf(name, sizeof name, "survey:%.48s", wave->items[i].id);
        take(network, matrices, matrix, name,
             wave->items[i].to_respondent ? "what respondents of the second say of the first in this item of the wave"
                                          : "what respondents of the first say of the second in this item of the wave",
             result);
    }
    return true;
}

/* What items= may name here. False: error says why not. */
static bool items_fit(const struct metrics_input *input, char error[400])
{
    const struct choices *choices = &input->network->spec.choices;
    size_t count = 0;
    if (!input->wave)
        return true;
    if (!survey_items_known(input->wave, choices, error))
        return false;
    for (size_t i = 0; *choices->items && i < input->wave->item_count; i++) {
        if (!survey_item_wanted(choices, input->wave->items[i].id))
            continue;
        if (!wave_is_tie(input->wave, (int32_t)i, error))
            return false;
        if (++count > ITEMS_MAX) {
            snprintf(error, 400, "items: more than %d beside the other relations", ITEMS_MAX);
            return false;
        }
    }
    if (input->network->actor_count > WAVE_ACTORS_MAX)
        snprintf(error, 400, "%zu actors are more than %d", input->network->actor_count, WAVE_ACTORS_MAX);
    return input->network->actor_count <= WAVE_ACTORS_MAX;
}

static enum metrics_status gather(const struct metrics_input *input, struct matrices *matrices, struct result *result,
                                  char *ret_error)
{
    const struct network *network = input->network;
    const struct choices *choices = &network->spec.choices;
    bool binary = choices->response == RESPONSE_BINARY || choices->model == MODEL_LOGISTIC;
    uint32_t earlier = UINT32_C(1) << WITH_EARLIER, with = choices->with;
    bool split = (with & earlier) && choices->split_day > network->spec.from_day && choices->split_day < network->spec.to_day &&
                 input->chronicle;
    if ((with & earlier) && !split) {
        result_note(result, "The relation \"earlier\" was left out: it needs a day within the period, split=YYYY-MM-DD.");
        with &= ~earlier;
    }
    enum metrics_status status = METRICS_OK;
    if (!binary && network->spec.of_wave && spec_survey_item(&network->spec) && input->wave)
        matrices->response = item_matrix(input, wave_item(input->wave, spec_survey_item(&network->spec)));
    else if (split)
        status = part_matrix(input, binary, choices->split_day, INFINITY, &matrices->response, ret_error);
    else
        matrices->response = dyad_matrix(network, binary);
    for (size_t c = 0; c < WITH_COUNT && status == METRICS_OK && matrices->response; c++) {
        if (!(with & UINT32_C(1) << c))
            continue;
        double *matrix = NULL;
        if (c == WITH_EARLIER)
            status = part_matrix(input, binary, -INFINITY, choices->split_day, &matrix, ret_error);
        else
            matrix = c == WITH_OBJECTIONS ? objection_matrix(metrics_untreated(input))
                     : c == WITH_DISTANCE ? formal_distance_matrix(network)
                                          : matrix_of(network, &covariates[c]);
        if (!matrix)
            return status != METRICS_OK ? status : families_out_of_memory(ret_error);
        take(network, matrices, matrix, covariates[c].name, covariates[c].meaning, result);
    }
    if (status != METRICS_OK)
        return status;
    return matrices->response && gather_items(input, matrices, result) ? METRICS_OK : families_out_of_memory(ret_error);
}

static void put_effect(const struct qap_effect *effect, double *row)
{
    row[ESTIMATE] = effect->estimate;
    row[SE] = effect->se;
    row[STATISTIC] = effect->statistic;
    row[P_LOW] = effect->p_low;
    row[P_HIGH] = effect->p_high;
    row[P] = effect->p;
    row[Q] = NAN;
    for (size_t c = 0; c < TERM_COLUMNS; c++) /* units may be so far apart that a coefficient is no number */
        if (isinf(row[c]))
            row[c] = NAN;
}

static bool term_table(const struct qap *plan, const struct qap_fit *fit, const struct matrices *matrices,
                       struct result *result)
{
    bool constant = plan->model != QAP_CORRELATION;
    size_t rows = matrices->count + constant;
    double p[QAP_PREDICTORS_MAX + 1], q[QAP_PREDICTORS_MAX + 1];
    for (size_t k = 0; k < matrices->count; k++)
        p[k] = fit->effects[k].p;
    if (!multiple_benjamini_hochberg(p, matrices->count, q))
        return false;
    size_t table = result_add_table(result, "relations", rows);
    for (size_t c = 0; c < 2; c++) {
        char **texts = result_add_texts(result, table, &term_texts[c]);
        for (size_t r = 0; texts && r < rows; r++) {
            result_set_text(result, &texts[r],
                            r >= constant ? (c == 0 ? matrices->names[r - constant] : matrices->meanings[r - constant])
                            : c == 0      ? "constant"
                                          : "what is expected where every relation is 0");
        }
    }
    for (size_t c = 0; c < TERM_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &term_numbers[c]);
        for (size_t r = 0; numbers && r < rows; r++) {
            double row[TERM_COLUMNS];
            put_effect(r < constant ? &fit->constant : &fit->effects[r - constant], row);
            if (r >= constant)
                row[Q] = q[r - constant];
            numbers[r] = row[c];
        }
    }
    return true;
}

static void model_table(const struct qap *plan, const struct qap_fit *fit, struct result *result)
{
    double counted = NAN;
    for (size_t k = 0; k < plan->predictor_count; k++)
        counted = fmin(counted, (double)fit->effects[k].counted); /* fmin passes NaN over */
    double row[MODEL_COLUMNS] = {[CELLS] = (double)fit->cells,
                                 [UNKNOWN] = (double)fit->unknown,
                                 [R2] = fit->r2,
                                 [ADJUSTED_R2] = fit->adjusted_r2,
                                 [PSEUDO_R2] = fit->pseudo_r2,
                                 [DEVIANCE] = fit->deviance,
                                 [PERMUTATIONS] = (double)fit->permutations,
                                 [COUNTED] = counted};
    size_t table = result_add_table(result, "model", 1);
    for (size_t c = 0; c < MODEL_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &model_numbers[c]);
        if (numbers)
            numbers[0] = row[c];
    }
}

static void describe(const struct network *network, const struct qap *plan, const struct qap_fit *fit, struct result *result)
{
    bool binary = network->spec.choices.response == RESPONSE_BINARY || plan->model == QAP_LOGISTIC;
    if (plan->model == QAP_CORRELATION)
        result_set_card(result, "model", "correlation of two matrices (QAP)");
    else if (plan->model == QAP_LINEAR)
        result_set_card(result, "model", "linear regression of matrices (MRQAP)");
    else
        result_set_card(result, "model", "logistic regression of matrices (LRQAP)");
    if (binary)
        result_set_card(result, "response", "tie or no tie");
    else
        result_set_card(result, "response", "weight of the tie, 0 where there is none");
    if (plan->model == QAP_CORRELATION)
        result_set_card(result, "null", "rows and columns of one matrix permuted together");
    else
        result_set_card(
            result, "null",
            "double semi-partialling: what is left of a relation after the others is permuted, rows and columns together");
    if (fit->exact)
        result_set_card(result, "permutations", "all %zu orders of the actors, p exact", fit->permutations);
    else
        result_set_card(result, "permutations", "%zu random orders of the actors, p = (b+1)/(m+1)", fit->permutations);
    families_card_random(network->spec.seed, result);
    result_set_card(result, "multiple tests", "q after Benjamini and Hochberg over the relations of the model");
    result_set_card(result, "missing",
                    "pairs unknown in the tie or in a relation are left out, anew in each permutation; the "
                    "constant is not tested");
    if (fit->unknown > 0)
        result_note(result, "%zu of %zu pairs are left out: the tie or one of the relations is unknown.", fit->unknown,
                    fit->cells + fit->unknown);
}

enum metrics_status relations_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const enum qap_model models[] = {
        [MODEL_LINEAR] = QAP_LINEAR, [MODEL_LOGISTIC] = QAP_LOGISTIC, [MODEL_CORRELATION] = QAP_CORRELATION};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    size_t n = network->actor_count;
    enum metrics_status status = METRICS_FAILED;
    struct matrices matrices = {0};
    struct families_step step = {input, 0, 1000};
    if (n > DYADS_ACTORS_MAX) {
        snprintf(error, 400, "%zu actors are more than %d: the matrices would not fit", n, DYADS_ACTORS_MAX);
        goto out;
    }
    if (!items_fit(input, error)) {
        status = METRICS_REFUSED;
        goto out;
    }
    if (!families_proceed(&step, 0)) {
        status = METRICS_CANCELLED;
        goto out;
    }
    status = gather(input, &matrices, result, error);
    if (status != METRICS_OK)
        goto out;
    step.from = 50;
    struct qap plan = {.model = models[ground.choices->model],
                       .actors = n,
                       .directed = network->spec.directed,
                       .response = matrices.response,
                       .predictor_count = matrices.count,
                       .permutations = ground.choices->permutations,
                       .seed = network->spec.seed,
                       .proceed = families_proceed,
                       .arg = &step};
    for (size_t k = 0; k < matrices.count; k++)
        plan.predictors[k] = matrices.with[k];
    struct qap_fit fit;
    switch (qap_run(&plan, &fit)) {
    case QAP_OK:
        break;
    case QAP_UNSOLVABLE:
        result_note(result, "The model has no answer: no relation that varies, relations that follow from each other, too few "
                            "pairs, or ties all alike.");
        break;
    case QAP_STOPPED:
        status = METRICS_CANCELLED;
        goto out;
    case QAP_NO_MEMORY:
        goto memory;
    }
    if (!term_table(&plan, &fit, &matrices, result))
        goto memory;
    model_table(&plan, &fit, result);
    describe(network, &plan, &fit, result);
    status = families_finish(result, error);
    goto out;
memory:
    status = families_out_of_memory(error);
out:
    matrices_release(&matrices);
    families_end(&ground);
    return status;
}
