/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the reports of one day to the interactions of that day.
 *
 * Of each reporter the highest revision of an id counts; a withdrawal drops that reporter's report and nobody else's. Reports
 * of one id are one interaction. So are reports by different organisations whose derived ids (UUIDv8) share their hash part:
 * the same source and source id told with slightly different times. When one organisation itself gives two such times they stay
 * apart.
 *
 * The interaction takes each value from the earliest recorded report that has one. Participants: under TIE_UNION those of any
 * report; under TIE_INTERSECTION those whom every report names on the same side, and at least two organisations must tell of
 * it; under TIE_REPORTER those of that organisation's report alone. A reply that somebody saw answered is not pending.
 */
#ifndef SAMORDNING_RECONCILE_H
#define SAMORDNING_RECONCILE_H

#include "event.h"
#include "spec.h"

/* `reports` are all of one day, in any order; arrays of unchanged reports are shared with `interactions`, which therefore must
 * not outlive them. In no particular order; their `reports` says how many organisations tell of each. False: out of memory. */
bool reconcile_day(const struct event_list *reports, enum spec_tie tie, int32_t reporter, struct event_list *interactions);

#endif
