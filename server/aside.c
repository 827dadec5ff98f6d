/* SPDX-License-Identifier: GPL-3.0-or-later
 * A thread, two lists under a lock, and a descriptor that wakes the loop.
 */
#include "aside.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

STAILQ_HEAD(aside_list, aside_work);

struct aside {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct aside_list waiting, finished; /* under the lock, like the two below */
    size_t waiting_count;
    bool is_ending;
    int wake; /* eventfd */
    struct event *woken;
    bool has_thread;
};

static void *aside_run(void *arg)
{
    struct aside *aside = arg;
    pthread_mutex_lock(&aside->lock);
    while (!aside->is_ending) {
        struct aside_work *work = STAILQ_FIRST(&aside->waiting);
        if (work == NULL) {
            pthread_cond_wait(&aside->more, &aside->lock);
            continue;
        }
        STAILQ_REMOVE_HEAD(&aside->waiting, entry);
        aside->waiting_count--;
        pthread_mutex_unlock(&aside->lock);
        work->work(work);
        pthread_mutex_lock(&aside->lock);
        STAILQ_INSERT_TAIL(&aside->finished, work, entry);
        uint64_t one = 1;
        while (write(aside->wake, &one, sizeof one) < 0 && errno == EINTR)
            ;
    }
    pthread_mutex_unlock(&aside->lock);
    return NULL;
}

static void aside_finish(struct aside *aside)
{
    struct aside_list finished;
    STAILQ_INIT(&finished);
    pthread_mutex_lock(&aside->lock);
    STAILQ_CONCAT(&finished, &aside->finished);
    pthread_mutex_unlock(&aside->lock);
    for (struct aside_work *work; (work = STAILQ_FIRST(&finished)) != NULL;) {
        STAILQ_REMOVE_HEAD(&finished, entry);
        work->done(work);
    }
}

static void aside_woken_cb(evutil_socket_t fd, short what, void *arg)
{
    uint64_t count;
    if (read(fd, &count, sizeof count) == (ssize_t)sizeof count)
        aside_finish(arg);
}

enum status aside_create(struct event_base *base, struct aside **ret_aside)
{
    sigset_t all, old;
    struct aside *aside = calloc(1, sizeof *aside);
    if (aside == NULL)
        return STATUS_NO_MEMORY;
    STAILQ_INIT(&aside->waiting);
    STAILQ_INIT(&aside->finished);
    pthread_mutex_init(&aside->lock, NULL);
    pthread_cond_init(&aside->more, NULL);
    aside->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    aside->woken = aside->wake >= 0 ? event_new(base, aside->wake, EV_READ | EV_PERSIST, aside_woken_cb, aside) : NULL;
    /* Signals are the loop's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    aside->has_thread = aside->woken != NULL && event_add(aside->woken, NULL) == 0 &&
                        pthread_create(&aside->thread, NULL, aside_run, aside) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!aside->has_thread) {
        aside_destroy(aside);
        return STATUS_NO_MEMORY;
    }
    *ret_aside = aside;
    return STATUS_OK;
}

bool aside_add(struct aside *aside, struct aside_work *work)
{
    pthread_mutex_lock(&aside->lock);
    bool has_room = aside->waiting_count < ASIDE_WAITING_MAX && !aside->is_ending;
    if (has_room) {
        STAILQ_INSERT_TAIL(&aside->waiting, work, entry);
        aside->waiting_count++;
        pthread_cond_signal(&aside->more);
    }
    pthread_mutex_unlock(&aside->lock);
    return has_room;
}

void aside_destroy(struct aside *aside)
{
    if (aside == NULL)
        return;
    pthread_mutex_lock(&aside->lock);
    aside->is_ending = true;
    pthread_cond_signal(&aside->more);
    pthread_mutex_unlock(&aside->lock);
    if (aside->has_thread)
        pthread_join(aside->thread, NULL);
    STAILQ_CONCAT(&aside->finished, &aside->waiting);
    aside_finish(aside);
    if (aside->woken != NULL)
        event_free(aside->woken);
    if (aside->wake >= 0)
        close(aside->wake);
    pthread_cond_destroy(&aside->more);
    pthread_mutex_destroy(&aside->lock);
    free(aside);
}
