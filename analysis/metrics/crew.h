/* SPDX-License-Identifier: GPL-3.0-or-later
 * All cores for one computation: tasks are taken in turn from a counter, each worker fills a state of its own, and the states
 * are added up at the end.
 *
 * The caller's thread works too, and it alone asks `proceed`; small jobs start no thread at all. Who does which task depends on
 * the machine's mood, so states must add up to the same bits whoever filled them: integers, or slots no two tasks share.
 * Nothing that runs here may call igraph.
 */
#ifndef SAMORDNING_CREW_H
#define SAMORDNING_CREW_H

#include "vectors.h"

#include <stdbool.h>
#include <stddef.h>

#define CREW_THREADS_MAX   64
#define CREW_PROCEED_MS    50  /* between two questions whether to go on */
#define CREW_ALONE_NS      2e6 /* less work than this is not worth a thread */
#define CREW_STACK_BYTES   ((size_t)1 << 20)
#define CREW_LOOK_EVERY_NS 1e5 /* work between two looks at crew_stopping */

struct path_share;
struct crew {
    unsigned threads;     /* 0 = as many as there are cores for this process; at most CREW_THREADS_MAX */
    enum vectors vectors; /* VECTORS_BEST but in tests */
    bool (*proceed)(void *arg, unsigned permille); /* false = stop; may be NULL */
    void *arg;
    const struct path_share *share; /* other workers, for what can use them (path_work.h); may be NULL */
};
unsigned crew_threads(const struct crew *crew); /* what `threads` comes to on this machine, for plenty of work */

enum crew_status { CREW_OK, CREW_STOPPED, CREW_NO_MEMORY };

struct crew_watch; /* of one worker */
/* True: leave the task now. Tasks ask at least every CREW_LOOK_EVERY_NS or so. */
bool crew_stopping(struct crew_watch *watch);

struct crew_job {
    size_t first, last;        /* tasks [first, last) */
    double task_ns;            /* roughly; decides how many threads are worth it */
    void *(*begin)(void *arg); /* a worker's state; NULL = no memory */
    void (*task)(void *arg, void *state, size_t task, struct crew_watch *watch);
    void (*end)(void *arg, void *state, bool done); /* releases it; done = add it up first. One after the other */
    void *arg;
};
enum crew_status crew_run(const struct crew *crew, const struct crew_job *job);

#endif
