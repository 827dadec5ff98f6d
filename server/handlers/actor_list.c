/* SPDX-License-Identifier: GPL-3.0-or-later
 * Actors list: a page of the register on a day, or of the names that wait for an actor.
 */
#include "handlers.h"
#include "request.h"
#include "validate.h"

#define ACTOR_LIST_TEXT_MAX 300

static void actor_list_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct store_message_call *stored = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_ACTOR_LIST;
    response.actor_list = (Samordning__V1__ActorListResponse *)(void *)stored->response;
    request_answer(request, &response);
}

void actor_list_handle(struct request *request)
{
    Samordning__V1__ActorListRequest *message = request->message->actor_list;
    struct store_message_call *call = arena_alloc(&request->arena, sizeof *call);
    struct errmsg errmsg = {0};
    enum status status = call == NULL ? STATUS_NO_MEMORY : validate_strings(&message->base, ACTOR_LIST_TEXT_MAX, &errmsg);
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *call = (struct store_message_call){.request = &message->base};
    request->state = call;
    struct store *store = request_store(request, &call->call, actor_list_stored);
    if (store != NULL)
        store_actor_list(store, call);
}
