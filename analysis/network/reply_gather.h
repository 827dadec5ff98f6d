/* SPDX-License-Identifier: GPL-3.0-or-later
 * From reconciled interactions of request layers to the replies that numbers about time need.
 */
#ifndef SAMORDNING_REPLY_GATHER_H
#define SAMORDNING_REPLY_GATHER_H

#include "event.h"
#include "merge.h"
#include "reply.h"

struct reply_gather {
    struct reply_set set;
    size_t capacity;
};
void reply_gather_init(struct reply_gather *gather);
void reply_gather_release(struct reply_gather *gather);
/* `merge` is finished. Other kinds of layers are passed over. False: out of memory. */
bool reply_gather_add(struct reply_gather *gather, struct merge *merge, const struct event *interaction);
/* Hands over the set; `to_day` ends the period, recorded_us is the latest recording of a report in it (INT64_MIN = none).
 * False: out of memory. Nothing is left to release but the set. */
bool reply_gather_finish(struct reply_gather *gather, int32_t to_day, int64_t recorded_us, struct reply_set *ret_set);

#endif
