/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family need: the coordination that instruments, goals and target groups require, against the contact there was.
 *
 * Congruence after Cataldo, Wagstrom, Herbsleb & Carley 2006 and Cataldo, Herbsleb & Carley 2008; its null permutes the actors
 * of the contact (QAP, Krackhardt 1988), which keeps both networks as they are and asks only whether they lie on each other.
 */
#include "need.h"

#include "dyad.h"
#include "families.h"
#include "label_permutation.h"
#include "multiple.h"
#include "random_stream.h"
#include "requirement.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEED_ROWS_MAX     50000 /* pairs; beyond that those neither needed nor done are only counted */
#define EVIDENCE_TEXT_MAX 1000
#define NEED_SECTORS_MAX  200

enum contact { CONTACT_NO, CONTACT_YES, CONTACT_UNKNOWN };
enum list { NEEDED_MISSING, NEEDED_UNKNOWN, NEEDED_DONE, UNNEEDED_DONE, UNNEEDED_UNKNOWN, NEITHER, LISTS };
static const char *const list_names[LISTS] = {
    [NEEDED_MISSING] = "needed_missing", [NEEDED_UNKNOWN] = "needed_unknown",       [NEEDED_DONE] = "needed_done",
    [UNNEEDED_DONE] = "done_not_needed", [UNNEEDED_UNKNOWN] = "not_needed_unknown", [NEITHER] = "neither"};

struct pair {
    size_t a, b;     /* places among the owners, a < b */
    int32_t sectors; /* the cell of their sectors; -1 = one of them has none */
    enum contact contact;
    enum list list;
    double requirement, weight, expected;
};
struct study {
    const struct network *network;
    const struct need *need;
    struct requirement requirement;
    struct pair *pairs; /* all pairs of owners, in the order of requirement_pair */
    size_t *needed;     /* indices of the pairs with a requirement */
    size_t needed_count;
    const char *sectors[NEED_SECTORS_MAX]; /* of the owners, sorted */
    size_t sector_count, cell_count;       /* cells: unordered pairs of sectors, a <= b */
    struct families_step step;
};

static double relative(const struct pair *pair)
{
    return pair->expected > 0 ? pair->weight / pair->expected : 0;
}

/* ------------------------------------------------------------------------------------------------------- preparing */
static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const struct network_actor *owner(const struct study *study, size_t place)
{
    return &study->network->actors[study->requirement.actors[place]];
}

/* False: more sectors than are told apart. */
static bool find_sectors(struct study *study)
{
    for (size_t i = 0; i < study->requirement.count; i++) {
        const char *sector = owner(study, i)->sector;
        if (!sector || !*sector ||
            (study->sector_count &&
             bsearch(&sector, study->sectors, study->sector_count, sizeof *study->sectors, compare_names)))
            continue;
        if (study->sector_count == NEED_SECTORS_MAX)
            return false;
        study->sectors[study->sector_count++] = sector;
        qsort(study->sectors, study->sector_count, sizeof *study->sectors, compare_names);
    }
    study->cell_count = study->sector_count * (study->sector_count + 1) / 2;
    return true;
}

static int32_t sector_of(const struct study *study, size_t place)
{
    const char *sector = owner(study, place)->sector;
    if (!sector || !*sector)
        return -1;
    const char *const *found = bsearch(&sector, study->sectors, study->sector_count, sizeof *study->sectors, compare_names);
    return (int32_t)(found - study->sectors);
}

/* Sectors a <= b count row by row of the upper triangle. */
static int32_t cell_of(const struct study *study, int32_t a, int32_t b)
{
    int32_t low = a < b ? a : b, high = a < b ? b : a, n = (int32_t)study->sector_count;
    return low < 0 ? -1 : low * (2 * n - low + 1) / 2 + (high - low);
}

static enum contact contact_of(const struct study *study, const struct pair *pair, double enough)
{
    if (pair->weight > 0 && relative(pair) >= enough)
        return CONTACT_YES;
    size_t a = (size_t)study->requirement.actors[pair->a], b = (size_t)study->requirement.actors[pair->b];
    bool told = dyad_told(study->network, a, b) && dyad_told(study->network, b, a); /* contact counts in both directions */
    return told || pair->weight > 0 ? CONTACT_NO : CONTACT_UNKNOWN;
}

static enum list list_of(const struct pair *pair)
{
    if (pair->requirement > 0)
        return pair->contact == CONTACT_YES ? NEEDED_DONE : pair->contact == CONTACT_NO ? NEEDED_MISSING : NEEDED_UNKNOWN;
    return pair->contact == CONTACT_YES ? UNNEEDED_DONE : pair->contact == CONTACT_NO ? NEITHER : UNNEEDED_UNKNOWN;
}

static bool make_pairs(struct study *study, const struct topology *topology, double enough)
{
    const struct requirement *requirement = &study->requirement;
    const struct adjacency *both = &topology->both;
    study->pairs = malloc((requirement->pair_count + 1) * sizeof *study->pairs);
    study->needed = malloc((requirement->pair_count + 1) * sizeof *study->needed);
    if (!study->pairs || !study->needed)
        return false;
    double total = 0;
    for (size_t i = 0; i < both->count; i++)
        total += adjacency_strength(both, i);
    for (size_t a = 0; a < requirement->count; a++) {
        double strength = adjacency_strength(both, (size_t)requirement->actors[a]);
        for (size_t b = a + 1; b < requirement->count; b++) {
            size_t at = requirement_pair(requirement, a, b);
            size_t found = adjacency_find(both, (size_t)requirement->actors[a], requirement->actors[b]);
            struct pair pair = {.a = a,
                                .b = b,
                                .sectors = cell_of(study, sector_of(study, a), sector_of(study, b)),
                                .requirement = requirement->weights[at],
                                .weight = found == SIZE_MAX ? 0 : both->weight[found]};
            pair.expected = total > 0 ? strength * (adjacency_strength(both, (size_t)requirement->actors[b]) / total) : 0;
            pair.contact = contact_of(study, &pair, enough);
            pair.list = list_of(&pair);
            if (pair.requirement > 0)
                study->needed[study->needed_count++] = at;
            study->pairs[at] = pair;
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------- the null */
#define CONGRUENCE 0
#define WEIGHTED   1
#define CELLS      2 /* from here on the contact of each pair of sectors */

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/* labels[i] is the owner whose contacts the i-th owner is given. */
static void statistics(void *arg, const int32_t *labels, double *ret_statistics)
{
    const struct study *study = arg;
    double known = 0, done = 0, required = 0, met = 0;
    double *contact = ret_statistics + CELLS, *weights = contact + study->cell_count; /* the last are for adding up only */
    memset(contact, 0, 2 * study->cell_count * sizeof *contact);
    for (size_t i = 0; i < study->needed_count; i++) {
        const struct pair *need = &study->pairs[study->needed[i]];
        size_t a = (size_t)labels[need->a], b = (size_t)labels[need->b];
        const struct pair *given = &study->pairs[requirement_pair(&study->requirement, a < b ? a : b, a < b ? b : a)];
        if (given->contact == CONTACT_UNKNOWN)
            continue;
        known++;
        required += need->requirement;
        if (given->contact == CONTACT_YES) {
            done++;
            met += need->requirement;
        }
        if (need->sectors >= 0) {
            contact[need->sectors] += need->requirement * relative(given);
            weights[need->sectors] += need->requirement;
        }
    }
    ret_statistics[CONGRUENCE] = share(done, known);
    ret_statistics[WEIGHTED] = share(met, required);
    for (size_t c = 0; c < study->cell_count; c++) {
        contact[c] = share(contact[c], weights[c]);
        weights[c] = 0;
    }
}

static bool proceed(void *arg, unsigned permille)
{
    return families_proceed(&((struct study *)arg)->step, permille);
}

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
    const struct pair *left = a, *right = b;
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

static void name_evidence(const struct study *study, const struct pair *pair, enum need_kind kind, struct result *result,
                          char **slot)
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
static void pair_table(struct study *study, struct result *result)
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
            const struct pair *pair = &study->pairs[r];
            if (c >= 7) {
                static const enum need_kind kinds[] = {NEED_GOAL, NEED_TARGET_GROUP, NEED_INSTRUMENT};
                name_evidence(study, pair, kinds[c - 7], result, &texts[r]);
                continue;
            }
            const char *text = c == 6 ? list_names[pair->list] : actor_text(owner(study, c < 3 ? pair->a : pair->b), c % 3);
            if (text)
                result_set_text(result, &texts[r], text);
        }
    }
    for (size_t c = 0; c < PAIR_NUMBERS; c++) {
        double *numbers = result_add_numbers(result, table, &pair_numbers[c]);
        for (size_t r = 0; numbers && r < rows; r++) {
            const struct pair *pair = &study->pairs[r];
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
#define CATALDO "Cataldo, Herbsleb & Carley 2008"
#define QAP     "Krackhardt 1988, QAP"
static const struct column_definition congruence_definitions[CONGRUENCE_COLUMNS] = {
    [OWNERS] = {"owners", "", "actors that own something in the register of needs", ""},
    [PAIRS] = {"pairs", "", "pairs of owners", ""},
    [NEEDED] = {"needed", "", "pairs with a coordination requirement", CATALDO},
    [DONE] = {"needed_done", "", "of these, pairs with contact", CATALDO},
    [MISSING] = {"needed_missing", "", "of these, pairs without", CATALDO},
    [UNKNOWN] = {"needed_unknown", "", "of these, pairs that nobody who has reported would have told of", ""},
    [DONE_NOT_NEEDED] = {"done_not_needed", "", "pairs with contact and without a requirement", CATALDO},
    [NEITHER_COUNT] = {"neither", "", "pairs with neither", ""},
    [CONGRUENCE_VALUE] = {"congruence", "0..1",
                          "needed_done / (needed_done + needed_missing); missing when nothing known is needed", CATALDO},
    [CONGRUENCE_LOW] = {"congruence_low", "0..1", "congruence if no unknown pair has contact", ""},
    [CONGRUENCE_HIGH] = {"congruence_high", "0..1", "congruence if every unknown pair has contact", ""},
    [CONGRUENCE_EXPECTED] = {"congruence_expected", "0..1", "mean when the same contacts are dealt out to the owners at random",
                             QAP},
    [CONGRUENCE_SD] = {"congruence_sd", "", "standard deviation over these permutations", QAP},
    [CONGRUENCE_Z] = {"congruence_z", "", "(congruence - congruence_expected) / congruence_sd", ""},
    [CONGRUENCE_PERCENTILE] = {"congruence_percentile", "0..100",
                               "percent of the permutations with as much congruence, or less", QAP},
    [CONGRUENCE_P_HIGH] = {"congruence_p_high", "", "share of the permutations with as much congruence, or more",
                           "Phipson & Smyth 2010"},
    [CONGRUENCE_P] = {"congruence_p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
    [WEIGHTED_VALUE] = {"weighted", "0..1", "requirement of the pairs with contact / requirement of all known pairs", CATALDO},
    [WEIGHTED_EXPECTED] = {"weighted_expected", "0..1", "its mean over the permutations", QAP},
    [WEIGHTED_Z] = {"weighted_z", "", "how far it is from there, in standard deviations", ""},
    [WEIGHTED_PERCENTILE] = {"weighted_percentile", "0..100", "percent of the permutations with as much, or less", QAP},
    [WEIGHTED_P_HIGH] = {"weighted_p_high", "", "share of the permutations with as much, or more", "Phipson & Smyth 2010"},
    [WEIGHTED_P] = {"weighted_p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
};

static void congruence_table(const struct study *study, const struct label_null *nulls, struct result *result)
{
    double lists[LISTS] = {0}, row[CONGRUENCE_COLUMNS];
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
        const struct label_null *plain = &nulls[CONGRUENCE], *weighted = &nulls[WEIGHTED];
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

/* --------------------------------------------------------------------------------------------------------- sectors */
static const struct column_definition sector_texts[] = {
    {"sector_a", "", "one sector", ""},
    {"sector_b", "", "the other sector, or the same", ""},
};
enum sector_column {
    S_NEEDED,
    S_DONE,
    S_MISSING,
    S_UNKNOWN,
    S_REQUIREMENT,
    S_CONGRUENCE,
    S_WEIGHTED,
    S_CONTACT,
    S_EXPECTED,
    S_Z,
    S_P_LOW,
    S_Q_LOW,
    SECTOR_COLUMNS
};
static const struct column_definition sector_numbers[SECTOR_COLUMNS] = {
    [S_NEEDED] = {"needed", "", "pairs of owners of the two sectors with a coordination requirement", CATALDO},
    [S_DONE] = {"needed_done", "", "of these, pairs with contact", CATALDO},
    [S_MISSING] = {"needed_missing", "", "of these, pairs without", CATALDO},
    [S_UNKNOWN] = {"needed_unknown", "", "of these, pairs that nobody who has reported would have told of", ""},
    [S_REQUIREMENT] = {"requirement", "weight", "their requirements summed", CATALDO},
    [S_CONGRUENCE] = {"congruence", "0..1", "needed_done / (needed_done + needed_missing)", CATALDO},
    [S_WEIGHTED] = {"weighted", "0..1", "requirement of the pairs with contact / requirement of all known pairs", CATALDO},
    [S_CONTACT] =
        {"contact", "observed / expected",
         "mean of ratio_configuration over the known needed pairs, by requirement: under 1 = those who need each other "
         "have less contact than their activity suggests; rows are sorted by its z",
         "Newman 2010, configuration model"},
    [S_EXPECTED] = {"contact_expected", "observed / expected",
                    "mean of contact when the same contacts are dealt out to the owners at random", QAP},
    [S_Z] = {"z", "", "how far contact is from there, in standard deviations", ""},
    [S_P_LOW] = {"p_low", "", "share of the permutations with as little contact, or less", "Phipson & Smyth 2010"},
    [S_Q_LOW] = {"q_low", "", "false discovery rate at which this pair of sectors would be called by p_low",
                 "Benjamini & Hochberg 1995"},
};

struct cell_row {
    int32_t a, b;
    double numbers[SECTOR_COLUMNS];
    double met, known; /* requirement */
};

static int compare_cells(const void *left, const void *right)
{
    const struct cell_row *a = left, *b = right;
    double x = a->numbers[S_Z], y = b->numbers[S_Z];
    if (isnan(x) != isnan(y))
        return isnan(x) ? 1 : -1;
    if (!isnan(x) && x != y)
        return x < y ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static void count_cells(const struct study *study, struct cell_row *cells)
{
    for (size_t i = 0; i < study->needed_count; i++) {
        const struct pair *pair = &study->pairs[study->needed[i]];
        if (pair->sectors < 0)
            continue;
        struct cell_row *cell = &cells[pair->sectors];
        cell->numbers[S_NEEDED]++;
        cell->numbers[S_REQUIREMENT] += pair->requirement;
        cell->numbers[pair->list == NEEDED_DONE ? S_DONE : pair->list == NEEDED_MISSING ? S_MISSING : S_UNKNOWN]++;
        cell->known += pair->list != NEEDED_UNKNOWN ? pair->requirement : 0;
        cell->met += pair->list == NEEDED_DONE ? pair->requirement : 0;
    }
}

/* False: out of memory. */
static bool sector_table(const struct study *study, const struct label_null *nulls, struct result *result)
{
    size_t cells = study->cell_count, kept = 0;
    struct cell_row *rows = calloc(cells + 1, sizeof *rows);
    double *p = malloc((cells + 1) * sizeof *p);
    if (!rows || !p) {
        free(rows);
        free(p);
        return false;
    }
    for (int32_t a = 0; a < (int32_t)study->sector_count; a++)
        for (int32_t b = a; b < (int32_t)study->sector_count; b++) {
            rows[cell_of(study, a, b)].a = a;
            rows[cell_of(study, a, b)].b = b;
        }
    count_cells(study, rows);
    for (size_t c = 0; c < cells; c++) {
        const struct label_null *null = &nulls[CELLS + c];
        double *row = rows[c].numbers, known = row[S_DONE] + row[S_MISSING];
        bool varies = known > 0 && null->sd > 0;
        row[S_CONGRUENCE] = known > 0 ? row[S_DONE] / known : NAN;
        row[S_WEIGHTED] = rows[c].known > 0 ? rows[c].met / rows[c].known : NAN;
        row[S_CONTACT] = known > 0 ? null->observed : NAN;
        row[S_EXPECTED] = known > 0 ? null->mean : NAN;
        row[S_Z] = varies ? null->z : NAN;
        row[S_P_LOW] = p[c] = varies ? null->p_low : NAN;
    }
    bool done = multiple_benjamini_hochberg(p, cells, p);
    for (size_t c = 0; c < cells && done; c++) {
        rows[c].numbers[S_Q_LOW] = p[c];
        if (rows[c].numbers[S_NEEDED] > 0)
            rows[kept++] = rows[c];
    }
    if (kept > 1)
        qsort(rows, kept, sizeof *rows, compare_cells);
    size_t table = done ? result_add_table(result, "sectors", kept) : 0;
    for (size_t c = 0; c < 2 && done; c++) {
        char **texts = result_add_texts(result, table, &sector_texts[c]);
        for (size_t r = 0; texts && r < kept; r++)
            result_set_text(result, &texts[r], study->sectors[c == 0 ? rows[r].a : rows[r].b]);
    }
    for (size_t c = 0; c < SECTOR_COLUMNS && done; c++) {
        double *numbers = result_add_numbers(result, table, &sector_numbers[c]);
        for (size_t r = 0; numbers && r < kept; r++)
            numbers[r] = rows[r].numbers[c];
    }
    free(rows);
    free(p);
    return done;
}

/* ---------------------------------------------------------------------------------------------------------- actors */
static const struct column_definition actor_numbers[] = {
    {"owned", "", "instruments, goals and target groups it owns; missing when none", ""},
    {"needed", "", "actors it needs: pairs with a coordination requirement", CATALDO},
    {"needed_done", "", "of these, those it has contact with", CATALDO},
    {"needed_missing", "", "of these, those it has no contact with", CATALDO},
    {"needed_unknown", "", "of these, those of whom it is not known", ""},
    {"requirement", "weight", "its requirements summed", CATALDO},
    {"weighted", "0..1", "requirement towards those it has contact with / requirement of all its known pairs", CATALDO},
};
#define ACTOR_NUMBERS (sizeof actor_numbers / sizeof actor_numbers[0])

static bool actor_table(const struct study *study, struct result *result)
{
    const struct requirement *requirement = &study->requirement;
    double(*rows)[ACTOR_NUMBERS + 2] =
        calloc(requirement->count + 1, sizeof *rows); /* and requirement met, requirement known */
    if (!rows)
        return false;
    for (size_t i = 0; i < study->needed_count; i++) {
        const struct pair *pair = &study->pairs[study->needed[i]];
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
static void describe(const struct study *study, const struct choices *choices, bool exact, unsigned count,
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
    result_set_card(result, "random numbers", "%s, seed %llu", RANDOM_STREAM_NAME,
                    (unsigned long long)study->network->spec.seed);
    result->card.seed = study->network->spec.seed;
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

static enum metrics_status compute(struct study *study, const struct topology *topology, const struct choices *choices,
                                   struct result *result, char error[400])
{
    struct requirement *requirement = &study->requirement;
    size_t statistic_count = CELLS + 2 * study->cell_count;
    int32_t *labels = malloc((requirement->count + 1) * sizeof *labels);
    struct label_null *nulls = calloc(statistic_count, sizeof *nulls);
    enum label_permutation_status permuted = LABEL_PERMUTATION_NO_MEMORY;
    bool exact = false;
    unsigned count = 0;
    if (labels && nulls && make_pairs(study, topology, choices->enough)) {
        for (size_t i = 0; i < requirement->count; i++)
            labels[i] = (int32_t)i;
        study->step.from = 100;
        study->step.to = 950;
        struct label_permutation permutation = {.labels = labels,
                                                .label_count = requirement->count,
                                                .statistic_count = statistic_count,
                                                .permutations = (unsigned)choices->permutations,
                                                .seed = study->network->spec.seed,
                                                .statistics = statistics,
                                                .proceed = proceed,
                                                .arg = study};
        permuted = label_permutation_run(&permutation, nulls, &exact, &count);
    }
    bool done = permuted == LABEL_PERMUTATION_OK;
    if (done) {
        congruence_table(study, nulls, result);
        done = sector_table(study, nulls, result) && actor_table(study, result);
        pair_table(study, result); /* last: it puts the pairs in another order */
        describe(study, choices, exact, count, result);
    }
    free(labels);
    free(nulls);
    if (permuted == LABEL_PERMUTATION_STOPPED)
        return METRICS_CANCELLED;
    return done ? families_finish(result, error) : families_out_of_memory(error);
}

enum metrics_status need_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    static const struct need nothing = {.item_count = 0};
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    struct study study = {.network = input->network,
                          .need = input->need ? input->need : &nothing,
                          .step = {.input = input, .from = 0, .to = 100}};
    enum metrics_status status = METRICS_FAILED;
    switch (
        requirement_init(&study.requirement, study.need, ground.choices->dependency == DEPENDENCY_SHARING, proceed, &study)) {
    case REQUIREMENT_OK:
        if (find_sectors(&study))
            status = compute(&study, &ground.topology, ground.choices, result, error);
        else
            snprintf(error, 400, "more than %d sectors own something in the register of needs", NEED_SECTORS_MAX);
        break;
    case REQUIREMENT_STOPPED:
        status = METRICS_CANCELLED;
        break;
    case REQUIREMENT_TOO_MANY:
        snprintf(error, 400, "more than %d actors own something in the register of needs; choose a level with fewer",
                 REQUIREMENT_OWNERS_MAX);
        break;
    case REQUIREMENT_NO_MEMORY:
        status = families_out_of_memory(error);
        break;
    }
    requirement_release(&study.requirement);
    free(study.pairs);
    free(study.needed);
    families_end(&ground);
    return status;
}
