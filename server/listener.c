/* SPDX-License-Identifier: GPL-3.0-or-later
 * Listening sockets and handshakes.
 */
#include "listener.h"

#include "clock.h"
#include "dispatch.h"
#include "log.h"
#include "tls.h"

#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct handshake {
    struct listener *listener;
    struct bufferevent *bev;
    struct conn_identity identity;
    struct tls_refusal refusal;
    int64_t started_us;
    struct reaper_entry reaper_entry;
    TAILQ_ENTRY(handshake) entry;
};

static void listener_count(struct listener *listener)
{
    metrics_set(listener->metrics, METRIC_CONNECTIONS, (int64_t)(listener->conns->count + listener->handshake_count));
}

static void handshake_bury(struct reaper_entry *entry)
{
    free((char *)entry - offsetof(struct handshake, reaper_entry));
}

/* Ends a handshake; its bufferevent is freed unless a connection took it over. */
static void handshake_end(struct handshake *handshake, bool free_bev)
{
    struct listener *listener = handshake->listener;
    TAILQ_REMOVE(&listener->handshakes, handshake, entry);
    listener->handshake_count--;
    bufferevent_setcb(handshake->bev, NULL, NULL, NULL, NULL);
    tls_watch_refusal(bufferevent_openssl_get_ssl(handshake->bev), NULL);
    if (free_bev)
        bufferevent_free(handshake->bev);
    reaper_add(listener->reaper, &handshake->reaper_entry, handshake_bury);
}

static void handshake_fail(struct handshake *handshake, const char *reason)
{
    struct listener *listener = handshake->listener;
    const struct tls_refusal *refusal = &handshake->refusal;
    metrics_add(listener->metrics, METRIC_HANDSHAKES_FAILED, 1);
    bool may_log = log_limit_allows(&listener->log_limit, clock_monotonic_us(), "refused connections");
    if (may_log && refusal->reason[0] != '\0')
        log_warning(NULL, "client certificate refused", LOG_TEXT("peer", handshake->identity.address),
                    LOG_TEXT("reason", refusal->reason), LOG_TEXT("subject", refusal->subject));
    else if (may_log)
        log_info(NULL, "handshake failed", LOG_TEXT("peer", handshake->identity.address), LOG_TEXT("reason", reason));
    handshake_end(handshake, true);
    listener_count(listener);
}

static void handshake_done(struct handshake *handshake)
{
    struct listener *listener = handshake->listener;
    struct conn *conn;
    if (tls_identity(bufferevent_openssl_get_ssl(handshake->bev), &handshake->identity) != STATUS_OK) {
        handshake_fail(handshake, "no client certificate");
        return;
    }
    handshake_end(handshake, false);
    if (conn_create(listener->conns, handshake->bev, &handshake->identity, &conn) != STATUS_OK)
        log_warning(NULL, "connection refused", LOG_TEXT("peer", handshake->identity.address), LOG_STATUS(STATUS_NO_MEMORY));
    listener_count(listener);
}

static void handshake_event_cb(struct bufferevent *bev, short what, void *arg)
{
    struct handshake *handshake = arg;
    char reason[200];
    if (what & BEV_EVENT_CONNECTED) {
        handshake_done(handshake);
    } else if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) {
        tls_describe_error(bev, what, reason, sizeof reason);
        handshake_fail(handshake, reason);
    }
}

static void listener_refuse(struct listener *listener, evutil_socket_t fd, const char *peer, const char *reason)
{
    evutil_closesocket(fd);
    metrics_add(listener->metrics, METRIC_CONNECTIONS_REFUSED, 1);
    if (log_limit_allows(&listener->log_limit, clock_monotonic_us(), "refused connections"))
        log_warning(NULL, "connection refused", LOG_TEXT("peer", peer), LOG_TEXT("reason", reason));
}

static void listener_accepted_cb(struct evconnlistener *socket, evutil_socket_t fd, struct sockaddr *address, int size,
                                 void *arg)
{
    struct listener *listener = arg;
    struct sockaddr_storage peer = {0};
    char peer_text[64];
    int on = 1;
    memcpy(&peer, address, (size_t)size < sizeof peer ? (size_t)size : sizeof peer);
    listener_address_text(&peer, peer_text, sizeof peer_text);
    metrics_add(listener->metrics, METRIC_ACCEPTED, 1);
    if (listener->conns->count + listener->handshake_count >= listener->config->max_connections) {
        listener_refuse(listener, fd, peer_text, "max_connections reached");
        return;
    }
    struct handshake *handshake = calloc(1, sizeof *handshake);
    SSL *ssl = SSL_new(listener->context);
    struct bufferevent *bev = NULL;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (handshake != NULL && ssl != NULL)
        bev = bufferevent_openssl_socket_new(listener->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                             BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (bev == NULL) {
        if (ssl != NULL)
            SSL_free(ssl);
        free(handshake);
        listener_refuse(listener, fd, peer_text, "out of memory");
        return;
    }
    handshake->listener = listener;
    handshake->bev = bev;
    handshake->started_us = clock_monotonic_us();
    memcpy(handshake->identity.address, peer_text, sizeof handshake->identity.address);
    tls_watch_refusal(ssl, &handshake->refusal);
    TAILQ_INSERT_TAIL(&listener->handshakes, handshake, entry);
    listener->handshake_count++;
    listener_count(listener);
    bufferevent_setcb(bev, NULL, NULL, handshake_event_cb, handshake);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static void listener_failed_cb(struct evconnlistener *socket, void *arg)
{
    struct listener *listener = arg;
    int error = EVUTIL_SOCKET_ERROR();
    if (listener->resume_us != 0)
        return;
    log_error(NULL, "could not accept, pausing", LOG_TEXT("reason", evutil_socket_error_to_string(error)));
    listener->resume_us = clock_monotonic_us() + LISTENER_PAUSE_US;
    for (size_t i = 0; i < listener->socket_count; i++)
        evconnlistener_disable(listener->sockets[i]);
}

static enum status listener_bind(struct listener *listener, const char *text, struct errmsg *ret_errmsg)
{
    struct sockaddr_storage address;
    unsigned size;
    enum status status = listener_address(text, "listen", &address, &size, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (listener->socket_count == LISTENER_ADDRESSES_MAX) {
        errmsg_set(ret_errmsg, "listen", "more than %d addresses", LISTENER_ADDRESSES_MAX);
        return STATUS_INVALID;
    }
    struct evconnlistener *socket = evconnlistener_new_bind(listener->base, listener_accepted_cb, listener,
                                                            LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
                                                            LISTENER_BACKLOG, (struct sockaddr *)&address, (int)size);
    if (socket == NULL) {
        errmsg_set(ret_errmsg, "listen", "could not listen on %s: %s", text, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    evconnlistener_set_error_cb(socket, listener_failed_cb);
    listener->sockets[listener->socket_count++] = socket;
    listener_log_bound("listening", evconnlistener_get_fd(socket));
    return STATUS_OK;
}

enum status listener_open(struct listener *listener, struct event_base *base, const struct config *config,
                          struct metrics *metrics, struct conn_set *conns, struct reaper *reaper, SSL_CTX *context,
                          struct errmsg *ret_errmsg)
{
    *listener = (struct listener){
        .base = base, .config = config, .metrics = metrics, .conns = conns, .reaper = reaper, .context = context};
    TAILQ_INIT(&listener->handshakes);
    char *copy = strdup(config->listen), *rest = copy, *address;
    enum status status = copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    while (status == STATUS_OK && (address = strsep(&rest, ", ")) != NULL)
        if (address[0] != '\0')
            status = listener_bind(listener, address, ret_errmsg);
    free(copy);
    if (status != STATUS_OK)
        listener_release(listener);
    return status;
}

void listener_set_context(struct listener *listener, SSL_CTX *context)
{
    SSL_CTX_free(listener->context); /* open connections hold their own reference */
    listener->context = context;
}

void listener_stop(struct listener *listener)
{
    struct handshake *handshake;
    for (size_t i = 0; i < listener->socket_count; i++)
        evconnlistener_free(listener->sockets[i]);
    listener->socket_count = 0;
    while ((handshake = TAILQ_FIRST(&listener->handshakes)) != NULL)
        handshake_end(handshake, true);
}

void listener_release(struct listener *listener)
{
    listener_stop(listener);
    SSL_CTX_free(listener->context);
    listener->context = NULL;
}

void listener_sweep(struct listener *listener, int64_t now_us)
{
    struct handshake *handshake, *next;
    if (listener->resume_us != 0 && now_us >= listener->resume_us) {
        listener->resume_us = 0;
        for (size_t i = 0; i < listener->socket_count; i++)
            evconnlistener_enable(listener->sockets[i]);
    }
    for (handshake = TAILQ_FIRST(&listener->handshakes); handshake != NULL; handshake = next) {
        next = TAILQ_NEXT(handshake, entry);
        if (now_us - handshake->started_us > (int64_t)listener->config->handshake_timeout_ms * 1000)
            handshake_fail(handshake, "time-out");
    }
    listener_count(listener);
}
