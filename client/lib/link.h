/* SPDX-License-Identifier: GPL-3.0-or-later
 * Requests in flight over one connection that comes back by itself.
 *
 * An exchange is a request frame and what to do with its response. Exchanges are written in order; when the connection is lost
 * those without a response are written again on the next one, which is safe because everything the daemon does can be asked for
 * twice. Nothing happens outside link_step.
 */
#ifndef SAMORDNING_LINK_H
#define SAMORDNING_LINK_H

#include "arena.h"
#include "backoff.h"
#include "connection.h"
#include "samordning.pb-c.h"
#include "settings.h"
#include "status.h"

#include <sys/queue.h>

#define LINK_PROTOCOL      1
#define LINK_RESPONSE_MAX  (256U << 20) /* a report or a whole network */
#define LINK_READ_SIZE     65536
#define LINK_ARENA_BUDGET  (1U << 30)
#define LINK_FRAME_DEFAULT (1U << 20) /* when the daemon names no limit */
#define LINK_RECORD        16384      /* the most one TLS record carries: smaller frames share one */
#define LINK_QUIET_MS      10         /* after so long without a look the input is looked at before writing */

struct exchange {
    uint64_t id;
    const uint8_t *data; /* the frame; the owner keeps it until the exchange is over */
    size_t size, sent;
    int64_t timeout_ms;    /* for the response, since it was last heard of; 0 = as long as the connection lives */
    int64_t deadline_ms;   /* 0 = not written yet, or no timeout */
    int64_t not_before_ms; /* the daemon asked us to wait */
    void (*answered)(struct exchange *exchange, const Samordning__V1__Response *response);   /* it is off the link by then */
    void (*progressed)(struct exchange *exchange, const Samordning__V1__Response *response); /* NULL is fine */
    TAILQ_ENTRY(exchange) entry;
};
TAILQ_HEAD(exchange_list, exchange);

struct link {
    const struct settings *settings;
    struct connection connection;
    bool is_ready;   /* connected, and the daemon has said hello */
    bool has_served; /* this connection has brought a response */
    struct exchange_list exchanges;
    struct exchange *unsent;  /* the first of them that may not be on its way; NULL = all are */
    struct exchange *writing; /* partly written */
    unsigned on_way;          /* from their first byte to their answer */
    uint8_t staged[LINK_RECORD];
    size_t staged_size;
    int64_t looked_ms; /* when the input was last looked at */
    uint64_t last_id;
    uint8_t *input;
    size_t input_used, input_size;
    struct arena arena; /* the latest response */
    struct backoff backoff;
    int64_t next_attempt_ms, trouble_since_ms; /* 0 = none */
    unsigned in_flight_max;                    /* from here on what the daemon said */
    size_t frame_max, batch_max;
    char *organisation, *operator_name;
};

void link_init(struct link *link, const struct settings *settings);
void link_release(struct link *link);

void link_add(struct link *link, struct exchange *exchange);    /* takes an id of link_next_id() */
void link_remove(struct link *link, struct exchange *exchange); /* not answered; closes the connection if it was written */
uint64_t link_next_id(struct link *link);

/* Does what can be done: connects, writes, and if there was nothing to write waits at most until `until_ms`, reads and answers.
 * SAMORDNING_OK also when nothing happened. An error is final: the retry time is over, or trying again would not help. */
MUST_CHECK int link_step(struct link *link, int64_t until_ms, struct errmsg *ret_errmsg);
MUST_CHECK int link_connect(struct link *link, struct errmsg *ret_errmsg); /* steps until ready */

/* A verb begins: earlier trouble does not count against its retry time. */
void link_start_over(struct link *link);

/* The response left is retryable: try again later if there is time left for that. */
bool link_may_retry(struct link *link);

#endif
