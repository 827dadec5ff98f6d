/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pairs that met more often than how much both meet and how many come explain: the backbone of meetings under the stochastic
 * degree sequence model (Neal 2014), with exact tails.
 */
#ifndef SAMORDNING_BACKBONE_H
#define SAMORDNING_BACKBONE_H

#include "families.h"
#include "meetings.h"

/* Tests every pair of actors that meet at all; those that met are listed in a table of the result, the rest count for q with
 * p = 1. Fills the projection MEETINGS_BACKBONE of those with q at most alpha. */
enum metrics_status backbone_find(const struct network *network, struct meetings *meetings, double alpha,
                                  struct families_step *step, struct result *result, char error[400]);

#endif
