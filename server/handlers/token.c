/* SPDX-License-Identifier: GPL-3.0-or-later
 * Token: tokens of the HTTP API are made, listed and revoked; and Job: analyses that go on in the background.
 */
#include "handlers.h"
#include "log.h"
#include "message_verb.h"
#include "token_secret.h"
#include "validate.h"

#include <string.h>

#define TOKEN_TEXT_MAX     200
#define TOKEN_DAYS_DEFAULT 365
#define TOKEN_DAYS_MAX     1100

struct token_state {
    struct store_message_call call;
    Samordning__V1__TokenRequest filled; /* the request with what it left out */
    char secret[TOKEN_SECRET_SIZE];
    char hash[TOKEN_HASH_SIZE]; /* borrowed by the store until it calls back */
};

static enum status token_check(const Samordning__V1__TokenRequest *message, struct errmsg *ret_errmsg)
{
    enum status status = validate_strings(&message->base, TOKEN_TEXT_MAX, ret_errmsg);
    if (status != STATUS_OK || message->action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_LIST)
        return status;
    if (message->action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_REVOKE) {
        if (message->id > 0 && message->id <= INT32_MAX)
            return STATUS_OK;
        errmsg_set(ret_errmsg, "id", "the number of a token must be given");
        return STATUS_INVALID;
    }
    if (message->action != SAMORDNING__V1__TOKEN_ACTION__TOKEN_ADD) {
        errmsg_set(ret_errmsg, "action", "unknown action %d", (int)message->action);
        return STATUS_INVALID;
    }
    if (message->name[0] == '\0') {
        errmsg_set(ret_errmsg, "name", "must be given: what the token is for");
        return STATUS_INVALID;
    }
    if (message->days > TOKEN_DAYS_MAX) {
        errmsg_set(ret_errmsg, "days", "%u is more than %d", (unsigned)message->days, TOKEN_DAYS_MAX);
        return STATUS_INVALID;
    }
    return roles_check(message->roles, message->n_roles, ret_errmsg);
}

static void token_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct token_state *state = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__TokenResponse *answer = (Samordning__V1__TokenResponse *)(void *)state->call.response;
    if (state->filled.action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_ADD)
        answer->secret = state->secret;
    if (state->filled.action != SAMORDNING__V1__TOKEN_ACTION__TOKEN_LIST && answer->n_tokens == 1)
        log_info(request_log(request),
                 state->filled.action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_ADD ? "token made" : "token revoked",
                 LOG_UINT("token", answer->tokens[0]->id), LOG_TEXT("orgnr", answer->tokens[0]->orgnr),
                 LOG_TEXT("name", answer->tokens[0]->name));
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_TOKEN;
    response.token = answer;
    request_answer(request, &response);
}

void token_handle(struct request *request)
{
    const Samordning__V1__TokenRequest *message = request->message->token;
    struct token_state *state = arena_alloc(&request->arena, sizeof *state);
    struct errmsg errmsg = {0};
    enum status status = state == NULL ? STATUS_NO_MEMORY : token_check(message, &errmsg);
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *state = (struct token_state){.filled = *message};
    if (message->action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_ADD) {
        token_secret_make(state->secret, state->hash);
        if (message->days == 0)
            state->filled.days = TOKEN_DAYS_DEFAULT;
        if (message->orgnr[0] == '\0')
            state->filled.orgnr = request->principal.orgnr;
    }
    state->call.request = &state->filled.base;
    request->state = state;
    struct store *store = request_store(request, &state->call.call, token_stored);
    if (store != NULL)
        store_token(store, &state->call, state->hash);
}

static enum status job_check(const struct request *request, struct errmsg *ret_errmsg)
{
    if (request->message->job->id > 0 && request->message->job->id <= INT64_MAX)
        return STATUS_OK;
    errmsg_set(ret_errmsg, "id", "the number of a job must be given");
    return STATUS_INVALID;
}

void job_handle(struct request *request)
{
    static const struct message_verb verb = {
        .answer = SAMORDNING__V1__RESPONSE__BODY_JOB, .call = store_job, .check = job_check};
    message_verb_handle(request, &verb);
}
