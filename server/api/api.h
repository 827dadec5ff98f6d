/* SPDX-License-Identifier: GPL-3.0-or-later
 * The HTTP API below /v1, and the sessions of the pages below /explore.
 *
 * A request shows a token (Authorization: Bearer) or a session's cookie, becomes a message, and goes through the same table as
 * messages over protobuf (server/dispatch_rows.c); the answer becomes JSON by proto/json.h, or another format by formats/.
 * Errors are problem+json (RFC 9457). Results that are stored are answered from memory while nothing has changed that they rest
 * on, which the database is asked at most once a second.
 *
 * Owns nothing of the daemon; turns (api_internal.h) live in their exchange.
 */
#ifndef SAMORDNING_API_H
#define SAMORDNING_API_H

#include "config.h"
#include "status.h"

#include <stdint.h>

struct api;
struct aside;
struct dispatch;
struct store;
struct web_exchange;

/* Reads or makes the keys in state_dir. errmsg says which file is wrong. */
MUST_CHECK enum status api_create(const struct config *config, struct dispatch *dispatch, struct aside *aside,
                                  struct api **ret_api, struct errmsg *ret_errmsg);
void api_set_store(struct api *api, struct store *store); /* before the first request */
void api_sweep(struct api *api, int64_t now_us);          /* a few times a second; NULL is fine */
void api_stop(struct api *api);                           /* ends what streams; NULL is fine */
void api_destroy(struct api *api);                        /* after the store, which has answered everything; NULL is fine */

/* What server/routes.c gives paths to. */
void api_root(struct web_exchange *exchange);         /* /: the pages for who has a session, else the form */
void api_message(struct web_exchange *exchange);      /* every path that is one message (api_lists.c) */
void api_family(struct web_exchange *exchange);       /* /v1/results/{family} */
void api_result(struct web_exchange *exchange);       /* /v1/results/id/{id} */
void api_job_events(struct web_exchange *exchange);   /* /v1/jobs/{id}/events */
void api_interactions(struct web_exchange *exchange); /* /v1/interactions */
void api_session(struct web_exchange *exchange);      /* /v1/session */
void api_login(struct web_exchange *exchange);        /* /explore/login, GET and POST */
void api_logout(struct web_exchange *exchange);       /* /explore/logout, POST */

#endif
