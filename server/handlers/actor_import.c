/* SPDX-License-Identifier: GPL-3.0-or-later
 * Actors import: takes a register of actors; one receipt a record.
 */
#include "handlers.h"
#include "request.h"
#include "validate.h"

#define ACTOR_IMPORT_TEXT_MAX 1000

static void actor_import_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct store_message_call *stored = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_ACTOR_IMPORT;
    response.actor_import = (Samordning__V1__ActorImportResponse *)(void *)stored->response;
    request_answer(request, &response);
}

void actor_import_handle(struct request *request)
{
    Samordning__V1__ActorImportRequest *message = request->message->actor_import;
    struct store_message_call *call = arena_alloc(&request->arena, sizeof *call);
    struct errmsg errmsg = {0};
    enum status status = call == NULL ? STATUS_NO_MEMORY : validate_strings(&message->base, ACTOR_IMPORT_TEXT_MAX, &errmsg);
    if (status == STATUS_OK && message->n_actors > request_config(request)->max_batch) {
        errmsg_set(&errmsg, "actors", "%zu records in one request, at most %u are taken", message->n_actors,
                   (unsigned)request_config(request)->max_batch);
        status = STATUS_TOO_LARGE;
    }
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    *call = (struct store_message_call){.request = &message->base};
    request->state = call;
    struct store *store = request_store(request, &call->call, actor_import_stored);
    if (store != NULL)
        store_actor_import(store, call);
}
