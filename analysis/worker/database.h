/* SPDX-License-Identifier: GPL-3.0-or-later
 * One connection to PostgreSQL, used synchronously: statements of sql/queries/analysis prepared at first use, typed parameters,
 * binary results.
 *
 * Every function that can fail returns a status and says why in the connection's `error`. STATUS_UNAVAILABLE means that the
 * database went away or asked to try again; nothing of the current transaction happened.
 */
#ifndef SAMORDNING_DATABASE_H
#define SAMORDNING_DATABASE_H

#include "status.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATABASE_STATEMENTS_MAX 128

struct database {
    PGconn *conn;
    struct errmsg error;
    const char *prepared[DATABASE_STATEMENTS_MAX];
    unsigned prepared_count;
};

/* Connects, and refuses a schema this program does not know. */
MUST_CHECK enum status database_open(struct database *database, const char *conninfo, const char *name);
/* Whether a connection that lay idle is still there; what it has said meanwhile is taken. */
bool database_alive(struct database *database);
void database_close(struct database *database);
/* In a forked child: forgets the parent's connection without saying goodbye to the server. */
void database_forget(struct database *database);

enum database_type {
    DATABASE_BOOL,
    DATABASE_INT2,
    DATABASE_INT4,
    DATABASE_INT8,
    DATABASE_FLOAT8,
    DATABASE_TEXT,
    DATABASE_BYTEA,
    DATABASE_UUID,
    DATABASE_INT4_ARRAY,
    DATABASE_INT8_ARRAY,
    DATABASE_INT2_ARRAY,
    DATABASE_TEXT_ARRAY
};
struct database_param {
    enum database_type type;
    bool null;
    int64_t number;   /* BOOL, INTs */
    double real;      /* FLOAT8 */
    const void *data; /* TEXT (NUL-terminated; NULL = null), BYTEA, UUID (16 bytes), or the elements of an array */
    size_t size;      /* of BYTEA; elements of an array */
};
#define PARAM_BOOL(value)        ((struct database_param){.type = DATABASE_BOOL, .number = (value)})
#define PARAM_INT2(value)        ((struct database_param){.type = DATABASE_INT2, .number = (value)})
#define PARAM_INT4(value)        ((struct database_param){.type = DATABASE_INT4, .number = (value)})
#define PARAM_INT8(value)        ((struct database_param){.type = DATABASE_INT8, .number = (value)})
#define PARAM_FLOAT8(value)      ((struct database_param){.type = DATABASE_FLOAT8, .real = (value)})
#define PARAM_TEXT(value)        ((struct database_param){.type = DATABASE_TEXT, .data = (value)})
#define PARAM_BYTEA(value, many) ((struct database_param){.type = DATABASE_BYTEA, .data = (value), .size = (many)})
#define PARAM_UUID(value)        ((struct database_param){.type = DATABASE_UUID, .data = (value)})
#define PARAM_INT2S(value, many) ((struct database_param){.type = DATABASE_INT2_ARRAY, .data = (value), .size = (many)})
#define PARAM_INT4S(value, many) ((struct database_param){.type = DATABASE_INT4_ARRAY, .data = (value), .size = (many)})
#define PARAM_INT8S(value, many) ((struct database_param){.type = DATABASE_INT8_ARRAY, .data = (value), .size = (many)})
#define PARAM_TEXTS(value, many) ((struct database_param){.type = DATABASE_TEXT_ARRAY, .data = (value), .size = (many)})

/* `sql` is one of the embedded texts: its address names the prepared statement. */
MUST_CHECK enum status database_query(struct database *database, const char *sql, const struct database_param *params,
                                      size_t count, PGresult **ret_result);
/* The same, without a result worth reading. */
MUST_CHECK enum status database_run(struct database *database, const char *sql, const struct database_param *params,
                                    size_t count);
/* The first cell of its first row, 0 without one. */
MUST_CHECK enum status database_number(struct database *database, const char *sql, const struct database_param *params,
                                       size_t count, int64_t *ret_number);
/* Row by row, for results larger than memory should hold. A row function that does not return STATUS_OK ends it; it says why in
 * database->error itself. */
typedef enum status database_row_cb(void *arg, const PGresult *row);
MUST_CHECK enum status database_stream(struct database *database, const char *sql, const struct database_param *params,
                                       size_t count, database_row_cb *row, void *arg);
/* BEGIN, COMMIT, LISTEN and other words without parameters. */
MUST_CHECK enum status database_command(struct database *database, const char *command);
void database_rollback(struct database *database);

/* COPY ... TO STDOUT (FORMAT binary): one call of `tuple` for each, with the fields behind its count. */
typedef enum status database_tuple_cb(void *arg, const uint8_t *tuple, size_t size, int16_t fields);
MUST_CHECK enum status database_copy_out(struct database *database, const char *copy, database_tuple_cb *tuple, void *arg);

/* Sets error from the connection's or result's last complaint. */
enum status database_failure(struct database *database, const PGresult *result);
enum status database_no_memory(struct database *database);
enum status database_cancelled(struct database *database); /* progress said so */

/* Cells. */
bool cell_null(const PGresult *result, int row, int column);
int64_t cell_int(const PGresult *result, int row, int column); /* any width */
double cell_day(const PGresult *result, int row, int column);  /* NaN for null */
double cell_float8(const PGresult *result, int row, int column);
const char *cell_text(const PGresult *result, int row, int column); /* NULL for null */

#endif
