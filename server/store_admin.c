/* SPDX-License-Identifier: GPL-3.0-or-later
 * One plain libpq connection.
 */
#include "store_admin.h"
#include "cluster.h"
#include "migrate.h"
#include "sql_text.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADMIN_CONNECT_TIMEOUT_S 10

struct store_admin {
    struct cluster *cluster;
    PGconn *conn;
    char *conninfo;
};

static void no_notice(void *arg, const char *message)
{
}

static enum status failed(struct store_admin *admin, const PGresult *result, struct errmsg *errmsg)
{
    const char *said = result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    char why[300];
    snprintf(why, sizeof why, "%s", said != NULL ? said : PQerrorMessage(admin->conn));
    why[strcspn(why, "\n")] = '\0';
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    errmsg_set(errmsg, "", "%s", why);
    if (PQstatus(admin->conn) != CONNECTION_OK)
        return STATUS_UNAVAILABLE;
    return state != NULL && strncmp(state, "23", 2) == 0 ? STATUS_INVALID : STATUS_INTERNAL;
}

enum status store_admin_open(const struct config *config, struct store_admin **ret_admin, struct errmsg *ret_errmsg)
{
    struct store_admin *admin = calloc(1, sizeof *admin);
    if (admin == NULL)
        return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    if (config->database[0] == '\0')
        status = cluster_open(config, &admin->cluster, ret_errmsg);
    if (status == STATUS_OK) {
        admin->conninfo = strdup(admin->cluster != NULL ? cluster_conninfo(admin->cluster) : config->database);
        status = admin->conninfo != NULL ? migrate_run(admin->conninfo, ADMIN_CONNECT_TIMEOUT_S, ret_errmsg) : STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        const char *const names[] = {
            "client_encoding", "target_session_attrs", "connect_timeout", "application_name", "dbname", NULL};
        const char *const values[] = {"UTF8", "read-write", "10", "samordningd admin", admin->conninfo, NULL};
        admin->conn = PQconnectdbParams(names, values, 1);
        if (admin->conn == NULL) {
            status = STATUS_NO_MEMORY;
        } else if (PQstatus(admin->conn) != CONNECTION_OK) {
            status = failed(admin, NULL, ret_errmsg);
        } else {
            PQsetNoticeProcessor(admin->conn, no_notice, NULL);
        }
    }
    if (status != STATUS_OK) {
        store_admin_close(admin);
        return status;
    }
    *ret_admin = admin;
    return STATUS_OK;
}

enum status store_admin_enrol(struct store_admin *admin, const char *orgnr, const char *name, uint32_t roles,
                              const char *fingerprint, int64_t expires_us, struct errmsg *ret_errmsg)
{
    char list[32] = "{", expires[32];
    for (int role = 1; role <= 3; role++)
        if ((roles & (1u << role)) != 0)
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%d", list[1] != '\0' ? "," : "", role);
    snprintf(list + strlen(list), sizeof list - strlen(list), "}");
    snprintf(expires, sizeof expires, "%lld", (long long)expires_us);
    const char *const values[] = {orgnr, name, list, fingerprint != NULL ? fingerprint : "", expires};
    PGresult *result = PQexecParams(
        admin->conn, "SELECT access.enrol($1::text, $2::text, $3::int2[], 0, $4::text, to_timestamp($5::float8 / 1e6), '')", 5,
        NULL, values, NULL, NULL, 0);
    enum status status = PQresultStatus(result) == PGRES_TUPLES_OK ? STATUS_OK : failed(admin, result, ret_errmsg);
    PQclear(result);
    return status;
}

enum status store_admin_revoke(struct store_admin *admin, const char *orgnr, const char *fingerprint,
                               struct store_admin_revoked *ret_revoked, struct errmsg *ret_errmsg)
{
    const char *const values[] = {orgnr != NULL ? orgnr : fingerprint};
    PGresult *result = PQexecParams(admin->conn, orgnr != NULL ? sql_server_revoke_organisation : sql_server_revoke_certificate,
                                    1, NULL, values, NULL, NULL, 0);
    enum status status = PQresultStatus(result) == PGRES_TUPLES_OK ? STATUS_OK : failed(admin, result, ret_errmsg);
    if (status == STATUS_OK && PQntuples(result) == 0) {
        errmsg_set(ret_errmsg, "", "no %s %s is known here",
                   orgnr != NULL ? "organisation" : "certificate with the fingerprint", values[0]);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        snprintf(ret_revoked->name, sizeof ret_revoked->name, "%s", PQgetvalue(result, 0, 0));
        ret_revoked->roles = (int)strtol(PQgetvalue(result, 0, 1), NULL, 10);
        ret_revoked->certificates = (int)strtol(PQgetvalue(result, 0, 2), NULL, 10);
    }
    PQclear(result);
    return status;
}

void store_admin_close(struct store_admin *admin)
{
    if (admin == NULL)
        return;
    PQfinish(admin->conn);
    cluster_close(admin->cluster, admin->cluster != NULL && !cluster_was_running(admin->cluster));
    free(admin->conninfo);
    free(admin);
}
