/* SPDX-License-Identifier: GPL-3.0-or-later
 * Jobs in processes of their own, so that a crash or an endless computation costs one job.
 *
 * A process that has answered a job waits a while for the next one: its connection is open, its statements are planned, and
 * what it has read serves again if nothing has changed. One that failed, was killed, has grown or has done much is not used
 * again.
 *
 *   FREE -> RUNNING -> ENDED -> IDLE -> RUNNING ...
 *                            -> FREE  (also from IDLE)
 */
#ifndef SAMORDNING_CHILD_H
#define SAMORDNING_CHILD_H

#include "answer.h"
#include "options.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a child says on its pipe: how far it is, and in the end what it did, or why it failed. */
enum child_word { CHILD_PROGRESS, CHILD_DONE, CHILD_FAILED };
struct child_message {
    int32_t word;
    int32_t status;
    uint32_t permille;
    int32_t stays;  /* with CHILD_DONE: it waits for another job */
    char text[400]; /* phase, account, or reason */
};
enum child_state { CHILD_FREE, CHILD_RUNNING, CHILD_ENDED, CHILD_IDLE };

#define CHILD_IDLE_MS  60000           /* a process may wait so long for its next job */
#define CHILD_JOBS_MAX 1000            /* of one process */
#define CHILD_KEEP_KIB ((long)1 << 19) /* a process that once used more memory is not kept */

struct child {
    enum child_state state;
    pid_t pid;
    int fd;     /* our end of the socket pair; -1 = closed */
    bool stays; /* the process lives though its job has ended */
    struct job job;
    int64_t started_ms, beat_ms, told_ms, idle_ms; /* monotonic */
    uint32_t permille;
    char phase[64];
    bool news;                           /* progress nobody was told of yet */
    bool strange;                        /* its job was not this worker's when last told of: it has just ended, or is lost */
    bool cancelled, overdue, given_back; /* why it was killed */
    bool killed;
    bool failed;
    enum status status;
    char reason[400];
    char account[200]; /* where the time went, or how many parts were done; for the log */
};

/* Gives the job to a process that is idle, or forks one. `database` is the parent's, which the child must not use. Takes over
 * job.spec. False: errno says why. */
bool child_start(struct child *child, const struct worker_options *options, const char *worker, struct database *database,
                 struct job *job);
/* Takes what the child said and, when it is gone, its end. */
void child_read(struct child *child);
void child_kill(struct child *child);
/* The end of its job was written: idle, or free. */
void child_rest(struct child *child);
void child_release(struct child *child);

int64_t child_now_ms(void);

#endif
