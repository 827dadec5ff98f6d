/* SPDX-License-Identifier: GPL-3.0-or-later
 * Verbs whose rules are functions of the database that take and give the JSON form of messages.
 */
#include "json.h"
#include "store_internal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum status store_json_message(struct store_call *call, const PGresult *result, int column,
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

enum status store_json_answered(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    return PQntuples(result) == 1 ? store_json_message(&c->call, result, 0, c->response->descriptor, &c->response)
                                  : STATUS_INTERNAL;
}

void store_put_organisation(struct verb *verb, const struct store_call *call)
{
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%d", (int)call->principal.organisation);
    db_request_text(&verb->request, verb->numbers[0]);
}

struct verb *store_json_begin(struct store *store, struct store_message_call *c, const ProtobufCMessageDescriptor *answer,
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
    verb->answer = store_json_answered;
    db_request_text(&verb->request, text);
    store_put_organisation(verb, &c->call);
    return verb;
}
