/* SPDX-License-Identifier: GPL-3.0-or-later
 * Processes of samordning-analyse. A connection string that may hold a password goes through the environment, not the command
 * line, which everybody on the host can read.
 */
#include "workers.h"
#include "clock.h"
#include "log.h"
#include "notify.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct worker {
    pid_t pid; /* 0 = not running */
    unsigned failures;
    int64_t started_us, next_start_us;
};

struct workers {
    struct store *store;
    struct event *watch;
    bool started, stopping;
    int64_t stop_us;
    char program[PATH_MAX];
    struct worker list[WORKERS_MAX];
};

static void find_program(struct workers *workers)
{
    const char *wanted = workers->store->config->worker_program;
    snprintf(workers->program, sizeof workers->program, "%s", wanted[0] != '\0' ? wanted : "samordning-analyse");
    if (wanted[0] != '\0')
        return;
    char self[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 32);
    if (size <= 0)
        return;
    self[size] = '\0';
    char *slash = strrchr(self, '/');
    if (slash == NULL)
        return;
    memcpy(slash + 1, "samordning-analyse", sizeof "samordning-analyse");
    if (access(self, X_OK) == 0)
        snprintf(workers->program, sizeof workers->program, "%s", self);
}

static void start(struct workers *workers, struct worker *worker)
{
    worker->started_us = clock_monotonic_us();
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        setsid(); /* an interrupt typed at the daemon's terminal is the daemon's to pass on */
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(0);
        close_range(3, ~0U, 0);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGPIPE, SIG_DFL);
        setenv("SAMORDNING_DATABASE", workers->store->conninfo, 1);
        notify_forget();
        bool secret = strstr(workers->store->conninfo, "password") != NULL || strstr(workers->store->conninfo, "://") != NULL;
        const struct config *config = workers->store->config;
        char option[] = "--database", memory[48], limit[48];
        snprintf(memory, sizeof memory, "--memory-mib=%" PRIu64, config->job_memory_bytes >> 20);
        snprintf(limit, sizeof limit, "--time-limit-s=%" PRIu64, config->job_time_ms / 1000);
        char *const argv[] = {workers->program, memory, limit, secret ? NULL : option, workers->store->conninfo, NULL};
        execvp(workers->program, argv);
        dprintf(2, "could not run %s: %s\n", workers->program, strerror(errno));
        _exit(127);
    }
    worker->pid = pid > 0 ? pid : 0;
    if (pid < 0)
        log_error(NULL, "could not start a worker", LOG_TEXT("reason", strerror(errno)));
    else
        log_info(NULL, "started a worker", LOG_INT("pid", pid));
}

static void ended(struct workers *workers, struct worker *worker, int state)
{
    int64_t now_us = clock_monotonic_us();
    pid_t pid = worker->pid;
    worker->pid = 0;
    if (workers->stopping)
        return;
    if (now_us - worker->started_us > 60000000)
        worker->failures = 0;
    int64_t wait_ms = worker->failures < 7 ? INT64_C(100) << worker->failures : WORKERS_BACKOFF_MAX_MS;
    wait_ms = wait_ms < WORKERS_BACKOFF_MAX_MS ? wait_ms : WORKERS_BACKOFF_MAX_MS;
    worker->failures++;
    worker->next_start_us = now_us + wait_ms * 1000;
    metrics_add(workers->store->metrics, METRIC_WORKER_RESTARTS, 1);
    char why[64];
    if (WIFSIGNALED(state))
        snprintf(why, sizeof why, "signal %d", WTERMSIG(state));
    else
        snprintf(why, sizeof why, WEXITSTATUS(state) == 127 ? "the program could not be run" : "exit code %d",
                 WEXITSTATUS(state));
    log_warning(NULL, "a worker ended, starting it again", LOG_INT("pid", pid), LOG_TEXT("reason", why),
                LOG_TEXT("program", workers->program), LOG_INT("wait_ms", wait_ms));
}

static void reap(struct workers *workers)
{
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        struct worker *worker = &workers->list[i];
        int state = 0;
        if (worker->pid > 0 && waitpid(worker->pid, &state, WNOHANG) == worker->pid)
            ended(workers, worker, state);
    }
}

static void watch_cb(evutil_socket_t fd, short what, void *arg)
{
    struct workers *workers = arg;
    reap(workers);
    int64_t now_us = clock_monotonic_us();
    size_t wanted = workers->started && !workers->stopping ? workers->store->config->workers : 0;
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        struct worker *worker = &workers->list[i];
        if (i < wanted && worker->pid == 0 && now_us >= worker->next_start_us)
            start(workers, worker);
        else if (i >= wanted && worker->pid > 0 && !workers->stopping && workers->started)
            kill(worker->pid, SIGTERM); /* the configuration wants fewer */
        else if (workers->stopping && worker->pid > 0 && now_us > workers->stop_us + WORKERS_STOP_MS * INT64_C(1000))
            kill(worker->pid, SIGKILL);
    }
    metrics_set(workers->store->metrics, METRIC_WORKERS_RUNNING, (int64_t)workers_running(workers));
}

struct workers *workers_create(struct store *store)
{
    struct workers *workers = calloc(1, sizeof *workers);
    if (workers == NULL)
        return NULL;
    workers->store = store;
    find_program(workers);
    workers->watch = event_new(store->base, -1, EV_PERSIST, watch_cb, workers);
    if (workers->watch == NULL) {
        free(workers);
        return NULL;
    }
    event_add(workers->watch, &(struct timeval){.tv_usec = WORKERS_WATCH_MS * 1000L});
    return workers;
}

void workers_start(struct workers *workers)
{
    if (workers->started)
        return;
    workers->started = true;
    event_active(workers->watch, 0, 0);
}

void workers_stop(struct workers *workers)
{
    if (workers->stopping)
        return;
    workers->stopping = true;
    workers->stop_us = clock_monotonic_us();
    for (size_t i = 0; i < WORKERS_MAX; i++)
        if (workers->list[i].pid > 0)
            kill(workers->list[i].pid, SIGTERM);
}

size_t workers_running(const struct workers *workers)
{
    size_t count = 0;
    for (size_t i = 0; i < WORKERS_MAX; i++)
        count += workers->list[i].pid > 0;
    return count;
}

void workers_destroy(struct workers *workers)
{
    if (workers == NULL)
        return;
    workers_stop(workers);
    bool killed = false;
    while (reap(workers), workers_running(workers) > 0) {
        if (!killed && clock_monotonic_us() > workers->stop_us + WORKERS_STOP_MS * INT64_C(1000)) {
            killed = true;
            for (size_t i = 0; i < WORKERS_MAX; i++)
                if (workers->list[i].pid > 0)
                    kill(workers->list[i].pid, SIGKILL);
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    event_free(workers->watch);
    free(workers);
}
