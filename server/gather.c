/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gatherings: when they are sent, what a failure means, which answer each interaction gets.
 */
#include "gather.h"
#include "civil_time.h"
#include "clock.h"
#include "copy_row.h"
#include "gathering.h"
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

struct flight {
    struct gather *gather;
    struct db *db;
    struct gathering *gathering; /* NULL = none under way */
    int64_t sent_us;
};

struct gather {
    struct store *store;
    struct event *pump; /* runs when the sockets of this turn are read, or when a wait is over */
    int alarm_fd;       /* ends the wait for those who were answered: it is shorter than the loop's clock ticks */
    struct event *alarm;
    int64_t landed_us;      /* when the last commit was confirmed */
    int64_t commit_us;      /* how long one takes, smoothed */
    size_t expected;        /* interactions, when those answered by the last commit have come back; 0 = nobody is waited for */
    bool is_expecting;      /* the open gathering waits for them */
    unsigned vain, skip;    /* waits in vain in a row, doubled; commits that go without one */
    struct gathering *open; /* taking interactions */
    struct gathering *head, **tail; /* closed, waiting for a connection */
    struct gathering *spare;        /* empty ones, to be used again */
    size_t spares;
    struct month_set months;
    bool suspicious; /* the last gatherings were mostly there already: look first */
    bool refusing;   /* said so in the log */
    unsigned pauses; /* in a row */
    int64_t paused_until_us;
    size_t flight_count;
    struct flight flights[];
};

static void flight_step(struct flight *flight);

static void wake(struct gather *gather, int64_t wait_us)
{
    struct timeval wait = {.tv_sec = (time_t)(wait_us / 1000000), .tv_usec = (suseconds_t)(wait_us % 1000000)};
    event_add(gather->pump, &wait);
}

static void wake_now(struct gather *gather)
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

static void put_back(struct gather *gather, struct gathering *gathering)
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

static void recycle(struct gather *gather, struct gathering *gathering)
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
static void expect_return(struct gather *gather, size_t answered, int64_t took_us)
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
            wake(gather, most_us - waited_us);
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
        wake(gather, pause_us);
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
        wake_now(gather);
    if (open->count >= config->gather_count * GATHER_OVERFILL || open->bytes >= GATHER_BYTES_MAX) {
        close_open(gather);
        wake_now(gather);
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

/* ------------------------------------------------------------------------------------------- one flight */

static void landed(struct flight *flight)
{
    struct gather *gather = flight->gather;
    struct gathering *gathering = flight->gathering;
    flight->gathering = NULL;
    gather->pauses = 0;
    if (gather->refusing)
        log_info(NULL, "the database takes commits again");
    gather->refusing = false;
    recycle(gather, gathering);
    wake_now(gather);
}

/* Every interaction still in it was committed by this transaction. */
static void committed(struct flight *flight)
{
    struct gathering *gathering = flight->gathering;
    struct metrics *metrics = flight->gather->store->metrics;
    metrics_add(metrics, METRIC_STORE_COMMITS, 1);
    flight->gather->store->writes++;
    int64_t took_us = clock_monotonic_us() - flight->sent_us;
    metrics_observe(&metrics->commit_latency, took_us);
    expect_return(flight->gather, gathering->count, took_us);
    for (size_t i = 0; i < gathering->count; i++) {
        struct gather_entry *entry = &gathering->entries[i];
        if (entry->submission == NULL)
            continue;
        Samordning__V1__ReceiptState state = entry->plan == PLAN_INSERT    ? SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED
                                             : entry->plan == PLAN_WITNESS ? SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITNESSED
                                                                           : SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CORRECTED;
        struct submission *submission = entry->submission;
        entry->submission = NULL;
        submission_settled(submission, entry->index, state, STATUS_OK, "", "");
    }
    landed(flight);
}

static void give_up(struct flight *flight, enum status status, const char *reason)
{
    struct gathering *gathering = flight->gathering;
    for (size_t i = 0; i < gathering->count; i++)
        if (gathering->entries[i].submission != NULL)
            submission_failed(gathering->entries[i].submission, status, reason); /* forgets it here too */
    landed(flight);
}

static void pause_and_retry(struct flight *flight, const struct db_request *request)
{
    struct gather *gather = flight->gather;
    put_back(gather, flight->gathering);
    flight->gathering = NULL;
    if (request->outcome == DB_LOST)
        return; /* the connection comes back by itself and asks for work */
    uint64_t wait_ms = gather->pauses < 6 ? UINT64_C(50) << gather->pauses : GATHER_PAUSE_MAX_MS;
    gather->pauses++;
    gather->paused_until_us =
        clock_monotonic_us() + (int64_t)(wait_ms < GATHER_PAUSE_MAX_MS ? wait_ms : GATHER_PAUSE_MAX_MS) * 1000;
    if (!gather->refusing)
        log_warning(NULL, "the database refuses a commit, trying again", LOG_TEXT("sqlstate", request->sqlstate),
                    LOG_TEXT("reason", request->error));
    gather->refusing = true;
    wake(gather, (int64_t)wait_ms * 1000);
}

/* The database refuses something in it that validation let through: halves are tried until the culprit is alone. */
static void split_or_reject(struct flight *flight, const struct db_request *request)
{
    struct gathering *gathering = flight->gathering;
    size_t live = gathering_compact(gathering);
    if (live > 1) {
        struct gathering *half = gathering_create();
        if (half == NULL || !gathering_split(gathering, half)) {
            gathering_destroy(half);
            give_up(flight, STATUS_NO_MEMORY, status_text(STATUS_NO_MEMORY));
            return;
        }
        put_back(flight->gather, half);
    } else if (live == 1) {
        struct gather_entry *entry = &gathering->entries[0];
        struct submission *submission = entry->submission;
        char reason[400];
        snprintf(reason, sizeof reason, "the database refused it: %s", request->error);
        log_warning(NULL, "the database refused an interaction", LOG_TEXT("sqlstate", request->sqlstate),
                    LOG_TEXT("reason", request->error));
        entry->submission = NULL;
        submission_settled(submission, entry->index, SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED, STATUS_INVALID, "",
                           reason);
        landed(flight);
        return;
    }
    flight_step(flight);
}

static void failed(struct flight *flight, const struct db_request *request)
{
    struct gather *gather = flight->gather;
    struct gathering *gathering = flight->gathering;
    metrics_add(gather->store->metrics, METRIC_STORE_COMMITS_FAILED, 1);
    gathering->attempts++;
    if (request->outcome == DB_LOST) {
        gathering->step = STEP_PREPARE;
        pause_and_retry(flight, request);
        return;
    }
    const char *state = request->sqlstate;
    if (gathering->attempts > GATHER_ATTEMPTS_MAX && !db_error_is_transient(request)) {
        log_error(NULL, "gave up a commit", LOG_TEXT("sqlstate", state), LOG_TEXT("reason", request->error));
        give_up(flight, STATUS_INTERNAL, "the database kept refusing this commit");
    } else if (strcmp(state, "23505") == 0 || strcmp(state, "40P01") == 0 || strcmp(state, "40001") == 0) {
        gathering->step = STEP_LOOK;
        flight_step(flight);
    } else if (strcmp(state, "42P07") == 0 && gathering->attempts < 3) { /* another daemon made the month just now */
        gathering->step = STEP_PREPARE;
        flight_step(flight);
    } else if (strcmp(state, "23514") == 0) { /* no partition: somebody removed one we knew */
        month_set_clear(&gather->months);
        gathering->step = STEP_PREPARE;
        gathering->look_first = true;
        if (gathering->attempts < 3)
            flight_step(flight);
        else
            split_or_reject(flight, request);
    } else if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0) {
        gathering->step = STEP_PREPARE;
        gathering->look_first = true;
        split_or_reject(flight, request);
    } else if (db_error_is_transient(request)) {
        gathering->step = STEP_PREPARE;
        gathering->look_first = true;
        pause_and_retry(flight, request);
    } else {
        log_error(NULL, "could not commit", LOG_TEXT("sqlstate", state), LOG_TEXT("reason", request->error));
        give_up(flight, STATUS_INTERNAL, "the database refused this commit; the daemon's log says why");
    }
}

static void months_done(struct db_request *request)
{
    struct flight *flight = request->owner;
    if (request->outcome != DB_OK) {
        failed(flight, request);
        return;
    }
    gathering_months_made(flight->gathering, &flight->gather->months);
    flight->gathering->step = STEP_PREPARE;
    flight_step(flight);
}

static void settle(struct gathering *gathering, size_t i, Samordning__V1__ReceiptState state, enum status status,
                   const char *reason)
{
    struct gather_entry *entry = &gathering->entries[i];
    struct submission *submission = entry->submission;
    entry->submission = NULL;
    submission_settled(submission, entry->index, state, status, status == STATUS_OK ? "" : "id", reason);
}

/* What stands there already about one interaction, seen by its reporter. */
static void judge(struct gathering *gathering, size_t i, const PGresult *result, int row)
{
    enum { BASE_REPORTER = 1, BASE_SAME, BASE_RECORDED, LAST_REVISION, LAST_KIND, LAST_SAME, LAST_RECORDED, ANY_SAME };
    struct gather_entry *entry = &gathering->entries[i];
    const struct store_submission *ask = submission_ask(entry->submission);
    bool correction = ask->intent == SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION;
    if (row < 0) {
        entry->plan = PLAN_INSERT;
        if (correction)
            settle(gathering, i, SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED, STATUS_NOT_FOUND,
                   "nothing to correct: no interaction has this id");
        return;
    }
    bool mine = pg_get_int32(result, row, BASE_REPORTER) == ask->call.principal.organisation;
    bool more = !PQgetisnull(result, row, LAST_REVISION);
    int32_t revision = more ? pg_get_int32(result, row, LAST_REVISION) : mine ? 0 : -1;
    int64_t ours = gathering->recorded_at_us - PG_EPOCH_US;
    if (more && pg_get_int32(result, row, LAST_KIND) == SUPPLEMENT_WITHDRAWAL) {
        settle(gathering, i, SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITHDRAWN, STATUS_OK, "");
    } else if (!mine && !more) {
        entry->plan = PLAN_WITNESS;
        entry->revision = 0;
        if (correction)
            settle(gathering, i, SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED, STATUS_NOT_FOUND,
                   "nothing to correct: this organisation has not reported it");
    } else if (correction) {
        bool same = more ? pg_get_bool(result, row, LAST_SAME) : pg_get_bool(result, row, BASE_SAME);
        if (same) /* written by an earlier try of this gathering, whose confirmation was lost? then it is news */
            settle(gathering, i,
                   more && pg_get_int64(result, row, LAST_RECORDED) == ours
                       ? SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CORRECTED
                       : SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED,
                   STATUS_OK, "");
        entry->plan = PLAN_CORRECT;
        entry->revision = revision + 1;
    } else if ((mine && pg_get_bool(result, row, BASE_SAME)) || pg_get_bool(result, row, ANY_SAME)) {
        Samordning__V1__ReceiptState state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED;
        if (mine && pg_get_int64(result, row, BASE_RECORDED) == ours)
            state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED;
        else if (!mine && pg_get_int64(result, row, LAST_RECORDED) == ours)
            state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITNESSED;
        settle(gathering, i, state, STATUS_OK, "");
    } else {
        settle(gathering, i, SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CONFLICT, STATUS_CONFLICT,
               "this id is stored with other content; send it as a correction if that is meant");
    }
}

static void look_done(struct db_request *request)
{
    struct flight *flight = request->owner;
    struct gathering *gathering = flight->gathering;
    if (request->outcome != DB_OK || request->result == NULL) {
        failed(flight, request);
        return;
    }
    const PGresult *result = request->result;
    int rows = PQntuples(result), row = 0;
    size_t there = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        while (row < rows && (size_t)pg_get_int32(result, row, 0) < i + 1)
            row++;
        bool found = row < rows && (size_t)pg_get_int32(result, row, 0) == i + 1;
        there += found;
        if (gathering->entries[i].submission != NULL)
            judge(gathering, i, result, found ? row : -1);
    }
    flight->gather->suspicious = there * 2 > gathering->count;
    if (gathering_compact(gathering) == 0) {
        landed(flight);
        return;
    }
    gathering->step = STEP_WRITE;
    flight_step(flight);
}

static void write_done(struct db_request *request)
{
    struct flight *flight = request->owner;
    if (request->outcome == DB_OK)
        committed(flight);
    else
        failed(flight, request);
}

/* Sends what the gathering needs next. The connection is idle. */
static void flight_step(struct flight *flight)
{
    struct gather *gather = flight->gather;
    struct gathering *gathering = flight->gathering;
    if (gathering_compact(gathering) == 0) {
        landed(flight);
        return;
    }
    if (gathering->step == STEP_PREPARE) {
        /* the same id twice: the second one waits for the next gathering and finds the first one stored */
        for (size_t i = gathering_sort(gathering); i < gathering->count; i++) {
            struct gather_entry *entry = &gathering->entries[i];
            if (entry->submission == NULL)
                continue;
            struct submission *submission = entry->submission;
            entry->submission = NULL;
            if (gather_add(gather, submission, entry->index, gathering->labels + entry->labels) != STATUS_OK)
                submission_failed(submission, STATUS_NO_MEMORY, status_text(STATUS_NO_MEMORY));
        }
        gathering_compact(gathering);
        if (gathering->recorded_at_us == 0)
            gathering->recorded_at_us = clock_wall_us();
        if (gathering_months_missing(gathering, &gather->months)) {
            if (!gathering_ask_months(gathering)) {
                give_up(flight, STATUS_NO_MEMORY, status_text(STATUS_NO_MEMORY));
                return;
            }
            gathering->request.done = months_done;
            gathering->request.owner = flight;
            db_send(flight->db, &gathering->request);
            return;
        }
        bool look =
            gathering->look_first || gathering->attempts > 0 || gather->suspicious || gathering_has_corrections(gathering);
        gathering->step = look ? STEP_LOOK : STEP_WRITE;
    }
    bool built = gathering->step == STEP_LOOK ? gathering_ask_what_is_there(gathering) : gathering_ask_write(gathering);
    if (!built) {
        give_up(flight, STATUS_NO_MEMORY, status_text(STATUS_NO_MEMORY));
        return;
    }
    gathering->request.done = gathering->step == STEP_LOOK ? look_done : write_done;
    gathering->request.owner = flight;
    db_send(flight->db, &gathering->request);
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
        wake_now(gather);
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
    wake_now(gather);
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
