/* SPDX-License-Identifier: GPL-3.0-or-later
 * One test over all actors, which also has each against the others; then one for every pair.
 */
#include "time_compare.h"

#include "logrank.h"
#include "multiple.h"
#include "response.h"

#include <math.h>
#include <stdlib.h>

enum { EXPECTED, RATIO, P, Q, ACTOR_COLUMNS };
static const struct column_definition actor_numbers[ACTOR_COLUMNS] = {
    [EXPECTED] = {"expected_answered", "", "answers expected if everybody answered those waiting at the same rate",
                  "Mantel 1966"},
    [RATIO] = {"answer_rate_ratio", "ratio", "answered / expected: under 1 is slower than all together", "Mantel 1966"},
    [P] = {"p", "", "two-sided p of the log-rank test of this actor against all others", "Mantel 1966; Peto & Peto 1972"},
    [Q] = {"q", "", "false discovery rate at which the row would be called", "Benjamini & Hochberg 1995"},
};
static const struct column_definition method_text = {
    "method", "", "where p is from: exact (every relabelling), permutation, asymptotic (chi-squared)", ""};

enum { GROUPS, CHI, DEGREES, P_ASYMPTOTIC, P_ALL, ALL_COLUMNS };
static const struct column_definition all_numbers[ALL_COLUMNS] = {
    [GROUPS] = {"actors", "actors", "actors that were asked", ""},
    [CHI] = {"chi_squared", "", "log-rank statistic: do all of them answer at the same rate?", "Mantel 1966"},
    [DEGREES] = {"degrees", "", "degrees of freedom", ""},
    [P_ASYMPTOTIC] = {"p_asymptotic", "", "p from the chi-squared distribution", "Mantel 1966"},
    [P_ALL] = {"p", "", "p by the method named", "Peto & Peto 1972"},
};
static const struct column_definition strata_text = {"strata", "", "within what requests are compared: none, stage, request",
                                                     ""};

enum { REQUESTS_A, REQUESTS_B, ANSWERED_A, ANSWERED_B, EXPECTED_A, EXPECTED_B, RATIO_AB, P_AB, Q_AB, PAIR_COLUMNS };
static const struct column_definition pair_texts[] = {
    {"actor_a", "", "key of the first actor", ""},
    {"name_a", "", "its name", ""},
    {"actor_b", "", "key of the second actor", ""},
    {"name_b", "", "its name", ""},
};
static const struct column_definition pair_numbers[PAIR_COLUMNS] = {
    [REQUESTS_A] = {"requests_a", "", "requests that asked the first", ""},
    [REQUESTS_B] = {"requests_b", "", "requests that asked the second", ""},
    [ANSWERED_A] = {"answered_a", "", "answers of the first", ""},
    [ANSWERED_B] = {"answered_b", "", "answers of the second", ""},
    [EXPECTED_A] = {"expected_a", "", "answers of the first if both answered at the same rate", "Mantel 1966"},
    [EXPECTED_B] = {"expected_b", "", "answers of the second if both answered at the same rate", "Mantel 1966"},
    [RATIO_AB] = {"rate_ratio", "ratio",
                  "(answered / expected) of the first over that of the second: under 1, the first is slower", "Mantel 1966"},
    [P_AB] = {"p", "", "two-sided p of the log-rank test between the two", "Mantel 1966; Peto & Peto 1972"},
    [Q_AB] = {"q", "", "false discovery rate at which the row would be called", "Benjamini & Hochberg 1995"},
};

static const char *const methods[] = {[LOGRANK_NONE] = NULL,
                                      [LOGRANK_ASYMPTOTIC] = "asymptotic",
                                      [LOGRANK_PERMUTATION] = "permutation",
                                      [LOGRANK_EXACT] = "exact"};

struct comparison {
    const struct metrics_input *input;
    const size_t *start, *order;
    int32_t *asked; /* actors that were */
    size_t asked_count;
    int32_t *stratum; /* of each reply */
    struct logrank_time *times;
    struct families_step step;
};

static bool proceed(void *arg, unsigned permille)
{
    return families_proceed(&((struct comparison *)arg)->step, permille);
}

static bool prepare(struct comparison *comparison)
{
    const struct reply_set *replies = comparison->input->replies;
    size_t n = comparison->input->network->actor_count;
    comparison->asked = malloc((n + 1) * sizeof *comparison->asked);
    comparison->stratum = malloc((replies->count + 1) * sizeof *comparison->stratum);
    comparison->times = malloc((replies->count + 1) * sizeof *comparison->times);
    if (!comparison->asked || !comparison->stratum || !comparison->times)
        return false;
    for (size_t i = 0; i < n; i++)
        if (comparison->start[i + 1] > comparison->start[i])
            comparison->asked[comparison->asked_count++] = (int32_t)i;
    enum choice_strata strata = comparison->input->network->spec.choices.strata;
    int32_t request = 0;
    for (size_t r = 0; r < replies->count; r++) {
        const struct reply *reply = &replies->replies[r];
        request += r > 0 && reply->request != reply[-1].request;
        comparison->stratum[r] = strata == STRATA_STAGE ? reply->stage : strata == STRATA_REQUEST ? request : 0;
    }
    return true;
}

/* Appends one actor's replies as a group. */
static size_t put_times(const struct comparison *comparison, size_t asked, int32_t group, size_t count)
{
    size_t actor = (size_t)comparison->asked[asked];
    for (size_t i = comparison->start[actor]; i < comparison->start[actor + 1]; i++) {
        size_t r = comparison->order[i];
        struct survival_time time = response_time(&comparison->input->replies->replies[r]);
        comparison->times[count++] =
            (struct logrank_time){time.time, time.end == SURVIVAL_ANSWERED, group, comparison->stratum[r]};
    }
    return count;
}

static struct logrank_plan plan_of(struct comparison *comparison, size_t count, size_t groups, uint64_t seed)
{
    return (struct logrank_plan){.times = comparison->times,
                                 .count = count,
                                 .group_count = groups,
                                 .permutations = (unsigned)comparison->input->network->spec.choices.permutations,
                                 .seed = seed,
                                 .threads = comparison->input->threads,
                                 .proceed = proceed,
                                 .arg = comparison};
}

static enum metrics_status failure(enum logrank_status status, char error[400])
{
    return status == LOGRANK_STOPPED ? METRICS_CANCELLED : families_out_of_memory(error);
}

static double ratio(double observed, double expected)
{
    return expected > 0 ? observed / expected : NAN;
}

static enum metrics_status compare_all(struct comparison *comparison, size_t table, struct result *result, char error[400])
{
    size_t count = 0;
    for (size_t a = 0; a < comparison->asked_count; a++)
        count = put_times(comparison, a, (int32_t)a, count);
    struct logrank_group *groups = calloc(comparison->asked_count + 1, sizeof *groups);
    if (!groups)
        return families_out_of_memory(error);
    struct logrank_plan plan = plan_of(comparison, count, comparison->asked_count, comparison->input->network->spec.seed);
    struct logrank_test test;
    enum logrank_status status = logrank_run(&plan, groups, &test);
    double *columns[ACTOR_COLUMNS], *all[ALL_COLUMNS];
    if (status == LOGRANK_OK && families_numbers(result, table, actor_numbers, ACTOR_COLUMNS, columns)) {
        char **names = result_add_texts(result, table, &method_text);
        for (size_t a = 0; names && a < comparison->asked_count; a++) {
            int32_t actor = comparison->asked[a];
            columns[EXPECTED][actor] = groups[a].expected;
            columns[RATIO][actor] = ratio(groups[a].observed, groups[a].expected);
            columns[P][actor] = groups[a].p;
            result_set_text(result, &names[actor], methods[groups[a].method]);
        }
        if (!multiple_benjamini_hochberg(columns[P], comparison->input->network->actor_count, columns[Q]))
            status = LOGRANK_NO_MEMORY;
    }
    free(groups);
    if (status != LOGRANK_OK)
        return failure(status, error);
    size_t overall = result_add_table(result, "logrank", comparison->asked_count > 0);
    static const char *const stratas[] = {[STRATA_NONE] = "none", [STRATA_STAGE] = "stage", [STRATA_REQUEST] = "request"};
    char **strata = result_add_texts(result, overall, &strata_text);
    if (strata && comparison->asked_count > 0)
        result_set_text(result, &strata[0], stratas[comparison->input->network->spec.choices.strata]);
    char **method = result_add_texts(result, overall, &method_text);
    if (method && comparison->asked_count > 0)
        result_set_text(result, &method[0], methods[test.method]);
    if (families_numbers(result, overall, all_numbers, ALL_COLUMNS, all) && comparison->asked_count > 0) {
        all[GROUPS][0] = (double)comparison->asked_count;
        all[CHI][0] = test.chi_squared;
        all[DEGREES][0] = test.degrees;
        all[P_ASYMPTOTIC][0] = test.p_asymptotic;
        all[P_ALL][0] = test.p;
    }
    return METRICS_OK;
}

static enum metrics_status compare_pairs(struct comparison *comparison, struct result *result, char error[400])
{
    const struct network *network = comparison->input->network;
    size_t n = comparison->asked_count <= TIME_COMPARE_ACTORS_MAX ? comparison->asked_count : 0;
    size_t rows = n > 1 ? n * (n - 1) / 2 : 0, row = 0;
    size_t table = result_add_table(result, "pairs", rows);
    char **texts[4];
    for (size_t c = 0; c < 4; c++)
        texts[c] = result_add_texts(result, table, &pair_texts[c]);
    char **method = result_add_texts(result, table, &method_text);
    double *columns[PAIR_COLUMNS];
    if (!families_numbers(result, table, pair_numbers, PAIR_COLUMNS, columns))
        return METRICS_OK; /* the result says so */
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++, row++) {
            const struct network_actor *one = &network->actors[comparison->asked[a]],
                                       *other = &network->actors[comparison->asked[b]];
            size_t count = put_times(comparison, b, 1, put_times(comparison, a, 0, 0));
            /* Pairs share no relabelling. */
            struct logrank_plan plan = plan_of(comparison, count, 2, network->spec.seed + 1 + row);
            struct logrank_group groups[2];
            struct logrank_test test;
            comparison->step.from = 700 + (unsigned)(300 * row / rows);
            comparison->step.to = 700 + (unsigned)(300 * (row + 1) / rows);
            enum logrank_status status = proceed(comparison, 0) ? logrank_run(&plan, groups, &test) : LOGRANK_STOPPED;
            if (status != LOGRANK_OK)
                return failure(status, error);
            const char *const names[] = {one->key, one->label, other->key, other->label};
            for (size_t c = 0; c < 4; c++)
                result_set_text(result, &texts[c][row], names[c]);
            result_set_text(result, &method[row], methods[test.method]);
            columns[REQUESTS_A][row] = groups[0].count;
            columns[REQUESTS_B][row] = groups[1].count;
            columns[ANSWERED_A][row] = groups[0].observed;
            columns[ANSWERED_B][row] = groups[1].observed;
            columns[EXPECTED_A][row] = groups[0].expected;
            columns[EXPECTED_B][row] = groups[1].expected;
            columns[RATIO_AB][row] =
                ratio(ratio(groups[0].observed, groups[0].expected), ratio(groups[1].observed, groups[1].expected));
            columns[P_AB][row] = test.p;
        }
    if (!multiple_benjamini_hochberg(columns[P_AB], rows, columns[Q_AB]))
        return families_out_of_memory(error);
    if (n < comparison->asked_count)
        result_note(result, "Pairs of actors were left out: more than %d were asked. A coarser level has fewer.",
                    TIME_COMPARE_ACTORS_MAX);
    return METRICS_OK;
}

enum metrics_status time_compare(const struct metrics_input *input, const size_t *start, const size_t *order, size_t table,
                                 struct result *result, char error[400])
{
    struct comparison comparison = {.input = input, .start = start, .order = order, .step = {input, 500, 700}};
    enum metrics_status status = families_out_of_memory(error);
    if (prepare(&comparison))
        status = compare_all(&comparison, table, result, error);
    if (status == METRICS_OK)
        status = compare_pairs(&comparison, result, error);
    free(comparison.asked);
    free(comparison.stratum);
    free(comparison.times);
    return status;
}
