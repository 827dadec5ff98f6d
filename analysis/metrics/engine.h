/* SPDX-License-Identifier: GPL-3.0-or-later
 * The only door to igraph for the metrics: guarded input, errors as values, nothing printed, nothing aborted.
 *
 * igraph is not thread-safe as packaged and its default handlers print and abort. What goes in is always a simple, undirected,
 * loop-free graph built here from an adjacency of ours, with weights scaled to at most 1.
 */
#ifndef SAMORDNING_ENGINE_H
#define SAMORDNING_ENGINE_H

#include "cut.h"
#include "topology.h"

/* Makes igraph return errors instead of aborting, and silent. May be called again; every function here does. */
void engine_begin(void);
const char *engine_version(void); /* igraph 0.10.2 */

/* False: ret_error (400 bytes) says what igraph said. */
bool engine_coreness(const struct adjacency *both, double *ret_coreness, char *ret_error);
/* The principal eigenvector of the weighted view of the largest component, largest value 1; NaN for everybody else, and for all
 * when nobody is tied. The vector is multiplied back before it is believed. */
bool engine_eigenvector(const struct adjacency *both, const struct cut *cut, double *ret_vector, char *ret_error);

#endif
