/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family centrality: one row per actor, sorted by key.
 */
#include "centrality.h"

#include "core.h"
#include "ego.h"
#include "prestige.h"
#include "principal.h"
#include "shortest.h"

#include <math.h>
#include <stdlib.h>

static const struct column_definition definitions[CENTRALITY_COLUMNS] = {
    [DEGREE_IN] = {"degree_in", "actors", "number of actors with a tie to this one; binary", "Freeman 1978"},
    [DEGREE_OUT] = {"degree_out", "actors", "number of actors this one has a tie to; binary", "Freeman 1978"},
    [DEGREE] = {"degree", "actors", "number of distinct actors tied to this one, in either direction; binary", "Freeman 1978"},
    [STRENGTH_IN] = {"strength_in", "weight", "sum of the weights of incoming ties", "Barrat et al. 2004"},
    [STRENGTH_OUT] = {"strength_out", "weight", "sum of the weights of outgoing ties", "Barrat et al. 2004"},
    [STRENGTH] = {"strength", "weight", "sum of the weights of all ties", "Barrat et al. 2004"},
    [STRENGTH_RATIO] =
        {"strength_ratio", "observed / expected",
         "strength over what is expected when every actor keeps its number of ties and the weights fall on ties at "
         "random; over 1 = heavier ties than the number of them suggests",
         "Newman 2010, configuration model"},
    [BETWEENNESS] =
        {"betweenness", "pairs",
         "for how many pairs of others this actor lies on the shortest path, shared between equally short ones; raw",
         "Freeman 1977; Brandes 2001"},
    [BETWEENNESS_NORM] = {"betweenness_norm", "0..1", "betweenness over the number of pairs of others", "Freeman 1977"},
    [CLOSENESS] = {"closeness", "1 / distance", "actors reached / sum of the distances to them; missing when none is reached",
                   "Freeman 1978"},
    [CLOSENESS_IN] = {"closeness_in", "1 / distance",
                      "actors that reach this one / sum of the distances from them; missing when there is none",
                      "Freeman 1978"},
    [HARMONIC] = {"harmonic", "1 / distance", "mean of 1/distance to all others, 0 for those not reached",
                  "Marchiori & Latora 2000"},
    [EIGENVECTOR] =
        {"eigenvector", "0..1",
         "principal eigenvector of the weighted undirected view of the largest component, largest = 1; missing outside it",
         "Bonacich 1972"},
    [PAGERANK] = {"pagerank", "share", "stationary share of a walk along the weighted ties, damping 0.85; sums to 1",
                  "Brin & Page 1998"},
    [HUB] = {"hub", "0..1", "weighted ties to actors that are authorities, largest = 1", "Kleinberg 1999"},
    [AUTHORITY] = {"authority", "0..1", "weighted ties from actors that are hubs, largest = 1", "Kleinberg 1999"},
    [CORENESS] = {"coreness", "",
                  "largest k for which the actor is in a part where everybody has k ties within it; undirected, binary",
                  "Seidman 1983"},
    [CLUSTERING] = {"clustering", "share",
                    "share of the pairs of neighbours that are tied themselves; missing with fewer than two",
                    "Watts & Strogatz 1998"},
    [CLUSTERING_W] = {"clustering_w", "share", "clustering with each pair weighted by the actor's own two ties",
                      "Barrat et al. 2004"},
    [CONSTRAINT] = {"constraint", "",
                    "how far the actor's ties lead back to one another; low = many structural holes; missing for isolates",
                    "Burt 1992"},
    [EFFECTIVE_SIZE] = {"effective_size", "actors", "contacts less the redundancy among them; missing for isolates",
                        "Burt 1992"},
    [PN] = {"pn", "", "standing from ties and objections together: (I - A/(2n-2))^-1 1 with A = P - 2N, undirected and binary",
            "Everett & Borgatti 2014"},
};

/* Columns in the order of the list; those that make no sense for this network are not there. */
static bool add_columns(const struct network *network, struct result *result, size_t table, struct centrality *ret_columns)
{
    size_t added[CENTRALITY_COLUMNS], added_count = 0;
    *ret_columns = (struct centrality){0};
    for (size_t c = 0; c < CENTRALITY_COLUMNS; c++) {
        bool only_directed = c == DEGREE_IN || c == DEGREE_OUT || c == STRENGTH_IN || c == STRENGTH_OUT || c == CLOSENESS_IN ||
                             c == HUB || c == AUTHORITY;
        if ((only_directed && !network->spec.directed) || (c == PN && network->negative_count == 0))
            continue;
        result_add_numbers(result, table, &definitions[c]);
        added[added_count++] = c;
    }
    if (result_failed(result))
        return false;
    /* Fetched when all are there: pointers do not survive the adding of columns. */
    const struct table *filled = &result->tables[table];
    for (size_t a = 0; a < added_count; a++)
        ret_columns->at[added[a]] = filled->columns[filled->column_count - added_count + a].numbers;
    return true;
}

static void put(double *array, size_t at, double value)
{
    if (array)
        array[at] = value;
}

static void degrees(const struct topology *topology, const struct centrality *centrality)
{
    double ties = 0, weight = 0; /* ends of ties, and of their weight */
    double *ratio = centrality->at[STRENGTH_RATIO];
    for (size_t i = 0; i < topology->count; i++) {
        double out = (double)adjacency_degree(&topology->out, i), strength_out = adjacency_strength(&topology->out, i);
        double in = topology->directed ? (double)adjacency_degree(&topology->in, i) : 0;
        double strength_in = topology->directed ? adjacency_strength(&topology->in, i) : 0;
        put(centrality->at[DEGREE], i, (double)adjacency_degree(&topology->both, i));
        put(centrality->at[DEGREE_IN], i, in);
        put(centrality->at[DEGREE_OUT], i, out);
        put(centrality->at[STRENGTH_IN], i, strength_in);
        put(centrality->at[STRENGTH_OUT], i, strength_out);
        put(centrality->at[STRENGTH], i, strength_out + strength_in);
        put(ratio, i, out + in);
        ties += out + in;
        weight += strength_out + strength_in;
    }
    for (size_t i = 0; ratio && i < topology->count; i++)
        ratio[i] = ratio[i] > 0 ? centrality->at[STRENGTH][i] / (ratio[i] * (weight / ties)) : NAN;
}

/* From (reached, sum) in place to closeness; from a sum of inverses to its mean. */
static void close_up(double *sums, const double *reached, size_t n)
{
    for (size_t i = 0; sums && i < n; i++)
        sums[i] = reached[i] > 0 ? reached[i] / sums[i] : NAN;
}

/* `room`: three numbers an actor. */
static enum metrics_status distances(const struct metrics_input *input, const struct families_ground *ground,
                                     const struct centrality *centrality, double *room, struct result *result, char error[400])
{
    size_t n = ground->topology.count;
    bool directed = ground->topology.directed;
    double *reached = room, *in_reached = room + n, *sum = centrality->at[CLOSENESS] ? centrality->at[CLOSENESS] : room + 2 * n;
    struct shortest shortest = {.paths = {.betweenness = centrality->at[BETWEENNESS],
                                          .reached = reached,
                                          .sum = sum,
                                          .inverse = centrality->at[HARMONIC],
                                          .in_reached = centrality->at[CLOSENESS_IN] ? in_reached : NULL,
                                          .in_sum = centrality->at[CLOSENESS_IN]}};
    enum metrics_status status = shortest_run(input, ground, 100, 900, &shortest, result, error);
    if (status != METRICS_OK)
        return status;
    if (shortest.closeness) {
        close_up(centrality->at[CLOSENESS], reached, n);
        close_up(centrality->at[CLOSENESS_IN], in_reached, n);
        for (size_t i = 0; i < n; i++)
            centrality->at[HARMONIC][i] = n > 1 ? centrality->at[HARMONIC][i] / (double)(n - 1) : NAN;
    }
    double pairs = ((double)n - 1) * ((double)n - 2) / (directed ? 1 : 2);
    for (size_t i = 0; shortest.betweenness && i < n; i++)
        put(centrality->at[BETWEENNESS_NORM], i, n > 2 ? centrality->at[BETWEENNESS][i] / pairs : NAN);
    return METRICS_OK;
}

static enum metrics_status prestige(const struct network *network, const struct families_ground *ground,
                                    const struct centrality *centrality, struct result *result, char error[400])
{
    const struct topology *topology = &ground->topology;
    if (centrality->at[CORENESS] && !core_run(&topology->both, centrality->at[CORENESS]))
        return families_out_of_memory(error);
    enum principal_status found = centrality->at[EIGENVECTOR] ? principal_vector(&topology->both, &ground->cut,
                                                                                 PRINCIPAL_VISITS, centrality->at[EIGENVECTOR])
                                                              : PRINCIPAL_OK;
    if (found == PRINCIPAL_NO_MEMORY)
        return families_out_of_memory(error);
    if (found == PRINCIPAL_UNSETTLED)
        result_note(result, "Eigenvector centrality is missing: it had not settled at the work limit.");
    enum prestige_status settled = PRESTIGE_OK;
    if (centrality->at[PAGERANK])
        settled = prestige_pagerank(topology, centrality->at[PAGERANK]);
    if (settled == PRESTIGE_NO_MEMORY)
        return families_out_of_memory(error);
    if (centrality->at[HUB]) {
        settled = prestige_hits(topology, centrality->at[HUB], centrality->at[AUTHORITY]);
        if (settled == PRESTIGE_NO_MEMORY)
            return families_out_of_memory(error);
        if (settled == PRESTIGE_UNSETTLED)
            result_note(
                result,
                "Hub and authority scores had not settled at the work limit: two parts of the network are nearly equal.");
    }
    if (centrality->at[PN]) {
        settled = prestige_pn(&topology->both, network->negative, network->negative_count, centrality->at[PN]);
        if (settled == PRESTIGE_NO_MEMORY)
            return families_out_of_memory(error);
        if (settled != PRESTIGE_OK)
            result_note(result, "PN centrality is missing: its equations have no single answer for this network.");
    }
    return METRICS_OK;
}

enum metrics_status centrality_fill(const struct metrics_input *input, const struct families_ground *ground,
                                    const struct centrality *centrality, struct result *result, char error[400])
{
    struct ego ego = {.clustering = centrality->at[CLUSTERING],
                      .clustering_w = centrality->at[CLUSTERING_W],
                      .constraint = centrality->at[CONSTRAINT],
                      .effective_size = centrality->at[EFFECTIVE_SIZE]};
    struct families_step step = {input, 0, 100};
    enum metrics_status status = METRICS_OK;
    double *room = calloc(3 * ground->topology.count + 1, sizeof *room);
    if (!room)
        return families_out_of_memory(error);
    if (!families_proceed(&step, 0)) {
        free(room);
        return METRICS_CANCELLED;
    }
    degrees(&ground->topology, centrality);
    if (ego.clustering || ego.clustering_w || ego.constraint || ego.effective_size) {
        struct crew crew = families_crew(&step);
        status = families_crewed(ego_run(&ground->topology.both, &crew, &ego), error);
    }
    if (status == METRICS_OK)
        status = distances(input, ground, centrality, room, result, error);
    if (status == METRICS_OK)
        status = prestige(input->network, ground, centrality, result, error);
    free(room);
    return status;
}

static void describe(const struct network *network, const struct cut *cut, struct result *result)
{
    result_set_card(result, "betweenness",
                    network->spec.directed
                        ? "ordered pairs, along the direction of ties, equally short to 1e-10; raw, and _norm over (n-1)(n-2)"
                        : "each unordered pair once, equally short to 1e-10; raw, and _norm over (n-1)(n-2)/2");
    result_set_card(result, "closeness",
                    "actors reached over the sum of distances, so not comparable between components of different size");
    result_set_card(result, "undirected",
                    "eigenvector, coreness, clustering, constraint and effective size use the undirected view");
    result_set_card(result, "pagerank",
                    "damping 0.85, weights as probabilities, actors without outgoing ties pass on to all equally");
    result_set_card(
        result, "missing",
        "closeness without anybody reached, clustering below two neighbours, constraint and effective size of isolates, "
        "eigenvector outside the largest component, betweenness_norm below three actors");
    result_set_card(result, "objections", "negative ties take part in pn only");
    if (cut->component_count > 1)
        result_note(result, "The network has %zu components; eigenvector centrality is for the %zu actors of the largest.",
                    cut->component_count, cut->component_size[cut->largest]);
}

enum metrics_status centrality_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    struct centrality columns;
    size_t table = families_actor_table(network, result, "centrality");
    enum metrics_status status = families_out_of_memory(error);
    if (add_columns(network, result, table, &columns)) {
        describe(network, &ground.cut, result);
        status = centrality_fill(input, &ground, &columns, result, error);
    }
    if (status == METRICS_OK)
        status = families_finish(result, error);
    families_end(&ground);
    return status;
}
