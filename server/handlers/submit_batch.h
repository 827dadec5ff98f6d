/* SPDX-License-Identifier: GPL-3.0-or-later
 * The interactions of one submission on their way to the store: receipts, ids, hashes, and which came twice.
 */
#ifndef SAMORDNING_SUBMIT_BATCH_H
#define SAMORDNING_SUBMIT_BATCH_H

#include "request.h"

struct submit_batch {
    struct store_submission submission; /* what the store gets: each id once */
    size_t count;                       /* interactions as the client sent them */
    Samordning__V1__Interaction **interactions;
    Samordning__V1__Receipt *receipts;  /* the store's first, then those of repetitions */
    Samordning__V1__Receipt **in_order; /* as the client sent them */
    uint32_t *original;                 /* of a repetition: index into the store's receipts; by index - submission.count */
    uint32_t *slots;                    /* hash table of ids: index into submission.ids + 1 */
    size_t slot_mask;
    size_t repetitions;
};

/* Allocates in the request's arena. STATUS_NO_MEMORY. */
MUST_CHECK enum status submit_batch_create(struct request *request, const Samordning__V1__SubmitRequest *submit,
                                           struct submit_batch **ret_batch);
/* Validates, derives ids, hashes, finds repetitions: fills batch->submission. */
void submit_batch_check(struct submit_batch *batch, const struct store *store, struct request *request);
/* After the commit: receipts of repetitions, and the counters. */
void submit_batch_finish(struct submit_batch *batch, struct metrics *metrics);

#endif
