/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loopback HTTP port: /metrics for Prometheus, /health (the loop turns) and /ready (the database answers).
 */
#ifndef SAMORDNING_HTTP_H
#define SAMORDNING_HTTP_H

#include "config.h"
#include "metrics.h"
#include "status.h"

#include <stdbool.h>

#define HTTP_HEADERS_MAX 4096
#define HTTP_BODY_MAX    1024
#define HTTP_TIMEOUT_S   10
#define HTTP_BACKLOG     16

struct event_base;
struct http;

/* Is http_listen an address this daemon may use? */
MUST_CHECK enum status http_check(const struct config *config, struct errmsg *ret_errmsg);
/* Does nothing (*ret_http = NULL) when http_listen is empty. is_ready is asked for /ready. errmsg names address and reason. */
MUST_CHECK enum status http_create(struct event_base *base, const struct config *config, const struct metrics *metrics,
                                   bool (*is_ready)(void *arg), void *arg, struct http **ret_http, struct errmsg *ret_errmsg);
void http_destroy(struct http *http);

#endif
