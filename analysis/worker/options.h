/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the command line of samordning-analyse says.
 */
#ifndef SAMORDNING_WORKER_OPTIONS_H
#define SAMORDNING_WORKER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct worker_options {
    const char *database; /* libpq connection string */
    const char *run;      /* "family specification", or NULL */
    const char *language;
    bool once, list, help, version, recompute;
    uint32_t jobs;       /* at the same time */
    uint64_t memory_mib; /* of one job; 0 = no limit */
    uint64_t time_limit_s;
    uint64_t share_above_ms; /* path work that takes longer is offered to other workers; 0 = none */
    int nice;
};
#define WORKER_JOBS_MAX 64

/* False: what is wrong has been said on standard error. */
bool worker_options_parse(int argc, char **argv, struct worker_options *ret_options);
void worker_options_help(void);

#endif
