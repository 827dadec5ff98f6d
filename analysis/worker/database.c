/* SPDX-License-Identifier: GPL-3.0-or-later
 * Speaking with PostgreSQL.
 */
#include "database.h"

#include "sql_text.h"

#include <endian.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARAMS_MAX 20

static const Oid oids[] = {16, 21, 23, 20, 701, 25, 17, 2950, 1007, 1016, 1005, 1009};

/* ---------------------------------------------------------------------------------------------------- connecting */
enum status database_failure(struct database *database, const PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *detail = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL;
    char line[300];
    if (!text) {
        snprintf(line, sizeof line, "%s", PQerrorMessage(database->conn));
        line[strcspn(line, "\n")] = '\0';
        text = *line ? line : "the connection to the database was lost";
    }
    errmsg_set(&database->error, "", "database: %s%s%s", text, detail ? ": " : "", detail ? detail : "");
    if (PQstatus(database->conn) != CONNECTION_OK || !state)
        return STATUS_UNAVAILABLE;
    if (strncmp(state, "08", 2) == 0 || strncmp(state, "40", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
        strcmp(state, "53300") == 0 || strcmp(state, "25006") == 0)
        return STATUS_UNAVAILABLE;
    if (strcmp(state, "53200") == 0)
        return STATUS_NO_MEMORY;
    return strcmp(state, "57014") == 0 ? STATUS_TIMEOUT : STATUS_INTERNAL;
}

enum status database_no_memory(struct database *database)
{
    errmsg_set(&database->error, "", "out of memory");
    return STATUS_NO_MEMORY;
}

enum status database_cancelled(struct database *database)
{
    errmsg_set(&database->error, "", "cancelled");
    return STATUS_CANCELLED;
}

static enum status check_schema(struct database *database)
{
    int64_t version = 0;
    enum status status = database_number(database, sql_analysis_schema_version, NULL, 0, &version);
    if (status != STATUS_OK)
        return status;
    int64_t known = sql_migration_count ? sql_migrations[sql_migration_count - 1].number : 0;
    if (version == known)
        return STATUS_OK;
    /* The daemon migrates; until then, or until this program is updated, there is nothing to do here. */
    errmsg_set(&database->error, "", "the database has schema version %lld, this program knows %lld: %s", (long long)version,
               (long long)known,
               version < known ? "start the daemon of this version once to migrate it" : "update samordning-analyse");
    return STATUS_UNAVAILABLE;
}

enum status database_open(struct database *database, const char *conninfo, const char *name)
{
    memset(database, 0, sizeof *database);
    const char *keys[] = {"dbname", "fallback_application_name", "connect_timeout", "client_encoding", "options", NULL};
    const char *values[] = {conninfo, name, "10", "UTF8", "-c search_path=pg_catalog -c jit=off", NULL};
    database->conn = PQconnectdbParams(keys, values, 1);
    if (!database->conn)
        return database_no_memory(database);
    enum status status = STATUS_OK;
    if (PQstatus(database->conn) != CONNECTION_OK) {
        database_failure(database, NULL);
        status = STATUS_UNAVAILABLE;
    } else {
        status = check_schema(database);
    }
    if (status != STATUS_OK)
        database_close(database);
    return status;
}

void database_close(struct database *database)
{
    PQfinish(database->conn);
    database->conn = NULL;
    database->prepared_count = 0;
}

bool database_alive(struct database *database)
{
    if (!database->conn || PQstatus(database->conn) != CONNECTION_OK)
        return false;
    struct pollfd news = {.fd = PQsocket(database->conn), .events = POLLIN};
    while (poll(&news, 1, 0) > 0) /* nobody listens here: it can only be a farewell, or a changed setting */
        if (!PQconsumeInput(database->conn) || PQstatus(database->conn) != CONNECTION_OK || news.revents & (POLLERR | POLLHUP))
            return false;
    return true;
}

void database_forget(struct database *database)
{
    if (database->conn)
        close(PQsocket(database->conn));
    database->conn = NULL;
    database->prepared_count = 0;
}

/* ------------------------------------------------------------------------------------------------------- parameters */
/* Arrays travel as text: a handful of numbers each. NULL: out of memory. */
static char *array_text(const struct database_param *param)
{
    size_t room = 3 + param->size * 21;
    char *text = malloc(room);
    if (!text)
        return NULL;
    size_t length = (size_t)snprintf(text, room, "{");
    for (size_t i = 0; i < param->size; i++) {
        long long number = param->type == DATABASE_INT2_ARRAY   ? ((const int16_t *)param->data)[i]
                           : param->type == DATABASE_INT4_ARRAY ? ((const int32_t *)param->data)[i]
                                                                : ((const int64_t *)param->data)[i];
        length += (size_t)snprintf(text + length, room - length, "%s%lld", i ? "," : "", number);
    }
    snprintf(text + length, room - length, "}");
    return text;
}

/* Elements in quotes; quotes and backslashes within behind a backslash. NULL: out of memory. */
static char *texts_text(const struct database_param *param)
{
    const char *const *texts = param->data;
    size_t room = 3;
    for (size_t i = 0; i < param->size; i++)
        room += 3 + 2 * strlen(texts[i]);
    char *text = malloc(room), *to = text;
    if (!text)
        return NULL;
    *to++ = '{';
    for (size_t i = 0; i < param->size; i++) {
        if (i)
            *to++ = ',';
        *to++ = '"';
        for (const char *from = texts[i]; *from; from++) {
            if (*from == '"' || *from == '\\')
                *to++ = '\\';
            *to++ = *from;
        }
        *to++ = '"';
    }
    *to++ = '}';
    *to = '\0';
    return text;
}

struct bound {
    const char *values[PARAMS_MAX];
    int lengths[PARAMS_MAX], formats[PARAMS_MAX];
    uint64_t space[PARAMS_MAX];
    char *owned[PARAMS_MAX];
    size_t count;
};

static void unbind(struct bound *bound)
{
    for (size_t i = 0; i < bound->count; i++)
        free(bound->owned[i]);
}

static void bind_number(struct bound *bound, size_t i, uint64_t big_endian, int length)
{
    bound->space[i] = big_endian;
    bound->values[i] = (const char *)&bound->space[i];
    bound->lengths[i] = length;
    bound->formats[i] = 1;
}

static bool bind(struct bound *bound, const struct database_param *params, size_t count)
{
    memset(bound, 0, sizeof *bound);
    for (size_t i = 0; i < count; i++, bound->count++) {
        const struct database_param *param = &params[i];
        uint64_t bits;
        switch (param->type) {
        case DATABASE_BOOL:
            bind_number(bound, i, param->number != 0, 1);
            break;
        case DATABASE_INT2:
            bind_number(bound, i, htobe16((uint16_t)param->number), 2);
            break;
        case DATABASE_INT4:
            bind_number(bound, i, htobe32((uint32_t)param->number), 4);
            break;
        case DATABASE_INT8:
            bind_number(bound, i, htobe64((uint64_t)param->number), 8);
            break;
        case DATABASE_FLOAT8:
            memcpy(&bits, &param->real, 8);
            bind_number(bound, i, htobe64(bits), 8);
            break;
        case DATABASE_TEXT:
            bound->values[i] = param->data;
            break;
        case DATABASE_BYTEA:
        case DATABASE_UUID:
            bound->values[i] = param->data;
            bound->lengths[i] = param->type == DATABASE_UUID ? 16 : (int)param->size;
            bound->formats[i] = 1;
            break;
        case DATABASE_INT2_ARRAY:
        case DATABASE_INT4_ARRAY:
        case DATABASE_INT8_ARRAY:
        case DATABASE_TEXT_ARRAY:
            bound->owned[i] = param->type == DATABASE_TEXT_ARRAY ? texts_text(param) : array_text(param);
            if (!bound->owned[i])
                return false;
            bound->values[i] = bound->owned[i];
            break;
        }
        if (param->null)
            bound->values[i] = NULL;
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------- statements */
static enum status prepare(struct database *database, const char *sql, const struct database_param *params, size_t count,
                           char ret_name[24])
{
    for (unsigned i = 0; i < database->prepared_count; i++) {
        if (database->prepared[i] == sql) {
            snprintf(ret_name, 24, "q%u", i);
            return STATUS_OK;
        }
    }
    if (count > PARAMS_MAX || database->prepared_count == DATABASE_STATEMENTS_MAX) {
        errmsg_set(&database->error, "", "more statements or parameters than this program has room for");
        return STATUS_INTERNAL;
    }
    Oid types[PARAMS_MAX];
    for (size_t i = 0; i < count; i++)
        types[i] = oids[params[i].type];
    snprintf(ret_name, 24, "q%u", database->prepared_count);
    PGresult *result = PQprepare(database->conn, ret_name, sql, (int)count, types);
    enum status status = PQresultStatus(result) == PGRES_COMMAND_OK ? STATUS_OK : database_failure(database, result);
    PQclear(result);
    if (status == STATUS_OK)
        database->prepared[database->prepared_count++] = sql;
    return status;
}

enum status database_query(struct database *database, const char *sql, const struct database_param *params, size_t count,
                           PGresult **ret_result)
{
    char name[24];
    enum status status = prepare(database, sql, params, count, name);
    if (status != STATUS_OK)
        return status;
    struct bound bound;
    if (!bind(&bound, params, count)) {
        unbind(&bound);
        return database_no_memory(database);
    }
    PGresult *result = PQexecPrepared(database->conn, name, (int)count, bound.values, bound.lengths, bound.formats, 1);
    unbind(&bound);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = database_failure(database, result);
        PQclear(result);
        return status;
    }
    *ret_result = result;
    return STATUS_OK;
}

enum status database_number(struct database *database, const char *sql, const struct database_param *params, size_t count,
                            int64_t *ret_number)
{
    PGresult *result = NULL;
    enum status status = database_query(database, sql, params, count, &result);
    if (status != STATUS_OK)
        return status;
    *ret_number = PQntuples(result) ? cell_int(result, 0, 0) : 0;
    PQclear(result);
    return STATUS_OK;
}

enum status database_run(struct database *database, const char *sql, const struct database_param *params, size_t count)
{
    PGresult *result = NULL;
    enum status status = database_query(database, sql, params, count, &result);
    if (status == STATUS_OK)
        PQclear(result);
    return status;
}

/* Reads what is left of a statement, so that the connection can be used again. */
static void drain(struct database *database)
{
    for (PGresult *result; (result = PQgetResult(database->conn)) != NULL;)
        PQclear(result);
}

enum status database_stream(struct database *database, const char *sql, const struct database_param *params, size_t count,
                            database_row_cb *row, void *arg)
{
    char name[24];
    enum status status = prepare(database, sql, params, count, name);
    if (status != STATUS_OK)
        return status;
    struct bound bound;
    if (!bind(&bound, params, count)) {
        unbind(&bound);
        return database_no_memory(database);
    }
    bool sent = PQsendQueryPrepared(database->conn, name, (int)count, bound.values, bound.lengths, bound.formats, 1) == 1 &&
                PQsetSingleRowMode(database->conn) == 1;
    unbind(&bound);
    if (!sent)
        return database_failure(database, NULL);
    for (PGresult *result; (result = PQgetResult(database->conn)) != NULL; PQclear(result)) {
        ExecStatusType state = PQresultStatus(result);
        if (state == PGRES_SINGLE_TUPLE)
            status = status == STATUS_OK ? row(arg, result) : status;
        else if (state != PGRES_TUPLES_OK && status == STATUS_OK)
            status = database_failure(database, result);
    }
    return status;
}

enum status database_command(struct database *database, const char *command)
{
    PGresult *result = PQexec(database->conn, command);
    ExecStatusType state = PQresultStatus(result);
    enum status status = state == PGRES_COMMAND_OK || state == PGRES_TUPLES_OK ? STATUS_OK : database_failure(database, result);
    /* COMMIT of a failed transaction says ROLLBACK, politely. */
    if (status == STATUS_OK && strcmp(command, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        errmsg_set(&database->error, "", "database: the transaction was rolled back");
        status = STATUS_INTERNAL;
    }
    PQclear(result);
    return status;
}

void database_rollback(struct database *database)
{
    if (database->conn && PQstatus(database->conn) == CONNECTION_OK && PQtransactionStatus(database->conn) != PQTRANS_IDLE)
        PQclear(PQexec(database->conn, "ROLLBACK"));
}

/* -------------------------------------------------------------------------------------------------------------- COPY */
#define COPY_SIGNATURE_SIZE 19 /* signature, flags, length of an extension nobody writes yet */

static enum status take_tuples(struct database *database, database_tuple_cb *tuple, void *arg)
{
    static const char signature[11] = "PGCOPY\n\377\r\n";
    bool begun = false;
    enum status status = STATUS_OK;
    char *data;
    int size;
    while ((size = PQgetCopyData(database->conn, &data, 0)) > 0) {
        const uint8_t *at = (const uint8_t *)data;
        size_t left = (size_t)size;
        if (!begun) {
            if (left < COPY_SIGNATURE_SIZE || memcmp(at, signature, sizeof signature) != 0) {
                errmsg_set(&database->error, "", "database: not a binary COPY");
                status = status == STATUS_OK ? STATUS_INTERNAL : status;
            } else {
                at += COPY_SIGNATURE_SIZE;
                left -= COPY_SIGNATURE_SIZE;
            }
            begun = true;
        }
        if (left >= 2 && status == STATUS_OK) {
            int16_t fields = (int16_t)(at[0] << 8 | at[1]);
            if (fields >= 0)
                status = tuple(arg, at + 2, left - 2, fields);
        }
        PQfreemem(data);
    }
    if (size == -2 && status == STATUS_OK)
        status = database_failure(database, NULL);
    return status;
}

enum status database_copy_out(struct database *database, const char *copy, database_tuple_cb *tuple, void *arg)
{
    PGresult *result = PQexec(database->conn, copy);
    if (PQresultStatus(result) != PGRES_COPY_OUT) {
        enum status status = database_failure(database, result);
        PQclear(result);
        return status;
    }
    PQclear(result);
    enum status status = take_tuples(database, tuple, arg);
    result = PQgetResult(database->conn);
    if (status == STATUS_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        status = database_failure(database, result);
    PQclear(result);
    drain(database);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------- cells */
bool cell_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column);
}

int64_t cell_int(const PGresult *result, int row, int column)
{
    const char *value = PQgetvalue(result, row, column);
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch (PQgetlength(result, row, column)) {
    case 1:
        return *value;
    case 2:
        memcpy(&two, value, 2);
        return (int16_t)be16toh(two);
    case 4:
        memcpy(&four, value, 4);
        return (int32_t)be32toh(four);
    case 8:
        memcpy(&eight, value, 8);
        return (int64_t)be64toh(eight);
    default:
        return 0;
    }
}

double cell_float8(const PGresult *result, int row, int column)
{
    uint64_t bits = (uint64_t)cell_int(result, row, column);
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

double cell_day(const PGresult *result, int row, int column)
{
    return cell_null(result, row, column) ? NAN : (double)cell_int(result, row, column);
}

const char *cell_text(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}
