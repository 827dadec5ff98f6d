/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gathers interactions across client connections into shared durable commits.
 *
 * A gathering is sent at once while no other is under way; otherwise it waits until one of those is confirmed, it is full
 * (gather_count), or gather_ms have passed and a connection is idle; a large one goes while another is under way if it is not
 * much smaller than that. So a lone request never waits for company, and under load a commit is shared by whatever arrived
 * during the one before.
 *
 * Clients that wait for their answer before they ask again come back together when it is there. Two small commits in a row cost
 * two flushes of the log, which take their time whatever is in them; so after a commit the next small one waits for those who
 * were answered to come back, at most as long as a commit takes, and not while that has been in vain lately.
 *
 * Each is one statement and one transaction: a row in report.touched with the gathering's gist (touched_row.h) and one binary
 * COPY. When that meets an id that is already there (23505), or a gathering is a replay or holds corrections, the ids are
 * looked up first; what is there is answered by comparison, the rest is copied. Sorted by id, so that two gatherings never wait
 * for each other in a circle.
 */
#ifndef SAMORDNING_GATHER_H
#define SAMORDNING_GATHER_H

#include "samordning.pb-c.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

struct gather;
struct store;
struct submission;

#define GATHER_SHARE         8          /* wait while smaller than this part of what is under way */
#define GATHER_FEW           64         /* fewer than these cost little but the flush: never two such commits at a time */
#define GATHER_RETURN_MAX_US 1000       /* the longest wait for those who were answered */
#define GATHER_VAIN_MAX      63         /* commits without such a wait after waits in vain */
#define GATHER_OVERFILL      4          /* a gathering takes at most this many times gather_count */
#define GATHER_BYTES_MAX     (8u << 20) /* packed size after which a gathering is closed */
#define GATHER_ATTEMPTS_MAX  50
#define GATHER_PAUSE_MAX_MS  5000

MUST_CHECK enum status gather_create(struct store *store, struct gather **ret_gather);
void gather_destroy(struct gather *gather); /* entries left are simply forgotten */
void gather_start(struct gather *gather);

/* Adds interaction `index` of a submission, with the ids of its participants' names. */
MUST_CHECK enum status gather_add(struct gather *gather, struct submission *submission, size_t index, const int32_t *labels);
/* Forgets what is not confirmed of a submission: its owner has been answered. */
void gather_forget(struct gather *gather, const struct submission *submission);
bool gather_is_up(const struct gather *gather);
void gather_retry_now(struct gather *gather);

/* Called by the gatherer (store_submit.c). */
void submission_settled(struct submission *submission, size_t index, Samordning__V1__ReceiptState state, enum status status,
                        const char *field, const char *reason);
void submission_failed(struct submission *submission, enum status status, const char *reason);
struct store_submission *submission_ask(const struct submission *submission);
int16_t submission_layer(const struct submission *submission, size_t index);

#endif
