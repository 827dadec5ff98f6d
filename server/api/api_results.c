/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results: the answer to a question, from memory or by a job, and one by its id.
 *
 *     question known and nothing changed -> its id -> body in memory -> answered
 *                                              \----> the result by its id -> rendered -> kept, answered
 *     otherwise -> a job -> done within the wait -> rendered -> noted, kept, answered
 *                      \--> 202 with the job's address
 */
#include "api/api_format.h"
#include "api/api_internal.h"
#include "clock.h"
#include "validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAMILY_MAX 40
#define TABLE_MAX  80
#define KEY_MAX    (API_QUERY_VALUE_MAX + FAMILY_MAX + 8)

struct result_state {
    const char *family, *spec, *language;
    struct api_choice choice;
    const char *table; /* "" = all, or the first */
    char form[120];    /* what bodies of this format and table are kept under */
    const char *key;
    uint64_t generation; /* when it was asked */
    char id[API_ID_SIZE];
    uint32_t wait_ms;
    char phase[100];
    unsigned permille;
};

/* --------------------------------------------------------------------------------------------------- looking */

static void look_ended(struct api *api, bool is_known)
{
    api->is_looking = false;
    if (is_known)
        api->looked_us = clock_monotonic_us();
    struct api_turns waiting;
    TAILQ_INIT(&waiting);
    TAILQ_CONCAT(&waiting, &api->looking, entry);
    for (struct api_turn *turn; (turn = TAILQ_FIRST(&waiting)) != NULL;) {
        TAILQ_REMOVE(&waiting, turn, entry);
        turn->is_listed = false;
        void (*next)(struct api_turn *) = turn->next;
        next(turn);
    }
}

static void look_answered(struct store_call *call)
{
    struct api *api = call->owner;
    bool is_known = call->status == STATUS_OK;
    if (!is_known || api->change.changed)
        api->generation++; /* not known is like changed: a job finds out */
    arena_reset(&api->change_arena);
    look_ended(api, is_known);
}

void api_look(struct api_turn *turn, void (*next)(struct api_turn *turn))
{
    struct api *api = turn->api;
    if (api->looked_us != 0 && clock_monotonic_us() - api->looked_us <= API_LOOK_US) {
        next(turn);
        return;
    }
    turn->next = next;
    turn->is_listed = true;
    TAILQ_INSERT_TAIL(&api->looking, turn, entry);
    if (api->is_looking)
        return;
    api->is_looking = true;
    api->change = (struct store_change){.call = {.arena = &api->change_arena, .done = look_answered, .owner = api}};
    store_changed(api->store, &api->change);
}

void api_unlist(struct api_turn *turn)
{
    TAILQ_REMOVE(turn->is_streaming ? &turn->api->streaming : &turn->api->looking, turn, entry);
    turn->is_listed = false;
}

/* --------------------------------------------------------------------------------------------------- answers */

/* A packed result in the format asked for. Takes nothing over. */
static void answer_result(struct api_turn *turn, const char *id, const ProtobufCBinaryData *result,
                          const ProtobufCBinaryData *document, const char *media_type)
{
    struct result_state *state = turn->state;
    if (!state->choice.document || document->len == 0) {
        if (state->choice.format == NULL)
            api_format_refuse(turn);
        else
            api_format_answer(turn, state->choice.format, state->table, id, state->form, result->data, result->len);
        return;
    }
    char *plain = malloc(document->len);
    if (plain == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return;
    }
    memcpy(plain, document->data, document->len);
    struct api_body *body = api_cache_keep(&turn->api->cache, id, state->form, media_type, plain, document->len, NULL, 0);
    if (body == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return;
    }
    api_answer_cached(turn, body);
}

/* Of a result that was superseded: by which one, and why (RFC 8288, RFC 5829). The result itself never changes. */
static void tell_successor(struct api_turn *turn, const Samordning__V1__StoredResult *stored)
{
    size_t size = strlen(stored->superseded_reason) * 3 + 160;
    char *link = stored->superseded_by[0] != '\0' ? arena_alloc(&turn->exchange->arena, size) : NULL;
    if (link == NULL)
        return;
    int used = snprintf(link, size, "</v1/results/id/%s>; rel=\"successor-version\"; title*=UTF-8''", stored->superseded_by);
    for (const char *at = stored->superseded_reason; *at != '\0'; at++)
        used += snprintf(link + used, size - (size_t)used, "%%%02X", (unsigned)(unsigned char)*at);
    web_header_out(turn->exchange, "Link", link);
}

static void result_found(struct api_turn *turn, const Samordning__V1__Response *response)
{
    if (response->status != SAMORDNING__V1__STATUS_CODE__STATUS_OK ||
        response->body_case != SAMORDNING__V1__RESPONSE__BODY_RESULT || response->result->n_results != 1) {
        api_problem_of(turn, response);
        return;
    }
    const Samordning__V1__StoredResult *stored = response->result->results[0];
    tell_successor(turn, stored);
    answer_result(turn, stored->id, &stored->result, &stored->document, stored->media_type);
}

static void ask_stored(struct api_turn *turn, bool is_brief,
                       void (*answered)(struct api_turn *turn, const Samordning__V1__Response *response))
{
    struct result_state *state = turn->state;
    Samordning__V1__ResultRequest *request = arena_alloc(&turn->exchange->arena, sizeof *request);
    if (request == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return;
    }
    samordning__v1__result_request__init(request);
    request->id = state->id;
    request->brief = is_brief;
    api_ask(turn, SAMORDNING__V1__REQUEST__BODY_RESULT, &request->base, answered);
}

/* The result of turn->state->id, from memory if it is there. */
static void answer_id(struct api_turn *turn)
{
    const struct result_state *state = turn->state;
    struct api_body *body = api_cache_body(&turn->api->cache, state->id, state->form);
    if (body != NULL)
        api_answer_cached(turn, body);
    else
        ask_stored(turn, false, result_found);
}

/* Its body may be in memory; whether it was superseded meanwhile is not. Without the database it is answered all the same. */
static void successor_found(struct api_turn *turn, const Samordning__V1__Response *response)
{
    const struct result_state *state = turn->state;
    struct api_body *body = api_cache_body(&turn->api->cache, state->id, state->form);
    if (body == NULL) {
        ask_stored(turn, false, result_found);
        return;
    }
    if (response->status == SAMORDNING__V1__STATUS_CODE__STATUS_OK &&
        response->body_case == SAMORDNING__V1__RESPONSE__BODY_RESULT && response->result->n_results == 1)
        tell_successor(turn, response->result->results[0]);
    api_answer_cached(turn, body);
}

static struct result_state *state_create(struct api_turn *turn)
{
    struct result_state *state = arena_alloc(&turn->exchange->arena, sizeof *state);
    if (state == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return NULL;
    }
    *state = (struct result_state){0};
    turn->state = state;
    if (!api_format_choose(turn, &state->choice))
        return NULL;
    const char *table = api_parameter(turn, "table");
    state->table = table != NULL ? table : "";
    if (strlen(state->table) > TABLE_MAX) {
        api_problem(turn, STATUS_INVALID, "table", "there is no such table");
        return NULL;
    }
    snprintf(state->form, sizeof state->form, "%s%s:%s", state->choice.document ? "document-" : "",
             state->choice.format != NULL ? state->choice.format->name : "only", state->table);
    return state;
}

void api_result(struct web_exchange *exchange)
{
    struct api_turn *turn = api_turn_begin(exchange);
    static const char *const known[] = {"format", "table", NULL};
    struct result_state *state = turn != NULL ? state_create(turn) : NULL;
    Samordning__V1__StatusRequest nothing = SAMORDNING__V1__STATUS_REQUEST__INIT;
    if (state == NULL || !api_fill(turn, &nothing.base, known) || !api_permit(turn, SAMORDNING__V1__REQUEST__BODY_RESULT))
        return;
    size_t size = strlen(exchange->parameters[0]);
    if (size != sizeof state->id - 1) {
        api_problem(turn, STATUS_INVALID, "id", "not the id of a result, which is a UUID");
        return;
    }
    memcpy(state->id, exchange->parameters[0], size + 1);
    struct api_body *body = api_cache_body(&turn->api->cache, state->id, state->form);
    ask_stored(turn, body != NULL, body != NULL ? successor_found : result_found);
    api_body_drop(body);
}

/* ------------------------------------------------------------------------------------------------ questions */

static void question_progressed(struct api_turn *turn, const Samordning__V1__Response *response)
{
    struct result_state *state = turn->state;
    if (response->body_case != SAMORDNING__V1__RESPONSE__BODY_ANALYSIS || response->analysis->progress == NULL)
        return;
    snprintf(state->phase, sizeof state->phase, "%s", response->analysis->progress->phase);
    state->permille = response->analysis->progress->permille;
}

static void answer_job(struct api_turn *turn, const Samordning__V1__AnalysisResponse *analysis)
{
    const struct result_state *state = turn->state;
    char location[64];
    snprintf(location, sizeof location, "/v1/jobs/%llu", (unsigned long long)analysis->job);
    web_header_out(turn->exchange, "Location", location);
    web_header_out(turn->exchange, "Retry-After", "1");
    api_answer_json(turn, 202,
                    json_pack("{sI ss si ss ss}", "job", (json_int_t)analysis->job, "state", analysis->state, "permille",
                              (int)state->permille, "phase", state->phase, "location", location));
}

static void question_answered(struct api_turn *turn, const Samordning__V1__Response *response)
{
    struct result_state *state = turn->state;
    if (response->status != SAMORDNING__V1__STATUS_CODE__STATUS_OK ||
        response->body_case != SAMORDNING__V1__RESPONSE__BODY_ANALYSIS) {
        api_problem_of(turn, response);
        return;
    }
    const Samordning__V1__AnalysisResponse *analysis = response->analysis;
    if (analysis->result_id[0] == '\0') {
        answer_job(turn, analysis);
        return;
    }
    if (state->key != NULL)
        api_cache_note(&turn->api->cache, state->key, state->generation, analysis->result_id);
    struct api_body *body = api_cache_body(&turn->api->cache, analysis->result_id, state->form);
    if (body != NULL)
        api_answer_cached(turn, body);
    else
        answer_result(turn, analysis->result_id, &analysis->result, &analysis->document, analysis->media_type);
}

static void ask_question(struct api_turn *turn)
{
    struct result_state *state = turn->state;
    Samordning__V1__AnalysisRequest *request = arena_alloc(&turn->exchange->arena, sizeof *request);
    if (request == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return;
    }
    samordning__v1__analysis_request__init(request);
    request->family = (char *)(uintptr_t)state->family;
    request->spec = (char *)(uintptr_t)state->spec;
    request->language = (char *)(uintptr_t)state->language;
    request->background = true;
    turn->message.deadline_ms = state->wait_ms;
    turn->progressed = question_progressed;
    state->generation = turn->api->generation;
    api_ask(turn, SAMORDNING__V1__REQUEST__BODY_ANALYSIS, &request->base, question_answered);
}

static void question_looked(struct api_turn *turn)
{
    struct result_state *state = turn->state;
    const char *id = api_cache_find(&turn->api->cache, state->key, turn->api->generation);
    if (id == NULL) {
        ask_question(turn);
        return;
    }
    snprintf(state->id, sizeof state->id, "%s", id);
    answer_id(turn);
}

static bool read_wait(struct api_turn *turn, uint32_t *ret_wait_ms)
{
    const char *wait = api_parameter(turn, "wait");
    char *end = NULL;
    unsigned long wait_s = wait != NULL ? strtoul(wait, &end, 10) : API_WAIT_DEFAULT_S;
    if (wait != NULL && (*wait < '0' || *wait > '9' || *end != '\0' || wait_s > API_WAIT_MAX_S)) {
        api_problem(turn, STATUS_INVALID, "wait", "seconds to wait for the result, 0 to 30");
        return false;
    }
    *ret_wait_ms = wait_s > 0 ? (uint32_t)wait_s * 1000 : 1; /* 0 would be the longest */
    return true;
}

void api_family(struct web_exchange *exchange)
{
    static const char *const known[] = {"spec", "lang", "wait", "format", "table", NULL};
    struct api_turn *turn = api_turn_begin(exchange);
    struct result_state *state = turn != NULL ? state_create(turn) : NULL;
    Samordning__V1__StatusRequest nothing = SAMORDNING__V1__STATUS_REQUEST__INIT;
    if (state == NULL || !api_fill(turn, &nothing.base, known) || !read_wait(turn, &state->wait_ms) ||
        !api_permit(turn, SAMORDNING__V1__REQUEST__BODY_ANALYSIS))
        return;
    const char *spec = api_parameter(turn, "spec"), *language = api_parameter(turn, "lang");
    state->family = exchange->parameters[0];
    state->spec = spec != NULL ? spec : "";
    state->language = language != NULL ? language : "nb";
    if (strlen(state->family) > FAMILY_MAX) {
        api_problem(turn, STATUS_INVALID, "family", "there is no such family");
        return;
    }
    if (!validate_report_language(state->language)) {
        api_problem(turn, STATUS_INVALID, "lang", "must be nb, nn or en");
        return;
    }
    if (state->choice.format == NULL && strcmp(state->family, "report") != 0) {
        api_format_refuse(turn); /* before anything is computed */
        return;
    }
    /* Answers of a survey are not among what the database tells changes of. And what is in memory is for those who may read
     * every result: what others may ask for the handler judges. */
    if (strstr(state->spec, "wave") != NULL ||
        dispatch_permit(dispatch_find(SAMORDNING__V1__REQUEST__BODY_RESULT), &turn->principal) != STATUS_OK) {
        ask_question(turn);
        return;
    }
    char *key = arena_alloc(&exchange->arena, KEY_MAX);
    if (key == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return;
    }
    snprintf(key, KEY_MAX, "%s\n%s\n%s", state->family, state->language, state->spec);
    state->key = key;
    api_look(turn, question_looked);
}
