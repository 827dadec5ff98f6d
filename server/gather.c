/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gatherings: which are open, which wait, and when one is sent.
 */
#include "clock.h"
#include "flight.h"
#include "log.h"
#include "store_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Writers never sort or hash their way through report.interaction: every statement of theirs is a handful of index probes, and
 * the planner knows nothing about a partition that was made a second ago. */
#define GATHER_SETUP                                                                                                           \
    "SET client_min_messages = warning; SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; "                  \
    "SET enable_mergejoin = off; SET synchronous_commit = on; SET application_name = 'samordningd writer'; "

void gather_wake(struct gather *gather, int64_t wait_us)
{
    struct timeval wait = {.tv_sec = (time_t)(wait_us / 1000000), .tv_usec = (suseconds_t)(wait_us % 1000000)};
    event_add(gather->pump, &wait);
}

void gather_wake_now(struct gather *gather)
{
    event_active(gather->pump, 0, 0);
}

/* Interactions in commits that are under way. */
static size_t under_way(const struct gather *gather)
{
    size_t count = 0;
    for (size_t i = 0; i < gather->flight_count; i++)
        if (gather->flights[i].gathering != NULL)
            count += gather->flights[i].gathering->count;
    return count;
}

void gather_put_back(struct gather *gather, struct gathering *gathering)
{
    gathering->next = gather->head;
    if (gather->head == NULL)
        gather->tail = &gathering->next;
    gather->head = gathering;
}

static void close_open(struct gather *gather)
{
    gather->open->next = NULL;
    *gather->tail = gather->open;
    gather->tail = &gather->open->next;
    gather->open = NULL;
}

void gather_recycle(struct gather *gather, struct gathering *gathering)
{
    if (gather->spares < gather->flight_count + 1 && gathering_is_small(gathering)) {
        gathering_reset(gathering);
        gathering->next = gather->spare;
        gather->spare = gathering;
        gather->spares++;
    } else {
        gathering_destroy(gathering);
    }
}

/* A commit was confirmed: who was answered by it may come back at once. */
void gather_expect_return(struct gather *gather, size_t answered, int64_t took_us)
{
    gather->landed_us = clock_monotonic_us();
    gather->commit_us = gather->commit_us == 0 ? took_us : gather->commit_us + (took_us - gather->commit_us) / 8;
    gather->expected = 0;
    if (gather->skip > 0)
        gather->skip--;
    else if (gather->head == NULL)
        gather->expected = answered + (gather->open != NULL ? gather->open->count : 0);
    if (gather->expected >= GATHER_FEW || answered < 2)
        gather->expected = 0;
}

static void note_return(struct gather *gather, size_t count)
{
    if (!gather->is_expecting)
        return;
    gather->is_expecting = false;
    if (count >= gather->expected)
        gather->vain = 0;
    else
        gather->vain = gather->vain * 2 + 1 < GATHER_VAIN_MAX ? gather->vain * 2 + 1 : GATHER_VAIN_MAX;
    gather->skip = gather->vain;
    gather->expected = 0;
}

/* True: waits for those who were answered, and the alarm is set. */
static bool wait_for_return(struct gather *gather, size_t count)
{
    if (count >= gather->expected)
        return false;
    int64_t most_us = gather->commit_us < GATHER_RETURN_MAX_US ? gather->commit_us : GATHER_RETURN_MAX_US;
    int64_t left_us = gather->landed_us + most_us - clock_monotonic_us();
    if (left_us <= 0)
        return false;
    struct itimerspec wait = {.it_value = {.tv_nsec = left_us * 1000}};
    if (!gather->is_expecting && timerfd_settime(gather->alarm_fd, 0, &wait, NULL) != 0)
        return false;
    gather->is_expecting = true;
    return true;
}

static bool is_waiting_worth(struct gather *gather, size_t count)
{
    size_t busy = under_way(gather);
    if (busy == 0)
        return false;
    return count * GATHER_SHARE < busy || count < GATHER_FEW;
}

/* The next gathering worth sending now, or NULL after arming the timer that will ask again. */
static struct gathering *next_to_send(struct gather *gather)
{
    struct gathering *gathering = gather->head;
    if (gathering != NULL) {
        gather->head = gathering->next;
        if (gather->head == NULL)
            gather->tail = &gather->head;
        return gathering;
    }
    gathering = gather->open;
    if (gathering == NULL || gathering->count == 0)
        return NULL;
    const struct config *config = gather->store->config;
    if (gathering->count < config->gather_count && config->gather_ms > 0) {
        if (under_way(gather) == 0 && wait_for_return(gather, gathering->count))
            return NULL;
        int64_t waited_us = clock_monotonic_us() - gathering->first_us, most_us = (int64_t)config->gather_ms * 1000;
        if (is_waiting_worth(gather, gathering->count) && waited_us < most_us) {
            gather_wake(gather, most_us - waited_us);
            return NULL;
        }
    }
    note_return(gather, gathering->count);
    gather->open = NULL;
    return gathering;
}

static void pump(struct gather *gather)
{
    if (!gather->store->ready || gather->store->stopping)
        return;
    int64_t pause_us = gather->paused_until_us - clock_monotonic_us();
    if (pause_us > 0) {
        gather_wake(gather, pause_us);
        return;
    }
    for (size_t i = 0; i < gather->flight_count; i++) {
        struct flight *flight = &gather->flights[i];
        if (flight->gathering != NULL || !db_is_idle(flight->db))
            continue;
        flight->gathering = next_to_send(gather);
        if (flight->gathering == NULL)
            return;
        flight->sent_us = clock_monotonic_us();
        flight_step(flight);
    }
}

static void pump_cb(evutil_socket_t fd, short what, void *arg)
{
    pump(arg);
}

static void alarm_cb(evutil_socket_t fd, short what, void *arg)
{
    uint64_t expirations;
    if (read(fd, &expirations, sizeof expirations) > 0)
        pump(arg);
}

enum status gather_add(struct gather *gather, struct submission *submission, size_t index, const int32_t *labels)
{
    const struct config *config = gather->store->config;
    if (gather->open == NULL) {
        gather->open = gather->spare != NULL ? gather->spare : gathering_create();
        if (gather->open == NULL)
            return STATUS_NO_MEMORY;
        if (gather->spare != NULL) {
            gather->spare = gather->open->next;
            gather->spares--;
            gather->open->next = NULL;
        }
    }
    struct gathering *open = gather->open;
    if (!gathering_add(open, submission, index, labels))
        return STATUS_NO_MEMORY;
    if (open->count == 1)
        open->first_us = clock_monotonic_us();
    if (open->count == 1 || open->count == gather->expected || open->count == config->gather_count)
        gather_wake_now(gather);
    if (open->count >= config->gather_count * GATHER_OVERFILL || open->bytes >= GATHER_BYTES_MAX) {
        close_open(gather);
        gather_wake_now(gather);
    }
    return STATUS_OK;
}

void gather_forget(struct gather *gather, const struct submission *submission)
{
    if (gather->open != NULL)
        gathering_forget(gather->open, submission);
    for (struct gathering *g = gather->head; g != NULL; g = g->next)
        gathering_forget(g, submission);
    for (size_t i = 0; i < gather->flight_count; i++)
        if (gather->flights[i].gathering != NULL)
            gathering_forget(gather->flights[i].gathering, submission);
}

/* ------------------------------------------------------------------------------------------------- life */

static void db_ready(void *owner, struct db *db)
{
    pump(owner);
}

static void db_changed(void *owner, struct db *db, bool up, const char *why)
{
    struct gather *gather = owner;
    if (up) {
        gather_wake_now(gather);
        return;
    }
    if (!gather->store->stopping)
        log_warning(NULL, "a writing connection to the database is down", LOG_TEXT("reason", why));
    metrics_add(gather->store->metrics, METRIC_DATABASE_RECONNECTS, 1);
}

static const struct db_handlers gather_handlers = {db_ready, db_changed, NULL};

enum status gather_create(struct store *store, struct gather **ret_gather)
{
    size_t count = store->config->store_connections;
    struct gather *gather = calloc(1, sizeof *gather + count * sizeof gather->flights[0]);
    if (gather == NULL)
        return STATUS_NO_MEMORY;
    gather->store = store;
    gather->tail = &gather->head;
    gather->flight_count = count;
    gather->pump = evtimer_new(store->base, pump_cb, gather);
    gather->alarm_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    gather->alarm =
        gather->alarm_fd >= 0 ? event_new(store->base, gather->alarm_fd, EV_READ | EV_PERSIST, alarm_cb, gather) : NULL;
    char *setup = gathering_setup(GATHER_SETUP, "SELECT pg_is_in_recovery()");
    bool whole = gather->pump != NULL && gather->alarm != NULL && event_add(gather->alarm, NULL) == 0 && setup != NULL;
    for (size_t i = 0; i < count && whole; i++) {
        gather->flights[i].gather = gather;
        gather->flights[i].db =
            db_create(store->base, store->conninfo, setup, &store->config->database_retry_max_ms, &gather_handlers, gather);
        whole = gather->flights[i].db != NULL;
    }
    free(setup);
    if (!whole) {
        gather_destroy(gather);
        return STATUS_NO_MEMORY;
    }
    *ret_gather = gather;
    return STATUS_OK;
}

void gather_start(struct gather *gather)
{
    for (size_t i = 0; i < gather->flight_count; i++)
        db_start(gather->flights[i].db);
}

bool gather_is_up(const struct gather *gather)
{
    for (size_t i = 0; i < gather->flight_count; i++)
        if (db_is_up(gather->flights[i].db))
            return true;
    return false;
}

void gather_retry_now(struct gather *gather)
{
    for (size_t i = 0; i < gather->flight_count; i++)
        db_retry_now(gather->flights[i].db);
    gather_wake_now(gather);
}

void gather_destroy(struct gather *gather)
{
    if (gather == NULL)
        return;
    for (size_t i = 0; i < gather->flight_count; i++)
        db_destroy(gather->flights[i].db); /* what is under way goes back to the queue */
    while (gather->head != NULL) {
        struct gathering *next = gather->head->next;
        gathering_destroy(gather->head);
        gather->head = next;
    }
    while (gather->spare != NULL) {
        struct gathering *next = gather->spare->next;
        gathering_destroy(gather->spare);
        gather->spare = next;
    }
    gathering_destroy(gather->open);
    if (gather->pump != NULL)
        event_free(gather->pump);
    if (gather->alarm != NULL)
        event_free(gather->alarm);
    if (gather->alarm_fd >= 0)
        close(gather->alarm_fd);
    free(gather);
}
