/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the store: a real one on a private PostgreSQL of its own, in a directory that is gone afterwards, and looks into
 * it by SQL.
 *
 * One for each program; its tests run one after the other in one process (CK_NOFORK).
 */
#ifndef SAMORDNING_RUNNING_STORE_H
#define SAMORDNING_RUNNING_STORE_H

#include "config.h"
#include "metrics.h"
#include "store.h"
#include "store_admin.h"
#include "store_life.h"

#include <check.h>
#include <event2/event.h>
#include <libpq-fe.h>

#define DEADLINE_US INT64_C(60000000)

extern char directory[64];
extern struct config config;
extern struct metrics metrics;
extern struct event_base *base;
extern struct store *store;
extern PGconn *conn; /* of the test's own, as the daemon's role */

struct running_organisation {
    const char *orgnr;
    uint32_t roles;                 /* PRINCIPAL_ROLE(...) | ... */
    struct principal ret_principal; /* known to the store when it runs */
};
/* Settings are keys and values by turns, NULL at the end. False: it has been said why. */
bool running_store_start(const char *const *settings, struct running_organisation *organisations, size_t count);
/* Runs one case in this process, stops the store, and gives the exit code. */
int running_store_run(TCase *tcase);

void wait_for(const bool *flag);
void wait_for_sql(const char *sql); /* until it gives another number than 0 */
long long sql_number(const char *sql);
void sql_run(const char *sql);
const char *store_conninfo(void);
void reconnect(void); /* `conn` anew, also while PostgreSQL comes back */
pid_t postmaster(void);

#endif
