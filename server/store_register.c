/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register's verbs: import, list, resolve. The work is done by functions in the database
 * (sql/migrations/0005_register.sql, 0010_need.sql, 0024_reorganisations.sql, 0025_former_names.sql).
 */
#include "sql_text.h"
#include "store_internal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define LIST_LIMIT_DEFAULT 100
#define LIST_LIMIT_MAX     1000
#define FORMER_TEXTS       6     /* of a former name in register.list_actors */
#define RESOLVE_LIMIT_MAX  10000 /* names of one request, so that it ends long before its deadline */

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

static void init_former(void *message)
{
    samordning__v1__former_name__init(message);
}

static void init_waiting(void *message)
{
    samordning__v1__waiting_label__init(message);
}

/* ----------------------------------------------------------------------------------------------- import */

/* Every string, number and list of strings of a message, by name. NULL: out of memory, not UTF-8, or not a finite number. */
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
        } else if (field->type == PROTOBUF_C_TYPE_DOUBLE) {
            double number;
            memcpy(&number, member, sizeof number);
            value = json_real(number);
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

/* The answers to imports have one shape: a list of receipts. */
_Static_assert(offsetof(Samordning__V1__ActorImportResponse, receipts) ==
                   offsetof(Samordning__V1__RegisterImportResponse, receipts),
               "imported() fills both");

static enum status imported(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__RegisterImportResponse *response = (Samordning__V1__RegisterImportResponse *)(void *)c->response;
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
        receipt->field = store_keep_text(&c->call, result, (int)i, 3);
        receipt->reason = store_keep_text(&c->call, result, (int)i, 4);
        if (receipt->field == NULL || receipt->reason == NULL)
            return STATUS_NO_MEMORY;
        response->receipts[i] = receipt;
    }
    response->n_receipts = count;
    return STATUS_OK;
}

/* Import requests begin with their list of records, which `sql` takes as a JSON array. */
static void import_records(struct store *store, struct store_message_call *c, const ProtobufCMessageDescriptor *answer,
                           const char *sql)
{
    if (!store_make_response(store, c, answer))
        return;
    const ProtobufCFieldDescriptor *records = &c->request->descriptor->fields[0];
    size_t count;
    ProtobufCMessage *const *messages;
    memcpy(&count, (const char *)c->request + records->quantifier_offset, sizeof count);
    memcpy(&messages, (const char *)c->request + records->offset, sizeof messages);
    json_t *list = json_array();
    bool whole = list != NULL;
    for (size_t i = 0; i < count && whole; i++)
        whole = json_array_append_new(list, strings_of(messages[i])) == 0;
    char *text = whole ? json_dumps(list, JSON_COMPACT) : NULL;
    json_decref(list);
    struct verb *verb = text != NULL ? verb_create(store, &c->call, sql) : NULL;
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

void store_actor_import(struct store *store, struct store_message_call *c)
{
    import_records(store, c, &samordning__v1__actor_import_response__descriptor,
                   "SELECT n, state, status, field, reason "
                   "FROM register.import_actors(jsonb_build_object('actors', $1::jsonb))");
}

void store_case_import(struct store *store, struct store_message_call *c)
{
    import_records(store, c, &samordning__v1__register_import_response__descriptor,
                   "SELECT n, state, status, field, reason FROM register.import_each($1::jsonb, 'case')");
}

void store_need_import(struct store *store, struct store_message_call *c)
{
    import_records(store, c, &samordning__v1__register_import_response__descriptor,
                   "SELECT n, state, status, field, reason FROM register.import_each($1::jsonb, 'need')");
}

void store_reorganisation_import(struct store *store, struct store_message_call *c)
{
    import_records(store, c, &samordning__v1__register_import_response__descriptor,
                   "SELECT n, state, status, field, reason FROM register.import_each($1::jsonb, 'reorganisation')");
}

/* ------------------------------------------------------------------------------------------------- list */

/* Names of one actor, FORMER_TEXTS each, after those of the actors before it. */
static bool take_former(struct store_message_call *c, char *key, char *const *texts, size_t count)
{
    Samordning__V1__ActorListResponse *response = (Samordning__V1__ActorListResponse *)c->response;
    for (size_t t = 0; t + FORMER_TEXTS <= count; t += FORMER_TEXTS) {
        Samordning__V1__FormerName *former = new_message(&c->call, sizeof *former, init_former);
        if (former == NULL)
            return false;
        former->key = key;
        former->name_nb = texts[t];
        former->name_nn = texts[t + 1];
        former->name_en = texts[t + 2];
        former->abbreviation = texts[t + 3];
        former->valid_from = texts[t + 4];
        former->valid_to = texts[t + 5];
        response->former[response->n_former++] = former;
    }
    return true;
}

static enum status listed(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__ActorListResponse *response = (Samordning__V1__ActorListResponse *)c->response;
    size_t count = (size_t)PQntuples(result), limit = strtoul(verb->numbers[0], NULL, 10), former_count = 0;
    struct {
        size_t count;
        char **texts;
    } *former = arena_alloc(c->call.arena, count * sizeof *former + 1);
    response->actors = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->actors == NULL || former == NULL)
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
            if ((*into[k] = store_keep_text(&c->call, result, row, k)) == NULL)
                return STATUS_NO_MEMORY;
        if (!store_keep_texts(&c->call, result, row, 13, &actor->n_members, &actor->members) ||
            !store_keep_texts(&c->call, result, row, 14, &actor->n_aliases, &actor->aliases) ||
            (actor->source = store_keep_text(&c->call, result, row, 15)) == NULL)
            return STATUS_NO_MEMORY;
        former[i].count = 0;
        former[i].texts = NULL;
        if (!store_keep_texts(&c->call, result, row, 16, &former[i].count, &former[i].texts))
            return STATUS_NO_MEMORY;
        former_count += former[i].count / FORMER_TEXTS;
        response->actors[i] = actor;
    }
    response->n_actors = count;
    response->former = arena_alloc(c->call.arena, former_count * sizeof(void *) + 1);
    if (response->former == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (!take_former(c, response->actors[i]->key, former[i].texts, former[i].count))
            return STATUS_NO_MEMORY;
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
        label->label = store_keep_text(&c->call, result, row, 0);
        label->interactions = (uint64_t)pg_get_int64(result, row, 1);
        label->first_seen = store_keep_text(&c->call, result, row, 2);
        if (label->label == NULL || label->first_seen == NULL ||
            !store_keep_texts(&c->call, result, row, 3, &label->n_suggestions, &label->suggestions))
            return STATUS_NO_MEMORY;
        response->waiting[i] = label;
    }
    response->n_waiting = count;
    if (count > 0 && count == limit)
        response->next = response->waiting[count - 1]->label;
    return STATUS_OK;
}

/* $1, $2 and $3 of a list: how many, which, and after what. */
static void put_page(struct verb *verb, uint32_t limit, const char *search, const char *after)
{
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%u",
             limit == 0               ? LIST_LIMIT_DEFAULT
             : limit < LIST_LIMIT_MAX ? (unsigned)limit
                                      : LIST_LIMIT_MAX);
    db_request_text(&verb->request, verb->numbers[0]);
    db_request_text(&verb->request, search);
    db_request_text(&verb->request, after);
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
              "valid_from::text, valid_to::text, members, aliases, source, former "
              "FROM register.list_actors(coalesce(nullif($4::text, '')::date, report.day_of(now())), $2::text, $1::int8, "
              "$3::text, $5::bool)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = request->waiting ? listed_waiting : listed;
    put_page(verb, request->limit, request->search, request->after);
    if (!request->waiting) {
        db_request_text(&verb->request, request->on);
        db_request_text(&verb->request, request->ended ? "t" : "f");
    }
    verb_send(verb);
}

static void init_case(void *message)
{
    samordning__v1__case_record__init(message);
}

static enum status listed_cases(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__CaseListResponse *response = (Samordning__V1__CaseListResponse *)c->response;
    size_t count = (size_t)PQntuples(result), limit = strtoul(verb->numbers[0], NULL, 10);
    response->cases = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->cases == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;
        Samordning__V1__CaseRecord *file = new_message(&c->call, sizeof *file, init_case);
        if (file == NULL)
            return STATUS_NO_MEMORY;
        char **const into[8] = {&file->ref,        &file->title,      &file->owner,      &file->type,
                                &file->started_on, &file->decided_on, &file->first_seen, &file->last_seen};
        for (int k = 0; k < 8; k++)
            if ((*into[k] = store_keep_text(&c->call, result, row, k)) == NULL)
                return STATUS_NO_MEMORY;
        if (!store_keep_texts(&c->call, result, row, 8, &file->n_effects, &file->effects))
            return STATUS_NO_MEMORY;
        response->cases[i] = file;
    }
    response->n_cases = count;
    if (count > 0 && count == limit)
        response->next = response->cases[count - 1]->ref;
    return STATUS_OK;
}

void store_case_list(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__case_list_response__descriptor))
        return;
    const Samordning__V1__CaseListRequest *request = (const Samordning__V1__CaseListRequest *)c->request;
    struct verb *verb =
        verb_create(store, &c->call,
                    "SELECT ref, title, owner, case_type, started_on::text, decided_on::text, first_seen::text, "
                    "last_seen::text, effects FROM register.list_cases($2::text, $1::int8, $3::text)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = listed_cases;
    put_page(verb, request->limit, request->search, request->after);
    verb_send(verb);
}

static void init_need(void *message)
{
    samordning__v1__need_record__init(message);
}

static enum status listed_need(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__NeedListResponse *response = (Samordning__V1__NeedListResponse *)c->response;
    size_t count = (size_t)PQntuples(result), limit = strtoul(verb->numbers[0], NULL, 10);
    response->items = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->items == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;
        Samordning__V1__NeedRecord *item = new_message(&c->call, sizeof *item, init_need);
        if (item == NULL)
            return STATUS_NO_MEMORY;
        char **const into[9] = {&item->kind,       &item->key,      &item->name,        &item->owner, &item->role,
                                &item->valid_from, &item->valid_to, &item->budget_post, &item->source};
        for (int k = 0; k < 9; k++)
            if ((*into[k] = store_keep_text(&c->call, result, row, k)) == NULL)
                return STATUS_NO_MEMORY;
        int64_t bits = pg_get_int64(result, row, 9); /* a float8 is sent as the bits of a double */
        memcpy(&item->share, &bits, sizeof item->share);
        if (!store_keep_texts(&c->call, result, row, 10, &item->n_goals, &item->goals) ||
            !store_keep_texts(&c->call, result, row, 11, &item->n_target_groups, &item->target_groups) ||
            !store_keep_texts(&c->call, result, row, 12, &item->n_cases, &item->cases))
            return STATUS_NO_MEMORY;
        response->items[i] = item;
    }
    response->n_items = count;
    if (count > 0 && count == limit && (response->next = store_keep_text(&c->call, result, (int)count - 1, 13)) == NULL)
        return STATUS_NO_MEMORY;
    return STATUS_OK;
}

void store_need_list(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__need_list_response__descriptor))
        return;
    const Samordning__V1__NeedListRequest *request = (const Samordning__V1__NeedListRequest *)c->request;
    struct verb *verb =
        verb_create(store, &c->call,
                    "SELECT kind, key, name, owner, role, valid_from::text, valid_to::text, budget_post, source, "
                    "share, goals, target_groups, cases, cursor "
                    "FROM register.list_need($2::text, $1::int8, $3::text)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = listed_need;
    put_page(verb, request->limit, request->search, request->after);
    verb_send(verb);
}

static void init_reorganisation(void *message)
{
    samordning__v1__reorganisation_record__init(message);
}

static enum status listed_reorganisations(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__ReorganisationListResponse *response = (Samordning__V1__ReorganisationListResponse *)c->response;
    size_t count = (size_t)PQntuples(result), limit = strtoul(verb->numbers[0], NULL, 10);
    response->reorganisations = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->reorganisations == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;
        Samordning__V1__ReorganisationRecord *one = new_message(&c->call, sizeof *one, init_reorganisation);
        if (one == NULL || (one->date = store_keep_text(&c->call, result, row, 0)) == NULL ||
            (one->change = store_keep_text(&c->call, result, row, 1)) == NULL ||
            (one->source = store_keep_text(&c->call, result, row, 2)) == NULL ||
            !store_keep_texts(&c->call, result, row, 3, &one->n_before, &one->before) ||
            !store_keep_texts(&c->call, result, row, 4, &one->n_after, &one->after))
            return STATUS_NO_MEMORY;
        response->reorganisations[i] = one;
    }
    response->n_reorganisations = count;
    if (count > 0 && count == limit && (response->next = store_keep_text(&c->call, result, (int)count - 1, 5)) == NULL)
        return STATUS_NO_MEMORY;
    return STATUS_OK;
}

void store_reorganisation_list(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__reorganisation_list_response__descriptor))
        return;
    const Samordning__V1__ReorganisationListRequest *request = (const Samordning__V1__ReorganisationListRequest *)c->request;
    struct verb *verb = verb_create(store, &c->call,
                                    "SELECT day::text, change, source, before, after, cursor "
                                    "FROM register.list_reorganisations($2::text, $1::int8, $3::text)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = listed_reorganisations;
    put_page(verb, request->limit, request->search, request->after);
    verb_send(verb);
}

/* ---------------------------------------------------------------------------------------------- resolve */

static enum status resolved(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__ActorResolveResponse *response = (Samordning__V1__ActorResolveResponse *)c->response;
    response->resolved = (uint64_t)pg_get_int64(result, 0, 0);
    response->created = (uint64_t)pg_get_int64(result, 0, 1);
    response->next = store_keep_text(&c->call, result, 0, 2);
    if (response->next == NULL)
        return STATUS_NO_MEMORY;
    submissions_register_changed(verb->store->submissions); /* the next submission must not call them unknown */
    return STATUS_OK;
}

void store_actor_resolve(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__actor_resolve_response__descriptor))
        return;
    const Samordning__V1__ActorResolveRequest *request = (const Samordning__V1__ActorResolveRequest *)c->request;
    bool all = request->n_labels == 0 && request->actor[0] == '\0';
    struct verb *verb = verb_create(store, &c->call, all ? sql_server_actor_resolve_waiting : sql_server_actor_resolve);
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = resolved;
    if (all) {
        db_request_text(&verb->request, request->create_kind);
        db_request_text(&verb->request, request->valid_from);
        db_request_text(&verb->request, request->valid_to);
        snprintf(verb->numbers[0], sizeof verb->numbers[0], "%u",
                 request->limit == 0 || request->limit > RESOLVE_LIMIT_MAX ? RESOLVE_LIMIT_MAX : (unsigned)request->limit);
        db_request_text(&verb->request, verb->numbers[0]);
        db_request_text(&verb->request, request->after);
    } else {
        pg_array_begin(&verb->buffers[0], PG_TEXT_OID, request->n_labels, false);
        for (size_t i = 0; i < request->n_labels; i++)
            pg_array_bytes(&verb->buffers[0], request->labels[i], strlen(request->labels[i]));
        verb_buffer(verb, 0, PG_TEXTARRAY_OID);
        db_request_text(&verb->request, request->actor);
        db_request_text(&verb->request, request->create_kind);
        db_request_text(&verb->request, request->valid_from);
        db_request_text(&verb->request, request->valid_to);
    }
    verb_send(verb);
}
