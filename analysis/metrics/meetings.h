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
    double count, untimed;                 /* meetings with at least two actors; of them, those without an end */
    double *attended;                      /* meetings of each actor, each once */
    double *sizes;                         /* actors at each meeting with at least two */
    double *together;                      /* actor x actor: meetings that tie both, each once */
    double *weights[MEETINGS_PROJECTIONS]; /* actor x actor, symmetric, diagonal 0; the backbone is the caller's to fill */
};
enum meetings_status { MEETINGS_OK, MEETINGS_NO_MEMORY, MEETINGS_STOPPED };

/* From interactions of kind meeting with at least two different actors present, with the weights the network's projections
 * give (docs/method.md, *what an interaction adds*): k counts different names present, also those that wait for an actor; a
 * group is one name and does not tie its members to one another; two names of one actor are two. `proceed` may be NULL. */
enum meetings_status meetings_init(struct meetings *ret_meetings, const struct chronicle *chronicle, size_t actor_count,
                                   bool (*proceed)(void *arg, unsigned permille), void *arg);
void meetings_release(struct meetings *meetings);

/* An undirected network of these weights over the actors of `like`, which are borrowed; distances 1 / weight (unit where all
 * weights are 1). Free `ret_network->ties` only. False: out of memory. */
bool meetings_network(const struct network *like, const double *weights, bool unit, struct network *ret_network);

#endif
