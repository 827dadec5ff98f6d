/* SPDX-License-Identifier: GPL-3.0-or-later
 * The private PostgreSQL: made, started, watched and stopped by the daemon; reachable through a Unix socket only.
 *
 * Lives in state_dir/postgres (data, run, postgres.log), owned by cluster_user when the daemon is root. A cluster that runs
 * already, because a daemon died, is adopted. Operators may add settings in state_dir/postgres/data/local.conf.
 */
#ifndef SAMORDNING_CLUSTER_H
#define SAMORDNING_CLUSTER_H

#include "config.h"
#include "status.h"

#include <stdbool.h>

#define CLUSTER_START_TIMEOUT_MS 60000 /* without an answer at all; recovery may take longer and is waited for */
#define CLUSTER_STOP_TIMEOUT_MS  30000
#define CLUSTER_LOG_BYTES        (10 << 20) /* postgres.log is put aside as postgres.log.1 at a start beyond this */

struct cluster;
struct event_base;

/* Takes the state directory for this daemon: a second one would adopt the first one's PostgreSQL and stop it under its feet.
 * The claim ends with the descriptor, also when the daemon is killed. */
MUST_CHECK enum status cluster_claim(const struct config *config, int *ret_claim, struct errmsg *ret_errmsg);

/* Blocks until it answers. STATUS_UNAVAILABLE with one line that can be acted on. */
MUST_CHECK enum status cluster_open(const struct config *config, struct cluster **ret_cluster, struct errmsg *ret_errmsg);
const char *cluster_conninfo(const struct cluster *cluster);
bool cluster_was_running(const struct cluster *cluster);

/* Starts it again with back-off whenever it dies; restarted is called after each such start. */
MUST_CHECK enum status cluster_watch(struct cluster *cluster, struct event_base *base, void (*restarted)(void *arg), void *arg);

void cluster_close(struct cluster *cluster, bool stop); /* NULL is fine */

/* Quotes a value for a libpq connection string; false: does not fit. */
bool cluster_quote(const char *value, char *ret_text, size_t size);

#endif
