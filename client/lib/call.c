/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request, one response, with progress in between. */
#include "handle.h"

#include "frame.h"

#include <stdlib.h>

struct call {
    struct exchange exchange; /* first: the callbacks get it */
    const Samordning__V1__Response *response;
    samordning_progress_cb progress;
    void *arg;
};

static void call_answered(struct exchange *exchange, const Samordning__V1__Response *response)
{
    ((struct call *)exchange)->response = response;
}

static void call_progressed(struct exchange *exchange, const Samordning__V1__Response *response)
{
    const struct call *call = (const struct call *)exchange;
    if (call->progress == NULL || response->body_case != SAMORDNING__V1__RESPONSE__BODY_ANALYSIS ||
        response->analysis->progress == NULL)
        return;
    call->progress(call->arg, response->analysis->progress->phase, response->analysis->progress->permille);
}

static int finish(struct samordning *s, const Samordning__V1__Response *response,
                  const struct Samordning__V1__Response **ret_response)
{
    enum status status = (enum status)response->status;
    if (status != STATUS_OK)
        errmsg_set(&s->last_error, response->field, "%s%s%s", response->field, response->field[0] != '\0' ? ": " : "",
                   response->message[0] != '\0' ? response->message : status_text(status));
    if (ret_response != NULL)
        *ret_response = response;
    return (int)status;
}

int samordning_call(struct samordning *s, struct Samordning__V1__Request *request, samordning_progress_cb progress, void *arg,
                    const struct Samordning__V1__Response **ret_response)
{
    errmsg_clear(&s->last_error);
    link_start_over(&s->link);
    struct call call = {
        .exchange = {.answered = call_answered, .progressed = call_progressed}, .progress = progress, .arg = arg};
    request->id = link_next_id(&s->link);
    /* An analysis takes what it takes: the daemon limits it, and a dead connection is noticed by its keep-alive. */
    const bool is_long = request->body_case == SAMORDNING__V1__REQUEST__BODY_ANALYSIS;
    if (request->deadline_ms == 0 && !is_long)
        request->deadline_ms = s->settings.timeout_ms;
    uint8_t *frame = NULL;
    size_t size = 0;
    enum status status = frame_pack(&request->base, &frame, &size);
    if (status != STATUS_OK) {
        errmsg_set(&s->last_error, "", "%s", status_text(status));
        return status == STATUS_NO_MEMORY ? SAMORDNING_E_MEMORY : SAMORDNING_E_ARGUMENT;
    }
    free(s->call_frame);
    s->call_frame = frame;
    call.exchange.id = request->id;
    call.exchange.data = frame;
    call.exchange.size = size;
    call.exchange.timeout_ms = is_long ? 0 : s->settings.timeout_ms;
    link_add(&s->link, &call.exchange);
    int result = SAMORDNING_OK;
    while (result == SAMORDNING_OK && call.response == NULL)
        result = link_step(&s->link, INT64_MAX, &s->last_error);
    if (call.response == NULL) {
        link_remove(&s->link, &call.exchange);
        return result;
    }
    /* If the connection failed right behind the answer, the next verb will see. */
    return finish(s, call.response, ret_response);
}
