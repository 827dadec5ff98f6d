/* SPDX-License-Identifier: GPL-3.0-or-later
 * What condensing writes within a transaction: blocks of days, and when cases were first and last seen.
 */
#ifndef SAMORDNING_DAY_WRITER_H
#define SAMORDNING_DAY_WRITER_H

#include "database.h"
#include "day_builder.h"
#include "layers.h"

struct condense_count {
    uint64_t days, blocks, interactions;
};
struct case_note {
    char *ref;
    int32_t first_day, last_day;
};
struct day_writer {
    struct database *database;
    struct day_builder *builder;
    struct condense_count count;

    int16_t present[LAYERS_MAX]; /* layers of the day being written */
    size_t present_count;
    enum status status;      /* of a write within a callback */
    struct case_note *cases; /* of this transaction, in an open hash table; ref NULL = free */
    size_t case_count, case_capacity;
};
MUST_CHECK enum status day_writer_init(struct day_writer *writer, struct database *database);
void day_writer_release(struct day_writer *writer);

/* All reports of a day: its blocks are these, and no others. */
MUST_CHECK enum status day_writer_whole(struct day_writer *writer, int32_t day, const struct event_list *reports);
/* More reports of a day (day_builder_apart from those of the blocks before). */
MUST_CHECK enum status day_writer_more(struct day_writer *writer, int32_t day, const struct event_list *reports,
                                       const struct day_builder_before *before, size_t before_count);
/* Writes the cases; the last thing before COMMIT. */
MUST_CHECK enum status day_writer_finish(struct day_writer *writer);
/* After COMMIT or ROLLBACK. */
void day_writer_forget(struct day_writer *writer);

#endif
