/* SPDX-License-Identifier: GPL-3.0-or-later
 * A few connections that share one queue of requests, for everything but gatherings. What is sent must be safe to send again: a
 * request whose connection is lost goes back to the head of the queue.
 */
#ifndef SAMORDNING_DB_POOL_H
#define SAMORDNING_DB_POOL_H

#include "db.h"

#define DB_POOL_QUEUE_MAX 4096

struct db_pool;

/* changed is called when the first connection comes up and when the last one is lost. NULL: out of memory. */
struct db_pool *db_pool_create(struct event_base *base, const char *conninfo, const char *setup, const uint64_t *retry_max_ms,
                               size_t connections, const struct db_handlers *handlers, void *owner);
void db_pool_start(struct db_pool *pool);
/* False: the queue is full and the request was not taken (done is not called). */
bool db_pool_send(struct db_pool *pool, struct db_request *request);
bool db_pool_is_up(const struct db_pool *pool);
size_t db_pool_waiting(const struct db_pool *pool);
void db_pool_retry_now(struct db_pool *pool);
void db_pool_destroy(struct db_pool *pool); /* whatever waits or runs is answered DB_LOST first */

#endif
