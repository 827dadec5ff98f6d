/* SPDX-License-Identifier: GPL-3.0-or-later
 * A table from pairs of nodes to sums; a slice tells sums of one pair apart (by layer, by day), where it matters.
 *
 * Hashed; with few nodes and no slices a square instead, where what comes in the order of nodes lies together.
 */
#ifndef SAMORDNING_TIE_MAP_H
#define SAMORDNING_TIE_MAP_H

#include "amount.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tie_sum {
    amount_t count, value;
    uint64_t key; /* from << 32 | to */
    int32_t slice;
};
#define TIE_MAP_SQUARE_MAX 512 /* nodes: 12 MiB */

struct tie_map {
    struct tie_sum *slots; /* key UINT64_MAX = free */
    size_t used, capacity;
    size_t side; /* of the square; 0 = hashed */
};
void tie_map_init(struct tie_map *map);
/* A square for pairs of nodes below this, before the first sum; slices are then all 0. More nodes than the most: hashed. */
void tie_map_expect(struct tie_map *map, size_t nodes);
void tie_map_release(struct tie_map *map);
/* Into an empty one. False: out of memory. */
bool tie_map_copy(struct tie_map *map, const struct tie_map *from);
/* Made when new; NULL: out of memory. */
struct tie_sum *tie_map_at(struct tie_map *map, int32_t from, int32_t to, int32_t slice);

#endif
