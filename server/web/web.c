/* SPDX-License-Identifier: GPL-3.0-or-later
 * Listens, makes connections of sockets, and ends those that take too long.
 *
 * evhttp accepts by itself and offers no place to look at a connection before it exists. So each TLS connection is looked at in
 * the same turn of the loop, before anything of it is read, and refused by way of its own error callback. It is known by its
 * SSL, whose end is the connection's end.
 */
#include "web/web.h"

#include "clock.h"
#include "listener.h"
#include "tls.h"
#include "web/web_internal.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define WEB_INPUT_MAX (WEB_BODY_MAX + 2 * WEB_HEADERS_MAX) /* bytes read ahead of one connection */

static void web_peer_gone(struct web_peer *peer)
{
    struct web *web = peer->web;
    if (peer->is_counted)
        web_rate_disconnect(&web->rate, peer->key);
    if (peer->is_fresh)
        web->fresh_count--;
    TAILQ_REMOVE(&web->peers, peer, entry);
    web->peer_count--;
    metrics_set(web->metrics, METRIC_WEB_CONNECTIONS, (int64_t)web->peer_count);
    free(peer);
}

static void web_ssl_freed(void *parent, void *peer, CRYPTO_EX_DATA *data, int index, long argl, void *argp)
{
    if (peer != NULL)
        web_peer_gone(peer);
}

static int web_peer_index(void)
{
    static int index = -1;
    if (index < 0)
        index = SSL_get_ex_new_index(0, NULL, NULL, NULL, web_ssl_freed);
    return index;
}

struct web_peer *web_peer_of(struct evhttp_request *request)
{
    struct evhttp_connection *connection = evhttp_request_get_connection(request);
    struct bufferevent *bev = connection != NULL ? evhttp_connection_get_bufferevent(connection) : NULL;
    SSL *ssl = bev != NULL ? bufferevent_openssl_get_ssl(bev) : NULL;
    return ssl != NULL ? SSL_get_ex_data(ssl, web_peer_index()) : NULL;
}

void web_peer_phase(struct web_peer *peer, enum web_phase phase)
{
    if (peer != NULL) {
        peer->phase = phase;
        peer->since_us = clock_monotonic_us();
        peer->received = 0;
    }
}

/* Through the callback that evhttp has set; nothing of the peer may be touched afterwards. Without one evhttp has freed it, and
 * the loop is about to. */
static void web_peer_end(struct web_peer *peer)
{
    bufferevent_event_cb ended = NULL;
    bufferevent_getcb(peer->bev, NULL, NULL, &ended, NULL);
    if (ended != NULL)
        bufferevent_trigger_event(peer->bev, BEV_EVENT_READING | BEV_EVENT_TIMEOUT, 0);
}

static void web_fresh_cb(evutil_socket_t fd, short what, void *arg)
{
    struct web *web = arg;
    struct web_peer *peer, *next;
    int64_t now_us = clock_monotonic_us();
    for (peer = TAILQ_FIRST(&web->peers); peer != NULL && web->fresh_count > 0; peer = next) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof address;
        next = TAILQ_NEXT(peer, entry);
        if (!peer->is_fresh)
            continue;
        peer->is_fresh = false;
        web->fresh_count--;
        if (getpeername(bufferevent_getfd(peer->bev), (struct sockaddr *)&address, &size) != 0)
            continue; /* gone already, and evhttp will notice */
        peer->key = web_rate_key(&web->rate, &address);
        if (!peer->is_refused)
            peer->is_counted =
                web_rate_connect(&web->rate, peer->key, (size_t)web->config->web_max_connections_per_address, now_us);
        if (peer->is_counted)
            continue;
        metrics_add(web->metrics, METRIC_WEB_REFUSED, 1);
        if (log_limit_allows(&web->log_limit, now_us, "refused connections"))
            log_warning(NULL, "web connection refused",
                        LOG_TEXT("reason",
                                 peer->is_refused ? "web_max_connections reached" : "web_max_connections_per_address reached"));
        web_peer_end(peer);
    }
}

static void web_received_cb(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    struct web_peer *peer = arg;
    peer->received += info->n_added;
}

/* Of connections from now on. evhttp does not read while a request is handled and answered, so whoever waits or reads need not
 * send anything. */
static void web_set_stall(struct web *web)
{
    uint64_t stall_ms = web->config->web_stall_ms;
    evhttp_set_timeout_tv(
        web->server, &(struct timeval){.tv_sec = (time_t)(stall_ms / 1000), .tv_usec = (suseconds_t)(stall_ms % 1000 * 1000)});
}

static struct bufferevent *web_bufferevent_cb(struct event_base *base, void *arg)
{
    struct web *web = arg;
    struct web_peer *peer = calloc(1, sizeof *peer);
    web_set_stall(web);
    SSL *ssl = SSL_new(web->context);
    struct bufferevent *bev = NULL;
    if (peer != NULL && ssl != NULL)
        bev = bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (bev == NULL) {
        if (ssl != NULL)
            SSL_free(ssl);
        free(peer);
        /* Without one evhttp would go on without TLS: a pair whose other end is gone serves nobody. */
        struct bufferevent *pair[2] = {NULL, NULL};
        if (bufferevent_pair_new(base, BEV_OPT_CLOSE_ON_FREE, pair) != 0)
            abort();
        bufferevent_free(pair[1]);
        return pair[0];
    }
    bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    bufferevent_setwatermark(bev, EV_READ, 0, WEB_INPUT_MAX);
    *peer = (struct web_peer){.web = web, .bev = bev, .is_fresh = true, .since_us = clock_monotonic_us()};
    evbuffer_add_cb(bufferevent_get_input(bev), web_received_cb, peer);
    peer->is_refused = web->peer_count >= web->config->web_max_connections;
    SSL_set_ex_data(ssl, web_peer_index(), peer);
    TAILQ_INSERT_HEAD(&web->peers, peer, entry);
    web->peer_count++;
    web->fresh_count++;
    metrics_add(web->metrics, METRIC_WEB_ACCEPTED, 1);
    metrics_set(web->metrics, METRIC_WEB_CONNECTIONS, (int64_t)web->peer_count);
    event_active(web->fresh, 0, 0);
    return bev;
}

void web_sweep(struct web *web, int64_t now_us)
{
    struct web_peer *peer, *next;
    if (web == NULL)
        return;
    for (peer = TAILQ_FIRST(&web->peers); peer != NULL; peer = next) {
        next = TAILQ_NEXT(peer, entry);
        int64_t spent_us = now_us - peer->since_us;
        bool shakes_hands = !SSL_is_init_finished(bufferevent_openssl_get_ssl(peer->bev));
        if (shakes_hands ? spent_us > (int64_t)web->config->handshake_timeout_ms * 1000
                         : (peer->phase == WEB_READING && spent_us > WEB_REQUEST_TIME_US) ||
                               (peer->phase == WEB_WRITING && spent_us > WEB_ANSWER_TIME_US) ||
                               (peer->phase == WEB_READING && (web->is_stopping || peer->received > WEB_LINGER_MAX)))
            web_peer_end(peer);
    }
}

enum status web_context_create(const struct config *wanted, SSL_CTX **ret_context, struct errmsg *ret_errmsg)
{
    *ret_context = NULL;
    if (wanted->web_listen[0] == '\0' || !wanted->web_tls)
        return STATUS_OK;
    return tls_public_context_create(wanted, ret_context, ret_errmsg);
}

static enum status web_address(const struct config *config, struct sockaddr_storage *ret_address, unsigned *ret_size,
                               struct errmsg *ret_errmsg)
{
    enum status status = listener_address(config->web_listen, "web_listen", ret_address, ret_size, ret_errmsg);
    if (status == STATUS_OK && !config->web_tls && !listener_address_is_loopback(ret_address)) {
        errmsg_set(ret_errmsg, "web_listen", "%s is not a loopback address, and web_tls is no", config->web_listen);
        status = STATUS_INVALID;
    }
    return status;
}

enum status web_check(const struct config *config, struct errmsg *ret_errmsg)
{
    struct sockaddr_storage address;
    unsigned size;
    SSL_CTX *context = NULL;
    if (config->web_listen[0] == '\0')
        return STATUS_OK;
    enum status status = web_address(config, &address, &size, ret_errmsg);
    if (status == STATUS_OK && config->web_url[0] != '\0' && strncmp(config->web_url, "https://", 8) != 0 &&
        strncmp(config->web_url, "http://", 7) != 0) {
        errmsg_set(ret_errmsg, "web_url", "%s: begins with neither https:// nor http://", config->web_url);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK)
        status = web_context_create(config, &context, ret_errmsg);
    SSL_CTX_free(context);
    return status;
}

void web_set_context(struct web *web, SSL_CTX *context)
{
    if (web == NULL || context == NULL) {
        SSL_CTX_free(context);
        return;
    }
    SSL_CTX_free(web->context);
    web->context = context;
}

static enum status web_bind(struct web *web, struct errmsg *ret_errmsg)
{
    struct sockaddr_storage address;
    unsigned size;
    enum status status = web_address(web->config, &address, &size, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    web->socket =
        evconnlistener_new_bind(web->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
                                WEB_BACKLOG, (struct sockaddr *)&address, (int)size);
    if (web->socket == NULL) {
        errmsg_set(ret_errmsg, "web_listen", "could not listen on %s: %s", web->config->web_listen, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    /* Accepted sockets take it over. evhttp writes head and body one after the other; without this the second waits for the
     * other side's delayed acknowledgement, 40 ms a request. */
    int on = 1;
    setsockopt(evconnlistener_get_fd(web->socket), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (evhttp_bind_listener(web->server, web->socket) == NULL) {
        evconnlistener_free(web->socket);
        web->socket = NULL;
        return STATUS_NO_MEMORY;
    }
    listener_log_bound("listening for the web", evconnlistener_get_fd(web->socket));
    return STATUS_OK;
}

enum status web_create(struct event_base *base, const struct config *config, struct metrics *metrics,
                       const struct web_route *routes, size_t route_count, struct form *form, struct api *api,
                       struct web **ret_web, struct errmsg *ret_errmsg)
{
    *ret_web = NULL;
    if (config->web_listen[0] == '\0')
        return STATUS_OK;
    enum status status = web_check(config, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    struct web *web = calloc(1, sizeof *web);
    if (web == NULL)
        return STATUS_NO_MEMORY;
    *web = (struct web){.base = base,
                        .config = config,
                        .metrics = metrics,
                        .routes = routes,
                        .route_count = route_count,
                        .form = form,
                        .api = api};
    TAILQ_INIT(&web->peers);
    status = web_context_create(config, &web->context, ret_errmsg);
    if (status == STATUS_OK && (!web_rate_init(&web->rate) || (web->server = evhttp_new(base)) == NULL ||
                                (web->fresh = event_new(base, -1, 0, web_fresh_cb, web)) == NULL))
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        evhttp_set_max_headers_size(web->server, WEB_HEADERS_MAX);
        evhttp_set_max_body_size(web->server, WEB_BODY_MAX);
        /* A body that is too large is read to its end and dropped before it is answered: who still sends when the connection is
         * closed never sees the answer. The time of a request and WEB_LINGER_MAX bound it. Without TLS nobody counts what comes
         * in, so it is not read at all: the proxy in front has the answer at once, and the connection ends. */
        if (web->context != NULL)
            evhttp_set_flags(web->server, EVHTTP_SERVER_LINGERING_CLOSE);
        web_set_stall(web);
        evhttp_set_allowed_methods(web->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
                                                    EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH);
        evhttp_set_gencb(web->server, web_request_cb, web);
        if (web->context != NULL)
            evhttp_set_bevcb(web->server, web_bufferevent_cb, web);
        status = web_bind(web, ret_errmsg);
    }
    if (status != STATUS_OK) {
        web_destroy(web);
        return status;
    }
    *ret_web = web;
    return STATUS_OK;
}

void web_stop(struct web *web)
{
    if (web == NULL)
        return;
    web->is_stopping = true;
    evconnlistener_disable(web->socket);
    web_sweep(web, clock_monotonic_us());
}

size_t web_in_flight(const struct web *web)
{
    return web != NULL ? web->in_flight : 0;
}

void web_destroy(struct web *web)
{
    if (web == NULL)
        return;
    /* Bufferevents are freed by a later turn of the loop, or with it; what is left of them must not point here. */
    for (struct web_peer *peer; (peer = TAILQ_FIRST(&web->peers)) != NULL;) {
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): clang-tidy 14 does not follow the way back in a TAILQ */
        SSL_set_ex_data(bufferevent_openssl_get_ssl(peer->bev), web_peer_index(), NULL);
        evbuffer_remove_cb(bufferevent_get_input(peer->bev), web_received_cb, peer);
        TAILQ_REMOVE(&web->peers, peer, entry);
        free(peer);
    }
    if (web->server != NULL)
        evhttp_free(web->server);
    if (web->fresh != NULL)
        event_free(web->fresh);
    web_rate_release(&web->rate);
    SSL_CTX_free(web->context);
    free(web);
}
