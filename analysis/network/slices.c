/* SPDX-License-Identifier: GPL-3.0-or-later
 * From sums by slice to relations and spells.
 */
#include "slices.h"

#include "civil_time.h"

#include <stdlib.h>

double slices_weight(const struct spec *spec, const struct tie_sum *sum)
{
    if (spec->projection == PROJECTION_BINARY)
        return 1;
    return spec->weight == WEIGHT_MEAN ? amount_to(sum->value) / amount_to(sum->count) : amount_to(sum->value);
}

static int32_t month_of(int32_t day)
{
    int year, month, mday;
    civil_from_day(day, &year, &month, &mday);
    return year * 12 + month - 1;
}

int32_t slices_of_day(enum choice_spells spells, int32_t day)
{
    return spells == SPELLS_MONTH ? month_of(day) : day;
}

static int32_t first_day(enum choice_spells spells, int32_t slice)
{
    return spells == SPELLS_MONTH ? civil_to_day(slice / 12, slice % 12 + 1, 1) : slice;
}

/* A sum of the map between actors, its ends in the order of the network. */
struct placed {
    int32_t from, to;
    struct tie_sum sum;
};

static int compare_pair(const struct placed *left, const struct placed *right)
{
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left->to > right->to) - (left->to < right->to);
}

static int compare_placed(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    int order = compare_pair(left, right);
    return order ? order : (left->sum.slice > right->sum.slice) - (left->sum.slice < right->sum.slice);
}

/* Sorted by (from, to, slice). NULL: out of memory. */
static struct placed *place(const struct tie_map *map, const struct spec *spec, const int32_t *places, size_t *ret_count)
{
    struct placed *placed = malloc((map->used ? map->used : 1) * sizeof *placed);
    size_t count = 0;
    for (size_t i = 0; placed && i < map->capacity; i++) {
        const struct tie_sum *sum = &map->slots[i];
        if (sum->key == UINT64_MAX || !sum->value)
            continue;
        int32_t from = places[sum->key >> 32], to = places[sum->key & UINT32_MAX];
        if (from < 0 || to < 0)
            continue;
        bool swap = !spec->directed && from > to;
        placed[count++] = (struct placed){swap ? to : from, swap ? from : to, *sum};
    }
    if (count)
        qsort(placed, count, sizeof *placed, compare_placed);
    *ret_count = count;
    return placed;
}

static struct network_tie tie_of(const struct spec *spec, const struct placed *placed)
{
    return (struct network_tie){placed->from, placed->to, slices_weight(spec, &placed->sum), amount_to(placed->sum.count)};
}

/* ------------------------------------------------------------------------------------------------------ relations */
static int compare_relations(const void *a, const void *b)
{
    const struct network_relation *left = a, *right = b;
    if (left->layer != right->layer)
        return left->layer < right->layer ? -1 : 1;
    if (left->tie.from != right->tie.from)
        return left->tie.from < right->tie.from ? -1 : 1;
    return (left->tie.to > right->tie.to) - (left->tie.to < right->tie.to);
}

bool slices_relations(const struct tie_map *map, const struct spec *spec, const int32_t *places,
                      const struct slices_layer *layers, size_t layer_count, struct network_relation **ret_relations,
                      size_t *ret_count)
{
    size_t placed_count, count = 0;
    struct placed *placed = place(map, spec, places, &placed_count);
    struct network_relation *relations = malloc((placed_count + 1) * sizeof *relations);
    if (!placed || !relations) {
        free(placed);
        free(relations);
        return false;
    }
    for (size_t i = 0; i < placed_count; i++)
        for (size_t l = 0; l < layer_count; l++)
            if (layers[l].code == placed[i].sum.slice)
                relations[count++] = (struct network_relation){layers[l].index, tie_of(spec, &placed[i])};
    free(placed);
    if (count)
        qsort(relations, count, sizeof *relations, compare_relations);
    *ret_relations = relations;
    *ret_count = count;
    return true;
}

/* --------------------------------------------------------------------------------------------------------- spells */
static void join(const struct spec *spec, struct placed *run, const struct placed *next)
{
    run->sum.count = amount_add(run->sum.count, next->sum.count);
    if (spec->weight == WEIGHT_MAX)
        run->sum.value = run->sum.value > next->sum.value ? run->sum.value : next->sum.value;
    else
        run->sum.value = amount_add(run->sum.value, next->sum.value);
}

bool slices_spells(const struct tie_map *map, const struct spec *spec, const int32_t *places, struct network_spell **ret_spells,
                   size_t *ret_count)
{
    size_t placed_count, count = 0;
    struct placed *placed = place(map, spec, places, &placed_count);
    struct network_spell *spells = malloc((placed_count + 1) * sizeof *spells);
    if (!placed || !spells) {
        free(placed);
        free(spells);
        return false;
    }
    for (size_t i = 0; i < placed_count;) {
        struct placed run = placed[i];
        int32_t last = run.sum.slice;
        for (i++; i < placed_count && compare_pair(&run, &placed[i]) == 0 && placed[i].sum.slice == last + 1; i++) {
            join(spec, &run, &placed[i]);
            last++;
        }
        int32_t from = first_day(spec->choices.spells, run.sum.slice), to = first_day(spec->choices.spells, last + 1);
        spells[count++] = (struct network_spell){from > spec->from_day ? from : spec->from_day,
                                                 to < spec->to_day ? to : spec->to_day, tie_of(spec, &run)};
    }
    free(placed);
    *ret_spells = spells;
    *ret_count = count;
    return true;
}
