/* SPDX-License-Identifier: GPL-3.0-or-later
 * Surveys, the person behind a link: what the form shows them, what they decide, whom they pass parts on to.
 */
#include "answers.h"
#include "json.h"
#include "sql_text.h"
#include "store_internal.h"
#include "store_survey.h"
#include "stored_answers.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static void put_hash(struct verb *verb, const uint8_t *hash)
{
    db_request_binary(&verb->request, PG_BYTEA_OID, hash, SURVEY_LINK_HASH_SIZE);
}

static void put_number(struct verb *verb, size_t n, unsigned number)
{
    snprintf(verb->numbers[n], sizeof verb->numbers[n], "%u", number);
    db_request_text(&verb->request, verb->numbers[n]);
}

/* A verb whose $1 is the hash of a link. NULL: the call has been answered. */
static struct verb *begin(struct store *store, struct store_call *call, const uint8_t *hash,
                          enum status (*answer)(struct verb *verb, const PGresult *result), const char *sql)
{
    struct verb *verb = verb_create(store, call, sql);
    if (verb == NULL) {
        store_answer_later(store, call, STATUS_NO_MEMORY);
        return NULL;
    }
    verb->answer = answer;
    put_hash(verb, hash);
    return verb;
}

/* --------------------------------------------------------------------------------------------------- visit */

static enum status read_pages(struct store_survey_visit *visit, const char *text, size_t size)
{
    json_t *list = json_loadb(text, size, 0, NULL);
    if (list == NULL)
        return STATUS_INTERNAL;
    enum status status = STATUS_OK;
    size_t count = json_array_size(list);
    visit->pages = arena_alloc(visit->call.arena, count * sizeof visit->pages[0] + 1);
    if (visit->pages == NULL)
        status = STATUS_NO_MEMORY;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        const json_t *one = json_array_get(list, i);
        struct store_survey_page page = {
            .section = arena_strdup(visit->call.arena, json_string_value(json_object_get(one, "section"))),
            .revision = (uint32_t)json_integer_value(json_object_get(one, "revision")),
            .saved_us = json_integer_value(json_object_get(one, "saved_us"))};
        status = page.section == NULL ? STATUS_NO_MEMORY
                                      : stored_answers_read(json_object_get(one, "answers"), visit->call.arena,
                                                            &page.answer_count, &page.answers);
        visit->pages[i] = page;
    }
    json_decref(list);
    visit->page_count = status == STATUS_OK ? count : 0;
    return status;
}

enum visit_column {
    COLUMN_STATUS,
    COLUMN_REASON,
    COLUMN_WAVE,
    COLUMN_SEAT,
    COLUMN_KIND,
    COLUMN_SECTIONS,
    COLUMN_ACTOR, /* and its names in nb, nn, en, and the language */
    COLUMN_STATE = COLUMN_ACTOR + 5,
    COLUMN_REVISION,
    COLUMN_RECEIPT,
    COLUMN_PAGES,
    COLUMN_MESSAGE, /* of the questionnaire, its version in the wave before, and the answers to that */
    COLUMN_EARLIER_VERSION,
    COLUMN_EARLIER,
    COLUMN_ROSTER
};

/* What the person answered in the wave before, as answers to this version. */
static enum status read_earlier(struct store_survey_visit *visit, const PGresult *result)
{
    struct arena *arena = visit->call.arena;
    size_t count = 0, lost = 0;
    Samordning__V1__Answer **answers = NULL;
    struct answers_context context = {.own = visit->actor};
    enum status status = stored_answers_parse(PQgetvalue(result, 0, COLUMN_EARLIER),
                                              (size_t)PQgetlength(result, 0, COLUMN_EARLIER), arena, &count, &answers);
    if (status != STATUS_OK)
        return status;
    context.instrument =
        samordning__v1__instrument__unpack(&arena->allocator, (size_t)PQgetlength(result, 0, COLUMN_MESSAGE),
                                           (const uint8_t *)PQgetvalue(result, 0, COLUMN_MESSAGE)); /* in the arena */
    if (context.instrument == NULL)
        return STATUS_NO_MEMORY;
    json_t *json = json_loadb(PQgetvalue(result, 0, COLUMN_ROSTER), (size_t)PQgetlength(result, 0, COLUMN_ROSTER), 0, NULL);
    ProtobufCMessage *message = NULL;
    status = json == NULL ? STATUS_INTERNAL
                          : json_to_message(json, &samordning__v1__survey_fetch_response__descriptor, arena, &message,
                                            &visit->call.errmsg);
    json_decref(json);
    if (status != STATUS_OK)
        return status;
    const Samordning__V1__SurveyFetchResponse *wave = (const Samordning__V1__SurveyFetchResponse *)(const void *)message;
    context.roster_count = wave->n_roster;
    context.roster = wave->roster;
    return answers_map(&context, (uint32_t)pg_get_int32(result, 0, COLUMN_EARLIER_VERSION), count, answers, arena,
                       &visit->earlier_count, &visit->earlier, &lost);
}

static enum status visited(struct verb *verb, const PGresult *result)
{
    struct store_survey_visit *visit = (struct store_survey_visit *)(void *)verb->call;
    if (PQntuples(result) != 1)
        return STATUS_INTERNAL;
    visit->wave = store_keep_text(&visit->call, result, 0, COLUMN_WAVE);
    enum status status = (enum status)pg_get_int32(result, 0, COLUMN_STATUS);
    if (visit->wave == NULL)
        return STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        errmsg_set(&visit->call.errmsg, "link", "%s", PQgetvalue(result, 0, COLUMN_REASON));
        return status;
    }
    visit->seat = (uint64_t)pg_get_int64(result, 0, COLUMN_SEAT);
    visit->kind = (enum survey_link_kind)pg_get_int32(result, 0, COLUMN_KIND);
    if (!store_keep_texts(&visit->call, result, 0, COLUMN_SECTIONS, &visit->section_count, &visit->sections))
        return STATUS_NO_MEMORY;
    const char **const into[5] = {&visit->actor, &visit->actor_nb, &visit->actor_nn, &visit->actor_en, &visit->language};
    for (int i = 0; i < 5; i++)
        if ((*into[i] = store_keep_text(&visit->call, result, 0, COLUMN_ACTOR + i)) == NULL)
            return STATUS_NO_MEMORY;
    visit->state = (enum survey_answer_state)pg_get_int32(result, 0, COLUMN_STATE);
    visit->revision = (uint32_t)pg_get_int32(result, 0, COLUMN_REVISION);
    visit->receipt = store_keep_text(&visit->call, result, 0, COLUMN_RECEIPT);
    if (visit->receipt == NULL)
        return STATUS_NO_MEMORY;
    status = read_pages(visit, PQgetvalue(result, 0, COLUMN_PAGES), (size_t)PQgetlength(result, 0, COLUMN_PAGES));
    return status == STATUS_OK && !PQgetisnull(result, 0, COLUMN_EARLIER) ? read_earlier(visit, result) : status;
}

void store_survey_visit(struct store *store, struct store_survey_visit *visit)
{
    struct verb *verb = begin(store, &visit->call, visit->link_hash, visited, sql_server_survey_visit);
    if (verb != NULL)
        verb_send(verb);
}

/* -------------------------------------------------------------------------------------------------- decide */

static enum status decided(struct verb *verb, const PGresult *result)
{
    struct store_survey_decide *decide = (struct store_survey_decide *)(void *)verb->call;
    if (PQntuples(result) != 1)
        return STATUS_INTERNAL;
    decide->ret_state = (enum survey_answer_state)pg_get_int32(result, 0, 0);
    decide->ret_revision = (uint32_t)pg_get_int32(result, 0, 1);
    decide->ret_receipt = store_keep_text(&decide->call, result, 0, 2);
    return decide->ret_receipt != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

void store_survey_decide(struct store *store, struct store_survey_decide *decide)
{
    char *content = NULL;
    enum status status = stored_answers_write(decide->answer_count, decide->answers, &content);
    if (status != STATUS_OK) {
        store_answer_later(store, &decide->call, status);
        return;
    }
    struct verb *verb = begin(store, &decide->call, decide->link_hash, decided, sql_server_survey_decide);
    if (verb == NULL) {
        free(content);
        return;
    }
    verb->state = content;
    put_number(verb, 0, (unsigned)decide->decision);
    db_request_text(&verb->request, content);
    verb_send(verb);
}

/* ------------------------------------------------------------------------------------------------ delegate */

static void put_delegation(struct verb *verb, const struct store_survey_delegate *delegate)
{
    put_number(verb, 0, (unsigned)delegate->kind);
    pg_array_begin(&verb->buffers[0], PG_TEXT_OID, delegate->section_count, false);
    for (size_t i = 0; i < delegate->section_count; i++)
        pg_array_bytes(&verb->buffers[0], delegate->sections[i], strlen(delegate->sections[i]));
    verb_buffer(verb, 0, PG_TEXTARRAY_OID);
    db_request_text(&verb->request, delegate->address != NULL ? delegate->address : "");
}

static enum status delegated(struct verb *verb, const PGresult *result)
{
    return STATUS_OK;
}

/* The link has a number: its secret can be made, and its hash stored. */
static enum status numbered(struct verb *verb, const PGresult *result)
{
    struct store_survey_delegate *delegate = (struct store_survey_delegate *)(void *)verb->call;
    struct store *store = verb->store;
    if (PQntuples(result) != 1)
        return STATUS_INTERNAL;
    delegate->ret_seat = (uint64_t)pg_get_int64(result, 0, 0);
    delegate->ret_number = (uint32_t)pg_get_int32(result, 0, 1);
    uint8_t *hash = arena_alloc(delegate->call.arena, SURVEY_LINK_HASH_SIZE);
    enum status status = hash == NULL ? STATUS_NO_MEMORY
                                      : store_survey_secret(store, delegate->ret_seat, delegate->kind, delegate->ret_number,
                                                            delegate->ret_secret, hash);
    if (status != STATUS_OK)
        return status;
    struct verb *next = begin(store, &delegate->call, delegate->link_hash, delegated, sql_server_survey_delegate);
    verb->call = NULL; /* answered by what follows */
    if (next == NULL)
        return STATUS_OK;
    put_delegation(next, delegate);
    put_number(next, 1, delegate->ret_number);
    put_hash(next, hash);
    verb_send(next);
    return STATUS_OK;
}

void store_survey_delegate(struct store *store, struct store_survey_delegate *delegate)
{
    struct verb *verb = begin(store, &delegate->call, delegate->link_hash, numbered, sql_server_survey_delegate_number);
    if (verb == NULL)
        return;
    put_delegation(verb, delegate);
    verb_send(verb);
}

static enum status passed_on_read(struct verb *verb, const PGresult *result)
{
    struct store_survey_passed_on *passed_on = (struct store_survey_passed_on *)(void *)verb->call;
    struct store_call *call = &passed_on->call;
    size_t count = (size_t)PQntuples(result);
    passed_on->passed = arena_alloc(call->arena, count * sizeof passed_on->passed[0] + 1);
    if (passed_on->passed == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct store_survey_passed *passed = &passed_on->passed[i];
        int row = (int)i;
        *passed = (struct store_survey_passed){.kind = (enum survey_link_kind)pg_get_int32(result, row, 0),
                                               .number = (uint32_t)pg_get_int32(result, row, 1),
                                               .address = store_keep_text(call, result, row, 3),
                                               .made_us = pg_get_int64(result, row, 4),
                                               .is_revoked = pg_get_bool(result, row, 5),
                                               .letter = store_keep_text(call, result, row, 6)};
        if (passed->address == NULL || passed->letter == NULL ||
            !store_keep_texts(call, result, row, 2, &passed->section_count, &passed->sections))
            return STATUS_NO_MEMORY;
    }
    passed_on->count = count;
    return STATUS_OK;
}

void store_survey_passed_on(struct store *store, struct store_survey_passed_on *passed_on)
{
    struct verb *verb = begin(store, &passed_on->call, passed_on->link_hash, passed_on_read, sql_server_survey_passed_on);
    if (verb != NULL)
        verb_send(verb);
}

void store_survey_revoke(struct store *store, struct store_survey_revoke *revoke)
{
    struct verb *verb = begin(store, &revoke->call, revoke->link_hash, delegated, sql_server_survey_revoke);
    if (verb == NULL)
        return;
    put_number(verb, 0, (unsigned)revoke->kind);
    put_number(verb, 1, revoke->number);
    verb_send(verb);
}

/* --------------------------------------------------------------------------------------------------- names */

static enum status named(struct verb *verb, const PGresult *result)
{
    struct store_survey_names *names = (struct store_survey_names *)(void *)verb->call;
    size_t count = (size_t)PQntuples(result);
    names->ret_actors = arena_alloc(names->call.arena, count * sizeof(void *) + 1);
    if (names->ret_actors == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        json_t *json = json_loadb(PQgetvalue(result, (int)i, 0), (size_t)PQgetlength(result, (int)i, 0), 0, NULL);
        ProtobufCMessage *message = NULL;
        enum status status = json == NULL ? STATUS_INTERNAL
                                          : json_to_message(json, &samordning__v1__roster_actor__descriptor, names->call.arena,
                                                            &message, &names->call.errmsg);
        json_decref(json);
        if (status != STATUS_OK)
            return status;
        names->ret_actors[i] = (Samordning__V1__RosterActor *)(void *)message;
        names->ret_actors[i]->item = (char *)(uintptr_t)names->item;
    }
    names->ret_count = count;
    return STATUS_OK;
}

void store_survey_names(struct store *store, struct store_survey_names *names)
{
    struct verb *verb = begin(store, &names->call, names->link_hash, named, sql_server_survey_names);
    if (verb == NULL)
        return;
    db_request_text(&verb->request, names->item);
    db_request_text(&verb->request, names->search);
    verb_send(verb);
}
