/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family shortfall: contact that respondents say they need less the contact they say they have, by pair, actor and sector.
 */
#include "survey_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEEDED "contact_needed"
#define ACTUAL "contact_actual"

enum gap_column { RESPONDENTS, PAIRS, MORE, ENOUGH, LESS, NEED, HAVE, GAP, GAP_IN, HIDDEN, GAP_COLUMNS };
static const struct column_definition actor_numbers[GAP_COLUMNS] = {
    [RESPONDENTS] = {"respondents", "", "respondents of the actor", ""},
    [PAIRS] = {"pairs", "", "others of whom the actor says both what contact it needs and what it has", ""},
    [MORE] = {"pairs_short", "", "of these, with more needed than there is", ""},
    [ENOUGH] = {"pairs_enough", "", "of these, with as much as is needed", ""},
    [LESS] = {"pairs_surplus", "", "of these, with more than is needed", ""},
    [NEED] = {"needed", "", "mean needed contact over the pairs", ""},
    [HAVE] = {"actual", "", "mean actual contact over the pairs", ""},
    [GAP] = {"shortfall", "", "needed - actual: above 0 = the actor lacks contact", ""},
    [GAP_IN] = {"shortfall_of_others", "",
                "mean over the shown others of what they lack of contact with this actor; missing when nobody is shown", ""},
    [HIDDEN] = {"suppressed", "0 or 1", "1: too few respondents, or needed to keep such an actor from being computed", ""},
};
enum { WHOLE_COLUMNS = 9 };
static const struct column_definition whole_numbers[WHOLE_COLUMNS] = {
    {"pairs", "", "ordered pairs (who says, about whom) with both answers", ""},
    {"pairs_short", "", "of these, with more needed than there is", ""},
    {"pairs_enough", "", "of these, with as much as is needed", ""},
    {"pairs_surplus", "", "of these, with more than is needed", ""},
    {"needed", "", "mean needed contact over the pairs", ""},
    {"actual", "", "mean actual contact over the pairs", ""},
    {"shortfall", "", "needed - actual", ""},
    {"both_short", "", "unordered pairs of which both ends lack contact", ""},
    {"one_short", "", "unordered pairs told of by both, of which one end lacks contact and the other does not", ""},
};
enum { PAIR_COLUMNS = 5 };
static const struct column_definition pair_numbers[PAIR_COLUMNS] = {
    {"respondents", "", "respondents of actor_a behind it: the fewer of the two items'", ""},
    {"needed", "", "mean needed contact", ""},
    {"actual", "", "mean actual contact, 0 = none", ""},
    {"shortfall", "", "needed - actual; rows are sorted by it, the largest first", ""},
    {"shortfall_back", "", "what actor_b's respondents lack of contact with actor_a; missing when unknown or hidden", ""},
};
static const struct column_definition sector_texts[] = {
    {"sector_a", "", "sector of those who say it", ""},
    {"sector_b", "", "sector of those they say it about", ""},
};
enum { SECTOR_COLUMNS = 6 };
static const struct column_definition sector_numbers[SECTOR_COLUMNS] = {
    {"pairs", "", "ordered pairs of actors of these sectors with both answers", ""},
    {"pairs_short", "", "of these, with more needed than there is", ""},
    {"needed", "", "mean needed contact over the pairs", ""},
    {"actual", "", "mean actual contact over the pairs", ""},
    {"shortfall", "", "needed - actual; rows are sorted by it, the largest first, hidden ones last", ""},
    {"suppressed", "0 or 1", "1: an actor behind it may not be shown by itself, and it would tell of that actor", ""},
};

struct study {
    const struct network *network;
    const struct wave *wave;
    size_t n;
    struct wave_ties needed, actual; /* row tells */
    bool *hidden;
};

static bool is_known(const struct study *study, size_t i, size_t j)
{
    size_t cell = i * study->n + j;
    return i != j && !isnan(study->needed.weights[cell]) && !isnan(study->actual.weights[cell]);
}

static double gap_of(const struct study *study, size_t i, size_t j)
{
    return is_known(study, i, j) ? study->needed.weights[i * study->n + j] - study->actual.weights[i * study->n + j] : NAN;
}

struct sum {
    double pairs, more, less, needed, actual;
};

static void add_pair(struct sum *sum, const struct study *study, size_t i, size_t j)
{
    double gap = gap_of(study, i, j);
    if (isnan(gap))
        return;
    sum->pairs++;
    sum->more += gap > 0;
    sum->less += gap < 0;
    sum->needed += study->needed.weights[i * study->n + j];
    sum->actual += study->actual.weights[i * study->n + j];
}

static double mean(double sum, double count)
{
    return count > 0 ? sum / count : NAN;
}

static void actor_table(const struct study *study, struct result *result)
{
    double *columns[GAP_COLUMNS];
    size_t table = families_actor_table(study->network, result, "shortfall");
    if (!families_numbers(result, table, actor_numbers, GAP_COLUMNS, columns))
        return;
    for (size_t i = 0; i < study->n; i++) {
        struct sum sum = {0};
        double others = 0, lacking = 0;
        for (size_t j = 0; j < study->n; j++) {
            add_pair(&sum, study, i, j);
            if (!study->hidden[j] && is_known(study, j, i)) {
                others++;
                lacking += gap_of(study, j, i);
            }
        }
        const double row[GAP_COLUMNS] = {[RESPONDENTS] = 0,
                                         [PAIRS] = sum.pairs,
                                         [MORE] = sum.more,
                                         [ENOUGH] = sum.pairs - sum.more - sum.less,
                                         [LESS] = sum.less,
                                         [NEED] = mean(sum.needed, sum.pairs),
                                         [HAVE] = mean(sum.actual, sum.pairs),
                                         [GAP] = mean(sum.needed - sum.actual, sum.pairs)};
        for (size_t c = 0; c < GAP_COLUMNS; c++)
            columns[c][i] = study->hidden[i] ? NAN : row[c];
        columns[GAP_IN][i] = mean(lacking, others);
        columns[HIDDEN][i] = study->hidden[i];
    }
    for (size_t r = 0; r < study->wave->respondent_count; r++) {
        int32_t actor = study->wave->respondents[r].actor;
        if (actor >= 0 && !study->hidden[actor])
            columns[RESPONDENTS][actor]++;
    }
}

static void whole_table(const struct study *study, struct result *result)
{
    struct sum sum = {0};
    double both = 0, one = 0, *columns[WHOLE_COLUMNS];
    for (size_t i = 0; i < study->n; i++)
        for (size_t j = 0; j < study->n; j++) {
            add_pair(&sum, study, i, j);
            double there = gap_of(study, i, j), back = gap_of(study, j, i);
            if (j <= i || isnan(there) || isnan(back))
                continue;
            both += there > 0 && back > 0;
            one += (there > 0) != (back > 0);
        }
    const double row[WHOLE_COLUMNS] = {sum.pairs,
                                       sum.more,
                                       sum.pairs - sum.more - sum.less,
                                       sum.less,
                                       mean(sum.needed, sum.pairs),
                                       mean(sum.actual, sum.pairs),
                                       mean(sum.needed - sum.actual, sum.pairs),
                                       both,
                                       one};
    size_t table = result_add_table(result, "shortfall_network", 1);
    if (families_numbers(result, table, whole_numbers, WHOLE_COLUMNS, columns))
        for (size_t c = 0; c < WHOLE_COLUMNS; c++)
            columns[c][0] = row[c];
}

/* ------------------------------------------------------------------------------------------------------------- lists */
static bool pair_table(const struct study *study, struct result *result)
{
    size_t n = study->n, count = 0;
    double *columns[PAIR_COLUMNS];
    struct survey_pair *listed = malloc((n * n + 1) * sizeof *listed);
    if (!listed)
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (!study->hidden[i] && gap_of(study, i, j) > 0)
                listed[count++] = (struct survey_pair){(int32_t)i, (int32_t)j, gap_of(study, i, j)};
    size_t table = survey_pair_table(study->network, listed, count, "shortfall_pairs", result);
    if (families_numbers(result, table, pair_numbers, PAIR_COLUMNS, columns))
        for (size_t r = 0; r < count; r++) {
            size_t from = (size_t)listed[r].from, to = (size_t)listed[r].to, cell = from * n + to;
            columns[0][r] = fmin(study->needed.respondents[cell], study->actual.respondents[cell]);
            columns[1][r] = study->needed.weights[cell];
            columns[2][r] = study->actual.weights[cell];
            columns[3][r] = listed[r].by;
            columns[4][r] = study->hidden[to] ? NAN : gap_of(study, to, from);
        }
    free(listed);
    return true;
}

/* ----------------------------------------------------------------------------------------------------------- sectors */
struct listed {
    size_t a, b;
    double gap;
    bool hidden;
};

static int compare_listed(const void *left, const void *right)
{
    const struct listed *one = left, *two = right;
    if (one->hidden != two->hidden)
        return one->hidden ? 1 : -1;
    if (!one->hidden && one->gap != two->gap)
        return one->gap > two->gap ? -1 : 1;
    if (one->a != two->a)
        return one->a < two->a ? -1 : 1;
    return (one->b > two->b) - (one->b < two->b);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the sectors, sorted, and each actor's; -1 = none stated. False: out of memory. */
static bool find_sectors(const struct network *network, const char **ret_names, size_t *ret_count, int32_t *ret_of)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < network->actor_count; i++)
        if (network->actors[i].sector && *network->actors[i].sector)
            ret_names[count++] = network->actors[i].sector;
    if (count > 1)
        qsort(ret_names, count, sizeof *ret_names, compare_names);
    for (size_t i = 0; i < count; i++)
        if (!kept || strcmp(ret_names[kept - 1], ret_names[i]) != 0)
            ret_names[kept++] = ret_names[i];
    for (size_t i = 0; i < network->actor_count; i++) {
        const char *name = network->actors[i].sector;
        const char **found = name && *name ? bsearch(&name, ret_names, kept, sizeof *ret_names, compare_names) : NULL;
        ret_of[i] = found ? (int32_t)(found - ret_names) : -1;
    }
    *ret_count = kept;
    return true;
}

/* A pair of sectors is shown only when every actor that speaks in it is: the total less the shown actors would tell of it. */
static bool sector_hidden(const struct study *study, const int32_t *sector_of, size_t a, size_t b)
{
    for (size_t i = 0; i < study->n; i++)
        for (size_t j = 0; j < study->n; j++)
            if (study->hidden[i] && sector_of[i] == (int32_t)a && sector_of[j] == (int32_t)b && is_known(study, i, j))
                return true;
    return false;
}

static bool sector_table(const struct study *study, struct result *result)
{
    size_t n = study->n, sectors = 0, count = 0;
    double *columns[SECTOR_COLUMNS];
    const char **names = calloc(n + 1, sizeof *names);
    int32_t *sector_of = calloc(n + 1, sizeof *sector_of);
    struct listed *listed = NULL;
    struct sum *sums = NULL;
    bool ok = names && sector_of && find_sectors(study->network, names, &sectors, sector_of);
    if (ok) {
        listed = malloc((sectors * sectors + 1) * sizeof *listed);
        sums = calloc(sectors * sectors + 1, sizeof *sums);
        ok = listed && sums;
    }
    for (size_t i = 0; ok && i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (sector_of[i] >= 0 && sector_of[j] >= 0)
                add_pair(&sums[(size_t)sector_of[i] * sectors + (size_t)sector_of[j]], study, i, j);
    for (size_t c = 0; ok && c < sectors * sectors; c++)
        if (sums[c].pairs > 0)
            listed[count++] = (struct listed){c / sectors, c % sectors, (sums[c].needed - sums[c].actual) / sums[c].pairs,
                                              sector_hidden(study, sector_of, c / sectors, c % sectors)};
    if (count > 1)
        qsort(listed, count, sizeof *listed, compare_listed);
    size_t table = result_add_table(result, "shortfall_sectors", count);
    for (size_t c = 0; ok && c < 2; c++) {
        char **texts = result_add_texts(result, table, &sector_texts[c]);
        for (size_t r = 0; texts && r < count; r++)
            result_set_text(result, &texts[r], names[c == 0 ? listed[r].a : listed[r].b]);
    }
    if (ok && families_numbers(result, table, sector_numbers, SECTOR_COLUMNS, columns))
        for (size_t r = 0; r < count; r++) {
            const struct sum *sum = &sums[listed[r].a * sectors + listed[r].b];
            const double row[SECTOR_COLUMNS] = {sum->pairs, sum->more, sum->needed / sum->pairs, sum->actual / sum->pairs,
                                                listed[r].gap};
            for (size_t c = 0; c < SECTOR_COLUMNS; c++)
                columns[c][r] = listed[r].hidden ? NAN : row[c];
            columns[5][r] = listed[r].hidden;
        }
    free(names);
    free(sector_of);
    free(listed);
    free(sums);
    return ok;
}

/* Two items can be subtracted when they are answered on one scale. */
static bool same_scale(const struct wave *wave, int32_t one, int32_t two, char error[400])
{
    const struct wave_item *a = &wave->items[one], *b = &wave->items[two];
    bool low = a->low == b->low || (isnan(a->low) && isnan(b->low)),
         high = a->high == b->high || (isnan(a->high) && isnan(b->high));
    if (!low || !high)
        snprintf(error, 400, "items: %s and %s are not answered on the same scale", a->id, b->id);
    return low && high;
}

enum metrics_status shortfall_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct study study = {.network = input->network, .wave = input->wave};
    int32_t needed, actual;
    if (!input->network || !input->wave) {
        snprintf(error, 400, "no wave to tell of: wave=KEY names one");
        return METRICS_REFUSED;
    }
    struct families_step step = {input, 0, 1000};
    if (!families_proceed(&step, 0))
        return METRICS_CANCELLED;
    study.n = input->network->actor_count;
    enum metrics_status status = survey_told_ties(input, 0, NEEDED, &needed, &study.needed, error);
    if (status == METRICS_OK)
        status = survey_told_ties(input, 1, ACTUAL, &actual, &study.actual, error);
    if (status == METRICS_OK && !same_scale(study.wave, needed, actual, error))
        status = METRICS_REFUSED;
    if (status == METRICS_OK) {
        study.hidden = calloc(study.n + 1, sizeof *study.hidden);
        if (!study.hidden || !survey_hidden_actors(study.wave, &study.needed, study.n, study.hidden) ||
            !survey_hidden_actors(study.wave, &study.actual, study.n, study.hidden))
            status = families_out_of_memory(error);
    }
    if (status == METRICS_OK && !families_proceed(&step, 500))
        status = METRICS_CANCELLED;
    if (status == METRICS_OK) {
        survey_begin_card(result);
        result_set_card(result, "wave", "%s, items %s and %s", study.wave->key, study.wave->items[needed].id,
                        study.wave->items[actual].id);
        result_set_card(result, "shortfall",
                        "mean needed less mean actual contact of the respondents of one actor about another");
        result_set_card(result, "missing", "pairs without both answers are in no number; sectors that are not stated");
        actor_table(&study, result);
        whole_table(&study, result);
        survey_note_hidden(study.wave, study.hidden, study.n, result);
        families_note_unlabelled(study.network, result);
        status = pair_table(&study, result) && sector_table(&study, result) ? families_finish(result, error)
                                                                            : families_out_of_memory(error);
    }
    wave_ties_release(&study.needed);
    wave_ties_release(&study.actual);
    free(study.hidden);
    return status;
}
