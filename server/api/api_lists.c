/* SPDX-License-Identifier: GPL-3.0-or-later
 * The addresses that are one message: the query is its fields, the answer its answer.
 */
#include "api/api_operation.h"

#include "api/api_internal.h"
#include "json.h"

#include <string.h>

const struct api_operation api_operations[] = {
    {"/v1/status", WEB_GET, SAMORDNING__V1__REQUEST__BODY_STATUS, &samordning__v1__status_request__descriptor,
     &samordning__v1__status_response__descriptor, NULL, "What the daemon holds, and how far condensing and analysis are"},
    {"/v1/actors", WEB_GET, SAMORDNING__V1__REQUEST__BODY_ACTOR_LIST, &samordning__v1__actor_list_request__descriptor,
     &samordning__v1__actor_list_response__descriptor, NULL, "Actors of the register, or names that wait for one"},
    {"/v1/cases", WEB_GET, SAMORDNING__V1__REQUEST__BODY_CASE_LIST, &samordning__v1__case_list_request__descriptor,
     &samordning__v1__case_list_response__descriptor, NULL, "Cases"},
    {"/v1/needs", WEB_GET, SAMORDNING__V1__REQUEST__BODY_NEED_LIST, &samordning__v1__need_list_request__descriptor,
     &samordning__v1__need_list_response__descriptor, NULL, "Instruments, goals and target groups, which say who needs whom"},
    {"/v1/reorganisations", WEB_GET, SAMORDNING__V1__REQUEST__BODY_REORGANISATION_LIST,
     &samordning__v1__reorganisation_list_request__descriptor, &samordning__v1__reorganisation_list_response__descriptor, NULL,
     "Mergers, splits and other reorganisations, by day: what actors have become"},
    {"/v1/layers", WEB_GET, SAMORDNING__V1__REQUEST__BODY_LAYER, &samordning__v1__layer_request__descriptor,
     &samordning__v1__layer_response__descriptor, NULL, "Types of interaction"},
    {"/v1/surveys", WEB_GET, SAMORDNING__V1__REQUEST__BODY_SURVEY_LIST, &samordning__v1__survey_list_request__descriptor,
     &samordning__v1__survey_list_response__descriptor, NULL,
     "Waves of surveys, with how many have answered, and questionnaires"},
    {"/v1/results", WEB_GET, SAMORDNING__V1__REQUEST__BODY_RESULT, &samordning__v1__result_request__descriptor,
     &samordning__v1__result_response__descriptor, NULL, "Stored results without their content, the newest first"},
    {"/v1/reports", WEB_GET, SAMORDNING__V1__REQUEST__BODY_RESULT, &samordning__v1__result_request__descriptor,
     &samordning__v1__result_response__descriptor, NULL, "Stored reports without their documents, the newest first", "family",
     "report"},
    {"/v1/schedules", WEB_GET, SAMORDNING__V1__REQUEST__BODY_SCHEDULE, &samordning__v1__schedule_request__descriptor,
     &samordning__v1__schedule_response__descriptor, NULL, "Reports that are made again and again, by key; for operators"},
    {"/v1/schedules/history", WEB_GET, SAMORDNING__V1__REQUEST__BODY_SCHEDULE_HISTORY,
     &samordning__v1__schedule_history_request__descriptor, &samordning__v1__schedule_history_response__descriptor, NULL,
     "What became of them, the newest first, and the languages of a year"},
    {"/v1/jobs/{id}", WEB_GET, SAMORDNING__V1__REQUEST__BODY_JOB, &samordning__v1__job_request__descriptor,
     &samordning__v1__job_response__descriptor, "id", "How far an analysis is"},
    {"/v1/jobs/{id}", WEB_DELETE, SAMORDNING__V1__REQUEST__BODY_JOB, &samordning__v1__job_request__descriptor,
     &samordning__v1__job_response__descriptor, "id", "An analysis is no longer wanted; it ends when nobody else wants it"},
};
const size_t api_operation_count = sizeof api_operations / sizeof api_operations[0];

static const struct api_operation *operation_of(const struct web_exchange *exchange)
{
    for (size_t i = 0; i < api_operation_count; i++)
        if (api_operations[i].method == exchange->method && strcmp(api_operations[i].path, exchange->route->pattern) == 0)
            return &api_operations[i];
    return NULL;
}

static void message_answered(struct api_turn *turn, const Samordning__V1__Response *response)
{
    const ProtobufCMessage *body = api_body_of(response);
    if (response->status != SAMORDNING__V1__STATUS_CODE__STATUS_OK || body == NULL)
        api_problem_of(turn, response);
    else
        api_answer_json(turn, 200, json_from_message(body));
}

void api_message(struct web_exchange *exchange)
{
    const struct api_operation *operation = operation_of(exchange);
    struct api_turn *turn = api_turn_begin(exchange);
    if (turn == NULL)
        return;
    ProtobufCMessage *message = operation != NULL ? arena_alloc(&exchange->arena, operation->request->sizeof_message) : NULL;
    if (message == NULL) {
        api_problem(turn, STATUS_INTERNAL, NULL, NULL);
        return;
    }
    protobuf_c_message_init(operation->request, message);
    if (operation->preset_field != NULL && api_parameter(turn, operation->preset_field) != NULL) {
        api_problem(turn, STATUS_INVALID, operation->preset_field, "this address has no such parameter");
        return;
    }
    if (!api_fill(turn, message, NULL) ||
        (operation->preset_field != NULL && !api_fill_one(turn, message, operation->preset_field, operation->preset_value)) ||
        (operation->path_field != NULL && !api_fill_one(turn, message, operation->path_field, exchange->parameters[0])))
        return;
    if (operation->method == WEB_DELETE)
        ((Samordning__V1__JobRequest *)(void *)message)->cancel = true;
    api_ask(turn, operation->body, message, message_answered);
}
