/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the daemon brings the store up and down; what it does meanwhile is in store.h, which is all that handlers see.
 *
 * The store lives on the daemon's event loop. Creating it starts the private cluster (when no database is configured), the
 * connections, migrations, the caches and the local workers, without blocking the loop longer than the private cluster's start
 * and the migrations need; a database that is away does not make it fail.
 */
#ifndef SAMORDNING_STORE_LIFE_H
#define SAMORDNING_STORE_LIFE_H

#include "config.h"
#include "metrics.h"
#include "status.h"

#include <stdbool.h>

struct event_base;
struct store;

/* STATUS_UNAVAILABLE: the private cluster cannot be started, or the schema is newer than this daemon; errmsg says it in one
 * line. base, config and metrics outlive the store. */
MUST_CHECK enum status store_create(struct event_base *base, const struct config *config, struct metrics *metrics,
                                    struct store **ret_store, struct errmsg *ret_errmsg);
/* After a reload: takes over changed settings (gathering, queue, workers). */
void store_configured(struct store *store);
bool store_is_ready(const struct store *store); /* the database answers and has our schema */
/* Commits what it has accepted, stops the local workers, then calls back from the loop once. Verbs called meanwhile still work.
 */
void store_drain(struct store *store, void (*drained)(void *arg), void *arg);
/* Calls still in flight are called back with STATUS_UNAVAILABLE before it returns (whether they were committed is unknown; the
 * client's retry finds out). Stops the private cluster. NULL is fine. */
void store_destroy(struct store *store);

#endif
