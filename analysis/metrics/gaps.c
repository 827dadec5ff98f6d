/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family gaps: contact between sectors against what chance would give, the E-I index, and sectors that meet through one actor
 * only.
 */
#include "families.h"
#include "label_permutation.h"
#include "mixing.h"
#include "multiple.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum gap_column {
    WITHIN,
    ACTORS_A,
    ACTORS_B,
    PAIRS,
    TIES,
    OBSERVED,
    EXPECTED_CONFIGURATION,
    RATIO_CONFIGURATION,
    Z_CONFIGURATION,
    P_CONFIGURATION,
    Q_CONFIGURATION,
    EXPECTED_PERMUTATION,
    SD_PERMUTATION,
    RATIO_PERMUTATION,
    Z,
    P_LOW,
    P,
    Q,
    GAP_COLUMNS
};

static const struct column_definition pair_texts[] = {
    {"sector_a", "", "one sector; in a directed network the one ties come from", ""},
    {"sector_b", "", "the other sector; in a directed network the one ties go to", ""},
};
static const struct column_definition pair_numbers[GAP_COLUMNS] = {
    [WITHIN] = {"within", "0/1", "1 when both are the same sector", ""},
    [ACTORS_A] = {"actors_a", "", "actors of the one sector", ""},
    [ACTORS_B] = {"actors_b", "", "actors of the other sector", ""},
    [PAIRS] = {"pairs", "", "pairs of actors that could be tied", ""},
    [TIES] = {"ties", "", "pairs of actors that are tied", ""},
    [OBSERVED] = {"observed", "weight", "sum of the weights of the ties between the two sectors", "Newman 2003"},
    [EXPECTED_CONFIGURATION] = {"expected_configuration", "weight",
                                "weight expected when every actor keeps its strength and meets others in proportion to theirs",
                                "Newman 2010, configuration model"},
    [RATIO_CONFIGURATION] = {"ratio_configuration", "observed / expected",
                             "observed / expected_configuration; under 1 = less than activity suggests",
                             "Newman 2010, configuration model"},
    [Z_CONFIGURATION] =
        {"z_configuration", "",
         "how far ratio_configuration is from its mean when the same sectors are dealt out to actors at random, in "
         "standard deviations: the comparison that leaves out how active each actor is; rows are sorted by it, the "
         "least connected first",
         "Good 2005, permutation tests"},
    [P_CONFIGURATION] = {"p_configuration", "", "two-sided permutation p value of ratio_configuration: twice the smaller tail",
                         "Phipson & Smyth 2010"},
    [Q_CONFIGURATION] = {"q_configuration", "",
                         "false discovery rate at which this pair would be called by p_configuration, over all pairs with one",
                         "Benjamini & Hochberg 1995"},
    [EXPECTED_PERMUTATION] = {"expected_permutation", "weight",
                              "mean weight when the same sectors are dealt out to actors at random",
                              "Good 2005, permutation tests"},
    [SD_PERMUTATION] = {"sd_permutation", "weight", "standard deviation of the weight over these labellings",
                        "Good 2005, permutation tests"},
    [RATIO_PERMUTATION] = {"ratio_permutation", "observed / expected",
                           "observed / expected_permutation; under 1 = less than sectors at random",
                           "Good 2005, permutation tests"},
    [Z] = {"z", "", "(observed - expected_permutation) / sd_permutation", ""},
    [P_LOW] = {"p_low", "", "share of labellings with as little weight as observed, or less", "Phipson & Smyth 2010"},
    [P] = {"p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
    [Q] = {"q", "", "false discovery rate at which this pair would be called, over all pairs with a p value",
           "Benjamini & Hochberg 1995"},
};

enum ei_column { EI_WITHIN, EI_ACROSS, EI, EI_EXPECTED, EI_SD, EI_Z, EI_P_LOW, EI_P, EI_MIN, EI_MAX, EI_RESCALED, EI_COLUMNS };
static const struct column_definition ei_definitions[EI_COLUMNS] = {
    [EI_WITHIN] = {"ties_within", "", "ties inside sectors; undirected, binary", "Krackhardt & Stern 1988"},
    [EI_ACROSS] = {"ties_across", "", "ties between sectors; undirected, binary", "Krackhardt & Stern 1988"},
    [EI] = {"ei", "-1..1", "(across - within) / (across + within): -1 = silos only, 1 = all contact crosses sectors",
            "Krackhardt & Stern 1988"},
    [EI_EXPECTED] = {"ei_expected", "-1..1", "mean when the same sectors are dealt out to actors at random",
                     "Krackhardt & Stern 1988"},
    [EI_SD] = {"ei_sd", "", "standard deviation over these labellings", "Krackhardt & Stern 1988"},
    [EI_Z] = {"ei_z", "", "(ei - ei_expected) / ei_sd", ""},
    [EI_P_LOW] = {"ei_p_low", "", "share of labellings with as little crossing as observed, or less", "Phipson & Smyth 2010"},
    [EI_P] = {"ei_p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
    [EI_MIN] = {"ei_min", "-1..1", "the least ei possible with these sector sizes and this number of ties",
                "Krackhardt & Stern 1988"},
    [EI_MAX] = {"ei_max", "-1..1", "the largest ei possible with these sector sizes and this number of ties",
                "Krackhardt & Stern 1988"},
    [EI_RESCALED] = {"ei_rescaled", "-1..1", "ei rescaled so that ei_min is -1 and ei_max is 1", "Krackhardt & Stern 1988"},
};

static const struct column_definition sector_text = {"sector", "", "sector", ""};
static const struct column_definition sector_numbers[] = {
    {"actors", "", "actors of the sector", ""},
    {"ties_within", "", "ties inside the sector; undirected, binary", "Krackhardt & Stern 1988"},
    {"ties_across", "", "ties to other sectors; undirected, binary", "Krackhardt & Stern 1988"},
    {"ei", "-1..1", "(across - within) / (across + within) of the sector; missing without ties", "Krackhardt & Stern 1988"},
};

static const struct column_definition single_texts[] = {
    {"sector_a", "", "one sector", ""},
    {"sector_b", "", "the other sector", ""},
    {"actor", "", "stable key of the actor all ties between them go through", ""},
    {"name", "", "its name", ""},
    {"sector", "", "its own sector", ""},
};
static const struct column_definition single_numbers[] = {
    {"ties", "", "ties between the two sectors, all of this actor", ""},
    {"weight", "weight", "their weight, both directions summed", ""},
    {"only_member", "0/1", "1 when its sector has no other actor, so that it could not be otherwise", ""},
};

struct plan {
    const struct mixing *mixing;
    size_t cells;
};

/* The weight of all cells, their ratio to what activity suggests, and the ties across for the E-I index. A cell that activity
 * gives nothing has as much as expected. */
static void statistics(void *arg, const int32_t *labels, double *ret_statistics)
{
    const struct plan *plan = arg;
    double *weights = ret_statistics, *ratios = ret_statistics + plan->cells;
    ret_statistics[2 * plan->cells] = mixing_tally(plan->mixing, labels, weights);
    mixing_expected(plan->mixing, labels, ratios);
    for (size_t c = 0; c < plan->cells; c++)
        ratios[c] = ratios[c] > 0 ? weights[c] / ratios[c] : 1;
}

/* One thread's. */
struct shared_plan {
    struct plan plan;
    struct mixing mixing;
};
static void *open_plan(const void *arg)
{
    const struct plan *plan = arg;
    struct shared_plan *shared = malloc(sizeof *shared);
    if (!shared || !mixing_share(plan->mixing, &shared->mixing)) {
        free(shared);
        return NULL;
    }
    shared->plan = (struct plan){&shared->mixing, plan->cells};
    return shared;
}

static void close_plan(void *arg)
{
    struct shared_plan *shared = arg;
    mixing_unshare(&shared->mixing);
    free(shared);
}

struct step_plan {
    struct plan plan;
    struct families_step step;
};

static bool proceed(void *arg, unsigned permille)
{
    return families_proceed(&((struct step_plan *)arg)->step, permille);
}

struct ranked {
    double z;
    size_t cell;
    int32_t a, b;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (isnan(a->z) != isnan(b->z))
        return isnan(a->z) ? 1 : -1;
    if (!isnan(a->z) && a->z != b->z)
        return a->z < b->z ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static double ratio(double observed, double expected)
{
    return expected > 0 ? observed / expected : NAN;
}

/* What the cell looks like before any null: sizes, pairs, ties. */
static void cell_sizes(const struct mixing *mixing, const size_t *sizes, const double *ties, const struct ranked *cell,
                       double *row)
{
    double a = (double)sizes[cell->a], b = (double)sizes[cell->b];
    row[WITHIN] = cell->a == cell->b;
    row[ACTORS_A] = a;
    row[ACTORS_B] = b;
    row[PAIRS] = cell->a != cell->b ? a * b : mixing->directed ? a * (a - 1) : a * (a - 1) / 2;
    row[TIES] = ties[cell->cell];
}

/* Benjamini-Hochberg over the cells of one statistic; a cell that cannot vary is not a test. False: out of memory. */
static bool tests_of(const struct label_null *nulls, size_t cells, double *ret_p, double *ret_q)
{
    for (size_t c = 0; c < cells; c++)
        ret_p[c] = nulls[c].sd > 0 ? nulls[c].p : NAN;
    return multiple_benjamini_hochberg(ret_p, cells, ret_q);
}

/* nulls: of the weights, then of the ratios. */
static bool pair_table(const struct mixing *mixing, const size_t *sizes, const struct label_null *nulls, struct result *result)
{
    size_t cells = mixing_cell_count(mixing);
    const struct label_null *ratios = nulls + cells;
    double *numbers_of_cells = calloc(6 * cells + 1, sizeof *numbers_of_cells);
    struct ranked *ranked = malloc((cells + 1) * sizeof *ranked);
    bool done = numbers_of_cells && ranked;
    double *expected = numbers_of_cells, *ties = expected + cells, *p = ties + cells, *q = p + cells;
    double *p_ratio = q + cells, *q_ratio = p_ratio + cells;
    if (done)
        mixing_expected(mixing, mixing->label, expected);
    for (size_t t = 0; done && t < mixing->tie_count; t++)
        ties[mixing_cell(mixing, mixing->label[mixing->ties[t].from], mixing->label[mixing->ties[t].to])]++;
    for (size_t c = 0; done && c < cells; c++) {
        ranked[c] = (struct ranked){.z = ratios[c].z, .cell = c};
        mixing_cell_groups(mixing, c, &ranked[c].a, &ranked[c].b);
    }
    done = done && tests_of(nulls, cells, p, q) && tests_of(ratios, cells, p_ratio, q_ratio);
    if (done && cells > 1)
        qsort(ranked, cells, sizeof *ranked, compare_ranked);

    size_t table = done ? result_add_table(result, "gaps", cells) : 0;
    for (size_t c = 0; done && c < 2; c++) {
        char **texts = result_add_texts(result, table, &pair_texts[c]);
        for (size_t r = 0; texts && r < cells; r++)
            result_set_text(result, &texts[r], mixing->groups[c == 0 ? ranked[r].a : ranked[r].b]);
    }
    for (size_t c = 0; done && c < GAP_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &pair_numbers[c]);
        for (size_t r = 0; numbers && r < cells; r++) {
            size_t cell = ranked[r].cell;
            const struct label_null *null = &nulls[cell];
            double row[GAP_COLUMNS];
            cell_sizes(mixing, sizes, ties, &ranked[r], row);
            bool possible = row[PAIRS] > 0;
            row[OBSERVED] = possible ? null->observed : NAN;
            row[EXPECTED_CONFIGURATION] = possible ? expected[cell] : NAN;
            row[RATIO_CONFIGURATION] = possible ? ratio(null->observed, expected[cell]) : NAN;
            row[Z_CONFIGURATION] = ratios[cell].z;
            row[P_CONFIGURATION] = p_ratio[cell];
            row[Q_CONFIGURATION] = q_ratio[cell];
            row[EXPECTED_PERMUTATION] = possible ? null->mean : NAN;
            row[SD_PERMUTATION] = possible ? null->sd : NAN;
            row[RATIO_PERMUTATION] = possible ? ratio(null->observed, null->mean) : NAN;
            row[Z] = null->z;
            row[P_LOW] = null->sd > 0 ? null->p_low : NAN;
            row[P] = p[cell];
            row[Q] = q[cell];
            numbers[r] = row[c];
        }
    }
    free(numbers_of_cells);
    free(ranked);
    return done;
}

static void ei_table(const struct mixing *mixing, const size_t *sizes, const struct label_null *across, struct result *result)
{
    double ties = (double)mixing->pair_count, n = (double)mixing->labelled, room_within = 0;
    for (size_t g = 0; g < mixing->group_count; g++)
        room_within += (double)sizes[g] * ((double)sizes[g] - 1) / 2;
    double room_across = n > 0 ? n * (n - 1) / 2 - room_within : 0;
    double least = fmax(0, ties - room_within), most = fmin(ties, room_across);
    double row[EI_COLUMNS];
    for (size_t c = 0; c < EI_COLUMNS; c++)
        row[c] = NAN;
    row[EI_WITHIN] = ties - across->observed;
    row[EI_ACROSS] = across->observed;
    if (ties > 0) { /* ei = 2 across / ties - 1: its null is that of the ties across */
        row[EI] = 2 * across->observed / ties - 1;
        row[EI_EXPECTED] = 2 * across->mean / ties - 1;
        row[EI_SD] = 2 * across->sd / ties;
        row[EI_Z] = across->z;
        row[EI_P_LOW] = across->sd > 0 ? across->p_low : NAN;
        row[EI_P] = across->sd > 0 ? across->p : NAN;
        row[EI_MIN] = 2 * least / ties - 1;
        row[EI_MAX] = 2 * most / ties - 1;
        row[EI_RESCALED] = most > least ? 2 * (across->observed - least) / (most - least) - 1 : NAN;
    }
    size_t table = result_add_table(result, "ei", 1);
    for (size_t c = 0; c < EI_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &ei_definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
}

static bool sector_table(const struct mixing *mixing, const size_t *sizes, struct result *result)
{
    size_t k = mixing->group_count;
    double *within = calloc(2 * k + 1, sizeof *within), *across = within + k;
    if (!within)
        return false;
    for (size_t p = 0; p < mixing->pair_count; p++) {
        int32_t a = mixing->label[mixing->pairs[p].from], b = mixing->label[mixing->pairs[p].to];
        if (a == b) {
            within[a]++;
        } else {
            across[a]++;
            across[b]++;
        }
    }
    size_t table = result_add_table(result, "sectors", k);
    char **texts = result_add_texts(result, table, &sector_text);
    for (size_t g = 0; texts && g < k; g++)
        result_set_text(result, &texts[g], mixing->groups[g]);
    for (size_t c = 0; c < 4; c++) {
        double *numbers = result_add_numbers(result, table, &sector_numbers[c]);
        for (size_t g = 0; numbers && g < k; g++) {
            double ties = within[g] + across[g];
            double row[] = {(double)sizes[g], within[g], across[g], ties > 0 ? (across[g] - within[g]) / ties : NAN};
            numbers[g] = row[c];
        }
    }
    free(within);
    return true;
}

static bool single_table(const struct network *network, const struct mixing *mixing, const size_t *sizes, struct result *result)
{
    size_t count;
    struct mixing_single *singles = mixing_singles(mixing, &count);
    if (!singles)
        return false;
    size_t table = result_add_table(result, "single_links", count);
    for (size_t c = 0; c < 5; c++) {
        char **texts = result_add_texts(result, table, &single_texts[c]);
        for (size_t s = 0; texts && s < count; s++) {
            const struct network_actor *actor = &network->actors[mixing->actor[singles[s].actor]];
            const char *row[] = {mixing->groups[singles[s].a], mixing->groups[singles[s].b], actor->key, actor->label,
                                 actor->sector};
            if (row[c])
                result_set_text(result, &texts[s], row[c]);
        }
    }
    for (size_t c = 0; c < 3; c++) {
        double *numbers = result_add_numbers(result, table, &single_numbers[c]);
        for (size_t s = 0; numbers && s < count; s++) {
            double row[] = {(double)singles[s].ties, singles[s].weight, sizes[mixing->label[singles[s].actor]] == 1};
            numbers[s] = row[c];
        }
    }
    free(singles);
    return true;
}

static void describe(const struct mixing *mixing, bool exact, unsigned count, uint64_t seed, struct result *result)
{
    result_set_card(result, "pairs of sectors", mixing->directed ? "ordered: from sector_a to sector_b" : "unordered");
    result_set_card(result, "configuration model",
                    "strengths fixed, weight expected in proportion to their product, self-ties left out");
    families_card_labellings(exact, count, seed, result);
    result_set_card(result, "multiple tests", "q after Benjamini and Hochberg over all pairs of sectors whose weight can vary");
    result_set_card(result, "E-I index", "binary undirected view; null and rescaling keep sector sizes and the number of ties");
    result_set_card(result, "missing",
                    "z, p and q where every labelling gives the same weight; sectors of one actor within themselves");
    if (mixing->group_count < 2)
        result_note(result, "Fewer than two sectors: there is no contact between sectors to compare.");
}

enum metrics_status gaps_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    enum metrics_status status = METRICS_FAILED;
    struct mixing mixing;
    struct label_null *nulls = NULL;
    size_t *sizes = NULL;
    if (!mixing_init(&mixing, network, &ground.topology)) {
        families_end(&ground);
        return families_out_of_memory(error);
    }
    size_t cells = mixing_cell_count(&mixing);
    nulls = calloc(2 * cells + 1, sizeof *nulls);
    sizes = calloc(mixing.group_count + 1, sizeof *sizes);
    if (!nulls || !sizes)
        goto memory;
    for (size_t a = 0; a < mixing.labelled; a++)
        sizes[mixing.label[a]]++;

    struct step_plan plan = {{&mixing, cells}, {input, 50, 950}};
    struct label_permutation permutation = {.labels = mixing.label,
                                            .label_count = mixing.labelled,
                                            .statistic_count = 2 * cells + 1,
                                            .permutations = (unsigned)ground.choices->permutations,
                                            .seed = network->spec.seed,
                                            .statistics = statistics,
                                            .proceed = proceed,
                                            .arg = &plan,
                                            .open = open_plan,
                                            .close = close_plan,
                                            .threads = input->threads};
    bool exact;
    unsigned count;
    switch (label_permutation_run(&permutation, nulls, &exact, &count)) {
    case LABEL_PERMUTATION_OK:
        break;
    case LABEL_PERMUTATION_STOPPED:
        status = METRICS_CANCELLED;
        goto out;
    case LABEL_PERMUTATION_NO_MEMORY:
        goto memory;
    }
    if (!pair_table(&mixing, sizes, nulls, result) || !sector_table(&mixing, sizes, result) ||
        !single_table(network, &mixing, sizes, result))
        goto memory;
    ei_table(&mixing, sizes, &nulls[2 * cells], result);
    describe(&mixing, exact, count, network->spec.seed, result);
    families_note_resolution(exact, count, nulls + cells, cells, result); /* of the ratios, which the report tests */
    families_note_unlabelled(network, result);
    status = families_finish(result, error);
    goto out;
memory:
    status = families_out_of_memory(error);
out:
    free(nulls);
    free(sizes);
    mixing_release(&mixing);
    families_end(&ground);
    return status;
}
