/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is not acknowledged yet, on disk: it survives the client, the machine and the daemon.
 *
 * A directory with a `lock` file (flock) and segments named by number. A segment is a magic line and records: size, number of
 * interactions, checksum, state, then the bytes of a SubmitRequest. A record counts when it is whole and synced. At
 * acknowledgement its state byte is overwritten, and a segment whose records are all acknowledged is removed. A record that is
 * cut off at the end of a segment was never promised to anybody and is cut away.
 */
#ifndef SAMORDNING_SPOOL_H
#define SAMORDNING_SPOOL_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define SPOOL_MAGIC       "samordning spool 1\n"
#define SPOOL_SEGMENT_MAX (8U << 20) /* a new segment begins behind this size */
#define SPOOL_RECORD_MAX  (256U << 20)
#define SPOOL_HEADER_SIZE 20

struct spool_segment {
    uint64_t number;
    int fd;
    size_t size;
    size_t waiting; /* records not acknowledged */
    TAILQ_ENTRY(spool_segment) entry;
};
TAILQ_HEAD(spool_segment_list, spool_segment);

struct spool {
    char *directory;
    int directory_fd, lock_fd;
    bool is_open;
    struct spool_segment_list segments; /* by number; left by earlier processes first */
    struct spool_segment *current;      /* the one appended to; NULL = the next record begins one */
    uint64_t last_number;
};

struct spool_record {
    struct spool_segment *segment; /* NULL: none */
    size_t offset;                 /* of the record's header */
};

/* All return SAMORDNING_OK, SAMORDNING_E_SPOOL or SAMORDNING_E_MEMORY. Opening makes the directory if need be, takes the lock
 * and reads what is left, cutting torn tails. What is left must be of the same owner (spool_owner.h; NULL = whoever's
 * it is). */
MUST_CHECK int spool_open(const char *directory, const char *owner, struct spool **ret_spool, struct errmsg *ret_errmsg);
void spool_close(struct spool *spool); /* NULL is fine; removes segments with nothing left */

MUST_CHECK int spool_append(struct spool *spool, const uint8_t *body, size_t size, uint32_t interactions,
                            struct spool_record *ret_record, struct errmsg *ret_errmsg);
/* What is appended from here on goes into another file; what waits so far is for spool_next. */
void spool_end_segment(struct spool *spool);
void spool_acknowledge(struct spool *spool, const struct spool_record *record);

/* Records still waiting, but for those of the file being appended to: the first one behind `previous` (segment NULL = from the
 * start). Ends with a record whose segment is NULL. The body is malloc'ed. */
MUST_CHECK int spool_next(struct spool *spool, const struct spool_record *previous, struct spool_record *ret_record,
                          uint8_t **ret_body, size_t *ret_size, uint32_t *ret_interactions, struct errmsg *ret_errmsg);

/* Interactions waiting, without the lock: another process may be at work. A directory that is not there has none. */
MUST_CHECK int spool_count(const char *directory, uint64_t *ret_interactions, struct errmsg *ret_errmsg);

#define SPOOL_DISCARDED "discarded"
/* Moves what waits, whoever's it is, into DIRECTORY/discarded, where nobody sends it; moved back, its files count again.
 * Nothing there: 0 interactions. */
MUST_CHECK int spool_discard(const char *directory, uint64_t *ret_interactions, struct errmsg *ret_errmsg);

#endif
