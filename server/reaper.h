/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frees objects at the end of the loop turn in which they died, so that nothing is freed under its own callback.
 */
#ifndef SAMORDNING_REAPER_H
#define SAMORDNING_REAPER_H

#include "status.h"

#include <sys/queue.h>

struct event;
struct event_base;

struct reaper_entry { /* embedded in what dies */
    void (*destroy)(struct reaper_entry *entry);
    STAILQ_ENTRY(reaper_entry) link;
};
struct reaper {
    STAILQ_HEAD(, reaper_entry) dead;
    struct event *turn;
};

MUST_CHECK enum status reaper_init(struct reaper *reaper, struct event_base *base);
void reaper_release(struct reaper *reaper); /* destroys what is still listed */
void reaper_add(struct reaper *reaper, struct reaper_entry *entry, void (*destroy)(struct reaper_entry *entry));

#endif
