/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two periods of one network on the actors that are in both, as two matrices whose cells can be compared.
 */
#ifndef SAMORDNING_PERIOD_PAIR_H
#define SAMORDNING_PERIOD_PAIR_H

#include "comparison.h"

/* What became of ties, among some cells (pairs; directed: ordered pairs). */
struct turnover {
    double kept, added, lost;
    double unknown;                      /* cells unknown in either period, in none of the others */
    double weight_earlier, weight_later; /* of the ties in the known cells */
};

struct period_pair {
    const struct network *earlier, *later;
    struct comparison_pair *presence; /* every actor of either, by key; `before` is the earlier */
    size_t presence_count;
    size_t actors;          /* in both, by key */
    int32_t *before_at;     /* their indices in the earlier network, */
    int32_t *after_at;      /* and in the later one */
    double *before, *after; /* actors x actors, row-major: weights, 0 = no tie; NaN in both where either is unknown */
    const char **sectors;   /* names, sorted; borrowed. An actor's is that of the later network, else of the earlier */
    int32_t *sector;        /* of each actor: index into sectors, -1 = none stated */
    size_t sector_count;
    struct turnover all;
    struct turnover *of_actor;   /* cells with the actor at either end */
    struct turnover *of_sectors; /* period_pair_cell of two sectors */
};

/* Both networks are directed, or neither. With more common actors than DYADS_ACTORS_MAX nothing but who is where is filled in.
 * False: out of memory; there is nothing to release. */
bool period_pair_init(struct period_pair *ret_pair, const struct network *earlier, const struct network *later);
void period_pair_release(struct period_pair *pair);

/* Cells of two sectors: ordered when directed, else a <= b after sorting. */
size_t period_pair_cell(const struct period_pair *pair, int32_t a, int32_t b);
/* kept / (kept + added + lost), Jaccard 1901; NaN without ties. */
double turnover_jaccard(const struct turnover *turnover);

#endif
