/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds igraph graphs from our lists, calls one function, copies the answer out and checks it.
 */
#include "engine.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ERROR_SIZE 400
/* How far A x may be from lambda x, relative to lambda: ARPACK is asked for machine precision. */
#define EIGEN_RESIDUAL 1e-8

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
    return "igraph " IGRAPH_VERSION;
}

/* The graph over the actors with member[v] >= 0, numbered by it; NULL = everybody. Weights relative to `scale`. */
static bool build(const struct adjacency *both, const int32_t *member, size_t member_count, double scale, igraph_t *ret_graph,
                  igraph_vector_t *ret_weights, char *ret_error)
{
    bool done = false;
    igraph_vector_int_t edges;
    if (igraph_vector_int_init(&edges, 0) != IGRAPH_SUCCESS) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        return false;
    }
    for (size_t v = 0; v < both->count; v++)
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++) {
            size_t u = (size_t)both->peer[a];
            if (u <= v || (member && (member[v] < 0 || member[u] < 0)))
                continue;
            TRY(igraph_vector_int_push_back(&edges, member ? member[v] : (igraph_integer_t)v));
            TRY(igraph_vector_int_push_back(&edges, member ? member[u] : (igraph_integer_t)u));
            if (ret_weights)
                TRY(igraph_vector_push_back(ret_weights, both->weight[a] / scale));
        }
    TRY(igraph_create(ret_graph, &edges, (igraph_integer_t)member_count, IGRAPH_UNDIRECTED));
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
    if (!build(both, NULL, both->count, 1, &graph, NULL, ret_error))
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

/* The largest entry of |A x - lambda x|, in the scaled weights. */
static double residual_of(const struct adjacency *both, const double *vector, double lambda, double scale)
{
    double worst = 0;
    for (size_t v = 0; v < both->count; v++) {
        if (isnan(vector[v]))
            continue;
        double sum = 0;
        for (size_t a = both->start[v]; a < both->start[v + 1]; a++)
            sum += both->weight[a] / scale * vector[both->peer[a]];
        worst = fmax(worst, fabs(sum - lambda * vector[v]));
    }
    return worst;
}

bool engine_eigenvector(const struct adjacency *both, const struct cut *cut, double *ret_vector, char *ret_error)
{
    bool done = false;
    size_t members = cut->component_count > 0 ? cut->component_size[cut->largest] : 0, next = 0;
    for (size_t v = 0; v < both->count; v++)
        ret_vector[v] = NAN;
    if (members < 2)
        return true;
    double scale = 0, lambda = 0;
    int32_t *member = malloc(both->count * sizeof *member);
    if (!member) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        return false;
    }
    for (size_t v = 0; v < both->count; v++)
        member[v] = (size_t)cut->component[v] == cut->largest ? (int32_t)next++ : -1;
    for (size_t v = 0; v < both->count; v++)
        for (size_t a = both->start[v]; member[v] >= 0 && a < both->start[v + 1]; a++)
            scale = fmax(scale, both->weight[a]);

    igraph_t graph;
    igraph_vector_t weights, vector;
    engine_begin();
    if (igraph_vector_init(&weights, 0) != IGRAPH_SUCCESS) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        free(member);
        return false;
    }
    if (igraph_vector_init(&vector, 0) != IGRAPH_SUCCESS) {
        snprintf(ret_error, ERROR_SIZE, "out of memory");
        goto out_weights;
    }
    if (!build(both, member, members, scale, &graph, &weights, ret_error))
        goto out_vector;
    igraph_arpack_options_t options;
    igraph_arpack_options_init(&options);
    TRY(igraph_eigenvector_centrality(&graph, &vector, &lambda, IGRAPH_UNDIRECTED, 1, &weights, &options));
    for (size_t v = 0; v < both->count; v++)
        if (member[v] >= 0)
            ret_vector[v] = VECTOR(vector)[member[v]];
    double residual = residual_of(both, ret_vector, lambda, scale);
    if (!(lambda > 0) || !(residual <= EIGEN_RESIDUAL * lambda)) {
        snprintf(ret_error, ERROR_SIZE, "the eigenvector does not check out: |Ax - lx| = %g at l = %g", residual, lambda);
        goto out;
    }
    for (size_t v = 0; v < both->count; v++)
        if (ret_vector[v] < 0)
            ret_vector[v] = 0; /* the true vector is positive (Perron-Frobenius): this is rounding */
    done = true;
out:
    igraph_destroy(&graph);
out_vector:
    igraph_vector_destroy(&vector);
out_weights:
    igraph_vector_destroy(&weights);
    free(member);
    return done;
}
