/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family keyplayers: what would be lost without an actor, or without a set of actors that need not be the strongest ones.
 *
 * The columns of single actors stand here and not in bottlenecks: they compare a network with itself without the actor, as the
 * sets do, and cost searches between all pairs, which bottlenecks does without.
 */
#include "keyplayers.h"
#include "kpp.h"
#include "loss.h"
#include "path_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOSS_ACTORS_MAX 2000 /* larger networks only when asked for */
#define SETS_ACTORS_MAX 150

enum actor_column {
    FRAGMENTATION,
    DISTANCE_FRAGMENTATION,
    REACH,
    EFFICIENCY_LOSS,
    EFFICIENCY_LOSS_W,
    PAIRS_CUT,
    BLOCKS,
    LARGEST_BLOCK,
    ACTOR_COLUMNS
};
static const struct column_definition actor_numbers[ACTOR_COLUMNS] = {
    [FRAGMENTATION] =
        {"fragmentation", "0..1",
         "share of the pairs of others that do not reach each other when this actor is gone: F; undirected, binary",
         "Borgatti 2006"},
    [DISTANCE_FRAGMENTATION] = {"distance_fragmentation", "0..1",
                                "1 - mean of 1/steps over the pairs of others when this actor is gone: D_F; undirected, binary",
                                "Borgatti 2006"},
    [REACH] = {"reach", "0..1", "mean of 1/steps to all actors, oneself counting 1: D_R; undirected, binary", "Borgatti 2006"},
    [EFFICIENCY_LOSS] = {"efficiency_loss", "",
                         "global efficiency less what it is among the others when this actor is gone, in steps along the "
                         "direction of the ties; under 0 = the others are nearer to each other than the network is on average",
                         "Latora & Marchiori 2001"},
    [EFFICIENCY_LOSS_W] = {"efficiency_loss_w", "1 / distance",
                           "the same with the distances of the specification instead of steps", "Latora & Marchiori 2001"},
    [PAIRS_CUT] = {"pairs_cut", "pairs",
                   "pairs of others that reach each other now and would not without this actor; in a directed network ordered "
                   "pairs along the direction of the ties",
                   "Borgatti 2006"},
    [BLOCKS] = {"blocks", "", "blocks this actor is in: parts that no single actor can split; 2 or more = articulation point",
                "Hopcroft & Tarjan 1973"},
    [LARGEST_BLOCK] = {"largest_block", "actors", "actors in the largest of these blocks; missing for isolates",
                       "Hopcroft & Tarjan 1973"},
};

enum whole_column {
    WHOLE_FRAGMENTATION,
    WHOLE_DISTANCE_FRAGMENTATION,
    WHOLE_EFFICIENCY,
    WHOLE_EFFICIENCY_W,
    WHOLE_TIES,
    WHOLE_WEIGHT,
    WHOLE_ACTORS,
    WHOLE_BLOCKS,
    WHOLE_COLUMNS
};
static const struct column_definition whole_numbers[WHOLE_COLUMNS] = {
    [WHOLE_FRAGMENTATION] = {"fragmentation", "0..1",
                             "share of the pairs that do not reach each other now: F with nobody gone; undirected",
                             "Borgatti 2006"},
    [WHOLE_DISTANCE_FRAGMENTATION] = {"distance_fragmentation", "0..1",
                                      "1 - mean of 1/steps over all pairs: D_F with nobody gone; undirected, binary",
                                      "Borgatti 2006"},
    [WHOLE_EFFICIENCY] = {"global_efficiency", "0..1", "mean of 1/steps over all pairs, 0 where there is no path",
                          "Latora & Marchiori 2001"},
    [WHOLE_EFFICIENCY_W] = {"global_efficiency_w", "1 / distance",
                            "mean of 1/distance over all pairs, with the distances of the specification",
                            "Latora & Marchiori 2001"},
    [WHOLE_TIES] = {"tie_connectivity", "ties", "fewest ties whose loss parts the network; 0 = it is in parts already",
                    "Menger 1927; Stoer & Wagner 1997"},
    [WHOLE_WEIGHT] = {"least_cut_weight", "weight", "least weight of ties whose loss parts the network", "Stoer & Wagner 1997"},
    [WHOLE_ACTORS] =
        {"actor_connectivity", "actors",
         "fewest actors whose absence parts the others; where everybody is tied to everybody one less than the actors",
         "Menger 1927; Esfahanian & Hakimi 1984"},
    [WHOLE_BLOCKS] = {"blocks", "", "parts that no single actor can split; a tie that is a bridge is one",
                      "Hopcroft & Tarjan 1973"},
};

static const struct column_definition set_texts[] = {
    {"measure", "", "fragmentation (F), distance_fragmentation (D_F), or reach (D_R), the larger the better the set", ""},
    {"actors", "", "keys of the members", ""},
    {"names", "", "their names", ""},
    {"method", "",
     "exact: every set was tried; exchange: the best that exchanging members found from a greedy and random starts", ""},
};
enum set_column { SET_SIZE, SET_VALUE, SET_GAIN, SET_PLACE, SET_EQUAL, SET_TRIED, SET_COLUMNS };
static const struct column_definition set_numbers[SET_COLUMNS] = {
    [SET_SIZE] = {"size", "actors", "members of the set", ""},
    [SET_VALUE] = {"value", "0..1", "the measure for the network without the set, or for what the set reaches",
                   "Borgatti 2006"},
    [SET_GAIN] = {"gain", "", "value less what it is for the network as it is; for reach less the best of one member fewer",
                  "Borgatti 2006"},
    [SET_PLACE] = {"place", "", "number among the sets of this value that are listed", ""},
    [SET_EQUAL] = {"equal_sets", "sets", "sets of this size with this value; with method exchange those that were listed", ""},
    [SET_TRIED] = {"tried", "sets", "sets looked at", ""},
};
static const char *const measure_names[KPP_MEASURES] = {
    [KPP_FRAGMENTATION] = "fragmentation", [KPP_DISTANCE_FRAGMENTATION] = "distance_fragmentation", [KPP_REACH] = "reach"};

struct losses {
    double *numbers; /* three arrays for each of the three below */
    struct loss steps, along, weighted;
};

static bool losses_init(struct losses *losses, size_t n)
{
    double *at = losses->numbers = calloc(9 * n + 1, sizeof *losses->numbers);
    struct loss *all[] = {&losses->steps, &losses->along, &losses->weighted};
    for (size_t l = 0; at && l < 3; l++)
        *all[l] = (struct loss){.inverse = at + 3 * l * n, .reached = at + (3 * l + 1) * n, .pairs = at + (3 * l + 2) * n};
    return at != NULL;
}

/* What each actor holds together; `columns` are those of the table. */
static enum metrics_status single_actors(const struct metrics_input *input, const struct families_ground *ground,
                                         double *const *columns, double *whole, char error[400])
{
    const struct topology *topology = &ground->topology;
    size_t n = topology->count;
    double pairs = (double)n * ((double)n - 1), others = ((double)n - 1) * ((double)n - 2);
    bool unit = input->network->spec.distance == DISTANCE_UNIT;
    struct losses losses;
    struct sweep reach = {.inverse = columns[REACH]};
    enum metrics_status status = METRICS_OK;
    if (!losses_init(&losses, n))
        return families_out_of_memory(error);
    struct families_step steps[] = {{input, 0, 100}, {input, 100, 200}, {input, 200, 300}};
    struct loss *along = topology->directed ? &losses.along : &losses.steps, *weighted = unit ? along : &losses.weighted;
    enum loss_status lost = loss_run(&topology->both, &topology->both, true, &losses.steps, families_proceed, &steps[0]);
    if (lost == LOSS_OK && topology->directed)
        lost = loss_run(&topology->out, &topology->in, true, along, families_proceed, &steps[1]);
    if (lost == LOSS_OK && !unit)
        lost = loss_run(&topology->out, &topology->in, false, weighted, families_proceed, &steps[2]);
    if (lost == LOSS_OK && sweep_run(&topology->both, &topology->both, &(struct crew){0}, &reach) != CREW_OK)
        lost = LOSS_NO_MEMORY;
    if (lost != LOSS_OK) {
        status = lost == LOSS_STOPPED ? METRICS_CANCELLED : families_out_of_memory(error);
        goto out;
    }
    if (n > 1) {
        whole[WHOLE_FRAGMENTATION] = 1 - reach.totals.pairs / pairs;
        whole[WHOLE_DISTANCE_FRAGMENTATION] = 1 - losses.steps.inverse_whole / pairs;
        whole[WHOLE_EFFICIENCY] = along->inverse_whole / pairs;
        whole[WHOLE_EFFICIENCY_W] = weighted->inverse_whole / pairs;
    }
    for (size_t v = 0; v < n; v++) {
        columns[REACH][v] = (1 + columns[REACH][v]) / (double)n;
        columns[PAIRS_CUT][v] = (along->pairs[v] - along->reached[v]) / (topology->directed ? 1 : 2);
        if (n < 3)
            continue;
        columns[FRAGMENTATION][v] = 1 - losses.steps.reached[v] / others;
        columns[DISTANCE_FRAGMENTATION][v] = 1 - losses.steps.inverse[v] / others;
        columns[EFFICIENCY_LOSS][v] = whole[WHOLE_EFFICIENCY] - along->inverse[v] / others;
        columns[EFFICIENCY_LOSS_W][v] = whole[WHOLE_EFFICIENCY_W] - weighted->inverse[v] / others;
    }
out:
    free(losses.numbers);
    return status;
}

static void blocks_of_actors(const struct cut *cut, double *const *columns)
{
    for (size_t v = 0; v < cut->count; v++)
        columns[BLOCKS][v] = 0;
    for (size_t b = 0; b < cut->block_count; b++) {
        double size = (double)(cut->block_start[b + 1] - cut->block_start[b]);
        for (size_t m = cut->block_start[b]; m < cut->block_start[b + 1]; m++) {
            columns[BLOCKS][cut->block_member[m]]++;
            columns[LARGEST_BLOCK][cut->block_member[m]] = fmax(size, columns[LARGEST_BLOCK][cut->block_member[m]]);
        }
    }
}

/* All sizes' best sets into one table. `best` has KPP_MEASURES for each of `sizes` sizes from 1. */
static void set_table(const struct network *network, const struct kpp_best (*best)[KPP_MEASURES], size_t sizes,
                      const double *baseline, struct result *result)
{
    size_t rows = 0, row = 0;
    for (size_t s = 0; s < sizes; s++)
        for (size_t m = 0; m < KPP_MEASURES; m++)
            rows += best[s][m].kept;
    size_t table = result_add_table(result, "sets", rows);
    for (size_t c = 0; c < 4; c++)
        result_add_texts(result, table, &set_texts[c]);
    for (size_t c = 0; c < SET_COLUMNS; c++)
        result_add_numbers(result, table, &set_numbers[c]);
    for (size_t m = 0; m < KPP_MEASURES && !result_failed(result); m++)
        for (size_t s = 0; s < sizes; s++)
            for (size_t k = 0; k < best[s][m].kept; k++, row++) {
                const struct kpp_best *found = &best[s][m];
                struct column *columns = result->tables[table].columns;
                result_set_text(result, &columns[0].texts[row], measure_names[m]);
                families_set_actors(network, result, &columns[1].texts[row], found->sets[k], s + 1, false);
                families_set_actors(network, result, &columns[2].texts[row], found->sets[k], s + 1, true);
                result_set_text(result, &columns[3].texts[row], found->exact ? "exact" : "exchange");
                double before = m == KPP_REACH && s > 0 ? best[s - 1][m].value : baseline[m];
                double numbers[SET_COLUMNS] = {
                    [SET_SIZE] = (double)(s + 1),  [SET_VALUE] = found->value, [SET_GAIN] = found->value - before,
                    [SET_PLACE] = (double)(k + 1), [SET_EQUAL] = found->found, [SET_TRIED] = found->tried};
                for (size_t c = 0; c < SET_COLUMNS; c++)
                    columns[4 + c].numbers[row] = numbers[c];
            }
}

static enum metrics_status sets(const struct metrics_input *input, const struct families_ground *ground, struct result *result,
                                char error[400])
{
    const struct network *network = input->network;
    size_t n = network->actor_count, sizes = ground->choices->set_size < n ? (size_t)ground->choices->set_size : n;
    struct kpp_best best[KPP_SET_MAX][KPP_MEASURES];
    double baseline[KPP_MEASURES] = {0};
    bool wanted = choice_wanted(ground->choices->sets, n, SETS_ACTORS_MAX) && n <= KPP_ACTORS_MAX;
    if (!wanted && ground->choices->sets == EFFORT_NONE)
        result_note(result, "Sets of key players were left out on request (sets=none).");
    else if (!wanted && n <= KPP_ACTORS_MAX)
        result_note(result, "Sets of key players were left out: more than %d actors. Ask for them with sets=exact.",
                    SETS_ACTORS_MAX);
    else if (!wanted)
        result_note(result, "Sets of key players were left out: more than %d actors.", KPP_ACTORS_MAX);
    if (!wanted)
        sizes = 0;
    struct kpp *kpp = wanted ? kpp_create(&ground->topology.both) : NULL;
    if (wanted && !kpp)
        return families_out_of_memory(error);
    for (size_t m = 0; wanted && m < KPP_MEASURES; m++)
        baseline[m] = m == KPP_REACH ? 0 : kpp_value(kpp, (enum kpp_measure)m, NULL, 0);
    double work = 0, done = 0;
    for (size_t s = 0; s < sizes; s++)
        work += fmin(kpp_set_count(n, s + 1), KPP_EXACT_MAX);
    enum metrics_status status = METRICS_OK;
    bool exchanged = false;
    for (size_t s = 0; s < sizes && status == METRICS_OK; s++) {
        double own = fmin(kpp_set_count(n, s + 1), KPP_EXACT_MAX);
        struct families_step step = {input, 300 + (unsigned)(500 * done / work), 300 + (unsigned)(500 * (done + own) / work)};
        if (kpp_search(kpp, s + 1, network->spec.seed, best[s], families_proceed, &step) != KPP_OK)
            status = METRICS_CANCELLED;
        done += own;
        exchanged = exchanged || (status == METRICS_OK && !best[s][0].exact);
    }
    kpp_destroy(kpp);
    if (status != METRICS_OK)
        return status;
    set_table(network, (const struct kpp_best(*)[KPP_MEASURES])best, sizes, baseline, result);
    if (exchanged) {
        result_note(result,
                    "There are more than %d sets of the larger sizes: they were improved by exchanging members from %d starts, "
                    "and a better one may exist.",
                    KPP_EXACT_MAX, KPP_STARTS);
        families_card_random(network->spec.seed, result);
    }
    return METRICS_OK;
}

static void describe(const struct network *network, struct result *result)
{
    result_set_card(
        result, "sets",
        "undirected and binary; F and D_F are over the actors that are left, n recomputed after removal; all sets are "
        "tried while there are at most %d of a size",
        KPP_EXACT_MAX);
    result_set_card(result, "reach", "of a set: mean over all actors of 1/steps to the nearest member, members counting 1");
    result_set_card(result, "efficiency",
                    network->spec.directed ? "along the direction of the ties, over ordered pairs of the actors that are left"
                                           : "over the pairs of the actors that are left");
    result_set_card(result, "cuts",
                    "undirected view; separators are binary, count whole actors, and are the ones nearest to the first end");
    result_set_card(
        result, "missing",
        "F, D_F and losses with fewer than three actors, gain and cuts of networks with fewer than two, largest_block "
        "of isolates, everything a note says was left out");
}

enum metrics_status keyplayers_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    size_t n = network->actor_count;
    enum metrics_status status = METRICS_OK;
    double whole[WHOLE_COLUMNS], *columns[ACTOR_COLUMNS];
    for (size_t c = 0; c < WHOLE_COLUMNS; c++)
        whole[c] = NAN;
    size_t table = families_actor_table(network, result, "keyplayers");
    for (size_t c = 0; c < ACTOR_COLUMNS; c++)
        result_add_numbers(result, table, &actor_numbers[c]);
    if (result_failed(result)) {
        status = families_out_of_memory(error);
        goto out;
    }
    const struct table *filled = &result->tables[table];
    for (size_t c = 0; c < ACTOR_COLUMNS; c++)
        columns[c] = filled->columns[filled->column_count - ACTOR_COLUMNS + c].numbers;
    blocks_of_actors(&ground.cut, columns);
    if (choice_wanted(ground.choices->paths, n, LOSS_ACTORS_MAX))
        status = single_actors(input, &ground, columns, whole, error);
    else if (ground.choices->paths == EFFORT_NONE)
        result_note(result, "What single actors hold together was left out on request (paths=none).");
    else
        result_note(result, "What single actors hold together was left out: more than %d actors. Ask for it with paths=exact.",
                    LOSS_ACTORS_MAX);
    if (status == METRICS_OK)
        status = sets(input, &ground, result, error);
    struct keyplayers_whole cuts = {NAN, NAN, NAN};
    struct families_step step = {input, 800, 1000};
    if (status == METRICS_OK)
        status = keyplayers_cuts(network, &ground, result, &cuts, &step, error);
    if (status != METRICS_OK)
        goto out;
    whole[WHOLE_TIES] = cuts.tie_connectivity;
    whole[WHOLE_WEIGHT] = cuts.least_cut_weight;
    whole[WHOLE_ACTORS] = cuts.actor_connectivity;
    whole[WHOLE_BLOCKS] = (double)ground.cut.block_count;
    table = result_add_table(result, "whole", 1);
    for (size_t c = 0; c < WHOLE_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &whole_numbers[c]);
        if (numbers)
            numbers[0] = whole[c];
    }
    describe(network, result);
    status = families_finish(result, error);
out:
    families_end(&ground);
    return status;
}
