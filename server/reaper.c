/* SPDX-License-Identifier: GPL-3.0-or-later
 * Keeps the list of the dead and buries them.
 */
#include "reaper.h"

#include <event2/event.h>

static void reaper_run(struct reaper *reaper)
{
    struct reaper_entry *entry;
    while ((entry = STAILQ_FIRST(&reaper->dead)) != NULL) {
        STAILQ_REMOVE_HEAD(&reaper->dead, link);
        entry->destroy(entry);
    }
}

static void reaper_turn_cb(evutil_socket_t fd, short what, void *arg)
{
    reaper_run(arg);
}

enum status reaper_init(struct reaper *reaper, struct event_base *base)
{
    STAILQ_INIT(&reaper->dead);
    reaper->turn = event_new(base, -1, 0, reaper_turn_cb, reaper);
    return reaper->turn != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

void reaper_release(struct reaper *reaper)
{
    reaper_run(reaper);
    if (reaper->turn != NULL)
        event_free(reaper->turn);
    reaper->turn = NULL;
}

void reaper_add(struct reaper *reaper, struct reaper_entry *entry, void (*destroy)(struct reaper_entry *entry))
{
    entry->destroy = destroy;
    STAILQ_INSERT_TAIL(&reaper->dead, entry, link);
    event_active(reaper->turn, 0, 0);
}
