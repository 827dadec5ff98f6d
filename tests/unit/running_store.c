/* SPDX-License-Identifier: GPL-3.0-or-later
 * A store on a private PostgreSQL (see running_store.h).
 */
#include "running_store.h"

#include "clock.h"
#include "log.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char directory[64] = "/tmp/samordning-store-XXXXXX";
struct config config;
struct metrics metrics;
struct event_base *base;
struct store *store;
PGconn *conn;

static bool set(const char *key, const char *value)
{
    struct config_error error;
    if (config_set(&config, key, value, NULL, 0, &error) == STATUS_OK)
        return true;
    fprintf(stderr, "%s\n", error.text);
    return false;
}

static bool configure(const char *const *settings)
{
    struct config_error error;
    if (mkdtemp(directory) == NULL || config_init(&config) != STATUS_OK)
        return false;
    if (!set("state_dir", directory) || !set("workers", "0") || !set("cluster_shared_buffers", "64 MiB"))
        return false;
    for (; settings != NULL && settings[0] != NULL; settings += 2)
        if (!set(settings[0], settings[1]))
            return false;
    return config_check(&config, &error) == STATUS_OK;
}

static bool enrol(const struct running_organisation *organisations, size_t count)
{
    struct errmsg errmsg = {0};
    struct store_admin *admin = NULL;
    enum status status = store_admin_open(&config, &admin, &errmsg);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = store_admin_enrol(admin, organisations[i].orgnr, "prøve", organisations[i].roles, NULL, 0, &errmsg);
    store_admin_close(admin);
    if (status != STATUS_OK)
        fprintf(stderr, "%s\n", errmsg.text);
    return status == STATUS_OK;
}

bool running_store_start(const char *const *settings, struct running_organisation *organisations, size_t count)
{
    struct errmsg errmsg = {0};
    log_set_level(getenv("STORE_TEST_LOG") != NULL ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
    if (!configure(settings) || !enrol(organisations, count))
        return false;
    metrics_init(&metrics);
    base = event_base_new();
    if (store_create(base, &config, &metrics, &store, &errmsg) != STATUS_OK) {
        fprintf(stderr, "%s\n", errmsg.text);
        return false;
    }
    for (int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
         !store_is_ready(store) && clock_monotonic_us() < deadline_us;)
        event_base_loop(base, EVLOOP_ONCE);
    for (size_t i = 0; i < count; i++)
        if (store_principal(store, organisations[i].orgnr, "", "", &organisations[i].ret_principal) != STATUS_OK)
            return false;
    conn = PQconnectdb(store_conninfo());
    return PQstatus(conn) == CONNECTION_OK;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

int running_store_run(TCase *tcase)
{
    Suite *suite = suite_create("store");
    tcase_set_timeout(tcase, 0);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK); /* they share one PostgreSQL */
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    PQfinish(conn);
    store_destroy(store);
    event_base_free(base);
    config_release(&config);
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return failed == 0 ? 0 : 1;
}

/* ------------------------------------------------------------------------------------------------- looks */

void wait_for(const bool *flag)
{
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US + 10000000;
    while (!*flag && clock_monotonic_us() < deadline_us)
        event_base_loop(base, EVLOOP_ONCE);
    ck_assert_msg(*flag, "no answer in time");
}

long long sql_number(const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1, "%s: %s", sql, PQerrorMessage(conn));
    long long number = atoll(PQgetvalue(result, 0, 0));
    PQclear(result);
    return number;
}

void sql_run(const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", sql,
                  PQerrorMessage(conn));
    PQclear(result);
}

void wait_for_sql(const char *sql)
{
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
    while (sql_number(sql) == 0) { /* may hold for a moment only: it is asked once */
        ck_assert_msg(clock_monotonic_us() < deadline_us, "not in time: %s", sql);
        event_base_loop(base, EVLOOP_ONCE);
    }
}

const char *store_conninfo(void)
{
    static char text[200];
    snprintf(text, sizeof text, "host=%s/postgres/run user=samordning dbname=samordning", directory);
    return text;
}

void reconnect(void)
{
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
    do {
        event_base_loop(base, EVLOOP_ONCE);
        PQfinish(conn);
        conn = PQconnectdb(store_conninfo());
    } while (PQstatus(conn) != CONNECTION_OK && clock_monotonic_us() < deadline_us);
    ck_assert_int_eq(PQstatus(conn), CONNECTION_OK);
}

pid_t postmaster(void)
{
    char path[128], line[32] = "";
    snprintf(path, sizeof path, "%s/postgres/data/postmaster.pid", directory);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    if (fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    fclose(file);
    return (pid_t)atoi(line);
}
