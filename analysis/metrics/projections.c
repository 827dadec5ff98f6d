/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family projections: the same meetings under every projection side by side, and which rankings survive all of them.
 */
#include "backbone.h"
#include "centrality.h"
#include "meetings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME 1e-9 /* relative: values this close are one value */

static const char *const projection_names[MEETINGS_PROJECTIONS] = {"newman", "count", "duration", "binary", "backbone"};
enum measure { BY_STRENGTH, BY_BETWEENNESS, BY_HARMONIC, BY_EIGENVECTOR, MEASURES };
static const char *const measure_names[MEASURES] = {"strength", "betweenness", "harmonic", "eigenvector"};

static const struct column_definition actor_texts[] = {
    {"actor", "", "stable key of the actor", ""},
    {"name", "", "name of the actor", ""},
    {"measure", "", "what the ranking is by: a column of the family centrality", ""},
};
enum rank_column {
    VALUES,
    RANKS = VALUES + MEETINGS_PROJECTIONS,
    RANK_LOW = RANKS + MEETINGS_PROJECTIONS,
    RANK_HIGH,
    RANK_COLUMNS
};
static const struct column_definition rank_definitions[RANK_COLUMNS] = {
    [VALUES + MEETINGS_NEWMAN] = {"newman", "", "the measure when a meeting of k gives each pair 1/(k-1)", "Newman 2001"},
    [VALUES + MEETINGS_COUNT] = {"count", "", "the measure when a meeting gives each pair 1", ""},
    [VALUES + MEETINGS_DURATION] = {"duration", "", "the measure when a meeting gives each pair its minutes", ""},
    [VALUES + MEETINGS_BINARY] = {"binary", "", "the measure when pairs that met at all are tied by 1", ""},
    [VALUES + MEETINGS_BACKBONE] = {"backbone", "",
                                    "the measure when pairs that met more often than activity and sizes explain are tied by 1",
                                    "Neal, Domagalski & Sagan 2021"},
    [RANKS +
        MEETINGS_NEWMAN] = {"rank_newman", "", "rank under newman, the largest value 1; equal values share the best rank", ""},
    [RANKS + MEETINGS_COUNT] = {"rank_count", "", "rank under count", ""},
    [RANKS + MEETINGS_DURATION] = {"rank_duration", "", "rank under duration", ""},
    [RANKS + MEETINGS_BINARY] = {"rank_binary", "", "rank under binary", ""},
    [RANKS + MEETINGS_BACKBONE] = {"rank_backbone", "", "rank under backbone", ""},
    [RANK_LOW] = {"rank_best", "", "the best of these ranks", ""},
    [RANK_HIGH] = {"rank_worst", "", "the worst of these ranks: far from the best, the ranking depends on the projection", ""},
};

static const struct column_definition survival_text = {"measure", "", "what the ranking is by", ""};
enum survival_column { PROJECTIONS, PAIRS, PAIRS_SAME, SHARE_SAME, TAU_LEAST, TOP_SAME, SURVIVAL_COLUMNS };
static const struct column_definition survival_definitions[SURVIVAL_COLUMNS] = {
    [PROJECTIONS] = {"projections", "", "projections under which the measure has values", ""},
    [PAIRS] = {"pairs", "", "pairs of actors with a value under all of them", ""},
    [PAIRS_SAME] = {"pairs_same", "", "pairs that stand in the same order under all of them, ties of rank included", ""},
    [SHARE_SAME] = {"share_same", "0..1", "pairs_same / pairs: 1 = the ranking survives whole", ""},
    [TAU_LEAST] = {"tau_least", "-1..1", "the least Kendall tau-b between two projections", "Kendall 1945"},
    [TOP_SAME] = {"top_same", "0/1", "1 when the same actors share the first place under all of them", ""},
};

static const struct column_definition tau_texts[] = {
    {"measure", "", "what the rankings are by", ""},
    {"projection_a", "", "one projection", ""},
    {"projection_b", "", "the other", ""},
};
static const struct column_definition tau_number = {"tau", "-1..1", "Kendall tau-b between the two rankings", "Kendall 1945"};

/* Values of all measures under one projection, actor by actor, as the family centrality has them. */
static enum metrics_status measure(const struct network *like, const double *weights, bool unit, struct families_step *step,
                                   double *const *ret_values, char error[400])
{
    struct network network;
    struct families_ground ground;
    struct result *result = result_create("centrality"); /* for its notes, which are of no use here */
    if (!meetings_network(like, weights, unit, &network) || !result) {
        free(network.ties);
        result_destroy(result);
        return families_out_of_memory(error);
    }
    struct metrics_input input = {.network = &network, .progress = families_proceed, .arg = step};
    struct centrality centrality = {.at = {[STRENGTH] = ret_values[BY_STRENGTH],
                                           [BETWEENNESS] = ret_values[BY_BETWEENNESS],
                                           [HARMONIC] = ret_values[BY_HARMONIC],
                                           [EIGENVECTOR] = ret_values[BY_EIGENVECTOR]}};
    enum metrics_status status = METRICS_FAILED;
    if (families_begin(&input, result, &ground, error)) {
        status = centrality_fill(&input, &ground, &centrality, result, error);
        families_end(&ground);
    }
    for (size_t m = 0; m < MEASURES && network.tie_count == 0; m++)
        for (size_t i = 0; i < like->actor_count; i++)
            ret_values[m][i] = NAN;
    free(network.ties);
    result_destroy(result);
    return status;
}

static int order_of(double a, double b)
{
    return fabs(a - b) <= SAME * fmax(fabs(a), fabs(b)) ? 0 : a > b ? 1 : -1;
}

/* One number an actor, and its rank; how far the rankings by one measure agree. */
struct values {
    double *at[MEASURES][MEETINGS_PROJECTIONS], *rank[MEASURES][MEETINGS_PROJECTIONS];
    double tau[MEASURES][MEETINGS_PROJECTIONS][MEETINGS_PROJECTIONS]; /* p < q */
    double pairs[MEASURES], same[MEASURES]; /* with values under all projections that have any; in one order under all */
    double *room;
};

/* How one actor stands to those before it, a bit for each. */
struct standing {
    uint64_t *above, *below, *known; /* known and neither: equal */
};

static bool has_values(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            return true;
    return false;
}

/* Ranks grow by those found above. */
static void stand(const double *values, size_t i, struct standing *standing, double *rank)
{
    size_t words = (i + 63) / 64;
    for (size_t w = 0; w < words; w++) {
        uint64_t above = 0, below = 0, known = 0;
        for (size_t j = w * 64; j < i && j < (w + 1) * 64; j++) {
            if (isnan(values[i]) || isnan(values[j]))
                continue;
            int order = order_of(values[i], values[j]);
            uint64_t bit = UINT64_C(1) << (j % 64);
            known |= bit;
            above |= order > 0 ? bit : 0;
            below |= order < 0 ? bit : 0;
            rank[j] += order > 0;
            rank[i] += order < 0;
        }
        standing->above[w] = above;
        standing->below[w] = below;
        standing->known[w] = known;
    }
}

/* Kendall's counts of two rankings. */
struct kendall {
    int64_t same, left_differ, right_differ; /* agreeing less disagreeing pairs; pairs that differ in one, both known */
};

static void count_pairs(const struct standing *left, const struct standing *right, size_t words, struct kendall *kendall)
{
    for (size_t w = 0; w < words; w++) {
        uint64_t agree = (left->above[w] & right->above[w]) | (left->below[w] & right->below[w]);
        uint64_t against = (left->above[w] & right->below[w]) | (left->below[w] & right->above[w]);
        kendall->same += __builtin_popcountll(agree) - __builtin_popcountll(against);
        kendall->left_differ += __builtin_popcountll((left->above[w] | left->below[w]) & right->known[w]);
        kendall->right_differ += __builtin_popcountll((right->above[w] | right->below[w]) & left->known[w]);
    }
}

/* Pairs that are known everywhere, and those of them that stand in one order everywhere. */
static void count_surviving(const struct standing *standings, const bool *used, size_t words, int64_t *pairs, int64_t *same)
{
    for (size_t w = 0; w < words; w++) {
        uint64_t known = ~UINT64_C(0), above = ~UINT64_C(0), below = ~UINT64_C(0), equal = ~UINT64_C(0);
        for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++) {
            if (!used[p])
                continue;
            known &= standings[p].known[w];
            above &= standings[p].above[w];
            below &= standings[p].below[w];
            equal &= standings[p].known[w] & ~(standings[p].above[w] | standings[p].below[w]);
        }
        *pairs += __builtin_popcountll(known);
        *same += __builtin_popcountll(above | below | equal);
    }
}

/* All about the rankings by one measure, in one walk over the pairs. `bits`: 3 x MEETINGS_PROJECTIONS rows of so many words as
 * all actors need. */
static void compare_measure(struct values *values, size_t m, size_t n, uint64_t *bits)
{
    struct standing standings[MEETINGS_PROJECTIONS];
    struct kendall kendall[MEETINGS_PROJECTIONS][MEETINGS_PROJECTIONS] = {0};
    bool used[MEETINGS_PROJECTIONS], any = false;
    int64_t pairs = 0, same = 0;
    size_t words = (n + 63) / 64;
    for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++) {
        standings[p] = (struct standing){bits + 3 * p * words, bits + (3 * p + 1) * words, bits + (3 * p + 2) * words};
        used[p] = has_values(values->at[m][p], n);
        any = any || used[p];
        for (size_t i = 0; i < n; i++)
            values->rank[m][p][i] = isnan(values->at[m][p][i]) ? NAN : 1;
    }
    for (size_t i = 0; i < n && any; i++) {
        for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++)
            stand(values->at[m][p], i, &standings[p], values->rank[m][p]);
        for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++)
            for (size_t q = p + 1; q < MEETINGS_PROJECTIONS; q++)
                count_pairs(&standings[p], &standings[q], (i + 63) / 64, &kendall[p][q]);
        count_surviving(standings, used, (i + 63) / 64, &pairs, &same);
    }
    for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++)
        for (size_t q = p + 1; q < MEETINGS_PROJECTIONS; q++) {
            const struct kendall *of = &kendall[p][q];
            values->tau[m][p][q] = of->left_differ > 0 && of->right_differ > 0
                                       ? (double)of->same / sqrt((double)of->left_differ * (double)of->right_differ)
                                       : NAN;
        }
    values->pairs[m] = (double)pairs;
    values->same[m] = (double)same;
}

/* METRICS_CANCELLED: it was stopped. */
static enum metrics_status compare_rankings(struct values *values, size_t n, struct families_step *step, char error[400])
{
    uint64_t *bits = malloc((3 * MEETINGS_PROJECTIONS * ((n + 63) / 64) + 1) * sizeof *bits);
    enum metrics_status status = bits ? METRICS_OK : families_out_of_memory(error);
    for (size_t m = 0; m < MEASURES && status == METRICS_OK; m++) {
        if (families_proceed(step, (unsigned)(m * 750 / MEASURES)))
            compare_measure(values, m, n, bits);
        else
            status = METRICS_CANCELLED;
    }
    free(bits);
    return status;
}

static void rank_table(const struct network *network, const struct values *values, struct result *result)
{
    size_t n = network->actor_count, rows = n * MEASURES, table = result_add_table(result, "projections", rows);
    for (size_t c = 0; c < 3; c++) {
        char **texts = result_add_texts(result, table, &actor_texts[c]);
        for (size_t r = 0; texts && r < rows; r++) {
            const struct network_actor *actor = &network->actors[r / MEASURES];
            const char *text = c == 0 ? actor->key : c == 1 ? actor->label : measure_names[r % MEASURES];
            if (text)
                result_set_text(result, &texts[r], text);
        }
    }
    double *columns[RANK_COLUMNS];
    for (size_t c = 0; c < RANK_COLUMNS; c++)
        result_add_numbers(result, table, &rank_definitions[c]);
    if (result_failed(result))
        return;
    for (size_t c = 0; c < RANK_COLUMNS; c++)
        columns[c] = result->tables[table].columns[3 + c].numbers;
    for (size_t r = 0; r < rows; r++) {
        double low = NAN, high = NAN;
        for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++) {
            const double *of = values->at[r % MEASURES][p];
            double rank = values->rank[r % MEASURES][p][r / MEASURES];
            columns[VALUES + p][r] = of[r / MEASURES];
            columns[RANKS + p][r] = rank;
            low = fmin(low, rank); /* fmin and fmax pass over what is missing */
            high = fmax(high, rank);
        }
        columns[RANK_LOW][r] = low;
        columns[RANK_HIGH][r] = high;
    }
}

static void survival_row(const struct values *values, size_t measure, size_t n, double *row)
{
    const double *ranks[MEETINGS_PROJECTIONS];
    size_t count = 0;
    double least = NAN;
    for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++)
        if (has_values(values->at[measure][p], n))
            ranks[count++] = values->rank[measure][p];
    bool top = count > 0;
    for (size_t p = 0; p < count; p++)
        for (size_t i = 0; i < n; i++)
            top = top && (ranks[p][i] == 1) == (ranks[0][i] == 1);
    for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++)
        for (size_t q = p + 1; q < MEETINGS_PROJECTIONS; q++)
            least = fmin(least, values->tau[measure][p][q]); /* missing where a projection has no values */
    row[PROJECTIONS] = (double)count;
    row[PAIRS] = values->pairs[measure];
    row[PAIRS_SAME] = values->same[measure];
    row[SHARE_SAME] = values->pairs[measure] > 0 && count > 1 ? values->same[measure] / values->pairs[measure] : NAN;
    row[TAU_LEAST] = least;
    row[TOP_SAME] = count > 1 && n > 0 ? top : NAN;
}

static void survival_tables(const struct values *values, size_t n, struct result *result)
{
    double rows[MEASURES][SURVIVAL_COLUMNS];
    size_t table = result_add_table(result, "survival", MEASURES);
    char **texts = result_add_texts(result, table, &survival_text);
    for (size_t m = 0; m < MEASURES; m++) {
        survival_row(values, m, n, rows[m]);
        if (texts)
            result_set_text(result, &texts[m], measure_names[m]);
    }
    for (size_t c = 0; c < SURVIVAL_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &survival_definitions[c]);
        for (size_t m = 0; numbers && m < MEASURES; m++)
            numbers[m] = rows[m][c];
    }
    enum { EACH = MEETINGS_PROJECTIONS * (MEETINGS_PROJECTIONS - 1) / 2 };
    table = result_add_table(result, "rank_agreement", MEASURES * EACH);
    for (size_t c = 0; c < 4; c++) {
        texts = c < 3 ? result_add_texts(result, table, &tau_texts[c]) : NULL;
        double *numbers = c == 3 ? result_add_numbers(result, table, &tau_number) : NULL;
        for (size_t m = 0, row = 0; (texts || numbers) && m < MEASURES; m++)
            for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++)
                for (size_t q = p + 1; q < MEETINGS_PROJECTIONS; q++, row++) {
                    if (texts)
                        result_set_text(result, &texts[row], c == 0 ? measure_names[m] : projection_names[c == 1 ? p : q]);
                    else
                        numbers[row] = values->tau[m][p][q];
                }
    }
}

enum metrics_status projections_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    static const struct chronicle nothing = {0};
    const struct chronicle *chronicle = input->chronicle ? input->chronicle : &nothing;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    size_t n = network->actor_count;
    struct meetings meetings = {0};
    struct values values = {.room = NULL};
    double alpha = ground.choices->alpha;
    struct families_step step;
    enum metrics_status status = families_out_of_memory(error);
    if (n > MEETINGS_ACTORS_MAX) {
        result_note(result, "Projections were left out: more than %d actors.", MEETINGS_ACTORS_MAX);
        status = families_finish(result, error);
        goto out;
    }
    values.room = malloc((2 * n * MEASURES * MEETINGS_PROJECTIONS + 1) * sizeof *values.room);
    if (!values.room)
        goto out;
    for (size_t i = 0; i < 2 * n * MEASURES * MEETINGS_PROJECTIONS; i++)
        values.room[i] = NAN;
    step = (struct families_step){input, 0, 100};
    enum meetings_status added = meetings_init(&meetings, chronicle, n, families_proceed, &step);
    if (added != MEETINGS_OK) {
        status = added == MEETINGS_STOPPED ? METRICS_CANCELLED : status;
        goto out;
    }
    step = (struct families_step){input, 100, 400};
    for (size_t m = 0; m < MEASURES; m++)
        for (size_t p = 0; p < MEETINGS_PROJECTIONS; p++) {
            values.at[m][p] = values.room + 2 * (m * MEETINGS_PROJECTIONS + p) * n;
            values.rank[m][p] = values.at[m][p] + n;
        }
    status = backbone_find(network, &meetings, alpha, &step, result, error);
    for (size_t p = 0; p < MEETINGS_PROJECTIONS && status == METRICS_OK; p++) {
        double *of[MEASURES];
        for (size_t m = 0; m < MEASURES; m++)
            of[m] = values.at[m][p];
        step = (struct families_step){input, (unsigned)(400 + 110 * p), (unsigned)(400 + 110 * (p + 1))};
        status = measure(network, meetings.weights[p], p >= MEETINGS_BINARY, &step, of, error);
    }
    step = (struct families_step){input, 950, 1000};
    if (status == METRICS_OK)
        status = compare_rankings(&values, n, &step, error);
    if (status == METRICS_OK && !families_proceed(&step, 750))
        status = METRICS_CANCELLED;
    if (status != METRICS_OK)
        goto out;
    rank_table(network, &values, result);
    survival_tables(&values, n, result);
    result_set_card(result, "meetings", "%.0f meetings with at least two actors, %.0f of them without an end", meetings.count,
                    meetings.untimed);
    result_set_card(
        result, "rankings",
        "strength, betweenness (distance 1 / weight), harmonic and eigenvector of each projection's network; values "
        "within 1e-9 of each other are equal");
    result_set_card(
        result, "backbone",
        "pairs with q <= %g (alpha=%-g) in the stochastic degree sequence model: actors keep their number of meetings, "
        "meetings their number of actors, both in expectation",
        alpha, alpha);
    if (meetings.count == 0)
        result_note(result, "No meetings in this period and these layers: there is nothing to project.");
    else if (meetings.untimed == meetings.count)
        result_note(result, "No meeting has an end: the projection by duration is empty and left out of the comparison.");
    status = families_finish(result, error);
out:
    free(values.room);
    meetings_release(&meetings);
    families_end(&ground);
    return status;
}
