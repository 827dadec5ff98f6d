/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family need: the coordination that instruments, goals and target groups require, against the contact there was.
 */
#include "need_sectors.h"
#include "need_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEED_ROWS_MAX     50000 /* pairs; beyond that those neither needed nor done are only counted */
#define EVIDENCE_TEXT_MAX 1000

static const char *const list_names[NEED_LISTS] = {
    [NEEDED_MISSING] = "needed_missing", [NEEDED_UNKNOWN] = "needed_unknown",       [NEEDED_DONE] = "needed_done",
    [UNNEEDED_DONE] = "done_not_needed", [UNNEEDED_UNKNOWN] = "not_needed_unknown", [NEITHER] = "neither"};

/* -------------------------------------------------------------------------------------------------------- the pairs */
static const struct column_definition pair_texts[] = {
    {"actor_a", "", "stable key of the one actor", ""},
    {"name_a", "", "its name", ""},
    {"sector_a", "", "its sector", ""},
    {"actor_b", "", "stable key of the other actor", ""},
    {"name_b", "", "its name", ""},
    {"sector_b", "", "its sector", ""},
    {"list", "",
     "needed_missing, needed_unknown (neither reported), needed_done, done_not_needed, not_needed_unknown or neither; rows are "
     "sorted by it, and within it by requirement, then weight",
     "Cataldo, Herbsleb & Carley 2008"},
    {"goals", "", "goals both serve or own: the evidence; at most four by key, then how many more", ""},
    {"target_groups", "", "target groups both reach or own; likewise", ""},
    {"instruments", "", "instruments both own; likewise", ""},
};
#define PAIR_TEXTS (sizeof pair_texts / sizeof pair_texts[0])
static const struct column_definition pair_numbers[] = {
    {"rank", "", "place among the pairs that are needed and missing, the largest requirement first; missing in other lists",
     ""},
    {"requirement", "weight", "coordination requirement: their entry of TA·TD·TA'", "Cataldo, Herbsleb & Carley 2008"},
    {"weight", "weight", "weight of their contact, both directions summed", ""},
    {"expected_configuration", "weight",
     "weight expected when every actor keeps its strength and meets others in proportion to theirs",
     "Newman 2010, configuration model"},
    {"ratio_configuration", "observed / expected", "weight / expected_configuration; missing where nothing is expected",
     "Newman 2010, configuration model"},
};
#define PAIR_NUMBERS (sizeof pair_numbers / sizeof pair_numbers[0])

static int compare_pairs(const void *a, const void *b)
{
    const struct need_pair *left = a, *right = b;
    if (left->list != right->list)
        return left->list < right->list ? -1 : 1;
    if (left->requirement != right->requirement)
        return left->requirement > right->requirement ? -1 : 1;
    if (left->weight != right->weight)
        return left->weight > right->weight ? -1 : 1;
    if (left->a != right->a)
        return left->a < right->a ? -1 : 1;
    return (left->b > right->b) - (left->b < right->b);
}

static void name_evidence(const struct need_study *study, const struct need_pair *pair, enum need_kind kind,
                          struct result *result, char **slot)
{
    const struct requirement_evidence *evidence =
        &study->requirement.evidence[requirement_pair(&study->requirement, pair->a, pair->b)];
    char text[EVIDENCE_TEXT_MAX] = "";
    size_t used = 0, named = 0;
    while (named < evidence->count[kind] && named < REQUIREMENT_EVIDENCE_MAX) {
        const char *name = study->need->items[evidence->items[kind][named]].name;
        if (used + strlen(name) + 32 > sizeof text) /* room for how many more */
            break;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", named ? "; " : "", name);
        named++;
    }
    if (named < evidence->count[kind])
        snprintf(text + used, sizeof text - used, "%s+%zu", named ? "; " : "", evidence->count[kind] - named);
    if (*text)
        result_set_text(result, slot, text);
}

static const char *actor_text(const struct network_actor *actor, size_t column)
{
    return column == 0 ? actor->key : column == 1 ? actor->label : actor->sector;
}

/* Sorts the pairs, which then no longer stand where requirement_pair says. */
static void pair_table(struct need_study *study, struct result *result)
{
    size_t count = study->requirement.pair_count, rows = count, rank = 0;
    if (count > 1)
        qsort(study->pairs, count, sizeof *study->pairs, compare_pairs);
    if (count > NEED_ROWS_MAX) {
        while (rows && study->pairs[rows - 1].list == NEITHER)
            rows--;
        result_note(result, "%zu pairs that are neither needed nor done are not listed.", count - rows);
    }
    size_t table = result_add_table(result, "need", rows);
    for (size_t c = 0; c < PAIR_TEXTS; c++) {
        char **texts = result_add_texts(result, table, &pair_texts[c]);
        for (size_t r = 0; texts && r < rows; r++) {
            const struct need_pair *pair = &study->pairs[r];
            if (c >= 7) {
                static const enum need_kind kinds[] = {NEED_GOAL, NEED_TARGET_GROUP, NEED_INSTRUMENT};
                name_evidence(study, pair, kinds[c - 7], result, &texts[r]);
                continue;
            }
            const char *text =
                c == 6 ? list_names[pair->list] : actor_text(need_study_owner(study, c < 3 ? pair->a : pair->b), c % 3);
            if (text)
                result_set_text(result, &texts[r], text);
        }
    }
    for (size_t c = 0; c < PAIR_NUMBERS; c++) {
        double *numbers = result_add_numbers(result, table, &pair_numbers[c]);
        for (size_t r = 0; numbers && r < rows; r++) {
            const struct need_pair *pair = &study->pairs[r];
            double row[] = {c == 0 && pair->list == NEEDED_MISSING ? (double)++rank : NAN, pair->requirement, pair->weight,
                            pair->expected, pair->expected > 0 ? pair->weight / pair->expected : NAN};
            numbers[r] = row[c];
        }
    }
}

/* ------------------------------------------------------------------------------------------------------ congruence */
enum congruence_column {
    OWNERS,
    PAIRS,
    NEEDED,
    DONE,
    MISSING,
    UNKNOWN,
    DONE_NOT_NEEDED,
    NEITHER_COUNT,
    CONGRUENCE_VALUE,
    CONGRUENCE_LOW,
    CONGRUENCE_HIGH,
    CONGRUENCE_EXPECTED,
    CONGRUENCE_SD,
    CONGRUENCE_Z,
    CONGRUENCE_PERCENTILE,
    CONGRUENCE_P_HIGH,
    CONGRUENCE_P,
    WEIGHTED_VALUE,
    WEIGHTED_EXPECTED,
    WEIGHTED_Z,
    WEIGHTED_PERCENTILE,
    WEIGHTED_P_HIGH,
    WEIGHTED_P,
    CONGRUENCE_COLUMNS
};
static const struct column_definition congruence_definitions[CONGRUENCE_COLUMNS] = {
    [OWNERS] = {"owners", "", "actors that own something in the register of needs", ""},
    [PAIRS] = {"pairs", "", "pairs of owners", ""},
    [NEEDED] = {"needed", "", "pairs with a coordination requirement", NEED_CATALDO},
    [DONE] = {"needed_done", "", "of these, pairs with contact", NEED_CATALDO},
    [MISSING] = {"needed_missing", "", "of these, pairs without", NEED_CATALDO},
    [UNKNOWN] = {"needed_unknown", "", "of these, pairs that nobody who has reported would have told of", ""},
    [DONE_NOT_NEEDED] = {"done_not_needed", "", "pairs with contact and without a requirement", NEED_CATALDO},
    [NEITHER_COUNT] = {"neither", "", "pairs with neither", ""},
    [CONGRUENCE_VALUE] = {"congruence", "0..1",
                          "needed_done / (needed_done + needed_missing); missing when nothing known is needed", NEED_CATALDO},
    [CONGRUENCE_LOW] = {"congruence_low", "0..1", "congruence if no unknown pair has contact", ""},
    [CONGRUENCE_HIGH] = {"congruence_high", "0..1", "congruence if every unknown pair has contact", ""},
    [CONGRUENCE_EXPECTED] = {"congruence_expected", "0..1", "mean when the same contacts are dealt out to the owners at random",
                             NEED_QAP},
    [CONGRUENCE_SD] = {"congruence_sd", "", "standard deviation over these permutations", NEED_QAP},
    [CONGRUENCE_Z] = {"congruence_z", "", "(congruence - congruence_expected) / congruence_sd", ""},
    [CONGRUENCE_PERCENTILE] = {"congruence_percentile", "0..100",
                               "percent of the permutations with as much congruence, or less", NEED_QAP},
    [CONGRUENCE_P_HIGH] = {"congruence_p_high", "", "share of the permutations with as much congruence, or more",
                           "Phipson & Smyth 2010"},
    [CONGRUENCE_P] = {"congruence_p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
    [WEIGHTED_VALUE] = {"weighted", "0..1", "requirement of the pairs with contact / requirement of all known pairs",
                        NEED_CATALDO},
    [WEIGHTED_EXPECTED] = {"weighted_expected", "0..1", "its mean over the permutations", NEED_QAP},
    [WEIGHTED_Z] = {"weighted_z", "", "how far it is from there, in standard deviations", ""},
    [WEIGHTED_PERCENTILE] = {"weighted_percentile", "0..100", "percent of the permutations with as much, or less", NEED_QAP},
    [WEIGHTED_P_HIGH] = {"weighted_p_high", "", "share of the permutations with as much, or more", "Phipson & Smyth 2010"},
    [WEIGHTED_P] = {"weighted_p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
};

static void congruence_table(const struct need_study *study, const struct label_null *nulls, struct result *result)
{
    double lists[NEED_LISTS] = {0}, row[CONGRUENCE_COLUMNS];
    for (size_t p = 0; p < study->requirement.pair_count; p++)
        lists[study->pairs[p].list]++;
    for (size_t c = 0; c < CONGRUENCE_COLUMNS; c++)
        row[c] = NAN;
    double known = lists[NEEDED_DONE] + lists[NEEDED_MISSING], needed = known + lists[NEEDED_UNKNOWN];
    row[OWNERS] = (double)study->requirement.count;
    row[PAIRS] = (double)study->requirement.pair_count;
    row[NEEDED] = needed;
    row[DONE] = lists[NEEDED_DONE];
    row[MISSING] = lists[NEEDED_MISSING];
    row[UNKNOWN] = lists[NEEDED_UNKNOWN];
    row[DONE_NOT_NEEDED] = lists[UNNEEDED_DONE];
    row[NEITHER_COUNT] = lists[NEITHER];
    if (needed > 0) {
        row[CONGRUENCE_LOW] = lists[NEEDED_DONE] / needed;
        row[CONGRUENCE_HIGH] = (lists[NEEDED_DONE] + lists[NEEDED_UNKNOWN]) / needed;
    }
    if (known > 0) {
        const struct label_null *plain = &nulls[NEED_CONGRUENCE], *weighted = &nulls[NEED_WEIGHTED];
        bool varies = plain->sd > 0, weights_vary = weighted->sd > 0;
        row[CONGRUENCE_VALUE] = plain->observed;
        row[CONGRUENCE_EXPECTED] = plain->mean;
        row[CONGRUENCE_SD] = plain->sd;
        row[CONGRUENCE_Z] = plain->z;
        row[CONGRUENCE_PERCENTILE] = varies ? 100 * plain->p_low : NAN;
        row[CONGRUENCE_P_HIGH] = varies ? plain->p_high : NAN;
        row[CONGRUENCE_P] = varies ? plain->p : NAN;
        row[WEIGHTED_VALUE] = weighted->observed;
        row[WEIGHTED_EXPECTED] = weighted->mean;
        row[WEIGHTED_Z] = weighted->z;
        row[WEIGHTED_PERCENTILE] = weights_vary ? 100 * weighted->p_low : NAN;
        row[WEIGHTED_P_HIGH] = weights_vary ? weighted->p_high : NAN;
        row[WEIGHTED_P] = weights_vary ? weighted->p : NAN;
    }
    size_t table = result_add_table(result, "congruence", 1);
    for (size_t c = 0; c < CONGRUENCE_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &congruence_definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
}

/* ---------------------------------------------------------------------------------------------------------- actors */
static const struct column_definition actor_numbers[] = {
    {"owned", "", "instruments, goals and target groups it owns; missing when none", ""},
    {"needed", "", "actors it needs: pairs with a coordination requirement", NEED_CATALDO},
    {"needed_done", "", "of these, those it has contact with", NEED_CATALDO},
    {"needed_missing", "", "of these, those it has no contact with", NEED_CATALDO},
    {"needed_unknown", "", "of these, those of whom it is not known", ""},
    {"requirement", "weight", "its requirements summed", NEED_CATALDO},
    {"weighted", "0..1", "requirement towards those it has contact with / requirement of all its known pairs", NEED_CATALDO},
};
#define ACTOR_NUMBERS (sizeof actor_numbers / sizeof actor_numbers[0])

static bool actor_table(const struct need_study *study, struct result *result)
{
    const struct requirement *requirement = &study->requirement;
    double(*rows)[ACTOR_NUMBERS + 2] =
        calloc(requirement->count + 1, sizeof *rows); /* and requirement met, requirement known */
    if (!rows)
        return false;
    for (size_t i = 0; i < study->needed_count; i++) {
        const struct need_pair *pair = &study->pairs[study->needed[i]];
        for (int end = 0; end < 2; end++) {
            double *row = rows[end ? pair->b : pair->a];
            row[1]++;
            row[pair->list == NEEDED_DONE ? 2 : pair->list == NEEDED_MISSING ? 3 : 4]++;
            row[5] += pair->requirement;
            row[7] += pair->list == NEEDED_DONE ? pair->requirement : 0;
            row[8] += pair->list != NEEDED_UNKNOWN ? pair->requirement : 0;
        }
    }
    for (size_t i = 0; i < requirement->count; i++) {
        rows[i][0] = requirement->owned[i];
        rows[i][6] = rows[i][8] > 0 ? rows[i][7] / rows[i][8] : NAN;
    }
    size_t table = families_actor_table(study->network, result, "actors");
    for (size_t c = 0; c < ACTOR_NUMBERS; c++) {
        double *numbers = result_add_numbers(result, table, &actor_numbers[c]);
        for (size_t i = 0; numbers && i < requirement->count; i++)
            numbers[requirement->actors[i]] = rows[i][c];
    }
    free(rows);
    return true;
}

/* ------------------------------------------------------------------------------------------------------ all of it */
static void describe(const struct need_study *study, const struct choices *choices, bool exact, unsigned count,
                     struct result *result)
{
    result_set_card(result, "pairs of actors",
                    "those that own something in the register of needs; a contact in either direction counts");
    if (choices->dependency == DEPENDENCY_SHARING)
        result_set_card(result, "dependency", "only owning the same item (TD is the identity)");
    else
        result_set_card(
            result, "dependency",
            "owning the same item, or items that serve the same goal or target group, by the product of the weights");
    if (choices->enough > 0)
        result_set_card(result, "contact", "weight of at least %g of what the configuration model expects", choices->enough);
    else
        result_set_card(result, "contact", "any");
    if (exact)
        result_set_card(result, "permutation of actors", "all %u, p exact", count);
    else
        result_set_card(result, "permutation of actors", "%u random, p = (b+1)/(m+1)", count);
    families_card_random(study->network->spec.seed, result);
    if (!study->need->item_count)
        result_note(result, "The register of needs is empty: samordning need import fills it.");
    size_t outside = study->network->actor_count - study->requirement.count;
    if (study->need->item_count && outside)
        result_note(result,
                    "%zu actors own nothing in the register of needs: whom they need is not known, and they are left out.",
                    outside);
    if (study->need->unplaced > 0)
        result_note(result, "%.0f ownerships belong to actors that are not in this network and are left out.",
                    study->need->unplaced);
}

static enum metrics_status compute(struct need_study *study, const struct topology *topology, const struct choices *choices,
                                   struct result *result, char error[400])
{
    struct label_null *nulls = calloc(need_study_statistics(study), sizeof *nulls);
    enum label_permutation_status permuted = LABEL_PERMUTATION_NO_MEMORY;
    bool exact = false;
    unsigned count = 0;
    if (nulls && need_study_pair_up(study, topology, choices->enough)) {
        study->step.from = 100;
        study->step.to = 950;
        permuted = need_study_permute(study, (unsigned)choices->permutations, nulls, &exact, &count);
    }
    bool done = permuted == LABEL_PERMUTATION_OK;
    if (done) {
        congruence_table(study, nulls, result);
        done = need_sectors_table(study, nulls, result) && actor_table(study, result);
        pair_table(study, result); /* last: it puts the pairs in another order */
        describe(study, choices, exact, count, result);
    }
    free(nulls);
    if (permuted == LABEL_PERMUTATION_STOPPED)
        return METRICS_CANCELLED;
    return done ? families_finish(result, error) : families_out_of_memory(error);
}

enum metrics_status need_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    struct need_study study;
    enum metrics_status status = need_study_init(&study, input, ground.choices, error);
    if (status == METRICS_OK)
        status = compute(&study, &ground.topology, ground.choices, result, error);
    need_study_release(&study);
    families_end(&ground);
    return status;
}
