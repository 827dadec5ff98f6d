/* SPDX-License-Identifier: GPL-3.0-or-later
 * Withdraw: takes back the organisation's own reports; a tombstone stays.
 */
#include "handlers.h"
#include "interaction_id.h"
#include "request.h"
#include "validate.h"

#include <string.h>

#define WITHDRAW_REASON_MAX 1000

static void withdraw_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct store_withdrawal *withdrawal = request->state;
    Samordning__V1__SubmitResponse answer = SAMORDNING__V1__SUBMIT_RESPONSE__INIT;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    answer.receipts = arena_alloc(&request->arena, withdrawal->count * sizeof(void *) + 1);
    if (answer.receipts == NULL) {
        request_fail(request, STATUS_NO_MEMORY, NULL, 0);
        return;
    }
    answer.n_receipts = withdrawal->count;
    for (size_t i = 0; i < withdrawal->count; i++)
        answer.receipts[i] = &withdrawal->receipts[i];
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_WITHDRAW;
    response.withdraw = &answer;
    request_answer(request, &response);
}

void withdraw_handle(struct request *request)
{
    const Samordning__V1__WithdrawRequest *message = request->message->withdraw;
    struct arena *arena = &request->arena;
    struct errmsg errmsg = {0};
    size_t reason_size = strlen(message->reason);
    enum status status = STATUS_OK;
    if (message->n_ids > request_config(request)->max_batch) {
        errmsg_set(&errmsg, "ids", "%zu ids in one request, at most %u are taken", message->n_ids,
                   (unsigned)request_config(request)->max_batch);
        status = STATUS_TOO_LARGE;
    } else if (reason_size > WITHDRAW_REASON_MAX || validate_utf8_prefix(message->reason, reason_size) != reason_size) {
        errmsg_set(&errmsg, "reason", "longer than %d bytes, or not UTF-8", WITHDRAW_REASON_MAX);
        status = STATUS_INVALID;
    }
    struct store_withdrawal *withdrawal = NULL;
    if (status == STATUS_OK) {
        withdrawal = arena_alloc(arena, sizeof *withdrawal);
        status = withdrawal == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    }
    if (status == STATUS_OK) {
        *withdrawal = (struct store_withdrawal){.count = message->n_ids, .reason = message->reason};
        withdrawal->ids = arena_alloc(arena, message->n_ids * sizeof *withdrawal->ids + 1);
        withdrawal->receipts = arena_alloc(arena, message->n_ids * sizeof *withdrawal->receipts + 1);
        status = withdrawal->ids == NULL || withdrawal->receipts == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    }
    for (size_t i = 0; status == STATUS_OK && i < message->n_ids; i++) {
        if (message->ids[i].len != INTERACTION_ID_SIZE) {
            errmsg_set(&errmsg, "ids", "ids[%zu] has %zu bytes, an id has 16", i, message->ids[i].len);
            status = STATUS_INVALID;
            break;
        }
        memcpy(withdrawal->ids[i], message->ids[i].data, INTERACTION_ID_SIZE);
        samordning__v1__receipt__init(&withdrawal->receipts[i]);
        withdrawal->receipts[i].id = (ProtobufCBinaryData){.data = withdrawal->ids[i], .len = INTERACTION_ID_SIZE};
    }
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    request->state = withdrawal;
    struct store *store = request_store(request, &withdrawal->call, withdraw_stored);
    if (store != NULL)
        store_withdraw(store, withdrawal);
}
