/* SPDX-License-Identifier: GPL-3.0-or-later
 * A submission on its way through the store, shared by its three parts: store_submit.c (life and receipts), submission_names.c
 * (label ids) and submission_side.c (rejected rows, deliveries).
 */
#ifndef SAMORDNING_SUBMISSION_H
#define SAMORDNING_SUBMISSION_H

#include "gather.h"
#include "labels.h"
#include "store_internal.h"

#define ROUND_NAMES_MAX   20000 /* names asked for at once */
#define ROUND_BYTES_MAX   (4u << 20)
#define ROUND_DEADLINE_US INT64_C(5000000)
#define SIDE_WRITES       3
#define UNRESOLVED        0
#define REFUSED           INT32_MIN /* the database does not take this name */

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
    struct side_write *writes[SIDE_WRITES];
    int16_t layers[];
};

struct submissions {
    struct store *store;
    struct submission *first;
    size_t open, bytes;
    bool in_verb; /* answers wait until the verb has returned */
    struct labels *labels;
    struct event *sweep;
    int32_t *scratch; /* label ids of the submission being taken in */
    size_t scratch_capacity;

    /* the round of asking for names under way */
    struct submission *waiters, **waiters_tail;
    struct db_request round;
    bool round_busy;
    size_t round_max;             /* names; halved to find one the database refuses */
    struct pg_buffer round_texts; /* a text[] parameter */
    size_t *round_at;             /* offset of each name's length in round_texts */
    size_t round_count;
    uint32_t *round_slots; /* hash table of indices + 1 */
    size_t round_mask;
};

static inline bool receipt_is_rejected(const Samordning__V1__Receipt *receipt)
{
    return receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
}

/* Answers it if nothing is pending any more; it may be gone afterwards. */
void submission_step(struct submission *submission);
/* Hands every accepted interaction to the gatherer. labels: ids of all names in a row. It may be gone afterwards. */
void submission_hand_over(struct submission *submission, const int32_t *labels);

/* Ids of all names from the cache into scratch; returns how many are missing, or SIZE_MAX without memory. */
size_t names_find(struct submissions *all, const struct store_submission *ask, size_t *ret_count);
/* Puts a submission on the list of those that wait for names, which the next round asks for. */
void names_wait(struct submissions *all, struct submission *submission);
void names_forget(struct submissions *all, struct submission *submission); /* it is being answered */
/* Asks for the names that submissions wait for, then hands over those that have all of theirs. One round at a time. */
void names_start_round(struct submissions *all);

/* Rejected rows among [first, past): graded ones are counted, the others kept. */
void side_keep_rejected(struct submission *submission, size_t first, size_t past);
void side_note_delivery(struct submission *submission);

#endif
