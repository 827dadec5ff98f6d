/* SPDX-License-Identifier: GPL-3.0-or-later
 * The reports of a snapshot's days, reconciled day by day and given to whoever wants them: the merge of its network, its
 * replies, its chronicle.
 */
#ifndef SAMORDNING_SNAPSHOT_ROWS_H
#define SAMORDNING_SNAPSHOT_ROWS_H

#include "merge.h"
#include "reply_gather.h"
#include "snapshot.h"

struct day_builder;

struct snapshot_rows {
    struct snapshot *snapshot;
    struct reply_gather *gather; /* into this, */
    struct chronicle *chronicle; /* and this; both NULL: into the merge */
    const char *phase;
    int64_t recorded_us; /* INT64_MIN at first; the latest recording seen */
    double unresolved;   /* interactions with names that wait, when they go into the merge */
    struct day_builder *builder;
    enum status status;
    size_t days_done, days_total;
};
/* Every day on which one of `codes` has a block. */
MUST_CHECK enum status snapshot_rows_read(struct snapshot_rows *rows, const int16_t *codes, size_t code_count);
/* What a merge says, as a status of the snapshot's database. */
enum status snapshot_merged(struct snapshot *snapshot, enum merge_status status, const char *error);

#endif
