/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pairs of actors with a sign: a tie is positive, repeated objection negative; their triangles, and how far the whole is from
 * two camps.
 */
#ifndef SAMORDNING_SIGNED_PAIRS_H
#define SAMORDNING_SIGNED_PAIRS_H

#include "network.h"
#include "topology.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNED_EXACT_ACTORS_MAX 24 /* of one component: 2^23 divisions into two camps are all walked */

struct signed_pair {
    int32_t a, b;       /* a < b */
    double weight;      /* of the tie, both directions summed; 0 = none */
    double forth, back; /* objections a -> b and b -> a */
    int8_t sign;        /* +1, -1, 0 = neither: objections too few for a sign, and no tie */
};
struct signed_pairs {
    size_t actor_count;
    struct signed_pair *pairs; /* sorted by (a, b): every pair with a tie or an objection */
    size_t pair_count;
    int32_t (*triangles)[3]; /* indices of pairs with a sign that close a triangle */
    size_t triangle_count;
};
enum signed_status { SIGNED_OK, SIGNED_STOPPED, SIGNED_TOO_MANY, SIGNED_NO_MEMORY };

/* Negative from `objections` on (both directions counted), whatever the tie; positive with a tie and fewer. Triangles are
 * listed up to `triangles_max`: SIGNED_TOO_MANY leaves them out, the pairs are there. */
enum signed_status signed_pairs_init(struct signed_pairs *ret_pairs, const struct network *network,
                                     const struct adjacency *both, double objections, size_t triangles_max);
void signed_pairs_release(struct signed_pairs *pairs);

/* Triangles by their number of negative pairs. `signs` holds one of -1, +1 per pair (0 where it has none). */
void signed_triads(const struct signed_pairs *pairs, const int8_t *signs, size_t ret_by_negative[4]);

struct signed_camps {
    double frustration; /* pairs that fit no division: negative within a camp, positive across; the least found */
    bool exact;         /* no division has fewer */
    int8_t *camp;       /* by actor: 0 or 1, -1 = in no pair with a sign; the first actor of a component is in camp 0 */
};
/* The line index of balance (Harary 1959): every division of a component is tried up to SIGNED_EXACT_ACTORS_MAX actors, beyond
 * that `starts` random ones are improved actor by actor, and the result is an upper bound. */
enum signed_status signed_camps(const struct signed_pairs *pairs, uint64_t seed, unsigned starts,
                                bool (*proceed)(void *arg, unsigned permille), void *arg, struct signed_camps *ret_camps);

/* Everett & Borgatti 2014 for directed A = P - 2N: out (I - A A'/(4(n-1)^2))^-1 (I + A/(2(n-1))) 1, in with A' for A. The arcs
 * of `out` are the positive ones. False: out of memory. All NaN where the system has no single answer. */
bool signed_standing(const struct adjacency *out, const struct network_tie *negative, size_t negative_count, double *ret_out,
                     double *ret_in);

#endif
