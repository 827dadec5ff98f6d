/* SPDX-License-Identifier: GPL-3.0-or-later
 * Applies sql/migrations, each in one transaction with its row in public.schema_version.
 */
#include "migrate.h"
#include "sql_text.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECKSUM_SIZE 33

static enum status refused(PGconn *conn, const char *what, struct errmsg *errmsg)
{
    char why[300];
    const char *said = PQerrorMessage(conn);
    said = strncmp(said, "ERROR:  ", 8) == 0 ? said + 8 : said;
    snprintf(why, sizeof why, "%s", said);
    why[strcspn(why, "\n")] = '\0';
    errmsg_set(errmsg, "", "%s: %s", what, why);
    return PQstatus(conn) == CONNECTION_OK ? STATUS_INTERNAL : STATUS_UNAVAILABLE;
}

static void no_notice(void *arg, const char *message)
{
}

static bool run(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    return done;
}

static void checksum_of(const char *text, char ret_hex[CHECKSUM_SIZE])
{
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(ret_hex, CHECKSUM_SIZE, hash, sizeof hash);
}

static const struct sql_migration *find(int number)
{
    for (size_t i = 0; i < sql_migration_count; i++)
        if (sql_migrations[i].number == number)
            return &sql_migrations[i];
    return NULL;
}

/* What was applied must be what this program knows, unchanged. Marks it in `applied`. */
static enum status check_applied(const PGresult *rows, bool *applied, struct errmsg *errmsg)
{
    int newest = sql_migrations[sql_migration_count - 1].number;
    for (int i = 0; i < PQntuples(rows); i++) {
        int number = (int)strtol(PQgetvalue(rows, i, 0), NULL, 10);
        const struct sql_migration *known = find(number);
        if (known == NULL) {
            errmsg_set(errmsg, "",
                       "the database's schema has migration %d (%s), newer than this program, which knows up to %d; use a "
                       "newer samordning",
                       number, PQgetvalue(rows, i, 1), newest);
            return STATUS_UNSUPPORTED_VERSION;
        }
        char checksum[CHECKSUM_SIZE];
        checksum_of(known->text, checksum);
        if (strcmp(checksum, PQgetvalue(rows, i, 2)) != 0) {
            errmsg_set(
                errmsg, "",
                "migration %s was applied to this database in another form than this program has; they do not belong together",
                known->name);
            return STATUS_UNSUPPORTED_VERSION;
        }
        applied[known - sql_migrations] = true;
    }
    return STATUS_OK;
}

static enum status apply(PGconn *conn, const struct sql_migration *migration, struct errmsg *errmsg)
{
    char checksum[CHECKSUM_SIZE], number[16], what[200];
    checksum_of(migration->text, checksum);
    snprintf(number, sizeof number, "%d", migration->number);
    snprintf(what, sizeof what, "migration %s failed", migration->name);
    const char *const values[] = {number, migration->name, checksum};
    bool done = run(conn, "BEGIN") && run(conn, migration->text);
    if (done) {
        PGresult *result =
            PQexecParams(conn, "INSERT INTO public.schema_version (number, name, checksum) VALUES ($1::int4, $2, $3)", 3, NULL,
                         values, NULL, NULL, 0);
        done = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (done && run(conn, "COMMIT"))
        return STATUS_OK;
    enum status status = refused(conn, what, errmsg);
    if (PQstatus(conn) == CONNECTION_OK && !run(conn, "ROLLBACK"))
        return STATUS_UNAVAILABLE;
    return status;
}

static bool may_make_roles(PGconn *conn)
{
    PGresult *result = PQexec(conn, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user");
    bool may = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    return may;
}

static enum status migrate_locked(PGconn *conn, struct errmsg *errmsg)
{
    if (!run(conn, "CREATE TABLE IF NOT EXISTS public.schema_version (number int4 PRIMARY KEY, name text NOT NULL, checksum "
                   "text NOT NULL, "
                   "applied_at timestamptz NOT NULL DEFAULT now())"))
        return refused(conn, "could not read the schema's version", errmsg);
    PGresult *rows = PQexec(conn, "SELECT number, name, checksum FROM public.schema_version ORDER BY number");
    bool *applied = calloc(sql_migration_count, sizeof *applied);
    enum status status = STATUS_NO_MEMORY;
    if (applied != NULL)
        status = PQresultStatus(rows) == PGRES_TUPLES_OK ? check_applied(rows, applied, errmsg)
                                                         : refused(conn, "could not read the schema's version", errmsg);
    PQclear(rows);
    bool any = false;
    for (size_t i = 0; i < sql_migration_count && status == STATUS_OK; i++) {
        if (applied[i])
            continue;
        any = true;
        status = apply(conn, &sql_migrations[i], errmsg);
    }
    if (status == STATUS_OK && any && may_make_roles(conn) &&
        !(run(conn, "BEGIN") && run(conn, sql_roles) && run(conn, "COMMIT"))) {
        status = refused(conn, "could not set up the roles of researchers and workers", errmsg);
        if (!run(conn, "ROLLBACK"))
            status = STATUS_UNAVAILABLE;
    }
    free(applied);
    return status;
}

enum status migrate_connection(PGconn *conn, struct errmsg *ret_errmsg)
{
    if (!run(conn, "SELECT set_config('client_min_messages', 'warning', false)") ||
        !run(conn, "SELECT pg_advisory_lock(hashtextextended('samordning migrations', 0))"))
        return refused(conn, "could not lock the schema", ret_errmsg);
    enum status status = migrate_locked(conn, ret_errmsg);
    if (!run(conn, "SELECT pg_advisory_unlock(hashtextextended('samordning migrations', 0))") && status == STATUS_OK)
        status = refused(conn, "could not unlock the schema", ret_errmsg);
    return status;
}

enum status migrate_run(const char *conninfo, int connect_timeout_s, struct errmsg *ret_errmsg)
{
    char timeout[16];
    snprintf(timeout, sizeof timeout, "%d", connect_timeout_s);
    const char *const names[] = {
        "client_encoding", "target_session_attrs", "connect_timeout", "application_name", "dbname", NULL};
    const char *const values[] = {"UTF8", "read-write", timeout, "samordningd migration", conninfo, NULL};
    PGconn *conn = PQconnectdbParams(names, values, 1);
    enum status status = STATUS_NO_MEMORY;
    if (conn != NULL && PQstatus(conn) != CONNECTION_OK) {
        status = refused(conn, "could not connect to the database", ret_errmsg);
    } else if (conn != NULL && PQserverVersion(conn) < 150000) {
        errmsg_set(ret_errmsg, "", "the database is PostgreSQL %d, and 15 or newer is needed", PQserverVersion(conn) / 10000);
        status = STATUS_UNSUPPORTED_VERSION;
    } else if (conn != NULL) {
        PQsetNoticeProcessor(conn, no_notice, NULL);
        status = migrate_connection(conn, ret_errmsg);
    }
    PQfinish(conn);
    return status;
}
