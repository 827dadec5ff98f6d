/* SPDX-License-Identifier: GPL-3.0-or-later
 * The private PostgreSQL's process: start, adopt, watch, stop.
 */
#include "cluster.h"
#include "clock.h"
#include "cluster_files.h"
#include "log.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS        20
#define WATCH_MS       200
#define RESTART_MAX_MS 5000

struct cluster {
    struct cluster_files files;
    char conninfo[PATH_MAX + 256];
    char maintenance[PATH_MAX + 256]; /* the database every cluster has */
    pid_t pid;
    bool child; /* ours to wait for; else adopted */
    bool was_running;

    struct event *watch;
    void (*restarted)(void *arg);
    void *arg;
    unsigned failures;
    int64_t started_us, next_start_us;
};

bool cluster_quote(const char *value, char *ret_text, size_t size)
{
    size_t at = 0;
    if (size < 3)
        return false;
    ret_text[at++] = '\'';
    for (; *value != '\0'; value++) {
        if (at + 4 > size)
            return false;
        if (*value == '\'' || *value == '\\')
            ret_text[at++] = '\\';
        ret_text[at++] = *value;
    }
    ret_text[at++] = '\'';
    ret_text[at] = '\0';
    return true;
}

static void wait_a_little(void)
{
    struct timespec wait = {.tv_nsec = POLL_MS * 1000000L};
    nanosleep(&wait, NULL);
}

/* A process that ended but that nobody has waited for yet is not alive, whatever kill() says. */
static bool process_lives(pid_t pid)
{
    if (pid <= 0 || (kill(pid, 0) != 0 && errno == ESRCH))
        return false;
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return errno != ENOENT;
    if (fgets(text, sizeof text, file) == NULL)
        text[0] = '\0';
    fclose(file);
    const char *after = strrchr(text, ')');
    return after == NULL || (after[1] == ' ' && after[2] != 'Z' && after[2] != 'X');
}

static bool cluster_lives(struct cluster *cluster)
{
    if (cluster->pid <= 0)
        return false;
    if (!cluster->child)
        return process_lives(cluster->pid);
    int state;
    pid_t got = waitpid(cluster->pid, &state, WNOHANG);
    return got == 0 || (got < 0 && errno == EINTR);
}

static pid_t read_pid(const struct cluster *cluster)
{
    char path[PATH_MAX + 32], text[32] = "";
    snprintf(path, sizeof path, "%s/postmaster.pid", cluster->files.data);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fgets(text, sizeof text, file) == NULL)
        text[0] = '\0';
    fclose(file);
    return (pid_t)strtol(text, NULL, 10);
}

static bool start(struct cluster *cluster)
{
    struct stat there;
    if (stat(cluster->files.log, &there) == 0 && there.st_size > CLUSTER_LOG_BYTES) {
        char aside[PATH_MAX + 8];
        snprintf(aside, sizeof aside, "%s.1", cluster->files.log);
        if (rename(cluster->files.log, aside) != 0)
            return false;
    }
    int log = open(cluster->files.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (log < 0)
        return false;
    if (cluster->files.drop && fchown(log, cluster->files.uid, cluster->files.gid) != 0) {
        close(log);
        return false;
    }
    char postgres[PATH_MAX + 16];
    snprintf(postgres, sizeof postgres, "%s/postgres", cluster->files.bin);
    const char *const argv[] = {postgres, "-D", cluster->files.data, NULL};
    cluster->pid = cluster_spawn(&cluster->files, argv, log, true);
    cluster->child = true;
    cluster->started_us = clock_monotonic_us();
    close(log);
    return cluster->pid > 0;
}

/* The last complaint in the log, without its time. */
static void last_words(const struct cluster *cluster, char *ret_text, size_t size)
{
    snprintf(ret_text, size, "see %.250s", cluster->files.log);
    FILE *file = fopen(cluster->files.log, "re");
    if (file == NULL)
        return;
    if (fseek(file, -8192, SEEK_END) != 0)
        rewind(file);
    char line[1024];
    while (fgets(line, sizeof line, file) != NULL) {
        const char *words = strstr(line, "FATAL:  ");
        words = words != NULL ? words : strstr(line, "PANIC:  ");
        words = words != NULL ? words + 8 : strncmp(line, "could not", 9) == 0 ? line : NULL;
        if (words == NULL)
            continue;
        snprintf(ret_text, size, "%.290s", words);
        ret_text[strcspn(ret_text, "\n")] = '\0';
    }
    fclose(file);
}

/* Pings until it answers; a server in recovery says so and is waited for. */
static enum status wait_ready(struct cluster *cluster, struct errmsg *errmsg)
{
    int64_t deadline_us = clock_monotonic_us() + CLUSTER_START_TIMEOUT_MS * INT64_C(1000);
    for (;;) {
        PGPing answer = PQping(cluster->maintenance);
        if (answer == PQPING_OK)
            return STATUS_OK;
        if (!cluster_lives(cluster)) {
            char why[300];
            cluster->pid = 0;
            last_words(cluster, why, sizeof why);
            errmsg_set(errmsg, "", "the private PostgreSQL did not start: %s", why);
            return STATUS_UNAVAILABLE;
        }
        if (answer != PQPING_REJECT && clock_monotonic_us() > deadline_us) {
            errmsg_set(errmsg, "", "the private PostgreSQL does not answer; see %s", cluster->files.log);
            return STATUS_UNAVAILABLE;
        }
        wait_a_little();
    }
}

static enum status make_database(const struct cluster *cluster, struct errmsg *errmsg)
{
    PGconn *conn = PQconnectdb(cluster->maintenance);
    enum status status = STATUS_OK;
    PGresult *result = NULL;
    if (PQstatus(conn) == CONNECTION_OK) {
        result = PQexec(conn, "SELECT 1 FROM pg_database WHERE datname = 'samordning'");
        if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0) {
            PQclear(result);
            result = PQexec(conn, "CREATE DATABASE samordning TEMPLATE template0 ENCODING 'UTF8'");
        }
    }
    if (PQstatus(conn) != CONNECTION_OK ||
        (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)) {
        char why[300];
        snprintf(why, sizeof why, "%s", PQerrorMessage(conn));
        why[strcspn(why, "\n")] = '\0';
        errmsg_set(errmsg, "", "could not make the database in the private PostgreSQL: %s", why);
        status = STATUS_UNAVAILABLE;
    }
    PQclear(result);
    PQfinish(conn);
    return status;
}

enum status cluster_claim(const struct config *config, int *ret_claim, struct errmsg *ret_errmsg)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/samordningd.lock", config->state_dir);
    int claim = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (claim < 0) {
        errmsg_set(ret_errmsg, "", "could not open %s: %s", path, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    if (flock(claim, LOCK_EX | LOCK_NB) != 0) {
        errmsg_set(ret_errmsg, "", "another samordningd is running with the state directory %s", config->state_dir);
        close(claim);
        return STATUS_UNAVAILABLE;
    }
    *ret_claim = claim;
    return STATUS_OK;
}

enum status cluster_open(const struct config *config, struct cluster **ret_cluster, struct errmsg *ret_errmsg)
{
    struct cluster *cluster = calloc(1, sizeof *cluster);
    if (cluster == NULL)
        return STATUS_NO_MEMORY;
    enum status status = cluster_files_prepare(&cluster->files, config, ret_errmsg);
    char run[PATH_MAX + 16];
    if (status == STATUS_OK && !cluster_quote(cluster->files.run, run, sizeof run))
        status = STATUS_UNAVAILABLE;
    if (status != STATUS_OK) {
        free(cluster);
        return status;
    }
    snprintf(cluster->conninfo, sizeof cluster->conninfo, "host=%s port=5432 user=samordning dbname=samordning", run);
    snprintf(cluster->maintenance, sizeof cluster->maintenance,
             "host=%s port=5432 user=samordning dbname=postgres connect_timeout=5", run);

    pid_t running = read_pid(cluster);
    PGPing answer = process_lives(running) ? PQping(cluster->maintenance) : PQPING_NO_RESPONSE;
    if (answer == PQPING_OK || answer == PQPING_REJECT) {
        cluster->pid = running;
        cluster->was_running = true;
        log_info(NULL, "adopted the private PostgreSQL that was running", LOG_INT("pid", running));
    } else if (!start(cluster)) {
        errmsg_set(ret_errmsg, "", "could not start the private PostgreSQL, log %s: %s", cluster->files.log, strerror(errno));
        free(cluster);
        return STATUS_UNAVAILABLE;
    }
    status = wait_ready(cluster, ret_errmsg);
    if (status == STATUS_OK)
        status = make_database(cluster, ret_errmsg);
    if (status != STATUS_OK) {
        cluster_close(cluster, !cluster->was_running);
        return status;
    }
    *ret_cluster = cluster;
    return STATUS_OK;
}

const char *cluster_conninfo(const struct cluster *cluster)
{
    return cluster->conninfo;
}

bool cluster_was_running(const struct cluster *cluster)
{
    return cluster->was_running;
}

static void watch_cb(evutil_socket_t fd, short what, void *arg)
{
    struct cluster *cluster = arg;
    int64_t now_us = clock_monotonic_us();
    if (cluster->pid > 0 && cluster_lives(cluster)) {
        if (now_us - cluster->started_us > 10000000)
            cluster->failures = 0;
        return;
    }
    if (cluster->pid > 0) {
        char why[300];
        last_words(cluster, why, sizeof why);
        log_error(NULL, "the private PostgreSQL is gone, starting it again", LOG_TEXT("reason", why),
                  LOG_TEXT("log", cluster->files.log));
        cluster->pid = 0;
        int64_t wait_ms = cluster->failures < 6 ? INT64_C(100) << cluster->failures : RESTART_MAX_MS;
        cluster->failures++;
        cluster->next_start_us = now_us + (wait_ms < RESTART_MAX_MS ? wait_ms : RESTART_MAX_MS) * 1000;
    }
    if (now_us < cluster->next_start_us)
        return;
    if (start(cluster)) {
        cluster->restarted(cluster->arg);
    } else {
        log_error(NULL, "could not start the private PostgreSQL", LOG_TEXT("reason", strerror(errno)),
                  LOG_TEXT("log", cluster->files.log));
        cluster->pid = 0;
        cluster->next_start_us = now_us + RESTART_MAX_MS * INT64_C(1000);
    }
}

enum status cluster_watch(struct cluster *cluster, struct event_base *base, void (*restarted)(void *arg), void *arg)
{
    cluster->restarted = restarted;
    cluster->arg = arg;
    cluster->watch = event_new(base, -1, EV_PERSIST, watch_cb, cluster);
    if (cluster->watch == NULL)
        return STATUS_NO_MEMORY;
    event_add(cluster->watch, &(struct timeval){.tv_usec = WATCH_MS * 1000L});
    return STATUS_OK;
}

static bool stops_within(struct cluster *cluster, int signal_number, int64_t timeout_ms)
{
    if (!cluster_lives(cluster))
        return true;
    kill(cluster->pid, signal_number);
    for (int64_t deadline_us = clock_monotonic_us() + timeout_ms * 1000; clock_monotonic_us() < deadline_us; wait_a_little())
        if (!cluster_lives(cluster))
            return true;
    return false;
}

void cluster_close(struct cluster *cluster, bool stop)
{
    if (cluster == NULL)
        return;
    if (cluster->watch != NULL)
        event_free(cluster->watch);
    if (stop && cluster->pid > 0 && !stops_within(cluster, SIGINT, CLUSTER_STOP_TIMEOUT_MS)) {
        log_warning(NULL, "the private PostgreSQL does not stop, ending it the hard way; it will recover at its next start");
        if (!stops_within(cluster, SIGQUIT, 5000))
            stops_within(cluster, SIGKILL, 5000);
    }
    free(cluster);
}
