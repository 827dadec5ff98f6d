/* SPDX-License-Identifier: GPL-3.0-or-later
 * The families of a report, two at a time: a report is what somebody waits for, and most families use one core.
 *
 * The job's own thread computes those that must be alone (igraph, and what families keep for one another); beside it a second
 * one begins with the others, and both take what is left of these. No number depends on who took which.
 */
#ifndef SAMORDNING_PARTS_H
#define SAMORDNING_PARTS_H

#include "progress.h"
#include "result.h"
#include "snapshot.h"

#define PARTS_MAX      32  /* families a report can be made of */
#define PARTS_PERMILLE 900 /* of a report's progress */

struct path_share;
/* One result for each report_family(); NULL where it has no wave to tell of. After a failure, which is in
 * snapshot->database->error, some are there: the caller's to release, as always. */
MUST_CHECK enum status parts_run(struct snapshot *snapshot, const struct path_share *share, const struct progress *progress,
                                 struct result **ret_results, size_t count);

/* Results of the last report, as it shows them, for the same one in another language. */
struct parts_memory {
    char spec_hash[33], watermark[WORKER_BUILD_MAX + 80];
    bool filled;
    struct result *results[PARTS_MAX];
};
/* They are the caller's then. False: there are none of this specification and watermark. */
bool parts_recall(struct parts_memory *memory, const char *spec_hash, const char *watermark,
                  struct result *ret_results[PARTS_MAX]);
/* They are the memory's from now on, instead of those it had. */
void parts_remember(struct parts_memory *memory, const char *spec_hash, const char *watermark,
                    struct result *const results[PARTS_MAX]);
void parts_forget(struct parts_memory *memory);

#endif
