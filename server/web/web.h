/* SPDX-License-Identifier: GPL-3.0-or-later
 * The public HTTPS port: the form, and what else the table of routes has.
 *
 * evhttp over TLS, with limits on connections (all, and of one address), header and body, the time of a handshake, a request
 * and an answer, and requests a second of one address. Without TLS (web_tls = no) it listens on loopback only, for a proxy that
 * has its own limits on connections; the address of a client is then the last of X-Forwarded-For.
 */
#ifndef SAMORDNING_WEB_H
#define SAMORDNING_WEB_H

#include "config.h"
#include "metrics.h"
#include "status.h"
#include "web/web_route.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#define WEB_HEADERS_MAX     16384              /* bytes of request line and headers */
#define WEB_BODY_MAX        (1024 * 1024)      /* of any route */
#define WEB_LINGER_MAX      ((size_t)16 << 20) /* bytes of a larger body that are read and dropped, so that its 413 is seen */
#define WEB_BACKLOG         512
#define WEB_REQUEST_TIME_US INT64_C(30000000)  /* from the last answer (or connecting) to the end of the next request */
#define WEB_ANSWER_TIME_US  INT64_C(120000000) /* until the client has read its answer */

struct api;
struct event_base;
struct form;
struct web;

/* Are web_listen, web_tls, web_url and the certificate such that it can start? Also for --check-config. */
MUST_CHECK enum status web_check(const struct config *config, struct errmsg *ret_errmsg);

/* Does nothing (*ret_web = NULL) when web_listen is empty. errmsg names address and reason. */
MUST_CHECK enum status web_create(struct event_base *base, const struct config *config, struct metrics *metrics,
                                  const struct web_route *routes, size_t route_count, struct form *form, struct api *api,
                                  struct web **ret_web, struct errmsg *ret_errmsg);
/* The certificate for connections from now on. `wanted` is the configuration that is being taken over. */
MUST_CHECK enum status web_context_create(const struct config *wanted, SSL_CTX **ret_context, struct errmsg *ret_errmsg);
void web_set_context(struct web *web, SSL_CTX *context); /* takes it over; NULL web is fine */
void web_sweep(struct web *web, int64_t now_us);
void web_stop(struct web *web); /* accepts no more and closes what is idle */
size_t web_in_flight(const struct web *web);
/* After the store, which has answered everything by then. NULL is fine. */
void web_destroy(struct web *web);

#endif
