/* SPDX-License-Identifier: GPL-3.0-or-later
 * Scales: the mean of their items, how well these hang together, by actor, and against an earlier wave.
 */
#include "survey_study.h"

#include "random_stream.h"
#include "reliability.h"
#include "suppression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCALES_MAX 100

enum scale_column { ITEMS, CASES, PARTIAL, PEOPLE, MEAN, SD, ALPHA, ALPHA_LOW, ALPHA_HIGH, HIDDEN, SCALE_COLUMNS };
static const struct column_definition scale_numbers[SCALE_COLUMNS] = {
    [ITEMS] = {"items", "", "items of the scale that the wave asks", ""},
    [CASES] = {"n", "", "cases that answered every item: respondents, or respondents about one actor", ""},
    [PARTIAL] = {"n_partial", "", "cases that answered some items and not all: not in the mean, nor in alpha", ""},
    [PEOPLE] = {"respondents", "", "respondents behind the n cases", ""},
    [MEAN] = {"mean", "", "mean over the cases of the mean of their items, reversed ones turned round", ""},
    [SD] = {"sd", "", "standard deviation over the cases", ""},
    [ALPHA] = {"alpha", "", "Cronbach's alpha: 1 = the items say the same, about 0 = they have nothing in common",
               "Cronbach 1951"},
    [ALPHA_LOW] = {"alpha_low", "", "lower end of its 95 % interval, as if cases were independent", "Feldt 1965"},
    [ALPHA_HIGH] = {"alpha_high", "", "upper end of its 95 % interval, as if cases were independent", "Feldt 1965"},
    [HIDDEN] = {"suppressed", "0 or 1", "1: fewer respondents than the minimum cell", ""},
};
static const struct column_definition scale_name = {"scale", "", "name of the scale", ""};

static const struct column_definition actor_texts[] = {
    {"actor", "", "key of the respondents' actor", ""},
    {"name", "", "name of the actor", ""},
};
static const struct column_definition actor_numbers[] = {
    {"respondents", "", "respondents of the actor behind the mean; missing when hidden", ""},
    {"mean", "", "mean of the scale over their cases", ""},
    {"suppressed", "0 or 1", "1: too few, or needed to keep such a one from being computed", "Willenborg & de Waal 2001"},
};

enum change_column { C_EARLIER, C_LATER, C_DIFFERENCE, C_P, C_N_EARLIER, C_N_LATER, C_HIDDEN, CHANGE_COLUMNS };
static const struct column_definition change_numbers[CHANGE_COLUMNS] = {
    [C_EARLIER] = {"mean_earlier", "", "mean over respondents in the earlier wave", ""},
    [C_LATER] = {"mean_later", "", "mean over respondents in this wave", ""},
    [C_DIFFERENCE] = {"difference", "", "mean_later - mean_earlier", ""},
    [C_P] =
        {"p", "",
         "share of random ways to deal the respondents to the two waves whose means differ as much, or more. Respondents are "
         "taken as different people",
         "Phipson & Smyth 2010"},
    [C_N_EARLIER] = {"respondents_earlier", "", "respondents with a value in the earlier wave", ""},
    [C_N_LATER] = {"respondents_later", "", "respondents with a value in this wave", ""},
    [C_HIDDEN] = {"suppressed", "0 or 1", "1: fewer respondents than the minimum cell in one of the waves", ""},
};

/* ------------------------------------------------------------------------------------------------------------- cases */
void survey_cases_release(struct survey_cases *cases)
{
    free(cases->items);
    free(cases->values);
    free(cases->respondents);
    *cases = (struct survey_cases){0};
}

static bool is_of(const struct wave_item *item, const char *scale)
{
    return item->scale && strcmp(item->scale, scale) == 0 &&
           (item->kind == WAVE_LIKERT || item->kind == WAVE_SINGLE || item->kind == WAVE_NUMBER || item->kind == WAVE_LADDER);
}

static double turned(const struct wave_item *item, double value)
{
    return item->reversed ? item->low + item->high - value : value;
}

/* The case of this respondent about this actor, made if it is not there. `first` of the respondent. SIZE_MAX: out of memory. */
static size_t case_at(struct survey_cases *cases, int32_t **abouts, size_t *capacity, size_t first, int32_t respondent,
                      int32_t about)
{
    for (size_t c = first; c < cases->case_count; c++)
        if ((*abouts)[c] == about)
            return c;
    if (cases->case_count == *capacity) {
        size_t wider = *capacity ? 2 * *capacity : 64;
        int32_t *who = realloc(cases->respondents, wider * sizeof *who);
        cases->respondents = who ? who : cases->respondents;
        int32_t *whom = realloc(*abouts, wider * sizeof *whom);
        *abouts = whom ? whom : *abouts;
        double *values = realloc(cases->values, wider * (cases->item_count + 1) * sizeof *values);
        cases->values = values ? values : cases->values;
        if (!who || !whom || !values)
            return SIZE_MAX;
        *capacity = wider;
    }
    cases->respondents[cases->case_count] = respondent;
    (*abouts)[cases->case_count] = about;
    for (size_t i = 0; i < cases->item_count; i++)
        cases->values[cases->case_count * cases->item_count + i] = NAN;
    return cases->case_count++;
}

bool survey_cases_init(struct survey_cases *ret_cases, const struct wave *wave, const char *scale)
{
    struct survey_cases cases = {.items = malloc((wave->item_count + 1) * sizeof *cases.items)};
    int32_t *abouts = NULL, *column = malloc((wave->item_count + 1) * sizeof *column), respondent = -1;
    size_t capacity = 0, first = 0;
    bool ok = cases.items && column;
    for (size_t i = 0; ok && i < wave->item_count; i++) {
        column[i] = is_of(&wave->items[i], scale) ? (int32_t)cases.item_count : -1;
        if (column[i] >= 0)
            cases.items[cases.item_count++] = (int32_t)i;
    }
    for (size_t a = 0; ok && a < wave->answer_count; a++) {
        const struct wave_answer *answer = &wave->answers[a];
        if (answer->respondent != respondent) {
            respondent = answer->respondent;
            first = cases.case_count;
        }
        if (column[answer->item] < 0 || answer->state != WAVE_GIVEN || answer->value_count == 0)
            continue;
        size_t at = case_at(&cases, &abouts, &capacity, first, respondent, answer->named);
        ok = at != SIZE_MAX;
        if (ok)
            cases.values[at * cases.item_count + (size_t)column[answer->item]] =
                turned(&wave->items[answer->item], wave->values[answer->value]);
    }
    free(abouts);
    free(column);
    if (ok)
        *ret_cases = cases;
    else
        survey_cases_release(&cases);
    return ok;
}

/* Mean of the items of a case; NaN when one is missing. */
static double score_of(const struct survey_cases *cases, size_t at)
{
    double sum = 0;
    for (size_t i = 0; i < cases->item_count; i++)
        sum += cases->values[at * cases->item_count + i];
    return sum / (double)cases->item_count;
}

/* ------------------------------------------------------------------------------------------------------------ scales */
struct scored {
    const char *scale;
    struct survey_cases cases;
    double *scores;            /* of each case; NaN */
    double n, partial, people; /* complete cases, others, respondents behind the complete ones */
    double mean, sd;
    struct reliability reliability;
    double low, high; /* of a score, where the items have bounds */
};

static void scored_release(struct scored *scored)
{
    survey_cases_release(&scored->cases);
    free(scored->scores);
}

static bool scored_init(struct scored *ret_scored, const struct wave *wave, const char *scale)
{
    struct scored scored = {.scale = scale, .mean = NAN, .sd = NAN};
    if (!survey_cases_init(&scored.cases, wave, scale))
        return false;
    const struct survey_cases *cases = &scored.cases;
    size_t k = cases->item_count, kept = 0;
    scored.scores = malloc((cases->case_count + 1) * sizeof *scored.scores);
    double *complete = malloc((cases->case_count * k + 1) * sizeof *complete), sum = 0, squares = 0;
    int32_t last = -1;
    bool ok = scored.scores && complete;
    for (size_t c = 0; ok && c < cases->case_count; c++) {
        double score = scored.scores[c] = score_of(cases, c);
        if (isnan(score)) {
            scored.partial++;
            continue;
        }
        memcpy(complete + kept++ * k, cases->values + c * k, k * sizeof *complete);
        scored.people += cases->respondents[c] != last;
        last = cases->respondents[c];
        sum += score;
    }
    if (ok) {
        scored.n = (double)kept;
        scored.mean = kept ? sum / scored.n : NAN;
        for (size_t c = 0; c < cases->case_count; c++)
            squares += isnan(scored.scores[c]) ? 0 : (scored.scores[c] - scored.mean) * (scored.scores[c] - scored.mean);
        scored.sd = kept > 1 ? sqrt(squares / (scored.n - 1)) : NAN;
        scored.reliability = reliability_alpha(complete, kept, k < RELIABILITY_ITEMS_MAX ? k : 0);
        for (size_t i = 0; i < k; i++) {
            scored.low += wave->items[cases->items[i]].low / (double)k;
            scored.high += wave->items[cases->items[i]].high / (double)k;
        }
    }
    free(complete);
    if (!ok) {
        scored_release(&scored);
        return false;
    }
    *ret_scored = scored;
    return true;
}

static void scale_table(const struct wave *wave, const struct scored *scored, size_t count, struct result *result)
{
    double *columns[SCALE_COLUMNS];
    size_t table = result_add_table(result, "scales", count);
    char **names = result_add_texts(result, table, &scale_name);
    for (size_t s = 0; names && s < count; s++)
        result_set_text(result, &names[s], scored[s].scale);
    if (!families_numbers(result, table, scale_numbers, SCALE_COLUMNS, columns))
        return;
    for (size_t s = 0; s < count; s++) {
        bool hidden = scored[s].people > 0 && scored[s].people < wave->minimum_cell;
        const double row[SCALE_COLUMNS] = {[ITEMS] = (double)scored[s].cases.item_count,
                                           [CASES] = scored[s].n,
                                           [PARTIAL] = scored[s].partial,
                                           [PEOPLE] = scored[s].people,
                                           [MEAN] = scored[s].mean,
                                           [SD] = scored[s].sd,
                                           [ALPHA] = scored[s].reliability.alpha,
                                           [ALPHA_LOW] = scored[s].reliability.low,
                                           [ALPHA_HIGH] = scored[s].reliability.high};
        for (size_t c = 0; c < SCALE_COLUMNS; c++)
            columns[c][s] = hidden && c != ITEMS ? NAN : row[c];
        columns[HIDDEN][s] = hidden;
    }
}

/* Respondents, cases and sums of each actor. */
struct groups {
    double *people, *cases, *sums;
    bool *hidden, *totals;
    size_t count;
};

static void groups_release(struct groups *groups)
{
    free(groups->people);
    free(groups->cases);
    free(groups->sums);
    free(groups->hidden);
    free(groups->totals);
}

static bool groups_init(struct groups *ret_groups, const struct wave *wave, const struct scored *scored, size_t actors)
{
    struct groups groups = {.people = calloc(actors + 1, sizeof(double)),
                            .cases = calloc(actors + 1, sizeof(double)),
                            .sums = calloc(actors + 1, sizeof(double)),
                            .hidden = calloc(actors + 1, sizeof(bool)),
                            .totals = calloc(actors + 1, sizeof(bool)),
                            .count = actors};
    bool ok = groups.people && groups.cases && groups.sums && groups.hidden && groups.totals;
    int32_t last = -1;
    for (size_t c = 0; ok && c < scored->cases.case_count; c++) {
        int32_t respondent = scored->cases.respondents[c], actor = wave->respondents[respondent].actor;
        if (isnan(scored->scores[c]) || actor < 0)
            continue;
        groups.people[actor] += respondent != last;
        last = respondent;
        groups.cases[actor]++;
        groups.sums[actor] += scored->scores[c];
    }
    for (size_t i = 0; ok && i < actors; i++)
        groups.totals[i] = true;
    if (ok)
        *ret_groups = groups;
    else
        groups_release(&groups);
    return ok;
}

/* The overall mean is shown: what is left of it for the hidden actors must not be the least or the most there is, which would
 * tell each of them. */
static bool left_over_tells(const struct groups *groups, const struct scored *scored)
{
    double cases = 0, sum = 0;
    for (size_t i = 0; i < groups->count; i++) {
        cases += groups->hidden[i] ? groups->cases[i] : 0;
        sum += groups->hidden[i] ? groups->sums[i] : 0;
    }
    double mean = sum / cases, close = 1e-9 * (1 + fabs(mean));
    return cases > 0 && (mean <= scored->low + close || mean >= scored->high - close);
}

static bool hide_groups(struct groups *groups, const struct scored *scored, double minimum)
{
    struct suppression list = {.rows = 1,
                               .columns = groups->count,
                               .counts = groups->people,
                               .minimum = minimum,
                               .column_total_hidden = groups->totals};
    for (;;) {
        if (!suppression_run(&list, groups->hidden))
            return false;
        if (!left_over_tells(groups, scored))
            return true;
        size_t smallest = groups->count;
        for (size_t i = 0; i < groups->count; i++)
            if (!groups->hidden[i] && groups->people[i] > 0 &&
                (smallest == groups->count || groups->people[i] < groups->people[smallest]))
                smallest = i;
        if (smallest == groups->count)
            return true;
        groups->hidden[smallest] = true;
    }
}

static bool actor_table(const struct metrics_input *input, const struct scored *scored, size_t count, struct result *result)
{
    const struct network *network = input->network;
    size_t rows = 0, row = 0;
    double *columns[3];
    struct groups groups[SCALES_MAX] = {{0}};
    bool ok = true;
    for (size_t s = 0; ok && s < count; s++) {
        ok = groups_init(&groups[s], input->wave, &scored[s], network->actor_count) &&
             hide_groups(&groups[s], &scored[s], input->wave->minimum_cell);
        for (size_t i = 0; ok && i < network->actor_count; i++)
            rows += groups[s].people[i] > 0;
    }
    size_t table = ok ? result_add_table(result, "scale_actors", rows) : 0;
    for (size_t c = 0; ok && c < 3; c++)
        result_add_texts(result, table, c == 0 ? &scale_name : &actor_texts[c - 1]);
    ok = ok && families_numbers(result, table, actor_numbers, 3, columns);
    for (size_t s = 0; ok && s < count; s++)
        for (size_t i = 0; i < network->actor_count; i++) {
            if (!(groups[s].people[i] > 0))
                continue;
            const char *texts[] = {scored[s].scale, network->actors[i].key, network->actors[i].label};
            for (size_t c = 0; c < 3; c++)
                result_set_text(result, &result->tables[table].columns[c].texts[row], texts[c]);
            bool hidden = groups[s].hidden[i];
            columns[0][row] = hidden ? NAN : groups[s].people[i];
            columns[1][row] = hidden ? NAN : groups[s].sums[i] / groups[s].cases[i];
            columns[2][row++] = hidden;
        }
    for (size_t s = 0; s < count; s++)
        groups_release(&groups[s]);
    return ok;
}

/* ------------------------------------------------------------------------------------------------------------ change */
/* One value a respondent: the mean over its cases. Appends to values; returns how many. */
static size_t respondent_means(const struct scored *scored, double *ret_values)
{
    size_t count = 0, c = 0;
    while (c < scored->cases.case_count) {
        int32_t respondent = scored->cases.respondents[c];
        double sum = 0, n = 0;
        for (; c < scored->cases.case_count && scored->cases.respondents[c] == respondent; c++)
            if (!isnan(scored->scores[c])) {
                sum += scored->scores[c];
                n++;
            }
        if (n > 0)
            ret_values[count++] = sum / n;
    }
    return count;
}

static double difference_of(const double *values, const int32_t *order, size_t later, size_t all)
{
    double sums[2] = {0, 0};
    for (size_t i = 0; i < all; i++)
        sums[i < later] += values[order[i]];
    return sums[1] / (double)later - sums[0] / (double)(all - later);
}

/* False: out of memory. */
static bool compare_scale(const struct scored *later, const struct scored *earlier, double minimum, const struct spec *spec,
                          uint64_t stream_base, double row[CHANGE_COLUMNS])
{
    size_t most = later->cases.case_count + earlier->cases.case_count + 1;
    double *values = malloc(most * sizeof *values);
    int32_t *order = malloc(most * sizeof *order);
    bool ok = values && order;
    for (size_t c = 0; c < CHANGE_COLUMNS; c++)
        row[c] = NAN;
    if (ok) {
        size_t n_later = respondent_means(later, values), n_earlier = respondent_means(earlier, values + n_later);
        size_t all = n_later + n_earlier, extreme = 0;
        row[C_HIDDEN] = (double)n_later < minimum || (double)n_earlier < minimum;
        for (size_t i = 0; i < all; i++)
            order[i] = (int32_t)i;
        if (!(row[C_HIDDEN] > 0) && n_later && n_earlier) {
            double observed = difference_of(values, order, n_later, all), sum = 0;
            for (size_t i = 0; i < n_later; i++)
                sum += values[i];
            row[C_LATER] = sum / (double)n_later;
            row[C_EARLIER] = row[C_LATER] - observed;
            row[C_DIFFERENCE] = observed;
            row[C_N_EARLIER] = (double)n_earlier;
            row[C_N_LATER] = (double)n_later;
            for (uint64_t draw = 0; draw < spec->choices.permutations; draw++) {
                struct random_stream stream;
                random_stream_init(&stream, spec->seed, stream_base + draw);
                for (size_t i = 0; i < all; i++)
                    order[i] = (int32_t)i;
                random_stream_shuffle(&stream, order, all);
                double drawn = fabs(difference_of(values, order, n_later, all));
                extreme += drawn >= fabs(observed) - 1e-12 * (1 + fabs(observed));
            }
            row[C_P] = ((double)extreme + 1) / ((double)spec->choices.permutations + 1);
        }
    }
    free(values);
    free(order);
    return ok;
}

static bool change_table(const struct metrics_input *input, const struct scored *scored, size_t count, struct result *result)
{
    const struct wave *earlier = input->earlier_wave;
    const struct spec *spec = &input->network->spec;
    double *columns[CHANGE_COLUMNS];
    size_t table = result_add_table(result, "scale_change", count);
    char **names = result_add_texts(result, table, &scale_name);
    for (size_t s = 0; names && s < count; s++)
        result_set_text(result, &names[s], scored[s].scale);
    if (!families_numbers(result, table, change_numbers, CHANGE_COLUMNS, columns))
        return !result_failed(result);
    double minimum = fmax(input->wave->minimum_cell, earlier->minimum_cell);
    for (size_t s = 0; s < count; s++) {
        struct scored before;
        double row[CHANGE_COLUMNS];
        if (!scored_init(&before, earlier, scored[s].scale))
            return false;
        bool ok = compare_scale(&scored[s], &before, minimum, spec, (uint64_t)s << 32, row);
        scored_release(&before);
        if (!ok)
            return false;
        for (size_t c = 0; c < CHANGE_COLUMNS; c++)
            columns[c][s] = row[c];
    }
    result_set_card(result, "earlier wave", "%s", earlier->key);
    result_set_card(result, "permutation", "%llu random ways to deal respondents to the two waves, p = (b+1)/(m+1)",
                    (unsigned long long)spec->choices.permutations);
    families_card_random(spec->seed, result);
    return true;
}

bool survey_scale_tables(const struct metrics_input *input, struct result *result)
{
    const struct wave *wave = input->wave;
    struct scored scored[SCALES_MAX];
    const char *names[SCALES_MAX];
    size_t named = 0, count = 0;
    bool ok = true;
    for (size_t i = 0; i < wave->item_count && named < SCALES_MAX; i++) {
        const char *scale = wave->items[i].scale;
        bool known = !scale || !survey_item_wanted(&input->network->spec.choices, wave->items[i].id);
        for (size_t s = 0; s < named && !known; s++)
            known = strcmp(names[s], scale) == 0;
        if (!known && is_of(&wave->items[i], scale))
            names[named++] = scale;
    }
    while (ok && count < named) {
        ok = scored_init(&scored[count], wave, names[count]);
        count += ok;
    }
    if (ok)
        scale_table(wave, scored, count, result);
    ok = ok && actor_table(input, scored, count, result);
    if (ok && input->earlier_wave)
        ok = change_table(input, scored, count, result);
    for (size_t s = 0; s < count; s++)
        scored_release(&scored[s]);
    return ok;
}
