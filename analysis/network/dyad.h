/* SPDX-License-Identifier: GPL-3.0-or-later
 * The three states of a tie between two actors, and a network as a matrix that keeps them.
 */
#ifndef SAMORDNING_DYAD_H
#define SAMORDNING_DYAD_H

#include "network.h"

enum dyad_state { DYAD_NO, DYAD_YES, DYAD_UNKNOWN };

/* Whether a tie between the two would have been told of: those of the ends reported that told_by asks for, and the pair is not
 * doubted; or a delivery is complete for all; in a wave: somebody answered. */
bool dyad_told(const struct network *network, size_t from, size_t to);
/* Of an undirected network in either order; the diagonal is DYAD_NO. */
enum dyad_state dyad_state(const struct network *network, size_t from, size_t to);
/* The tie, or NULL. */
const struct network_tie *dyad_tie(const struct network *network, size_t from, size_t to);

/* actors x actors, row-major: 0 where a tie would have been told of and on the diagonal, else NaN. Heap; NULL: out of memory.
 */
double *dyad_matrix_untied(const struct network *network);
/* The same with the ties: weights (binary: 1), 0 = no, NaN = unknown; symmetric when undirected. Heap; NULL: out of memory.
 */
double *dyad_matrix(const struct network *network, bool binary);

#endif
