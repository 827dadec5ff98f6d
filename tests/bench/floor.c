/* SPDX-License-Identifier: GPL-3.0-or-later
 * The floor of ingest: rows that were stored before, as a binary COPY file, into a table of the same shape with the same
 * statement and nothing else: no daemon, no TLS, no decoding. One commit per batch on C connections.
 *
 * bench_floor --database CONNINFO --table NAME --columns LIST --data FILE [--batch N] [--connections C]; prints one JSON
 * object.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HEADER = 19, CONNECTIONS_MAX = 64 };

struct floor {
    const char *database;
    char statement[2000];
    uint8_t *data;
    size_t *rows; /* where each row begins, and where the last ends */
    size_t row_count, batch;
    unsigned connections;
};
struct lane {
    const struct floor *floor;
    PGconn *connection;
    pthread_t thread;
    unsigned number;
    float *ms;
    size_t batches;
    char error[300];
};

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int copy_batch(PGconn *connection, const struct floor *floor, size_t first, size_t end)
{
    static const char last[2] = {'\xff', '\xff'};
    size_t size = floor->rows[end] - floor->rows[first];
    PGresult *result = PQexec(connection, floor->statement);
    int good = PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    if (!good || PQputCopyData(connection, (const char *)floor->data, HEADER) != 1 ||
        PQputCopyData(connection, (const char *)floor->data + floor->rows[first], (int)size) != 1 ||
        PQputCopyData(connection, last, sizeof last) != 1 || PQputCopyEnd(connection, NULL) != 1)
        return 0;
    while ((result = PQgetResult(connection)) != NULL) {
        good = good && PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    return good;
}

static void *run_lane(void *arg)
{
    struct lane *lane = arg;
    const struct floor *floor = lane->floor;
    size_t step = floor->batch * floor->connections;
    for (size_t first = lane->number * floor->batch; first < floor->row_count; first += step) {
        size_t end = first + floor->batch < floor->row_count ? first + floor->batch : floor->row_count;
        double begin = now();
        if (!copy_batch(lane->connection, floor, first, end)) {
            snprintf(lane->error, sizeof lane->error, "%s", PQerrorMessage(lane->connection));
            break;
        }
        lane->ms[lane->batches++] = (float)((now() - begin) * 1000);
    }
    return NULL;
}

/* Reads the file and finds its rows. */
static int load(struct floor *floor, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0, room = 0, rows_room = 0;
    if (file == NULL)
        return 0;
    for (;;) {
        if (size + 1048576 > room)
            floor->data = realloc(floor->data, room = 2 * room + 4 * 1048576);
        size_t got = fread(floor->data + size, 1, 1048576, file);
        if (got == 0)
            break;
        size += got;
    }
    fclose(file);
    for (size_t at = HEADER; at + 2 <= size;) {
        uint16_t fields;
        memcpy(&fields, floor->data + at, 2);
        if (floor->row_count + 2 > rows_room)
            floor->rows = realloc(floor->rows, (rows_room = 2 * rows_room + 4096) * sizeof *floor->rows);
        floor->rows[floor->row_count] = at;
        if (fields == UINT16_MAX)
            return floor->row_count > 0;
        floor->row_count++;
        at += 2;
        for (fields = ntohs(fields); fields > 0; fields--) {
            uint32_t length;
            memcpy(&length, floor->data + at, 4);
            at += 4 + (length == UINT32_MAX ? 0 : ntohl(length));
        }
    }
    errno = EINVAL;
    return 0;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    struct floor floor = {.batch = 1000, .connections = 1};
    const char *table = NULL, *columns = NULL, *data = NULL;
    static const struct option options[] = {{"database", required_argument, NULL, 'd'},
                                            {"table", required_argument, NULL, 't'},
                                            {"columns", required_argument, NULL, 'c'},
                                            {"data", required_argument, NULL, 'f'},
                                            {"batch", required_argument, NULL, 'b'},
                                            {"connections", required_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'd':
            floor.database = optarg;
            break;
        case 't':
            table = optarg;
            break;
        case 'c':
            columns = optarg;
            break;
        case 'f':
            data = optarg;
            break;
        case 'b':
            floor.batch = strtoul(optarg, NULL, 10);
            break;
        case 'n':
            floor.connections = (unsigned)strtoul(optarg, NULL, 10);
            break;
        default:
            return 64;
        }
    }
    if (!floor.database || !table || !columns || !data || !floor.batch || !floor.connections ||
        floor.connections > CONNECTIONS_MAX) {
        fprintf(stderr, "bench_floor: --database, --table, --columns and --data are needed\n");
        return 64;
    }
    snprintf(floor.statement, sizeof floor.statement, "COPY %s (%s) FROM STDIN (FORMAT binary)", table, columns);
    if (!load(&floor, data)) {
        fprintf(stderr, "bench_floor: %s: %s\n", data, strerror(errno));
        return 66;
    }
    struct lane lanes[CONNECTIONS_MAX] = {0};
    for (unsigned i = 0; i < floor.connections; i++) {
        lanes[i] = (struct lane){.floor = &floor, .number = i, .connection = PQconnectdb(floor.database)};
        lanes[i].ms = malloc((floor.row_count / floor.batch + 1) * sizeof(float));
        if (PQstatus(lanes[i].connection) != CONNECTION_OK) {
            fprintf(stderr, "bench_floor: %s", PQerrorMessage(lanes[i].connection));
            return 69;
        }
    }
    double begin = now();
    for (unsigned i = 0; i < floor.connections; i++)
        pthread_create(&lanes[i].thread, NULL, run_lane, &lanes[i]);
    float *all = malloc((floor.row_count / floor.batch + CONNECTIONS_MAX) * sizeof *all);
    size_t batches = 0;
    int failed = 0;
    for (unsigned i = 0; i < floor.connections; i++)
        pthread_join(lanes[i].thread, NULL);
    double seconds = now() - begin;
    for (unsigned i = 0; i < floor.connections; i++) {
        if (lanes[i].error[0] != '\0') {
            fprintf(stderr, "bench_floor: %s", lanes[i].error);
            failed = 70;
        }
        memcpy(all + batches, lanes[i].ms, lanes[i].batches * sizeof *all);
        batches += lanes[i].batches;
        PQfinish(lanes[i].connection);
        free(lanes[i].ms);
    }
    qsort(all, batches, sizeof *all, by_value);
    printf("{\"rows\": %zu, \"seconds\": %.4f, \"per_second\": %.1f, \"p50_ms\": %.4f, \"p99_ms\": %.4f}\n", floor.row_count,
           seconds, (double)floor.row_count / seconds, batches ? (double)all[batches / 2] : 0,
           batches ? (double)all[batches * 99 / 100] : 0);
    free(all);
    free(floor.rows);
    free(floor.data);
    return failed;
}
