/* SPDX-License-Identifier: GPL-3.0-or-later
 * From evhttp's request to a route's handler, and back with the headers every answer has.
 */
#include "web/web_exchange.h"

#include "clock.h"
#include "web/web_internal.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define GZIP_LEVEL  2 /* of pages, which are compressed each time; what never changes was compressed harder at build time */
#define GZIP_WINDOW (15 + 16)
#define HSTS        "max-age=63072000"
/* Nothing inline and nothing from elsewhere; data: is for the icons inside our own style sheet. */
#define POLICY                                                                                                                 \
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "  \
    "base-uri 'none'; frame-ancestors 'none'"

static const char *code_words(int code)
{
    static const struct {
        int code;
        const char *words;
    } known[] = {{200, "OK"},
                 {202, "Accepted"},
                 {204, "No Content"},
                 {303, "See Other"},
                 {304, "Not Modified"},
                 {400, "Bad Request"},
                 {401, "Unauthorized"},
                 {403, "Forbidden"},
                 {404, "Not Found"},
                 {405, "Method Not Allowed"},
                 {406, "Not Acceptable"},
                 {409, "Conflict"},
                 {410, "Gone"},
                 {413, "Content Too Large"},
                 {422, "Unprocessable Content"},
                 {429, "Too Many Requests"},
                 {500, "Internal Server Error"},
                 {503, "Service Unavailable"},
                 {504, "Gateway Timeout"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == code)
            return known[i].words;
    return "Answer";
}

const char *web_header_in(const struct web_exchange *exchange, const char *name)
{
    return exchange->request != NULL ? evhttp_find_header(evhttp_request_get_input_headers(exchange->request), name) : NULL;
}

void web_header_out(struct web_exchange *exchange, const char *name, const char *value)
{
    if (exchange->request != NULL)
        evhttp_add_header(evhttp_request_get_output_headers(exchange->request), name, value);
}

const char *web_cookie_in(struct web_exchange *exchange, const char *name)
{
    size_t length = strlen(name);
    const char *at = web_header_in(exchange, "Cookie");
    while (at != NULL && *at != '\0') {
        at += strspn(at, " ;");
        size_t size = strcspn(at, ";");
        if (size > length && strncmp(at, name, length) == 0 && at[length] == '=') {
            char *value = arena_copy(&exchange->arena, at + length + 1, size - length);
            if (value != NULL)
                value[size - length - 1] = '\0';
            return value;
        }
        at += size;
    }
    return NULL;
}

bool web_accepts_gzip(const char *accept_encoding)
{
    for (const char *at = accept_encoding; at != NULL && *at != '\0';) {
        at += strspn(at, " ,");
        size_t size = strcspn(at, ",");
        if (size >= 4 && strncasecmp(at, "gzip", 4) == 0 && (size == 4 || strchr(" ;", at[4]) != NULL)) {
            const char *weight = memchr(at, '=', size);
            return weight == NULL || strtod(weight + 1, NULL) > 0;
        }
        at += size;
    }
    return false;
}

/* The body in gzip; NULL: it could not be made, and goes as it is. */
static struct evbuffer *web_gzip(struct evbuffer *body)
{
    enum { PIECES = 64 };
    struct evbuffer *packed = evbuffer_new();
    z_stream stream = {0};
    size_t size = evbuffer_get_length(body);
    if (packed == NULL || deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        if (packed != NULL)
            evbuffer_free(packed);
        return NULL;
    }
    uLong bound = deflateBound(&stream, size);
    struct evbuffer_iovec room;
    bool ok = evbuffer_reserve_space(packed, (ev_ssize_t)bound, &room, 1) == 1;
    if (ok) {
        struct evbuffer_ptr at;
        stream.next_out = room.iov_base;
        stream.avail_out = (uInt)room.iov_len;
        evbuffer_ptr_set(body, &at, 0, EVBUFFER_PTR_SET);
        for (size_t done = 0; ok && done < size;) {
            struct evbuffer_iovec pieces[PIECES];
            int count = evbuffer_peek(body, -1, &at, pieces, PIECES);
            size_t step = 0;
            for (int i = 0; i < count && i < PIECES && ok; i++) {
                stream.next_in = pieces[i].iov_base;
                stream.avail_in = (uInt)pieces[i].iov_len;
                step += pieces[i].iov_len;
                ok = deflate(&stream, Z_NO_FLUSH) == Z_OK && stream.avail_in == 0;
            }
            done += step;
            ok = ok && step > 0 && (done == size || evbuffer_ptr_set(body, &at, step, EVBUFFER_PTR_ADD) == 0);
        }
        ok = ok && deflate(&stream, Z_FINISH) == Z_STREAM_END;
        room.iov_len = stream.total_out;
        ok = ok && evbuffer_commit_space(packed, &room, 1) == 0;
    }
    deflateEnd(&stream);
    if (!ok) {
        evbuffer_free(packed);
        return NULL;
    }
    return packed;
}

static void web_exchange_free(struct web_exchange *exchange)
{
    exchange->web->in_flight--;
    html_end(&exchange->html);
    evbuffer_free(exchange->page);
    arena_release(&exchange->arena);
    free(exchange);
}

/* The client's connection ends while its request is being handled. */
static void web_closed_cb(struct evhttp_connection *connection, void *arg)
{
    struct web_exchange *exchange = arg;
    struct evhttp_request *request = exchange->request;
    exchange->request = NULL;
    /* evhttp has let go of it when the other side closed, and frees it itself when the server does. */
    if (request != NULL && evhttp_request_get_connection(request) == NULL)
        evhttp_request_free(request);
    if (exchange->gone != NULL) {
        void (*gone)(struct web_exchange *) = exchange->gone;
        exchange->gone = NULL;
        gone(exchange);
    }
}

static void web_written_cb(struct evhttp_request *request, void *web)
{
    web_peer_phase(web_peer_of(request), WEB_READING);
}

/* What every answer has. */
static void web_headers(struct web_exchange *exchange)
{
    const struct web *web = exchange->web;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(exchange->request);
    if (evhttp_find_header(headers, "Content-Security-Policy") == NULL)
        web_header_out(exchange, "Content-Security-Policy", POLICY);
    web_header_out(exchange, "X-Content-Type-Options", "nosniff");
    web_header_out(exchange, "X-Frame-Options", "DENY");
    web_header_out(exchange, "Referrer-Policy", "no-referrer");
    web_header_out(exchange, "Cross-Origin-Opener-Policy", "same-origin");
    web_header_out(exchange, "Cross-Origin-Resource-Policy", "same-origin");
    if (web->context != NULL || strncmp(web->config->web_url, "https://", 8) == 0)
        web_header_out(exchange, "Strict-Transport-Security", HSTS);
    if (web->is_stopping)
        web_header_out(exchange, "Connection", "close");
    if (evhttp_find_header(headers, "Cache-Control") == NULL)
        web_header_out(exchange, "Cache-Control", "no-store");
}

static void web_count(struct web_exchange *exchange, int code)
{
    struct web *web = exchange->web;
    int64_t spent_us = clock_monotonic_us() - exchange->started_us;
    metrics_observe(&web->metrics->web_latency, spent_us);
    if (code >= 500)
        metrics_add(web->metrics, METRIC_WEB_ERRORS, 1);
    /* Never the path: it may hold a secret. */
    log_debug(NULL, "web request", LOG_TEXT("route", exchange->route != NULL ? exchange->route->pattern : "(none)"),
              LOG_INT("code", code), LOG_INT("us", spent_us));
}

static void web_send(struct web_exchange *exchange, int code, struct evbuffer *body)
{
    struct web *web = exchange->web;
    struct evhttp_request *request = exchange->request;
    web_count(exchange, code);
    if (request != NULL) {
        struct evhttp_connection *connection = evhttp_request_get_connection(request);
        web_headers(exchange);
        evhttp_connection_set_closecb(connection, NULL, NULL);
        evhttp_request_set_on_complete_cb(request, web_written_cb, web);
        web_peer_phase(web_peer_of(request), WEB_WRITING);
        evhttp_send_reply(request, code, code_words(code), body);
    }
    web_exchange_free(exchange);
}

void web_answer_data(struct web_exchange *exchange, int code, const char *type)
{
    struct evbuffer *packed = NULL;
    if (!html_end(&exchange->html)) {
        web_answer_nothing(exchange, 500);
        return;
    }
    web_header_out(exchange, "Content-Type", type);
    web_header_out(exchange, "Vary", "Accept-Encoding");
    if (evbuffer_get_length(exchange->page) >= WEB_GZIP_MIN && web_accepts_gzip(web_header_in(exchange, "Accept-Encoding")))
        packed = web_gzip(exchange->page);
    if (packed != NULL)
        web_header_out(exchange, "Content-Encoding", "gzip");
    struct evbuffer *body = packed != NULL ? packed : exchange->page;
    web_send(exchange, code, body);
    if (packed != NULL)
        evbuffer_free(packed);
}

void web_answer_page(struct web_exchange *exchange, int code)
{
    web_answer_data(exchange, code, "text/html; charset=utf-8");
}

void web_answer_redirect(struct web_exchange *exchange, const char *location)
{
    web_header_out(exchange, "Location", location);
    web_answer_nothing(exchange, 303);
}

void web_answer_nothing(struct web_exchange *exchange, int code)
{
    if (code >= 300 && code != 304) { /* evhttp would say ISO-8859-1 */
        web_header_out(exchange, "Content-Type", "text/plain; charset=utf-8");
        web_header_out(exchange, "Content-Length", "0");
    }
    web_send(exchange, code, NULL);
}

void web_answer_bytes(struct web_exchange *exchange, const char *type, const void *bytes, size_t size, const char *encoding)
{
    evbuffer_drain(exchange->page, evbuffer_get_length(exchange->page));
    web_header_out(exchange, "Content-Type", type);
    web_header_out(exchange, "Vary", "Accept-Encoding");
    if (encoding != NULL)
        web_header_out(exchange, "Content-Encoding", encoding);
    if (evbuffer_add_reference(exchange->page, bytes, size, NULL, NULL) != 0)
        web_answer_nothing(exchange, 500);
    else
        web_send(exchange, 200, exchange->page);
}

void web_answer_block(struct web_exchange *exchange, int code, const char *type, const void *bytes, size_t size,
                      const char *encoding, void (*release)(const void *bytes, size_t size, void *arg), void *arg)
{
    web_header_out(exchange, "Content-Type", type);
    if (encoding != NULL)
        web_header_out(exchange, "Content-Encoding", encoding);
    if (evbuffer_add_reference(exchange->page, bytes, size, release, arg) != 0) {
        release(bytes, size, arg);
        web_answer_nothing(exchange, 500);
    } else {
        web_send(exchange, code, exchange->page);
    }
}

static void web_free(const void *bytes, size_t size, void *arg)
{
    free(arg);
}

void web_answer_memory(struct web_exchange *exchange, int code, const char *type, char *bytes, size_t size)
{
    if (evbuffer_add_reference(exchange->page, bytes, size, web_free, bytes) != 0) {
        free(bytes);
        web_answer_nothing(exchange, 500);
    } else {
        web_answer_data(exchange, code, type);
    }
}

char *web_pack(const char *bytes, size_t size, size_t *ret_size)
{
    struct evbuffer *body = size >= WEB_GZIP_MIN ? evbuffer_new() : NULL, *packed = NULL;
    if (body != NULL && evbuffer_add_reference(body, bytes, size, NULL, NULL) == 0)
        packed = web_gzip(body);
    size_t packed_size = packed != NULL ? evbuffer_get_length(packed) : 0;
    char *copy = packed_size > 0 ? malloc(packed_size) : NULL;
    if (copy != NULL) {
        evbuffer_remove(packed, copy, packed_size);
        *ret_size = packed_size;
    }
    if (packed != NULL)
        evbuffer_free(packed);
    if (body != NULL)
        evbuffer_free(body);
    return copy;
}

/* ----------------------------------------------------------------------------------------------- bit by bit */

void web_stream_begin(struct web_exchange *exchange, int code, const char *type)
{
    web_count(exchange, code);
    if (exchange->request == NULL)
        return;
    web_header_out(exchange, "Content-Type", type);
    web_headers(exchange);
    web_peer_phase(web_peer_of(exchange->request), WEB_STREAMING);
    evhttp_send_reply_start(exchange->request, code, code_words(code));
}

void web_stream_add(struct web_exchange *exchange, const void *bytes, size_t size)
{
    evbuffer_add(exchange->page, bytes, size);
}

void web_stream_room(struct web_exchange *exchange, size_t size)
{
    evbuffer_expand(exchange->page, size);
}

size_t web_stream_waiting(const struct web_exchange *exchange)
{
    return evbuffer_get_length(exchange->page);
}

static void web_drained_cb(struct evhttp_connection *connection, void *arg)
{
    struct web_exchange *exchange = arg;
    if (exchange->drained != NULL)
        exchange->drained(exchange);
}

void web_stream_flush(struct web_exchange *exchange)
{
    if (exchange->request != NULL)
        evhttp_send_reply_chunk_with_cb(exchange->request, exchange->page, web_drained_cb, exchange);
    else
        evbuffer_drain(exchange->page, evbuffer_get_length(exchange->page));
}

void web_stream_end(struct web_exchange *exchange)
{
    struct evhttp_request *request = exchange->request;
    if (request != NULL) {
        struct evhttp_connection *connection = evhttp_request_get_connection(request);
        web_stream_flush(exchange);
        evhttp_connection_set_closecb(connection, NULL, NULL);
        evhttp_request_set_on_complete_cb(request, web_written_cb, exchange->web);
        web_peer_phase(web_peer_of(request), WEB_WRITING);
        evhttp_send_reply_end(request);
    }
    web_exchange_free(exchange);
}

void web_stream_break(struct web_exchange *exchange)
{
    struct evhttp_request *request = exchange->request;
    if (request != NULL) {
        struct evhttp_connection *connection = evhttp_request_get_connection(request);
        evhttp_connection_set_closecb(connection, NULL, NULL);
        evhttp_connection_free(connection); /* and the request with it */
    }
    web_exchange_free(exchange);
}

bool web_charge(struct web_exchange *exchange, double cost)
{
    struct web *web = exchange->web;
    return web_rate_take(&web->rate, exchange->peer_key, cost, (double)web->config->web_rate, clock_monotonic_us());
}

/* Plain words in English: what gets here is no reader of the form. A program at or below /v1 gets problem+json (RFC 9457). */
static void web_refuse(struct web_exchange *exchange, int code, const char *words)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(exchange->request);
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;
    if (path != NULL && strncmp(path, "/v1", 3) == 0 && (path[3] == '/' || path[3] == '\0')) {
        html_put(&exchange->html, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,\"detail\":\"%s\"}\n",
                 code_words(code), (unsigned)code, words);
        web_answer_data(exchange, code, "application/problem+json");
        return;
    }
    html_put(&exchange->html, "%s\n", words);
    web_answer_data(exchange, code, "text/plain; charset=utf-8");
}

/* Whose request it is: behind a proxy the last address it has added. */
static uint64_t web_whose(struct web *web, struct evhttp_request *request, const struct web_peer *peer)
{
    const char *forwarded = NULL, *comma;
    if (peer != NULL)
        return peer->key;
    forwarded = evhttp_find_header(evhttp_request_get_input_headers(request), "X-Forwarded-For");
    if (forwarded == NULL)
        return 0;
    comma = strrchr(forwarded, ',');
    comma = comma != NULL ? comma + 1 : forwarded;
    return web_rate_key_text(&web->rate, comma + strspn(comma, " "));
}

static struct web_exchange *web_exchange_create(struct web *web, struct evhttp_request *request)
{
    struct web_exchange *exchange = calloc(1, sizeof *exchange);
    struct evbuffer *page = evbuffer_new();
    if (exchange == NULL || page == NULL) {
        free(exchange);
        if (page != NULL)
            evbuffer_free(page);
        return NULL;
    }
    struct web_peer *peer = web_peer_of(request);
    exchange->web = web;
    exchange->form = web->form;
    exchange->api = web->api;
    exchange->request = request;
    exchange->page = page;
    exchange->started_us = clock_monotonic_us();
    exchange->peer_key = web_whose(web, request, peer);
    arena_init(&exchange->arena, WEB_ARENA_MAX);
    html_begin(&exchange->html, page);
    web->in_flight++;
    metrics_add(web->metrics, METRIC_WEB_REQUESTS, 1);
    web_peer_phase(peer, WEB_HANDLING);
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), web_closed_cb, exchange);
    return exchange;
}

static bool web_take_body(struct web_exchange *exchange)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(exchange->request);
    size_t size = evbuffer_get_length(input);
    char *body = arena_alloc(&exchange->arena, size + 1);
    if (body == NULL)
        return false;
    evbuffer_remove(input, body, size);
    body[size] = '\0';
    exchange->body = body;
    exchange->body_size = size;
    return true;
}

static const char *allowed(unsigned methods)
{
    return methods == WEB_GET                  ? "GET, HEAD"
           : methods == WEB_POST               ? "POST"
           : methods == (WEB_GET | WEB_DELETE) ? "GET, HEAD, DELETE"
                                               : "GET, HEAD, POST";
}

void web_request_cb(struct evhttp_request *request, void *arg)
{
    struct web *web = arg;
    enum evhttp_cmd_type type = evhttp_request_get_command(request);
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL, *query = uri != NULL ? evhttp_uri_get_query(uri) : NULL;
    struct web_match match = {0};
    enum web_method method = type == EVHTTP_REQ_GET || type == EVHTTP_REQ_HEAD ? WEB_GET
                             : type == EVHTTP_REQ_POST                         ? WEB_POST
                             : type == EVHTTP_REQ_PUT                          ? WEB_PUT
                                                                               : WEB_DELETE;
    struct web_exchange *exchange = web_exchange_create(web, request);
    if (exchange == NULL) {
        evhttp_send_error(request, HTTP_SERVUNAVAIL, NULL);
        return;
    }
    exchange->method = method;
    exchange->is_head = type == EVHTTP_REQ_HEAD;
    exchange->query = query != NULL ? query : "";
    web_route_find(web->routes, web->route_count, path != NULL ? path : "", method, &match);
    exchange->route = match.route;
    exchange->parameter_count = match.count;
    memcpy(exchange->parameters, match.parameters, sizeof exchange->parameters);
    if (!web_charge(exchange, 1)) {
        metrics_add(web->metrics, METRIC_WEB_REFUSED, 1);
        web_header_out(exchange, "Retry-After", "5");
        web_refuse(exchange, 429, "Too many requests from this address. Wait a little and try again.");
    } else if (match.route == NULL && match.other_methods != 0) {
        web_header_out(exchange, "Allow", allowed(match.other_methods));
        web_refuse(exchange, 405, "This address takes other methods.");
    } else if (match.route == NULL) {
        web_refuse(exchange, 404, "Not found.");
    } else if (evbuffer_get_length(evhttp_request_get_input_buffer(request)) > match.route->body_max) {
        web_refuse(exchange, 413, "What was sent is too large.");
    } else if (!web_take_body(exchange)) {
        web_refuse(exchange, 503, "Out of memory. Try again.");
    } else {
        match.route->handle(exchange);
    }
}
