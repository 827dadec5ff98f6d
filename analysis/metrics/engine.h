/* SPDX-License-Identifier: GPL-3.0-or-later
 * The only door to igraph for the metrics: guarded input, errors as values, nothing printed, nothing aborted.
 *
 * igraph is not thread-safe as packaged and its default handlers print and abort. What goes in is always a simple, undirected,
 * loop-free graph built here from an adjacency of ours. What 0.10.2 cannot be trusted with (or cannot repeat to the
 * last bit) has a file of its own: paths, sweep, ego, cut, core, prestige, principal; igraph is a witness in their tests.
 */
#ifndef SAMORDNING_ENGINE_H
#define SAMORDNING_ENGINE_H

#include "topology.h"

/* Makes igraph return errors instead of aborting, and silent. May be called again; every function here does. */
void engine_begin(void);
#define ENGINE_VERSION_SIZE 64
void engine_version(char ret_text[ENGINE_VERSION_SIZE]); /* igraph 0.10.2 */

/* The witness of core.c in the tests. False: ret_error (400 bytes) says what igraph said. */
bool engine_coreness(const struct adjacency *both, double *ret_coreness, char *ret_error);

/* A network as igraph has it, for many runs. NULL: ret_error says why. */
struct engine_graph;
struct engine_graph *engine_graph_create(const struct adjacency *both, char *ret_error);
void engine_graph_destroy(struct engine_graph *graph);

/* Communities of one run of the Leiden algorithm (Traag, Waltman & van Eck 2019) for modularity, weighted, at a resolution of
 * `resolution` (1 = plain modularity): groups 0, 1, ... by actor. Iterated here until nothing improves, since 0.10.2 stops
 * early when asked to do that itself; `proceed` is asked between iterations. The seed decides the run. */
enum engine_status { ENGINE_OK, ENGINE_STOPPED, ENGINE_FAILED };
enum engine_status engine_leiden(struct engine_graph *graph, double resolution, uint64_t seed, int32_t *ret_groups,
                                 bool (*proceed)(void *arg, unsigned permille), void *arg, char *ret_error);

#endif
