/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network's lists with near peers before far ones, and who can be reached from whom at all: what lets a search leave the
 * rest of a list alone when nobody it still looks for is that far away.
 */
#ifndef SAMORDNING_NEARBY_H
#define SAMORDNING_NEARBY_H

#include "topology.h"

#define NEARBY_ROUGH (1 + 0x1p-3) /* a peer is nearer than so many times any later one of its list */

struct nearby {
    int32_t *peer;    /* along the starts of the lists these are made from */
    double *distance; /* > 0 and no subnormal number, as topology.h has them */
    int32_t *group;   /* of each actor: nobody reaches anybody of another group, whichever the direction */
    int32_t *member;  /* actors, group by group */
    size_t *start;    /* of each group, and where the last one ends */
};

/* `in` = the reversed lists of `out`. False: out of memory, nothing to release. */
bool nearby_init(struct nearby *ret_nearby, const struct adjacency *out, const struct adjacency *in);
void nearby_release(struct nearby *nearby);

#endif
