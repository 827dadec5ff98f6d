/* SPDX-License-Identifier: GPL-3.0-or-later
 * Threads for the length of one computation.
 */
#include "crew.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

struct shift {
    const struct crew *crew;
    const struct crew_job *job;
    atomic_size_t next, finished; /* tasks */
    atomic_bool stop;
    pthread_mutex_t lock;
    pthread_cond_t gone_home;
    size_t at_work; /* started threads that have not ended; under the lock */
};

struct crew_watch {
    struct shift *shift;
    bool caller; /* the one that asks proceed */
    double asked_ms;
};

struct worker {
    struct crew_watch watch;
    void *state;
    pthread_t thread;
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

bool crew_stopping(struct crew_watch *watch)
{
    struct shift *shift = watch->shift;
    if (watch->caller && shift->crew->proceed) {
        double now = now_ms();
        if (now - watch->asked_ms >= CREW_PROCEED_MS) {
            size_t tasks = shift->job->last - shift->job->first;
            size_t permille = atomic_load_explicit(&shift->finished, memory_order_relaxed) * 1000 / tasks;
            if (!shift->crew->proceed(shift->crew->arg, (unsigned)permille))
                atomic_store_explicit(&shift->stop, true, memory_order_relaxed);
            watch->asked_ms = now;
        }
    }
    return atomic_load_explicit(&shift->stop, memory_order_relaxed);
}

static void work(struct worker *worker)
{
    struct shift *shift = worker->watch.shift;
    const struct crew_job *job = shift->job;
    size_t task;
    while (!crew_stopping(&worker->watch) &&
           (task = atomic_fetch_add_explicit(&shift->next, 1, memory_order_relaxed)) < job->last) {
        job->task(job->arg, worker->state, task, &worker->watch);
        atomic_fetch_add_explicit(&shift->finished, 1, memory_order_relaxed);
    }
}

static void *thread_main(void *arg)
{
    struct worker *worker = arg;
    struct shift *shift = worker->watch.shift;
    work(worker);
    pthread_mutex_lock(&shift->lock);
    shift->at_work--;
    pthread_cond_signal(&shift->gone_home);
    pthread_mutex_unlock(&shift->lock);
    return NULL;
}

/* Waits for the others without letting a question to the caller wait. */
static void wait_for_others(struct shift *shift, struct crew_watch *watch)
{
    pthread_mutex_lock(&shift->lock);
    while (shift->at_work > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += CREW_PROCEED_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&shift->gone_home, &shift->lock, &until);
        pthread_mutex_unlock(&shift->lock);
        crew_stopping(watch);
        pthread_mutex_lock(&shift->lock);
    }
    pthread_mutex_unlock(&shift->lock);
}

unsigned crew_threads(const struct crew *crew)
{
    size_t wanted = crew->threads;
    cpu_set_t cores;
    if (wanted == 0)
        wanted = sched_getaffinity(0, sizeof cores, &cores) == 0 ? (size_t)CPU_COUNT(&cores) : 1;
    return wanted < CREW_THREADS_MAX ? (unsigned)wanted : CREW_THREADS_MAX;
}

static size_t workers_for(const struct crew *crew, const struct crew_job *job)
{
    size_t tasks = job->last - job->first, wanted = crew_threads(crew);
    if (crew->threads == 0 && (double)tasks * job->task_ns < CREW_ALONE_NS)
        wanted = 1;
    return wanted < tasks ? wanted : tasks;
}

/* Starts workers[1..count); a thread that cannot be had is done without. Signals stay with the caller's thread. */
static size_t start(struct worker *workers, size_t count)
{
    struct shift *shift = workers[0].watch.shift;
    pthread_attr_t attributes;
    if (count < 2 || pthread_attr_init(&attributes) != 0)
        return 1;
    pthread_attr_setstacksize(&attributes, CREW_STACK_BYTES);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    size_t started = 1;
    for (; started < count; started++) {
        pthread_mutex_lock(&shift->lock);
        shift->at_work++;
        pthread_mutex_unlock(&shift->lock);
        if (pthread_create(&workers[started].thread, &attributes, thread_main, &workers[started]) != 0) {
            pthread_mutex_lock(&shift->lock);
            shift->at_work--;
            pthread_mutex_unlock(&shift->lock);
            break;
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

enum crew_status crew_run(const struct crew *crew, const struct crew_job *job)
{
    if (job->last <= job->first)
        return CREW_OK;
    struct shift shift = {.crew = crew, .job = job, .lock = PTHREAD_MUTEX_INITIALIZER, .gone_home = PTHREAD_COND_INITIALIZER};
    atomic_init(&shift.next, job->first);
    struct worker workers[CREW_THREADS_MAX];
    size_t wanted = workers_for(crew, job), ready = 0;
    for (; ready < wanted; ready++) {
        workers[ready] = (struct worker){.watch = {&shift, ready == 0, -INFINITY}, .state = job->begin(job->arg)};
        if (!workers[ready].state)
            break; /* fewer will do */
    }
    if (ready == 0)
        return CREW_NO_MEMORY;
    size_t started = start(workers, ready);
    work(&workers[0]);
    wait_for_others(&shift, &workers[0].watch);
    for (size_t w = 1; w < started; w++)
        pthread_join(workers[w].thread, NULL);
    /* Asked at the end as well, so that a job too short for a second question still tells that it is done. */
    bool done = !atomic_load(&shift.stop) && (!crew->proceed || crew->proceed(crew->arg, 1000));
    for (size_t w = 0; w < ready; w++)
        job->end(job->arg, workers[w].state, done);
    return done ? CREW_OK : CREW_STOPPED;
}
