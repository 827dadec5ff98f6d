/* SPDX-License-Identifier: GPL-3.0-or-later
 * Forking, limiting, listening to, and burying the process of a job.
 */
#include "child.h"

#include "sharing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TELL_EVERY_MS 100

int64_t child_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---------------------------------------------------------------------------------------------------- in the child */
struct telling {
    int fd;
    int64_t told_ms;
    const char *phase;
};

/* Progress may be lost when the parent is busy; it is never waited for. */
static bool tell(void *arg, const char *phase, unsigned permille)
{
    struct telling *telling = arg;
    int64_t now_ms = child_now_ms();
    if (phase == telling->phase && now_ms - telling->told_ms < TELL_EVERY_MS)
        return true;
    telling->phase = phase;
    telling->told_ms = now_ms;
    struct child_message message = {.permille = permille};
    snprintf(message.text, sizeof message.text, "%s", phase);
    return write(telling->fd, &message, sizeof message) >= 0 || errno == EAGAIN || errno == EINTR;
}

static void limit(const struct worker_options *options)
{
#ifndef __SANITIZE_ADDRESS__ /* whose shadow needs terabytes of address space */
    if (options->memory_mib) {
        struct rlimit space = {options->memory_mib << 20, options->memory_mib << 20};
        setrlimit(RLIMIT_AS, &space);
    }
#endif
    struct rlimit core = {0, 0};
    setrlimit(RLIMIT_CORE, &core);
    if (setpriority(PRIO_PROCESS, 0, options->nice) != 0)
        errno = 0; /* a job that runs no nicer is still a job */
}

static enum status answer(const struct worker_options *options, const char *worker, const struct job *job,
                          const struct progress *progress, struct database *database)
{
    struct sharing sharing;
    sharing_init(&sharing, options->database, worker, job->id, options->share_above_ms);
    enum status status = answer_job(database, worker, job, &sharing.share, progress);
    sharing_release(&sharing);
    return status;
}

/* The last words say how much was done. */
static enum status help(const char *worker, const struct job *job, const struct progress *progress, int fd,
                        struct database *database)
{
    size_t parts;
    enum status status = sharing_help(database, worker, job->share, progress, &parts);
    struct child_message message = {.permille = 1000};
    snprintf(message.text, sizeof message.text, "%zu parts", parts);
    if (write(fd, &message, sizeof message) < 0)
        errno = 0; /* the number is for the log only */
    return status;
}

static int run(const struct worker_options *options, const char *worker, const struct job *job, int fd)
{
    char name[64];
    snprintf(name, sizeof name, "samordning-analyse job %lld", (long long)job->id);
    struct telling telling = {.fd = fd};
    struct progress progress = {tell, &telling};
    struct database database;
    enum status status = database_open(&database, options->database, name);
    if (status == STATUS_OK) {
        status = job->share ? help(worker, job, &progress, fd, &database) : answer(options, worker, job, &progress, &database);
        database_close(&database);
    }
    if (status == STATUS_OK)
        return 0;
    struct child_message message = {.failed = 1, .status = (int32_t)status};
    if (status == STATUS_NO_MEMORY && options->memory_mib)
        snprintf(message.text, sizeof message.text, "%.300s; one job may use %llu MiB (--memory-mib)", database.error.text,
                 (unsigned long long)options->memory_mib);
    else
        snprintf(message.text, sizeof message.text, "%s", database.error.text);
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return write(fd, &message, sizeof message) == (ssize_t)sizeof message ? 1 : 2;
}

static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* --------------------------------------------------------------------------------------------------- in the parent */
bool child_start(struct child *child, const struct worker_options *options, const char *worker, struct database *database,
                 struct job *job)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    pid_t parent = getpid(), pid = fork();
    if (pid < 0) {
        int reason = errno;
        close(pipes[0]);
        close(pipes[1]);
        errno = reason;
        return false;
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(3);
        close(pipes[0]);
        database_forget(database);
        reset_signals();
        limit(options);
        _exit(run(options, worker, job, pipes[1]));
    }
    close(pipes[1]);
    int64_t now_ms = child_now_ms();
    *child = (struct child){
        .state = CHILD_RUNNING, .pid = pid, .fd = pipes[0], .job = *job, .started_ms = now_ms, .beat_ms = now_ms};
    job->spec = NULL;
    return true;
}

static void bury(struct child *child)
{
    close(child->fd);
    child->fd = -1;
    int state = 0;
    while (waitpid(child->pid, &state, 0) < 0 && errno == EINTR)
        ;
    child->state = CHILD_ENDED;
    if (child->failed || (WIFEXITED(state) && WEXITSTATUS(state) == 0))
        return;
    child->failed = true;
    child->status = STATUS_INTERNAL;
    if (WIFSIGNALED(state))
        snprintf(child->reason, sizeof child->reason, "the process computing this was ended by signal %d (%s)", WTERMSIG(state),
                 strsignal(WTERMSIG(state)));
    else
        snprintf(child->reason, sizeof child->reason, "the process computing this ended with code %d", WEXITSTATUS(state));
}

void child_read(struct child *child)
{
    struct child_message message;
    ssize_t size;
    while ((size = read(child->fd, &message, sizeof message)) == (ssize_t)sizeof message) {
        message.text[sizeof message.text - 1] = '\0';
        if (message.failed) {
            child->failed = true;
            child->status = message.status > 0 && message.status < STATUS_COUNT ? (enum status)message.status : STATUS_INTERNAL;
            memcpy(child->reason, message.text, sizeof child->reason);
        } else {
            child->permille = message.permille < 1000 ? message.permille : 1000;
            snprintf(child->phase, sizeof child->phase, "%.60s", message.text);
            child->news = true;
        }
    }
    if (size == 0)
        bury(child);
}

void child_kill(struct child *child)
{
    if (child->state == CHILD_RUNNING)
        kill(child->pid, SIGKILL);
}

void child_release(struct child *child)
{
    if (child->state == CHILD_RUNNING) {
        child_kill(child);
        bury(child);
    }
    free(child->job.spec);
    *child = (struct child){.fd = -1};
}
