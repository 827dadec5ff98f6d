/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of the public port share.
 */
#ifndef SAMORDNING_WEB_INTERNAL_H
#define SAMORDNING_WEB_INTERNAL_H

#include "log.h"
#include "web/web.h"
#include "web/web_exchange.h"
#include "web/web_rate.h"

#include <sys/queue.h>

struct bufferevent;
struct event;
struct evhttp;
struct evconnlistener;

enum web_phase { WEB_READING, WEB_HANDLING, WEB_WRITING, WEB_STREAMING };

/* A TLS connection, from accepting to closing: found from its SSL, freed with it. */
struct web_peer {
    struct web *web;
    struct bufferevent *bev;
    uint64_t key;
    bool is_counted;
    bool is_fresh; /* not looked at yet */
    bool is_refused;
    enum web_phase phase;
    int64_t since_us;
    size_t received; /* bytes since then */
    TAILQ_ENTRY(web_peer) entry;
};

struct web {
    struct event_base *base;
    const struct config *config;
    struct metrics *metrics;
    struct evhttp *server;
    struct evconnlistener *socket;
    SSL_CTX *context; /* NULL: no TLS */
    const struct web_route *routes;
    size_t route_count;
    struct form *form;
    struct api *api;
    struct web_rate rate;
    struct event *fresh; /* looks at connections that were just accepted */
    TAILQ_HEAD(, web_peer) peers;
    size_t peer_count, fresh_count;
    size_t in_flight;
    bool is_stopping;
    struct log_limit log_limit;
};

struct web_peer *web_peer_of(struct evhttp_request *request); /* NULL: no TLS */
void web_peer_phase(struct web_peer *peer, enum web_phase phase);

/* For evhttp_set_gencb, with the web: makes the exchange of a request and gives it to its route. */
void web_request_cb(struct evhttp_request *request, void *arg);

#endif
