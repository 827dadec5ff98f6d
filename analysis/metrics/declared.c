/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family declared: contact that respondents state against contact that was logged, and the two ends of a pair against each
 * other.
 */
#include "survey_study.h"

#include "dyad.h"
#include "kappa.h"
#include "qap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTACT "contact_actual"

enum actor_column {
    RESPONDENTS,
    PAIRS,
    BOTH,
    DECLARED_ONLY,
    LOGGED_ONLY,
    NEITHER,
    SHARE,
    KAPPA,
    OVER,
    UNDER,
    HIDDEN,
    ACTOR_COLUMNS
};
static const struct column_definition actor_numbers[ACTOR_COLUMNS] = {
    [RESPONDENTS] = {"respondents", "", "respondents of the actor", ""},
    [PAIRS] = {"pairs", "", "others of whom it is known both whether the actor states contact and whether any was logged", ""},
    [BOTH] = {"pairs_both", "", "of these, with contact stated and logged", ""},
    [DECLARED_ONLY] = {"pairs_declared_only", "", "of these, with contact stated, none logged", ""},
    [LOGGED_ONLY] = {"pairs_logged_only", "", "of these, with contact logged, none stated", ""},
    [NEITHER] = {"pairs_neither", "", "of these, with contact neither stated nor logged", ""},
    [SHARE] = {"agreement", "share", "share of the pairs of which statement and log say the same", "Marsden 1990"},
    [KAPPA] = {"kappa", "-1..1", "agreement beyond what chance would give", "Cohen 1960"},
    [OVER] = {"over_reporting", "share", "of the contacts stated, the share that nobody logged",
              "Bernard, Killworth & Sailer 1982"},
    [UNDER] = {"under_reporting", "share", "of the contacts logged, the share that was not stated",
               "Bernard, Killworth & Sailer 1982"},
    [HIDDEN] = {"suppressed", "0 or 1", "1: too few respondents, or needed to keep such an actor from being computed", ""},
};

enum whole_column {
    W_PAIRS,
    W_BOTH,
    W_DECLARED_ONLY,
    W_LOGGED_ONLY,
    W_NEITHER,
    W_SHARE,
    W_EXPECTED,
    W_KAPPA,
    W_SE,
    W_LOW,
    W_HIGH,
    W_RANK,
    W_P,
    W_RANK_PAIRS,
    W_ENDS,
    W_ENDS_EQUAL,
    W_ENDS_SAME_VALUE,
    W_ENDS_KAPPA,
    W_ENDS_LOW,
    W_ENDS_HIGH,
    WHOLE_COLUMNS
};
static const struct column_definition whole_numbers[WHOLE_COLUMNS] = {
    [W_PAIRS] = {"pairs", "", "ordered pairs (who states, about whom) known in both", ""},
    [W_BOTH] = {"pairs_both", "", "of these, with contact stated and logged", ""},
    [W_DECLARED_ONLY] = {"pairs_declared_only", "", "of these, with contact stated, none logged", ""},
    [W_LOGGED_ONLY] = {"pairs_logged_only", "", "of these, with contact logged, none stated", ""},
    [W_NEITHER] = {"pairs_neither", "", "of these, with contact neither stated nor logged", ""},
    [W_SHARE] = {"agreement", "share", "share of the pairs of which statement and log say the same", "Marsden 1990"},
    [W_EXPECTED] = {"agreement_expected", "share", "share that two accounts with as many ties would have by chance",
                    "Cohen 1960"},
    [W_KAPPA] = {"kappa", "-1..1", "agreement of statement and log beyond chance", "Cohen 1960"},
    [W_SE] = {"kappa_se", "", "large-sample standard error, as if pairs were independent", "Fleiss, Cohen & Everitt 1969"},
    [W_LOW] = {"kappa_low", "-1..1", "lower end of its 95 % interval", "Fleiss, Cohen & Everitt 1969"},
    [W_HIGH] = {"kappa_high", "-1..1", "upper end of its 95 % interval", "Fleiss, Cohen & Everitt 1969"},
    [W_RANK] =
        {"rank_correlation", "-1..1",
         "Spearman's correlation of stated value (mean of the ends that are known) and logged weight over unordered pairs",
         "Spearman 1904"},
    [W_P] = {"rank_correlation_p", "", "share of permutations of the actors with as far a correlation from 0, or further",
             "Krackhardt 1988"},
    [W_RANK_PAIRS] = {"rank_correlation_pairs", "", "unordered pairs it is of", ""},
    [W_ENDS] = {"ends_pairs", "", "unordered pairs of which both ends have said whether they have contact", ""},
    [W_ENDS_EQUAL] = {"ends_agreement", "share", "share of these in which both say yes or both say no", "Marsden 1990"},
    [W_ENDS_SAME_VALUE] = {"ends_same_value", "share", "share of these in which both state the same value", ""},
    [W_ENDS_KAPPA] = {"ends_kappa", "-1..1", "agreement of the two ends on yes and no beyond chance; they cannot be told apart",
                      "Bloch & Kraemer 1989"},
    [W_ENDS_LOW] = {"ends_kappa_low", "-1..1", "lower end of its 95 % interval", "Bloch & Kraemer 1989"},
    [W_ENDS_HIGH] = {"ends_kappa_high", "-1..1", "upper end of its 95 % interval", "Bloch & Kraemer 1989"},
};

enum pair_column { P_RESPONDENTS, P_DECLARED, P_LOGGED, P_RANK_DECLARED, P_RANK_LOGGED, P_DIFFERENCE, PAIR_COLUMNS };
static const struct column_definition pair_numbers[PAIR_COLUMNS] = {
    [P_RESPONDENTS] = {"respondents", "", "respondents of actor_a who said anything about actor_b", ""},
    [P_DECLARED] = {"declared", "", "stated value: mean over the respondents, 0 = no contact", ""},
    [P_LOGGED] = {"logged", "", "weight of the logged contact of the two, both directions, 0 = none", ""},
    [P_RANK_DECLARED] = {"declared_place", "share",
                         "place of the stated value among all pairs known in both: 0 lowest, 1 highest", ""},
    [P_RANK_LOGGED] = {"logged_place", "share", "place of the logged weight among them", ""},
    [P_DIFFERENCE] = {"difference", "", "declared_place - logged_place; rows are sorted by its size, the largest first", ""},
};

struct tally {
    double both, declared, logged, none;
};

struct study {
    const struct network *network;
    const struct wave *wave;
    size_t n;
    struct wave_ties ties; /* row tells */
    double *logged;        /* n x n, symmetric: both directions; NaN = unknown */
    bool *hidden;
    struct tally all, *tallies;
};

static void study_release(struct study *study)
{
    wave_ties_release(&study->ties);
    free(study->logged);
    free(study->hidden);
    free(study->tallies);
}

/* Contact has no direction: what either direction of a directed network has. */
static double *logged_contact(const struct network *network)
{
    size_t n = network->actor_count;
    double *matrix = dyad_matrix(network, false);
    for (size_t i = 0; matrix && network->spec.directed && i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double one = matrix[i * n + j], two = matrix[j * n + i];
            double both = isnan(one) ? two : isnan(two) ? one : one + two;
            matrix[i * n + j] = matrix[j * n + i] = both;
        }
    return matrix;
}

static bool is_known(const struct study *study, size_t i, size_t j)
{
    return i != j && !isnan(study->ties.weights[i * study->n + j]) && !isnan(study->logged[i * study->n + j]);
}

static void add_pair(struct tally *tally, double declared, double logged)
{
    tally->both += declared > 0 && logged > 0;
    tally->declared += declared > 0 && !(logged > 0);
    tally->logged += logged > 0 && !(declared > 0);
    tally->none += !(declared > 0) && !(logged > 0);
}

static void tally_up(struct study *study)
{
    for (size_t i = 0; i < study->n; i++)
        for (size_t j = 0; j < study->n; j++) {
            if (!is_known(study, i, j))
                continue;
            add_pair(&study->tallies[i], study->ties.weights[i * study->n + j], study->logged[i * study->n + j]);
            add_pair(&study->all, study->ties.weights[i * study->n + j], study->logged[i * study->n + j]);
        }
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static struct kappa kappa_of(const struct tally *tally)
{
    const double counts[] = {tally->both, tally->declared, tally->logged, tally->none};
    return kappa_cohen(counts, 2);
}

static double pairs_of(const struct tally *tally)
{
    return tally->both + tally->declared + tally->logged + tally->none;
}

static void actor_table(const struct study *study, struct result *result)
{
    double *columns[ACTOR_COLUMNS];
    size_t table = families_actor_table(study->network, result, "declared");
    if (!families_numbers(result, table, actor_numbers, ACTOR_COLUMNS, columns))
        return;
    for (size_t i = 0; i < study->n; i++) {
        const struct tally *tally = &study->tallies[i];
        const double row[ACTOR_COLUMNS] = {[RESPONDENTS] = 0,
                                           [PAIRS] = pairs_of(tally),
                                           [BOTH] = tally->both,
                                           [DECLARED_ONLY] = tally->declared,
                                           [LOGGED_ONLY] = tally->logged,
                                           [NEITHER] = tally->none,
                                           [SHARE] = share(tally->both + tally->none, pairs_of(tally)),
                                           [KAPPA] = kappa_of(tally).kappa,
                                           [OVER] = share(tally->declared, tally->both + tally->declared),
                                           [UNDER] = share(tally->logged, tally->both + tally->logged)};
        for (size_t c = 0; c < ACTOR_COLUMNS; c++)
            columns[c][i] = study->hidden[i] ? NAN : row[c];
        columns[HIDDEN][i] = study->hidden[i];
    }
    for (size_t r = 0; r < study->wave->respondent_count; r++) {
        int32_t actor = study->wave->respondents[r].actor;
        if (actor >= 0 && !study->hidden[actor])
            columns[RESPONDENTS][actor]++;
    }
}

/* ------------------------------------------------------------------------------------------------------------- ranks */
struct placed {
    double value;
    size_t cell;
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->cell > b->cell) - (a->cell < b->cell);
}

/* Mid-ranks of the cells that are not NaN, from 0 to 1; cells are sorted. A single value is in the middle. */
static void rank_cells(struct placed *cells, size_t count, double *ret_ranks)
{
    if (count > 1)
        qsort(cells, count, sizeof *cells, compare_placed);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && cells[next].value == cells[first].value;)
            next++;
        for (size_t i = first; i < next; i++)
            ret_ranks[cells[i].cell] = count > 1 ? ((double)(first + next - 1) / 2) / (double)(count - 1) : 0.5;
    }
}

/* Spearman's correlation over unordered pairs and its p by QAP: the ranks' ordinary correlation, actors permuted. */
static enum metrics_status rank_correlation(const struct metrics_input *input, const struct study *study, double *row,
                                            struct result *result, char error[400])
{
    size_t n = study->n, count = 0;
    struct families_step step = {input, 100, 900};
    double *ranks[2] = {malloc((n * n + 1) * sizeof(double)), malloc((n * n + 1) * sizeof(double))};
    struct placed *cells[2] = {malloc((n * n + 1) * sizeof(struct placed)), malloc((n * n + 1) * sizeof(struct placed))};
    struct qap_fit fit;
    enum metrics_status status = METRICS_OK;
    if (!ranks[0] || !ranks[1] || !cells[0] || !cells[1]) {
        status = families_out_of_memory(error);
        goto out;
    }
    for (size_t c = 0; c < n * n; c++)
        ranks[0][c] = ranks[1][c] = NAN;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double one = study->ties.weights[i * n + j], two = study->ties.weights[j * n + i];
            double stated = isnan(one) ? two : isnan(two) ? one : (one + two) / 2;
            if (isnan(stated) || isnan(study->logged[i * n + j]))
                continue;
            cells[0][count] = (struct placed){stated, i * n + j};
            cells[1][count++] = (struct placed){study->logged[i * n + j], i * n + j};
        }
    for (int which = 0; which < 2; which++)
        rank_cells(cells[which], count, ranks[which]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            for (int which = 0; which < 2; which++)
                ranks[which][j * n + i] = ranks[which][i * n + j];
    struct qap plan = {.model = QAP_CORRELATION,
                       .actors = n,
                       .response = ranks[0],
                       .predictor_count = 1,
                       .predictors = {ranks[1]},
                       .permutations = study->network->spec.choices.permutations,
                       .seed = study->network->spec.seed,
                       .threads = input->threads,
                       .proceed = families_proceed,
                       .arg = &step};
    row[W_RANK_PAIRS] = (double)count;
    switch (qap_run(&plan, &fit)) {
    case QAP_OK:
        row[W_RANK] = fit.effects[0].estimate;
        row[W_P] = fit.effects[0].p;
        result_set_card(result, "permutations",
                        fit.exact ? "all %zu orders of the actors, p exact"
                                  : "%zu random orders of the actors, p = (b+1)/(m+1)",
                        fit.permutations);
        break;
    case QAP_UNSOLVABLE:
        break;
    case QAP_STOPPED:
        status = METRICS_CANCELLED;
        break;
    case QAP_NO_MEMORY:
        status = families_out_of_memory(error);
    }
out:
    for (int which = 0; which < 2; which++) {
        free(ranks[which]);
        free(cells[which]);
    }
    return status;
}

static void compare_ends(const struct study *study, double *row)
{
    double both = 0, one_only = 0, none = 0, same = 0;
    for (size_t i = 0; i < study->n; i++)
        for (size_t j = i + 1; j < study->n; j++) {
            double a = study->ties.weights[i * study->n + j], b = study->ties.weights[j * study->n + i];
            if (isnan(a) || isnan(b))
                continue;
            both += a > 0 && b > 0;
            one_only += (a > 0) != (b > 0);
            none += !(a > 0) && !(b > 0);
            same += fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b));
        }
    struct kappa kappa = kappa_intraclass(both, one_only, none);
    row[W_ENDS] = both + one_only + none;
    row[W_ENDS_EQUAL] = kappa.share;
    row[W_ENDS_SAME_VALUE] = share(same, row[W_ENDS]);
    row[W_ENDS_KAPPA] = kappa.kappa;
    row[W_ENDS_LOW] = kappa.low;
    row[W_ENDS_HIGH] = kappa.high;
}

static void whole_table(const struct study *study, double *row, struct result *result)
{
    const struct tally *all = &study->all;
    struct kappa kappa = kappa_of(all);
    row[W_PAIRS] = pairs_of(all);
    row[W_BOTH] = all->both;
    row[W_DECLARED_ONLY] = all->declared;
    row[W_LOGGED_ONLY] = all->logged;
    row[W_NEITHER] = all->none;
    row[W_SHARE] = kappa.share;
    row[W_EXPECTED] = kappa.expected;
    row[W_KAPPA] = kappa.kappa;
    row[W_SE] = kappa.se;
    row[W_LOW] = kappa.low;
    row[W_HIGH] = kappa.high;
    compare_ends(study, row);
    double *columns[WHOLE_COLUMNS];
    size_t table = result_add_table(result, "declared_network", 1);
    if (families_numbers(result, table, whole_numbers, WHOLE_COLUMNS, columns))
        for (size_t c = 0; c < WHOLE_COLUMNS; c++)
            columns[c][0] = row[c];
}

/* ------------------------------------------------------------------------------------------------------------- pairs */
static bool pair_table(const struct study *study, struct result *result)
{
    size_t n = study->n, count = 0, known = 0;
    double *places[2] = {calloc(n * n + 1, sizeof(double)), calloc(n * n + 1, sizeof(double))}, *columns[PAIR_COLUMNS];
    struct placed *cells = malloc((n * n + 1) * sizeof *cells);
    struct survey_pair *shown = malloc((n * n + 1) * sizeof *shown);
    bool ok = places[0] && places[1] && cells && shown;
    for (int which = 0; ok && which < 2; which++) {
        known = 0;
        for (size_t c = 0; c < n * n; c++)
            if (is_known(study, c / n, c % n))
                cells[known++] = (struct placed){which ? study->logged[c] : study->ties.weights[c], c};
        rank_cells(cells, known, places[which]);
    }
    for (size_t c = 0; ok && c < n * n; c++)
        if (is_known(study, c / n, c % n) && !study->hidden[c / n] && (study->ties.weights[c] > 0 || study->logged[c] > 0))
            shown[count++] = (struct survey_pair){(int32_t)(c / n), (int32_t)(c % n), fabs(places[0][c] - places[1][c])};
    size_t table = ok ? survey_pair_table(study->network, shown, count, "declared_pairs", result) : 0;
    if (ok && families_numbers(result, table, pair_numbers, PAIR_COLUMNS, columns))
        for (size_t r = 0; r < count; r++) {
            size_t cell = (size_t)shown[r].from * n + (size_t)shown[r].to;
            const double row[PAIR_COLUMNS] = {study->ties.respondents[cell],
                                              study->ties.weights[cell],
                                              study->logged[cell],
                                              places[0][cell],
                                              places[1][cell],
                                              places[0][cell] - places[1][cell]};
            for (size_t c = 0; c < PAIR_COLUMNS; c++)
                columns[c][r] = row[c];
        }
    free(places[0]);
    free(places[1]);
    free(cells);
    free(shown);
    return ok;
}

enum metrics_status declared_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct study study = {.network = input->network, .wave = input->wave};
    double row[WHOLE_COLUMNS];
    int32_t item;
    if (!input->network || !input->wave) {
        snprintf(error, 400, "no wave to compare with the interactions: wave=KEY names one");
        return METRICS_REFUSED;
    }
    for (size_t c = 0; c < WHOLE_COLUMNS; c++)
        row[c] = NAN;
    struct families_step step = {input, 0, 100};
    if (!families_proceed(&step, 0))
        return METRICS_CANCELLED;
    study.n = input->network->actor_count;
    enum metrics_status status = survey_told_ties(input, 0, CONTACT, &item, &study.ties, error);
    if (status != METRICS_OK)
        return status;
    study.logged = logged_contact(input->network);
    study.hidden = calloc(study.n + 1, sizeof *study.hidden);
    study.tallies = calloc(study.n + 1, sizeof *study.tallies);
    if (!study.logged || !study.hidden || !study.tallies ||
        !survey_hidden_actors(study.wave, &study.ties, study.n, study.hidden)) {
        study_release(&study);
        return families_out_of_memory(error);
    }
    survey_begin_card(result);
    families_card(input->network, result);
    result_set_card(result, "wave", "%s, item %s", study.wave->key, study.wave->items[item].id);
    result_set_card(result, "stated", "mean over the respondents of the actor; no contact is 0");
    result_set_card(result, "missing", "pairs unknown in the log or in the wave are in no count; kappa when all say the same");
    result->card.seed = input->network->spec.seed;
    tally_up(&study);
    actor_table(&study, result);
    status = rank_correlation(input, &study, row, result, error);
    step = (struct families_step){input, 900, 1000};
    if (status == METRICS_OK && !families_proceed(&step, 0))
        status = METRICS_CANCELLED;
    if (status == METRICS_OK) {
        whole_table(&study, row, result);
        survey_note_hidden(study.wave, study.hidden, study.n, result);
        status = pair_table(&study, result) ? families_finish(result, error) : families_out_of_memory(error);
    }
    study_release(&study);
    return status;
}
