/* SPDX-License-Identifier: GPL-3.0-or-later
 * Long path work of a job, offered to other workers through the database, and their side of it.
 *
 * The offer is rows of its own connection, because the job's own is inside its snapshot. It is advice: when the database does
 * not take it, or goes away, the owner computes alone; when a helper dies, its part is given back by its worker, or taken back
 * by the owner after SHARING_DEAD_MS.
 */
#ifndef SAMORDNING_SHARING_H
#define SAMORDNING_SHARING_H

#include "database.h"
#include "path_work.h"
#include "progress.h"

#define SHARING_BEAT_MS   500               /* heartbeat of a part; it also says whether the part is still wanted */
#define SHARING_DEAD_MS   10000             /* a helper silent for so long is dead */
#define SHARING_BYTES_MAX ((size_t)1 << 29) /* of a network; PostgreSQL takes 2^30 in one value */

struct sharing {
    struct path_share share; /* to be given to whoever computes */
    const char *conninfo, *worker;
    int64_t job, id;
    struct database database;
    bool connected;
    PGresult *held; /* the sums of the last turn */
};

/* The strings must outlive it. `above_ms` 0 = nothing is shared. */
void sharing_init(struct sharing *sharing, const char *conninfo, const char *worker, int64_t job, uint64_t above_ms);
void sharing_release(struct sharing *sharing);

/* Computes parts of another worker's share until none is left, a job waits, or the share is gone. */
MUST_CHECK enum status sharing_help(struct database *database, const char *worker, int64_t share,
                                    const struct progress *progress, size_t *ret_parts);

#endif
