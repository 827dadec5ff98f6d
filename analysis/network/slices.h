/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a merge tells apart on request, beside the one sum of each pair: the ties of each layer, and the spells in which a pair
 * had contact.
 *
 * A spell is a longest run of calendar days (spells=day) or calendar months of Europe/Oslo (spells=month) that each hold at
 * least one interaction of the pair, as the half-open interval from the first day of the run to the day after its last, cut to
 * the period. Its weight and count are those of the interactions in it under the specification, so under weight=sum those of a
 * pair's spells add up to those of its tie. A day or month whose interactions weigh nothing (meetings without an end under
 * projection=duration) is no contact.
 *
 * Memory: at most SLICES_MAX sums of each kind, under 420 MiB (600 MiB while the table grows).
 */
#ifndef SAMORDNING_SLICES_H
#define SAMORDNING_SLICES_H

#include "network.h"
#include "tie_map.h"

#define SLICES_MAX ((size_t)1 << 22) /* pairs times layers; pairs times days or months */

/* The weight of a sum under the specification. */
double slices_weight(const struct spec *spec, const struct tie_sum *sum);
/* The day's slice under spec->choices.spells, which is not SPELLS_NONE. */
int32_t slices_of_day(enum choice_spells spells, int32_t day);

/* A layer's code and the index of its name in the network. */
struct slices_layer {
    int16_t code;
    int32_t index;
};
/* The map's sums by layer code; `places` maps its nodes to actors, -1 = none. Layers not listed are left out. False: out of
 * memory. */
bool slices_relations(const struct tie_map *map, const struct spec *spec, const int32_t *places,
                      const struct slices_layer *layers, size_t layer_count, struct network_relation **ret_relations,
                      size_t *ret_count);
/* The map's sums by slices_of_day. False: out of memory. */
bool slices_spells(const struct tie_map *map, const struct spec *spec, const int32_t *places, struct network_spell **ret_spells,
                   size_t *ret_count);

#endif
