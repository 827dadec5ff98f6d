/* SPDX-License-Identifier: GPL-3.0-or-later
 * The only door to igraph for the metrics: guarded input, errors as values, nothing printed, nothing aborted.
 *
 * igraph is not thread-safe as packaged and its default handlers print and abort. What goes in is always a simple, undirected,
 * loop-free, unweighted graph built here from an adjacency of ours. What 0.10.2 cannot be trusted with (or cannot repeat to the
 * last bit) has a file of its own: paths, sweep, ego, cut, core, prestige, principal; igraph is a witness in their tests.
 */
#ifndef SAMORDNING_ENGINE_H
#define SAMORDNING_ENGINE_H

#include "topology.h"

/* Makes igraph return errors instead of aborting, and silent. May be called again; every function here does. */
void engine_begin(void);
const char *engine_version(void); /* igraph 0.10.2 */

/* The witness of core.c in the tests. False: ret_error (400 bytes) says what igraph said. */
bool engine_coreness(const struct adjacency *both, double *ret_coreness, char *ret_error);

#endif
