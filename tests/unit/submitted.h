/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the store: batches of interactions and what comes of them.
 */
#ifndef SAMORDNING_SUBMITTED_H
#define SAMORDNING_SUBMITTED_H

#include "arena.h"
#include "running_store.h"

#define BATCH_MAX 4000

/* Receipt states. */
enum { STORED = 1, ALREADY, WITNESSED, CORRECTED, CONFLICT, REJECTED, WITHDRAWN };

extern int32_t first_org, second_org; /* two submitters */

struct batch {
    struct store_submission ask;
    struct arena arena;
    Samordning__V1__Interaction *messages[BATCH_MAX];
    uint8_t ids[BATCH_MAX][16];
    uint64_t hashes[BATCH_MAX];
    Samordning__V1__Receipt receipts[BATCH_MAX];
    bool done;
};

struct batch *batch_new(int32_t organisation);
Samordning__V1__Interaction *batch_add(struct batch *batch, const char *source_id, int64_t time_us, const char *const *actors,
                                       size_t count);
Samordning__V1__Interaction *batch_add_pair(struct batch *batch, const char *source_id, int64_t time_us);
/* After changing interactions of it. */
void batch_rehash(struct batch *batch);
/* Sends it; batch->done tells when it is answered. */
void batch_send(struct batch *batch);
void batch_run(struct batch *batch);
void batch_free(struct batch *batch);
/* One interaction, sent by an organisation: the state of its receipt. */
int send_one(int32_t organisation, const char *source_id, int64_t time_us, const char *case_ref, bool correction);
int withdraw_one(int32_t organisation, const char *source_id, int64_t time_us, int *ret_status);
/* Another time at every call. */
int64_t some_time(void);

/* Starts the store with both; adds what condensing needs. False: it has been said why. */
bool submitted_start(void);

#endif
