/* SPDX-License-Identifier: GPL-3.0-or-later
 * Surveys, the messages of the protocol: questionnaires, waves, seats, export. The rules are functions in the database
 * (sql/migrations/0014_survey_functions.sql, 0016_survey_answers.sql), which take and give the JSON form of the messages.
 */
#include "store_survey.h"

#include "json.h"
#include "log.h"
#include "sql_text.h"
#include "store_internal.h"
#include "stored_answers.h"
#include "survey_link.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPORT_LIMIT_DEFAULT 5000
#define EXPORT_LIMIT_MAX     20000

/* ------------------------------------------------------------------------------------------ JSON in and out */

static enum status message_of_json(struct store_call *call, const PGresult *result, int column,
                                   const ProtobufCMessageDescriptor *type, ProtobufCMessage **ret_message)
{
    json_error_t error;
    json_t *json = json_loadb(PQgetvalue(result, 0, column), (size_t)PQgetlength(result, 0, column), JSON_DECODE_ANY, &error);
    if (json == NULL)
        return STATUS_INTERNAL;
    enum status status = json_to_message(json, type, call->arena, ret_message, &call->errmsg);
    json_decref(json);
    return status == STATUS_INVALID ? STATUS_INTERNAL : status;
}

static enum status json_answered(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    return PQntuples(result) == 1 ? message_of_json(&c->call, result, 0, c->response->descriptor, &c->response)
                                  : STATUS_INTERNAL;
}

static void put_organisation(struct verb *verb, const struct store_call *call)
{
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%d", (int)call->principal.organisation);
    db_request_text(&verb->request, verb->numbers[0]);
}

/* A verb whose $1 is the message as JSON and whose $2 is the organisation that asks. NULL: the call has been answered. */
static struct verb *begin_json(struct store *store, struct store_message_call *c, const ProtobufCMessageDescriptor *answer,
                               const char *sql)
{
    if (!store_make_response(store, c, answer))
        return NULL;
    json_t *json = json_from_message(c->request);
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    struct verb *verb = text != NULL ? verb_create(store, &c->call, sql) : NULL;
    if (verb == NULL) {
        free(text);
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return NULL;
    }
    verb->state = text;
    verb->answer = json_answered;
    db_request_text(&verb->request, text);
    put_organisation(verb, &c->call);
    return verb;
}

static bool is_operator(const struct store_call *call)
{
    return (call->principal.roles & PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR)) != 0;
}

/* --------------------------------------------------------------------------------------------- instruments */

static enum status designed(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__SurveyDesignResponse *response = (Samordning__V1__SurveyDesignResponse *)(void *)c->response;
    const Samordning__V1__SurveyDesignRequest *request = (const Samordning__V1__SurveyDesignRequest *)(const void *)c->request;
    response->key = request->instrument->key;
    response->version = (uint32_t)pg_get_int32(result, 0, 0);
    response->already_stored = pg_get_bool(result, 0, 1);
    return STATUS_OK;
}

void store_survey_design(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__survey_design_response__descriptor))
        return;
    const Samordning__V1__SurveyDesignRequest *request = (const Samordning__V1__SurveyDesignRequest *)(const void *)c->request;
    struct verb *verb = verb_create(store, &c->call, sql_server_survey_design);
    Samordning__V1__Instrument instrument = *request->instrument;
    instrument.version = 0; /* the database gives it */
    json_t *json = json_from_message(&instrument.base);
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    if (verb == NULL || text == NULL) {
        free(text);
        if (verb != NULL)
            verb_fail(verb, STATUS_NO_MEMORY);
        else
            store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->state = text;
    verb->answer = designed;
    size_t size = samordning__v1__instrument__get_packed_size(&instrument);
    if (pg_reserve(&verb->buffers[0], size + 1))
        verb->buffers[0].size = samordning__v1__instrument__pack(&instrument, verb->buffers[0].data);
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%u", (unsigned)request->instrument->version);
    db_request_text(&verb->request, text);
    verb_buffer(verb, 0, PG_BYTEA_OID);
    db_request_text(&verb->request, verb->numbers[1]);
    db_request_text(&verb->request, request->check_only ? "true" : "false");
    put_organisation(verb, &c->call);
    verb_send(verb);
}

static enum status fetched(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    struct arena *arena = c->call.arena;
    if (PQntuples(result) != 1 || PQgetisnull(result, 0, 2))
        return STATUS_INTERNAL;
    ProtobufCMessage *message = NULL;
    enum status status = message_of_json(&c->call, result, 2, &samordning__v1__survey_fetch_response__descriptor, &c->response);
    if (status != STATUS_OK)
        return status;
    Samordning__V1__SurveyFetchResponse *response = (Samordning__V1__SurveyFetchResponse *)(void *)c->response;
    response->instrument =
        samordning__v1__instrument__unpack(&arena->allocator, (size_t)PQgetlength(result, 0, 0),
                                           (const uint8_t *)PQgetvalue(result, 0, 0)); /* in the arena: not freed by itself */
    if (response->instrument == NULL)
        return STATUS_NO_MEMORY;
    if (!PQgetisnull(result, 0, 1)) {
        status = message_of_json(&c->call, result, 1, &samordning__v1__wave__descriptor, &message);
        response->wave = (Samordning__V1__Wave *)(void *)message;
    }
    return status;
}

void store_survey_fetch(struct store *store, struct store_message_call *c)
{
    const Samordning__V1__SurveyFetchRequest *request = (const Samordning__V1__SurveyFetchRequest *)(const void *)c->request;
    if (!store_make_response(store, c, &samordning__v1__survey_fetch_response__descriptor))
        return;
    struct verb *verb = verb_create(store, &c->call, sql_server_survey_fetch);
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = fetched;
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%u", (unsigned)request->version);
    db_request_text(&verb->request, request->wave);
    db_request_text(&verb->request, request->instrument);
    db_request_text(&verb->request, verb->numbers[1]);
    verb_send(verb);
}

/* --------------------------------------------------------------------------------------------------- waves */

void store_survey_list(struct store *store, struct store_message_call *c)
{
    /* submitters see what concerns their own organisation */
    const uint32_t everything = PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_RESEARCHER) |
                                PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR);
    struct verb *verb = begin_json(store, c, &samordning__v1__survey_list_response__descriptor, sql_server_survey_list);
    if (verb == NULL)
        return;
    db_request_text(&verb->request, (c->call.principal.roles & everything) != 0 ? "true" : "false");
    verb_send(verb);
}

/* Whoever asks from now on sees what was done. */
static enum status wave_done(struct verb *verb, const PGresult *result)
{
    survey_waves_forget(verb->store->waves);
    return json_answered(verb, result);
}

void store_survey_wave(struct store *store, struct store_message_call *c)
{
    struct verb *verb = begin_json(store, c, &samordning__v1__survey_wave_response__descriptor, sql_server_survey_wave);
    if (verb == NULL)
        return;
    verb->answer = wave_done;
    verb_send(verb);
}

void store_survey_remind(struct store *store, struct store_message_call *c)
{
    struct verb *verb = begin_json(store, c, &samordning__v1__survey_remind_response__descriptor, sql_server_survey_remind);
    if (verb != NULL)
        verb_send(verb);
}

void store_survey_export(struct store *store, struct store_message_call *c)
{
    const Samordning__V1__SurveyExportRequest *request = (const Samordning__V1__SurveyExportRequest *)(const void *)c->request;
    struct verb *verb = begin_json(store, c, &samordning__v1__survey_export_response__descriptor, sql_server_survey_export);
    if (verb == NULL)
        return;
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%u",
             request->limit == 0                 ? EXPORT_LIMIT_DEFAULT
             : request->limit < EXPORT_LIMIT_MAX ? (unsigned)request->limit
                                                 : EXPORT_LIMIT_MAX);
    db_request_text(&verb->request, verb->numbers[1]);
    verb_send(verb);
}

void store_survey_person(struct store *store, struct store_message_call *c)
{
    struct verb *verb = begin_json(store, c, &samordning__v1__survey_person_response__descriptor, sql_server_survey_person);
    if (verb == NULL)
        return;
    db_request_text(&verb->request, is_operator(&c->call) ? "true" : "false");
    verb_send(verb);
}

/* --------------------------------------------------------------------------------------------------- seats */

static enum status invited(struct verb *verb, const PGresult *result)
{
    struct store_survey_invitation *invitation = (struct store_survey_invitation *)(void *)verb->call;
    struct store_call *call = &invitation->message.call;
    Samordning__V1__SurveyInviteResponse *response =
        (Samordning__V1__SurveyInviteResponse *)(void *)invitation->message.response;
    size_t count = (size_t)PQntuples(result);
    response->receipts = arena_alloc(call->arena, count * sizeof(void *) + 1);
    invitation->seats = arena_alloc(call->arena, count * sizeof invitation->seats[0] + 1);
    if (response->receipts == NULL || invitation->seats == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__InviteReceipt *receipt = arena_alloc(call->arena, sizeof *receipt);
        if (receipt == NULL)
            return STATUS_NO_MEMORY;
        samordning__v1__invite_receipt__init(receipt);
        receipt->state = (Samordning__V1__SeatState)pg_get_int32(result, (int)i, 0);
        receipt->field = arena_strdup(call->arena, PQgetvalue(result, (int)i, 1));
        receipt->reason = arena_strdup(call->arena, PQgetvalue(result, (int)i, 2));
        if (receipt->field == NULL || receipt->reason == NULL)
            return STATUS_NO_MEMORY;
        invitation->seats[i] = (uint64_t)pg_get_int64(result, (int)i, 3);
        response->receipts[i] = receipt;
    }
    response->n_receipts = count;
    return STATUS_OK;
}

void store_survey_invite(struct store *store, struct store_survey_invitation *invitation)
{
    struct verb *verb =
        begin_json(store, &invitation->message, &samordning__v1__survey_invite_response__descriptor, sql_server_survey_invite);
    if (verb == NULL)
        return;
    verb->answer = invited;
    verb_send(verb);
}

static enum status linked(struct verb *verb, const PGresult *result)
{
    return STATUS_OK;
}

void store_survey_linked(struct store *store, struct store_survey_linking *linking)
{
    struct verb *verb = verb_create(store, &linking->call, sql_server_survey_put_links);
    if (verb == NULL) {
        store_answer_later(store, &linking->call, STATUS_NO_MEMORY);
        return;
    }
    pg_array_begin(&verb->buffers[0], PG_INT8_OID, linking->count, false);
    pg_array_begin(&verb->buffers[1], PG_BYTEA_OID, linking->count, false);
    for (size_t i = 0; i < linking->count; i++) {
        pg_array_int64(&verb->buffers[0], (int64_t)linking->seats[i]);
        pg_array_bytes(&verb->buffers[1], linking->hashes[i], sizeof linking->hashes[i]);
    }
    verb->answer = linked;
    verb_buffer(verb, 0, PG_INT8ARRAY_OID);
    verb_buffer(verb, 1, PG_BYTEAARRAY_OID);
    db_request_text(&verb->request, linking->letters ? "true" : "false");
    verb_send(verb);
}

/* --------------------------------------------------------------------------------------- answers of systems */

static enum status own_found(struct verb *verb, const PGresult *result)
{
    struct store_survey_own *own = (struct store_survey_own *)(void *)verb->call;
    if (PQntuples(result) == 1 && !PQgetisnull(result, 0, 0) &&
        (own->actor = store_keep_text(&own->call, result, 0, 0)) == NULL)
        return STATUS_NO_MEMORY;
    return STATUS_OK;
}

void store_survey_own(struct store *store, struct store_survey_own *own)
{
    struct verb *verb = verb_create(store, &own->call, sql_server_survey_own);
    if (verb == NULL) {
        store_answer_later(store, &own->call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = own_found;
    own->actor = NULL;
    db_request_text(&verb->request, own->wave);
    put_organisation(verb, &own->call);
    verb_send(verb);
}

static enum status answered(struct verb *verb, const PGresult *result)
{
    struct store_survey_answers *answers = (struct store_survey_answers *)(void *)verb->call;
    Samordning__V1__SurveyAnswerResponse *response = (Samordning__V1__SurveyAnswerResponse *)(void *)answers->message.response;
    response->revision = (uint32_t)pg_get_int32(result, 0, 0);
    response->receipt = arena_strdup(answers->message.call.arena, PQgetvalue(result, 0, 1));
    return response->receipt != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

void store_survey_answer(struct store *store, struct store_survey_answers *answers)
{
    struct store_message_call *c = &answers->message;
    if (!store_make_response(store, c, &samordning__v1__survey_answer_response__descriptor))
        return;
    const Samordning__V1__SurveyAnswerRequest *request = (const Samordning__V1__SurveyAnswerRequest *)(const void *)c->request;
    char *content = NULL;
    enum status status = stored_answers_write(request->n_answers, request->answers, &content);
    json_t *json = status == STATUS_OK
                       ? json_pack("{s:s, s:s, s:i, s:b, s:b, s:s}", "wave", request->wave, "seat", request->seat, "version",
                                   (int)request->version, "submit", (int)request->submit, "withdraw", (int)request->withdraw,
                                   "level", request->level)
                       : NULL;
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    struct verb *verb = text != NULL ? verb_create(store, &c->call, sql_server_survey_answer) : NULL;
    if (verb == NULL) {
        free(text);
        free(content);
        store_answer_later(store, &c->call, status != STATUS_OK ? status : STATUS_NO_MEMORY);
        return;
    }
    verb->state = text;
    verb->answer = answered;
    size_t size = strlen(content) + 1;
    if (pg_reserve(&verb->buffers[0], size))
        memcpy(verb->buffers[0].data, content, verb->buffers[0].size = size);
    free(content);
    db_request_text(&verb->request, text);
    put_organisation(verb, &c->call);
    db_request_text(&verb->request, (const char *)verb->buffers[0].data);
    verb_send(verb);
}

/* --------------------------------------------------------------------------------------------------- links */

void survey_keys_load(struct store *store)
{
    struct errmsg errmsg = {0};
    enum status status = survey_link_key_load(store->config->state_dir, &store->link_key, &errmsg);
    store->has_link_key = status == STATUS_OK;
    if (!store->has_link_key)
        log_warning(NULL, "no links of surveys can be made", LOG_STATUS(status), LOG_TEXT("reason", errmsg.text));
}

enum status store_survey_secret(const struct store *store, uint64_t seat, enum survey_link_kind kind, uint32_t number,
                                char ret_secret[44], uint8_t ret_hash[32])
{
    if (!store->has_link_key)
        return STATUS_UNAVAILABLE;
    survey_link_make(&store->link_key, seat, kind, number, ret_secret, ret_hash);
    return STATUS_OK;
}
