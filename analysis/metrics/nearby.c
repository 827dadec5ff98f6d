/* SPDX-License-Identifier: GPL-3.0-or-later
 * Arcs counted and dealt out by the upper bits of their distances, which for positive doubles are in the order of their values;
 * groups by a breadth-first walk along both directions.
 */
#include "nearby.h"

#include <stdlib.h>
#include <string.h>

#define LOW_BITS 49                      /* 11 bits of exponent and 3 of the fraction are left, which is NEARBY_ROUGH */
#define KEYS     (1u << (63 - LOW_BITS)) /* without the sign */

static uint32_t key_of(double distance)
{
    uint64_t bits;
    memcpy(&bits, &distance, sizeof bits);
    return (uint32_t)(bits >> LOW_BITS);
}

/* Arcs of all lists in the order of their keys, then each to its list. */
static bool deal_out(struct nearby *nearby, const struct adjacency *out)
{
    size_t n = out->count, *next = malloc((n + 1) * sizeof *next);
    uint32_t *place = calloc(KEYS + 1, sizeof *place);
    struct arc {
        int32_t from, peer;
        double distance;
    } *arcs = malloc((out->arc_count + 1) * sizeof *arcs);
    bool done = next && place && arcs;
    for (size_t a = 0; done && a < out->arc_count; a++)
        place[key_of(out->distance[a]) + 1]++;
    for (size_t k = 0; done && k < KEYS; k++)
        place[k + 1] += place[k];
    for (size_t v = 0; done && v < n; v++) {
        next[v] = out->start[v];
        for (size_t a = out->start[v]; a < out->start[v + 1]; a++)
            arcs[place[key_of(out->distance[a])]++] = (struct arc){(int32_t)v, out->peer[a], out->distance[a]};
    }
    for (size_t i = 0; done && i < out->arc_count; i++) {
        size_t at = next[arcs[i].from]++;
        nearby->peer[at] = arcs[i].peer;
        nearby->distance[at] = arcs[i].distance;
    }
    free(next);
    free(place);
    free(arcs);
    return done;
}

/* Whoever `v` has in this list joins its group. */
static size_t join(struct nearby *nearby, const struct adjacency *lists, size_t v, size_t tail)
{
    for (size_t a = lists->start[v]; a < lists->start[v + 1]; a++)
        if (nearby->group[lists->peer[a]] < 0) {
            nearby->group[lists->peer[a]] = nearby->group[v];
            nearby->member[tail++] = lists->peer[a];
        }
    return tail;
}

static void find_groups(struct nearby *nearby, const struct adjacency *out, const struct adjacency *in)
{
    size_t n = out->count, tail = 0, count = 0;
    memset(nearby->group, -1, n * sizeof *nearby->group);
    for (size_t root = 0; root < n; root++) {
        if (nearby->group[root] >= 0)
            continue;
        nearby->start[count] = tail;
        nearby->group[root] = (int32_t)count++;
        nearby->member[tail++] = (int32_t)root;
        for (size_t head = tail - 1; head < tail; head++) {
            size_t v = (size_t)nearby->member[head];
            tail = join(nearby, out, v, tail);
            tail = in == out ? tail : join(nearby, in, v, tail);
        }
    }
    nearby->start[count] = tail;
}

bool nearby_init(struct nearby *ret_nearby, const struct adjacency *out, const struct adjacency *in)
{
    *ret_nearby = (struct nearby){.peer = malloc((out->arc_count + 1) * sizeof(int32_t)),
                                  .distance = malloc((out->arc_count + 1) * sizeof(double)),
                                  .group = malloc((out->count + 1) * sizeof(int32_t)),
                                  .member = malloc((out->count + 1) * sizeof(int32_t)),
                                  .start = malloc((out->count + 1) * sizeof(size_t))};
    if (!ret_nearby->peer || !ret_nearby->distance || !ret_nearby->group || !ret_nearby->member || !ret_nearby->start ||
        !deal_out(ret_nearby, out)) {
        nearby_release(ret_nearby);
        return false;
    }
    find_groups(ret_nearby, out, in);
    return true;
}

void nearby_release(struct nearby *nearby)
{
    free(nearby->peer);
    free(nearby->distance);
    free(nearby->group);
    free(nearby->member);
    free(nearby->start);
    *nearby = (struct nearby){0};
}
