/* SPDX-License-Identifier: GPL-3.0-or-later
 * One job in a process of its own, so that a crash, a leak or an endless computation costs one job.
 */
#ifndef SAMORDNING_CHILD_H
#define SAMORDNING_CHILD_H

#include "answer.h"
#include "options.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a child says on its pipe: how far it is, or in the end why it failed. */
struct child_message {
    int32_t failed; /* 0: progress; 1: the last words */
    int32_t status;
    uint32_t permille;
    char text[400]; /* phase, or reason */
};
enum child_state { CHILD_FREE, CHILD_RUNNING, CHILD_ENDED };

struct child {
    enum child_state state;
    pid_t pid;
    int fd; /* read end; -1 = closed */
    struct job job;
    int64_t started_ms, beat_ms, told_ms; /* monotonic */
    uint32_t permille;
    char phase[64];
    bool news;                           /* progress nobody was told of yet */
    bool cancelled, overdue, given_back; /* why it was killed */
    bool failed;
    enum status status;
    char reason[400];
};

/* Forks. `database` is the parent's, which the child must not use. Takes over job.spec. False: errno says why. */
bool child_start(struct child *child, const struct worker_options *options, const char *worker, struct database *database,
                 struct job *job);
/* Takes what the child said and, when it is gone, its end. */
void child_read(struct child *child);
void child_kill(struct child *child);
void child_release(struct child *child);

int64_t child_now_ms(void);

#endif
