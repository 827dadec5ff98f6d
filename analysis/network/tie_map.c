/* SPDX-License-Identifier: GPL-3.0-or-later
 * Open addressing with linear probing, at most half full; or a square.
 */
#include "tie_map.h"

#include "digest.h"

#include <stdlib.h>
#include <string.h>

#define TIE_FREE UINT64_MAX

void tie_map_init(struct tie_map *map)
{
    *map = (struct tie_map){0};
}

void tie_map_release(struct tie_map *map)
{
    free(map->slots);
    tie_map_init(map);
}

bool tie_map_copy(struct tie_map *map, const struct tie_map *from)
{
    *map = *from;
    map->slots = NULL;
    if (!from->slots)
        return true;
    map->slots = malloc(from->capacity * sizeof *map->slots);
    if (!map->slots)
        return false;
    memcpy(map->slots, from->slots, from->capacity * sizeof *map->slots);
    return true;
}

static struct tie_sum *find(struct tie_sum *slots, size_t capacity, uint64_t key, int32_t slice)
{
    size_t at = (digest_mix(key) + digest_mix((uint64_t)(uint32_t)slice)) & (capacity - 1);
    while (slots[at].key != TIE_FREE && (slots[at].key != key || slots[at].slice != slice))
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

void tie_map_expect(struct tie_map *map, size_t nodes)
{
    map->side = nodes <= TIE_MAP_SQUARE_MAX ? nodes : 0;
}

static bool widen(struct tie_map *map)
{
    size_t capacity = map->side ? map->side * map->side : map->capacity ? 2 * map->capacity : 256;
    struct tie_sum *slots = malloc(capacity * sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xFF, capacity * sizeof *slots); /* every key TIE_FREE */
    for (size_t i = 0; map->slots && i < map->capacity; i++)
        if (map->slots[i].key != TIE_FREE)
            *find(slots, capacity, map->slots[i].key, map->slots[i].slice) = map->slots[i];
    free(map->slots);
    map->slots = slots;
    map->capacity = capacity;
    return true;
}

struct tie_sum *tie_map_at(struct tie_map *map, int32_t from, int32_t to, int32_t slice)
{
    if ((map->side ? !map->slots : 2 * map->used >= map->capacity) && !widen(map))
        return NULL;
    uint64_t key = (uint64_t)(uint32_t)from << 32 | (uint32_t)to;
    struct tie_sum *sum =
        map->side ? &map->slots[(size_t)from * map->side + (size_t)to] : find(map->slots, map->capacity, key, slice);
    if (sum->key == TIE_FREE) {
        *sum = (struct tie_sum){.key = key, .slice = slice};
        map->used++;
    }
    return sum;
}
