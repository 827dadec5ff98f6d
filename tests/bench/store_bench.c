/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the store costs over PostgreSQL itself: store_submit against bare COPY and bare single-row commits of the same rows, in
 * one run, on a private cluster of its own.
 *
 * store_bench [interactions [store_connections]]   prints one line per measurement: name, interactions per second, and the
 * ratio to its floor.
 */
#include "arena.h"
#include "clock.h"
#include "cluster.h"
#include "config.h"
#include "copy_row.h"
#include "interaction_id.h"
#include "log.h"
#include "metrics.h"
#include "store.h"
#include "store_admin.h"
#include "store_life.h"

#include <event2/event.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH              1000
#define ACTORS             2000
#define BARE_CONNECTIONS   2
#define SINGLE_CONNECTIONS 8

static char directory[64], conninfo[200];
static struct config config;
static struct metrics metrics;
static struct event_base *base;
static struct store *store;
static int32_t organisation;
static int64_t serial_ms;
static uint64_t random_state = 42;

static _Noreturn void stop(const char *what, const char *why)
{
    fprintf(stderr, "store_bench: %s: %s\n", what, why);
    exit(1);
}

static double uniform(void)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(random_state >> 11) / (double)(UINT64_C(1) << 53);
}

struct batch {
    struct store_submission ask;
    struct arena arena;
    Samordning__V1__Interaction **messages;
    uint8_t (*ids)[16];
    uint64_t *hashes;
    Samordning__V1__Receipt *receipts;
    int64_t sent_us, took_us;
    bool done;
};

static size_t in_flight;

static void batch_done(struct store_call *call)
{
    struct batch *batch = call->owner;
    if (call->status != STATUS_OK)
        stop("a submission failed", call->errmsg.text);
    batch->took_us = clock_monotonic_us() - batch->sent_us;
    batch->done = true;
    in_flight--;
}

/* Batches of `size` with 2 + Exp(3) participants each, five a second of event time. */
static struct batch *make_batches(size_t count, size_t size)
{
    struct batch *batches = calloc(count, sizeof *batches);
    for (size_t b = 0; b < count; b++) {
        struct batch *batch = &batches[b];
        arena_init(&batch->arena, 512u << 20);
        batch->messages = arena_alloc(&batch->arena, size * sizeof batch->messages[0]);
        batch->ids = arena_alloc(&batch->arena, size * 16);
        batch->hashes = arena_alloc(&batch->arena, size * sizeof batch->hashes[0]);
        batch->receipts = arena_alloc(&batch->arena, size * sizeof batch->receipts[0]);
        for (size_t i = 0; i < size; i++) {
            Samordning__V1__Interaction *m = arena_alloc(&batch->arena, sizeof *m);
            samordning__v1__interaction__init(m);
            char text[64];
            serial_ms++;
            m->type = arena_strdup(&batch->arena, "consultation");
            m->time = INT64_C(1393663200000000) + serial_ms * 200000;
            m->source = arena_strdup(&batch->arena, "benk");
            snprintf(text, sizeof text, "%lld", (long long)serial_ms);
            m->source_id = arena_strdup(&batch->arena, text);
            snprintf(text, sizeof text, "14/%d", (int)(uniform() * 5000));
            m->case_ref = arena_strdup(&batch->arena, text);
            size_t n = 2 + (size_t)(-3 * log(1 - uniform()));
            m->n_participants = n < 50 ? n : 50;
            m->participants = arena_alloc(&batch->arena, m->n_participants * sizeof m->participants[0]);
            for (size_t p = 0; p < m->n_participants; p++) {
                m->participants[p] = arena_alloc(&batch->arena, sizeof **m->participants);
                samordning__v1__participant__init(m->participants[p]);
                snprintf(text, sizeof text, "etaten for sak nummer %d", (int)(uniform() * ACTORS));
                m->participants[p]->actor = arena_strdup(&batch->arena, text);
                m->participants[p]->role = p == 0 ? SAMORDNING__V1__ROLE__ROLE_SENDER : SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
            }
            batch->messages[i] = m;
            interaction_id_derive(m, batch->ids[i]);
            batch->hashes[i] = interaction_content_hash(m);
            samordning__v1__receipt__init(&batch->receipts[i]);
        }
        batch->ask = (struct store_submission){.count = size,
                                               .interactions = batch->messages,
                                               .ids = batch->ids,
                                               .content_hashes = batch->hashes,
                                               .receipts = batch->receipts,
                                               .packed_bytes = size * 200};
        batch->ask.call = (struct store_call){
            .arena = &batch->arena, .principal = {.organisation = organisation}, .done = batch_done, .owner = batch};
    }
    return batches;
}

static void free_batches(struct batch *batches, size_t count)
{
    for (size_t b = 0; b < count; b++)
        arena_release(&batches[b].arena);
    free(batches);
}

static void send_batch(struct batch *batch)
{
    batch->done = false;
    batch->ask.call.deadline_us = 0;
    for (size_t i = 0; i < batch->ask.count; i++)
        samordning__v1__receipt__init(&batch->receipts[i]);
    batch->sent_us = clock_monotonic_us();
    in_flight++;
    store_submit(store, &batch->ask);
}

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Keeps `depth` submissions in flight; returns seconds. */
static double run_store(struct batch *batches, size_t count, size_t depth, double *ret_cpu_s)
{
    double cpu = cpu_s();
    int64_t began_us = clock_monotonic_us();
    for (size_t next = 0; next < count || in_flight > 0;) {
        while (next < count && in_flight < depth)
            send_batch(&batches[next++]);
        event_base_loop(base, EVLOOP_ONCE);
    }
    *ret_cpu_s = cpu_s() - cpu;
    return (double)(clock_monotonic_us() - began_us) / 1e6;
}

/* ------------------------------------------------------------------------------------------ bare floors */

struct bare {
    pthread_t thread;
    PGconn *conn;
    struct pg_buffer *buffers;
    size_t count, rank, ranks;
    int64_t *took_us;
};

static void bare_copy(PGconn *conn, const struct pg_buffer *buffer)
{
    PGresult *result;
    if (PQsendQuery(conn, "INSERT INTO report.touched (days) VALUES ('{16130}'); " COPY_INTERACTION) != 1)
        stop("bare", PQerrorMessage(conn));
    while ((result = PQgetResult(conn)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (status == PGRES_COPY_IN) {
            if (PQputCopyData(conn, (const char *)buffer->data, (int)buffer->size) != 1 || PQputCopyEnd(conn, NULL) != 1)
                stop("bare", PQerrorMessage(conn));
        } else if (status != PGRES_COMMAND_OK) {
            stop("bare", PQerrorMessage(conn));
        }
    }
}

static void *bare_main(void *arg)
{
    struct bare *bare = arg;
    for (size_t i = bare->rank; i < bare->count; i += bare->ranks) {
        int64_t began_us = clock_monotonic_us();
        bare_copy(bare->conn, &bare->buffers[i]);
        if (bare->took_us != NULL)
            bare->took_us[i] = clock_monotonic_us() - began_us;
    }
    return NULL;
}

/* The usual way to store one row: a prepared INSERT that commits by itself. */
static void *single_main(void *arg)
{
    struct bare *bare = arg;
    for (size_t i = bare->rank; i < bare->count; i += bare->ranks) {
        const struct batch *batch = &((const struct batch *)(const void *)bare->buffers)[i];
        const Samordning__V1__Interaction *m = batch->messages[0];
        char id[40], hash[32], when[32], labels[400] = "{", roles[200] = "{";
        interaction_id_format(batch->ids[0], id);
        snprintf(hash, sizeof hash, "%lld", (long long)batch->hashes[0]);
        snprintf(when, sizeof when, "%.6f", (double)m->time / 1e6);
        for (size_t p = 0; p < m->n_participants; p++) {
            snprintf(labels + strlen(labels), sizeof labels - strlen(labels), "%s%d", p > 0 ? "," : "", (int)(p + 1));
            snprintf(roles + strlen(roles), sizeof roles - strlen(roles), "%s2", p > 0 ? "," : "");
        }
        strcat(labels, "}");
        strcat(roles, "}");
        const char *const values[] = {id, when, hash, labels, roles, m->case_ref, m->source, m->source_id};
        int64_t began_us = clock_monotonic_us();
        PGresult *result = PQexecPrepared(bare->conn, "one", 8, values, NULL, NULL, 0);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            stop("bare single", PQerrorMessage(bare->conn));
        PQclear(result);
        if (bare->took_us != NULL)
            bare->took_us[i] = clock_monotonic_us() - began_us;
    }
    return NULL;
}

static double run_bare(void *(*body)(void *), void *buffers, size_t count, size_t connections, int64_t *took_us)
{
    struct bare bares[SINGLE_CONNECTIONS] = {0};
    for (size_t i = 0; i < connections; i++) {
        bares[i] = (struct bare){.conn = PQconnectdb(conninfo),
                                 .buffers = buffers,
                                 .count = count,
                                 .rank = i,
                                 .ranks = connections,
                                 .took_us = took_us};
        PGresult *result = PQprepare(
            bares[i].conn, "one",
            "INSERT INTO report.interaction (id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, "
            "time_precision, level, resolved_level, labels, roles, case_ref, source, source_id) VALUES "
            "($1, to_timestamp($2::float8), now(), $3, 1, 1, 7, 0, 0, 0, 0, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            stop("prepare", PQerrorMessage(bares[i].conn));
        PQclear(result);
    }
    int64_t began_us = clock_monotonic_us();
    for (size_t i = 0; i < connections; i++)
        pthread_create(&bares[i].thread, NULL, body, &bares[i]);
    for (size_t i = 0; i < connections; i++)
        pthread_join(bares[i].thread, NULL);
    double seconds = (double)(clock_monotonic_us() - began_us) / 1e6;
    for (size_t i = 0; i < connections; i++)
        PQfinish(bares[i].conn);
    return seconds;
}

static struct pg_buffer *encode(const struct batch *batches, size_t count)
{
    static int32_t labels[64];
    for (int32_t i = 0; i < 64; i++)
        labels[i] = 1 + i * 31;
    struct pg_buffer *buffers = calloc(count, sizeof buffers[0]);
    for (size_t b = 0; b < count; b++) {
        copy_begin(&buffers[b]);
        for (size_t i = 0; i < batches[b].ask.count; i++) {
            const struct copy_row row = {.id = batches[b].ids[i],
                                         .message = batches[b].messages[i],
                                         .labels = labels,
                                         .content_hash = batches[b].hashes[i],
                                         .recorded_at_us = clock_wall_us(),
                                         .reporter = organisation,
                                         .layer = 7};
            copy_row(&buffers[b], &row);
        }
        copy_end(&buffers[b]);
    }
    return buffers;
}

/* ------------------------------------------------------------------------------------------------- run */

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static int64_t percentile(int64_t *values, size_t count, double share)
{
    qsort(values, count, sizeof values[0], compare);
    return values[(size_t)((double)(count - 1) * share)];
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

static void close_down(void)
{
    store_destroy(store);
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void open_up(const char *connections)
{
    struct config_error error;
    struct errmsg errmsg = {0};
    strcpy(directory, "/tmp/samordning-bench-XXXXXX");
    if (mkdtemp(directory) == NULL || config_init(&config) != STATUS_OK ||
        config_set(&config, "state_dir", directory, NULL, 0, &error) != STATUS_OK ||
        config_set(&config, "workers", "0", NULL, 0, &error) != STATUS_OK ||
        config_set(&config, "store_connections", connections, NULL, 0, &error) != STATUS_OK ||
        config_set(&config, "condense_max_wait_ms", "86400000", NULL, 0, &error) != STATUS_OK ||
        config_check(&config, &error) != STATUS_OK)
        stop("configuration", error.text);
    metrics_init(&metrics);
    base = event_base_new();
    struct store_admin *admin = NULL;
    if (store_admin_open(&config, &admin, &errmsg) != STATUS_OK ||
        store_admin_enrol(admin, "972417858", "benk", PRINCIPAL_ROLE(1), NULL, 0, &errmsg) != STATUS_OK)
        stop("database", errmsg.text);
    store_admin_close(admin);
    if (store_create(base, &config, &metrics, &store, &errmsg) != STATUS_OK)
        stop("store", errmsg.text);
    atexit(close_down);
    struct principal principal;
    int64_t deadline_us = clock_monotonic_us() + 30000000;
    while (!store_is_ready(store) && clock_monotonic_us() < deadline_us)
        event_base_loop(base, EVLOOP_ONCE);
    if (store_principal(store, "972417858", "", "", &principal) != STATUS_OK)
        stop("store", "not ready in time");
    organisation = principal.organisation;
    snprintf(conninfo, sizeof conninfo, "host=%s/postgres/run user=samordning dbname=samordning", directory);
}

static void bench_batches(size_t count)
{
    double cpu;
    struct batch *warm = make_batches(20, BATCH), *one = make_batches(count, BATCH), *two = make_batches(count, BATCH);
    run_store(warm, 20, 8, &cpu);
    struct pg_buffer *buffers = encode(two, count);
    double bare_s = run_bare(bare_main, buffers, count, BARE_CONNECTIONS, NULL);
    double store_s = run_store(one, count, 8, &cpu);
    double rows = (double)(count * BATCH);
    printf("bare COPY, %d connections, batches of %d\t%.0f/s\n", BARE_CONNECTIONS, BATCH, rows / bare_s);
    printf("store_submit, 8 batches of %d in flight\t%.0f/s\tratio %.2f\tdaemon side %.2f us an interaction, libpq's sending "
           "included\n",
           BATCH, rows / store_s, bare_s / store_s, cpu / rows * 1e6);
    store_s = run_store(one, count, 8, &cpu);
    size_t already = 0;
    for (size_t b = 0; b < count; b++)
        for (size_t i = 0; i < BATCH; i++)
            already += one[b].receipts[i].state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED;
    printf("the same again (replay)\t%.0f/s\tratio %.2f\t%zu of %.0f already stored\n", rows / store_s, bare_s / store_s,
           already, rows);
    for (size_t b = 0; b < count; b++)
        pg_buffer_release(&buffers[b]);
    free(buffers);
    free_batches(warm, 20);
    free_batches(one, count);
    free_batches(two, count);
}

/* Only ends the loop's wait. */
static void wake_cb(evutil_socket_t fd, short what, void *arg)
{
}

static void bench_singles(size_t count)
{
    double cpu;
    struct batch *bare = make_batches(count, 1), *one = make_batches(count, 1), *many = make_batches(count * 5, 1),
                 *paced = make_batches(4000, 1);
    int64_t *took_us = calloc(count, sizeof took_us[0]);
    double bare1_s = run_bare(single_main, bare, count / 4, 1, took_us);
    int64_t bare_p50 = percentile(took_us, count / 4, 0.5);
    struct batch *rest = bare + count / 4;
    double bare8_s = run_bare(single_main, rest, count - count / 4, SINGLE_CONNECTIONS, NULL);
    double bare8 = (double)(count - count / 4) / bare8_s;
    printf("bare single-row commits, 1 connection\t%.0f/s\tp50 %lld us\n", (double)(count / 4) / bare1_s, (long long)bare_p50);
    printf("bare single-row commits, %d connections\t%.0f/s\n", SINGLE_CONNECTIONS, bare8);
    double store_s = run_store(one, count, 8, &cpu);
    printf("store_submit, 8 single interactions in flight\t%.0f/s\tratio %.2f\n", (double)count / store_s,
           (double)count / store_s / bare8);
    store_s = run_store(many, count * 5, 512, &cpu);
    printf("store_submit, 512 single interactions in flight\t%.0f/s\tratio %.2f\n", (double)(count * 5) / store_s,
           (double)(count * 5) / store_s / bare8);

    struct event *pace = evtimer_new(base, wake_cb, NULL);
    int64_t began_us = clock_monotonic_us();
    for (size_t next = 0; next < 4000 || in_flight > 0;) {
        int64_t wait_us;
        while (next < 4000 && (wait_us = began_us + (int64_t)next * 500 - clock_monotonic_us()) <= 0)
            send_batch(&paced[next++]);
        if (next < 4000)
            event_add(pace, &(struct timeval){.tv_usec = (suseconds_t)wait_us});
        event_base_loop(base, EVLOOP_ONCE);
    }
    event_free(pace);
    int64_t *latency = calloc(4000, sizeof latency[0]);
    for (size_t i = 0; i < 4000; i++)
        latency[i] = paced[i].took_us;
    int64_t p50 = percentile(latency, 4000, 0.5), p99 = percentile(latency, 4000, 0.99);
    printf(
        "store_submit, 2000 single interactions a second\tp50 %lld us\tp99 %lld us\tbound %lld us (3 x bare p50 + gather_ms)\n",
        (long long)p50, (long long)p99, (long long)(3 * bare_p50 + (int64_t)config.gather_ms * 1000));
    free(latency);
    free(took_us);
    free_batches(bare, count);
    free_batches(one, count);
    free_batches(many, count * 5);
    free_batches(paced, 4000);
}

int main(int argc, char **argv)
{
    size_t interactions = argc > 1 ? strtoul(argv[1], NULL, 10) : 400000;
    log_set_level(LOG_LEVEL_WARNING);
    open_up(argc > 2 ? argv[2] : "2");
    bench_batches(interactions / BATCH + 1);
    bench_singles(20000);
    printf("commits %lld, failed %lld\n", (long long)metrics.values[METRIC_STORE_COMMITS],
           (long long)metrics.values[METRIC_STORE_COMMITS_FAILED]);
    return 0;
}
