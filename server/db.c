/* SPDX-License-Identifier: GPL-3.0-or-later
 * libpq without blocking, driven by libevent.
 */
#include "db.h"
#include "clock.h"

#include <event2/event.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum db_state { DB_STATE_DOWN, DB_STATE_CONNECTING, DB_STATE_SETUP, DB_STATE_IDLE, DB_STATE_BUSY };

struct db {
    struct event_base *base;
    char *conninfo, *setup;
    const uint64_t *retry_max_ms;
    const struct db_handlers *handlers;
    void *owner;

    enum db_state state;
    PGconn *conn;
    struct event *readable, *writable, *timer;
    struct db_request *request; /* in flight */
    struct db_request setup_request;
    bool broken;       /* seen while a request was handled: torn down from the loop */
    unsigned failures; /* in a row */
    char why[300];
};

void db_request_text(struct db_request *request, const char *value)
{
    size_t n = request->param_count++;
    request->types[n] = 0;
    request->values[n] = value;
    request->lengths[n] = 0;
    request->formats[n] = 0;
}

void db_request_binary(struct db_request *request, Oid type, const void *data, size_t size)
{
    size_t n = request->param_count++;
    request->types[n] = type;
    request->values[n] = data;
    request->lengths[n] = (int)size;
    request->formats[n] = 1;
}

static void first_line(char *ret_text, size_t size, const char *message)
{
    size_t length = strcspn(message, "\n");
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)message[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(ret_text, message, length);
    ret_text[length] = '\0';
}

bool db_error_is_transient(const struct db_request *request)
{
    if (request->outcome == DB_LOST)
        return true;
    const char *s = request->sqlstate;
    return strncmp(s, "08", 2) == 0 || strncmp(s, "53", 2) == 0 || strncmp(s, "58", 2) == 0 || strncmp(s, "57P", 3) == 0 ||
           strncmp(s, "40", 2) == 0 || strcmp(s, "25006") == 0 || strcmp(s, "55P03") == 0 || strcmp(s, "57014") == 0;
}

/* The server says it is going away, or is not the one that takes writes: another connection attempt may find a better one. */
static bool says_go_away(const char *sqlstate)
{
    return strncmp(sqlstate, "57P", 3) == 0 || strncmp(sqlstate, "08", 2) == 0 || strcmp(sqlstate, "25006") == 0;
}

static void set_timer(struct db *db, uint64_t ms)
{
    struct timeval wait = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
    event_add(db->timer, &wait);
}

static void drop_events(struct db *db)
{
    if (db->readable != NULL)
        event_free(db->readable);
    if (db->writable != NULL)
        event_free(db->writable);
    db->readable = db->writable = NULL;
}

static void db_lost(struct db *db, const char *why)
{
    bool was_up = db->state == DB_STATE_IDLE || db->state == DB_STATE_BUSY;
    bool first = db->failures == 0;
    first_line(db->why, sizeof db->why, why[0] != '\0' ? why : "connection lost");
    drop_events(db);
    PQfinish(db->conn);
    db->conn = NULL;
    db->state = DB_STATE_DOWN;
    db->broken = false;

    uint64_t most = *db->retry_max_ms > DB_RETRY_MIN_MS ? *db->retry_max_ms : DB_RETRY_MIN_MS;
    uint64_t wait = db->failures < 16 ? (uint64_t)DB_RETRY_MIN_MS << db->failures : most;
    wait = wait < most ? wait : most;
    unsigned char jitter;
    evutil_secure_rng_get_bytes(&jitter, 1);
    db->failures++;
    set_timer(db, wait / 2 + wait * jitter / 512);

    if (was_up || first)
        db->handlers->changed(db->owner, db, false, db->why);
    struct db_request *request = db->request;
    db->request = NULL;
    if (request != NULL && request != &db->setup_request) {
        request->outcome = DB_LOST;
        PQclear(request->result);
        request->result = NULL;
        memcpy(request->sqlstate, "08006", 6);
        memcpy(request->error, db->why, sizeof request->error);
        request->done(request);
    } else if (request != NULL) {
        PQclear(request->result);
        request->result = NULL;
    }
}

static void complete(struct db *db)
{
    struct db_request *request = db->request;
    if (request->outcome == DB_ERROR && (says_go_away(request->sqlstate) || PQstatus(db->conn) != CONNECTION_OK)) {
        char why[300];
        memcpy(why, request->error, sizeof why);
        db_lost(db, why);
        return;
    }
    db->request = NULL;
    db->state = DB_STATE_IDLE;
    PGresult *result = request->result;
    request->done(request);
    PQclear(result);
    if (db->broken) {
        char why[300];
        memcpy(why, db->why, sizeof why);
        db_lost(db, why);
    } else if (db->state == DB_STATE_IDLE) {
        db->handlers->ready(db->owner, db);
    }
}

static void flush(struct db *db)
{
    int left = PQflush(db->conn);
    if (left == 1)
        event_add(db->writable, NULL);
    else if (left < 0)
        db->broken = true;
}

static void take_error(struct db_request *request, const PGresult *result)
{
    if (request->outcome == DB_ERROR)
        return;
    request->outcome = DB_ERROR;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *column = PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
    snprintf(request->sqlstate, sizeof request->sqlstate, "%s", state != NULL ? state : "08006");
    first_line(request->error, sizeof request->error, message != NULL ? message : PQresultErrorMessage(result));
    first_line(request->column, sizeof request->column, column != NULL ? column : "");
}

static void take_result(struct db *db, PGresult *result)
{
    struct db_request *request = db->request;
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
        PQclear(request->result);
        request->result = result;
        return;
    case PGRES_COPY_IN: {
        size_t n = request->copies_used;
        const char *trouble = n < DB_COPIES_MAX ? NULL : "no data for this COPY";
        if (trouble == NULL) {
            request->copies_used++;
            const char *data = (const char *)request->copies[n].data;
            if (PQputCopyData(db->conn, data, (int)request->copies[n].size) != 1)
                db->broken = true;
        }
        if (PQputCopyEnd(db->conn, trouble) != 1)
            db->broken = true;
        flush(db);
        break;
    }
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
        break;
    default:
        take_error(request, result);
    }
    PQclear(result);
}

static void advance(struct db *db)
{
    while (db->request != NULL && !db->broken && !PQisBusy(db->conn)) {
        PGresult *result = PQgetResult(db->conn);
        if (result == NULL) {
            complete(db);
            return; /* the connection may be down or busy with something new by now */
        }
        take_result(db, result);
    }
    if (db->broken || (db->conn != NULL && PQstatus(db->conn) == CONNECTION_BAD)) {
        char why[300];
        first_line(why, sizeof why,
                   db->request != NULL && db->request->outcome == DB_ERROR ? db->request->error : PQerrorMessage(db->conn));
        db_lost(db, why);
    }
}

static void readable_cb(evutil_socket_t fd, short what, void *arg)
{
    struct db *db = arg;
    if (PQconsumeInput(db->conn) == 0) {
        /* the server's last words may already be there: they say more than "connection closed" */
        if (db->request != NULL) {
            PGresult *result;
            while (!PQisBusy(db->conn) && (result = PQgetResult(db->conn)) != NULL) {
                if (PQresultStatus(result) == PGRES_FATAL_ERROR)
                    take_error(db->request, result);
                bool copying = PQresultStatus(result) == PGRES_COPY_IN;
                PQclear(result);
                if (copying)
                    break;
            }
        }
        char why[300];
        first_line(why, sizeof why,
                   db->request != NULL && db->request->outcome == DB_ERROR ? db->request->error : PQerrorMessage(db->conn));
        db_lost(db, why);
        return;
    }
    PGnotify *notify;
    while ((notify = PQnotifies(db->conn)) != NULL) {
        if (db->handlers->notified != NULL)
            db->handlers->notified(db->owner, notify->relname, notify->extra);
        PQfreemem(notify);
    }
    if (db->request != NULL)
        advance(db);
    else if (PQstatus(db->conn) == CONNECTION_BAD)
        db_lost(db, PQerrorMessage(db->conn));
}

static void writable_cb(evutil_socket_t fd, short what, void *arg)
{
    struct db *db = arg;
    flush(db);
    if (db->broken)
        advance(db);
}

static void start_request(struct db *db, struct db_request *request)
{
    request->outcome = DB_OK;
    request->result = NULL;
    request->sqlstate[0] = request->column[0] = request->error[0] = '\0';
    request->copies_used = 0;
    db->request = request;
    int sent;
    if (request->statement != NULL)
        sent = PQsendQueryPrepared(db->conn, request->statement, (int)request->many_count, request->many_values,
                                   request->many_lengths, request->many_formats, request->binary);
    else if (request->param_count == 0 && !request->binary)
        sent = PQsendQuery(db->conn, request->sql);
    else
        sent = PQsendQueryParams(db->conn, request->sql, (int)request->param_count, request->types, request->values,
                                 request->lengths, request->formats, request->binary);
    if (sent != 1)
        db->broken = true;
    else
        flush(db);
    if (db->broken)
        event_active(db->readable, EV_READ, 0);
}

void db_send(struct db *db, struct db_request *request)
{
    db->state = DB_STATE_BUSY;
    start_request(db, request);
}

void db_give_up(struct db *db)
{
    if (db->state == DB_STATE_BUSY)
        db_lost(db, "took longer than its deadline");
}

static void setup_done(struct db_request *request)
{
    struct db *db = request->owner;
    bool standby = request->result == NULL || PQntuples(request->result) < 1 || PQgetvalue(request->result, 0, 0)[0] == 't';
    if (request->outcome != DB_OK || standby) {
        db->state = DB_STATE_SETUP;
        db->broken = true;
        if (request->outcome == DB_OK)
            snprintf(db->why, sizeof db->why, "this server is a standby and takes no writes");
        else
            memcpy(db->why, request->error, sizeof db->why);
        return;
    }
    db->failures = 0;
    db->why[0] = '\0';
    event_del(db->timer);
    db->handlers->changed(db->owner, db, true, "");
}

static void connected(struct db *db)
{
    drop_events(db);
    int fd = PQsocket(db->conn);
    db->readable = event_new(db->base, fd, EV_READ | EV_PERSIST, readable_cb, db);
    db->writable = event_new(db->base, fd, EV_WRITE, writable_cb, db);
    if (db->readable == NULL || db->writable == NULL || PQsetnonblocking(db->conn, 1) != 0) {
        db_lost(db, "out of memory");
        return;
    }
    event_add(db->readable, NULL);
    db->state = DB_STATE_SETUP;
    db->setup_request = (struct db_request){.sql = db->setup, .done = setup_done, .owner = db};
    start_request(db, &db->setup_request);
}

static void poll_connect(struct db *db);

static void connecting_cb(evutil_socket_t fd, short what, void *arg)
{
    poll_connect(arg);
}

/* PQconnectPoll may close the socket and open another one (next host, retry without encryption): the event is made anew. */
static void poll_connect(struct db *db)
{
    PostgresPollingStatusType next = PQconnectPoll(db->conn);
    drop_events(db);
    if (next == PGRES_POLLING_OK) {
        connected(db);
        return;
    }
    if (next == PGRES_POLLING_FAILED || PQsocket(db->conn) < 0) {
        char why[300];
        first_line(why, sizeof why, PQerrorMessage(db->conn));
        db_lost(db, why);
        return;
    }
    db->readable =
        event_new(db->base, PQsocket(db->conn), next == PGRES_POLLING_READING ? EV_READ : EV_WRITE, connecting_cb, db);
    if (db->readable == NULL)
        db_lost(db, "out of memory");
    else
        event_add(db->readable, NULL);
}

/* What the server says besides errors is not for anybody; libpq would print it. */
static void no_notice(void *arg, const char *message)
{
}

PGconn *db_connect_start(const char *conninfo)
{
    /* what the operator's string says comes later and wins */
    const char *const names[] = {"client_encoding",      "keepalives_idle", "tcp_user_timeout",
                                 "target_session_attrs", "dbname",          NULL};
    const char *const values[] = {"UTF8", "10", "15000", "read-write", conninfo, NULL};
    PGconn *conn = PQconnectStartParams(names, values, 1);
    if (conn != NULL)
        PQsetNoticeProcessor(conn, no_notice, NULL);
    return conn;
}

static void connect_now(struct db *db)
{
    db->conn = db_connect_start(db->conninfo);
    if (db->conn == NULL || PQstatus(db->conn) == CONNECTION_BAD) {
        db_lost(db, db->conn == NULL ? "out of memory" : PQerrorMessage(db->conn));
        return;
    }
    db->state = DB_STATE_CONNECTING;
    set_timer(db, DB_CONNECT_TIMEOUT_MS);
    db->readable = event_new(db->base, PQsocket(db->conn), EV_WRITE, connecting_cb, db);
    if (db->readable == NULL)
        db_lost(db, "out of memory");
    else
        event_add(db->readable, NULL);
}

static void timer_cb(evutil_socket_t fd, short what, void *arg)
{
    struct db *db = arg;
    if (db->state == DB_STATE_DOWN)
        connect_now(db);
    else if (db->state == DB_STATE_CONNECTING || db->state == DB_STATE_SETUP)
        db_lost(db, "no answer while connecting");
}

struct db *db_create(struct event_base *base, const char *conninfo, const char *setup, const uint64_t *retry_max_ms,
                     const struct db_handlers *handlers, void *owner)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL)
        return NULL;
    db->base = base;
    db->conninfo = strdup(conninfo);
    db->setup = strdup(setup);
    db->retry_max_ms = retry_max_ms;
    db->handlers = handlers;
    db->owner = owner;
    db->timer = evtimer_new(base, timer_cb, db);
    if (db->conninfo == NULL || db->setup == NULL || db->timer == NULL) {
        db_destroy(db);
        return NULL;
    }
    return db;
}

void db_start(struct db *db)
{
    set_timer(db, 0);
}

void db_retry_now(struct db *db)
{
    if (db->state == DB_STATE_DOWN)
        set_timer(db, 0);
}

bool db_is_idle(const struct db *db)
{
    return db->state == DB_STATE_IDLE;
}

bool db_is_up(const struct db *db)
{
    return db->state == DB_STATE_IDLE || db->state == DB_STATE_BUSY;
}

const char *db_why_down(const struct db *db)
{
    return db->why;
}

void db_destroy(struct db *db)
{
    if (db == NULL)
        return;
    struct db_request *request = db->request;
    db->request = NULL;
    if (request != NULL) {
        PQclear(request->result);
        request->result = NULL;
        if (request != &db->setup_request) {
            request->outcome = DB_LOST;
            snprintf(request->error, sizeof request->error, "the daemon is stopping");
            db->state = DB_STATE_DOWN;
            request->done(request);
        }
    }
    drop_events(db);
    if (db->timer != NULL)
        event_free(db->timer);
    PQfinish(db->conn);
    free(db->conninfo);
    free(db->setup);
    free(db);
}
