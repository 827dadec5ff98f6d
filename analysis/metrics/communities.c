/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family communities: groups that hold more contact among themselves than chance gives, beside the formal sectors.
 */
#include "engine.h"
#include "families.h"
#include "label_permutation.h"
#include "mixing.h"
#include "partition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MANY_ACTORS        2000  /* up to here 100 runs unless asked otherwise, */
#define MOST_ACTORS        20000 /* up to here 20, beyond it 2 */
#define PAIRS_COMPARED_MAX 5000  /* pairs of runs whose agreement is averaged */

static const struct column_definition community_definitions[] = {
    {"community", "",
     "number of the actor's community in the division with the highest modularity, the largest community first",
     "Traag, Waltman & van Eck 2019"},
    {"within", "0..1", "share of the actor's strength that stays in its community; missing without ties", ""},
    {"stability", "0..1",
     "mean share of the runs that keep the actor together with each other member of its community; missing when alone",
     "Lancichinetti & Fortunato 2012, consensus of runs"},
};

enum partition_column {
    COMMUNITIES,
    MODULARITY,
    RUNS,
    RUNS_BEST,
    STABILITY_ARI,
    STABILITY_NMI,
    SECTORS,
    MODULARITY_SECTORS,
    MODULARITY_EXPECTED,
    MODULARITY_SD,
    MODULARITY_Z,
    MODULARITY_P,
    ARI,
    ARI_SD,
    ARI_P,
    NMI,
    NMI_EXPECTED,
    NMI_P,
    PARTITION_COLUMNS
};
static const struct column_definition partition_definitions[PARTITION_COLUMNS] = {
    [COMMUNITIES] = {"communities", "", "communities of the best division; actors without ties are one each", ""},
    [MODULARITY] = {"modularity", "-0.5..1", "share of the weight within communities, less what strengths alone would give",
                    "Newman & Girvan 2004"},
    [RUNS] = {"runs", "", "runs of the algorithm, each with a seed of its own", ""},
    [RUNS_BEST] = {"runs_best", "0..1", "share of the runs that reach the highest modularity, to 1e-9", ""},
    [STABILITY_ARI] = {"stability_ari", "", "mean adjusted Rand index over pairs of runs: 1 = every run finds the same",
                       "Hubert & Arabie 1985"},
    [STABILITY_NMI] = {"stability_nmi", "", "mean normalised mutual information over pairs of runs", "Danon et al. 2005"},
    [SECTORS] = {"sectors", "", "formal sectors among the actors that have one", ""},
    [MODULARITY_SECTORS] = {"modularity_sectors", "-0.5..1", "modularity of the formal sectors, among actors that have one",
                            "Newman & Girvan 2004"},
    [MODULARITY_EXPECTED] = {"modularity_sectors_expected", "", "mean when the same sectors are dealt out to actors at random",
                             "Good 2005, permutation tests"},
    [MODULARITY_SD] = {"modularity_sectors_sd", "", "standard deviation over these labellings", "Good 2005, permutation tests"},
    [MODULARITY_Z] = {"modularity_sectors_z", "", "(modularity_sectors - expected) / sd", ""},
    [MODULARITY_P] = {"modularity_sectors_p", "", "two-sided permutation p value: twice the smaller tail",
                      "Phipson & Smyth 2010"},
    [ARI] = {"ari", "", "adjusted Rand index of communities and sectors: 1 = the same division, 0 = as much as chance gives",
             "Hubert & Arabie 1985"},
    [ARI_SD] = {"ari_sd", "", "standard deviation of ari over these labellings", "Good 2005, permutation tests"},
    [ARI_P] = {"ari_p", "", "two-sided permutation p value of ari", "Phipson & Smyth 2010"},
    [NMI] = {"nmi", "0..1", "normalised mutual information of communities and sectors, 2 I / (H1 + H2)", "Danon et al. 2005"},
    [NMI_EXPECTED] = {"nmi_expected", "0..1", "mean of nmi over these labellings: it is above 0 by chance alone",
                      "Good 2005, permutation tests"},
    [NMI_P] = {"nmi_p", "", "two-sided permutation p value of nmi", "Phipson & Smyth 2010"},
};

static const struct column_definition match_text = {"sector", "", "formal sector; missing = actors without one", ""};
static const struct column_definition match_numbers[] = {
    {"community", "", "number of the community", ""},
    {"actors", "", "actors of both", ""},
};

/* A weighted network whose divisions are judged: what no division changes is summed once. */
struct divided {
    const struct mixing_tie *pairs; /* unordered */
    size_t pair_count, actor_count;
    double *strength, total; /* of each actor; of all pairs */
    double *sums;            /* room, by group */
};

/* Groups are at most as many as actors. False: out of memory; to be released whatever it says. */
static bool divided_init(struct divided *ret_divided, const struct mixing_tie *pairs, size_t pair_count, size_t actor_count)
{
    *ret_divided = (struct divided){.pairs = pairs, .pair_count = pair_count, .actor_count = actor_count};
    ret_divided->strength = calloc(actor_count + 1, sizeof *ret_divided->strength);
    ret_divided->sums = malloc((actor_count + 1) * sizeof *ret_divided->sums);
    if (!ret_divided->strength || !ret_divided->sums)
        return false;
    for (size_t p = 0; p < pair_count; p++) {
        ret_divided->total += pairs[p].weight;
        ret_divided->strength[pairs[p].from] += pairs[p].weight;
        ret_divided->strength[pairs[p].to] += pairs[p].weight;
    }
    return true;
}

static void divided_release(struct divided *divided)
{
    free(divided->strength);
    free(divided->sums);
}

/* Newman & Girvan 2004; missing without weight. */
static double modularity(const struct divided *divided, const int32_t *groups, size_t group_count)
{
    const struct mixing_tie *pairs = divided->pairs;
    double within = 0, total = divided->total, expected = 0;
    for (size_t p = 0; p < divided->pair_count; p++)
        within += groups[pairs[p].from] == groups[pairs[p].to] ? pairs[p].weight : 0;
    for (size_t g = 0; g < group_count; g++)
        divided->sums[g] = 0;
    for (size_t i = 0; i < divided->actor_count; i++)
        divided->sums[groups[i]] += divided->strength[i];
    for (size_t g = 0; total > 0 && g < group_count; g++)
        expected += divided->sums[g] / (2 * total) * (divided->sums[g] / (2 * total));
    return total > 0 ? within / total - expected : NAN;
}

struct runs {
    size_t count, actor_count;
    int32_t *groups; /* run by run */
    double *modularity;
    size_t best;
};

struct step {
    struct families_step step;
    size_t run, runs;
};

static bool run_proceed(void *arg, unsigned permille)
{
    struct step *step = arg;
    return families_proceed(&step->step, (unsigned)((step->run * 1000 + permille) / step->runs));
}

static enum metrics_status run_all(const struct metrics_input *input, const struct families_ground *ground, struct runs *runs,
                                   char error[400])
{
    const struct adjacency *both = &ground->topology.both;
    size_t n = both->count, pair_count = 0;
    struct mixing_tie *pairs = malloc((both->arc_count / 2 + 1) * sizeof *pairs);
    enum metrics_status status = pairs ? METRICS_OK : families_out_of_memory(error);
    for (size_t v = 0; status == METRICS_OK && v < n; v++)
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++)
            if ((size_t)both->peer[a] > v)
                pairs[pair_count++] = (struct mixing_tie){(int32_t)v, both->peer[a], both->weight[a]};
    struct divided divided = {0};
    if (status == METRICS_OK && !divided_init(&divided, pairs, pair_count, n))
        status = families_out_of_memory(error);
    struct step step = {{input, 0, 600}, 0, runs->count};
    struct engine_graph *graph = status == METRICS_OK ? engine_graph_create(both, error) : NULL;
    if (status == METRICS_OK && !graph)
        status = METRICS_FAILED;
    for (size_t r = 0; r < runs->count && status == METRICS_OK; r++) {
        int32_t *groups = runs->groups + r * n;
        step.run = r;
        enum engine_status ran = engine_leiden(graph, 1, input->network->spec.seed + r, groups, run_proceed, &step, error);
        if (ran != ENGINE_OK) {
            status = ran == ENGINE_STOPPED ? METRICS_CANCELLED : METRICS_FAILED;
        } else if (partition_canonical(groups, n) == SIZE_MAX) {
            status = families_out_of_memory(error);
        } else {
            runs->modularity[r] = modularity(&divided, groups, n);
            /* The first of equally good divisions, so that more runs change it only for a better one. */
            if (runs->modularity[r] > runs->modularity[runs->best] + 1e-9)
                runs->best = r;
        }
    }
    engine_graph_destroy(graph);
    divided_release(&divided);
    free(pairs);
    return status;
}

/* Mean agreement over pairs of runs, the first PAIRS_COMPARED_MAX of them. */
static bool agreement(const struct runs *runs, double *row)
{
    size_t compared = 0;
    struct partition_agreement sum = {0, 0};
    for (size_t r = 1; r < runs->count && compared < PAIRS_COMPARED_MAX; r++)
        for (size_t s = 0; s < r && compared < PAIRS_COMPARED_MAX; s++, compared++) {
            struct partition_agreement one;
            if (!partition_agree(runs->groups + r * runs->actor_count, runs->groups + s * runs->actor_count, runs->actor_count,
                                 &one))
                return false;
            sum.ari += one.ari;
            sum.nmi += one.nmi;
        }
    row[STABILITY_ARI] = compared > 0 ? sum.ari / (double)compared : NAN;
    row[STABILITY_NMI] = compared > 0 ? sum.nmi / (double)compared : NAN;
    double best = 0;
    for (size_t r = 0; r < runs->count; r++)
        best += runs->modularity[r] >= runs->modularity[runs->best] - 1e-9;
    row[RUNS_BEST] = isnan(runs->modularity[runs->best]) ? NAN : best / (double)runs->count;
    return true;
}

static bool actor_table(const struct network *network, const struct adjacency *both, const struct runs *runs,
                        struct result *result)
{
    const int32_t *groups = runs->groups + runs->best * runs->actor_count;
    size_t n = network->actor_count, table = families_actor_table(network, result, "communities");
    double *columns[3];
    for (size_t c = 0; c < 3; c++)
        result_add_numbers(result, table, &community_definitions[c]);
    if (result_failed(result))
        return false;
    for (size_t c = 0; c < 3; c++)
        columns[c] = result->tables[table].columns[result->tables[table].column_count - 3 + c].numbers;
    for (size_t i = 0; i < n; i++) {
        double within = 0, strength = adjacency_strength(both, i);
        for (size_t a = both->start[i]; a < both->start[i + 1]; a++)
            if (groups[both->peer[a]] == groups[i])
                within += both->weight[a];
        columns[0][i] = groups[i] + 1;
        columns[1][i] = strength > 0 ? within / strength : NAN;
    }
    return partition_stability(groups, runs->groups, runs->count, n, columns[2]);
}

struct plan {
    const struct mixing *mixing;
    const int32_t *groups; /* of the labelled actors */
    struct divided divided;
    struct families_step step;
    bool failed;
};
enum { STATISTIC_MODULARITY, STATISTIC_ARI, STATISTIC_NMI, STATISTICS };

static void statistics(void *arg, const int32_t *labels, double *ret_statistics)
{
    struct plan *plan = arg;
    const struct mixing *mixing = plan->mixing;
    struct partition_agreement agree;
    double value = modularity(&plan->divided, labels, mixing->group_count);
    plan->failed = plan->failed || !partition_agree(plan->groups, labels, mixing->labelled, &agree);
    ret_statistics[STATISTIC_MODULARITY] = isnan(value) ? 0 : value;
    ret_statistics[STATISTIC_ARI] = plan->failed ? 0 : agree.ari;
    ret_statistics[STATISTIC_NMI] = plan->failed ? 0 : agree.nmi;
}

static bool permutation_proceed(void *arg, unsigned permille)
{
    const struct plan *plan = arg;
    return !plan->failed && families_proceed((void *)(uintptr_t)&plan->step, permille);
}

/* The formal sectors beside the best division, among the actors that have a sector. */
static enum metrics_status compare_sectors(const struct metrics_input *input, const struct mixing *mixing,
                                           const struct runs *runs, double *row, struct result *result, char error[400])
{
    const int32_t *best = runs->groups + runs->best * runs->actor_count;
    size_t count = mixing->labelled;
    int32_t *groups = malloc((count + 1) * sizeof *groups);
    struct label_null nulls[STATISTICS];
    struct plan plan = {mixing, groups, {0}, {input, 600, 1000}, false};
    enum metrics_status status = families_out_of_memory(error);
    bool exact;
    unsigned labellings;
    if (!groups || !divided_init(&plan.divided, mixing->pairs, mixing->pair_count, count))
        goto out;
    for (size_t i = 0; i < count; i++)
        groups[i] = best[mixing->actor[i]];
    if (partition_canonical(groups, count) == SIZE_MAX)
        goto out;
    struct label_permutation permutation = {.labels = mixing->label,
                                            .label_count = count,
                                            .statistic_count = STATISTICS,
                                            .permutations = (unsigned)input->network->spec.choices.permutations,
                                            .seed = input->network->spec.seed,
                                            .statistics = statistics,
                                            .proceed = permutation_proceed,
                                            .arg = &plan};
    enum label_permutation_status permuted = label_permutation_run(&permutation, nulls, &exact, &labellings);
    if (plan.failed || permuted == LABEL_PERMUTATION_NO_MEMORY)
        goto out;
    status = permuted == LABEL_PERMUTATION_OK ? METRICS_OK : METRICS_CANCELLED;
    if (status != METRICS_OK || mixing->pair_count == 0)
        goto out;
    const struct label_null *formal = &nulls[STATISTIC_MODULARITY], *ari = &nulls[STATISTIC_ARI], *nmi = &nulls[STATISTIC_NMI];
    row[MODULARITY_SECTORS] = formal->observed;
    row[MODULARITY_EXPECTED] = formal->mean;
    row[MODULARITY_SD] = formal->sd;
    row[MODULARITY_Z] = formal->z;
    row[MODULARITY_P] = formal->sd > 0 ? formal->p : NAN;
    row[ARI] = ari->observed;
    row[ARI_SD] = ari->sd;
    row[ARI_P] = ari->sd > 0 ? ari->p : NAN;
    row[NMI] = nmi->observed;
    row[NMI_EXPECTED] = nmi->mean;
    row[NMI_P] = nmi->sd > 0 ? nmi->p : NAN;
    families_card_labellings(exact, labellings, input->network->spec.seed, result);
out:
    free(groups);
    divided_release(&plan.divided);
    return status;
}

/* How many actors of each sector each community has; rows without any are left out. */
static bool match_table(const struct network *network, const struct mixing *mixing, const int32_t *groups, size_t communities,
                        struct result *result)
{
    size_t sectors = mixing->group_count + 1, kept = 0;
    size_t *cells = calloc(communities * sectors + 1, sizeof *cells);
    int32_t *sector = malloc((network->actor_count + 1) * sizeof *sector);
    bool done = cells && sector;
    for (size_t i = 0; done && i < network->actor_count; i++)
        sector[i] = (int32_t)mixing->group_count;
    for (size_t a = 0; done && a < mixing->labelled; a++)
        sector[mixing->actor[a]] = mixing->label[a];
    for (size_t i = 0; done && i < network->actor_count; i++)
        kept += cells[(size_t)groups[i] * sectors + (size_t)sector[i]]++ == 0;
    size_t table = done ? result_add_table(result, "matching", kept) : 0;
    double *numbers[2] = {done ? result_add_numbers(result, table, &match_numbers[0]) : NULL, NULL};
    char **texts = done ? result_add_texts(result, table, &match_text) : NULL;
    numbers[1] = done ? result_add_numbers(result, table, &match_numbers[1]) : NULL;
    size_t row = 0;
    for (size_t cell = 0; done && numbers[0] && texts && numbers[1] && cell < communities * sectors; cell++) {
        size_t community = cell / sectors;
        if (cells[cell] == 0)
            continue;
        numbers[0][row] = (double)(community + 1);
        numbers[1][row] = (double)cells[cell];
        if (cell % sectors < mixing->group_count)
            result_set_text(result, &texts[row], mixing->groups[cell % sectors]);
        row++;
    }
    free(cells);
    free(sector);
    return done;
}

static size_t runs_wanted(const struct choices *choices, size_t actors)
{
    if (choices->runs > 0)
        return (size_t)choices->runs;
    return actors <= MANY_ACTORS ? 100 : actors <= MOST_ACTORS ? 20 : 2;
}

enum metrics_status communities_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    size_t n = network->actor_count, communities = 0;
    struct mixing mixing;
    if (!mixing_init(&mixing, network, &ground.topology)) {
        families_end(&ground);
        return families_out_of_memory(error);
    }
    struct runs runs = {.count = runs_wanted(ground.choices, n), .actor_count = n};
    runs.groups = malloc((runs.count * n + 1) * sizeof *runs.groups);
    runs.modularity = malloc((runs.count + 1) * sizeof *runs.modularity);
    double row[PARTITION_COLUMNS];
    for (size_t c = 0; c < PARTITION_COLUMNS; c++)
        row[c] = NAN;
    enum metrics_status status = families_out_of_memory(error);
    if (!runs.groups || !runs.modularity)
        goto out;
    for (size_t r = 0; r < runs.count; r++)
        runs.modularity[r] = -INFINITY;
    status = run_all(input, &ground, &runs, error);
    if (status == METRICS_OK)
        status = compare_sectors(input, &mixing, &runs, row, result, error);
    if (status != METRICS_OK)
        goto out;
    const int32_t *best = runs.groups + runs.best * n;
    for (size_t i = 0; i < n; i++)
        communities = best[i] >= (int32_t)communities ? (size_t)best[i] + 1 : communities;
    row[COMMUNITIES] = (double)communities;
    row[MODULARITY] = runs.modularity[runs.best];
    row[RUNS] = (double)runs.count;
    row[SECTORS] = (double)mixing.group_count;
    if (!agreement(&runs, row) || !actor_table(network, &ground.topology.both, &runs, result)) {
        status = families_out_of_memory(error);
        goto out;
    }
    size_t table = result_add_table(result, "partition", 1);
    for (size_t c = 0; c < PARTITION_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &partition_definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
    if (!match_table(network, &mixing, best, communities, result)) {
        status = families_out_of_memory(error);
        goto out;
    }
    result_set_card(
        result, "communities",
        "Leiden algorithm for modularity on the weighted undirected view; %zu runs with seeds from %-llu, iterated until "
        "nothing improves; the division with the highest modularity is told",
        runs.count, (unsigned long long)network->spec.seed);
    if (network->tie_count == 0)
        result_note(result, "Without ties there are no communities: every actor stands alone.");
    families_note_unlabelled(network, result);
    status = families_finish(result, error);
out:
    free(runs.groups);
    free(runs.modularity);
    mixing_release(&mixing);
    families_end(&ground);
    return status;
}
