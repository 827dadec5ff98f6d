/* SPDX-License-Identifier: GPL-3.0-or-later
 * Forking, limiting, feeding, listening to, and burying the processes of jobs.
 */
#include "child.h"

#include "sharing.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TELL_EVERY_MS    100
#define KEEP_BLOCK_BYTES (32 << 20)  /* smaller blocks come from the heap; the most glibc takes */
#define KEEP_FREE_BYTES  (256 << 20) /* at its end; half of CHILD_KEEP_KIB */

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

/* What one job has freed serves the next one: fresh pages from the system, and the clearing of them, took a tenth of the time
 * of the default families. */
static void keep_pages(void)
{
    mallopt(M_MMAP_THRESHOLD, KEEP_BLOCK_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEEP_FREE_BYTES);
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

/* The most memory this process ever used. */
static long peak_kib(void)
{
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static enum status answer(const struct worker_options *options, const char *worker, const struct job *job,
                          const struct progress *progress, struct answerer *answerer, char ret_account[200])
{
    struct sharing sharing;
    struct answer_spent spent;
    sharing_init(&sharing, options->database, worker, job->id, options->share_above_ms);
    enum status status = answer_job(answerer, worker, job, &sharing.share, progress, &spent);
    sharing_release(&sharing);
    snprintf(ret_account, 200, "condense %.1f, look %.1f, read %.1f, compute %.1f, store %.1f; %ld MiB at most%s",
             spent.condense, spent.look, spent.read, spent.compute, spent.store, peak_kib() / 1024,
             spent.goes_on ? "; it goes on from the job before" : "");
    return status;
}

static enum status help(const char *worker, const struct job *job, const struct progress *progress, struct database *database,
                        char ret_account[200])
{
    size_t parts;
    enum status status = sharing_help(database, worker, job->share, progress, &parts);
    snprintf(ret_account, 200, "%zu parts", parts);
    return status;
}

static bool connect_child(struct database *database, const struct worker_options *options, struct answerer *answerer)
{
    if (database->conn && database_alive(database))
        return true;
    answerer_forget(answerer);
    if (database->conn)
        database_close(database);
    return database_open(database, options->database, "samordning-analyse job") == STATUS_OK;
}

static enum status run(const struct worker_options *options, const char *worker, const struct job *job, int fd,
                       struct answerer *answerer, char ret_account[200])
{
    struct telling telling = {.fd = fd};
    struct progress progress = {tell, &telling};
    if (!connect_child(answerer->database, options, answerer))
        return STATUS_UNAVAILABLE;
    return job->share ? help(worker, job, &progress, answerer->database, ret_account)
                      : answer(options, worker, job, &progress, answerer, ret_account);
}

/* The words a job ends with must arrive. */
static bool say_last(int fd, const struct child_message *message)
{
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    bool said = write(fd, message, sizeof *message) == (ssize_t)sizeof *message;
    fcntl(fd, F_SETFL, flags);
    return said;
}

/* What a job is told with, and its specification behind. */
struct order {
    struct job job;
    size_t spec_size;
};

/* Waits. False: the parent has no more to do, or is gone. */
static bool next_order(int fd, struct job *job)
{
    struct order order;
    struct pollfd news = {.fd = fd, .events = POLLIN};
    while (poll(&news, 1, -1) < 0 && errno == EINTR)
        ;
    free(job->spec);
    job->spec = NULL;
    if (recv(fd, &order, sizeof order, MSG_PEEK) != (ssize_t)sizeof order)
        return false;
    order.job.spec = malloc(order.spec_size + 1);
    if (!order.job.spec)
        return false;
    struct iovec parts[] = {{&order, sizeof order}, {order.job.spec, order.spec_size}};
    char *spec = order.job.spec;
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    if (recvmsg(fd, &header, 0) != (ssize_t)(sizeof order + order.spec_size)) {
        free(spec);
        return false;
    }
    *job = order.job;
    job->spec = spec;
    job->spec[order.spec_size] = '\0';
    return true;
}

static int live(const struct worker_options *options, const char *worker, struct job *job, int fd)
{
    struct database database = {0};
    struct answerer answerer = {.database = &database};
    struct child_message message = {.word = CHILD_DONE, .stays = 1};
    for (int jobs = 1; message.stays; jobs++) {
        char account[200] = "";
        enum status status = run(options, worker, job, fd, &answerer, account);
        if (status != STATUS_OK) {
            message = (struct child_message){.word = CHILD_FAILED, .status = (int32_t)status};
            if (status == STATUS_NO_MEMORY && options->memory_mib)
                snprintf(message.text, sizeof message.text, "%.300s; one job may use %llu MiB (--memory-mib)",
                         database.error.text, (unsigned long long)options->memory_mib);
            else
                snprintf(message.text, sizeof message.text, "%s", database.error.text);
        } else {
            message.stays = !job->share && jobs < CHILD_JOBS_MAX && peak_kib() < CHILD_KEEP_KIB;
            snprintf(message.text, sizeof message.text, "%s", account);
        }
        if (!say_last(fd, &message) || (message.stays && !next_order(fd, job)))
            break;
    }
    answerer_forget(&answerer);
    if (database.conn)
        database_close(&database);
    free(job->spec);
    return message.word == CHILD_DONE ? 0 : 1;
}

static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* --------------------------------------------------------------------------------------------------- in the parent */
static void begin(struct child *child, struct job *job)
{
    int64_t now_ms = child_now_ms();
    *child = (struct child){
        .state = CHILD_RUNNING, .pid = child->pid, .fd = child->fd, .job = *job, .started_ms = now_ms, .beat_ms = now_ms};
    job->spec = NULL;
}

/* False: the process is not there any more. */
static bool give(struct child *child, struct job *job)
{
    struct order order = {*job, job->spec ? strlen(job->spec) : 0};
    order.job.spec = NULL;
    struct iovec parts[] = {{&order, sizeof order}, {job->spec, order.spec_size}};
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    if (sendmsg(child->fd, &header, MSG_NOSIGNAL) != (ssize_t)(sizeof order + order.spec_size))
        return false;
    begin(child, job);
    return true;
}

static bool fork_child(struct child *child, const struct worker_options *options, const char *worker, struct database *database,
                       struct job *job)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        return false;
    pid_t parent = getpid(), pid = fork();
    if (pid < 0) {
        int reason = errno;
        close(ends[0]);
        close(ends[1]);
        errno = reason;
        return false;
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(3);
        close(ends[0]);
        database_forget(database);
        reset_signals();
        keep_pages();
        limit(options);
        _exit(live(options, worker, job, ends[1]));
    }
    close(ends[1]);
    child->pid = pid;
    child->fd = ends[0];
    begin(child, job);
    return true;
}

/* Also ends a process that waits for a job: it sees our end closed. */
static void bury(struct child *child)
{
    shutdown(child->fd, SHUT_RDWR); /* processes forked later hold our end as well */
    close(child->fd);
    child->fd = -1;
    child->stays = false;
    int state = 0;
    while (waitpid(child->pid, &state, 0) < 0 && errno == EINTR)
        ;
    bool idle = child->state == CHILD_IDLE, done = *child->account;
    child->state = idle ? CHILD_FREE : CHILD_ENDED;
    if (idle || done || child->failed || (WIFEXITED(state) && WEXITSTATUS(state) == 0))
        return;
    child->failed = true;
    child->status = STATUS_INTERNAL;
    if (WIFSIGNALED(state))
        snprintf(child->reason, sizeof child->reason, "the process computing this was ended by signal %d (%s)", WTERMSIG(state),
                 strsignal(WTERMSIG(state)));
    else
        snprintf(child->reason, sizeof child->reason, "the process computing this ended with code %d", WEXITSTATUS(state));
}

bool child_start(struct child *child, const struct worker_options *options, const char *worker, struct database *database,
                 struct job *job)
{
    if (child->state == CHILD_IDLE) {
        if (give(child, job))
            return true;
        bury(child);
    }
    return fork_child(child, options, worker, database, job);
}

void child_read(struct child *child)
{
    struct child_message message;
    ssize_t size;
    while ((size = read(child->fd, &message, sizeof message)) == (ssize_t)sizeof message) {
        message.text[sizeof message.text - 1] = '\0';
        if (message.word == CHILD_FAILED) {
            child->failed = true;
            child->status = message.status > 0 && message.status < STATUS_COUNT ? (enum status)message.status : STATUS_INTERNAL;
            memcpy(child->reason, message.text, sizeof child->reason);
        } else if (message.word == CHILD_DONE) {
            snprintf(child->account, sizeof child->account, "%.199s", message.text);
            child->stays = message.stays != 0 && !child->killed;
            if (child->stays) {
                child->state = CHILD_ENDED;
                return;
            }
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
    if (child->state != CHILD_RUNNING)
        return;
    child->killed = true;
    kill(child->pid, SIGKILL);
}

void child_rest(struct child *child)
{
    if (!child->stays) {
        child_release(child);
        return;
    }
    free(child->job.spec);
    *child = (struct child){.state = CHILD_IDLE, .pid = child->pid, .fd = child->fd, .idle_ms = child_now_ms()};
}

void child_release(struct child *child)
{
    child_kill(child);
    if (child->fd >= 0)
        bury(child);
    free(child->job.spec);
    *child = (struct child){.fd = -1};
}
