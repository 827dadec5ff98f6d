/* SPDX-License-Identifier: GPL-3.0-or-later
 * A few threads beside the event loop, for work that waits for others: mail servers, file systems, web servers.
 *
 * Threads touch nothing of the daemon's but the job they have; what came out is told on the loop. No thread before there is a
 * job; one more with each that comes, up to `at_once`.
 */
#ifndef SAMORDNING_CREW_H
#define SAMORDNING_CREW_H

#include <stdbool.h>
#include <stddef.h>

#define CREW_THREADS_MAX 8

struct event_base;
struct crew;

/* Embedded in what the crew works on. */
struct crew_job {
    struct crew_job *next;
};

struct crew_kind {
    void *(*begin)(void);                                                   /* what a thread keeps; may be NULL */
    void (*work)(const struct crew *crew, struct crew_job *job, void *own); /* in a thread */
    void (*end)(void *own);                                                 /* may be NULL */
    void (*done)(struct crew_job *job); /* from the loop; a job nobody had time for comes as it was put */
};

/* at_once: up to CREW_THREADS_MAX. `kind` outlives it. NULL: out of memory. */
struct crew *crew_create(struct event_base *base, size_t at_once, const struct crew_kind *kind);
/* False: out of threads, or it is being destroyed; the job was not taken. */
bool crew_put(struct crew *crew, struct crew_job *job);
bool crew_is_stopping(const struct crew *crew); /* from any thread: work is to be broken off */
/* Waits for the threads; every job is done first. NULL is fine. */
void crew_destroy(struct crew *crew);

#endif
