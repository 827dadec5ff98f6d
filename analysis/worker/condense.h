/* SPDX-License-Identifier: GPL-3.0-or-later
 * Condensing: days that report.touched names get their blocks rebuilt.
 *
 * One condenser at a time per database (an advisory lock). Each transaction rebuilds a number of days and deletes the touched
 * rows whose days are all done, so a long backlog makes progress that lasts. A report committed meanwhile has a touched row of
 * its own.
 * Blocks of another format than this program's are rebuilt as well.
 */
#ifndef SAMORDNING_CONDENSE_H
#define SAMORDNING_CONDENSE_H

#include "database.h"
#include "progress.h"

struct condense_count {
    uint64_t days, blocks, interactions;
};

/* All that waits, or only what touches a day of [from_day, to_day). */
MUST_CHECK enum status condense_all(struct database *database, const struct progress *progress,
                                    struct condense_count *ret_count);
MUST_CHECK enum status condense_period(struct database *database, int32_t from_day, int32_t to_day,
                                       const struct progress *progress, struct condense_count *ret_count);

#endif
