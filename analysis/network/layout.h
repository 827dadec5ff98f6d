/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where each actor of a network stands on a map: the same places for the same network and seed, every time.
 *
 * Each component is laid out by itself (Kamada-Kawai with strong ties short, Fruchterman-Reingold above LAYOUT_EXACT_MAX
 * actors), the components are packed side by side, and actors without ties stand in rows below. One unit is about the distance
 * of a typical tie.
 */
#ifndef SAMORDNING_LAYOUT_H
#define SAMORDNING_LAYOUT_H

#include "network.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAYOUT_ACTORS_MAX 5000
#define LAYOUT_EXACT_MAX  150

struct layout_point {
    double x, y;
};

/* Ties may be in any order and direction and may occur in both; self-ties are ignored. False: out of memory, an index out of
 * range, a weight that is not finite and above 0, or more than LAYOUT_ACTORS_MAX actors; ret_error (400 bytes) says which. */
__attribute__((warn_unused_result)) bool layout_compute(size_t actor_count, const struct network_tie *ties, size_t tie_count,
                                                        uint64_t seed, struct layout_point *ret_points, char *ret_error);

/* The same where some actors are held: `held` ones stand exactly at their `anchors`. The others who are tied to them, through
 * anybody, stand near those they are tied to most and are moved apart; the rest is laid out by itself below. */
__attribute__((warn_unused_result)) bool layout_anchored(size_t actor_count, const struct network_tie *ties, size_t tie_count,
                                                         uint64_t seed, const bool *held, const struct layout_point *anchors,
                                                         struct layout_point *ret_points, char *ret_error);

#endif
