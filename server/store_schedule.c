/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plans and runs of schedules, and releases. The rules are in sql/migrations/0019_schedule.sql and 0023_documents.sql and in
 * the statements named here.
 */
#include "store_schedule.h"
#include "sql_text.h"
#include "store_internal.h"

#include <string.h>

/* ------------------------------------------------------------------------------------------- messages of operators */
void store_schedule(struct store *store, struct store_message_call *c)
{
    struct verb *verb = store_json_begin(store, c, &samordning__v1__schedule_response__descriptor,
                                         "SELECT schedule.act($1::text::jsonb, $2::int4)::text");
    if (verb != NULL)
        verb_send(verb);
}

void store_schedule_history(struct store *store, struct store_message_call *c)
{
    struct verb *verb = store_json_begin(store, c, &samordning__v1__schedule_history_response__descriptor,
                                         "SELECT schedule.history($1::text::jsonb)::text WHERE $2::int4 IS NOT NULL");
    if (verb != NULL)
        verb_send(verb);
}

void store_release(struct store *store, struct store_message_call *c)
{
    struct verb *verb = store_json_begin(store, c, &samordning__v1__release_response__descriptor,
                                         "SELECT knowledge.note_release($1::text::jsonb, $2::int4)::text");
    if (verb != NULL)
        verb_send(verb);
}

/* ---------------------------------------------------------------------------------------------- what has come due */
/* NULL: the call has been answered. */
static struct verb *begin(struct store *store, struct store_call *call, const char *sql,
                          enum status (*answer)(struct verb *verb, const PGresult *result))
{
    struct verb *verb = verb_create(store, call, sql);
    if (verb != NULL)
        verb->answer = answer;
    else
        store_answer_later(store, call, STATUS_NO_MEMORY);
    return verb;
}

static enum status plans_found(struct verb *verb, const PGresult *result)
{
    struct store_plans *plans = (struct store_plans *)verb->call;
    size_t count = (size_t)PQntuples(result);
    plans->plans = arena_alloc(plans->call.arena, count * sizeof plans->plans[0] + 1);
    if (plans->plans == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct store_plan *plan = &plans->plans[i];
        *plan = (struct store_plan){.id = pg_get_int32(result, (int)i, 0),
                                    .expected_us = pg_get_int64(result, (int)i, 1),
                                    .key = store_keep_text(&plans->call, result, (int)i, 2),
                                    .rule = store_keep_text(&plans->call, result, (int)i, 3),
                                    .start = store_keep_text(&plans->call, result, (int)i, 4)};
        if (plan->key == NULL || plan->rule == NULL || plan->start == NULL)
            return STATUS_NO_MEMORY;
    }
    plans->count = count;
    return STATUS_OK;
}

void store_schedule_due(struct store *store, struct store_plans *plans)
{
    struct verb *verb = begin(store, &plans->call, sql_server_schedule_due, plans_found);
    if (verb != NULL && verb_numbers(verb, &plans->now_us, 1))
        verb_send(verb);
}

static enum status claimed(struct verb *verb, const PGresult *result)
{
    ((struct store_claim *)verb->call)->claimed = PQntuples(result) == 1 && pg_get_bool(result, 0, 0);
    return STATUS_OK;
}

void store_schedule_claim(struct store *store, struct store_claim *claim)
{
    struct verb *verb =
        begin(store, &claim->call, "SELECT schedule.claim($1::int4, $2::int8, $3::int8, $4::int4, $5::int8)", claimed);
    const int64_t numbers[] = {claim->plan, claim->expected_us, claim->occurrence_us, claim->missed, claim->next_us};
    if (verb != NULL && verb_numbers(verb, numbers, sizeof numbers / sizeof numbers[0]))
        verb_send(verb);
}

/* --------------------------------------------------------------------------------------------------------- runs */
enum {
    RUN_ID,
    RUN_TAKING,
    RUN_ATTEMPT,
    RUN_KEY,
    RUN_OCCURRENCE,
    RUN_BY_HAND,
    RUN_MISSED,
    RUN_PERIOD,
    RUN_SPEC,
    RUN_LANGUAGE,
    RUN_DELIVER,
    RUN_FORMATS
};

static enum status taken(struct verb *verb, const PGresult *result)
{
    struct store_runs *runs = (struct store_runs *)verb->call;
    struct store_call *call = &runs->call;
    runs->run = NULL;
    if (PQntuples(result) == 0)
        return STATUS_OK;
    struct store_run *run = arena_alloc(call->arena, sizeof *run);
    if (run == NULL)
        return STATUS_NO_MEMORY;
    *run = (struct store_run){.id = (uint64_t)pg_get_int64(result, 0, RUN_ID),
                              .taking = pg_get_int32(result, 0, RUN_TAKING),
                              .attempt = pg_get_int32(result, 0, RUN_ATTEMPT),
                              .key = store_keep_text(call, result, 0, RUN_KEY),
                              .occurrence_us = pg_get_int64(result, 0, RUN_OCCURRENCE),
                              .by_hand = pg_get_bool(result, 0, RUN_BY_HAND),
                              .missed = pg_get_int32(result, 0, RUN_MISSED),
                              .period = store_keep_text(call, result, 0, RUN_PERIOD),
                              .spec = store_keep_text(call, result, 0, RUN_SPEC),
                              .language = store_keep_text(call, result, 0, RUN_LANGUAGE),
                              .deliver = store_keep_text(call, result, 0, RUN_DELIVER),
                              .formats = store_keep_text(call, result, 0, RUN_FORMATS)};
    if (run->key == NULL || run->period == NULL || run->spec == NULL || run->language == NULL || run->deliver == NULL ||
        run->formats == NULL)
        return STATUS_NO_MEMORY;
    runs->run = run;
    return STATUS_OK;
}

void store_schedule_take(struct store *store, struct store_runs *runs)
{
    struct verb *verb = begin(store, &runs->call, sql_server_schedule_take, taken);
    const int64_t lease = SCHEDULE_LEASE_S;
    if (verb != NULL && verb_numbers(verb, &lease, 1))
        verb_send(verb);
}

static enum status documents_found(struct verb *verb, const PGresult *result)
{
    struct store_documents *documents = (struct store_documents *)verb->call;
    struct store_call *call = &documents->call;
    size_t count = (size_t)PQntuples(result);
    documents->documents = arena_alloc(call->arena, count * sizeof documents->documents[0] + 1);
    if (documents->documents == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct store_document *document = &documents->documents[i];
        size_t size = PQgetisnull(result, (int)i, 2) ? 0 : (size_t)PQgetlength(result, (int)i, 2);
        *document =
            (struct store_document){.format = store_keep_text(call, result, (int)i, 0),
                                    .media_type = store_keep_text(call, result, (int)i, 1),
                                    .content = size > 0 ? arena_copy(call->arena, PQgetvalue(result, (int)i, 2), size) : NULL,
                                    .size = size};
        if (document->format == NULL || document->media_type == NULL)
            return STATUS_NO_MEMORY;
        if (size > 0 && document->content == NULL) {
            errmsg_set(&call->errmsg, "", "the documents are larger than a delivery may be");
            return STATUS_TOO_LARGE;
        }
    }
    documents->count = count;
    return STATUS_OK;
}

void store_schedule_documents(struct store *store, struct store_documents *documents)
{
    struct verb *verb = begin(store, &documents->call, sql_server_documents, documents_found);
    if (verb == NULL)
        return;
    db_request_text(&verb->request, documents->result);
    db_request_text(&verb->request, documents->formats);
    verb_send(verb);
}

static enum status held(struct verb *verb, const PGresult *result)
{
    ((struct store_hold *)verb->call)->was_it = PQntuples(result) == 1;
    return STATUS_OK;
}

void store_schedule_hold(struct store *store, struct store_hold *hold)
{
    struct verb *verb = begin(store, &hold->call, sql_server_schedule_hold, held);
    const int64_t numbers[] = {(int64_t)hold->run, hold->taking, SCHEDULE_LEASE_S};
    if (verb != NULL && verb_numbers(verb, numbers, sizeof numbers / sizeof numbers[0]))
        verb_send(verb);
}

static enum status settled(struct verb *verb, const PGresult *result)
{
    struct store_settlement *settlement = (struct store_settlement *)verb->call;
    settlement->was_it = PQntuples(result) == 1;
    settlement->gave_up = settlement->was_it && strcmp(PQgetvalue(result, 0, 0), "failed") == 0;
    return STATUS_OK;
}

void store_schedule_settle(struct store *store, struct store_settlement *settlement)
{
    struct verb *verb = begin(store, &settlement->call, sql_server_schedule_settle, settled);
    const int64_t numbers[] = {(int64_t)settlement->run,  settlement->taking,           settlement->outcome,
                               settlement->attempts_max,  (int64_t)settlement->wait_ms, SCHEDULE_WAIT_MAX_S,
                               (int64_t)settlement->bytes};
    if (verb == NULL || !verb_numbers(verb, numbers, sizeof numbers / sizeof numbers[0]))
        return;
    const char *const texts[] = {settlement->error, settlement->spec, settlement->result, settlement->delivered};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        db_request_text(&verb->request, texts[i]);
    verb_send(verb);
}
