/* SPDX-License-Identifier: GPL-3.0-or-later
 * The half of family keyplayers that is about cuts: what parts the whole network, two sectors, two actors; and its blocks.
 */
#ifndef SAMORDNING_KEYPLAYERS_H
#define SAMORDNING_KEYPLAYERS_H

#include "families.h"

#define KEYPLAYERS_PAIRS_MAX  500 /* pairs of sectors */
#define KEYPLAYERS_ACTORS_MAX 25  /* pairs of actors only in networks of so many */

struct keyplayers_whole { /* NaN = not known */
    double tie_connectivity, least_cut_weight, actor_connectivity;
};
/* Adds tables minimum_cuts, actor_cut, separators, actor_separators and blocks, and the notes that belong to them. */
enum metrics_status keyplayers_cuts(const struct network *network, const struct families_ground *ground, struct result *result,
                                    struct keyplayers_whole *ret_whole, struct families_step *step, char error[400]);

#endif
