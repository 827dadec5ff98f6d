/* SPDX-License-Identifier: GPL-3.0-or-later
 * Three pages by way of evhttp, with limits.
 */
#include "http/http.h"

#include "listener.h"
#include "log.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct http {
    struct evhttp *server;
    const struct metrics *metrics;
    bool (*is_ready)(void *arg);
    void *arg;
};

static void http_text(struct evhttp_request *request, int code, const char *reason, const char *type, const char *text,
                      size_t size)
{
    struct evbuffer *body = evbuffer_new();
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    if (body == NULL || evbuffer_add(body, text, size) != 0) {
        evhttp_send_error(request, HTTP_INTERNAL, NULL);
    } else {
        evhttp_add_header(headers, "Content-Type", type);
        evhttp_add_header(headers, "Cache-Control", "no-store");
        evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
        evhttp_send_reply(request, code, reason, body);
    }
    if (body != NULL)
        evbuffer_free(body);
}

static void http_metrics_cb(struct evhttp_request *request, void *arg)
{
    struct http *http = arg;
    size_t size;
    char *text = metrics_render(http->metrics, &size);
    if (text == NULL)
        evhttp_send_error(request, HTTP_INTERNAL, NULL);
    else
        http_text(request, HTTP_OK, "OK", "text/plain; version=0.0.4; charset=utf-8", text, size);
    free(text);
}

static void http_health_cb(struct evhttp_request *request, void *arg)
{
    http_text(request, HTTP_OK, "OK", "text/plain; charset=utf-8", "ok\n", 3);
}

static void http_ready_cb(struct evhttp_request *request, void *arg)
{
    struct http *http = arg;
    if (http->is_ready(http->arg))
        http_text(request, HTTP_OK, "OK", "text/plain; charset=utf-8", "ready\n", 6);
    else
        http_text(request, HTTP_SERVUNAVAIL, "Service Unavailable", "text/plain; charset=utf-8", "database unavailable\n", 21);
}

static void http_unknown_cb(struct evhttp_request *request, void *arg)
{
    http_text(request, HTTP_NOTFOUND, "Not Found", "text/plain; charset=utf-8", "/metrics, /health or /ready\n", 28);
}

static enum status http_address(const struct config *config, struct sockaddr_storage *ret_address, unsigned *ret_size,
                                struct errmsg *ret_errmsg)
{
    enum status status = listener_address(config->http_listen, "http_listen", ret_address, ret_size, ret_errmsg);
    if (status == STATUS_OK && !listener_address_is_loopback(ret_address) && !config->http_allow_remote) {
        errmsg_set(ret_errmsg, "http_listen", "%s is not a loopback address, and http_allow_remote is no", config->http_listen);
        status = STATUS_INVALID;
    }
    return status;
}

enum status http_check(const struct config *config, struct errmsg *ret_errmsg)
{
    struct sockaddr_storage address;
    unsigned size;
    return config->http_listen[0] != '\0' ? http_address(config, &address, &size, ret_errmsg) : STATUS_OK;
}

static enum status http_bind(struct http *http, struct event_base *base, const struct config *config, struct errmsg *ret_errmsg)
{
    struct sockaddr_storage address;
    unsigned size;
    enum status status = http_address(config, &address, &size, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    struct evconnlistener *socket =
        evconnlistener_new_bind(base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
                                HTTP_BACKLOG, (struct sockaddr *)&address, (int)size);
    if (socket == NULL) {
        errmsg_set(ret_errmsg, "http_listen", "could not listen on %s: %s", config->http_listen, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    if (evhttp_bind_listener(http->server, socket) == NULL) {
        evconnlistener_free(socket);
        return STATUS_NO_MEMORY;
    }
    listener_log_bound("listening for metrics", evconnlistener_get_fd(socket));
    return STATUS_OK;
}

enum status http_create(struct event_base *base, const struct config *config, const struct metrics *metrics,
                        bool (*is_ready)(void *arg), void *arg, struct http **ret_http, struct errmsg *ret_errmsg)
{
    if (config->http_listen[0] == '\0') {
        *ret_http = NULL;
        return STATUS_OK;
    }
    struct http *http = calloc(1, sizeof *http);
    if (http == NULL || (http->server = evhttp_new(base)) == NULL) {
        free(http);
        return STATUS_NO_MEMORY;
    }
    http->metrics = metrics;
    http->is_ready = is_ready;
    http->arg = arg;
    evhttp_set_max_headers_size(http->server, HTTP_HEADERS_MAX);
    evhttp_set_max_body_size(http->server, HTTP_BODY_MAX);
    evhttp_set_timeout(http->server, HTTP_TIMEOUT_S);
    evhttp_set_allowed_methods(http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_cb(http->server, "/metrics", http_metrics_cb, http);
    evhttp_set_cb(http->server, "/health", http_health_cb, http);
    evhttp_set_cb(http->server, "/ready", http_ready_cb, http);
    evhttp_set_gencb(http->server, http_unknown_cb, http);
    enum status status = http_bind(http, base, config, ret_errmsg);
    if (status != STATUS_OK) {
        http_destroy(http);
        return status;
    }
    *ret_http = http;
    return STATUS_OK;
}

void http_destroy(struct http *http)
{
    if (http == NULL)
        return;
    evhttp_free(http->server);
    free(http);
}
