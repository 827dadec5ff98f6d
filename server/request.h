/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request from its whole frame to its answer, and all that a handler may ask of the daemon.
 *
 * A handler is `x_handle(request)`, which either answers at once or calls one store verb with `x_stored` as its callback, which
 * then answers. Answering (request_answer, request_fail) ends the request: it must not be touched afterwards. A request whose
 * client is gone or whose deadline has passed is orphaned, not freed: the handler answers as always and the answer is dropped.
 * An analysis is cancelled when its client is gone.
 *
 *     frame -> decoded -> [in the store] -> answered -> freed
 *                              \-> orphaned ---------->/
 *
 * Memory: everything of a request lives in its arena, whose budget follows the size of its frame (REQUEST_ARENA_*).
 */
#ifndef SAMORDNING_REQUEST_H
#define SAMORDNING_REQUEST_H

#include "arena.h"
#include "config.h"
#include "metrics.h"
#include "samordning.pb-c.h"
#include "status.h"
#include "store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define REQUEST_ARENA_BASE                                                                                                     \
    ((size_t)16 * 1024)         /* beside what follows from the frame; the answer's part is in the table of messages */
#define REQUEST_ARENA_FACTOR 24 /* decoded bytes per byte on the wire: crowds of three-letter names take 20 */

struct conn;
struct dispatch;
struct dispatch_row;
struct log_context;

/* Who waits for the answers when it is no connection: the HTTP API (server/api). */
struct request_asker {
    /* Any number of times with response->more, then once without, which ends it. `response` lives until it returns. */
    void (*answered)(struct request_asker *asker, const Samordning__V1__Response *response);
    struct request *request; /* NULL: not asked yet, or answered */
};

struct request {
    struct arena arena;
    Samordning__V1__Request *message;
    struct principal principal;
    int64_t started_us, deadline_us; /* monotonic */
    void *state;                     /* the handler's own, in the arena */
    struct store_analysis *analysis; /* running, so that a cancel finds it */

    /* dispatch's and request.c's own */
    uint64_t id;
    const struct dispatch_row *row;
    struct dispatch *dispatch;
    struct conn *conn; /* NULL: nobody waits for the answer any more, or: */
    struct request_asker *asker;
    size_t frame_bytes;
    size_t charged_bytes;
    bool is_in_store;
    bool is_answered;
    TAILQ_ENTRY(request) in_conn;
    TAILQ_ENTRY(request) in_dispatch;
};
TAILQ_HEAD(request_list, request);

/* What the handler may use. */
const struct config *request_config(const struct request *request);
struct metrics *request_metrics(const struct request *request);
const struct log_context *request_log(const struct request *request);
int64_t request_wall_us(const struct request *request);

/* The store, or NULL after answering STATUS_UNAVAILABLE when it is not there (yet). Prepares the call's first block. */
struct store *request_store(struct request *request, struct store_call *call, void (*stored)(struct store_call *call));
/* The store of a request that makes no call of its own; not NULL while any request is in the store. */
struct store *request_running_store(const struct request *request);
/* The request of a call that came back. */
struct request *request_returned(struct store_call *call);

/* The last answer. `response` needs its body only; id and status are filled in here. */
void request_answer(struct request *request, Samordning__V1__Response *response);
/* The last answer when the status is not OK; errmsg may be NULL. */
void request_fail(struct request *request, enum status status, const struct errmsg *errmsg, uint32_t retry_after_ms);
/* The same from what the store left in its call. */
void request_fail_call(struct request *request, const struct store_call *call);
/* With a body that is of use although the call failed. */
void request_fail_call_with(struct request *request, const struct store_call *call, Samordning__V1__Response *response);
/* One of several answers: more follow. */
void request_progress(struct request *request, Samordning__V1__Response *response);

/* Hello is done: larger frames and other messages are taken from now on. */
void request_greeted(struct request *request, const char *software);
/* Another request of the same connection that is still in flight; NULL = none. */
struct request *request_other(const struct request *request, uint64_t id);

/* Signs a client certificate with the private CA. The PEMs live in the arena. STATUS_UNAVAILABLE: this daemon has no CA key. */
MUST_CHECK enum status request_sign(struct request *request, const ProtobufCBinaryData *csr, const char *orgnr,
                                    const char *name, ProtobufCBinaryData *ret_certificate, ProtobufCBinaryData *ret_authority,
                                    char ret_fingerprint[65], int64_t *ret_expires_us, struct errmsg *ret_errmsg);

/* For dispatch.c and conn.c. */
struct request *request_create(struct dispatch *dispatch, struct conn *conn, struct request_asker *asker, size_t frame_bytes);
void request_charge(struct request *request);  /* its arena has grown: tell the pool */
void request_orphan(struct request *request);  /* the connection is gone */
void request_destroy(struct request *request); /* NULL is fine */
/* Its asker waits no longer, but wants to be told of the end, which comes soon for an analysis and as always for the rest. */
void request_leave(struct request *request);

#endif
