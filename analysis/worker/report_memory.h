/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reports of days that were read already, kept between the jobs of one process, each day as long as its digest says that
 * nothing has been reported about it since.
 */
#ifndef SAMORDNING_REPORT_MEMORY_H
#define SAMORDNING_REPORT_MEMORY_H

#include "event.h"

#define REPORT_MEMORY_MAX 200000 /* reports, of about 400 bytes; what comes then is read each time */

struct report_memory_day {
    int32_t day;
    uint64_t digest;           /* of all blocks of the day */
    struct event_list reports; /* in one piece of memory, behind its events */
};
struct report_memory {
    struct report_memory_day *days; /* sorted by day */
    size_t count, capacity;
    size_t reports;
};
void report_memory_release(struct report_memory *memory);
/* NULL: not there, or not as it was. */
const struct event_list *report_memory_find(const struct report_memory *memory, int32_t day, uint64_t digest);
/* Copies them in place of what the day had; without room, or memory, the day is left out. */
void report_memory_put(struct report_memory *memory, int32_t day, uint64_t digest, const struct event_list *reports);

#endif
