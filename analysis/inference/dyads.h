/* SPDX-License-Identifier: GPL-3.0-or-later
 * A relation between actors as a matrix, for the inference on relations: row-major, actors x actors, NaN = unknown.
 *
 * The diagonal is never read. An undirected relation is symmetric and has one cell a pair.
 */
#ifndef SAMORDNING_DYADS_H
#define SAMORDNING_DYADS_H

#include <stdbool.h>
#include <stddef.h>

#define DYADS_ACTORS_MAX 2000 /* a matrix of 32 MB */

/* First column of the cells of a row; the diagonal among them is to be passed over. */
static inline size_t dyads_first(size_t row, bool directed)
{
    return directed ? 0 : row + 1;
}
static inline size_t dyads_cells(size_t actors, bool directed)
{
    size_t arcs = actors ? actors * (actors - 1) : 0;
    return directed ? arcs : arcs / 2;
}

#endif
