/* SPDX-License-Identifier: GPL-3.0-or-later
 * Brings a database's schema to this program's, under a lock. Blocking; used at start only.
 */
#ifndef SAMORDNING_MIGRATE_H
#define SAMORDNING_MIGRATE_H

#include "status.h"

#include <libpq-fe.h>

/* STATUS_UNSUPPORTED_VERSION: the schema is newer, or a migration that was applied has changed since; STATUS_UNAVAILABLE:
 * cannot be reached now; STATUS_INTERNAL: the database refused. errmsg says it in one line. */
MUST_CHECK enum status migrate_run(const char *conninfo, int connect_timeout_s, struct errmsg *ret_errmsg);

/* The same over a connection. Its settings are left as they were found. */
MUST_CHECK enum status migrate_connection(PGconn *conn, struct errmsg *ret_errmsg);

#endif
