/* SPDX-License-Identifier: GPL-3.0-or-later
 * One loop: notifications, children, heartbeats, signals. All its statements are short.
 */
#include "worker.h"

#include "child.h"
#include "sql_text.h"
#include "worker_build.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define BEAT_MS          3000 /* heartbeat of a running job */
#define TELL_MS          200  /* between two notifications of one job's progress */
#define LOOK_MS          5000 /* jobs are looked for so often even if no notification comes */
#define AGAIN_MS         20   /* when one waits that could not be taken */
#define STOP_MS          2000 /* a job may take so long to finish when the worker stops */
#define RECONNECT_MIN_MS 200
#define RECONNECT_MAX_MS 5000
#define ATTEMPTS_MAX     3 /* a job that the database failed under is given back so often */

struct worker {
    const struct worker_options *options;
    char name[128];
    struct database database;
    bool connected;
    int64_t reconnect_ms, pause_ms; /* when to try again, and how long was waited last */
    int signals;
    bool stopping;
    int64_t stop_ms;
    bool look; /* there may be a job to take */
    int64_t look_ms;
    int64_t wanted; /* with --run: the only job to take */
    int64_t helped; /* shares up to this one are left alone: helping with it failed */
    bool any_failed;
    struct child children[WORKER_JOBS_MAX];
};

/* One logfmt line on standard error. */
static void say(const char *level, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(const char *level, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *at = text; *at; at++)
        if (*at == '"' || (unsigned char)*at < ' ')
            *at = *at == '"' ? '\'' : ' ';
    fprintf(stderr, "level=%s program=samordning-analyse msg=\"%s\"\n", level, text);
}

/* ------------------------------------------------------------------------------------------------------- the database */
static void disconnect(struct worker *worker)
{
    if (worker->connected)
        say("warning", "lost the database: %s", worker->database.error.text);
    if (worker->connected || worker->database.conn)
        database_close(&worker->database);
    worker->connected = false;
    worker->pause_ms = worker->pause_ms ? worker->pause_ms : RECONNECT_MIN_MS;
    worker->reconnect_ms = child_now_ms() + worker->pause_ms;
}

/* True if the statement went well. A statement that fails while the connection lives is a mistake of ours or the schema's:
 * said. */
static bool went(struct worker *worker, enum status status)
{
    if (status == STATUS_OK)
        return true;
    if (PQstatus(worker->database.conn) == CONNECTION_OK)
        say("error", "%s", worker->database.error.text);
    else
        disconnect(worker);
    return false;
}

static bool connect_database(struct worker *worker)
{
    enum status status = database_open(&worker->database, worker->options->database, "samordning-analyse");
    if (status == STATUS_OK) {
        status = database_command(&worker->database, "LISTEN samordning_job");
        if (status == STATUS_OK)
            status = database_command(&worker->database, "LISTEN samordning_job_cancel");
        if (status == STATUS_OK)
            status = database_command(&worker->database, "SET statement_timeout = '10s'");
        if (status != STATUS_OK)
            database_close(&worker->database);
    }
    if (status != STATUS_OK) {
        say("warning", "no database: %s", worker->database.error.text);
        worker->pause_ms = worker->pause_ms ? worker->pause_ms * 2 : RECONNECT_MIN_MS;
        worker->pause_ms = worker->pause_ms < RECONNECT_MAX_MS ? worker->pause_ms : RECONNECT_MAX_MS;
        worker->reconnect_ms = child_now_ms() + worker->pause_ms;
        return false;
    }
    worker->connected = true;
    worker->pause_ms = 0;
    worker->look = true;
    return true;
}

/* False: the job is not ours any more, or the database is away (then nothing is known, and true is returned). */
static bool tell_job(struct worker *worker, const char *sql, const struct database_param *params, size_t count, bool *ret_done)
{
    PGresult *row;
    *ret_done = false;
    if (!went(worker, database_query(&worker->database, sql, params, count, &row)))
        return true;
    *ret_done = true;
    bool mine = PQntuples(row) == 1;
    PQclear(row);
    return mine;
}

static bool notify(struct worker *worker, const char *channel, const char *payload)
{
    const struct database_param params[] = {PARAM_TEXT(channel), PARAM_TEXT(payload)};
    return went(worker, database_run(&worker->database, sql_analysis_notify, params, 2));
}

/* ----------------------------------------------------------------------------------------------------------- the jobs */
static bool take_job(struct worker *worker, struct child *child)
{
    const struct database_param params[] = {PARAM_TEXT(worker->name), PARAM_INT8(worker->wanted)};
    PGresult *row;
    if (!went(worker, database_query(&worker->database, sql_analysis_job_take, params, 2, &row)))
        return false;
    bool taken = PQntuples(row) == 1;
    struct job job = {0};
    if (taken) {
        job.id = cell_int(row, 0, 0);
        snprintf(job.family, sizeof job.family, "%s", cell_text(row, 0, 1));
        job.spec = strdup(cell_text(row, 0, 2));
        snprintf(job.language, sizeof job.language, "%s", cell_text(row, 0, 3));
        job.recompute = cell_int(row, 0, 4) != 0;
        job.attempts = (int)cell_int(row, 0, 5);
    }
    PQclear(row);
    if (!taken)
        return false;
    say("info", "job %lld: %s %s", (long long)job.id, job.family, job.spec ? job.spec : "");
    if (job.spec && child_start(child, worker->options, worker->name, &worker->database, &job))
        return true;
    say("error", "job %lld: could not start a process: %s", (long long)job.id, strerror(errno));
    child_release(child);
    /* Its end is told like a child's. */
    *child = (struct child){.state = CHILD_ENDED, .fd = -1, .job = job, .failed = true, .status = STATUS_NO_MEMORY};
    snprintf(child->reason, sizeof child->reason, "could not start a process for it: %s", strerror(errno));
    return true;
}

/* A job may wait and not be taken all the same: whoever joins it has its row for a moment, and nobody tells when it is free. */
static bool still_waits(struct worker *worker)
{
    const struct database_param params[] = {PARAM_INT8(worker->wanted)};
    int64_t waits = 0;
    return went(worker, database_number(&worker->database, sql_analysis_job_waits, params, 1, &waits)) && waits != 0;
}

/* With nothing to do itself: one share of another worker's job. */
static void take_share(struct worker *worker, struct child *child)
{
    const struct database_param params[] = {PARAM_TEXT(worker->name), PARAM_TEXT(worker_build), PARAM_INT8(worker->helped)};
    PGresult *row;
    if (!went(worker, database_query(&worker->database, sql_analysis_share_find, params, 3, &row)))
        return;
    struct job job = {.family = "share"};
    if (PQntuples(row) == 1) {
        job.share = cell_int(row, 0, 0);
        job.id = cell_int(row, 0, 1);
    }
    PQclear(row);
    if (!job.share)
        return;
    if (child_start(child, worker->options, worker->name, &worker->database, &job))
        say("info", "job %lld: helping another worker", (long long)job.id);
    else
        say("error", "job %lld: could not start a process to help with it: %s", (long long)job.id, strerror(errno));
}

static bool is_busy(const struct child *child)
{
    return child->state == CHILD_RUNNING || child->state == CHILD_ENDED;
}

static bool is_helping(const struct worker *worker)
{
    for (uint32_t i = 0; i < worker->options->jobs; i++)
        if (is_busy(&worker->children[i]) && worker->children[i].job.share)
            return true;
    return false;
}

/* One that has a process waiting, rather than none. */
static struct child *free_child(struct worker *worker)
{
    struct child *found = NULL;
    for (uint32_t i = 0; i < worker->options->jobs; i++) {
        struct child *child = &worker->children[i];
        if (child->state == CHILD_IDLE)
            return child;
        if (child->state == CHILD_FREE && !found)
            found = child;
    }
    return found;
}

static void take_jobs(struct worker *worker)
{
    bool helps = !worker->options->once && !worker->options->run && !is_helping(worker);
    worker->look = false;
    worker->look_ms = child_now_ms() + LOOK_MS;
    struct child *child;
    while (worker->connected && !worker->stopping && (child = free_child(worker))) {
        if (take_job(worker, child))
            continue;
        if (worker->connected && still_waits(worker))
            worker->look_ms = child_now_ms() + AGAIN_MS;
        if (helps && worker->connected)
            take_share(worker, child);
        break;
    }
}

/* Writes a job's end to its row, unless the child did. True: it is written, or not ours to write. */
static bool write_end(struct worker *worker, struct child *child)
{
    bool done;
    char id[24];
    snprintf(id, sizeof id, "%lld", (long long)child->job.id);
    bool again =
        child->given_back || (child->status == STATUS_UNAVAILABLE && child->job.attempts < ATTEMPTS_MAX && !child->overdue);
    if (again) {
        const struct database_param params[] = {PARAM_INT8(child->job.id), PARAM_TEXT(worker->name),
                                                PARAM_BOOL(child->given_back)};
        bool mine = tell_job(worker, sql_analysis_job_give_back, params, 3, &done);
        if (done && mine)
            notify(worker, "samordning_job", id);
        if (done)
            say("info", "job %lld: given back", (long long)child->job.id);
        return done;
    }
    const struct database_param params[] = {PARAM_INT8(child->job.id), PARAM_TEXT(worker->name), PARAM_INT2((int)child->status),
                                            PARAM_TEXT(child->reason)};
    bool mine = tell_job(worker, sql_analysis_job_failed, params, 4, &done);
    if (done && mine) {
        notify(worker, "samordning_job_done", id);
        worker->any_failed = true;
    }
    if (done)
        say(mine ? "error" : "info", "job %lld: %s: %s", (long long)child->job.id, status_name(child->status), child->reason);
    return done;
}

/* A part that was not finished goes back, or the owner takes it back later: nobody waits for a statement that fails. */
static void end_help(struct worker *worker, struct child *child)
{
    const struct database_param params[] = {PARAM_INT8(child->job.share), PARAM_TEXT(worker->name)};
    if (child->failed) {
        worker->helped = child->job.share;
        if (worker->connected)
            went(worker, database_run(&worker->database, sql_analysis_share_give_back, params, 2));
        say(child->cancelled ? "info" : "warning", "job %lld: no more help: %s", (long long)child->job.id,
            child->cancelled ? "cancelled" : child->reason);
    } else {
        say("info", "job %lld: helped with %s", (long long)child->job.id, child->account);
    }
    child_rest(child);
    worker->look = true;
}

static void end_child(struct worker *worker, struct child *child)
{
    if (child->job.share) {
        end_help(worker, child);
        return;
    }
    if (child->overdue && child->failed) {
        child->status = STATUS_TIMEOUT;
        snprintf(child->reason, sizeof child->reason, "took longer than %llu s",
                 (unsigned long long)worker->options->time_limit_s);
    }
    if (child->cancelled && child->failed) {
        child->status = STATUS_CANCELLED;
        snprintf(child->reason, sizeof child->reason, "cancelled");
    }
    if (child->failed && (!worker->connected || !write_end(worker, child)))
        return; /* again when the database is back */
    if (!child->failed)
        say("info", "job %lld: done after %lld ms (%s)", (long long)child->job.id,
            (long long)(child_now_ms() - child->started_ms), child->account);
    child_rest(child);
    worker->look = true;
}

static void beat(struct worker *worker, struct child *child, int64_t now_ms)
{
    if (child->job.share) { /* it tells of itself where its parts are */
        child->news = false;
        return;
    }
    bool tell = child->news && now_ms - child->told_ms >= TELL_MS;
    if (!worker->connected || (!tell && now_ms - child->beat_ms < BEAT_MS))
        return;
    child->beat_ms = now_ms;
    const struct database_param params[] = {PARAM_INT8(child->job.id), PARAM_TEXT(worker->name),
                                            PARAM_INT2((int)child->permille), PARAM_TEXT(*child->phase ? child->phase : NULL)};
    bool done;
    if (!tell_job(worker, sql_analysis_job_beat, params, 4, &done)) {
        child->cancelled = child->strange;
        if (child->strange)
            child_kill(child);
        child->strange = true; /* most likely it has written its end and is about to say so */
        child->beat_ms = now_ms - BEAT_MS + TELL_MS;
        child->news = false;
        return;
    }
    if (!done || !tell)
        return;
    char payload[120];
    snprintf(payload, sizeof payload, "%lld %u %s", (long long)child->job.id, child->permille, child->phase);
    if (notify(worker, "samordning_job_progress", payload)) {
        child->told_ms = now_ms;
        child->news = false;
    }
}

/* --------------------------------------------------------------------------------------------------------- the events */
static void take_notifications(struct worker *worker)
{
    if (!PQconsumeInput(worker->database.conn)) {
        database_failure(&worker->database, NULL);
        disconnect(worker);
        return;
    }
    for (PGnotify *notice; (notice = PQnotifies(worker->database.conn)) != NULL; PQfreemem(notice)) {
        if (strcmp(notice->relname, "samordning_job") == 0) {
            worker->look = true;
            continue;
        }
        long long id = strtoll(notice->extra, NULL, 10);
        for (uint32_t i = 0; i < worker->options->jobs; i++) {
            struct child *child = &worker->children[i];
            if (child->state == CHILD_RUNNING && child->job.id == id) {
                child->cancelled = true;
                child_kill(child);
            }
        }
    }
}

static void take_signals(struct worker *worker)
{
    struct signalfd_siginfo info;
    while (read(worker->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (!worker->stopping)
            worker->stop_ms = child_now_ms() + STOP_MS;
        worker->stopping = true;
    }
}

static void watch_children(struct worker *worker)
{
    int64_t now_ms = child_now_ms();
    for (uint32_t i = 0; i < worker->options->jobs; i++) {
        struct child *child = &worker->children[i];
        if (child->state == CHILD_IDLE) {
            child_read(child);
            if (child->state == CHILD_IDLE && now_ms - child->idle_ms > CHILD_IDLE_MS)
                child_release(child);
        }
        if (child->state == CHILD_RUNNING)
            child_read(child);
        if (child->state == CHILD_RUNNING) {
            beat(worker, child, now_ms);
            if (now_ms - child->started_ms > (int64_t)worker->options->time_limit_s * 1000 && !child->overdue) {
                child->overdue = true;
                child_kill(child);
            }
            if (worker->stopping && now_ms >= worker->stop_ms && !child->given_back) {
                child->given_back = true;
                child_kill(child);
            }
        }
        if (child->state == CHILD_ENDED)
            end_child(worker, child);
    }
}

static bool any_child(const struct worker *worker)
{
    for (uint32_t i = 0; i < worker->options->jobs; i++)
        if (is_busy(&worker->children[i]))
            return true;
    return false;
}

static int wait_ms(const struct worker *worker)
{
    int64_t now_ms = child_now_ms(), until_ms = worker->connected ? worker->look_ms : worker->reconnect_ms;
    for (uint32_t i = 0; i < worker->options->jobs; i++) {
        const struct child *child = &worker->children[i];
        int64_t next_ms = child->state == CHILD_RUNNING && child->news ? child->told_ms + TELL_MS : now_ms + 1000;
        if (is_busy(child) && next_ms < until_ms)
            until_ms = next_ms;
    }
    if (worker->stopping && worker->stop_ms < until_ms)
        until_ms = worker->stop_ms;
    return until_ms <= now_ms ? 1 : until_ms - now_ms > LOOK_MS ? LOOK_MS : (int)(until_ms - now_ms);
}

static void wait_for_events(struct worker *worker)
{
    struct pollfd fds[2 + WORKER_JOBS_MAX];
    nfds_t count = 0;
    fds[count++] = (struct pollfd){.fd = worker->signals, .events = POLLIN};
    fds[count++] = (struct pollfd){.fd = worker->connected ? PQsocket(worker->database.conn) : -1, .events = POLLIN};
    for (uint32_t i = 0; i < worker->options->jobs; i++) {
        const struct child *child = &worker->children[i];
        bool speaks = child->state == CHILD_RUNNING || child->state == CHILD_IDLE;
        fds[count++] = (struct pollfd){.fd = speaks ? child->fd : -1, .events = POLLIN};
    }
    if (poll(fds, count, wait_ms(worker)) < 0 && errno != EINTR)
        say("error", "poll: %s", strerror(errno));
}

/* True: nothing left to do. */
static bool is_finished(const struct worker *worker)
{
    if (any_child(worker))
        return worker->stopping && !worker->connected && child_now_ms() > worker->stop_ms;
    if (worker->stopping)
        return true;
    return (worker->options->once || worker->options->run) && worker->connected && !worker->look;
}

static void loop(struct worker *worker)
{
    for (;;) {
        if (!worker->connected && !worker->stopping && child_now_ms() >= worker->reconnect_ms)
            connect_database(worker);
        if (worker->connected && !worker->stopping && (worker->look || child_now_ms() >= worker->look_ms))
            take_jobs(worker);
        /* Notifications arrive with the answers to statements as well, and then no longer wake the socket. */
        if (worker->connected)
            take_notifications(worker);
        if (is_finished(worker))
            return;
        if (!worker->look || worker->stopping || !worker->connected)
            wait_for_events(worker);
        take_signals(worker);
        watch_children(worker);
    }
}

/* -------------------------------------------------------------------------------------------------------- once and run */
static bool request(struct worker *worker, const char *family, const char *spec, int64_t *ret_job)
{
    const struct database_param params[] = {PARAM_TEXT(family), PARAM_TEXT(spec), PARAM_TEXT(worker->options->language),
                                            PARAM_BOOL(worker->options->recompute)};
    PGresult *row;
    if (!went(worker, database_query(&worker->database, sql_analysis_job_request, params, 4, &row)))
        return false;
    *ret_job = PQntuples(row) ? cell_int(row, 0, 0) : 0;
    PQclear(row);
    return true;
}

static int show_result(struct worker *worker, const PGresult *state)
{
    if (PQgetlength(state, 0, 3) != 16)
        return 0; /* condensing has no result */
    const struct database_param params[] = {PARAM_UUID(PQgetvalue(state, 0, 3))};
    PGresult *row;
    if (!went(worker, database_query(&worker->database, sql_analysis_result_show, params, 1, &row)))
        return 1;
    int column = PQntuples(row) && !cell_null(row, 0, 1) ? 1 : 0;
    size_t size = PQntuples(row) ? (size_t)PQgetlength(row, 0, column) : 0;
    bool written =
        fwrite(PQgetvalue(row, 0, column), 1, size, stdout) == size && (column || putchar('\n') != EOF) && fflush(stdout) == 0;
    PQclear(row);
    if (!written)
        say("error", "standard output: %s", strerror(errno));
    return written ? 0 : 1;
}

/* How the job of --run ended; another worker may have it. */
static int finish_run(struct worker *worker)
{
    for (;;) {
        const struct database_param params[] = {PARAM_INT8(worker->wanted)};
        PGresult *row;
        if (!worker->connected || !went(worker, database_query(&worker->database, sql_analysis_job_state, params, 1, &row)))
            return 1;
        const char *state = PQntuples(row) ? cell_text(row, 0, 0) : "gone";
        bool done = strcmp(state, "done") == 0, open = strcmp(state, "waiting") == 0 || strcmp(state, "running") == 0;
        int code = done ? show_result(worker, row) : 1;
        if (!done && !open)
            say("error", "%s", cell_text(row, 0, 2) ? cell_text(row, 0, 2) : state);
        PQclear(row);
        if (!open || worker->stopping)
            return code;
        struct pollfd signals = {.fd = worker->signals, .events = POLLIN};
        poll(&signals, 1, TELL_MS);
        take_signals(worker);
    }
}

static int run_to_end(struct worker *worker)
{
    char family[64] = "condense";
    const char *spec = "";
    if (worker->options->run) {
        size_t size = strcspn(worker->options->run, " ");
        if (size >= sizeof family) {
            say("error", "--run: the family's name is too long");
            return 2;
        }
        memcpy(family, worker->options->run, size);
        family[size] = '\0';
        spec = worker->options->run + size + strspn(worker->options->run + size, " ");
    }
    int64_t job;
    if (!connect_database(worker) || !request(worker, family, spec, &job))
        return 1;
    worker->wanted = worker->options->run ? job : 0;
    loop(worker);
    if (worker->options->run)
        return finish_run(worker);
    return worker->any_failed || worker->stopping ? 1 : 0;
}

int worker_run(const struct worker_options *options)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        say("error", "out of memory");
        return 1;
    }
    worker->options = options;
    for (uint32_t i = 0; i < WORKER_JOBS_MAX; i++)
        worker->children[i].fd = -1;
    char host[80] = "";
    gethostname(host, sizeof host - 1);
    snprintf(worker->name, sizeof worker->name, "%s:%d", host, (int)getpid());
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    worker->signals = signalfd(-1, &stop, SFD_NONBLOCK | SFD_CLOEXEC);
    int code = 0;
    if (options->once || options->run)
        code = run_to_end(worker);
    else
        loop(worker);
    for (uint32_t i = 0; i < WORKER_JOBS_MAX; i++)
        child_release(&worker->children[i]);
    if (worker->connected)
        database_close(&worker->database);
    close(worker->signals);
    free(worker);
    return code;
}
