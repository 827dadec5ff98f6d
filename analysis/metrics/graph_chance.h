/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers of the whole network that its degrees do not settle, against networks in which everybody has as many ties as they
 * have.
 */
#ifndef SAMORDNING_GRAPH_CHANCE_H
#define SAMORDNING_GRAPH_CHANCE_H

#include "families.h"

/* Adds table graph_chance: transitivity, reciprocity, degree assortativity and the share of ties within sectors, each with its
 * null over `swaps` random graphs (degree_swaps.h), and says on the card how these were made. */
enum metrics_status graph_chance(const struct families_ground *ground, struct families_step *step, struct result *result,
                                 char error[400]);

#endif
