/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is written beside a submission's interactions: rejected rows, graded ones counted, the delivery it is part of.
 *
 * A submission is not answered before its side writes are done. One that cannot be sent, or that the database refuses, loses a
 * note, never an answer: the client has the reasons. A submission belongs to store_submit.c; only it makes and ends one.
 */
#ifndef SAMORDNING_SIDE_WRITE_H
#define SAMORDNING_SIDE_WRITE_H

#include "db.h"
#include "gather.h"
#include "pg_binary.h"
#include "store_internal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIDE_WRITES 3

/* A write beside the gathering that the answer waits for. It owns its parameters and outlives its submission. */
struct side_write {
    struct db_request request;
    struct store *store;
    struct submission *submission; /* NULL: answered already */
    struct pg_buffer buffers[6];
    char numbers[2][32];
    char days[2][16];
    char *file;
    unsigned place;
};

struct submission {
    struct store *store;
    struct store_submission *ask;
    struct submission *next, *prev;
    int64_t deadline_us;
    size_t bytes;
    size_t pending; /* interactions without a receipt, side writes under way, and 1 while being taken in */
    bool delivery_noted;
    bool waits_for_names;
    struct submission *next_waiter;
    int32_t *labels; /* of all interactions in a row; only while it waits for names */
    size_t label_count;
    struct side_write *writes[SIDE_WRITES];
    int16_t layers[];
};

static inline bool receipt_is_rejected(const Samordning__V1__Receipt *receipt)
{
    return receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
}

/* Rejected rows among [first, past): graded ones are counted, the others kept. */
void side_write_rejected(struct submission *submission, size_t first, size_t past);
void side_write_delivery(struct submission *submission);

/* Of store_submit.c: one thing the answer waited for is done. Answers, and frees the submission, when it was the last. */
void submission_step(struct submission *submission);

#endif
