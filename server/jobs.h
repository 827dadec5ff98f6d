/* SPDX-License-Identifier: GPL-3.0-or-later
 * Analyses asked for by clients: a row in knowledge.job, notifications from the worker, the packed result.
 *
 * Also the daemon's housekeeping: condensing asked for when days are quiet, jobs of dead workers given back.
 */
#ifndef SAMORDNING_JOBS_H
#define SAMORDNING_JOBS_H

#include "store_internal.h"

#define JOBS_OPEN_MAX    1000 /* analyses waiting in this daemon */
#define JOBS_LOOK_MS     5000 /* how often a waiting job is looked at without a notification */
#define JOBS_HOUSE_MS    1000
#define JOBS_HEARTBEAT_S 15 /* a worker silent for longer is dead */

struct jobs *jobs_create(struct store *store);
void jobs_destroy(struct jobs *jobs); /* answers what is open with UNAVAILABLE */
void jobs_notified(struct jobs *jobs, const char *channel, const char *payload);
void jobs_up(struct jobs *jobs); /* the listener is connected (again): notifications may have been missed */
size_t jobs_open(const struct jobs *jobs);

#endif
