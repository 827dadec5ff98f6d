/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family graph: one row of numbers about the network as a whole.
 */
#include "ego.h"
#include "families.h"
#include "graph_chance.h"
#include "path_work.h"

#include <math.h>
#include <stdlib.h>

enum graph_column {
    ACTORS,
    ISOLATES,
    TIES,
    WEIGHT,
    INTERACTIONS,
    UNRESOLVED,
    SELF_TIES,
    SELF_WEIGHT,
    NEGATIVE_TIES,
    DYADS,
    DYADS_UNKNOWN,
    DENSITY,
    DENSITY_KNOWN,
    RECIPROCITY,
    RECIPROCITY_DYADIC,
    TRANSITIVITY,
    COMPONENTS,
    LARGEST,
    DIAMETER,
    MEAN_DISTANCE,
    REACHABLE,
    EFFICIENCY,
    CENTRALIZATION_DEGREE,
    CENTRALIZATION_CLOSENESS,
    CENTRALIZATION_BETWEENNESS,
    GRAPH_COLUMNS
};

static const struct column_definition definitions[GRAPH_COLUMNS] = {
    [ACTORS] = {"actors", "", "actors in the network, also those without ties", ""},
    [ISOLATES] = {"isolates", "", "actors without any tie", ""},
    [TIES] = {"ties", "", "ties; in a directed network each direction is a tie of its own", ""},
    [WEIGHT] = {"weight", "", "sum of the weights of all ties", ""},
    [INTERACTIONS] = {"interactions", "", "interactions in the period and layers, resolved or not", ""},
    [UNRESOLVED] = {"interactions_unresolved", "", "interactions with a participant whose name is not yet linked to an actor",
                    ""},
    [SELF_TIES] = {"self_ties", "", "ties of an actor to itself after aggregation, dropped", ""},
    [SELF_WEIGHT] = {"self_weight", "", "weight of the dropped self-ties", ""},
    [NEGATIVE_TIES] = {"negative_ties", "", "objection arcs, which are not among the ties", ""},
    [DYADS] = {"dyads", "", "pairs that could be tied: n(n-1)/2, in a directed network n(n-1)", "Wasserman & Faust 1994"},
    [DYADS_UNKNOWN] = {"dyads_unknown", "", "pairs without a tie that nobody would have told of: not known to be absent", ""},
    [DENSITY] = {"density", "share", "ties / dyads; unknown dyads count as absent, so it is a lower bound",
                 "Wasserman & Faust 1994"},
    [DENSITY_KNOWN] = {"density_known", "share", "ties / (dyads - unknown dyads)", "Wasserman & Faust 1994"},
    [RECIPROCITY] = {"reciprocity", "share", "2M/(2M+A): share of the ties that are answered; M mutual and A one-way pairs",
                     "Wasserman & Faust 1994"},
    [RECIPROCITY_DYADIC] = {"reciprocity_dyadic", "share", "M/(M+A): share of the tied pairs that are mutual",
                            "Wasserman & Faust 1994"},
    [TRANSITIVITY] = {"transitivity", "share", "closed share of all paths of two ties, undirected and binary", "Newman 2003"},
    [COMPONENTS] = {"components", "", "parts without any tie between them, direction ignored; an isolate is one",
                    "Wasserman & Faust 1994"},
    [LARGEST] = {"largest_component", "actors", "actors in the largest component", "Wasserman & Faust 1994"},
    [DIAMETER] = {"diameter", "steps", "longest of the shortest paths, over pairs that reach each other",
                  "Wasserman & Faust 1994"},
    [MEAN_DISTANCE] = {"mean_distance", "steps", "mean length of the shortest paths, over pairs that reach each other",
                       "Newman 2003"},
    [REACHABLE] = {"reachable", "share", "share of the ordered pairs that reach each other", "Wasserman & Faust 1994"},
    [EFFICIENCY] = {"global_efficiency", "0..1", "mean of 1/steps over all pairs, 0 where there is no path",
                    "Latora & Marchiori 2001"},
    [CENTRALIZATION_DEGREE] = {"centralization_degree", "0..1",
                               "how far degree is concentrated: star 1, circle 0; undirected, binary", "Freeman 1978"},
    [CENTRALIZATION_CLOSENESS] =
        {"centralization_closeness", "0..1",
         "how far closeness is concentrated: star 1, circle 0; undirected, binary, only when connected", "Freeman 1978"},
    [CENTRALIZATION_BETWEENNESS] = {"centralization_betweenness", "0..1",
                                    "how far betweenness is concentrated: star 1, circle 0; undirected, binary",
                                    "Freeman 1978"},
};

static void count_ties(const struct network *network, const struct topology *topology, double *row)
{
    double n = (double)network->actor_count, mutual = 0;
    row[ACTORS] = n;
    row[ISOLATES] = 0;
    for (size_t i = 0; i < topology->count; i++)
        row[ISOLATES] += adjacency_degree(&topology->both, i) == 0;
    row[TIES] = (double)network->tie_count;
    row[WEIGHT] = 0;
    for (size_t t = 0; t < network->tie_count; t++) {
        row[WEIGHT] += network->ties[t].weight;
        mutual += network->spec.directed && network->ties[t].from < network->ties[t].to &&
                  adjacency_find(&topology->out, (size_t)network->ties[t].to, network->ties[t].from) != SIZE_MAX;
    }
    row[INTERACTIONS] = network->interactions;
    row[UNRESOLVED] = network->interactions_unresolved;
    row[SELF_TIES] = network->self_count;
    row[SELF_WEIGHT] = network->self_weight;
    row[NEGATIVE_TIES] = (double)network->negative_count;
    row[DYADS] = network->spec.directed ? n * (n - 1) : n * (n - 1) / 2;
    if (n < 1)
        row[DYADS] = 0;
    row[DYADS_UNKNOWN] = network_unknown_dyads(network) + 0.0; /* -0 is 0 */
    double known = row[DYADS] - row[DYADS_UNKNOWN];
    row[DENSITY] = row[DYADS] > 0 ? row[TIES] / row[DYADS] : NAN;
    row[DENSITY_KNOWN] = known > 0 ? row[TIES] / known : NAN;
    if (network->spec.directed && network->tie_count > 0) {
        double one_way = row[TIES] - 2 * mutual;
        row[RECIPROCITY] = 2 * mutual / (2 * mutual + one_way);
        row[RECIPROCITY_DYADIC] = mutual / (mutual + one_way);
    }
}

static void distances(const struct sweep_totals *totals, double n, double *row)
{
    row[DIAMETER] = totals->pairs > 0 ? (double)totals->diameter : NAN;
    row[MEAN_DISTANCE] = totals->pairs > 0 ? totals->distance_sum / totals->pairs : NAN;
    row[REACHABLE] = n > 1 ? totals->pairs / (n * (n - 1)) : NAN;
    row[EFFICIENCY] = n > 1 ? totals->inverse_sum / (n * (n - 1)) : NAN;
}

/* Sum of the distances to the largest value, over what it is in a star of the same size. */
static double centralization(const double *values, size_t n, double star)
{
    double largest = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, values[i]);
    for (size_t i = 0; i < n; i++)
        sum += largest - values[i];
    return n > 2 ? sum / star : NAN;
}

static void left_out(enum choice_effort paths, enum choice_effort betweenness, size_t n, struct result *result)
{
    if (paths == EFFORT_NONE)
        result_note(result, "Distances and closeness centralization were left out on request (paths=none).");
    else if (!choice_wanted(paths, n, FAMILIES_SWEEP_ACTORS_MAX))
        result_note(result,
                    "Distances and closeness centralization were left out: more than %d actors. Ask for them with paths=exact.",
                    FAMILIES_SWEEP_ACTORS_MAX);
    if (betweenness == EFFORT_SAMPLED)
        result_note(result,
                    "Betweenness centralization was left out: it needs the largest value, which a sample (betweenness=sampled) "
                    "does not give.");
    else if (betweenness == EFFORT_NONE)
        result_note(result, "Betweenness centralization was left out on request (betweenness=none).");
    else if (!choice_wanted(betweenness, n, FAMILIES_EXACT_ACTORS_MAX))
        result_note(result, "Betweenness centralization was left out: more than %d actors. Ask for it with betweenness=exact.",
                    FAMILIES_EXACT_ACTORS_MAX);
}

static void notes(const struct network *network, const struct cut *cut, struct result *result)
{
    result_set_card(result, "density", "ties over all pairs; density_known leaves out pairs that are unknown");
    result_set_card(result, "paths", "counted in steps, along the direction of the ties; weights do not matter");
    result_set_card(result, "centralization",
                    "undirected binary view, over the value of a star of the same size; needs three actors");
    result_set_card(result, "missing",
                    "reciprocity without direction, distances without ties, closeness centralization when not connected");
    if (cut->component_count > 1)
        result_note(result,
                    "The network is not connected: mean distance and diameter are over the pairs that reach each other.");
    double unknown = network_unknown_dyads(network);
    if (unknown > 0)
        result_note(result, "%.0f pairs are unknown, not absent: nobody who reported for this period would have told of a tie.",
                    unknown);
}

/* Distances and centralization; `values` has room for one number per actor. They are the first `share` permille. */
static enum metrics_status measure_paths(const struct metrics_input *input, const struct families_ground *ground,
                                         double *values, double *row, unsigned share, char error[400])
{
    const struct topology *topology = &ground->topology;
    size_t n = topology->count;
    double others = (double)n - 1;
    if (choice_wanted(ground->choices->paths, n, FAMILIES_SWEEP_ACTORS_MAX)) {
        struct families_step step = {input, 0, 2 * share / 10};
        struct crew crew = families_crew(&step);
        struct sweep along = {0}, undirected = {.steps = values};
        enum crew_status swept = sweep_run(&topology->both, &topology->both, &crew, &undirected);
        along.totals = undirected.totals;
        step = (struct families_step){input, 2 * share / 10, 4 * share / 10};
        if (swept == CREW_OK && topology->directed)
            swept = sweep_run(&topology->out, &topology->in, &crew, &along);
        if (swept != CREW_OK)
            return families_crewed(swept, error);
        distances(&along.totals, (double)n, row);
        if (ground->cut.component_count == 1 && n > 2) {
            for (size_t i = 0; i < n; i++)
                values[i] = others / values[i];
            row[CENTRALIZATION_CLOSENESS] = centralization(values, n, others * (others - 1) / (2 * others - 1));
        }
    }
    for (size_t i = 0; i < n; i++)
        values[i] = (double)adjacency_degree(&topology->both, i);
    row[CENTRALIZATION_DEGREE] = centralization(values, n, others * (others - 1));
    if (choice_wanted(ground->choices->betweenness, n, FAMILIES_EXACT_ACTORS_MAX)) {
        struct families_step step = {input, 4 * share / 10, share};
        struct crew crew = families_crew(&step);
        enum crew_status walked = betweenness_run(&topology->both, &topology->both, false, &crew, values);
        if (walked != CREW_OK)
            return families_crewed(walked, error);
        row[CENTRALIZATION_BETWEENNESS] = centralization(values, n, others * others * (others - 1) / 2);
    }
    return METRICS_OK;
}

enum metrics_status graph_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    const struct topology *topology = &ground.topology;
    size_t n = topology->count;
    double row[GRAPH_COLUMNS];
    for (size_t c = 0; c < GRAPH_COLUMNS; c++)
        row[c] = NAN;
    enum metrics_status status = METRICS_FAILED;
    double closed, triples;
    double *values = malloc((n + 1) * sizeof *values);
    if (!values || !ego_count(&topology->both, &closed, &triples)) {
        status = families_out_of_memory(error);
        goto out;
    }
    count_ties(network, topology, row);
    row[TRANSITIVITY] = triples > 0 ? closed / triples : NAN;
    row[COMPONENTS] = (double)ground.cut.component_count;
    row[LARGEST] = ground.cut.component_count > 0 ? (double)ground.cut.component_size[ground.cut.largest] : 0;

    bool compared = ground.choices->swaps > 0;
    status = measure_paths(input, &ground, values, row, compared ? 500 : 1000, error);
    if (status != METRICS_OK)
        goto out;

    size_t table = result_add_table(result, "graph", 1);
    for (size_t c = 0; c < GRAPH_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
    if (compared) {
        struct families_step step = {input, 500, 1000};
        status = graph_chance(&ground, &step, result, error);
        if (status != METRICS_OK)
            goto out;
    }
    notes(network, &ground.cut, result);
    left_out(ground.choices->paths, ground.choices->betweenness, n, result);
    status = families_finish(result, error);
out:
    free(values);
    families_end(&ground);
    return status;
}
