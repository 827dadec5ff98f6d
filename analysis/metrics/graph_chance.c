/* SPDX-License-Identifier: GPL-3.0-or-later
 * The statistics of one graph of bits, and the table of what they are by chance.
 */
#include "graph_chance.h"

#include "degree_swaps.h"
#include "mixing.h"

#include <math.h>
#include <stdlib.h>

enum statistic { TRANSITIVITY, RECIPROCITY, ASSORTATIVITY, SAME_SECTOR, STATISTICS };
static const char *const statistic_names[STATISTICS] = {[TRANSITIVITY] = "transitivity",
                                                        [RECIPROCITY] = "reciprocity",
                                                        [ASSORTATIVITY] = "degree_assortativity",
                                                        [SAME_SECTOR] = "same_sector"};
static const char *const meanings[STATISTICS] = {
    [TRANSITIVITY] = "closed share of all paths of two ties, undirected and binary (Newman 2003)",
    [RECIPROCITY] = "share of the ties that are answered; directed networks only (Wasserman & Faust 1994)",
    [ASSORTATIVITY] = "correlation of the degrees at the two ends of a tie, undirected and binary (Newman 2002)",
    [SAME_SECTOR] =
        "share of the ties within one sector, of those whose ends both have one, undirected and binary; the E-I index "
        "is 1 - 2 times it (Krackhardt & Stern 1988)",
};

enum null_column { OBSERVED, EXPECTED, SD, Z, P_LOW, P_HIGH, P, COLUMNS };
static const struct column_definition definitions[COLUMNS] = {
    [OBSERVED] = {"observed", "", "the number in this network", ""},
    [EXPECTED] = {"expected", "",
                  "its mean over random networks in which every actor has as many ties as here, directed: in and out",
                  "Rao, Jana & Bandyopadhyay 1996"},
    [SD] = {"sd", "", "its standard deviation over them; 0: the degrees settle it", ""},
    [Z] = {"z", "", "(observed - expected) / sd", ""},
    [P_LOW] = {"p_low", "", "chance of as little or less with these degrees: (b+1)/(m+1)", "Besag & Clifford 1989"},
    [P_HIGH] = {"p_high", "", "chance of as much or more with these degrees: (b+1)/(m+1)", "Besag & Clifford 1989"},
    [P] = {"p", "", "two-sided: twice the smaller of p_low and p_high", "Besag & Clifford 1989"},
};
static const struct column_definition texts[] = {{"measure", "", "number of the network as a whole", ""},
                                                 {"meaning", "", "what it is", ""}};

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static void statistics(const void *arg, const struct swap_graph *graph, double *ret_values)
{
    const int32_t *sectors = arg; /* of each actor; negative = none */
    size_t words = graph->words;
    double closed = 0, triples = 0, ties = 0, product = 0, sum = 0, squares = 0, same = 0, placed = 0, mutual = 0;
    for (size_t i = 0; i < graph->actors; i++) {
        const uint64_t *row = graph->both + i * words;
        double degree = 0;
        for (size_t w = 0; w < words; w++)
            degree += __builtin_popcountll(row[w]);
        triples += degree * (degree - 1) / 2;
        sum += degree * degree; /* over the ends of ties */
        squares += degree * degree * degree;
        for (size_t w = i / 64; w < words; w++)
            for (uint64_t left = row[w]; left; left &= left - 1) {
                size_t j = w * 64 + (size_t)__builtin_ctzll(left);
                if (j <= i)
                    continue;
                const uint64_t *other = graph->both + j * words;
                double degree_j = 0;
                for (size_t k = 0; k < words; k++) {
                    closed += __builtin_popcountll(row[k] & other[k]);
                    degree_j += __builtin_popcountll(other[k]);
                }
                ties++;
                product += degree * degree_j;
                mutual += graph->directed && swap_graph_tied(graph, (int32_t)i, (int32_t)j) &&
                          swap_graph_tied(graph, (int32_t)j, (int32_t)i);
                if (sectors[i] >= 0 && sectors[j] >= 0) {
                    placed++;
                    same += sectors[i] == sectors[j];
                }
            }
    }
    double mean = ties > 0 ? sum / (2 * ties) : 0;
    double spread = ties > 0 ? squares / (2 * ties) - mean * mean : 0;
    ret_values[TRANSITIVITY] = share_of(closed, triples);
    ret_values[RECIPROCITY] = graph->directed ? share_of(2 * mutual, (double)graph->count) : NAN;
    ret_values[ASSORTATIVITY] = spread > 1e-12 * mean * mean ? (product / ties - mean * mean) / spread : NAN;
    ret_values[SAME_SECTOR] = share_of(same, placed);
}

static void fill(const struct label_null *nulls, bool directed, struct result *result)
{
    size_t table = result_add_table(result, "graph_chance", STATISTICS - !directed), row = 0;
    char **names = result_add_texts(result, table, &texts[0]), **means = result_add_texts(result, table, &texts[1]);
    double *columns[COLUMNS];
    if (!names || !means || !families_numbers(result, table, definitions, COLUMNS, columns))
        return;
    names = result->tables[table].columns[0].texts; /* adding columns moves them */
    means = result->tables[table].columns[1].texts;
    for (size_t s = 0; s < STATISTICS; s++) {
        if (s == RECIPROCITY && !directed)
            continue;
        const struct label_null *null = &nulls[s];
        double values[COLUMNS] = {[OBSERVED] = null->observed, [EXPECTED] = null->mean, [SD] = null->sd, [Z] = null->z,
                                  [P_LOW] = null->p_low,       [P_HIGH] = null->p_high, [P] = null->p};
        result_set_text(result, &names[row], statistic_names[s]);
        result_set_text(result, &means[row], meanings[s]);
        for (size_t c = 0; c < COLUMNS; c++)
            columns[c][row] = values[c];
        row++;
    }
}

/* Of each actor the number of its sector, -1 = none. NULL: out of memory. */
static int32_t *find_sectors(const struct network *network, const struct topology *topology)
{
    struct mixing mixing;
    int32_t *sectors = malloc((network->actor_count + 1) * sizeof *sectors);
    if (!sectors || !mixing_init(&mixing, network, topology)) {
        free(sectors);
        return NULL;
    }
    for (size_t i = 0; i < network->actor_count; i++)
        sectors[i] = -1;
    for (size_t k = 0; k < mixing.labelled; k++)
        sectors[mixing.actor[k]] = mixing.label[k];
    mixing_release(&mixing);
    return sectors;
}

enum metrics_status graph_chance(const struct families_ground *ground, struct families_step *step, struct result *result,
                                 char error[400])
{
    const struct network *network = step->input->network;
    const struct spec *spec = &network->spec;
    if (network->actor_count > DEGREE_SWAPS_ACTORS_MAX) {
        result_note(result, "Networks with the same degrees were left out: more than %d actors.", DEGREE_SWAPS_ACTORS_MAX);
        return METRICS_OK;
    }
    struct swap_tie *ties = malloc((network->tie_count + 1) * sizeof *ties);
    int32_t *sectors = find_sectors(network, &ground->topology);
    struct swap_graph observed = {0};
    struct label_null nulls[STATISTICS];
    double moved;
    enum metrics_status status = METRICS_FAILED;
    for (size_t t = 0; ties && t < network->tie_count; t++)
        ties[t] = (struct swap_tie){network->ties[t].from, network->ties[t].to};
    if (!ties || !sectors || !swap_graph_init(&observed, network->actor_count, spec->directed, ties, network->tie_count)) {
        status = families_out_of_memory(error);
        goto out;
    }
    struct degree_swaps plan = {.observed = &observed,
                                .statistic_count = STATISTICS,
                                .replicates = (unsigned)ground->choices->swaps,
                                .seed = spec->seed,
                                .threads = step->input->threads,
                                .statistics = statistics,
                                .arg = sectors,
                                .proceed = families_proceed,
                                .proceed_arg = step};
    switch (degree_swaps_run(&plan, nulls, &moved)) {
    case DEGREE_SWAPS_OK:
        status = METRICS_OK;
        break;
    case DEGREE_SWAPS_STOPPED:
        status = METRICS_CANCELLED;
        goto out;
    case DEGREE_SWAPS_NO_MEMORY:
        status = families_out_of_memory(error);
        goto out;
    }
    fill(nulls, spec->directed, result);
    result_set_card(result, "networks with the same degrees",
                    "%u, all equally likely; unknown pairs are taken as not tied, and weights are left out", plan.replicates);
    result_set_card(
        result, "walk",
        "double-edge swaps (directed: and circles of three turned round), %d proposals a tie to a hub and from there to "
        "each network; %.3g of those to the hub changed something",
        DEGREE_SWAPS_PER_TIE, moved);
    families_card_random(spec->seed, result);
    if (!(moved > 0))
        result_note(result,
                    "No tie can be exchanged without changing a degree, in any way that was tried: there is nothing to compare "
                    "with.");
out:
    swap_graph_release(&observed);
    free(sectors);
    free(ties);
    return status;
}
