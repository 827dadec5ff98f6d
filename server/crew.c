/* SPDX-License-Identifier: GPL-3.0-or-later
 * A queue of jobs, threads that do them, and a descriptor that wakes the loop.
 */
#include "crew.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct queue {
    struct crew_job *first, **last;
};
struct crew {
    const struct crew_kind *kind;
    int wake; /* eventfd */
    struct event *woken;
    pthread_t threads[CREW_THREADS_MAX];
    size_t thread_count, at_once;
    atomic_bool stopping;
    pthread_mutex_t lock; /* of the queues */
    pthread_cond_t more;
    struct queue waiting, done;
};

static void queue_put(struct queue *queue, struct crew_job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

static struct crew_job *queue_take(struct queue *queue)
{
    struct crew_job *job = queue->first;
    if (job != NULL && (queue->first = job->next) == NULL)
        queue->last = &queue->first;
    return job;
}

/* -------------------------------------------------------------------------------------------------------- a thread */
static void *work(void *arg)
{
    struct crew *crew = arg;
    void *own = crew->kind->begin != NULL ? crew->kind->begin() : NULL;
    pthread_mutex_lock(&crew->lock);
    while (!atomic_load(&crew->stopping)) {
        struct crew_job *job = queue_take(&crew->waiting);
        if (job == NULL) {
            pthread_cond_wait(&crew->more, &crew->lock);
            continue;
        }
        pthread_mutex_unlock(&crew->lock);
        crew->kind->work(crew, job, own);
        pthread_mutex_lock(&crew->lock);
        queue_put(&crew->done, job);
        (void)eventfd_write(crew->wake, 1);
    }
    pthread_mutex_unlock(&crew->lock);
    if (crew->kind->end != NULL)
        crew->kind->end(own);
    return NULL;
}

bool crew_is_stopping(const struct crew *crew)
{
    return atomic_load(&crew->stopping);
}

/* -------------------------------------------------------------------------------------------------------- the loop */
static struct crew_job *take(struct crew *crew, struct queue *queue)
{
    pthread_mutex_lock(&crew->lock);
    struct crew_job *job = queue_take(queue);
    pthread_mutex_unlock(&crew->lock);
    return job;
}

static void woken_cb(evutil_socket_t fd, short what, void *arg)
{
    struct crew *crew = arg;
    eventfd_t count;
    (void)eventfd_read(crew->wake, &count);
    for (struct crew_job *job; (job = take(crew, &crew->done)) != NULL;)
        crew->kind->done(job);
}

/* Signals are the loop's. */
static bool start_thread(struct crew *crew)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&crew->threads[crew->thread_count], NULL, work, crew) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    crew->thread_count += started;
    return started;
}

bool crew_put(struct crew *crew, struct crew_job *job)
{
    if (atomic_load(&crew->stopping))
        return false; /* `done` may ask for more while crew_destroy() tells it: nobody would join another thread */
    if (crew->thread_count < crew->at_once && !start_thread(crew) && crew->thread_count == 0)
        return false;
    pthread_mutex_lock(&crew->lock);
    queue_put(&crew->waiting, job);
    pthread_cond_signal(&crew->more);
    pthread_mutex_unlock(&crew->lock);
    return true;
}

struct crew *crew_create(struct event_base *base, size_t at_once, const struct crew_kind *kind)
{
    struct crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL)
        return NULL;
    crew->kind = kind;
    crew->at_once = at_once < CREW_THREADS_MAX ? at_once : CREW_THREADS_MAX;
    crew->waiting.last = &crew->waiting.first;
    crew->done.last = &crew->done.first;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->more, NULL);
    crew->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    crew->woken = crew->wake >= 0 ? event_new(base, crew->wake, EV_READ | EV_PERSIST, woken_cb, crew) : NULL;
    if (crew->woken == NULL || event_add(crew->woken, NULL) != 0) {
        crew_destroy(crew);
        return NULL;
    }
    return crew;
}

void crew_destroy(struct crew *crew)
{
    if (crew == NULL)
        return;
    pthread_mutex_lock(&crew->lock);
    atomic_store(&crew->stopping, true);
    pthread_cond_broadcast(&crew->more);
    pthread_mutex_unlock(&crew->lock);
    for (size_t i = 0; i < crew->thread_count; i++)
        pthread_join(crew->threads[i], NULL);
    struct queue *const queues[] = {&crew->done, &crew->waiting};
    for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++)
        for (struct crew_job *job; (job = take(crew, queues[i])) != NULL;)
            crew->kind->done(job);
    if (crew->woken != NULL)
        event_free(crew->woken);
    if (crew->wake >= 0)
        close(crew->wake);
    pthread_cond_destroy(&crew->more);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
}
