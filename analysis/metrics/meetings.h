/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meetings as they were, actors by meetings, and the networks of actors that projections make of them.
 */
#ifndef SAMORDNING_MEETINGS_H
#define SAMORDNING_MEETINGS_H

#include "chronicle.h"
#include "network.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEETINGS_ACTORS_MAX 1000 /* five numbers a pair */

enum meetings_projection {
    MEETINGS_NEWMAN,   /* weight / (k - 1) */
    MEETINGS_COUNT,    /* weight */
    MEETINGS_DURATION, /* minutes; meetings without an end have none */
    MEETINGS_BINARY,   /* 1 where they met at all */
    MEETINGS_BACKBONE, /* 1 where they met more often than degrees and sizes explain */
    MEETINGS_PROJECTIONS
};
struct meetings {
    size_t actor_count;
    double count, untimed;
    double *attended;                      /* meetings of each actor, each once */
    double *sizes;                         /* actors at each meeting with at least two */
    double *together;                      /* actor x actor: meetings of both, each once */
    double *weights[MEETINGS_PROJECTIONS]; /* actor x actor, symmetric, diagonal 0; the backbone is the caller's to fill */
};
/* From interactions of kind meeting with at least two different actors present. k counts everybody present, also names that
 * wait for an actor; of a group its members. False: out of memory. */
bool meetings_init(struct meetings *ret_meetings, const struct chronicle *chronicle, size_t actor_count);
void meetings_release(struct meetings *meetings);

/* An undirected network of these weights over the actors of `like`, which are borrowed; distances 1 / weight (unit where all
 * weights are 1). Free `ret_network->ties` only. False: out of memory. */
bool meetings_network(const struct network *like, const double *weights, bool unit, struct network *ret_network);

#endif
