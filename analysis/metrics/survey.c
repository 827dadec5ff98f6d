/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family survey: who answered a wave and what that leaves unknown, what was answered, scales, obstacles and promoters, ladders.
 */
#include "survey_study.h"

#include "suppression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIGHT_GREEN 0.80
#define LIGHT_AMBER 0.65

enum wave_column {
    ACTORS,
    ACTORS_ANSWERED,
    INVITED,
    STARTED,
    SUBMITTED,
    RATE,
    RATE_LOW,
    RATE_HIGH,
    PAIRS_SEEN,
    MINIMUM,
    WAVE_COLUMNS
};
static const struct column_definition wave_numbers[WAVE_COLUMNS] = {
    [ACTORS] = {"actors_invited", "", "actors of which somebody was asked", ""},
    [ACTORS_ANSWERED] = {"actors_answered", "", "of these, actors of which somebody answered", ""},
    [INVITED] = {"invited", "", "respondents who were asked", ""},
    [STARTED] = {"started", "", "of these, who began", "AAPOR 2023, standard definitions"},
    [SUBMITTED] = {"submitted", "", "of these, whose answers count", "AAPOR 2023, standard definitions"},
    [RATE] = {"response_rate", "share", "submitted / invited", "AAPOR 2023, response rate 1"},
    [RATE_LOW] = {"response_rate_lowest", "share", "the lowest response rate of an actor", ""},
    [RATE_HIGH] = {"response_rate_highest", "share", "the highest response rate of an actor", ""},
    [PAIRS_SEEN] = {"pairs_seen", "share",
                    "share of the pairs of invited actors at least one end of which answered: what a relation that either end "
                    "can tell of is known for",
                    "Stork & Richards 1992"},
    [MINIMUM] = {"minimum_cell", "", "respondents below which nothing is shown", ""},
};
static const struct column_definition light_definition = {
    "light", "",
    "green: 80 % or more answered; amber: 65 % or more; red: fewer, so that rankings can be made by who is missing",
    "Huisman 2009; Smith & Moody 2013"};

enum turnout_column { T_INVITED, T_STARTED, T_SUBMITTED, T_RATE, T_SILENT, TURNOUT_COLUMNS };
static const struct column_definition turnout_numbers[TURNOUT_COLUMNS] = {
    [T_INVITED] = {"invited", "", "respondents who were asked", ""},
    [T_STARTED] = {"started", "", "of these, who began", ""},
    [T_SUBMITTED] = {"submitted", "", "of these, whose answers count", ""},
    [T_RATE] = {"response_rate", "share", "submitted / invited; missing when nobody was asked", "AAPOR 2023, response rate 1"},
    [T_SILENT] = {"silent", "0 or 1", "1: nobody of it answered, so every tie it would tell of is unknown", ""},
};

void survey_begin_card(struct result *result)
{
    result_set_text(result, &result->card.engine, "samordning");
}

bool survey_item_wanted(const struct choices *choices, const char *id)
{
    size_t stem = strcspn(id, ".");
    if (!*choices->items)
        return true;
    for (const char *at = choices->items; *at;) {
        size_t size = strcspn(at, ",");
        if (size == stem && strncmp(at, id, size) == 0)
            return true;
        at += size + (at[size] == ',');
    }
    return false;
}

bool survey_items_known(const struct wave *wave, const struct choices *choices, char error[400])
{
    for (const char *at = choices->items; *at;) {
        char id[64];
        size_t size = strcspn(at, ",");
        snprintf(id, sizeof id, "%.*s", (int)(size < sizeof id ? size : sizeof id - 1), at);
        if (wave_item(wave, id) < 0) {
            snprintf(error, 400, "items: wave %s asks no item %s", wave->key, id);
            return false;
        }
        at += size + (at[size] == ',');
    }
    return true;
}

const char *survey_light(double submitted, double invited)
{
    if (!(invited > 0))
        return NULL;
    double rate = submitted / invited;
    return rate >= LIGHT_GREEN ? "green" : rate >= LIGHT_AMBER ? "amber" : "red";
}

double survey_pairs_seen(double actors, double answering)
{
    double silent = actors - answering;
    return actors > 1 ? 1 - silent * (silent - 1) / (actors * (actors - 1)) : NAN;
}

static double rate_of(double submitted, double invited)
{
    return invited > 0 ? submitted / invited : NAN;
}

void survey_response_card(const struct wave *wave, struct result *result)
{
    double invited = 0, submitted = 0;
    for (size_t t = 0; t < wave->turnout_count; t++) {
        invited += wave->turnout[t].invited;
        submitted += wave->turnout[t].submitted;
    }
    if (invited <= 0)
        return;
    double rate = rate_of(submitted, invited);
    result_set_card(result, "respondents", "%.0f of %.0f who were asked (%.0f%%)", submitted, invited, 100 * rate);
    if (rate < LIGHT_GREEN)
        result_note(
            result,
            "%.0f of %.0f who were asked have answered (%.0f%%). Below 80%% betweenness and who stands first in a ranking "
            "depend on who is missing: see family uncertainty on the wave's layers.",
            submitted, invited, 100 * rate);
}

static void wave_table(const struct wave *wave, struct result *result)
{
    double row[WAVE_COLUMNS] = {[RATE_LOW] = NAN, [RATE_HIGH] = NAN, [MINIMUM] = wave->minimum_cell};
    for (size_t t = 0; t < wave->turnout_count; t++) {
        const struct wave_turnout *turnout = &wave->turnout[t];
        double rate = rate_of(turnout->submitted, turnout->invited);
        row[ACTORS] += turnout->invited > 0;
        row[ACTORS_ANSWERED] += turnout->submitted > 0;
        row[INVITED] += turnout->invited;
        row[STARTED] += turnout->started;
        row[SUBMITTED] += turnout->submitted;
        row[RATE_LOW] = fmin(row[RATE_LOW], rate);
        row[RATE_HIGH] = fmax(row[RATE_HIGH], rate);
    }
    row[RATE] = rate_of(row[SUBMITTED], row[INVITED]);
    row[PAIRS_SEEN] = survey_pairs_seen(row[ACTORS], row[ACTORS_ANSWERED]);
    double *columns[WAVE_COLUMNS];
    size_t table = result_add_table(result, "wave", 1);
    char **light = result_add_texts(result, table, &light_definition);
    if (light)
        result_set_text(result, &light[0], survey_light(row[SUBMITTED], row[INVITED]));
    if (!families_numbers(result, table, wave_numbers, WAVE_COLUMNS, columns))
        return;
    for (size_t c = 0; c < WAVE_COLUMNS; c++)
        columns[c][0] = row[c];
    if (row[ACTORS_ANSWERED] < row[ACTORS])
        result_note(result, "Of %.0f actors nobody has answered: what they would have said is unknown, not no.",
                    row[ACTORS] - row[ACTORS_ANSWERED]);
}

static void turnout_table(const struct network *network, const struct wave *wave, struct result *result)
{
    double *columns[TURNOUT_COLUMNS];
    size_t table = families_actor_table(network, result, "survey");
    result_add_texts(result, table, &light_definition);
    if (!families_numbers(result, table, turnout_numbers, TURNOUT_COLUMNS, columns))
        return;
    for (size_t i = 0; i < network->actor_count; i++)
        columns[T_INVITED][i] = columns[T_STARTED][i] = columns[T_SUBMITTED][i] = 0;
    double elsewhere = 0;
    for (size_t t = 0; t < wave->turnout_count; t++) {
        const struct wave_turnout *turnout = &wave->turnout[t];
        if (turnout->actor < 0) {
            elsewhere += turnout->invited;
            continue;
        }
        columns[T_INVITED][turnout->actor] = turnout->invited;
        columns[T_STARTED][turnout->actor] = turnout->started;
        columns[T_SUBMITTED][turnout->actor] = turnout->submitted;
    }
    for (size_t i = 0; i < network->actor_count; i++) {
        columns[T_RATE][i] = rate_of(columns[T_SUBMITTED][i], columns[T_INVITED][i]);
        columns[T_SILENT][i] = !(columns[T_SUBMITTED][i] > 0);
        result_set_text(result, &result->tables[table].columns[3].texts[i],
                        survey_light(columns[T_SUBMITTED][i], columns[T_INVITED][i]));
    }
    if (elsewhere > 0)
        result_note(result, "%.0f who were asked belong to actors outside this level or view.", elsewhere);
}

enum metrics_status survey_told_ties(const struct metrics_input *input, size_t index, const char *relation, int32_t *ret_item,
                                     struct wave_ties *ret_ties, char error[400])
{
    const struct wave *wave = input->wave;
    const char *at = input->network->spec.choices.items;
    size_t actors = input->network->actor_count;
    int32_t item = -1;
    if (*at) {
        for (size_t i = 0; i < index; i++) {
            at += strcspn(at, ",");
            if (!*at) {
                snprintf(error, 400, "items: %zu are needed, with commas: the last of them for %s", index + 1, relation);
                return METRICS_REFUSED;
            }
            at++;
        }
        char id[64];
        size_t size = strcspn(at, ",");
        snprintf(id, sizeof id, "%.*s", (int)(size < sizeof id ? size : sizeof id - 1), at);
        item = wave_item(wave, id);
    } else {
        item = wave_relation_item(wave, relation);
    }
    if (item < 0) {
        snprintf(error, 400, "items: wave %s has no item that measures %s; name one", wave->key, relation);
        return METRICS_REFUSED;
    }
    if (!wave_is_tie(wave, item, error))
        return METRICS_REFUSED;
    if (actors > WAVE_ACTORS_MAX) {
        snprintf(error, 400, "%zu actors are more than %d: ask for a coarser level", actors, WAVE_ACTORS_MAX);
        return METRICS_REFUSED;
    }
    if (!wave_ties_init(ret_ties, wave, item, actors, WEIGHT_MEAN))
        return families_out_of_memory(error);
    if (wave->items[item].to_respondent)
        wave_ties_turn(ret_ties, actors);
    *ret_item = item;
    return METRICS_OK;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct survey_pair *a = left, *b = right;
    if (a->by != b->by)
        return a->by > b->by ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

size_t survey_pair_table(const struct network *network, struct survey_pair *pairs, size_t count, const char *name,
                         struct result *result)
{
    static const struct column_definition texts[] = {
        {"actor_a", "", "key of the actor whose respondents say it", ""},
        {"actor_b", "", "key of the actor they say it about", ""},
        {"name_a", "", "name of the one", ""},
        {"name_b", "", "name of the other", ""},
    };
    if (count > 1)
        qsort(pairs, count, sizeof *pairs, compare_pairs);
    size_t table = result_add_table(result, name, count);
    for (size_t c = 0; c < sizeof texts / sizeof texts[0]; c++) {
        char **column = result_add_texts(result, table, &texts[c]);
        for (size_t r = 0; column && r < count; r++) {
            const struct network_actor *actor = &network->actors[c % 2 == 0 ? pairs[r].from : pairs[r].to];
            result_set_text(result, &column[r], c < 2 ? actor->key : actor->label);
        }
    }
    return table;
}

bool survey_hidden_actors(const struct wave *wave, const struct wave_ties *ties, size_t actors, bool *ret_hidden)
{
    double *people = calloc(actors + 1, sizeof *people);
    bool *totals = malloc((actors + 1) * sizeof *totals);
    bool ok = people && totals && actors <= SUPPRESSION_CELLS_MAX;
    for (size_t r = 0; ok && r < wave->respondent_count; r++)
        if (wave->respondents[r].actor >= 0)
            people[wave->respondents[r].actor]++;
    for (size_t i = 0; ok && i < actors; i++) {
        totals[i] = true;
        for (size_t j = 0; j < actors; j++) {
            double respondents = ties->respondents[i * actors + j];
            ret_hidden[i] = ret_hidden[i] || (respondents > 0 && respondents < wave->minimum_cell);
        }
    }
    struct suppression list = {
        .rows = 1, .columns = actors, .counts = people, .minimum = wave->minimum_cell, .column_total_hidden = totals};
    ok = ok && suppression_run(&list, ret_hidden);
    free(people);
    free(totals);
    return ok;
}

size_t survey_note_hidden(const struct wave *wave, const bool *hidden, size_t actors, struct result *result)
{
    size_t count = 0;
    for (size_t i = 0; i < actors; i++)
        count += hidden[i];
    if (count)
        result_note(
            result,
            "What %zu of %zu actors say of others is hidden: fewer than %.0f respondents stand behind it, or such a one "
            "could be computed from it. They are in the numbers of the whole.",
            count, actors, wave->minimum_cell);
    return count;
}

enum metrics_status survey_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_step step = {input, 0, 1000};
    if (!input->network || !input->wave) {
        snprintf(error, 400, "no wave to tell of: wave=KEY names one");
        return METRICS_REFUSED;
    }
    const struct wave *wave = input->wave;
    const struct choices *choices = &input->network->spec.choices;
    if (!survey_items_known(wave, choices, error))
        return METRICS_REFUSED;
    if (!families_proceed(&step, 0))
        return METRICS_CANCELLED;
    survey_begin_card(result);
    result_set_card(result, "wave", "%s", wave->key);
    result_set_card(result, "minimum cell",
                    "%.0f respondents: fewer are not shown, nor what they could be computed from (complementary suppression, "
                    "audited: no hidden count is determined by what is shown)",
                    wave->minimum_cell);
    result_set_card(
        result, "missing",
        "not answered, not relevant, don't know and nobody of the actor answered are kept apart; a scale's alpha is "
        "of the cases that answered all its items (listwise)");
    wave_table(wave, result);
    turnout_table(input->network, wave, result);
    if (!survey_answer_tables(wave, choices, result))
        return families_out_of_memory(error);
    if (!families_proceed(&step, 500))
        return METRICS_CANCELLED;
    if (!survey_scale_tables(input, result))
        return families_out_of_memory(error);
    return families_finish(result, error);
}
