/* SPDX-License-Identifier: GPL-3.0-or-later
 * Takes, returns and hands out bytes in order.
 */
#include "admission.h"

#include <assert.h>
#include <event2/event.h>

static bool admission_fits(const struct admission *admission, size_t bytes)
{
    return admission->used == 0 || (admission->used < admission->limit && bytes <= admission->limit - admission->used);
}

static void admission_grant_cb(evutil_socket_t fd, short what, void *arg)
{
    struct admission *admission = arg;
    struct admission_wait *wait;
    while ((wait = TAILQ_FIRST(&admission->waiting)) != NULL && admission_fits(admission, wait->bytes)) {
        admission_leave(admission, wait);
        admission->used += wait->bytes;
        wait->granted(wait);
    }
}

enum status admission_init(struct admission *admission, struct event_base *base, size_t limit)
{
    *admission = (struct admission){.limit = limit};
    TAILQ_INIT(&admission->waiting);
    admission->grant = event_new(base, -1, 0, admission_grant_cb, admission);
    return admission->grant != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

void admission_release(struct admission *admission)
{
    if (admission->grant != NULL)
        event_free(admission->grant);
    admission->grant = NULL;
}

bool admission_take(struct admission *admission, size_t bytes, struct admission_wait *wait)
{
    assert(!wait->is_waiting);
    if (TAILQ_EMPTY(&admission->waiting) && admission_fits(admission, bytes)) {
        admission->used += bytes;
        return true;
    }
    wait->bytes = bytes;
    wait->is_waiting = true;
    TAILQ_INSERT_TAIL(&admission->waiting, wait, entry);
    return false;
}

void admission_add(struct admission *admission, size_t bytes)
{
    admission->used += bytes;
}

void admission_return(struct admission *admission, size_t bytes)
{
    assert(bytes <= admission->used);
    admission->used -= bytes;
    if (!TAILQ_EMPTY(&admission->waiting))
        event_active(admission->grant, 0, 0);
}

void admission_leave(struct admission *admission, struct admission_wait *wait)
{
    if (!wait->is_waiting)
        return;
    wait->is_waiting = false;
    TAILQ_REMOVE(&admission->waiting, wait, entry);
    /* The next in line may be smaller and fit. */
    if (!TAILQ_EMPTY(&admission->waiting))
        event_active(admission->grant, 0, 0);
}
