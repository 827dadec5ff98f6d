/* SPDX-License-Identifier: GPL-3.0-or-later
 * From a frame to a handler: one table with a row per message, and everything all messages have in common done once.
 *
 * In order: decode, find the row, hello first, who asks and in which role, size, deadline; afterwards latency, counters and one
 * log line for what failed. Owns the list of requests that are not answered yet.
 */
#ifndef SAMORDNING_DISPATCH_H
#define SAMORDNING_DISPATCH_H

#include "admission.h"
#include "config.h"
#include "log.h"
#include "metrics.h"
#include "request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct authority;
struct conn;
struct store;

#define DISPATCH_GRACE_US     INT64_C(2000000) /* the store answers at the deadline; without its answer we do, so much later */
#define DISPATCH_PRINCIPAL_US INT64_C(1000000) /* roles and revocations are looked up anew after so long */

struct dispatch_row {
    Samordning__V1__Request__BodyCase body;
    const char *name;
    uint32_t roles;    /* any of these; 0 = every known organisation */
    bool before_hello; /* allowed as the first message */
    bool is_long;      /* analysis_timeout_ms instead of request_timeout_ms */
    bool needs_store;
    size_t max_bytes;    /* of the frame; 0 = max_frame_bytes */
    size_t answer_bytes; /* what the answer may add to the arena */
    void (*handle)(struct request *request);
};
extern const struct dispatch_row dispatch_rows[];
extern const size_t dispatch_row_count;

struct dispatch {
    const struct config *config;
    struct metrics *metrics;
    struct store *store;          /* NULL until it is there */
    struct authority **authority; /* of the server, which swaps it on reload; *authority NULL: cannot enrol */
    struct admission working;     /* bytes of requests being decoded or answered */
    struct admission reading;     /* bytes of frames being read */
    struct request_list requests;
    size_t in_flight;
    struct log_limit log_limit;
    bool is_stopping;
    void (*idle)(void *arg); /* called when in_flight falls to 0 while stopping */
    void *idle_arg;
};

MUST_CHECK enum status dispatch_init(struct dispatch *dispatch, struct event_base *base, const struct config *config,
                                     struct metrics *metrics);
void dispatch_release(struct dispatch *dispatch); /* no request may be left */
void dispatch_configured(struct dispatch *dispatch);

const struct dispatch_row *dispatch_find(Samordning__V1__Request__BodyCase body); /* NULL = none */
/* OK, UNAUTHENTICATED or FORBIDDEN for a principal and a row. */
MUST_CHECK enum status dispatch_permit(const struct dispatch_row *row, const struct principal *principal);

/* One whole frame of a connection. Answers go through the connection; may close it. */
void dispatch_frame(struct dispatch *dispatch, struct conn *conn, const uint8_t *body, size_t size);
/* One message of somebody who has shown who it is otherwise (server/api). `message` lives until the asker is answered for the
 * last time, which may be before this returns. */
void dispatch_ask(struct dispatch *dispatch, const struct principal *principal, Samordning__V1__Request *message,
                  struct request_asker *asker);
/* Called by request.c. */
void dispatch_answered(struct dispatch *dispatch, struct request *request, enum status status, const struct errmsg *errmsg);
/* Now and then: answers requests whose deadline is long past. */
void dispatch_sweep(struct dispatch *dispatch, int64_t now_us);

#endif
