/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who a request waited for: the last to answer, days spent waiting for one actor alone, what is still in hand.
 *
 * A request that went to several parts of one actor waits for that actor until the last of its parts has answered.
 */
#ifndef SAMORDNING_WAITING_H
#define SAMORDNING_WAITING_H

#include "reply.h"

#include <stdbool.h>

struct waiting_actor {
    double requests;             /* answered in full by at least two actors, this one among them */
    double last;                 /* of these, answered last; a tie of k actors gives each 1/k */
    double marginal_days;        /* sum over them of latest minus second latest reply, when alone the latest */
    double only_days;            /* days on which this actor was the only one still to answer */
    double days;                 /* days on which it was to answer, alone or not */
    double in_progress, overdue; /* now */
    double arrivals;             /* requests that came to it */
    double open, open_days;      /* of these, waiting still, and the days they have waited so far */
};
struct waiting_totals {
    double requests; /* that went to anybody */
    double complete; /* answered in full by at least two actors */
    double open;     /* still waiting for somebody */
    double days;     /* days on which anybody was to answer, summed over requests */
};
/* When a deadline has run out: at the end of its day. */
double waiting_deadline_end(double deadline_day);
/* False: out of memory. */
bool waiting_run(const struct reply_set *replies, size_t actor_count, struct waiting_actor *ret_actors,
                 struct waiting_totals *ret_totals);

#endif
