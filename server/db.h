/* SPDX-License-Identifier: GPL-3.0-or-later
 * One connection to PostgreSQL on the event loop: it connects by itself, again and again, and runs one request at a time.
 *
 *      db_start          polled to the end         setup statement
 *   DOWN ------> CONNECTING ------------> SETUP -----------------> IDLE <----> BUSY
 *    ^ back-off with jitter |               |                        |          |
 *    +----------------------+---------------+------- lost -----------+----------+
 *
 * A request without parameters may hold several statements: they are one implicit transaction, and COPY ... FROM STDIN among
 * them takes its data from `copies` in order. It is answered when the server is ready for the next query, so DB_OK means
 * committed. Callbacks come from the loop, never from inside db_send.
 */
#ifndef SAMORDNING_DB_H
#define SAMORDNING_DB_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DB_PARAMS_MAX         12
#define DB_COPIES_MAX         2
#define DB_CONNECT_TIMEOUT_MS 10000
#define DB_RETRY_MIN_MS       100

struct event_base;
struct db;

/* Begins connecting as every connection of the daemon does; for who then goes on with libpq itself. NULL: out of memory. */
PGconn *db_connect_start(const char *conninfo);

enum db_outcome {
    DB_OK,
    DB_ERROR, /* the server refused: sqlstate, error */
    DB_LOST   /* the connection went away, before or after the server acted; also: waited too long for one */
};

struct db_request {
    /* set by the caller, borrowed until done */
    const char *sql;
    size_t param_count;
    Oid types[DB_PARAMS_MAX];
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX];
    int formats[DB_PARAMS_MAX];
    bool binary;           /* rows in binary */
    const char *statement; /* instead of sql: one prepared by `setup`, with many binary parameters */
    size_t many_count;
    const char *const *many_values;
    const int *many_lengths, *many_formats;
    struct {
        const uint8_t *data;
        size_t size;
    } copies[DB_COPIES_MAX];
    int64_t deadline_us; /* pools: answer DB_LOST when no connection took it before; 0 = wait for ever */
    bool ends_late;      /* pools: a statement under way at its deadline is given up, DB_ERROR with 57014 */
    void (*done)(struct db_request *request);
    void *owner;

    /* set before done; result lives until done returns */
    enum db_outcome outcome;
    PGresult *result; /* the last one with rows; NULL = none */
    char sqlstate[6];
    char column[64];
    char error[300];

    struct db_request *next; /* the pool's */
    size_t copies_used;      /* the connection's */
};

void db_request_text(struct db_request *request, const char *value); /* appends a parameter; NULL = SQL NULL */
void db_request_binary(struct db_request *request, Oid type, const void *data, size_t size);

struct db_handlers {
    void (*ready)(void *owner, struct db *db); /* idle: newly connected, or a request was done and nothing followed it */
    void (*changed)(void *owner, struct db *db, bool up, const char *why);
    void (*notified)(void *owner, const char *channel, const char *payload); /* NULL = nobody listens */
};

/* setup: statements run after each connect, before anything else; the last must return one row "is this a standby". NULL: out
 * of memory. conninfo and setup are copied. retry_max_ms is read at each failure. */
struct db *db_create(struct event_base *base, const char *conninfo, const char *setup, const uint64_t *retry_max_ms,
                     const struct db_handlers *handlers, void *owner);
void db_start(struct db *db);
bool db_is_idle(const struct db *db);
bool db_is_up(const struct db *db);
const char *db_why_down(const struct db *db);            /* the last reason; "" = none */
void db_send(struct db *db, struct db_request *request); /* only when idle */
void db_give_up(struct db *db);   /* a request in flight is answered DB_LOST; the server ends it when it sees us gone */
void db_retry_now(struct db *db); /* connects without waiting for the back-off, when down */
void db_destroy(struct db *db);   /* a request in flight is answered DB_LOST first; NULL is fine */

/* True for failures that say nothing about the request: the server goes down, is a standby, or lacks room. */
bool db_error_is_transient(const struct db_request *request);

#endif
