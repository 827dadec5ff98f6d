/* SPDX-License-Identifier: GPL-3.0-or-later
 * Enrol: an operator gives an organisation its roles, and signs its certificate or maps an outside one to it.
 */
#include "handlers.h"
#include "log.h"
#include "request.h"
#include "validate.h"

#define ENROL_TEXT_MAX 1000
#define ROLES_MAX      3

struct enrol_state {
    struct store_message_call call;
    Samordning__V1__EnrolResponse answer;
    char fingerprint[65]; /* borrowed by the store until it calls back */
};

enum status roles_check(const Samordning__V1__AccessRole *roles, size_t count, struct errmsg *ret_errmsg)
{
    if (count == 0 || count > ROLES_MAX) {
        errmsg_set(ret_errmsg, "roles", "one to three roles must be given");
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < count; i++) {
        if (roles[i] < SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER ||
            roles[i] > SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR) {
            errmsg_set(ret_errmsg, "roles", "unknown role %d", (int)roles[i]);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

static enum status enrol_check(const Samordning__V1__EnrolRequest *message, struct errmsg *ret_errmsg)
{
    enum status status = validate_strings(&message->base, ENROL_TEXT_MAX, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (!validate_orgnr(message->orgnr)) {
        errmsg_set(ret_errmsg, "orgnr", "not a Norwegian organisation number: nine digits with a check digit");
        return STATUS_INVALID;
    }
    if (message->name[0] == '\0') {
        errmsg_set(ret_errmsg, "name", "must be given");
        return STATUS_INVALID;
    }
    status = roles_check(message->roles, message->n_roles, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if ((message->csr.len != 0) == (message->subject[0] != '\0')) {
        errmsg_set(ret_errmsg, "csr", "exactly one of csr and subject must be given");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static void enrol_stored(struct store_call *call)
{
    struct request *request = request_returned(call);
    struct enrol_state *state = request->state;
    const Samordning__V1__EnrolRequest *message = request->message->enrol;
    if (call->status != STATUS_OK) {
        request_fail_call(request, call);
        return;
    }
    log_info(request_log(request), "organisation enrolled", LOG_TEXT("orgnr", message->orgnr), LOG_TEXT("name", message->name));
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    response.body_case = SAMORDNING__V1__RESPONSE__BODY_ENROL;
    response.enrol = &state->answer;
    request_answer(request, &response);
}

void enrol_handle(struct request *request)
{
    const Samordning__V1__EnrolRequest *message = request->message->enrol;
    struct enrol_state *state = arena_alloc(&request->arena, sizeof *state);
    struct errmsg errmsg = {0};
    int64_t expires_us = 0;
    enum status status = state == NULL ? STATUS_NO_MEMORY : enrol_check(message, &errmsg);
    if (status == STATUS_OK) {
        *state = (struct enrol_state){.call.request = &message->base};
        samordning__v1__enrol_response__init(&state->answer);
    }
    if (status == STATUS_OK && message->csr.len != 0)
        status = request_sign(request, &message->csr, message->orgnr, message->name, &state->answer.certificate,
                              &state->answer.authority, state->fingerprint, &expires_us, &errmsg);
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        return;
    }
    request->state = state;
    struct store *store = request_store(request, &state->call.call, enrol_stored);
    if (store != NULL)
        store_enrol(store, &state->call, message->csr.len != 0 ? state->fingerprint : NULL, expires_us);
}
