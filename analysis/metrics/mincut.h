/* SPDX-License-Identifier: GPL-3.0-or-later
 * The least that must be cut to part a network in two: the lightest set of ties (Stoer & Wagner 1997).
 */
#ifndef SAMORDNING_MINCUT_H
#define SAMORDNING_MINCUT_H

#include "topology.h"

#define MINCUT_ACTORS_MAX 500 /* cubic in the number of actors */

enum mincut_status { MINCUT_OK, MINCUT_STOPPED, MINCUT_NO_MEMORY };

/* On an undirected view of at least two actors. `unit`: every tie weighs 1. ret_side (count values): true for the actors on the
 * smaller side, or the side without the first actor when both are as large. A network in parts has a cut of 0, with its
 * smallest component on one side. Of several lightest cuts the first found, the same every time. */
enum mincut_status mincut_run(const struct adjacency *both, bool unit, double *ret_weight, bool *ret_side,
                              bool (*proceed)(void *arg, unsigned permille), void *arg);

#endif
