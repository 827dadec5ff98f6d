/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a matrix to a bare network, through the families, to their columns.
 */
#include "measures.h"

#include "families.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers about how the network was made: the same for every replicate, or nothing that varies by chance. */
static const char *const not_measured[] = {"actors",    "interactions",  "interactions_unresolved",
                                           "self_ties", "self_weight",   "negative_ties",
                                           "dyads",     "dyads_unknown", "density_known"};

static bool is_measured(const char *name)
{
    for (size_t i = 0; i < sizeof not_measured / sizeof not_measured[0]; i++)
        if (strcmp(not_measured[i], name) == 0)
            return false;
    return true;
}

/* Actors without names and ties from the matrix; every absent tie is a no. */
static bool network_of(const struct measures *measures, const double *matrix, size_t actors, struct network *ret_network)
{
    bool directed = measures->like->spec.directed;
    struct network network = {.spec = measures->like->spec, .actor_count = actors, .complete = true};
    size_t n = actors;
    network.actors = calloc(n + 1, sizeof *network.actors);
    network.ties = malloc((n * n + 1) * sizeof *network.ties);
    if (!network.actors || !network.ties) {
        free(network.actors);
        free(network.ties);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = directed ? 0 : i + 1; j < n; j++)
            if (i != j && matrix[i * n + j] > 0)
                network.ties[network.tie_count++] = (struct network_tie){(int32_t)i, (int32_t)j, matrix[i * n + j], 1};
    *ret_network = network;
    return true;
}

static enum metrics_status run(const char *family, const struct metrics_input *input, struct result **ret_result,
                               char *ret_error)
{
    struct result *result = result_create(family);
    if (!result)
        return families_out_of_memory(ret_error);
    enum metrics_status status = metrics_family(family)->compute(input, result, ret_error);
    if (status == METRICS_OK)
        *ret_result = result;
    else
        result_destroy(result);
    return status;
}

static bool list_columns(struct measures *measures, const struct result *result, bool of_network)
{
    const struct table *table = &result->tables[0];
    struct measure *larger = realloc(measures->list, (measures->count + table->column_count + 1) * sizeof *larger);
    if (!larger)
        return false;
    measures->list = larger;
    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        if (column->is_text || !is_measured(column->name))
            continue;
        struct measure *measure = &measures->list[measures->count++];
        *measure = (struct measure){.at = measures->size, .of_network = of_network};
        snprintf(measure->name, sizeof measure->name, "%s", column->name);
        measures->size += of_network ? 1 : measures->like->actor_count;
        measures->network_count += of_network;
    }
    return true;
}

enum metrics_status measures_init(struct measures *ret_measures, const struct network *like, bool of_actors, char *ret_error)
{
    struct measures measures = {.like = like, .of_actors = of_actors};
    struct network bare = {.spec = like->spec, .complete = true};
    struct metrics_input input = {.network = &bare, .threads = 1};
    struct result *graph = NULL, *centrality = NULL;
    enum metrics_status status = run("graph", &input, &graph, ret_error);
    if (status == METRICS_OK && of_actors)
        status = run("centrality", &input, &centrality, ret_error);
    if (graph && (centrality || !of_actors) &&
        (!list_columns(&measures, graph, true) || (centrality && !list_columns(&measures, centrality, false))))
        status = families_out_of_memory(ret_error);
    result_destroy(graph);
    result_destroy(centrality);
    if (status == METRICS_OK)
        *ret_measures = measures;
    else
        measures_release(&measures);
    return status;
}

void measures_release(struct measures *measures)
{
    free(measures->list);
    *measures = (struct measures){0};
}

enum metrics_status measures_compute(const struct measures *measures, const double *matrix, size_t actors,
                                     bool (*progress)(void *arg, unsigned permille), void *arg, double *ret_numbers,
                                     char *ret_error)
{
    struct network network;
    struct metrics_input input = {.network = &network, .progress = progress, .arg = arg, .threads = 1};
    struct result *results[2] = {NULL};
    if (!network_of(measures, matrix, actors, &network))
        return families_out_of_memory(ret_error);
    enum metrics_status status = run("graph", &input, &results[0], ret_error);
    if (status == METRICS_OK && measures->of_actors)
        status = run("centrality", &input, &results[1], ret_error);
    double *at = ret_numbers;
    for (size_t m = 0; m < measures->count; m++) {
        const struct measure *measure = &measures->list[m];
        const struct result *source = results[measure->of_network ? 0 : 1];
        if (!source)
            break; /* it failed, and the status says so */
        const struct column *column = table_column(&source->tables[0], measure->name);
        size_t count = measure->of_network ? 1 : actors;
        for (size_t i = 0; i < count; i++)
            *at++ = column->numbers[i];
    }
    result_destroy(results[0]);
    result_destroy(results[1]);
    free(network.actors);
    free(network.ties);
    return status;
}
