/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request to the public port and its answer.
 *
 * Made when the whole request was read, handed to its route, freed after the answer was given (web_answer_*: exactly once, now
 * or later). When the client is gone meanwhile, answering is still right and sends nothing. Everything a handler allocates for
 * it lives in `arena`.
 */
#ifndef SAMORDNING_WEB_EXCHANGE_H
#define SAMORDNING_WEB_EXCHANGE_H

#include "arena.h"
#include "web/html.h"
#include "web/web_route.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEB_ARENA_MAX ((size_t)16 << 20) /* bytes one request may use */
#define WEB_GZIP_MIN  512                /* smaller bodies go as they are */

struct api;
struct evbuffer;
struct evhttp_request;
struct form;
struct web;

struct web_exchange {
    struct web *web;
    struct form *form; /* the services that handlers need, from the daemon */
    struct api *api;
    struct evhttp_request *request; /* NULL: the client is gone */
    const struct web_route *route;  /* NULL: none */
    enum web_method method;         /* HEAD counts as GET */
    bool is_head;                   /* nobody gets to see what a stream adds, and it is never drained */
    size_t parameter_count;
    char parameters[WEB_PARAMETERS_MAX][WEB_PARAMETER_SIZE_MAX + 1];
    const char *query; /* as it came, "" = none */
    const char *body;  /* in the arena */
    size_t body_size;
    uint64_t peer_key; /* of web_rate.h */
    int64_t started_us;
    struct arena arena;
    struct html html; /* writes the page */
    struct evbuffer *page;
    /* Called when the client goes before the answer; may answer (which sends nothing) or do so later. NULL: nothing to do. */
    void (*gone)(struct web_exchange *exchange);
    void (*drained)(struct web_exchange *exchange); /* of a stream: what was flushed is on its way */
    void *owner;                                    /* the handler's */
};

const char *web_header_in(const struct web_exchange *exchange, const char *name); /* NULL: not there */
/* The value of one cookie into the arena; NULL: not there. */
const char *web_cookie_in(struct web_exchange *exchange, const char *name);
void web_header_out(struct web_exchange *exchange, const char *name, const char *value);

/* What was written to exchange->html. */
void web_answer_page(struct web_exchange *exchange, int code);
/* The same, as other than HTML: type "application/json; charset=utf-8". */
void web_answer_data(struct web_exchange *exchange, int code, const char *type);
/* 303: the browser asks for `location` next. */
void web_answer_redirect(struct web_exchange *exchange, const char *location);
void web_answer_nothing(struct web_exchange *exchange, int code); /* 204, 304 */

/* Bytes that stay where they are, with their own encoding ("gzip" or NULL). */
void web_answer_bytes(struct web_exchange *exchange, const char *type, const void *bytes, size_t size, const char *encoding);

/* The same for memory that `release` is called for when it was sent, or cannot be. */
void web_answer_block(struct web_exchange *exchange, int code, const char *type, const void *bytes, size_t size,
                      const char *encoding, void (*release)(const void *bytes, size_t size, void *arg), void *arg);
/* For malloc'ed memory that is taken over; compressed for whoever takes that. */
void web_answer_memory(struct web_exchange *exchange, int code, const char *type, char *bytes, size_t size);
/* gzip of these bytes, malloc'ed; NULL: too small to be worth it, or out of memory. */
char *web_pack(const char *bytes, size_t size, size_t *ret_size);

/* An answer bit by bit: begin, then any number of add and flush, then end, which is the answer. */
void web_stream_begin(struct web_exchange *exchange, int code, const char *type);
void web_stream_add(struct web_exchange *exchange, const void *bytes, size_t size); /* copies */
void web_stream_flush(struct web_exchange *exchange);
void web_stream_end(struct web_exchange *exchange);
void web_stream_room(struct web_exchange *exchange, size_t size); /* so much is added next, in one piece for TLS */
size_t web_stream_waiting(const struct web_exchange *exchange);   /* bytes added and not flushed */
/* Instead of the end: the connection is closed, so that the client sees that something is missing. */
void web_stream_break(struct web_exchange *exchange);

/* A request that costs more than one, such as a wrong link; false: this address has asked too much, answer 429. */
bool web_charge(struct web_exchange *exchange, double cost);

bool web_accepts_gzip(const char *accept_encoding); /* NULL is fine */

#endif
