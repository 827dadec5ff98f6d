/* SPDX-License-Identifier: GPL-3.0-or-later
 * A crew of one, with a limit on what waits for it.
 */
#include "aside.h"

#include <stdlib.h>

struct aside {
    struct crew *crew;
    size_t count; /* pieces added and not done */
};

static void aside_work(const struct crew *crew, struct crew_job *job, void *own)
{
    struct aside_work *work = (struct aside_work *)(void *)job;
    work->work(work);
}

static void aside_done(struct crew_job *job)
{
    struct aside_work *work = (struct aside_work *)(void *)job;
    work->aside->count--;
    work->done(work);
}

enum status aside_create(struct event_base *base, struct aside **ret_aside)
{
    static const struct crew_kind kind = {.work = aside_work, .done = aside_done};
    struct aside *aside = calloc(1, sizeof *aside);
    if (aside == NULL || (aside->crew = crew_create(base, 1, &kind)) == NULL) {
        free(aside);
        return STATUS_NO_MEMORY;
    }
    *ret_aside = aside;
    return STATUS_OK;
}

bool aside_add(struct aside *aside, struct aside_work *work)
{
    work->aside = aside;
    if (aside->count >= ASIDE_COUNT_MAX || !crew_put(aside->crew, &work->in_crew))
        return false;
    aside->count++;
    return true;
}

void aside_destroy(struct aside *aside)
{
    if (aside == NULL)
        return;
    crew_destroy(aside->crew);
    free(aside);
}
