/* SPDX-License-Identifier: GPL-3.0-or-later
 * Contacts in the order of time, and what can have passed along them: time-respecting paths (Holme & Saramaki 2012).
 *
 * A meeting carries what anybody present knew before it to everybody present, at its time. A request or letter carries from its
 * senders to its addressees when it is sent, an answer from the addressee to the senders when it is given. Passing on takes a
 * later contact: what arrives at an instant leaves at a later one.
 */
#ifndef SAMORDNING_CONTACT_SEQUENCE_H
#define SAMORDNING_CONTACT_SEQUENCE_H

#include "chronicle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From everybody in `from` to everybody in `to`; a meeting has the same run of actors for both. */
struct contact {
    double time_day;
    size_t from, to; /* places in `actors` */
    uint32_t from_count, to_count;
};
struct contact_sequence {
    size_t actor_count;
    struct contact *contacts; /* in order of time */
    size_t contact_count;
    int32_t *actors;
    size_t place_count;
};
/* False: out of memory. Actors without a place in the network carry nothing; a contact needs two different actors. */
bool contact_sequence_init(struct contact_sequence *ret_sequence, const struct chronicle *chronicle, size_t actor_count);
void contact_sequence_release(struct contact_sequence *sequence);

struct contact_reach {
    size_t actor_count;
    double *arrival; /* [source x actor]: days from the first day to the earliest arrival; INFINITY = never, 0 = itself */
    double *fastest; /* [source x actor]: fewest days between leaving and arriving; INFINITY = never, 0 = in direct contact */
};
enum contact_status { CONTACT_OK, CONTACT_STOPPED, CONTACT_NO_MEMORY };

/* All pairs, by one walk through the contacts; memory is four numbers a pair. `start_day`: when everybody has
 * something to tell. */
enum contact_status contact_reach_init(struct contact_reach *ret_reach, const struct contact_sequence *sequence,
                                       double start_day, bool (*proceed)(void *arg, unsigned permille), void *arg);
void contact_reach_release(struct contact_reach *reach);

/* How many ordered pairs of different actors can have heard of one another when the contacts happen in another order: slot c,
 * with its time, has contact order[c]. False: out of memory. */
bool contact_pairs_in_order(const struct contact_sequence *sequence, const int32_t *order, double *ret_pairs);

#endif
