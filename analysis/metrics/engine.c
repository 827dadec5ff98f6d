/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds igraph graphs from our lists, calls one function, copies the answer out.
 */
#include "engine.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ERROR_SIZE 400
/* Runs an igraph call; on failure the reason is kept and control goes to `out`, where the caller frees what it made. */
#define TRY(call)                                                                                                              \
    do {                                                                                                                       \
        igraph_error_t try_code = (call);                                                                                      \
        if (try_code != IGRAPH_SUCCESS) {                                                                                      \
            snprintf(ret_error, ERROR_SIZE, "igraph: %s (%s)", igraph_strerror(try_code), #call);                              \
            goto out;                                                                                                          \
        }                                                                                                                      \
    } while (0)

void engine_begin(void)
{
    igraph_set_error_handler(igraph_error_handler_ignore);
    igraph_set_warning_handler(igraph_warning_handler_ignore);
}

void engine_version(char ret_text[ENGINE_VERSION_SIZE])
{
    const char *version = NULL;
    igraph_version(&version, NULL, NULL, NULL);
    snprintf(ret_text, ENGINE_VERSION_SIZE, "igraph %s", version ? version : IGRAPH_VERSION);
}

static bool build(const struct adjacency *both, igraph_t *ret_graph, char *ret_error)
{
    bool done = false;
    igraph_vector_int_t edges;
    if (igraph_vector_int_init(&edges, 0) != IGRAPH_SUCCESS) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        return false;
    }
    for (size_t v = 0; v < both->count; v++)
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++) {
            if ((size_t)both->peer[a] <= v)
                continue;
            TRY(igraph_vector_int_push_back(&edges, (igraph_integer_t)v));
            TRY(igraph_vector_int_push_back(&edges, both->peer[a]));
        }
    TRY(igraph_create(ret_graph, &edges, (igraph_integer_t)both->count, IGRAPH_UNDIRECTED));
    done = true;
out:
    igraph_vector_int_destroy(&edges);
    return done;
}

bool engine_coreness(const struct adjacency *both, double *ret_coreness, char *ret_error)
{
    bool done = false;
    igraph_t graph;
    igraph_vector_int_t cores;
    engine_begin();
    if (!build(both, &graph, ret_error))
        return false;
    if (igraph_vector_int_init(&cores, 0) != IGRAPH_SUCCESS) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        igraph_destroy(&graph);
        return false;
    }
    TRY(igraph_coreness(&graph, &cores, IGRAPH_ALL));
    for (size_t v = 0; v < both->count; v++)
        ret_coreness[v] = (double)VECTOR(cores)[v];
    done = true;
out:
    igraph_vector_int_destroy(&cores);
    igraph_destroy(&graph);
    return done;
}

#define LEIDEN_ITERATIONS 100
#define LEIDEN_BETA       0.01  /* randomness of the refinement, as its authors have it */
#define LEIDEN_LIGHTEST   1e-15 /* of the heaviest tie: lighter ones would vanish in the sums */

struct engine_graph {
    igraph_t graph;
    igraph_vector_t weights, strengths; /* of edges relative to the heaviest, in the order `build` numbers them; of actors */
    double total;                       /* of the weights */
    size_t count;                       /* actors */
    bool has_graph, has_weights, has_strengths;
};

static bool weights_of(const struct adjacency *both, struct engine_graph *graph, char *ret_error)
{
    double heaviest = 0;
    size_t edge = 0;
    for (size_t a = 0; a < both->arc_count; a++)
        heaviest = fmax(heaviest, both->weight[a]);
    TRY(igraph_vector_init(&graph->weights, (igraph_integer_t)(both->arc_count / 2)));
    graph->has_weights = true;
    TRY(igraph_vector_init(&graph->strengths, (igraph_integer_t)both->count));
    graph->has_strengths = true;
    for (size_t v = 0; v < both->count; v++)
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++) {
            if ((size_t)both->peer[a] <= v)
                continue;
            double weight = fmax(both->weight[a] / heaviest, LEIDEN_LIGHTEST);
            VECTOR(graph->weights)[edge++] = weight;
            VECTOR(graph->strengths)[v] += weight;
            VECTOR(graph->strengths)[both->peer[a]] += weight;
            graph->total += weight;
        }
    return true;
out:
    return false;
}

struct engine_graph *engine_graph_create(const struct adjacency *both, char *ret_error)
{
    struct engine_graph *graph = calloc(1, sizeof *graph);
    if (!graph) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        return NULL;
    }
    engine_begin();
    graph->count = both->count;
    graph->has_graph = build(both, &graph->graph, ret_error);
    if (graph->has_graph && weights_of(both, graph, ret_error))
        return graph;
    engine_graph_destroy(graph);
    return NULL;
}

void engine_graph_destroy(struct engine_graph *graph)
{
    if (!graph)
        return;
    if (graph->has_strengths)
        igraph_vector_destroy(&graph->strengths);
    if (graph->has_weights)
        igraph_vector_destroy(&graph->weights);
    if (graph->has_graph)
        igraph_destroy(&graph->graph);
    free(graph);
}

enum engine_status engine_leiden(struct engine_graph *graph, double resolution, uint64_t seed, int32_t *ret_groups,
                                 bool (*proceed)(void *arg, unsigned permille), void *arg, char *ret_error)
{
    enum engine_status status = ENGINE_FAILED;
    igraph_vector_int_t groups;
    for (size_t v = 0; v < graph->count; v++)
        ret_groups[v] = (int32_t)v;
    if (!(graph->total > 0))
        return ENGINE_OK;
    if (igraph_vector_int_init(&groups, 0) != IGRAPH_SUCCESS) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        return ENGINE_FAILED;
    }
    double best = -INFINITY;
    TRY(igraph_rng_seed(igraph_rng_default(), (igraph_uint_t)seed));
    for (unsigned iteration = 0; iteration < LEIDEN_ITERATIONS; iteration++) {
        if (proceed && !proceed(arg, iteration * 1000 / LEIDEN_ITERATIONS)) {
            status = ENGINE_STOPPED;
            goto out;
        }
        igraph_real_t quality;
        TRY(igraph_community_leiden(&graph->graph, &graph->weights, &graph->strengths, resolution / (2 * graph->total),
                                    LEIDEN_BETA, iteration > 0, 1, &groups, NULL, &quality));
        if (!(quality > best + 1e-12))
            break;
        best = quality;
    }
    for (size_t v = 0; v < graph->count; v++)
        ret_groups[v] = (int32_t)VECTOR(groups)[v];
    status = ENGINE_OK;
out:
    igraph_vector_int_destroy(&groups);
    return status;
}
