/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reports, streamed from the database day by day in spans as long as memory should hold.
 */
#ifndef SAMORDNING_REPORT_READER_H
#define SAMORDNING_REPORT_READER_H

#include "database.h"
#include "event.h"
#include "layers.h"
#include "report_memory.h"

struct report_reader {
    struct database *database;
    const struct layers *layers;
    struct event_list reports;
    struct event *ordered; /* the same, by day */
    size_t ordered_capacity;
    int32_t from_day, to_day; /* of the span being read */
    size_t limit;             /* reports a span of more than one day may have */
    bool overflowed;
    int32_t span;                 /* days to read at once */
    struct report_memory *memory; /* to be set after init where there is one, */
    const uint64_t *digests;      /* and then what each of the days asked for must have; 0 = do not use it */
};
void report_reader_init(struct report_reader *reader, struct database *database, const struct layers *layers);
void report_reader_release(struct report_reader *reader);

/* `reports` are all reports of `day`; valid until the callback returns. */
typedef enum status report_reader_day_cb(void *arg, int32_t day, const struct event_list *reports);
/* `days` are sorted and distinct. */
MUST_CHECK enum status report_reader_days(struct report_reader *reader, const int32_t *days, size_t count,
                                          report_reader_day_cb *day, void *arg);

#endif
