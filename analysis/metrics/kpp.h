/* SPDX-License-Identifier: GPL-3.0-or-later
 * Key players (Borgatti 2006): the sets of actors whose absence breaks a network up the most, or that reach it best.
 *
 * Undirected, binary. With the n - k actors that are left when a set of k is gone:
 *   F   = 1 - sum over components s (s-1) / ((n-k)(n-k-1))          share of pairs that no longer reach each other
 *   D_F = 1 - sum over ordered pairs 1/d / ((n-k)(n-k-1))           the same, nearness counted instead of reach
 *   D_R = sum over all n actors of 1 / distance to the set / n      members count 1
 * The best set is not the set of the best single actors. All C(n, k) sets are tried up to KPP_EXACT_MAX; beyond that a greedy
 * start and random ones are improved by exchanging members until no exchange helps, and the result says so.
 *
 * One bit an actor: a level of all searches at once is an OR of neighbours' rows.
 */
#ifndef SAMORDNING_KPP_H
#define SAMORDNING_KPP_H

#include "topology.h"

#define KPP_EXACT_MAX  10000000             /* sets */
#define KPP_SET_MAX    CHOICES_SET_SIZE_MAX /* actors in one */
#define KPP_ACTORS_MAX 2000                 /* a table of all distances is kept */
#define KPP_KEPT       5                    /* best sets listed, the first in the order of the actors */
#define KPP_STARTS     20                   /* of the exchange: one greedy, the rest random */

enum kpp_measure { KPP_FRAGMENTATION, KPP_DISTANCE_FRAGMENTATION, KPP_REACH, KPP_MEASURES };

struct kpp_best {
    double value;                        /* NaN: not defined, because fewer than two actors are left */
    bool exact;                          /* every set was tried */
    double tried;                        /* sets looked at, some of them more than once when not exact */
    double found;                        /* sets with this value: all of them when exact, else those listed */
    size_t kept;                         /* of them listed */
    int32_t sets[KPP_KEPT][KPP_SET_MAX]; /* members in ascending order */
};
enum kpp_status { KPP_OK, KPP_STOPPED, KPP_NO_MEMORY };

struct kpp;
/* Borrows the lists. NULL: out of memory. At most KPP_ACTORS_MAX actors. */
struct kpp *kpp_create(const struct adjacency *both);
void kpp_destroy(struct kpp *kpp);
/* Of one set, whose members are distinct; size 0 = the network as it is (D_R of nobody is 0). */
double kpp_value(struct kpp *kpp, enum kpp_measure measure, const int32_t *set, size_t size);
double kpp_set_count(size_t actors, size_t size); /* C(n, k) */
/* 1 <= size <= KPP_SET_MAX, size <= actors. */
enum kpp_status kpp_search(struct kpp *kpp, size_t size, uint64_t seed, struct kpp_best ret_best[KPP_MEASURES],
                           bool (*proceed)(void *arg, unsigned permille), void *arg);

#endif
