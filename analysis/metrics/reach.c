/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family reach: who can have heard from whom, by when, along contacts in the order they happened.
 */
#include "contact_sequence.h"
#include "families.h"
#include "random_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ACTORS_MAX 2000  /* four numbers a pair: 128 MB */
#define PAIRS_MAX  40000 /* rows of the table of pairs */
#define WORK_MAX   4e9   /* words of who knows whom that orders drawn at random may cost */

enum reach_column { REACH_OUT, REACH_IN, ARRIVAL_OUT, ARRIVAL_IN, FASTEST_OUT, FASTEST_IN, CONTACTS, REACH_COLUMNS };
static const struct column_definition definitions[REACH_COLUMNS] = {
    [REACH_OUT] = {"reach_out", "0..1", "share of the others that can have heard from this actor by the end of the period",
                   "Holme & Saramaki 2012"},
    [REACH_IN] = {"reach_in", "0..1", "share of the others this actor can have heard from by the end of the period",
                  "Holme & Saramaki 2012"},
    [ARRIVAL_OUT] =
        {"arrival_out_days", "days",
         "median days from the beginning of the period until others can have heard from this actor, over those that can",
         "Xuan, Ferreira & Jarry 2003, foremost journeys"},
    [ARRIVAL_IN] =
        {"arrival_in_days", "days",
         "median days from the beginning of the period until this actor can have heard from others, over those it can",
         "Xuan, Ferreira & Jarry 2003, foremost journeys"},
    [FASTEST_OUT] =
        {"fastest_out_days", "days",
         "median of the fewest days news takes from this actor to others, over those it reaches; 0 = in direct contact",
         "Xuan, Ferreira & Jarry 2003, fastest journeys"},
    [FASTEST_IN] = {"fastest_in_days", "days", "median of the fewest days news takes to this actor from others",
                    "Xuan, Ferreira & Jarry 2003, fastest journeys"},
    [CONTACTS] = {"contacts", "", "contacts the actor takes part in: meetings, requests, letters, answers", ""},
};

enum whole_column {
    WHOLE_CONTACTS,
    WHOLE_PAIRS,
    WHOLE_REACHED,
    WHOLE_SHARE,
    WHOLE_INDIRECT,
    WHOLE_MEDIAN,
    WHOLE_FASTEST,
    WHOLE_EXPECTED,
    WHOLE_SD,
    WHOLE_Z,
    WHOLE_P,
    WHOLE_COLUMNS
};
static const struct column_definition whole_definitions[WHOLE_COLUMNS] = {
    [WHOLE_CONTACTS] = {"contacts", "", "contacts between two or more actors", ""},
    [WHOLE_PAIRS] = {"pairs", "", "ordered pairs of actors", ""},
    [WHOLE_REACHED] = {"pairs_reached", "", "ordered pairs in which the one can have heard from the other",
                       "Holme & Saramaki 2012"},
    [WHOLE_SHARE] = {"reach", "0..1", "pairs_reached / pairs", "Holme & Saramaki 2012"},
    [WHOLE_INDIRECT] = {"indirect", "0..1", "share of pairs_reached that were never in direct contact in that direction", ""},
    [WHOLE_MEDIAN] = {"arrival_days", "days", "median days from the beginning of the period to the earliest arrival",
                      "Xuan, Ferreira & Jarry 2003, foremost journeys"},
    [WHOLE_FASTEST] = {"fastest_days", "days", "median of the fewest days between leaving and arriving",
                       "Xuan, Ferreira & Jarry 2003, fastest journeys"},
    [WHOLE_EXPECTED] = {"pairs_reached_expected", "", "mean of pairs_reached when the same contacts happen in random order",
                        "Holme & Saramaki 2012, randomised time stamps"},
    [WHOLE_SD] = {"pairs_reached_sd", "", "standard deviation over these orders",
                  "Holme & Saramaki 2012, randomised time stamps"},
    [WHOLE_Z] = {"z", "", "(pairs_reached - pairs_reached_expected) / pairs_reached_sd", ""},
    [WHOLE_P] = {"p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
};

static const struct column_definition pair_texts[] = {{"from", "", "whom it comes from", ""},
                                                      {"to", "", "who can have heard", ""}};
static const struct column_definition pair_numbers[] = {
    {"arrival_days", "days", "days from the beginning of the period to the earliest arrival; missing = never",
     "Xuan, Ferreira & Jarry 2003, foremost journeys"},
    {"fastest_days", "days", "fewest days between leaving and arriving; 0 = in direct contact",
     "Xuan, Ferreira & Jarry 2003, fastest journeys"},
};

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof *values, compare_numbers);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Median over the others of a row (step 1) or column (step n) of a matrix, and how many of them are reached. */
static double over_others(const double *first, size_t step, size_t self, size_t n, double *room, size_t *ret_reached)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (i != self && isfinite(first[i * step]))
            room[count++] = first[i * step];
    if (ret_reached)
        *ret_reached = count;
    return median(room, count);
}

static void actor_columns(const struct contact_sequence *sequence, const struct contact_reach *reach, double *const *columns,
                          double *room)
{
    size_t n = reach->actor_count;
    for (size_t i = 0; i < n; i++) {
        size_t out, in;
        columns[ARRIVAL_OUT][i] = over_others(reach->arrival + i * n, 1, i, n, room, &out);
        columns[ARRIVAL_IN][i] = over_others(reach->arrival + i, n, i, n, room, &in);
        columns[FASTEST_OUT][i] = over_others(reach->fastest + i * n, 1, i, n, room, NULL);
        columns[FASTEST_IN][i] = over_others(reach->fastest + i, n, i, n, room, NULL);
        columns[REACH_OUT][i] = n > 1 ? (double)out / (double)(n - 1) : NAN;
        columns[REACH_IN][i] = n > 1 ? (double)in / (double)(n - 1) : NAN;
        columns[CONTACTS][i] = 0;
    }
    for (size_t c = 0; c < sequence->contact_count; c++) {
        const struct contact *contact = &sequence->contacts[c];
        for (uint32_t i = 0; i < contact->from_count; i++)
            columns[CONTACTS][sequence->actors[contact->from + i]]++;
        for (uint32_t i = 0; contact->to != contact->from && i < contact->to_count; i++)
            columns[CONTACTS][sequence->actors[contact->to + i]]++;
    }
}

/* The same contacts in orders drawn at random. */
static enum metrics_status shuffled(const struct metrics_input *input, const struct contact_sequence *sequence, double observed,
                                    double *row, struct result *result, char error[400])
{
    uint64_t permutations = input->network->spec.choices.permutations, seed = input->network->spec.seed;
    double words = ((double)sequence->actor_count + 63) / 64;
    if ((double)permutations * (double)sequence->place_count * 2 * words > WORK_MAX) {
        result_note(result, "The comparison with contacts in random order was left out: too much work. Ask for fewer with "
                            "permutations=.");
        return METRICS_OK;
    }
    int32_t *order = malloc((sequence->contact_count + 1) * sizeof *order);
    struct families_step step = {input, 500, 950};
    double sum = 0, squares = 0;
    uint64_t low = 0, high = 0;
    enum metrics_status status = order ? METRICS_OK : families_out_of_memory(error);
    for (uint64_t m = 0; m < permutations && status == METRICS_OK; m++) {
        struct random_stream stream;
        double pairs;
        for (size_t c = 0; c < sequence->contact_count; c++)
            order[c] = (int32_t)c;
        random_stream_init(&stream, seed, m);
        random_stream_shuffle(&stream, order, sequence->contact_count);
        if (!contact_pairs_in_order(sequence, order, &pairs)) {
            status = families_out_of_memory(error);
            break;
        }
        sum += pairs - observed;
        squares += (pairs - observed) * (pairs - observed);
        low += pairs <= observed;
        high += pairs >= observed;
        if (!families_proceed(&step, (unsigned)((m + 1) * 1000 / permutations)))
            status = METRICS_CANCELLED;
    }
    free(order);
    if (status != METRICS_OK)
        return status;
    double m = (double)permutations, mean = sum / m, variance = m > 1 ? (squares - m * mean * mean) / (m - 1) : 0;
    row[WHOLE_EXPECTED] = observed + mean;
    row[WHOLE_SD] = variance > 1e-9 ? sqrt(variance) : 0;
    row[WHOLE_Z] = row[WHOLE_SD] > 0 ? -mean / row[WHOLE_SD] : NAN;
    double p = 2 * ((double)(low < high ? low : high) + 1) / (m + 1);
    row[WHOLE_P] = row[WHOLE_SD] > 0 ? fmin(1, p) : NAN;
    result_set_card(result, "random order", "%llu orders of the same contacts, p = (b+1)/(m+1)",
                    (unsigned long long)permutations);
    families_card_random(seed, result);
    return METRICS_OK;
}

static void whole_columns(const struct contact_sequence *sequence, const struct contact_reach *reach, double *row, double *room)
{
    size_t n = reach->actor_count, reached = 0, direct = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (i == j || !isfinite(reach->arrival[i * n + j]))
                continue;
            direct += reach->fastest[i * n + j] == 0;
            room[reached++] = reach->arrival[i * n + j];
        }
    row[WHOLE_CONTACTS] = (double)sequence->contact_count;
    row[WHOLE_PAIRS] = n > 0 ? (double)n * (double)(n - 1) : 0;
    row[WHOLE_REACHED] = (double)reached;
    row[WHOLE_SHARE] = n > 1 ? (double)reached / row[WHOLE_PAIRS] : NAN;
    row[WHOLE_INDIRECT] = reached > 0 ? (double)(reached - direct) / (double)reached : NAN;
    row[WHOLE_MEDIAN] = median(room, reached);
    reached = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != j && isfinite(reach->fastest[i * n + j]))
                room[reached++] = reach->fastest[i * n + j];
    row[WHOLE_FASTEST] = median(room, reached);
}

static void pair_table(const struct network *network, const struct contact_reach *reach, struct result *result)
{
    size_t n = reach->actor_count, rows = n > 1 ? n * (n - 1) : 0;
    if (rows > PAIRS_MAX) {
        result_note(result, "The table of pairs was left out: more than %d pairs.", PAIRS_MAX);
        return;
    }
    size_t table = result_add_table(result, "pairs", rows);
    for (size_t c = 0; c < 4; c++) {
        char **texts = c < 2 ? result_add_texts(result, table, &pair_texts[c]) : NULL;
        double *numbers = c < 2 ? NULL : result_add_numbers(result, table, &pair_numbers[c - 2]);
        for (size_t i = 0, row = 0; (texts || numbers) && i < n; i++)
            for (size_t j = 0; j < n; j++) {
                if (i == j)
                    continue;
                double value = c == 2 ? reach->arrival[i * n + j] : reach->fastest[i * n + j];
                if (texts)
                    result_set_text(result, &texts[row], network->actors[c == 0 ? i : j].key);
                else
                    numbers[row] = isfinite(value) ? value : NAN;
                row++;
            }
    }
}

enum metrics_status reach_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    static const struct chronicle nothing = {0};
    const struct chronicle *chronicle = input->chronicle ? input->chronicle : &nothing;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    size_t n = network->actor_count;
    struct contact_sequence sequence = {0};
    struct contact_reach reach = {0};
    double *room = NULL, row[WHOLE_COLUMNS];
    struct families_step step = {input, 0, 500};
    enum metrics_status status = families_out_of_memory(error);
    for (size_t c = 0; c < WHOLE_COLUMNS; c++)
        row[c] = NAN;
    if (n > ACTORS_MAX) {
        result_note(result, "Reach was left out: more than %d actors.", ACTORS_MAX);
        status = families_finish(result, error);
        goto out;
    }
    if (!contact_sequence_init(&sequence, chronicle, n))
        goto out;
    enum contact_status walked = contact_reach_init(&reach, &sequence, network->spec.from_day, families_proceed, &step);
    if (walked == CONTACT_STOPPED)
        status = METRICS_CANCELLED;
    room = walked == CONTACT_OK ? malloc((n * n + 1) * sizeof *room) : NULL;
    if (!room)
        goto out;
    size_t table = families_actor_table(network, result, "reach");
    double *columns[REACH_COLUMNS];
    for (size_t c = 0; c < REACH_COLUMNS; c++)
        result_add_numbers(result, table, &definitions[c]);
    if (result_failed(result))
        goto out;
    for (size_t c = 0; c < REACH_COLUMNS; c++)
        columns[c] = result->tables[table].columns[result->tables[table].column_count - REACH_COLUMNS + c].numbers;
    actor_columns(&sequence, &reach, columns, room);
    whole_columns(&sequence, &reach, row, room);
    status = METRICS_OK;
    if (sequence.contact_count > 1)
        status = shuffled(input, &sequence, row[WHOLE_REACHED], row, result, error);
    step = (struct families_step){input, 950, 1000};
    if (status == METRICS_OK && !families_proceed(&step, 0))
        status = METRICS_CANCELLED;
    if (status != METRICS_OK)
        goto out;
    size_t whole = result_add_table(result, "whole", 1);
    for (size_t c = 0; c < WHOLE_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, whole, &whole_definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
    pair_table(network, &reach, result);
    result_set_card(
        result, "contacts",
        "a meeting carries between all present at its time; a request or letter from senders to addressees when sent; an "
        "answer back when given; what arrives at an instant is passed on by later contacts only");
    result_set_card(result, "beginning", "everybody has something to tell from the first day of the period on");
    if (network_unknown_dyads(network) > 0)
        result_note(result,
                    "%.0f pairs are unknown, not absent: contacts between them would add to reach, so it is a lower bound.",
                    network_unknown_dyads(network));
    if (sequence.contact_count == 0)
        result_note(result, "No contacts in this period and these layers: nobody can have heard from anybody.");
    status = families_finish(result, error);
out:
    free(room);
    contact_reach_release(&reach);
    contact_sequence_release(&sequence);
    families_end(&ground);
    return status;
}
