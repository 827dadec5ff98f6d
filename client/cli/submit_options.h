/* SPDX-License-Identifier: GPL-3.0-or-later
 * The options of submit, read and checked.
 */
#ifndef SAMORDNING_SUBMIT_OPTIONS_H
#define SAMORDNING_SUBMIT_OPTIONS_H

#include "arguments.h"
#include "progress.h"
#include "source.h"

#include <limits.h>

struct submit_options {
    struct source_options source;
    char shorthand[4][512]; /* --type, --case, --classification as constants */
    char delivery_from[16], delivery_to[16];
    bool delivery_all_actors, correct, dry_run, json;
    enum progress_kind progress;
    const char *ids;   /* file for the ids; NULL = none */
    const char *spool; /* NULL = none */
    char spool_path[PATH_MAX];
    unsigned batch, in_flight;
    uint64_t retry_for_s;
};

/* False: what is wrong has been said. The options point into themselves and into the arguments. */
bool submit_options_read(struct submit_options *options, const struct arguments *arguments);

extern const struct option_row submit_option_rows[];
extern const struct section submit_sections[];

#endif
