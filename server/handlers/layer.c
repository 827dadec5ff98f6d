/* SPDX-License-Identifier: GPL-3.0-or-later
 * Layers: lists the kinds of interaction; an operator adds to them.
 */
#include "handlers.h"
#include "request.h"
#include "validate.h"

#define LAYER_TEXT_MAX 200

static void layer_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct store_message_call *stored = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_LAYER;
    response.layer = (Samordning__V1__LayerResponse *)(void *)stored->response;
    request_answer(request, &response);
}

void layer_handle(struct request *request)
{
    Samordning__V1__LayerRequest *message = request->message->layer;
    struct store_message_call *call = arena_alloc(&request->arena, sizeof *call);
    struct errmsg errmsg = {0};
    enum status status = call == NULL ? STATUS_NO_MEMORY : validate_strings(&message->base, LAYER_TEXT_MAX, &errmsg);
    if (status == STATUS_OK && message->n_add != 0 &&
        !(request->principal.roles & PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR))) {
        errmsg_set(&errmsg, "add", "only an operator adds layers");
        status = STATUS_FORBIDDEN;
    }
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *call = (struct store_message_call){.request = &message->base};
    request->state = call;
    struct store *store = request_store(request, &call->call, layer_stored);
    if (store != NULL)
        store_layer(store, call);
}
