/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two threads that take families in turn; the job's own thread asks whether to go on.
 */
#include "parts.h"

#include "family.h"
#include "metrics.h"
#include "report.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TELL_MS 5 /* between two questions whether to go on, while one thread waits for the other */

/* What both know. */
struct parts {
    struct snapshot *snapshot;
    const struct progress *progress; /* of the job: told by its own thread alone */
    const struct path_share *share;
    struct result **results;
    size_t count;
    atomic_size_t next;           /* family that need not be alone and that nobody has taken */
    atomic_size_t ended;          /* families */
    atomic_size_t at;             /* family the second thread computes */
    atomic_bool stopping, beside; /* `beside`: the second thread is at work */
};
struct lane {
    struct parts *parts;
    bool own; /* the job's own thread */
    enum status status;
    struct errmsg error;
    size_t failed; /* family that failed */
};

/* The second thread hears from the first when to stop. */
static bool go_on(void *arg, const char *phase, unsigned permille)
{
    const struct parts *parts = arg;
    (void)phase;
    (void)permille;
    return !atomic_load(&parts->stopping);
}

/* The first tells how many families have ended, whoever computed them. */
static bool tell_parts(void *arg, const char *phase, unsigned permille)
{
    struct parts *parts = arg;
    (void)permille;
    size_t ended = atomic_load(&parts->ended);
    if (!progress_tell(parts->progress, phase, (unsigned)(ended * PARTS_PERMILLE / parts->count)))
        atomic_store(&parts->stopping, true);
    return !atomic_load(&parts->stopping);
}

static void part_run(struct lane *lane, size_t part)
{
    struct parts *parts = lane->parts;
    const char *name = report_family(part);
    const struct progress progress = {lane->own ? tell_parts : go_on, parts};
    const struct metrics_family *family = metrics_family(name);
    bool of_wave = family && family->needs & METRICS_NEED_WAVE;
    struct family_span span = {&progress, name, 0, 1000};
    if (!of_wave || *parts->snapshot->source.key)
        lane->status = family_run(name, parts->snapshot, parts->share, &span, &lane->error, &parts->results[part]);
    if (lane->status == STATUS_INVALID && of_wave)
        lane->status = STATUS_OK; /* the wave does not ask for what it tells of */
    if (lane->status != STATUS_OK) {
        lane->failed = part;
        atomic_store(&parts->stopping, true);
    }
    atomic_fetch_add(&parts->ended, 1);
}

static void lane_run(struct lane *lane)
{
    struct parts *parts = lane->parts;
    for (size_t i = 0; lane->own && i < parts->count && lane->status == STATUS_OK; i++)
        if (family_is_alone(report_family(i)))
            part_run(lane, i);
    for (size_t i; lane->status == STATUS_OK && !atomic_load(&parts->stopping) &&
                   (i = atomic_fetch_add(&parts->next, 1)) < parts->count;) {
        if (family_is_alone(report_family(i)))
            continue;
        if (!lane->own)
            atomic_store(&parts->at, i);
        part_run(lane, i);
    }
}

static void *lane_beside(void *arg)
{
    struct lane *lane = arg;
    lane_run(lane);
    atomic_store(&lane->parts->beside, false);
    return NULL;
}

/* Until the second thread is done, which a stop makes soon. */
static void wait_beside(struct parts *parts, pthread_t thread)
{
    const struct timespec while_ms = {.tv_nsec = TELL_MS * 1000000L};
    while (atomic_load(&parts->beside) && tell_parts(parts, report_family(atomic_load(&parts->at)), 0))
        nanosleep(&while_ms, NULL);
    pthread_join(thread, NULL);
}

/* What ended the report: a failure, not the stop that followed from it; of two failures the first family's. */
static const struct lane *what_ended(const struct lane *own, const struct lane *other)
{
    if (own->status == STATUS_OK || other->status == STATUS_OK)
        return own->status == STATUS_OK ? other : own;
    if ((own->status == STATUS_CANCELLED) != (other->status == STATUS_CANCELLED))
        return own->status == STATUS_CANCELLED ? other : own;
    return own->failed < other->failed ? own : other;
}

enum status parts_run(struct snapshot *snapshot, const struct path_share *share, const struct progress *progress,
                      struct result **ret_results, size_t count)
{
    struct parts parts = {.snapshot = snapshot, .progress = progress, .share = share, .results = ret_results, .count = count};
    struct lane own = {.parts = &parts, .own = true}, other = {.parts = &parts};
    pthread_t thread;
    atomic_store(&parts.beside, true);
    bool started = pthread_create(&thread, NULL, lane_beside, &other) == 0; /* if not, the one computes all of them */
    lane_run(&own);
    if (started)
        wait_beside(&parts, thread);
    const struct lane *ended = what_ended(&own, &other);
    if (ended->status == STATUS_OK) /* nobody failed, but somebody may have been told to stop */
        return atomic_load(&parts.stopping) ? database_cancelled(snapshot->database) : STATUS_OK;
    snapshot->database->error = ended->error;
    return ended->status;
}

/* ------------------------------------------------------------------------------------------------ in another language */
void parts_forget(struct parts_memory *memory)
{
    for (size_t i = 0; memory->filled && i < PARTS_MAX; i++)
        result_destroy(memory->results[i]);
    *memory = (struct parts_memory){.filled = false};
}

bool parts_recall(struct parts_memory *memory, const char *spec_hash, const char *watermark,
                  struct result *ret_results[PARTS_MAX])
{
    if (!memory->filled || strcmp(memory->spec_hash, spec_hash) != 0 || strcmp(memory->watermark, watermark) != 0)
        return false;
    memcpy(ret_results, memory->results, sizeof memory->results);
    memory->filled = false;
    return true;
}

void parts_remember(struct parts_memory *memory, const char *spec_hash, const char *watermark,
                    struct result *const results[PARTS_MAX])
{
    parts_forget(memory);
    snprintf(memory->spec_hash, sizeof memory->spec_hash, "%s", spec_hash);
    snprintf(memory->watermark, sizeof memory->watermark, "%s", watermark);
    memcpy(memory->results, results, sizeof memory->results);
    memory->filled = true;
}
