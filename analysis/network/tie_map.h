/* SPDX-License-Identifier: GPL-3.0-or-later
 * A hash table from pairs of nodes to sums; a slice tells sums of one pair apart (by layer, by day), where it matters.
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
struct tie_map {
    struct tie_sum *slots; /* key UINT64_MAX = free */
    size_t used, capacity;
};
void tie_map_init(struct tie_map *map);
void tie_map_release(struct tie_map *map);
/* Made when new; NULL: out of memory. */
struct tie_sum *tie_map_at(struct tie_map *map, int32_t from, int32_t to, int32_t slice);

#endif
