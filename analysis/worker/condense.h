/* SPDX-License-Identifier: GPL-3.0-or-later
 * Condensing: the blocks of days that report.touched names are brought up to date.
 *
 * One condenser at a time per database (an advisory lock). Touched rows with a gist go on in the days' blocks (fresh.h). The
 * days of the others are rebuilt from their rows: each transaction rebuilds a number of days and deletes the touched rows whose
 * days are all done, so a long backlog makes progress that lasts. It drops the gists of those days, for it has read what they
 * tell. A report committed meanwhile has a touched row of its own.
 * Blocks of another format than this program's are rebuilt as well.
 */
#ifndef SAMORDNING_CONDENSE_H
#define SAMORDNING_CONDENSE_H

#include "day_writer.h"
#include "progress.h"

/* All that waits, or only what touches a day of [from_day, to_day). */
MUST_CHECK enum status condense_all(struct database *database, const struct progress *progress,
                                    struct condense_count *ret_count);
MUST_CHECK enum status condense_period(struct database *database, int32_t from_day, int32_t to_day,
                                       const struct progress *progress, struct condense_count *ret_count);

#endif
