/* SPDX-License-Identifier: GPL-3.0-or-later
 * One gathering on its way through the database (see flight.h).
 */
#include "flight.h"
#include "civil_time.h"
#include "clock.h"
#include "copy_row.h"
#include "log.h"
#include "store_internal.h"

#include <stdio.h>
#include <stdlib.h>

static void landed(struct flight *flight)
{
    struct gather *gather = flight->gather;
    struct gathering *gathering = flight->gathering;
    flight->gathering = NULL;
    gather->pauses = 0;
    if (gather->refusing)
        log_info(NULL, "the database takes commits again");
    gather->refusing = false;
    gather_recycle(gather, gathering);
    gather_wake_now(gather);
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
    gather_expect_return(flight->gather, gathering->count, took_us);
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
    gather_put_back(gather, flight->gathering);
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
    gather_wake(gather, (int64_t)wait_ms * 1000);
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
        gather_put_back(flight->gather, half);
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

void flight_step(struct flight *flight)
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
