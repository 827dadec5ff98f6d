/* SPDX-License-Identifier: GPL-3.0-or-later
 * From reconciled interactions to the chronicle: names become actors of the finished network, groups their members.
 */
#ifndef SAMORDNING_CHRONICLE_GATHER_H
#define SAMORDNING_CHRONICLE_GATHER_H

#include "chronicle.h"
#include "event.h"
#include "merge.h"

/* `merge` is finished. False: out of memory. */
bool chronicle_gather_add(struct chronicle *chronicle, struct merge *merge, const struct event *interaction);
/* Orders what was gathered; recorded_us is the latest recording of a report in the period, INT64_MIN = none. */
bool chronicle_gather_finish(struct chronicle *chronicle, int32_t to_day, int64_t recorded_us);

#endif
