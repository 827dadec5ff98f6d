/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family uncertainty: how far each number could be from what it is, and which rankings do not hold.
 */
#include "bootstrap.h"
#include "dyads.h"
#include "families.h"
#include "soundings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDER_MAX    20   /* places of each ranking that table order tells of */
#define FLIP_FLAGGED 0.05 /* share of replicates */

enum number_column {
    VALUE,
    MEAN,
    SE,
    LOW,
    HIGH,
    COUNT,
    AS_REPORTED,
    UNION,
    INTERSECTION,
    RECONSTRUCTION,
    UNKNOWN_TIED,
    UNKNOWN_LOW,
    UNKNOWN_HIGH,
    MISSING_LOW,
    MISSING_HIGH,
    NUMBER_COLUMNS
};
static const struct column_definition number_definitions[NUMBER_COLUMNS] = {
    [VALUE] = {"value", "", "the number as families graph and centrality give it", ""},
    [MEAN] = {"bootstrap_mean", "", "mean over the bootstrap replicates; of an actor over those in which it was drawn",
              "Snijders & Borgatti 1999"},
    [SE] = {"bootstrap_se", "", "standard deviation over the bootstrap replicates", "Snijders & Borgatti 1999"},
    [LOW] = {"bootstrap_low", "", "lower end of the 95 % percentile interval over the bootstrap replicates",
             "Efron & Tibshirani 1993"},
    [HIGH] = {"bootstrap_high", "", "upper end of the 95 % percentile interval over the bootstrap replicates",
              "Efron & Tibshirani 1993"},
    [COUNT] = {"bootstrap_count", "replicates", "replicates in which the number has a value", ""},
    [AS_REPORTED] = {"as_reported", "", "the number when each end's own account counts for its row", "Stork & Richards 1992"},
    [UNION] = {"union", "", "the number when a tie told of by anybody counts", "Stork & Richards 1992"},
    [INTERSECTION] = {"intersection", "", "the number when only ties told of by both ends count", "Stork & Richards 1992"},
    [RECONSTRUCTION] = {"reconstruction", "",
                        "the number when the account of the other end stands in for an end that has not reported",
                        "Stork & Richards 1992"},
    [UNKNOWN_TIED] = {"unknown_tied", "", "the number when every unknown pair is a tie of the median weight", "Huisman 2009"},
    [UNKNOWN_LOW] = {"unknown_low", "",
                     "lower end of the middle 95 % when each unknown pair is like a known pair drawn at random",
                     "Huisman 2009, hot deck"},
    [UNKNOWN_HIGH] = {"unknown_high", "",
                      "upper end of the middle 95 % when each unknown pair is like a known pair drawn at random",
                      "Huisman 2009, hot deck"},
    [MISSING_LOW] = {"missing_low", "", "the least over all treatments and replacements of unknown pairs", "Huisman 2009"},
    [MISSING_HIGH] = {"missing_high", "", "the most over all treatments and replacements of unknown pairs", "Huisman 2009"},
};
static const struct column_definition jackknife_definition = {
    "jackknife_se", "", "standard error from leaving out one actor at a time", "Snijders & Borgatti 1999"};
static const struct column_definition measure_definition = {"measure", "", "column of family graph or centrality", ""};

enum rank_column { RANK, RANK_LOW, RANK_HIGH, FLIPS, FLAGGED, RANK_COLUMNS };
static const struct column_definition rank_definitions[RANK_COLUMNS] = {
    [RANK] = {"rank", "", "1 = the largest value; equal values share the better rank", ""},
    [RANK_LOW] = {"rank_best", "", "the best rank over all treatments and replacements of unknown pairs", ""},
    [RANK_HIGH] = {"rank_worst", "", "the worst rank over all treatments and replacements of unknown pairs", ""},
    [FLIPS] = {"flips", "share",
               "share of the replicates with both in which the order with the next in the ranking, above or below, is the "
               "other way round (the larger of the two; equal values count half)",
               "Efron & Tibshirani 1993"},
    [FLAGGED] = {"flagged", "0 or 1",
                 "1: the rank changes under some treatment or replacement, or flips is more than 0.05; do not rest anything on "
                 "this rank",
                 ""},
};

static const struct column_definition actor_texts[] = {
    {"actor", "", "stable key of the actor", ""},
    {"name", "", "name of the actor", ""},
    {"sector", "", "sector the actor belongs to", ""},
};
static const struct column_definition order_texts[] = {
    {"actor_a", "", "key of the one that ranks higher", ""},
    {"actor_b", "", "key of the next in the ranking", ""},
};
static const struct column_definition order_numbers[] = {
    {"place", "", "place of actor_a in the ranking", ""},
    {"value_a", "", "number of actor_a", ""},
    {"value_b", "", "number of actor_b", ""},
    {"flips", "share", "share of the replicates with both in which actor_b has the larger number; equal numbers count half",
     "Efron & Tibshirani 1993"},
    {"treatments_flipped", "", "treatments of non-response, of four, under which actor_b has the larger number", ""},
};
static const struct column_definition treatment_text = {"treatment", "",
                                                        "what was done about silence and contradiction, as in missing= of a "
                                                        "specification; network: the network as the other families have it",
                                                        ""};
static const struct column_definition treatment_numbers[] = {
    {"pairs_known", "", "pairs (directed: ordered pairs) known to be tied or not", ""},
    {"pairs_unknown", "", "pairs that are unknown; the numbers take them as not tied", ""},
    {"ties", "", "pairs that are tied", ""},
};

/* ------------------------------------------------------------------------------------------------------- one number */
/* All vectors in which silence is treated in another way. */
struct others {
    const double *vectors[TREATMENTS + 1 + SOUNDINGS_DRAWS];
    size_t count;
};

static struct others others_of(const struct soundings *soundings)
{
    struct others others = {0};
    for (int t = 0; t < TREATMENTS; t++)
        if (soundings->treated[t])
            others.vectors[others.count++] = soundings->treated[t];
    if (soundings->tied)
        others.vectors[others.count++] = soundings->tied;
    for (size_t d = 0; d < soundings->drawn_count; d++)
        others.vectors[others.count++] = soundings->drawn + d * soundings->measures.size;
    return others;
}

/* `room` has place for one number a replicate. */
static void number_row(const struct soundings *soundings, const struct others *others, size_t at, double *room, double *ret_row)
{
    size_t size = soundings->measures.size;
    for (size_t c = 0; c < NUMBER_COLUMNS; c++)
        ret_row[c] = NAN;
    ret_row[VALUE] = soundings->observed[at];
    for (size_t r = 0; r < soundings->replicate_count; r++)
        room[r] = soundings->replicates[r * size + at];
    struct interval interval = interval_of(room, soundings->replicate_count);
    ret_row[MEAN] = interval.mean;
    ret_row[SE] = interval.se;
    ret_row[LOW] = interval.low;
    ret_row[HIGH] = interval.high;
    ret_row[COUNT] = (double)interval.count;
    for (int t = 0; t < TREATMENTS; t++)
        if (soundings->treated[t])
            ret_row[AS_REPORTED + t] = soundings->treated[t][at];
    if (soundings->tied)
        ret_row[UNKNOWN_TIED] = soundings->tied[at];
    if (soundings->drawn_count) {
        double drawn[SOUNDINGS_DRAWS];
        for (size_t d = 0; d < soundings->drawn_count; d++)
            drawn[d] = soundings->drawn[d * size + at];
        interval = interval_of(drawn, soundings->drawn_count);
        ret_row[UNKNOWN_LOW] = interval.low;
        ret_row[UNKNOWN_HIGH] = interval.high;
    }
    if (others->count == 0)
        return;
    ret_row[MISSING_LOW] = ret_row[MISSING_HIGH] = ret_row[VALUE];
    for (size_t o = 0; o < others->count; o++) { /* fmin and fmax pass NaN over */
        ret_row[MISSING_LOW] = fmin(ret_row[MISSING_LOW], others->vectors[o][at]);
        ret_row[MISSING_HIGH] = fmax(ret_row[MISSING_HIGH], others->vectors[o][at]);
    }
}

_Static_assert(RECONSTRUCTION - AS_REPORTED == MISSING_RECONSTRUCTION - MISSING_AS_REPORTED &&
                   UNION - AS_REPORTED == MISSING_UNION - MISSING_AS_REPORTED &&
                   INTERSECTION - AS_REPORTED == MISSING_INTERSECTION - MISSING_AS_REPORTED,
               "columns of treatments are in the order of the treatments");

/* ---------------------------------------------------------------------------------------------------------- rankings */
struct placed {
    double value;
    size_t actor;
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    if (isnan(a->value) != isnan(b->value))
        return isnan(a->value) ? 1 : -1;
    if (!isnan(a->value) && a->value != b->value)
        return a->value > b->value ? -1 : 1;
    return (a->actor > b->actor) - (a->actor < b->actor);
}

/* Whether two values differ beyond rounding: the same network computed from another matrix has other last bits. */
static bool larger(double a, double b)
{
    return a > b + 1e-9 * (fabs(a) + fabs(b));
}

/* Largest first; those without a value last. */
static void rank(const double *values, size_t n, struct placed *ret_order, double *ret_ranks)
{
    for (size_t i = 0; i < n; i++)
        ret_order[i] = (struct placed){values[i], i};
    if (n > 1)
        qsort(ret_order, n, sizeof *ret_order, compare_placed);
    for (size_t i = 0, first = 0; i < n; i++) {
        if (i > 0 && larger(ret_order[i - 1].value, ret_order[i].value))
            first = i;
        ret_ranks[ret_order[i].actor] = isnan(ret_order[i].value) ? NAN : (double)first + 1;
    }
}

static double flip_share(const struct soundings *soundings, size_t first, size_t a, size_t b)
{
    double flips = 0, both = 0;
    for (size_t r = 0; r < soundings->replicate_count; r++) {
        const double *vector = soundings->replicates + r * soundings->measures.size + first;
        if (isnan(vector[a]) || isnan(vector[b]))
            continue;
        both++;
        flips += larger(vector[b], vector[a]) ? 1 : larger(vector[a], vector[b]) ? 0 : 0.5;
    }
    return both > 0 ? flips / both : NAN;
}

struct ranking {
    struct placed *order, *spare;
    double *ranks, *best, *worst, *flips; /* by actor */
    double *next;                         /* flips with the next one, by place */
    size_t valued;
    double *memory;
};

static bool ranking_init(struct ranking *ranking, size_t n)
{
    ranking->order = malloc((n + 1) * sizeof *ranking->order);
    ranking->spare = malloc((n + 1) * sizeof *ranking->spare);
    ranking->memory = malloc((6 * n + 1) * sizeof *ranking->memory);
    ranking->ranks = ranking->memory;
    if (!ranking->order || !ranking->spare || !ranking->memory)
        return false;
    ranking->best = ranking->ranks + n;
    ranking->worst = ranking->best + n;
    ranking->flips = ranking->worst + n;
    ranking->next = ranking->flips + n;
    return true;
}

static void ranking_release(struct ranking *ranking)
{
    free(ranking->order);
    free(ranking->spare);
    free(ranking->memory);
}

static void rank_measure(const struct soundings *soundings, const struct others *others, size_t first, struct ranking *ranking)
{
    size_t n = soundings->actors;
    double *ranks = ranking->next + n; /* the sixth part of the memory */
    rank(soundings->observed + first, n, ranking->order, ranking->ranks);
    ranking->valued = 0;
    for (size_t i = 0; i < n; i++) {
        ranking->best[i] = ranking->worst[i] = ranking->ranks[i];
        ranking->flips[i] = NAN;
        ranking->valued += isnan(ranking->ranks[i]) ? 0 : 1;
    }
    for (size_t o = 0; o < others->count; o++) {
        rank(others->vectors[o] + first, n, ranking->spare, ranks);
        for (size_t i = 0; i < n; i++) {
            ranking->best[i] = fmin(ranking->best[i], ranks[i]);
            ranking->worst[i] = fmax(ranking->worst[i], ranks[i]);
        }
    }
    for (size_t k = 0; k + 1 < ranking->valued; k++) {
        size_t a = ranking->order[k].actor, b = ranking->order[k + 1].actor;
        ranking->next[k] = flip_share(soundings, first, a, b);
        ranking->flips[a] = fmax(ranking->flips[a], ranking->next[k]);
        ranking->flips[b] = fmax(ranking->flips[b], ranking->next[k]);
    }
}

/* ------------------------------------------------------------------------------------------------------------ tables */
/* Columns are fetched when all are there: pointers do not survive the adding of columns. */
static double *column_at(struct result *result, size_t table, size_t from_last)
{
    const struct table *filled = &result->tables[table];
    return filled->columns[filled->column_count - from_last].numbers;
}

static char **texts_at(struct result *result, size_t table, size_t column)
{
    return result->tables[table].columns[column].texts;
}

static bool actor_table(const struct metrics_input *input, const struct soundings *soundings, const struct others *others,
                        struct result *result, double *room)
{
    const struct network *network = input->network;
    const struct measures *measures = &soundings->measures;
    size_t n = soundings->actors, per_actor = measures->count - measures->network_count;
    size_t table = result_add_table(result, "uncertainty", n * per_actor);
    for (size_t c = 0; c < 3; c++)
        result_add_texts(result, table, &actor_texts[c]);
    result_add_texts(result, table, &measure_definition);
    for (size_t c = 0; c < NUMBER_COLUMNS; c++)
        result_add_numbers(result, table, &number_definitions[c]);
    for (size_t c = 0; c < RANK_COLUMNS; c++)
        result_add_numbers(result, table, &rank_definitions[c]);
    size_t order = result_add_table(result, "order", per_actor * (n > 1 ? (n - 1 < ORDER_MAX ? n - 1 : ORDER_MAX) : 0));
    result_add_texts(result, order, &measure_definition);
    for (size_t c = 0; c < 2; c++)
        result_add_texts(result, order, &order_texts[c]);
    for (size_t c = 0; c < 5; c++)
        result_add_numbers(result, order, &order_numbers[c]);
    struct ranking ranking = {0};
    if (result_failed(result) || !ranking_init(&ranking, n)) {
        ranking_release(&ranking);
        return false;
    }
    size_t row = 0, pair = 0;
    for (size_t m = measures->network_count; m < measures->count; m++) {
        const struct measure *measure = &measures->list[m];
        rank_measure(soundings, others, measure->at, &ranking);
        for (size_t i = 0; i < n; i++, row++) {
            const struct network_actor *actor = &network->actors[i];
            const char *texts[] = {actor->key, actor->label, actor->sector, measure->name};
            double numbers[NUMBER_COLUMNS];
            number_row(soundings, others, measure->at + i, room, numbers);
            for (size_t c = 0; c < 4; c++)
                result_set_text(result, &texts_at(result, table, c)[row], texts[c]);
            for (size_t c = 0; c < NUMBER_COLUMNS; c++)
                column_at(result, table, NUMBER_COLUMNS + RANK_COLUMNS - c)[row] = numbers[c];
            bool moves = ranking.best[i] < ranking.ranks[i] || ranking.worst[i] > ranking.ranks[i];
            double ranks[RANK_COLUMNS] = {ranking.ranks[i], ranking.best[i], ranking.worst[i], ranking.flips[i],
                                          isnan(ranking.ranks[i]) ? NAN : moves || ranking.flips[i] > FLIP_FLAGGED};
            for (size_t c = 0; c < RANK_COLUMNS; c++)
                column_at(result, table, RANK_COLUMNS - c)[row] = ranks[c];
        }
        for (size_t k = 0; k + 1 < ranking.valued && k < ORDER_MAX; k++, pair++) {
            size_t a = ranking.order[k].actor, b = ranking.order[k + 1].actor;
            double flipped = NAN;
            for (int t = 0; t < TREATMENTS; t++)
                if (soundings->treated[t])
                    flipped = (isnan(flipped) ? 0 : flipped) +
                              larger(soundings->treated[t][measure->at + b], soundings->treated[t][measure->at + a]);
            const char *texts[] = {measure->name, network->actors[a].key, network->actors[b].key};
            double numbers[] = {(double)k + 1, ranking.order[k].value, ranking.order[k + 1].value, ranking.next[k], flipped};
            for (size_t c = 0; c < 3; c++)
                result_set_text(result, &texts_at(result, order, c)[pair], texts[c]);
            for (size_t c = 0; c < 5; c++)
                column_at(result, order, 5 - c)[pair] = numbers[c];
        }
    }
    if (!result_failed(result))
        result->tables[order].row_count = pair; /* measures without a value for somebody have fewer pairs */
    ranking_release(&ranking);
    return true;
}

static bool network_table(const struct soundings *soundings, const struct others *others, struct result *result, double *room)
{
    const struct measures *measures = &soundings->measures;
    size_t count = measures->network_count, n = soundings->actors;
    double *without = malloc((n + 1) * sizeof *without);
    if (!without)
        return false;
    size_t table = result_add_table(result, "uncertainty_network", count);
    result_add_texts(result, table, &measure_definition);
    for (size_t c = 0; c < NUMBER_COLUMNS; c++)
        result_add_numbers(result, table, &number_definitions[c]);
    result_add_numbers(result, table, &jackknife_definition);
    for (size_t m = 0; m < count && !result_failed(result); m++) {
        double numbers[NUMBER_COLUMNS];
        number_row(soundings, others, measures->list[m].at, room, numbers);
        result_set_text(result, &texts_at(result, table, 0)[m], measures->list[m].name);
        for (size_t c = 0; c < NUMBER_COLUMNS; c++)
            column_at(result, table, NUMBER_COLUMNS + 1 - c)[m] = numbers[c];
        for (size_t i = 0; i < n; i++)
            without[i] = soundings->without[i * count + m];
        column_at(result, table, 1)[m] = isnan(numbers[VALUE]) ? NAN : jackknife_se(without, n);
    }
    free(without);
    return true;
}

static void treatment_table(const struct network *network, const struct soundings *soundings, struct result *result)
{
    bool accounts = soundings->treated[0] != NULL;
    size_t rows = 1 + (accounts ? TREATMENTS : 0);
    double pairs = (double)dyads_cells(soundings->actors, network->spec.directed);
    size_t table = result_add_table(result, "treatments", rows);
    char **names = result_add_texts(result, table, &treatment_text);
    for (size_t r = 0; names && r < rows; r++)
        result_set_text(result, &names[r], r == 0 ? "network" : spec_missing_name(treatment_at(r - 1)));
    for (size_t c = 0; c < 3; c++) {
        double *numbers = result_add_numbers(result, table, &treatment_numbers[c]);
        for (size_t r = 0; numbers && r < rows; r++) {
            double known = r == 0 ? pairs - soundings->unknown : soundings->known[r - 1];
            double row[] = {known, pairs - known, r == 0 ? (double)network->tie_count : soundings->tied_pairs[r - 1]};
            numbers[r] = row[c];
        }
    }
}

static void describe(const struct network *network, const struct soundings *soundings, struct result *result)
{
    const struct choices *choices = &network->spec.choices;
    if (choices->fill == FILL_ZERO)
        result_set_card(
            result, "bootstrap",
            "vertex bootstrap, zero fill: two copies of one actor are not tied; density falls to (1 - 1/n) of what it is");
    else
        result_set_card(
            result, "bootstrap",
            "vertex bootstrap, random-dyad fill: between two copies of one actor stands a pair drawn from the network");
    result_set_card(result, "replicates", "%zu", soundings->replicate_count);
    result_set_card(result, "interval", "middle 95 %% of the replicates (percentile interval)");
    result_set_card(result, "actors in replicates",
                    "mean over the copies of the actor, over the replicates in which it was drawn");
    families_card_random(network->spec.seed, result);
    result_set_card(result, "unknown pairs replaced", "%zu random draws", soundings->drawn_count);
    result_set_card(result, "missing",
                    "pn, which needs the objections; treatments without accounts; replacements without unknown "
                    "pairs; bootstrap of fewer than two actors");
    if (soundings->replicate_count < choices->replicates && soundings->actors > 1)
        result_note(result, "%zu replicates instead of %llu: more would not fit into memory. Ask for a coarser level.",
                    soundings->replicate_count, (unsigned long long)choices->replicates);
    if (!soundings->treated[0] && network->spec.of_wave)
        result_note(result,
                    "Only one end of a pair can tell of this item: the treatments of accounts have nothing to compare.");
    else if (!soundings->treated[0])
        result_note(result,
                    "No interaction ties two actors by the account of anybody: the treatments of non-response have nothing "
                    "to compare.");
    else if (network->spec.tie != TIE_UNION)
        result_note(result, "The rule tie=%s has left out accounts before they could be compared: ask with tie=union.",
                    network->spec.tie == TIE_INTERSECTION ? "intersection" : "reporter");
}

enum metrics_status uncertainty_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    struct soundings soundings = {0};
    double *room = NULL;
    enum metrics_status status = METRICS_FAILED;
    if (network->actor_count > DYADS_ACTORS_MAX)
        snprintf(error, 400, "%zu actors are more than %d: the matrices would not fit", network->actor_count, DYADS_ACTORS_MAX);
    else
        status = soundings_take(input, &soundings, error);
    if (status != METRICS_OK)
        goto out;
    struct others others = others_of(&soundings);
    room = malloc((soundings.replicate_count + 1) * sizeof *room);
    if (!room || !actor_table(input, &soundings, &others, result, room) || !network_table(&soundings, &others, result, room)) {
        status = families_out_of_memory(error);
        goto out;
    }
    treatment_table(network, &soundings, result);
    describe(network, &soundings, result);
    status = families_finish(result, error);
out:
    free(room);
    soundings_release(&soundings);
    families_end(&ground);
    return status;
}
