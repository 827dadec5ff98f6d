/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of a network again and again: as it is (under missing= of its specification), under each treatment of silence,
 * with unknown pairs replaced, and in bootstrap and jackknife replicates.
 */
#ifndef SAMORDNING_SOUNDINGS_H
#define SAMORDNING_SOUNDINGS_H

#include "measures.h"
#include "treatments.h"

#define SOUNDINGS_DRAWS     100               /* networks with unknown pairs drawn from the known ones */
#define SOUNDINGS_BYTES_MAX ((size_t)1 << 30) /* of all vectors together; fewer replicates are drawn before more is taken */

struct soundings {
    struct measures measures;
    size_t actors;
    double *observed;            /* each a vector of measures.size */
    double *treated[TREATMENTS]; /* NULL: nobody told of anything, so there are no accounts, or an item of a
                                    wave that only one end can tell of */
    double *tied;                /* every unknown pair tied, with the median weight; NULL: no pair is unknown */
    double *drawn;               /* drawn_count vectors; NULL: no pair is unknown */
    double *replicates;          /* replicate_count vectors: means over the copies of each actor; NaN where not drawn */
    double *without;             /* network numbers without each actor, measures.network_count each */
    size_t drawn_count, replicate_count;
    double known[TREATMENTS], tied_pairs[TREATMENTS]; /* cells (pairs, or arcs) that are known, and that are ties */
    double unknown;                                   /* pairs unknown in the network as it is */
    double *numbers;                                  /* the memory of all of these */
};
/* Whether both ends of a pair can tell of what the item asks: contact that there is, and not what somebody needs or thinks. */
bool soundings_two_accounts(const struct wave_item *item);
/* ret_error when METRICS_FAILED. */
enum metrics_status soundings_take(const struct metrics_input *input, struct soundings *ret_soundings, char *ret_error);
void soundings_release(struct soundings *soundings);

#endif
