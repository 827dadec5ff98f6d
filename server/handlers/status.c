/* SPDX-License-Identifier: GPL-3.0-or-later
 * Status: counts of what is stored and of what waits, with the daemon's own version and uptime.
 */
#include "handlers.h"
#include "request.h"

static void status_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct store_message_call *stored = request->state;
    const struct metrics *metrics = request_metrics(request);
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__StatusResponse *counts = (Samordning__V1__StatusResponse *)(void *)stored->response;
    char *software = arena_strdup(&request->arena, SAMORDNING_SOFTWARE);
    if (software != NULL)
        counts->software = software;
    counts->uptime_s = (uint64_t)(request_wall_us(request) / 1000000 - metrics->values[METRIC_STARTED]);
    counts->workers = (uint64_t)metrics->values[METRIC_WORKERS_RUNNING];
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_SERVER;
    response.server = counts;
    request_answer(request, &response);
}

void status_handle(struct request *request)
{
    struct store_message_call *call = arena_alloc(&request->arena, sizeof *call);
    if (call == NULL) {
        request_fail(request, STATUS_NO_MEMORY, NULL, 0);
        return;
    }
    *call = (struct store_message_call){.request = &request->message->status->base};
    request->state = call;
    struct store *store = request_store(request, &call->call, status_stored);
    if (store != NULL)
        store_status(store, call);
}
