/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs one model of relations on matrices given as JSON on standard input and prints what comes out as JSON.
 *
 * In: {"model": "correlation"|"linear"|"logistic", "directed": true, "actors": n, "response": [n*n], "predictors": [[n*n],
 * ...], "permutations": m, "seed": s}; null = unknown. Out: estimates, statistics and p with the constant first (none in a
 * correlation), and r2 or the deviance.
 */
#include "qap.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double *matrix_of(const json_t *values, size_t actors)
{
    double *matrix = malloc((actors * actors + 1) * sizeof *matrix);
    if (!matrix || json_array_size(values) != actors * actors) {
        fprintf(stderr, "qap_probe: a matrix of another size\n");
        exit(2);
    }
    for (size_t c = 0; c < actors * actors; c++) {
        const json_t *value = json_array_get(values, c);
        matrix[c] = json_is_null(value) ? NAN : json_number_value(value);
    }
    return matrix;
}

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

int main(void)
{
    static const char *const models[] = {
        [QAP_CORRELATION] = "correlation", [QAP_LINEAR] = "linear", [QAP_LOGISTIC] = "logistic"};
    json_t *given = json_loadf(stdin, 0, NULL);
    const char *model = json_string_value(json_object_get(given, "model"));
    const json_t *predictors = json_object_get(given, "predictors");
    if (!model || !json_is_array(predictors) || json_array_size(predictors) > QAP_PREDICTORS_MAX) {
        fprintf(stderr, "qap_probe: no model or predictors\n");
        return 2;
    }
    struct qap plan = {.actors = (size_t)json_integer_value(json_object_get(given, "actors")),
                       .directed = json_is_true(json_object_get(given, "directed")),
                       .predictor_count = json_array_size(predictors),
                       .permutations = (size_t)json_integer_value(json_object_get(given, "permutations")),
                       .seed = (uint64_t)json_integer_value(json_object_get(given, "seed"))};
    while (strcmp(models[plan.model], model) != 0 && plan.model < QAP_LOGISTIC)
        plan.model++;
    double *matrices[QAP_PREDICTORS_MAX + 1] = {matrix_of(json_object_get(given, "response"), plan.actors)};
    plan.response = matrices[0];
    for (size_t p = 0; p < plan.predictor_count; p++)
        plan.predictors[p] = matrices[p + 1] = matrix_of(json_array_get(predictors, p), plan.actors);
    struct qap_fit fit;
    enum qap_status status = qap_run(&plan, &fit);
    json_t *estimate = json_array(), *statistic = json_array(), *p = json_array();
    for (size_t k = plan.model == QAP_CORRELATION; k <= plan.predictor_count; k++) {
        const struct qap_effect *effect = k == 0 ? &fit.constant : &fit.effects[k - 1];
        json_array_append_new(estimate, number(effect->estimate));
        json_array_append_new(statistic, number(effect->statistic));
        json_array_append_new(p, number(effect->p));
    }
    json_t *answer = json_pack("{s:o,s:o,s:o,s:o}", "estimate", estimate, "statistic", statistic, "p", p, "whole",
                               number(plan.model == QAP_LOGISTIC ? fit.deviance : fit.r2));
    json_dumpf(answer, stdout, JSON_REAL_PRECISION(17));
    json_decref(answer);
    json_decref(given);
    for (size_t m = 0; m <= plan.predictor_count; m++)
        free(matrices[m]);
    return status == QAP_OK ? 0 : 1;
}
