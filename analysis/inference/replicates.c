/* SPDX-License-Identifier: GPL-3.0-or-later
 * Threads that take the next number until none is left.
 */
#include "replicates.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#define ASK_EVERY_MS 50

struct crowd {
    const struct replicates *plan;
    atomic_size_t next;
    atomic_int status; /* enum replicates_status: the first that is not OK ends it for all */
};
struct replicates_watch {
    struct crowd *crowd;
    bool asks; /* the calling thread, which alone may ask */
    unsigned permille, asked;
    struct timespec asked_at;
};

static bool is_time(struct replicates_watch *watch)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long passed_ms = (long)(now.tv_sec - watch->asked_at.tv_sec) * 1000 + (now.tv_nsec - watch->asked_at.tv_nsec) / 1000000;
    return passed_ms >= ASK_EVERY_MS;
}

static bool going(const struct crowd *crowd)
{
    return atomic_load_explicit(&crowd->status, memory_order_relaxed) == REPLICATES_OK;
}

static void end(struct crowd *crowd, enum replicates_status status)
{
    int ok = REPLICATES_OK;
    atomic_compare_exchange_strong(&crowd->status, &ok, (int)status);
}

static void ask(struct replicates_watch *watch)
{
    const struct replicates *plan = watch->crowd->plan;
    watch->asked = watch->permille;
    clock_gettime(CLOCK_MONOTONIC, &watch->asked_at);
    if (!plan->proceed(plan->proceed_arg, watch->permille))
        end(watch->crowd, REPLICATES_STOPPED);
}

bool replicates_going(struct replicates_watch *watch)
{
    if (watch->asks && watch->crowd->plan->proceed && is_time(watch))
        ask(watch);
    return going(watch->crowd);
}

static void work(struct crowd *crowd, bool asks)
{
    const struct replicates *plan = crowd->plan;
    struct replicates_watch watch = {.crowd = crowd, .asks = asks, .asked = 1001};
    void *scratch = plan->open(plan->arg);
    if (!scratch) {
        end(crowd, REPLICATES_NO_MEMORY);
        return;
    }
    while (going(crowd)) {
        size_t replicate = atomic_fetch_add(&crowd->next, 1);
        if (replicate >= plan->count)
            break;
        watch.permille = (unsigned)((double)replicate * 1000 / (double)plan->count);
        /* Each per mille is asked about once: a thousand questions are enough for a million replicates. */
        if (asks && plan->proceed && watch.permille != watch.asked)
            ask(&watch);
        enum replicates_status status = plan->run(plan->arg, scratch, replicate, &watch);
        if (status != REPLICATES_OK)
            end(crowd, status);
    }
    plan->close(scratch);
}

static void *work_apart(void *crowd)
{
    work(crowd, false);
    return NULL;
}

static size_t thread_count(const struct replicates *plan)
{
    long cores = plan->threads ? (long)plan->threads : sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = cores < 1 ? 1 : cores > REPLICATES_THREADS_MAX ? REPLICATES_THREADS_MAX : (size_t)cores;
    return wanted < plan->count ? wanted : plan->count;
}

enum replicates_status replicates_run(const struct replicates *plan)
{
    if (plan->count == 0)
        return REPLICATES_OK;
    struct crowd crowd = {.plan = plan};
    pthread_t threads[REPLICATES_THREADS_MAX];
    size_t wanted = thread_count(plan), started = 0;
    /* One that does not start leaves its share to the others. */
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, work_apart, &crowd) == 0)
        started++;
    work(&crowd, true);
    for (size_t t = 0; t < started; t++)
        pthread_join(threads[t], NULL);
    /* The others may have done the last of them: asked once more, so that whoever stops late is heard whoever did the work. */
    if (going(&crowd) && plan->proceed && !plan->proceed(plan->proceed_arg, 1000))
        return REPLICATES_STOPPED;
    return (enum replicates_status)atomic_load(&crowd.status);
}
