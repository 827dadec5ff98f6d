/* SPDX-License-Identifier: GPL-3.0-or-later
 * Server-sent events of a job: progress, then done with the result's address, or failed with a problem.
 */
#include "api/api_internal.h"
#include "clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(struct api_turn *turn, const char *event, json_t *json)
{
    size_t size = 0;
    char *text = api_dump(json, &size); /* one line, with its end */
    if (!turn->is_streaming) {
        turn->is_streaming = turn->is_listed = true;
        TAILQ_INSERT_TAIL(&turn->api->streaming, turn, entry);
        web_header_out(turn->exchange, "X-Accel-Buffering", "no");
        web_stream_begin(turn->exchange, 200, "text/event-stream");
    }
    if (text != NULL) {
        char head[48];
        int head_size = snprintf(head, sizeof head, "event: %s\ndata: ", event);
        web_stream_add(turn->exchange, head, (size_t)head_size);
        web_stream_add(turn->exchange, text, size);
        web_stream_add(turn->exchange, "\n", 1);
        web_stream_flush(turn->exchange);
    }
    free(text);
    turn->said_us = clock_monotonic_us();
}

static void finish(struct api_turn *turn)
{
    if (turn->is_listed)
        api_unlist(turn);
    api_turn_end(turn);
    web_stream_end(turn->exchange);
}

static void events_progressed(struct api_turn *turn, const Samordning__V1__Response *response)
{
    if (response->body_case == SAMORDNING__V1__RESPONSE__BODY_ANALYSIS && response->analysis->progress != NULL)
        say(turn, "progress",
            json_pack("{ss si}", "phase", response->analysis->progress->phase, "permille",
                      (int)response->analysis->progress->permille));
}

static void events_answered(struct api_turn *turn, const Samordning__V1__Response *response)
{
    char location[64];
    if (response->status != SAMORDNING__V1__STATUS_CODE__STATUS_OK ||
        response->body_case != SAMORDNING__V1__RESPONSE__BODY_ANALYSIS) {
        if (!turn->is_streaming && response->status == SAMORDNING__V1__STATUS_CODE__STATUS_NOT_FOUND) {
            api_problem_of(turn, response);
            return;
        }
        say(turn, "failed", api_problem_json((enum status)response->status, response->field, response->message));
    } else {
        snprintf(location, sizeof location, "/v1/results/id/%s", response->analysis->result_id);
        say(turn, "done", json_pack("{sI ss}", "job", (json_int_t)response->analysis->job, "result", location));
    }
    finish(turn);
}

void api_job_events(struct web_exchange *exchange)
{
    struct api_turn *turn = api_turn_begin(exchange);
    if (turn == NULL)
        return;
    Samordning__V1__AnalysisRequest *request = arena_alloc(&exchange->arena, sizeof *request);
    Samordning__V1__JobRequest job = SAMORDNING__V1__JOB_REQUEST__INIT;
    if (request == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return;
    }
    if (!api_fill(turn, &job.base, NULL) || !api_fill_one(turn, &job.base, "id", exchange->parameters[0]))
        return;
    if (job.id == 0) {
        api_problem(turn, STATUS_NOT_FOUND, "id", "no job has this number");
        return;
    }
    samordning__v1__analysis_request__init(request);
    request->job = job.id;
    request->brief = true;
    turn->progressed = events_progressed;
    api_ask(turn, SAMORDNING__V1__REQUEST__BODY_ANALYSIS, &request->base, events_answered);
}

void api_sweep(struct api *api, int64_t now_us)
{
    struct api_turn *turn, *next;
    if (api == NULL)
        return;
    for (turn = TAILQ_FIRST(&api->streaming); turn != NULL; turn = next) {
        next = TAILQ_NEXT(turn, entry);
        struct principal principal;
        bool is_over =
            store_token_principal(api->store, turn->token_hash, &principal) == STATUS_UNAUTHENTICATED || api->is_stopping;
        if (turn->is_export) {
            api_export_sweep(turn, now_us, is_over);
        } else if (is_over) {
            if (turn->asker.request != NULL)
                request_leave(turn->asker.request); /* the end comes through events_answered */
        } else if (now_us - turn->said_us > API_HEARTBEAT_US) {
            web_stream_add(turn->exchange, ": here\n\n", 8);
            web_stream_flush(turn->exchange);
            turn->said_us = now_us;
        }
    }
}

void api_stop(struct api *api)
{
    if (api == NULL)
        return;
    api->is_stopping = true;
    api_sweep(api, clock_monotonic_us());
}
