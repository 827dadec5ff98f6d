/* SPDX-License-Identifier: GPL-3.0-or-later
 * The worker: takes jobs, watches over the processes that answer them, tells how far they are.
 */
#ifndef SAMORDNING_WORKER_H
#define SAMORDNING_WORKER_H

#include "options.h"

/* Until told to stop, or with once or run until done. Returns the exit code. */
int worker_run(const struct worker_options *options);

#endif
