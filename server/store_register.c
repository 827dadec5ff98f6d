/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register's verbs: import, list, resolve. The work is done by functions in the database
 * (sql/migrations/0005_register.sql).
 */
#include "store_internal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define LIST_LIMIT_DEFAULT 100
#define LIST_LIMIT_MAX     1000

static void *new_message(struct store_call *call, size_t size, void (*init)(void *message))
{
    void *message = arena_alloc(call->arena, size);
    if (message != NULL)
        init(message);
    return message;
}

static void init_receipt(void *message)
{
    samordning__v1__receipt__init(message);
}

static void init_actor(void *message)
{
    samordning__v1__actor_record__init(message);
}

static void init_waiting(void *message)
{
    samordning__v1__waiting_label__init(message);
}

static char *keep_text(struct store_call *call, const PGresult *result, int row, int column)
{
    const char *text = PQgetvalue(result, row, column);
    return text[0] == '\0' ? (char *)(uintptr_t)protobuf_c_empty_string : arena_strdup(call->arena, text);
}

/* A text[] without NULLs, in binary. */
static bool keep_texts(struct store_call *call, const PGresult *result, int row, int column, size_t *ret_count,
                       char ***ret_texts)
{
    const char *at = PQgetvalue(result, row, column);
    size_t size = (size_t)PQgetlength(result, row, column);
    if (PQgetisnull(result, row, column) || size < 20 || pg_load32(at) != 1)
        return true;
    size_t count = pg_load32(at + 12);
    if (count > size / 4)
        return false;
    char **texts = arena_alloc(call->arena, count * sizeof texts[0]);
    if (texts == NULL)
        return false;
    const char *end = at + size;
    at += 20;
    for (size_t i = 0; i < count; i++) {
        if (end - at < 4)
            return false;
        size_t length = pg_load32(at);
        at += 4;
        if (length > (size_t)(end - at) || (texts[i] = arena_alloc(call->arena, length + 1)) == NULL)
            return false;
        memcpy(texts[i], at, length);
        texts[i][length] = '\0';
        at += length;
    }
    *ret_count = count;
    *ret_texts = texts;
    return true;
}

/* ----------------------------------------------------------------------------------------------- import */

/* Every string and list of strings of a message, by name. NULL: out of memory, or not UTF-8. */
static json_t *strings_of(const ProtobufCMessage *message)
{
    json_t *object = json_object();
    for (unsigned i = 0; object != NULL && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *member = (const char *)message + field->offset;
        json_t *value;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count;
            char *const *texts;
            memcpy(&count, (const char *)message + field->quantifier_offset, sizeof count);
            memcpy(&texts, member, sizeof texts);
            value = json_array();
            for (size_t k = 0; k < count; k++) {
                if (json_array_append_new(value, json_string(texts[k])) != 0) {
                    json_decref(value);
                    value = NULL;
                    break;
                }
            }
        } else {
            const char *text;
            memcpy(&text, member, sizeof text);
            value = json_string(text != NULL ? text : "");
        }
        if (value == NULL || json_object_set_new(object, field->name, value) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

static enum status imported(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__ActorImportResponse *response = (Samordning__V1__ActorImportResponse *)c->response;
    size_t count = (size_t)PQntuples(result);
    response->receipts = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->receipts == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__Receipt *receipt = new_message(&c->call, sizeof *receipt, init_receipt);
        if (receipt == NULL)
            return STATUS_NO_MEMORY;
        receipt->state = (Samordning__V1__ReceiptState)pg_get_int32(result, (int)i, 1);
        receipt->status = (Samordning__V1__StatusCode)pg_get_int32(result, (int)i, 2);
        receipt->field = keep_text(&c->call, result, (int)i, 3);
        receipt->reason = keep_text(&c->call, result, (int)i, 4);
        if (receipt->field == NULL || receipt->reason == NULL)
            return STATUS_NO_MEMORY;
        response->receipts[i] = receipt;
    }
    response->n_receipts = count;
    return STATUS_OK;
}

void store_actor_import(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__actor_import_response__descriptor))
        return;
    const Samordning__V1__ActorImportRequest *request = (const Samordning__V1__ActorImportRequest *)c->request;
    json_t *root = json_object(), *list = json_array();
    bool whole = root != NULL && list != NULL && json_object_set(root, "actors", list) == 0;
    for (size_t i = 0; i < request->n_actors && whole; i++)
        whole = json_array_append_new(list, strings_of(&request->actors[i]->base)) == 0;
    char *text = whole ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(list);
    json_decref(root);
    struct verb *verb =
        text != NULL
            ? verb_create(store, &c->call, "SELECT n, state, status, field, reason FROM register.import_actors($1::jsonb)")
            : NULL;
    if (verb == NULL) {
        free(text);
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->state = text;
    verb->answer = imported;
    db_request_text(&verb->request, text);
    verb_send(verb);
}

/* ------------------------------------------------------------------------------------------------- list */

static enum status listed(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__ActorListResponse *response = (Samordning__V1__ActorListResponse *)c->response;
    size_t count = (size_t)PQntuples(result), limit = strtoul(verb->numbers[0], NULL, 10);
    response->actors = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->actors == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;
        Samordning__V1__ActorRecord *actor = new_message(&c->call, sizeof *actor, init_actor);
        if (actor == NULL)
            return STATUS_NO_MEMORY;
        char **const into[13] = {&actor->key,     &actor->kind,         &actor->name_nb, &actor->name_nn,     &actor->name_en,
                                 &actor->name_se, &actor->abbreviation, &actor->orgnr,   &actor->mail_domain, &actor->parent,
                                 &actor->sector,  &actor->valid_from,   &actor->valid_to};
        for (int k = 0; k < 13; k++)
            if ((*into[k] = keep_text(&c->call, result, row, k)) == NULL)
                return STATUS_NO_MEMORY;
        if (!keep_texts(&c->call, result, row, 13, &actor->n_members, &actor->members) ||
            !keep_texts(&c->call, result, row, 14, &actor->n_aliases, &actor->aliases) ||
            (actor->source = keep_text(&c->call, result, row, 15)) == NULL)
            return STATUS_NO_MEMORY;
        response->actors[i] = actor;
    }
    response->n_actors = count;
    if (count > 0 && count == limit)
        response->next = response->actors[count - 1]->key;
    return STATUS_OK;
}

static enum status listed_waiting(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__ActorListResponse *response = (Samordning__V1__ActorListResponse *)c->response;
    size_t count = (size_t)PQntuples(result), limit = strtoul(verb->numbers[0], NULL, 10);
    response->waiting = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->waiting == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;
        Samordning__V1__WaitingLabel *label = new_message(&c->call, sizeof *label, init_waiting);
        if (label == NULL)
            return STATUS_NO_MEMORY;
        label->label = keep_text(&c->call, result, row, 0);
        label->interactions = (uint64_t)pg_get_int64(result, row, 1);
        label->first_seen = keep_text(&c->call, result, row, 2);
        if (label->label == NULL || label->first_seen == NULL ||
            !keep_texts(&c->call, result, row, 3, &label->n_suggestions, &label->suggestions))
            return STATUS_NO_MEMORY;
        response->waiting[i] = label;
    }
    response->n_waiting = count;
    if (count > 0 && count == limit)
        response->next = response->waiting[count - 1]->label;
    return STATUS_OK;
}

void store_actor_list(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__actor_list_response__descriptor))
        return;
    const Samordning__V1__ActorListRequest *request = (const Samordning__V1__ActorListRequest *)c->request;
    struct verb *verb = verb_create(
        store, &c->call,
        request->waiting
            ? "SELECT label, interactions, first_seen::text, suggestions FROM register.list_waiting($2::text, $1::int8, "
              "$3::text)"
            : "SELECT key, kind, name_nb, name_nn, name_en, name_se, abbreviation, orgnr, mail_domain, parent, sector, "
              "valid_from::text, valid_to::text, members, aliases, source "
              "FROM register.list_actors(coalesce(nullif($4::text, '')::date, report.day_of(now())), $2::text, $1::int8, "
              "$3::text)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    unsigned limit = request->limit == 0               ? LIST_LIMIT_DEFAULT
                     : request->limit < LIST_LIMIT_MAX ? request->limit
                                                       : LIST_LIMIT_MAX;
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%u", limit);
    verb->answer = request->waiting ? listed_waiting : listed;
    db_request_text(&verb->request, verb->numbers[0]);
    db_request_text(&verb->request, request->search);
    db_request_text(&verb->request, request->after);
    if (!request->waiting)
        db_request_text(&verb->request, request->on);
    verb_send(verb);
}

/* ---------------------------------------------------------------------------------------------- resolve */

static enum status resolved(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__ActorResolveResponse *response = (Samordning__V1__ActorResolveResponse *)c->response;
    response->resolved = (uint64_t)pg_get_int64(result, 0, 0);
    response->created = (uint64_t)pg_get_int64(result, 0, 1);
    submissions_register_changed(verb->store->submissions); /* the next submission must not call them unknown */
    return STATUS_OK;
}

void store_actor_resolve(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__actor_resolve_response__descriptor))
        return;
    const Samordning__V1__ActorResolveRequest *request = (const Samordning__V1__ActorResolveRequest *)c->request;
    struct verb *verb = verb_create(
        store, &c->call, "SELECT resolved, created FROM register.resolve_names($1, $2::text, $3::text, $4::text, $5::text)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    pg_array_begin(&verb->buffers[0], PG_TEXT_OID, request->n_labels, false);
    for (size_t i = 0; i < request->n_labels; i++)
        pg_array_bytes(&verb->buffers[0], request->labels[i], strlen(request->labels[i]));
    verb->answer = resolved;
    verb_buffer(verb, 0, PG_TEXTARRAY_OID);
    db_request_text(&verb->request, request->actor);
    db_request_text(&verb->request, request->create_kind);
    db_request_text(&verb->request, request->valid_from);
    db_request_text(&verb->request, request->valid_to);
    verb_send(verb);
}
