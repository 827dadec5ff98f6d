/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the message to the verb and from the verb's answer to the client.
 */
#include "message_verb.h"

#include "validate.h"

struct message_verb_state {
    struct store_message_call stored; /* first: what the store calls back with */
    const struct message_verb *verb;
};

static void message_verb_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct message_verb_state *state = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    if (state->verb->complete != NULL)
        state->verb->complete(request, state->stored.response);
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = state->verb->answer;
    response.hello =
        (Samordning__V1__HelloResponse *)(void *)state->stored.response; /* every body is the same union of pointers */
    request_answer(request, &response);
}

void message_verb_handle(struct request *request, const struct message_verb *verb)
{
    const ProtobufCMessage *message = (const ProtobufCMessage *)(const void *)request->message->hello; /* likewise */
    struct message_verb_state *state = arena_alloc(&request->arena, sizeof *state);
    struct errmsg errmsg = {0};
    enum status status = state == NULL ? STATUS_NO_MEMORY : validate_strings(message, verb->text_max, &errmsg);
    if (status == STATUS_OK && verb->check != NULL)
        status = verb->check(request, &errmsg);
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *state = (struct message_verb_state){.stored = {.request = message}, .verb = verb};
    request->state = state;
    struct store *store = request_store(request, &state->stored.call, message_verb_stored);
    if (store != NULL)
        verb->call(store, &state->stored);
}
