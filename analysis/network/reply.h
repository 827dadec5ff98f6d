/* SPDX-License-Identifier: GPL-3.0-or-later
 * What requests asked of their addressees and what came back: the input of the numbers about time.
 */
#ifndef SAMORDNING_REPLY_H
#define SAMORDNING_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reply_end { REPLY_END_PENDING, REPLY_END_ANSWERED, REPLY_END_COMPETING }; /* withdrawn, superseded, noted */

struct reply {
    uint64_t request;  /* replies of one interaction share it */
    uint64_t cluster;  /* of one case, hashed; without a case its request */
    int32_t sender;    /* index of an actor of the network; -1 = unknown */
    int32_t addressee; /* index of an actor */
    int32_t layer;
    int32_t stage;
    double sent_day;     /* days since 1970, fractional */
    double received_day; /* = sent_day when not given */
    double deadline_day; /* NaN = none */
    double end_day;      /* when answered or ended; for pending: the end of observation */
    enum reply_end end;
    int32_t outcome; /* Outcome of the vocabulary; 0 = none */
    bool no_remark;  /* answered that there is none */
};
struct reply_set {
    struct reply *replies;
    size_t count; /* sorted by (request, addressee) */
    /* Days since 1970: the end of the period, or the last recording of a report in it, whichever is earlier. Not the clock's
     * now: equal inputs give equal numbers. */
    double observed_until;
    /* Participations of addressees that are no row: */
    double undated;    /* answered or ended, but nobody says when */
    double unstated;   /* nothing says that an answer was expected: no status, receipt or deadline */
    double collective; /* a group's: its members' answers are not told apart */
    double unplaced;   /* the name waits, or has no actor at this level or in this view */
};
void reply_set_release(struct reply_set *set);

#endif
