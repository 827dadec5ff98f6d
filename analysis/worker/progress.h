/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far a job has come, told to whoever started it; false means stop, somebody cancelled.
 */
#ifndef SAMORDNING_PROGRESS_H
#define SAMORDNING_PROGRESS_H

#include <stdbool.h>

struct progress {
    bool (*tell)(void *arg, const char *phase, unsigned permille);
    void *arg;
};
static inline bool progress_tell(const struct progress *progress, const char *phase, unsigned permille)
{
    return !progress || !progress->tell || progress->tell(progress->arg, phase, permille);
}

#endif
