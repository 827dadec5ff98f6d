/* SPDX-License-Identifier: GPL-3.0-or-later
 * Threads that take the next number until none is left.
 */
#include "replicates.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct crowd {
    const struct replicates *plan;
    atomic_size_t next;
    atomic_bool stopped, no_memory;
};

/* asks: the calling thread, which alone may ask. */
static void work(struct crowd *crowd, bool asks)
{
    const struct replicates *plan = crowd->plan;
    void *scratch = plan->open(plan->arg);
    if (!scratch) {
        atomic_store(&crowd->no_memory, true);
        return;
    }
    unsigned asked = 1001; /* per mille are asked about once each: a thousand questions are enough for a million replicates */
    while (!atomic_load_explicit(&crowd->stopped, memory_order_relaxed) &&
           !atomic_load_explicit(&crowd->no_memory, memory_order_relaxed)) {
        size_t replicate = atomic_fetch_add(&crowd->next, 1);
        if (replicate >= plan->count)
            break;
        unsigned permille = (unsigned)((double)replicate * 1000 / (double)plan->count);
        if (asks && plan->proceed && permille != asked) {
            asked = permille;
            if (!plan->proceed(plan->proceed_arg, permille))
                atomic_store(&crowd->stopped, true);
        }
        if (!plan->run(plan->arg, scratch, replicate))
            atomic_store(&crowd->no_memory, true);
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
    if (atomic_load(&crowd.no_memory))
        return REPLICATES_NO_MEMORY;
    return atomic_load(&crowd.stopped) ? REPLICATES_STOPPED : REPLICATES_OK;
}
