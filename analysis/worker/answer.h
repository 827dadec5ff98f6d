/* SPDX-License-Identifier: GPL-3.0-or-later
 * One job, answered: condense, or compute (or reuse) a result and store it together with the job's end.
 */
#ifndef SAMORDNING_ANSWER_H
#define SAMORDNING_ANSWER_H

#include "database.h"
#include "parts.h"
#include "progress.h"
#include "snapshot.h"

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

/* What one process has between its jobs: a connection, what the last one read, and what has been merged of earlier days. A
 * later job that reads the same (snapshot_reads_same) need not read again, one of another watermark only what is new. */
struct answerer {
    struct database *database;
    bool kept;
    struct snapshot snapshot; /* closed; of `kept` */
    struct snapshot_memory memory;
    struct parts_memory parts; /* of the last report, which may be asked for in another language */
};
void answerer_forget(struct answerer *answerer);

/* Where the time of a job went, in ms. */
struct answer_spent {
    double condense;
    double look; /* register, watermark, whether there is a result already */
    double read; /* blocks or rows, to the network */
    double compute;
    double store; /* packing included */
    bool goes_on; /* what it reads was read for the job before */
};

struct path_share;
/* `share`: other workers, for long path work. STATUS_OK: the job's row says done. Otherwise the database's error says why not,
 * and the row is untouched. STATUS_CANCELLED also when the job is not this worker's any more. */
MUST_CHECK enum status answer_job(struct answerer *answerer, const char *worker, const struct job *job,
                                  const struct path_share *share, const struct progress *progress,
                                  struct answer_spent *ret_spent);

/* What can be asked for, with a line of English each, for --list. */
struct answer_family {
    const char *name, *title;
};
size_t answer_families(struct answer_family *ret_families, size_t size);

#endif
