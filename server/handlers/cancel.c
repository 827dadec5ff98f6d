/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cancel: ends an analysis the same connection asked for. Its own request then fails with STATUS_CANCELLED.
 */
#include "handlers.h"
#include "request.h"

void cancel_handle(struct request *request)
{
    struct request *other = request_other(request, request->message->cancel->request);
    struct errmsg errmsg = {0};
    if (other == NULL) {
        errmsg_set(&errmsg, "request", "no request in flight has this id");
        request_fail(request, STATUS_NOT_FOUND, &errmsg, 0);
        return;
    }
    if (other->analysis == NULL) {
        errmsg_set(&errmsg, "request", "only an analysis can be cancelled");
        request_fail(request, STATUS_INVALID, &errmsg, 0);
        return;
    }
    store_analysis_cancel(request_running_store(request), other->analysis);
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    request_answer(request, &response);
}
