/* SPDX-License-Identifier: GPL-3.0-or-later
 * The local analysis workers: started, watched, started again with back-off when they end, stopped with the daemon.
 */
#ifndef SAMORDNING_WORKERS_H
#define SAMORDNING_WORKERS_H

#include "store_internal.h"

#define WORKERS_MAX            256
#define WORKERS_WATCH_MS       200
#define WORKERS_BACKOFF_MAX_MS 10000
#define WORKERS_STOP_MS        3000 /* before they are killed */

struct workers *workers_create(struct store *store);
void workers_start(struct workers *workers); /* from now on keeps config->workers of them running */
void workers_stop(struct workers *workers);  /* asks them to end; they are not started again */
size_t workers_running(const struct workers *workers);
void workers_destroy(struct workers *workers); /* stops what still runs, waiting up to WORKERS_STOP_MS */

#endif
