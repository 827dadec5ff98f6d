/* SPDX-License-Identifier: GPL-3.0-or-later
 * Connections, dispatch and handlers over bufferevent_pair, with seeded disconnects, pieces, garbage, failures and lost
 * answers: what was acknowledged is stored exactly once, everything is acknowledged in the end, and nothing is left behind.
 *
 *     sim_conn_test [ROUNDS] [SEED]     prints the seed of a round that fails; SEED with ROUNDS 1 repeats it
 */
#include "clock.h"
#include "config.h"
#include "dispatch.h"
#include "fake_store.h"
#include "log.h"
#include "reaper.h"
#include "sim_client.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SIM_CLIENTS_MAX 4
#define SIM_TURNS_MAX   20000

struct sim {
    uint64_t rng;
    struct config config;
    struct metrics metrics;
    struct event_base *base;
    struct reaper reaper;
    struct dispatch dispatch;
    struct conn_set conns;
    struct authority *authority;
    struct sim_client clients[SIM_CLIENTS_MAX];
    size_t client_count;
    uint64_t forgotten;
};

static int fail(uint64_t seed, const char *what, uint64_t number)
{
    printf("seed %" PRIu64 ": %s (%" PRIu64 ")\n", seed, what, number);
    return 1;
}

static void sim_start(struct sim *sim, uint64_t seed)
{
    sim->rng = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    for (int i = 0; i < 8; i++)
        sim_random(&sim->rng);
    if (config_init(&sim->config) != STATUS_OK)
        abort();
    /* Limits small enough to be met all the time. */
    sim->config.max_in_flight = 1 + sim_random(&sim->rng) % 8;
    sim->config.max_output_bytes = 1 + sim_random(&sim->rng) % 4000;
    sim->config.max_request_bytes = 2 * (1 + sim_random(&sim->rng) % 100000);
    sim->config.max_connections_per_organisation = 2;
    sim->base = event_base_new();
    metrics_init(&sim->metrics);
    if (reaper_init(&sim->reaper, sim->base) != STATUS_OK ||
        dispatch_init(&sim->dispatch, sim->base, &sim->config, &sim->metrics) != STATUS_OK)
        abort();
    conn_set_init(&sim->conns, sim->base, &sim->dispatch, &sim->reaper);
    sim->dispatch.authority = &sim->authority;
    struct fake_store_options options = {.delay_max = (unsigned)(sim_random(&sim->rng) % 20),
                                         .fail_permille = (unsigned)(sim_random(&sim->rng) % 100),
                                         .lost_permille = (unsigned)(sim_random(&sim->rng) % 100)};
    sim->dispatch.store = fake_store_create(seed, &options);
    sim->client_count = 1 + sim_random(&sim->rng) % SIM_CLIENTS_MAX;
    for (size_t i = 0; i < sim->client_count; i++) {
        sim_client_init(&sim->clients[i], &sim->conns, &sim->rng, (unsigned)i, 1 + sim_random(&sim->rng) % SIM_RECORDS_MAX);
        sim->clients[i].disconnect_permille = (unsigned)(sim_random(&sim->rng) % 30);
        sim->clients[i].garbage_permille = sim_random(&sim->rng) % 2 == 0 ? (unsigned)(sim_random(&sim->rng) % 10) : 0;
    }
}

/* True when every client has all its receipts. */
static bool sim_run(struct sim *sim)
{
    for (unsigned turn = 0; turn < SIM_TURNS_MAX; turn++) {
        size_t done = 0;
        for (size_t i = 0; i < sim->client_count; i++) {
            sim_client_turn(&sim->clients[i]);
            sim->forgotten += sim_client_is_forgotten(&sim->clients[i], fake_store_waiting(sim->dispatch.store));
            done += sim_client_is_done(&sim->clients[i]);
        }
        event_base_loop(sim->base, EVLOOP_NONBLOCK);
        fake_store_turn(sim->dispatch.store);
        event_base_loop(sim->base, EVLOOP_NONBLOCK);
        /* The clock leaps: pauses end, and now and then a time-out strikes. */
        int64_t leap_us = sim_random(&sim->rng) % 500 == 0 ? INT64_C(3600000000) : INT64_C(1100000);
        conn_set_sweep(&sim->conns, clock_monotonic_us() + leap_us);
        if (sim_random(&sim->rng) % 1000 == 0)
            dispatch_sweep(&sim->dispatch, clock_monotonic_us() + INT64_C(3600000000));
        if (done == sim->client_count)
            return true;
        if (turn > SIM_TURNS_MAX / 2) /* luck must turn some time */
            for (size_t i = 0; i < sim->client_count; i++)
                sim->clients[i].disconnect_permille = sim->clients[i].garbage_permille = 0;
    }
    return false;
}

static int sim_check(struct sim *sim, uint64_t seed)
{
    size_t expected = 0;
    if (sim->forgotten != 0)
        return fail(seed, "turns in which a request was forgotten", sim->forgotten);
    for (size_t i = 0; i < sim->client_count; i++) {
        const struct sim_client *client = &sim->clients[i];
        expected += client->record_count;
        if (client->wrong != 0)
            return fail(seed, "answers that make no sense", client->wrong);
        for (size_t record = 0; record < client->record_count; record++) {
            const struct fake_row *row = fake_store_find(sim->dispatch.store, client->records[record].id);
            if (client->records[record].is_acknowledged && row == NULL)
                return fail(seed, "acknowledged but not stored", record);
            if (row != NULL && row->inserts != 1)
                return fail(seed, "stored more than once", record);
        }
    }
    if (fake_store_rows(sim->dispatch.store) != expected)
        return fail(seed, "rows that nobody submitted", fake_store_rows(sim->dispatch.store));
    return 0;
}

static int sim_stop(struct sim *sim, uint64_t seed)
{
    int code = 0;
    conn_set_stop(&sim->conns);
    for (unsigned turn = 0; turn < 100; turn++) {
        event_base_loop(sim->base, EVLOOP_NONBLOCK);
        fake_store_turn(sim->dispatch.store);
    }
    if (sim->dispatch.in_flight != 0)
        code = fail(seed, "requests left after a stop", sim->dispatch.in_flight);
    for (size_t i = 0; i < sim->client_count; i++)
        sim_client_release(&sim->clients[i]);
    event_base_loop(sim->base, EVLOOP_NONBLOCK);
    conn_set_sweep(&sim->conns, clock_monotonic_us() + INT64_C(3600000000));
    event_base_loop(sim->base, EVLOOP_NONBLOCK);
    if (sim->conns.count != 0)
        code = fail(seed, "connections left after a stop", sim->conns.count);
    if (sim->dispatch.working.used != 0 || sim->dispatch.reading.used != 0)
        code = fail(seed, "memory still accounted for", sim->dispatch.working.used + sim->dispatch.reading.used);
    conn_set_release(&sim->conns);
    fake_store_destroy(sim->dispatch.store);
    reaper_release(&sim->reaper);
    dispatch_release(&sim->dispatch);
    event_base_free(sim->base);
    config_release(&sim->config);
    return code;
}

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 200;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t records = 0;
    log_set_level(LOG_LEVEL_ERROR);
    for (unsigned round = 0; round < rounds; round++, seed++) {
        struct sim *sim = calloc(1, sizeof *sim);
        sim_start(sim, seed);
        int code = sim_run(sim) ? sim_check(sim, seed) : fail(seed, "not everything was acknowledged", SIM_TURNS_MAX);
        for (size_t i = 0; i < sim->client_count; i++)
            records += sim->clients[i].record_count;
        code |= sim_stop(sim, seed);
        free(sim);
        if (code != 0)
            return code;
    }
    printf("%u rounds, %" PRIu64 " interactions, each acknowledged and stored once\n", rounds, records);
    return 0;
}
