/* SPDX-License-Identifier: GPL-3.0-or-later
 * A map on which some actors have their places already: newcomers go to those they are tied to.
 */
#include "layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APART       0.45 /* newcomers keep this far from everybody, in units of a typical tie */
#define PUSH_ROUNDS 60
#define BELOW       1.2               /* between the map and what is laid out by itself */
#define GOLDEN      2.399963229728653 /* angle between one newcomer and the next: no two start in one direction */

struct placing {
    size_t count;
    const struct network_tie *ties;
    size_t tie_count;
    const bool *held;
    bool *placed;
    struct layout_point *points;
    double *sum_x, *sum_y, *weight; /* over the ties to placed actors, of one round */
};

static void add(struct placing *placing, int32_t to, int32_t from, double weight)
{
    if (placing->placed[to] || !placing->placed[from])
        return;
    placing->sum_x[to] += weight * placing->points[from].x;
    placing->sum_y[to] += weight * placing->points[from].y;
    placing->weight[to] += weight;
}

/* Everybody with a tie to somebody placed goes to the weighted middle of those, a little aside. Returns how many did. */
static size_t place_round(struct placing *placing)
{
    size_t placed = 0;
    for (size_t i = 0; i < placing->count; i++)
        placing->sum_x[i] = placing->sum_y[i] = placing->weight[i] = 0;
    for (size_t t = 0; t < placing->tie_count; t++) {
        const struct network_tie *tie = &placing->ties[t];
        add(placing, tie->from, tie->to, tie->weight);
        add(placing, tie->to, tie->from, tie->weight);
    }
    for (size_t i = 0; i < placing->count; i++) {
        if (placing->placed[i] || !(placing->weight[i] > 0))
            continue;
        double angle = GOLDEN * (double)i;
        placing->points[i] = (struct layout_point){placing->sum_x[i] / placing->weight[i] + APART * cos(angle),
                                                   placing->sum_y[i] / placing->weight[i] + APART * sin(angle)};
        placing->placed[i] = true;
        placed++;
    }
    return placed;
}

/* Newcomers that stand too close to somebody move away from them; who is held stays. */
static void push_apart(struct placing *placing)
{
    for (size_t round = 0; round < PUSH_ROUNDS; round++) {
        bool moved = false;
        for (size_t i = 0; i < placing->count; i++) {
            if (placing->held[i] || !placing->placed[i])
                continue;
            for (size_t j = 0; j < placing->count; j++) {
                if (j == i || !placing->placed[j])
                    continue;
                struct layout_point *one = &placing->points[i];
                double x = one->x - placing->points[j].x, y = one->y - placing->points[j].y, far = hypot(x, y);
                if (far >= APART)
                    continue;
                double angle = GOLDEN * (double)(i + 1);
                if (far < 1e-9) {
                    x = cos(angle);
                    y = sin(angle);
                    far = 1;
                }
                one->x += x / far * APART / 2;
                one->y += y / far * APART / 2;
                moved = true;
            }
        }
        if (!moved)
            return;
    }
}

/* The actors nothing ties to the map: a layout of their own, under the lowest of the others. */
static bool place_rest(struct placing *placing, uint64_t seed, char *ret_error)
{
    size_t rest = 0, used = 0;
    double bottom = -INFINITY, left = INFINITY;
    for (size_t i = 0; i < placing->count; i++) {
        rest += !placing->placed[i];
        if (placing->placed[i]) {
            bottom = fmax(bottom, placing->points[i].y);
            left = fmin(left, placing->points[i].x);
        }
    }
    if (rest == 0)
        return true;
    int32_t *local = malloc(placing->count * sizeof *local);
    struct network_tie *ties = malloc((placing->tie_count + 1) * sizeof *ties);
    struct layout_point *points = calloc(rest, sizeof *points);
    bool done = local && ties && points;
    if (!done)
        snprintf(ret_error, 400, "layout: out of memory");
    for (size_t i = 0, at = 0; done && i < placing->count; i++)
        local[i] = placing->placed[i] ? -1 : (int32_t)at++;
    for (size_t t = 0; done && t < placing->tie_count; t++) { /* both ends are left over, or none: a tie places its other end */
        struct network_tie tie = placing->ties[t];
        tie.from = local[tie.from];
        tie.to = local[tie.to];
        if (tie.from >= 0)
            ties[used++] = tie;
    }
    done = done && layout_compute(rest, ties, used, seed, points, ret_error);
    for (size_t i = 0; done && i < placing->count; i++) {
        if (local[i] < 0)
            continue;
        placing->points[i] = points[local[i]];
        if (isfinite(bottom)) {
            placing->points[i].x += left;
            placing->points[i].y += bottom + BELOW;
        }
    }
    free(local);
    free(ties);
    free(points);
    return done;
}

static bool check(size_t actor_count, const struct network_tie *ties, size_t tie_count, const bool *held,
                  const struct layout_point *anchors, char *ret_error)
{
    if (actor_count > LAYOUT_ACTORS_MAX) {
        snprintf(ret_error, 400, "layout: %zu actors; at most %d can be placed", actor_count, LAYOUT_ACTORS_MAX);
        return false;
    }
    for (size_t t = 0; t < tie_count; t++)
        if (ties[t].from < 0 || ties[t].to < 0 || (size_t)ties[t].from >= actor_count || (size_t)ties[t].to >= actor_count ||
            !isfinite(ties[t].weight) || ties[t].weight <= 0) {
            snprintf(ret_error, 400, "layout: tie %zu names an actor there is not, or its weight is not finite and above 0", t);
            return false;
        }
    for (size_t i = 0; i < actor_count; i++)
        if (held[i] && !(isfinite(anchors[i].x) && isfinite(anchors[i].y))) {
            snprintf(ret_error, 400, "layout: the place of actor %zu is not finite", i);
            return false;
        }
    return true;
}

bool layout_anchored(size_t actor_count, const struct network_tie *ties, size_t tie_count, uint64_t seed, const bool *held,
                     const struct layout_point *anchors, struct layout_point *ret_points, char *ret_error)
{
    if (!check(actor_count, ties, tie_count, held, anchors, ret_error))
        return false;
    if (actor_count == 0)
        return true;
    struct placing placing = {.count = actor_count, .ties = ties, .tie_count = tie_count, .held = held};
    placing.placed = malloc(actor_count * sizeof *placing.placed);
    placing.points = calloc(actor_count, sizeof *placing.points);
    double *sums = malloc(3 * actor_count * sizeof *sums);
    bool done = placing.placed && placing.points && sums;
    if (!done)
        snprintf(ret_error, 400, "layout: out of memory");
    for (size_t i = 0; done && i < actor_count; i++) {
        placing.placed[i] = held[i];
        if (held[i])
            placing.points[i] = anchors[i];
    }
    if (done) {
        placing.sum_x = sums;
        placing.sum_y = sums + actor_count;
        placing.weight = sums + 2 * actor_count;
        while (place_round(&placing) > 0)
            ;
        push_apart(&placing);
        done = place_rest(&placing, seed, ret_error);
    }
    if (done)
        memcpy(ret_points, placing.points, actor_count * sizeof *placing.points);
    free(placing.placed);
    free(placing.points);
    free(sums);
    return done;
}
