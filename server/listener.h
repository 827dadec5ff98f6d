/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accepts connections within limits and takes them through the TLS handshake; what comes out is a struct conn.
 */
#ifndef SAMORDNING_LISTENER_H
#define SAMORDNING_LISTENER_H

#include "conn.h"
#include "status.h"

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

#define LISTENER_ADDRESSES_MAX 16
#define LISTENER_BACKLOG       512
#define LISTENER_PAUSE_US      INT64_C(200000) /* after accept failed for want of descriptors or memory */

struct evconnlistener;

struct handshake;
TAILQ_HEAD(handshake_list, handshake);

struct listener {
    struct event_base *base;
    const struct config *config;
    struct metrics *metrics;
    struct conn_set *conns;
    struct reaper *reaper;
    SSL_CTX *context; /* owned; swapped by a reload */
    struct evconnlistener *sockets[LISTENER_ADDRESSES_MAX];
    size_t socket_count;
    struct handshake_list handshakes;
    size_t handshake_count;
    int64_t resume_us; /* when accepting goes on; 0 = it does */
    struct log_limit log_limit;
};

/* Are the addresses of config->listen ones? */
MUST_CHECK enum status listener_check(const struct config *config, struct errmsg *ret_errmsg);
/* Binds every address of config->listen. errmsg names the address and the reason. Takes over context. */
MUST_CHECK enum status listener_open(struct listener *listener, struct event_base *base, const struct config *config,
                                     struct metrics *metrics, struct conn_set *conns, struct reaper *reaper, SSL_CTX *context,
                                     struct errmsg *ret_errmsg);
void listener_set_context(struct listener *listener, SSL_CTX *context); /* for connections from now on */
void listener_stop(struct listener *listener);                          /* accepts no more, gives up handshakes */
void listener_release(struct listener *listener);
void listener_sweep(struct listener *listener, int64_t now_us);

/* "host:port", "[::1]:port", "*:port" to a socket address; port 0 is allowed. For every port of the daemon; `key` is
 * where the text comes from, for the error. */
struct sockaddr_storage;
MUST_CHECK enum status listener_address(const char *text, const char *key, struct sockaddr_storage *ret_address,
                                        unsigned *ret_size, struct errmsg *ret_errmsg);
void listener_address_text(const struct sockaddr_storage *address, char *ret_text, size_t size);
bool listener_address_is_loopback(const struct sockaddr_storage *address);
void listener_log_bound(const char *message, int fd); /* where a listening socket is, for the log */

#endif
