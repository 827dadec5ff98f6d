/* SPDX-License-Identifier: GPL-3.0-or-later
 * Submit: checks each interaction by itself, hands what passed to the store and answers one receipt an interaction.
 *
 * A bad interaction never fails its neighbours. One that comes twice in a batch is handed over once. Graded material is
 * reduced to its grade before the store sees it.
 */
#include "civil_time.h"
#include "handlers.h"
#include "interaction_id.h"
#include "log.h"
#include "request.h"
#include "submit_batch.h"
#include "validate.h"

#include <string.h>

#define SUBMIT_FILE_MAX 300

static enum status submit_check_delivery(const Samordning__V1__Delivery *delivery, struct errmsg *ret_errmsg)
{
    int32_t from, to;
    if (civil_day_parse(delivery->from, &from) != STATUS_OK) {
        errmsg_set(ret_errmsg, "delivery.from", "not a date like 2026-01-31");
        return STATUS_INVALID;
    }
    if (civil_day_parse(delivery->to, &to) != STATUS_OK) {
        errmsg_set(ret_errmsg, "delivery.to", "not a date like 2026-01-31");
        return STATUS_INVALID;
    }
    if (to <= from) {
        errmsg_set(ret_errmsg, "delivery.to", "not after delivery.from");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status submit_check(const struct request *request, const Samordning__V1__SubmitRequest *submit,
                                struct errmsg *ret_errmsg)
{
    size_t file_size = strlen(submit->file);
    if (submit->n_interactions > request_config(request)->max_batch) {
        errmsg_set(ret_errmsg, "interactions", "%zu interactions in one batch, at most %u are taken", submit->n_interactions,
                   (unsigned)request_config(request)->max_batch);
        return STATUS_TOO_LARGE;
    }
    if (submit->intent != SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_NEW &&
        submit->intent != SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION) {
        errmsg_set(ret_errmsg, "intent", "unknown intent %d", (int)submit->intent);
        return STATUS_INVALID;
    }
    if (file_size > SUBMIT_FILE_MAX || validate_utf8_prefix(submit->file, file_size) != file_size) {
        errmsg_set(ret_errmsg, "file", "longer than %d bytes, or not UTF-8", SUBMIT_FILE_MAX);
        return STATUS_INVALID;
    }
    return submit->delivery != NULL ? submit_check_delivery(submit->delivery, ret_errmsg) : STATUS_OK;
}

static void submit_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct submit_batch *batch = request->state;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    Samordning__V1__SubmitResponse answer = SAMORDNING__V1__SUBMIT_RESPONSE__INIT;
    submit_batch_finish(batch, request_metrics(request));
    answer.n_receipts = batch->count;
    answer.receipts = batch->in_order;
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_SUBMIT;
    response.submit = &answer;
    request_answer(request, &response);
}

void submit_handle(struct request *request)
{
    const Samordning__V1__SubmitRequest *submit = request->message->submit;
    struct errmsg errmsg = {0};
    enum status status = submit_check(request, submit, &errmsg);
    struct submit_batch *batch = NULL;
    if (status == STATUS_OK)
        status = submit_batch_create(request, submit, &batch);
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    request->state = batch;
    struct store *store = request_store(request, &batch->submission.call, submit_stored);
    if (store == NULL)
        return;
    submit_batch_check(batch, store, request);
    store_submit(store, &batch->submission);
}
