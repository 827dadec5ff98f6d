/* SPDX-License-Identifier: GPL-3.0-or-later
 * Records in one file of the spool.
 */
#ifndef SAMORDNING_SPOOL_SEGMENT_H
#define SAMORDNING_SPOOL_SEGMENT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum spool_state { SPOOL_WAITING = 'W', SPOOL_DONE = 'D' };

struct spool_header {
    uint32_t size, interactions;
    uint64_t checksum;
    uint8_t state;
};

/* The record at an offset: FOUND, END (nothing behind), TORN (cut off: the end of what counts) or DAMAGED (bytes changed that
 * were once whole, with more behind them). With ret_body the body is malloc'ed and given back. */
enum spool_finding { SPOOL_FOUND, SPOOL_END, SPOOL_TORN, SPOOL_DAMAGED, SPOOL_READ_ERROR };
enum spool_finding spool_segment_read(int fd, size_t file_size, size_t offset, struct spool_header *ret_header,
                                      uint8_t **ret_body);

/* 0, or -1 with errno; the file ends where it ended before when writing fails. */
MUST_CHECK int spool_segment_append(int fd, size_t offset, const uint8_t *body, uint32_t size, uint32_t interactions);
MUST_CHECK int spool_segment_mark_done(int fd, size_t offset);

#endif
