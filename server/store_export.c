/* SPDX-License-Identifier: GPL-3.0-or-later
 * Interactions out of the database as CSV, through a connection of its own: read only as fast as somebody takes them, so that
 * a million of them need no more memory than one.
 */
#include "clock.h"
#include "log.h"
#include "sql_marks.h"
#include "sql_text.h"
#include "store_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

#define EXPORTS_MAX       4 /* at once: each holds a connection and a snapshot */
#define SETUP             "SET client_connection_check_interval = '1s'; SET application_name = 'samordningd export'; SET jit = off"
#define EXPORT_TURN_ROWS  512
#define EXPORT_PAUSE_MS   40 /* after so many rows, while ministries submit: it then has about a quarter of a core */
#define EXPORT_LONGEST_US INT64_C(3600000000) /* its snapshot keeps the database from clearing up for so long */

struct export_run {
    struct store *store;
    struct store_export *ask;
    PGconn *connection;
    struct event *event;
    int64_t begun_us;
    size_t rows; /* since it last paused */
    bool is_asked, is_copying;
    bool has_more; /* rows that were read already */
    TAILQ_ENTRY(export_run) entry;
};
TAILQ_HEAD(export_runs, export_run);

struct exports {
    struct export_runs runs;
    size_t count;
};

static void run_cb(evutil_socket_t fd, short what, void *arg);
static void run_await(struct export_run *run, short what);

/* The database notices within a second that nobody is there any more (client_connection_check_interval), and gives up. */
static void run_end(struct export_run *run, enum status status)
{
    struct store *store = run->store;
    struct store_export *ask = run->ask;
    TAILQ_REMOVE(&store->exports->runs, run, entry);
    store->exports->count--;
    if (run->event != NULL)
        event_free(run->event);
    if (run->connection != NULL)
        PQfinish(run->connection);
    free(run);
    ask->run = NULL;
    store_answer_later(store, &ask->call, status);
}

static void run_fail(struct export_run *run)
{
    log_error(NULL, "could not export interactions", LOG_TEXT("reason", PQerrorMessage(run->connection)));
    errmsg_set(&run->ask->call.errmsg, "", "the database gave up; the daemon's log says why");
    run_end(run, run->is_asked ? STATUS_INTERNAL : STATUS_UNAVAILABLE);
}

/* The rows at hand. False: it ended. */
static bool run_copy(struct export_run *run)
{
    for (size_t rows = 0; rows < EXPORT_TURN_ROWS && !run->ask->is_paused; rows++) {
        char *row = NULL;
        int size = PQgetCopyData(run->connection, &row, 1);
        /* Once more before waiting: what TLS has decrypted already wakes nobody. */
        if (size == 0 && PQconsumeInput(run->connection))
            size = PQgetCopyData(run->connection, &row, 1);
        if (size == -2) {
            run_fail(run);
            return false;
        }
        if (size <= 0) {
            run->is_copying = size == 0;
            return true;
        }
        run->ask->taken(run->ask, row, (size_t)size);
        PQfreemem(row);
        run->rows++;
    }
    run->has_more = true; /* others have their turn */
    return true;
}

/* Results before and behind the copy. False: it ended. */
static bool run_results(struct export_run *run)
{
    while (!run->is_copying && !PQisBusy(run->connection)) {
        PGresult *result = PQgetResult(run->connection);
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (result == NULL) {
            run_end(run, STATUS_OK);
            return false;
        }
        run->is_copying = status == PGRES_COPY_OUT;
        if (status != PGRES_COPY_OUT && status != PGRES_COMMAND_OK) {
            run_fail(run);
            return false;
        }
    }
    return true;
}

/* What is not read makes the database wait, and leaves the machine to those who submit. */
static void run_pause(struct export_run *run)
{
    run->rows = 0;
    event_del(run->event);
    event_assign(run->event, run->store->base, -1, 0, run_cb, run);
    event_add(run->event, &(struct timeval){.tv_usec = EXPORT_PAUSE_MS * 1000L});
}

static void run_go_on(struct export_run *run)
{
    run->has_more = false;
    if (!run_results(run) || (run->is_copying && !run_copy(run)) || (!run->is_copying && !run_results(run)))
        return;
    if (run->ask->is_paused)
        return;
    if (clock_monotonic_us() - run->begun_us > EXPORT_LONGEST_US) {
        errmsg_set(&run->ask->call.errmsg, "", "it took too long; ask for fewer days at a time");
        run_end(run, STATUS_TIMEOUT);
    } else if (run->rows >= EXPORT_TURN_ROWS && submissions_open(run->store->submissions) > 0) {
        run_pause(run);
    } else if (run->has_more) {
        event_active(run->event, EV_READ, 0);
    } else {
        run_await(run, EV_READ);
    }
}

static void run_ask(struct export_run *run)
{
    const struct sql_mark days[] = {{"@from", run->ask->from}, {"@to", run->ask->to}}; /* checked by whoever asks */
    char statements[1024], copy[800];
    bool fits = sql_fill(sql_server_interactions, days, 2, copy, sizeof copy) &&
                snprintf(statements, sizeof statements, SETUP "; BEGIN READ ONLY; %s; COMMIT", copy) < (int)sizeof statements;
    assert(fits);
    (void)fits;
    run->is_asked = true;
    if (!PQsendQuery(run->connection, statements))
        run_fail(run);
    else
        run_await(run, EV_READ);
}

static void run_connect(struct export_run *run)
{
    switch (PQconnectPoll(run->connection)) {
    case PGRES_POLLING_READING:
        run_await(run, EV_READ);
        break;
    case PGRES_POLLING_WRITING:
        run_await(run, EV_WRITE);
        break;
    case PGRES_POLLING_OK:
        run_ask(run);
        break;
    default:
        run_fail(run);
    }
}

static void run_cb(evutil_socket_t fd, short what, void *arg)
{
    struct export_run *run = arg;
    if (!run->is_asked && (what & EV_TIMEOUT) != 0)
        run_end(run, STATUS_UNAVAILABLE);
    else if (!run->is_asked)
        run_connect(run);
    else if (!run->has_more && !PQconsumeInput(run->connection)) /* what was read comes first, or libpq's buffer would grow */
        run_fail(run);
    else
        run_go_on(run);
}

/* libpq may change the socket between polls, so each wait is a new one. */
static void run_await(struct export_run *run, short what)
{
    const struct timeval patience = {.tv_sec = DB_CONNECT_TIMEOUT_MS / 1000};
    event_del(run->event);
    event_assign(run->event, run->store->base, PQsocket(run->connection), what, run_cb, run);
    event_add(run->event, run->is_asked ? NULL : &patience);
}

void store_export(struct store *store, struct store_export *ask)
{
    ask->run = NULL;
    struct export_run *run = !store->stopping && store->exports->count < EXPORTS_MAX ? calloc(1, sizeof *run) : NULL;
    if (run == NULL) {
        errmsg_set(&ask->call.errmsg, "", store->stopping ? "the daemon is stopping" : "too many exports at once");
        store_answer_later(store, &ask->call, store->stopping ? STATUS_UNAVAILABLE : STATUS_BUSY);
        return;
    }
    *run = (struct export_run){.store = store, .ask = ask, .begun_us = clock_monotonic_us()};
    TAILQ_INSERT_TAIL(&store->exports->runs, run, entry);
    store->exports->count++;
    ask->run = run;
    run->event = event_new(store->base, -1, 0, run_cb, run);
    run->connection = db_connect_start(store->conninfo);
    if (run->event == NULL || run->connection == NULL || PQstatus(run->connection) == CONNECTION_BAD)
        run_end(run, STATUS_UNAVAILABLE);
    else
        run_await(run, EV_WRITE);
}

void store_export_resume(struct store *store, struct store_export *ask)
{
    ask->is_paused = false;
    if (ask->run != NULL)
        event_active(ask->run->event, EV_READ, 0);
}

void store_export_cancel(struct store *store, struct store_export *ask)
{
    if (ask->run != NULL)
        run_end(ask->run, STATUS_CANCELLED);
}

struct exports *exports_create(void)
{
    struct exports *exports = calloc(1, sizeof *exports);
    if (exports != NULL)
        TAILQ_INIT(&exports->runs);
    return exports;
}

void exports_destroy(struct exports *exports)
{
    struct export_run *run;
    while (exports != NULL && (run = TAILQ_FIRST(&exports->runs)) != NULL)
        run_end(run, STATUS_UNAVAILABLE); /* NOLINT(clang-analyzer-unix.Malloc): which takes it out of the list */
    free(exports);
}
