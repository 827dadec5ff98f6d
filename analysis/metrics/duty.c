/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family duty: who had to be asked about each case under the rules in force, against who was asked, when and with how much
 * time.
 *
 * The rules are rows of the register (utredningsinstruksen 3-2, Om r-konferanser 4.1 ...), so that they can change. What is
 * counted here duty_study.c has judged.
 */
#include "civil_time.h"
#include "duty_study.h"
#include "families.h"
#include "proportion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES_ASK_EVERY   256
#define DUTIES_LISTED_MAX 200000

static const char *const state_names[DUTY_STATES] = {"missing", "late", "short", "undated", "in_time", "unknown"};

/* ---------------------------------------------------------------------------------------------------- counting */
#define INSTRUKS "Utredningsinstruksen 3-2"
#define WILSON   "Wilson 1927"
enum count_column {
    DUE,
    COUNT_MISSING,
    COUNT_LATE,
    COUNT_SHORT,
    COUNT_UNDATED,
    COUNT_IN_TIME,
    COUNT_UNKNOWN,
    FULFILLED,
    LOW,
    HIGH,
    COUNT_COLUMNS
};
static const struct column_definition count_definitions[COUNT_COLUMNS] = {
    [DUE] = {"due", "", "duties to consult: a rule, and a case that has come so far", INSTRUKS},
    [COUNT_MISSING] = {"missing", "", "of these, never asked at that stage or later", INSTRUKS},
    [COUNT_LATE] = {"late", "", "asked only when the case had already gone to the next step (to hearing, to the conference)",
                    INSTRUKS},
    [COUNT_SHORT] = {"short", "",
                     "asked in time, but with fewer days to answer than the rule demands, and no agreement on that", INSTRUKS},
    [COUNT_UNDATED] = {"undated", "", "asked in time, but no deadline is given", INSTRUKS},
    [COUNT_IN_TIME] = {"in_time", "", "asked in time, with the full deadline or an agreed one", INSTRUKS},
    [COUNT_UNKNOWN] = {"unknown", "",
                       "cannot be told: the case began before the period, or nobody says when, or a request names no stage",
                       ""},
    [FULFILLED] = {"fulfilled", "share", "in_time / (missing + late + short + in_time)", INSTRUKS},
    [LOW] = {"fulfilled_low", "share", "lower end of its 95 % interval", WILSON},
    [HIGH] = {"fulfilled_high", "share", "upper end of its 95 % interval", WILSON},
};

struct counts {
    double states[DUTY_STATES];
};

static void count_row(const struct counts *counts, double row[COUNT_COLUMNS])
{
    const double *states = counts->states;
    double judged = states[DUTY_MISSING] + states[DUTY_LATE] + states[DUTY_SHORT] + states[DUTY_IN_TIME];
    struct proportion fulfilled = proportion_wilson(states[DUTY_IN_TIME], judged);
    row[DUE] = judged + states[DUTY_UNDATED] + states[DUTY_UNKNOWN];
    for (int s = 0; s < DUTY_STATES; s++)
        row[COUNT_MISSING + s] = states[s];
    row[FULFILLED] = fulfilled.share;
    row[LOW] = fulfilled.low;
    row[HIGH] = fulfilled.high;
}

static void count_columns(const struct counts *counts, size_t count, size_t table, struct result *result)
{
    for (size_t c = 0; c < COUNT_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &count_definitions[c]);
        for (size_t r = 0; numbers && r < count; r++) {
            double row[COUNT_COLUMNS];
            count_row(&counts[r], row);
            numbers[r] = row[c];
        }
    }
}

static void summary_table(const struct duty_study *study, struct result *result)
{
    static const struct column_definition definitions[] = {
        {"cases", "", "cases with an interaction in the period", ""},
        {"assessable", "", "of these, cases whose owner and effects are stated", ""},
        {"effects_unstated", "", "cases of which nobody has stated the effects: only rules for every case are applied to them",
         ""},
        {"owner_unstated", "",
         "cases of which nobody has stated the owner, or whose owner is not in this network: no rule is applied to them", ""},
    };
    struct counts all = {{0}};
    for (size_t d = 0; d < study->duty_count; d++)
        all.states[study->duties[d].state]++;
    double row[] = {(double)study->chronicle->case_count, (double)study->assessable, (double)study->unstated,
                    (double)study->ownerless};
    size_t table = result_add_table(result, "summary", 1);
    for (size_t c = 0; c < sizeof definitions / sizeof definitions[0]; c++) {
        double *numbers = result_add_numbers(result, table, &definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
    count_columns(&all, 1, table, result);
}

/* ------------------------------------------------------------------------------------------------------- the pairs */
struct pair {
    int32_t owner, addressee;
    struct counts counts;
};

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *left = a, *right = b;
    if (left->owner != right->owner)
        return left->owner < right->owner ? -1 : 1;
    return (left->addressee > right->addressee) - (left->addressee < right->addressee);
}

static size_t unite_pairs(struct pair *pairs, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < count; i++) {
        if (!kept || compare_pairs(&pairs[kept - 1], &pairs[i]) != 0) {
            pairs[kept++] = pairs[i];
            continue;
        }
        for (int s = 0; s < DUTY_STATES; s++)
            pairs[kept - 1].counts.states[s] += pairs[i].counts.states[s];
    }
    return kept;
}

static bool pair_table(const struct duty_study *study, struct result *result)
{
    static const struct column_definition texts_of[] = {
        {"owner", "", "stable key of the actor in charge of the cases", ""},
        {"owner_name", "", "its name", ""},
        {"addressee", "", "stable key of the actor it had to ask", ""},
        {"addressee_name", "", "its name", ""},
    };
    struct pair *pairs = calloc(study->duty_count + 1, sizeof *pairs);
    struct counts *counts = calloc(study->duty_count + 1, sizeof *counts);
    bool done = pairs && counts;
    for (size_t d = 0; done && d < study->duty_count; d++) {
        pairs[d].owner = study->duties[d].owner;
        pairs[d].addressee = study->duties[d].addressee;
        pairs[d].counts.states[study->duties[d].state] = 1;
    }
    size_t count = done ? unite_pairs(pairs, study->duty_count) : 0, table = done ? result_add_table(result, "duty", count) : 0;
    for (size_t c = 0; done && c < 4; c++) {
        char **texts = result_add_texts(result, table, &texts_of[c]);
        for (size_t r = 0; texts && r < count; r++) {
            const struct network_actor *actor = &study->network->actors[c < 2 ? pairs[r].owner : pairs[r].addressee];
            result_set_text(result, &texts[r], c % 2 ? actor->label : actor->key);
        }
    }
    for (size_t r = 0; r < count; r++)
        counts[r] = pairs[r].counts;
    if (done)
        count_columns(counts, count, table, result);
    free(pairs);
    free(counts);
    return done;
}

/* ------------------------------------------------------------------------------------------------- actors and rules */
static const struct column_definition consulted_definitions[] = {
    {"consulted", "",
     "consultations it was asked in at stages the rules are about, a case and stage each; assessable cases only", ""},
    {"consulted_expected", "", "consultations in which the rules in force demand that it is asked", INSTRUKS},
    {"strength_ratio_mandatory", "observed / expected",
     "consulted / consulted_expected: over 1 = asked beyond what the rules demand; missing where no rule demands anything",
     "Utredningsinstruksen 3-2"},
    {"consulted_beyond", "", "consultations in which it was asked though no rule demands it", ""},
};

static bool actor_table(const struct duty_study *study, struct result *result)
{
    size_t n = study->network->actor_count;
    struct counts *counts = calloc(n + 1, sizeof *counts);
    if (!counts)
        return false;
    for (size_t d = 0; d < study->duty_count; d++)
        counts[study->duties[d].owner].states[study->duties[d].state]++;
    size_t table = families_actor_table(study->network, result, "actors");
    count_columns(counts, n, table, result);
    for (size_t c = 0; c < sizeof consulted_definitions / sizeof consulted_definitions[0]; c++) {
        double *numbers = result_add_numbers(result, table, &consulted_definitions[c]);
        for (size_t i = 0; numbers && i < n; i++) {
            double expected = study->expected[i];
            double row[] = {study->consulted[i], expected, expected > 0 ? study->consulted[i] / expected : NAN,
                            study->beyond[i]};
            numbers[i] = row[c];
        }
    }
    free(counts);
    return true;
}

static bool rule_table(const struct duty_study *study, struct result *result)
{
    static const struct column_definition texts_of[] = {
        {"rule", "", "name of the rule", ""},
        {"addressee", "", "who must be asked, as the rule names it", ""},
        {"source", "", "where the rule stands", ""},
    };
    static const struct column_definition days = {"minimum_days", "days", "days to answer that the rule demands", ""};
    size_t count = study->rules->count;
    struct counts *counts = calloc(count + 1, sizeof *counts);
    if (!counts)
        return false;
    for (size_t d = 0; d < study->duty_count; d++)
        counts[study->duties[d].rule].states[study->duties[d].state]++;
    size_t table = result_add_table(result, "rules", count);
    for (size_t c = 0; c < 3; c++) {
        char **texts = result_add_texts(result, table, &texts_of[c]);
        for (size_t r = 0; texts && r < count; r++) {
            const struct duty_rule *rule = &study->rules->rules[r];
            result_set_text(result, &texts[r], c == 0 ? rule->name : c == 1 ? rule->addressee : rule->source);
        }
    }
    double *minimum = result_add_numbers(result, table, &days);
    for (size_t r = 0; minimum && r < count; r++)
        minimum[r] = study->rules->rules[r].minimum_days;
    count_columns(counts, count, table, result);
    free(counts);
    return true;
}

/* ------------------------------------------------------------------------------------------------------- the cases */
static void case_text(const struct duty_study *study, const struct duty *duty, size_t column, struct result *result,
                      char **slot)
{
    const struct network_actor *actors = study->network->actors;
    char day[16] = "";
    if (column == 6 && !isnan(duty->asked_day))
        civil_day_format((int32_t)floor(duty->asked_day), day);
    const char *texts[] = {study->chronicle->cases[duty->case_file].ref,
                           study->rules->rules[duty->rule].name,
                           actors[duty->owner].key,
                           actors[duty->addressee].key,
                           actors[duty->addressee].label,
                           state_names[duty->state],
                           *day ? day : NULL};
    if (texts[column])
        result_set_text(result, slot, texts[column]);
}

static void case_table(const struct duty_study *study, struct result *result)
{
    static const struct column_definition texts_of[] = {
        {"case", "", "reference of the case", ""},
        {"rule", "", "name of the rule", ""},
        {"owner", "", "stable key of the actor in charge", ""},
        {"addressee", "", "stable key of the actor that must be asked", ""},
        {"addressee_name", "", "its name", ""},
        {"state", "", "missing, late, short, undated, in_time or unknown", INSTRUKS},
        {"asked_on", "", "day of the first request that counts", ""},
    };
    static const struct column_definition days = {
        "days", "days", "from receiving the request (else from sending it) to the deadline", INSTRUKS};
    size_t count = study->duty_count;
    if (count > DUTIES_LISTED_MAX) {
        result_note(result, "%zu duties are counted but not listed case by case; choose a shorter period to see them.", count);
        count = 0;
    }
    size_t table = result_add_table(result, "cases", count);
    for (size_t c = 0; c < sizeof texts_of / sizeof texts_of[0]; c++) {
        char **texts = result_add_texts(result, table, &texts_of[c]);
        for (size_t r = 0; texts && r < count; r++)
            case_text(study, &study->duties[r], c, result, &texts[r]);
    }
    double *given = result_add_numbers(result, table, &days);
    for (size_t r = 0; given && r < count; r++)
        given[r] = study->duties[r].days;
}

static void describe(const struct duty_study *study, struct result *result)
{
    const struct spec *spec = &study->network->spec;
    result_set_card(
        result, "duty",
        "a rule in force on the day the case came to its stage, for a case with that effect; never of an owner towards itself");
    result_set_card(result, "deadline",
                    "whole days from receiving the request, else from sending it; an agreed shorter one is kept");
    result_set_card(result, "strength_ratio_mandatory",
                    "consultations observed / demanded by the rules; a case and stage count once");
    result_set_card(result, "intervals",
                    "95 %%, Wilson; duties of one case are not independent, so they are rather too narrow");
    if (!study->rules->count)
        result_note(result, "No rule of consultation holds in this period.");
    for (size_t r = 0; r < study->rules->count; r++)
        if (study->rules->rules[r].actor < 0)
            result_note(result, "The rule \"%s\" is left out: its addressee %s is not in this network.",
                        study->rules->rules[r].name, study->rules->rules[r].addressee);
    if (study->unstated)
        result_note(result, "%zu cases cannot be assessed: nobody has stated what they touch.", study->unstated);
    if (study->ownerless)
        result_note(result, "%zu cases have no owner in this network, and no rule is applied to them.", study->ownerless);
    if (spec->layer_count)
        result_note(result, "Only some types of interaction are read: what was asked in others counts as not asked.");
}

/* ------------------------------------------------------------------------------------------------------ all of it */
static enum metrics_status compute(struct duty_study *study, struct families_step *step, struct result *result, char error[400])
{
    size_t cases = study->chronicle->case_count;
    for (size_t c = 0; c < cases; c++) {
        if (c % CASES_ASK_EVERY == 0 && !families_proceed(step, (unsigned)(1000 * c / cases)))
            return METRICS_CANCELLED;
        if (!duty_study_assess(study, c))
            return families_out_of_memory(error);
    }
    summary_table(study, result);
    if (!pair_table(study, result) || !actor_table(study, result) || !rule_table(study, result))
        return families_out_of_memory(error);
    case_table(study, result);
    describe(study, result);
    return families_finish(result, error);
}

enum metrics_status duty_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct chronicle quiet = {.event_count = 0};
    static const struct duty_rules none = {.count = 0};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    struct families_step step = {input, 0, 900};
    struct duty_study study = {0};
    enum metrics_status status = METRICS_FAILED;
    if (input->network->spec.stages)
        snprintf(error, 400, "stage: the duty to consult is judged over all stages of a case; leave it out");
    else if (!duty_study_init(&study, input->network, input->chronicle ? input->chronicle : &quiet,
                              input->rules ? input->rules : &none))
        status = families_out_of_memory(error);
    else
        status = compute(&study, &step, result, error);
    duty_study_release(&study);
    families_end(&ground);
    return status;
}
