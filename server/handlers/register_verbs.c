/* SPDX-License-Identifier: GPL-3.0-or-later
 * The messages about the register of actors and layers, and the status of it all.
 */
#include "civil_time.h"
#include "handlers.h"
#include "message_verb.h"

/* --------------------------------------------------------------------------------------------------- actors */

/* Import requests begin with their list of records. */
static enum status import_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__ActorImportRequest *message = request->message->actor_import; /* every body is the same union */
    if (message->n_actors <= request_config(request)->max_batch)
        return STATUS_OK;
    errmsg_set(ret_errmsg, message->base.descriptor->fields[0].name, "%zu records in one request, at most %u are taken",
               message->n_actors, (unsigned)request_config(request)->max_batch);
    return STATUS_TOO_LARGE;
}

void actor_import_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 1000,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_ACTOR_IMPORT,
                                             .call = store_actor_import,
                                             .check = import_check};
    message_verb_handle(request, &verb);
}

static enum status actor_list_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const char *on = request->message->actor_list->on;
    int32_t day;
    if (on[0] == '\0' || civil_day_parse(on, &day) == STATUS_OK)
        return STATUS_OK;
    errmsg_set(ret_errmsg, "on", "not a day as in 2025-03-01");
    return STATUS_INVALID;
}

void actor_list_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 300,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_ACTOR_LIST,
                                             .call = store_actor_list,
                                             .check = actor_list_check};
    message_verb_handle(request, &verb);
}

static enum status actor_resolve_check(const struct request *request, struct errmsg *ret_errmsg)
{
    const Samordning__V1__ActorResolveRequest *message = request->message->actor_resolve;
    if ((message->actor[0] != 0) == (message->create_kind[0] != 0)) {
        errmsg_set(ret_errmsg, "actor", "exactly one of actor and create_kind must be given");
        return STATUS_INVALID;
    }
    if (message->n_labels == 0 && message->create_kind[0] == 0) {
        errmsg_set(ret_errmsg, "labels", "empty: every name that waits can only be resolved with create_kind");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

void actor_resolve_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 1000, /* `after` is a folded name */
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_ACTOR_RESOLVE,
                                             .call = store_actor_resolve,
                                             .check = actor_resolve_check};
    message_verb_handle(request, &verb);
}

/* ------------------------------------------------------------------------------------------- cases and need */

void case_import_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 1000,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_CASE_IMPORT,
                                             .call = store_case_import,
                                             .check = import_check};
    message_verb_handle(request, &verb);
}

void case_list_handle(struct request *request)
{
    static const struct message_verb verb = {
        .text_max = 1000, .answer = SAMORDNING__V1__RESPONSE__BODY_CASE_LIST, .call = store_case_list};
    message_verb_handle(request, &verb);
}

void need_import_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 1000,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_NEED_IMPORT,
                                             .call = store_need_import,
                                             .check = import_check};
    message_verb_handle(request, &verb);
}

void need_list_handle(struct request *request)
{
    static const struct message_verb verb = {
        .text_max = 4000, .answer = SAMORDNING__V1__RESPONSE__BODY_NEED_LIST, .call = store_need_list};
    message_verb_handle(request, &verb);
}

void reorganisation_import_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 1000,
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_REORGANISATION_IMPORT,
                                             .call = store_reorganisation_import,
                                             .check = import_check};
    message_verb_handle(request, &verb);
}

void reorganisation_list_handle(struct request *request)
{
    static const struct message_verb verb = {.text_max = 4000, /* `after` names those before and after */
                                             .answer = SAMORDNING__V1__RESPONSE__BODY_REORGANISATION_LIST,
                                             .call = store_reorganisation_list};
    message_verb_handle(request, &verb);
}

/* --------------------------------------------------------------------------------------------------- layers */

static enum status layer_check(const struct request *request, struct errmsg *ret_errmsg)
{
    if (request->message->layer->n_add == 0 ||
        (request->principal.roles & PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR)) != 0)
        return STATUS_OK;
    errmsg_set(ret_errmsg, "add", "only an operator adds layers");
    return STATUS_FORBIDDEN;
}

void layer_handle(struct request *request)
{
    static const struct message_verb verb = {
        .text_max = 200, .answer = SAMORDNING__V1__RESPONSE__BODY_LAYER, .call = store_layer, .check = layer_check};
    message_verb_handle(request, &verb);
}

/* --------------------------------------------------------------------------------------------------- status */

static void status_complete(struct request *request, ProtobufCMessage *answer)
{
    Samordning__V1__StatusResponse *counts = (Samordning__V1__StatusResponse *)(void *)answer;
    const struct metrics *metrics = request_metrics(request);
    char *software = arena_strdup(&request->arena, SAMORDNING_SOFTWARE);
    if (software != NULL)
        counts->software = software;
    counts->uptime_s = (uint64_t)(request_wall_us(request) / 1000000 - metrics->values[METRIC_STARTED]);
    counts->workers = (uint64_t)metrics->values[METRIC_WORKERS_RUNNING];
}

void status_handle(struct request *request)
{
    static const struct message_verb verb = {
        .answer = SAMORDNING__V1__RESPONSE__BODY_SERVER, .call = store_status, .complete = status_complete};
    message_verb_handle(request, &verb);
}
