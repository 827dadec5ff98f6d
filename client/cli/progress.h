/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far a file has been read: a bar on a terminal, a line of JSON for machines, or nothing.
 */
#ifndef SAMORDNING_PROGRESS_H
#define SAMORDNING_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_kind { PROGRESS_NONE, PROGRESS_BAR, PROGRESS_JSON };

struct progress {
    enum progress_kind kind;
    const char *name;
    double started, shown; /* seconds, monotonic */
    bool drawn;
};

double progress_now(void); /* seconds, monotonic */
void progress_begin(struct progress *progress, enum progress_kind kind, const char *name);
/* Cheap when it is too early to show anything again. `total` 0 = not known. */
void progress_show(struct progress *progress, uint64_t position, uint64_t total, uint64_t interactions);
void progress_end(struct progress *progress, uint64_t position, uint64_t total, uint64_t interactions);

#endif
