/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds igraph graphs from our lists, calls one function, copies the answer out.
 */
#include "engine.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>

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

const char *engine_version(void)
{
    static char text[64];
    const char *version = NULL;
    if (*text) /* written once, so that threads may read it */
        return text;
    igraph_version(&version, NULL, NULL, NULL);
    snprintf(text, sizeof text, "igraph %s", version ? version : IGRAPH_VERSION);
    return text;
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

/* Weights relative to the heaviest, in the order `build` numbers the edges, and the actors' strengths. */
static bool weights_of(const struct adjacency *both, igraph_vector_t *weights, igraph_vector_t *strengths, double *ret_total,
                       char *ret_error)
{
    double heaviest = 0;
    size_t edge = 0;
    for (size_t a = 0; a < both->arc_count; a++)
        heaviest = fmax(heaviest, both->weight[a]);
    TRY(igraph_vector_resize(weights, (igraph_integer_t)(both->arc_count / 2)));
    TRY(igraph_vector_resize(strengths, (igraph_integer_t)both->count));
    igraph_vector_null(strengths);
    *ret_total = 0;
    for (size_t v = 0; v < both->count; v++)
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++) {
            if ((size_t)both->peer[a] <= v)
                continue;
            double weight = fmax(both->weight[a] / heaviest, LEIDEN_LIGHTEST);
            VECTOR(*weights)[edge++] = weight;
            VECTOR(*strengths)[v] += weight;
            VECTOR(*strengths)[both->peer[a]] += weight;
            *ret_total += weight;
        }
    return true;
out:
    return false;
}

enum engine_status engine_leiden(const struct adjacency *both, double resolution, uint64_t seed, int32_t *ret_groups,
                                 bool (*proceed)(void *arg, unsigned permille), void *arg, char *ret_error)
{
    enum engine_status status = ENGINE_FAILED;
    igraph_t graph;
    igraph_vector_t weights, strengths;
    igraph_vector_int_t groups;
    engine_begin();
    for (size_t v = 0; v < both->count; v++)
        ret_groups[v] = (int32_t)v;
    if (both->arc_count == 0)
        return ENGINE_OK;
    if (!build(both, &graph, ret_error))
        return ENGINE_FAILED;
    bool made = igraph_vector_init(&weights, 0) == IGRAPH_SUCCESS;
    bool made_strengths = made && igraph_vector_init(&strengths, 0) == IGRAPH_SUCCESS;
    bool made_groups = made_strengths && igraph_vector_int_init(&groups, 0) == IGRAPH_SUCCESS;
    if (!made_groups) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        goto out;
    }
    double total, best = -INFINITY;
    if (!weights_of(both, &weights, &strengths, &total, ret_error))
        goto out;
    TRY(igraph_rng_seed(igraph_rng_default(), (igraph_uint_t)seed));
    for (unsigned iteration = 0; iteration < LEIDEN_ITERATIONS; iteration++) {
        if (proceed && !proceed(arg, iteration * 1000 / LEIDEN_ITERATIONS)) {
            status = ENGINE_STOPPED;
            goto out;
        }
        igraph_real_t quality;
        TRY(igraph_community_leiden(&graph, &weights, &strengths, resolution / (2 * total), LEIDEN_BETA, iteration > 0, 1,
                                    &groups, NULL, &quality));
        if (!(quality > best + 1e-12))
            break;
        best = quality;
    }
    for (size_t v = 0; v < both->count; v++)
        ret_groups[v] = (int32_t)VECTOR(groups)[v];
    status = ENGINE_OK;
out:
    if (made_groups)
        igraph_vector_int_destroy(&groups);
    if (made_strengths)
        igraph_vector_destroy(&strengths);
    if (made)
        igraph_vector_destroy(&weights);
    igraph_destroy(&graph);
    return status;
}
