/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds igraph graphs from our lists, calls one function, copies the answer out.
 */
#include "engine.h"

#include <igraph/igraph.h>
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
