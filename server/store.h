/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the daemon keeps, as verbs. Handlers see this header and plain structs; only store_*.c know libpq.
 *
 * Every verb is asynchronous and calls back exactly once, from the event loop, never before the verb returned. A verb borrows
 * its input until the callback (the request's arena owns it). `store_call` is embedded in the request; a request whose client
 * is gone stays alive until its callback. While the database is away verbs wait up to their call's deadline, then answer
 * STATUS_UNAVAILABLE; what waits is bounded by bytes, beyond which verbs answer STATUS_BUSY at once.
 */
#ifndef SAMORDNING_STORE_H
#define SAMORDNING_STORE_H

#include "samordning.pb-c.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct arena;

/* Who asks: filled from the certificate and the access tables. */
#define PRINCIPAL_ROLE(role) (1u << (role))
struct principal {
    int32_t organisation; /* access.organisation.id; 0 = unknown */
    char orgnr[10];
    uint32_t roles; /* PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER) | ... */
    int32_t token;  /* access.token.id it came with; 0 = a certificate */
};

/* One call in flight. The caller sets the first block, the store the second before it calls back. Results live in `arena`. */
struct store_call {
    struct arena *arena;
    struct principal principal;
    int64_t deadline_us; /* monotonic; 0 = the store's default */
    void (*done)(struct store_call *call);
    void *owner;

    enum status status;
    struct errmsg errmsg;
    uint32_t retry_after_ms;
    void *internal; /* the store's own */
};

/* Interactions that passed validation, with their ids and content hashes. receipts[i] belongs to interactions[i]; entries the
 * handler rejected already have state REJECTED and are only quarantined (or counted, when CLASSIFIED). One durable commit,
 * shared with other calls; receipts are filled when it is confirmed. */
struct store_submission {
    struct store_call call;
    size_t count;
    Samordning__V1__Interaction **interactions;
    uint8_t (*ids)[16];
    uint64_t *content_hashes;
    Samordning__V1__Receipt *receipts;
    size_t packed_bytes; /* size on the wire, for accounting */
    Samordning__V1__SubmitIntent intent;
    const char *file;
    const Samordning__V1__Delivery *delivery; /* NULL = none */
};
void store_submit(struct store *store, struct store_submission *ask);

struct store_withdrawal {
    struct store_call call;
    size_t count;
    uint8_t (*ids)[16];
    const char *reason;
    Samordning__V1__Receipt *receipts; /* WITHDRAWN, ALREADY_STORED (was withdrawn before) or REJECTED: NOT_FOUND, FORBIDDEN */
};
void store_withdraw(struct store *store, struct store_withdrawal *withdrawal);

struct store_message_call { /* small verbs: a request message in, a response message (in the arena) out */
    struct store_call call;
    const ProtobufCMessage *request;
    ProtobufCMessage *response;
};
void store_status(struct store *store, struct store_message_call *c); /* StatusRequest -> StatusResponse (counts only) */
void store_actor_import(struct store *store, struct store_message_call *c);
void store_actor_list(struct store *store, struct store_message_call *c);
void store_actor_resolve(struct store *store, struct store_message_call *c);
void store_case_import(struct store *store, struct store_message_call *c);
void store_case_list(struct store *store, struct store_message_call *c);
void store_need_import(struct store *store, struct store_message_call *c);
void store_need_list(struct store *store, struct store_message_call *c);
void store_reorganisation_import(struct store *store, struct store_message_call *c);
void store_reorganisation_list(struct store *store, struct store_message_call *c);
void store_layer(struct store *store, struct store_message_call *c);
void store_result(struct store *store, struct store_message_call *c);    /* ResultRequest -> ResultResponse */
void store_job(struct store *store, struct store_message_call *c);       /* JobRequest -> JobResponse */
void store_supersede(struct store *store, struct store_message_call *c); /* SupersedeRequest -> SupersedeResponse */
void store_comment(struct store *store, struct store_message_call *c);   /* CommentRequest -> CommentResponse */
void store_enrol(struct store *store, struct store_message_call *c, const char *fingerprint, int64_t expires_us);
/* TokenRequest -> TokenResponse without the secret. hash: of the token to add, in hex; borrowed until it calls back. */
void store_token(struct store *store, struct store_message_call *c, const char *hash);

/* The principal behind an organisation number or a certificate subject: from a cache kept fresh by notification, so it answers
 * at once and also while the database is away. STATUS_UNAUTHENTICATED: unknown organisation, or a revoked certificate. */
MUST_CHECK enum status store_principal(const struct store *store, const char *orgnr, const char *subject,
                                       const char *fingerprint, struct principal *ret_principal);

/* The same behind the hash of a token, in hex. STATUS_UNAUTHENTICATED: unknown, revoked or expired. */
MUST_CHECK enum status store_token_principal(const struct store *store, const char *hash, struct principal *ret_principal);

/* A layer's number by name, from a cache like the one above; -1 = unknown. Names live as long as the store. */
int store_layer_code(const struct store *store, const char *name);

/* Starts (or joins) the analysis, calls `progress` any number of times, then done. The result stays packed as the worker stored
 * it. */
struct store_analysis {
    struct store_call call;
    const char *family, *spec, *language;
    const char *format; /* of a report's document; NULL = that of the result */
    bool recompute;
    bool background; /* the job goes on after the deadline: done with STATUS_OK then, and without content */
    bool brief;      /* without the content */
    int64_t job;     /* in: follow this job instead of asking for one; out: its number, once it is known */
    void (*progress)(struct store_analysis *analysis, const char *phase, unsigned permille); /* NULL = not told */
    const uint8_t *message; /* packed Result, in the arena; of a recompute that failed because it differed: what came out */
    size_t message_size;
    const uint8_t *document;
    size_t document_size;
    const char *media_type;
    bool reused;
    const char *state; /* of the job: waiting, running, done */
    char result_id[37];
};
void store_analyse(struct store *store, struct store_analysis *ask);
void store_analysis_cancel(struct store *store, struct store_analysis *ask); /* done follows with STATUS_CANCELLED */

/* Interactions of a period as CSV, line by line, from a read-only snapshot; done at the end. While `is_paused` (set by `taken`)
 * nothing is read, and the rest stays in the database. STATUS_BUSY: too many at once. */
struct store_export {
    struct store_call call;
    const char *from, *to; /* days, YYYY-MM-DD, checked; `to` is not included */
    void (*taken)(struct store_export *ask, const char *bytes, size_t size);
    bool is_paused;
    struct export_run *run; /* the store's; NULL: answered, or about to be */
};
void store_export(struct store *store, struct store_export *ask);
void store_export_resume(struct store *store, struct store_export *ask);
void store_export_cancel(struct store *store, struct store_export *ask); /* done follows with STATUS_CANCELLED */

/* Has anything changed that a result may rest on since the last such call of this store was answered? */
struct store_change {
    struct store_call call;
    bool changed;
};
void store_changed(struct store *store, struct store_change *ask);

#endif
