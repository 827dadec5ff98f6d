/* SPDX-License-Identifier: GPL-3.0-or-later
 * What all the others lose when one actor is gone: how near they still are to each other, and who no longer reaches whom.
 *
 * For each source the tree of shortest paths is built once; without an actor only its descendants in that tree can lie further
 * away, so only they are searched again. Exact, for every actor, at about the cost of a few all-pairs searches instead of one
 * for each actor.
 */
#ifndef SAMORDNING_LOSS_H
#define SAMORDNING_LOSS_H

#include "topology.h"

struct loss {             /* arrays of `count`, owned by the caller */
    double *inverse;      /* sum of 1/d over the ordered pairs of others, when this actor is gone; 0 without a path */
    double *reached;      /* ordered pairs of others that still reach each other */
    double *pairs;        /* ordered pairs of others that reach each other now */
    double inverse_whole; /* out: the sum of 1/d over all ordered pairs, with everybody there */
};
enum loss_status { LOSS_OK, LOSS_STOPPED, LOSS_NO_MEMORY };

/* `unit`: every tie is one step, whatever its distance. `in` = the reversed lists of `out`. */
enum loss_status loss_run(const struct adjacency *out, const struct adjacency *in, bool unit, struct loss *loss,
                          bool (*proceed)(void *arg, unsigned permille), void *arg);

#endif
