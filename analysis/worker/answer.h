/* SPDX-License-Identifier: GPL-3.0-or-later
 * One job, answered: condense, or compute (or reuse) a result and store it together with the job's end.
 */
#ifndef SAMORDNING_ANSWER_H
#define SAMORDNING_ANSWER_H

#include "database.h"
#include "progress.h"

#include <stdbool.h>
#include <stdint.h>

struct job {
    int64_t id;
    char family[64];
    char *spec;
    char language[16];
    bool recompute;
    int attempts;
    int64_t share; /* not 0: help with this share of the job, which is another worker's */
};

struct path_share;
/* `share`: other workers, for long path work. STATUS_OK: the job's row says done. Otherwise database->error says why not, and
 * the row is untouched. STATUS_CANCELLED also when the job is not this worker's any more. */
MUST_CHECK enum status answer_job(struct database *database, const char *worker, const struct job *job,
                                  const struct path_share *share, const struct progress *progress);

/* What can be asked for, with a line of English each, for --list. */
struct answer_family {
    const char *name, *title;
};
size_t answer_families(struct answer_family *ret_families, size_t size);

#endif
