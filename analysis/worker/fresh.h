/* SPDX-License-Identifier: GPL-3.0-or-later
 * Condensing from gists: reports that came since their day was condensed, if ever, go on in its blocks without their rows being
 * read.
 *
 * Every report stands in exactly one row of report.touched while it is not condensed. So rows with a gist can be taken, their
 * reports added to what the days' blocks say, and the rows deleted, in one transaction: each report counts once. That gives the
 * same bytes as reading the whole day as long as the reports of the gists and those behind the blocks cannot tell of one
 * interaction (day_builder_apart), and nothing supplements them. Where that is not so, or a block or a gist cannot be read, the
 * gists that tell of the day are dropped, and condensing reads the day's rows instead.
 */
#ifndef SAMORDNING_FRESH_H
#define SAMORDNING_FRESH_H

#include "day_writer.h"
#include "progress.h"

#define FRESH_BYTES_MAX (INT64_C(6) << 20) /* of gists in one transaction, a gathering more at most: some 500,000 reports */

struct fresh;
struct fresh *fresh_create(struct database *database, const struct layers *layers, const struct progress *progress,
                           struct day_writer *writer);
void fresh_destroy(struct fresh *fresh);
/* One transaction. *ret_any: there was something to take, and there may be more. */
MUST_CHECK enum status fresh_run(struct fresh *fresh, bool period, int32_t from_day, int32_t to_day, bool *ret_any);

#endif
