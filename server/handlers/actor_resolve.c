/* SPDX-License-Identifier: GPL-3.0-or-later
 * Actors resolve: says which actor names mean, or makes actors of them.
 */
#include "handlers.h"
#include "request.h"
#include "validate.h"

#define ACTOR_RESOLVE_TEXT_MAX 300

static void actor_resolve_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct store_message_call *stored = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_ACTOR_RESOLVE;
    response.actor_resolve = (Samordning__V1__ActorResolveResponse *)(void *)stored->response;
    request_answer(request, &response);
}

void actor_resolve_handle(struct request *request)
{
    Samordning__V1__ActorResolveRequest *message = request->message->actor_resolve;
    struct store_message_call *call = arena_alloc(&request->arena, sizeof *call);
    struct errmsg errmsg = {0};
    enum status status = call == NULL ? STATUS_NO_MEMORY : validate_strings(&message->base, ACTOR_RESOLVE_TEXT_MAX, &errmsg);
    if (status == STATUS_OK && (message->actor[0] != 0) == (message->create_kind[0] != 0)) {
        errmsg_set(&errmsg, "actor", "exactly one of actor and create_kind must be given");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && message->n_labels == 0 && message->create_kind[0] == 0) {
        errmsg_set(&errmsg, "labels", "empty: every name that waits can only be resolved with create_kind");
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *call = (struct store_message_call){.request = &message->base};
    request->state = call;
    struct store *store = request_store(request, &call->call, actor_resolve_stored);
    if (store != NULL)
        store_actor_resolve(store, call);
}
