/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pairs with their signs, and the triangles they close.
 */
#include "signed_pairs.h"

#include <stdlib.h>
#include <string.h>

static int compare_pairs(const void *left, const void *right)
{
    const struct signed_pair *a = left, *b = right;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

/* Every tie and every objection as a pair, then pairs of the same two united. */
static bool gather(struct signed_pairs *pairs, const struct network *network, const struct adjacency *both)
{
    size_t count = 0, kept = 0;
    pairs->pairs = malloc((both->arc_count / 2 + network->negative_count + 1) * sizeof *pairs->pairs);
    if (!pairs->pairs)
        return false;
    for (size_t i = 0; i < both->count; i++)
        for (size_t at = both->start[i]; at < both->start[i + 1]; at++)
            if ((size_t)both->peer[at] > i)
                pairs->pairs[count++] = (struct signed_pair){.a = (int32_t)i, .b = both->peer[at], .weight = both->weight[at]};
    for (size_t t = 0; t < network->negative_count; t++) {
        const struct network_tie *tie = &network->negative[t];
        bool forth = tie->from < tie->to;
        if (tie->from != tie->to)
            pairs->pairs[count++] = (struct signed_pair){.a = forth ? tie->from : tie->to,
                                                         .b = forth ? tie->to : tie->from,
                                                         .forth = forth ? tie->count : 0,
                                                         .back = forth ? 0 : tie->count};
    }
    if (count > 1)
        qsort(pairs->pairs, count, sizeof *pairs->pairs, compare_pairs);
    for (size_t p = 0; p < count; p++) {
        struct signed_pair *pair = &pairs->pairs[p], *last = &pairs->pairs[kept ? kept - 1 : 0];
        if (kept && compare_pairs(last, pair) == 0) {
            last->weight += pair->weight;
            last->forth += pair->forth;
            last->back += pair->back;
        } else {
            pairs->pairs[kept++] = *pair;
        }
    }
    pairs->pair_count = kept;
    return true;
}

/* The pair's index when it is there with a sign, else -1. */
static int32_t find(const struct signed_pairs *pairs, int32_t a, int32_t b)
{
    struct signed_pair wanted = {.a = a < b ? a : b, .b = a < b ? b : a};
    const struct signed_pair *found = bsearch(&wanted, pairs->pairs, pairs->pair_count, sizeof *pairs->pairs, compare_pairs);
    return found && found->sign ? (int32_t)(found - pairs->pairs) : -1;
}

/* Pairs (a, b) and (a, c) stand together in the list: a triangle when (b, c) is there too. */
static enum signed_status close_triangles(struct signed_pairs *pairs, size_t most)
{
    size_t capacity = 0;
    for (size_t p = 0; p < pairs->pair_count; p++) {
        for (size_t q = p + 1; pairs->pairs[p].sign && q < pairs->pair_count && pairs->pairs[q].a == pairs->pairs[p].a; q++) {
            int32_t third = pairs->pairs[q].sign ? find(pairs, pairs->pairs[p].b, pairs->pairs[q].b) : -1;
            if (third < 0)
                continue;
            if (pairs->triangle_count == most) {
                pairs->triangle_count = 0;
                return SIGNED_TOO_MANY;
            }
            if (pairs->triangle_count == capacity) {
                capacity = capacity ? 2 * capacity : 256;
                void *larger = realloc(pairs->triangles, capacity * sizeof *pairs->triangles);
                if (!larger)
                    return SIGNED_NO_MEMORY;
                pairs->triangles = larger;
            }
            int32_t *triangle = pairs->triangles[pairs->triangle_count++];
            triangle[0] = (int32_t)p;
            triangle[1] = (int32_t)q;
            triangle[2] = third;
        }
    }
    return SIGNED_OK;
}

enum signed_status signed_pairs_init(struct signed_pairs *ret_pairs, const struct network *network,
                                     const struct adjacency *both, double objections, size_t triangles_max)
{
    *ret_pairs = (struct signed_pairs){.actor_count = network->actor_count};
    if (!gather(ret_pairs, network, both))
        return SIGNED_NO_MEMORY;
    for (size_t p = 0; p < ret_pairs->pair_count; p++) {
        struct signed_pair *pair = &ret_pairs->pairs[p];
        pair->sign = (int8_t)(pair->forth + pair->back >= objections ? -1 : pair->weight > 0);
    }
    enum signed_status status = close_triangles(ret_pairs, triangles_max);
    if (status == SIGNED_NO_MEMORY)
        signed_pairs_release(ret_pairs);
    return status;
}

void signed_pairs_release(struct signed_pairs *pairs)
{
    free(pairs->pairs);
    free(pairs->triangles);
    *pairs = (struct signed_pairs){0};
}

void signed_triads(const struct signed_pairs *pairs, const int8_t *signs, size_t ret_by_negative[4])
{
    memset(ret_by_negative, 0, 4 * sizeof *ret_by_negative);
    for (size_t t = 0; t < pairs->triangle_count; t++) {
        const int32_t *triangle = pairs->triangles[t];
        ret_by_negative[(signs[triangle[0]] < 0) + (signs[triangle[1]] < 0) + (signs[triangle[2]] < 0)]++;
    }
}
