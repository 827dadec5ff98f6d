/* SPDX-License-Identifier: GPL-3.0-or-later
 * Decodes frames, decides who may do what, and counts.
 */
#include "dispatch.h"

#include "clock.h"
#include "conn.h"
#include "frame.h"
#include "log.h"

#include <string.h>

enum status dispatch_init(struct dispatch *dispatch, struct event_base *base, const struct config *config,
                          struct metrics *metrics)
{
    *dispatch = (struct dispatch){.config = config, .metrics = metrics};
    TAILQ_INIT(&dispatch->requests);
    enum status status = admission_init(&dispatch->working, base, config->max_request_bytes / 2);
    if (status == STATUS_OK)
        status = admission_init(&dispatch->reading, base, config->max_request_bytes / 2);
    for (size_t i = 0; i < dispatch_row_count && i < METRIC_MESSAGES_MAX; i++)
        metrics->message_names[i] = dispatch_rows[i].name;
    return status;
}

void dispatch_release(struct dispatch *dispatch)
{
    admission_release(&dispatch->working);
    admission_release(&dispatch->reading);
}

void dispatch_configured(struct dispatch *dispatch)
{
    dispatch->working.limit = dispatch->reading.limit = dispatch->config->max_request_bytes / 2;
}

/* The id of a request too large to decode, so that its sender learns which one: field 1 comes first with every encoder. */
static uint64_t frame_request_id(const uint8_t *body, size_t size)
{
    uint64_t id = 0;
    if (size == 0 || body[0] != 0x08)
        return 0;
    for (size_t i = 1; i < size && i <= 10; i++) {
        id |= (uint64_t)(body[i] & 0x7f) << (7 * (i - 1));
        if (!(body[i] & 0x80))
            return id;
    }
    return 0;
}

/* Looks up who the connection speaks for, at most once a second. */
static enum status dispatch_identify(struct dispatch *dispatch, struct conn *conn, int64_t now_us)
{
    if (conn->principal_at_us != 0 && now_us - conn->principal_at_us < DISPATCH_PRINCIPAL_US)
        return STATUS_OK;
    if (dispatch->store == NULL)
        return STATUS_UNAVAILABLE;
    struct principal principal = {0};
    enum status status = store_principal(dispatch->store, conn->identity->orgnr, conn->identity->subject,
                                         conn->identity->fingerprint, &principal);
    if (status != STATUS_OK)
        return status;
    conn->principal = principal;
    conn->principal_at_us = now_us;
    return STATUS_OK;
}

static bool dispatch_find_row(struct request *request)
{
    struct errmsg errmsg = {0};
    request->row = dispatch_find(request->message->body_case);
    if (request->row == NULL) {
        errmsg_set(&errmsg, "body", "no message this daemon knows");
        request_fail(request, STATUS_MALFORMED, &errmsg, 0);
        return false;
    }
    request->arena.budget += request->row->answer_bytes;
    return true;
}

/* Everything that is the same for all messages, whoever asks. False: the request was answered. */
static bool dispatch_admit(struct dispatch *dispatch, struct request *request, size_t size)
{
    struct errmsg errmsg = {0};
    if (dispatch->is_stopping) {
        errmsg_set(&errmsg, "", "the daemon is stopping, try again later");
        request_fail(request, STATUS_UNAVAILABLE, &errmsg, 0);
        return false;
    }
    if (request->row->max_bytes != 0 && size > request->row->max_bytes) {
        errmsg_set(&errmsg, request->row->name, "larger than %zu bytes", request->row->max_bytes);
        request_fail(request, STATUS_TOO_LARGE, &errmsg, 0);
        return false;
    }
    return true;
}

static bool dispatch_allow(struct dispatch *dispatch, struct request *request)
{
    struct errmsg errmsg = {0};
    enum status status = dispatch_permit(request->row, &request->principal);
    if (status != STATUS_OK) {
        errmsg_set(&errmsg, "", "the role of organisation %s does not allow %s", request->principal.orgnr, request->row->name);
        request_fail(request, status, &errmsg, 0);
        return false;
    }
    uint64_t longest_ms = request->row->is_long ? dispatch->config->analysis_timeout_ms : dispatch->config->request_timeout_ms;
    uint64_t deadline_ms = request->message->deadline_ms;
    if (deadline_ms == 0 || deadline_ms > longest_ms)
        deadline_ms = longest_ms;
    request->deadline_us = request->started_us + (int64_t)deadline_ms * 1000;
    return true;
}

/* The same and what is so of connections only. False: the request was answered. */
static bool dispatch_check(struct dispatch *dispatch, struct conn *conn, struct request *request, size_t size)
{
    struct errmsg errmsg = {0};
    if (!dispatch_find_row(request))
        return false;
    bool is_new = request->id > conn->highest_id;
    if (is_new)
        conn->highest_id = request->id;
    if (!is_new && request_other(request, request->id) != NULL) {
        errmsg_set(&errmsg, "id", "a request with this id is still in flight");
        request_fail(request, STATUS_INVALID, &errmsg, 0);
        return false;
    }
    if (conn->state == CONN_GREETING && !request->row->before_hello) {
        errmsg_set(&errmsg, "body", "the first message must be hello");
        request_fail(request, STATUS_UNAUTHENTICATED, &errmsg, 0);
        conn_finish(conn);
        return false;
    }
    if (!dispatch_admit(dispatch, request, size))
        return false;
    enum status status = dispatch_identify(dispatch, conn, request->started_us);
    if (status == STATUS_OK && conn->principal.organisation == 0)
        status = STATUS_UNAUTHENTICATED;
    if (status == STATUS_UNAUTHENTICATED)
        errmsg_set(&errmsg, "", "the certificate (organisation %s) is not enrolled here, or was revoked",
                   conn->identity->orgnr[0] != '\0' ? conn->identity->orgnr : "unknown");
    if (status != STATUS_OK) {
        request_fail(request, status, &errmsg, 0);
        if (status == STATUS_UNAUTHENTICATED)
            conn_finish(conn);
        return false;
    }
    request->principal = conn->principal;
    return dispatch_allow(dispatch, request);
}

void dispatch_ask(struct dispatch *dispatch, const struct principal *principal, Samordning__V1__Request *message,
                  struct request_asker *asker)
{
    size_t size = protobuf_c_message_get_packed_size(&message->base);
    struct request *request = request_create(dispatch, NULL, asker, size);
    if (request == NULL) {
        Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
        response.status = SAMORDNING__V1__STATUS_CODE__STATUS_NO_MEMORY;
        response.message = (char *)(uintptr_t)status_text(STATUS_NO_MEMORY);
        asker->answered(asker, &response);
        return;
    }
    request->message = message;
    request->principal = *principal;
    if (dispatch_find_row(request) && dispatch_admit(dispatch, request, size) && dispatch_allow(dispatch, request))
        request->row->handle(request);
}

void dispatch_frame(struct dispatch *dispatch, struct conn *conn, const uint8_t *body, size_t size)
{
    enum status status = STATUS_NO_MEMORY;
    struct request *request = request_create(dispatch, conn, NULL, size);
    if (request == NULL) {
        conn_refuse(conn, STATUS_NO_MEMORY, "", status_text(STATUS_NO_MEMORY));
        return;
    }
    metrics_set(dispatch->metrics, METRIC_REQUESTS_IN_FLIGHT, (int64_t)dispatch->in_flight);
    request->message = (Samordning__V1__Request *)(void *)frame_unpack(&samordning__v1__request__descriptor, body, size,
                                                                       &request->arena, &status);
    /* From what was expected to what it is; handlers add little to that. */
    request_charge(request);
    if (request->message == NULL) {
        struct errmsg errmsg = {0};
        request->id = frame_request_id(body, size);
        if (status == STATUS_MALFORMED) {
            errmsg_set(&errmsg, "", "not a request");
            request_fail(request, STATUS_MALFORMED, &errmsg, 0);
            conn_finish(conn); /* what follows is hardly better */
        } else {
            errmsg_set(&errmsg, "", "decoded, the request is larger than %zu bytes: send smaller batches",
                       request->arena.budget);
            request_fail(request, STATUS_TOO_LARGE, &errmsg, 0);
        }
        return;
    }
    request->id = request->message->id;
    if (dispatch_check(dispatch, conn, request, size))
        request->row->handle(request);
}

void dispatch_answered(struct dispatch *dispatch, struct request *request, enum status status, const struct errmsg *errmsg)
{
    int64_t now_us = clock_monotonic_us(), duration_us = now_us - request->started_us;
    const char *name = request->row != NULL ? request->row->name : "unknown";
    const char *trace = request->message != NULL && request->message->trace[0] != '\0' ? request->message->trace : NULL;
    if (request->row != NULL)
        metrics_request_done(dispatch->metrics, (size_t)(request->row - dispatch_rows), status, duration_us);
    if (status == STATUS_OK) {
        log_debug(request_log(request), "answered", LOG_TEXT("message", name), LOG_UINT("id", request->id),
                  LOG_INT("us", duration_us), LOG_TEXT("trace", trace));
        return;
    }
    if (!log_limit_allows(&dispatch->log_limit, now_us, "failed requests"))
        return;
    enum log_level level = status == STATUS_INTERNAL                                        ? LOG_LEVEL_ERROR
                           : status == STATUS_UNAUTHENTICATED || status == STATUS_FORBIDDEN ? LOG_LEVEL_WARNING
                                                                                            : LOG_LEVEL_INFO;
    log_write(request_log(request), level, "request failed",
              LOG_FIELDS_(LOG_TEXT("message", name), LOG_UINT("id", request->id), LOG_STATUS(status),
                          LOG_TEXT("field", errmsg != NULL && errmsg->field[0] != '\0' ? errmsg->field : NULL),
                          LOG_TEXT("reason", errmsg != NULL ? errmsg->text : NULL), LOG_INT("us", duration_us),
                          LOG_TEXT("trace", trace)));
}

void dispatch_sweep(struct dispatch *dispatch, int64_t now_us)
{
    struct request *request, *next;
    for (request = TAILQ_FIRST(&dispatch->requests); request != NULL; request = next) {
        next = TAILQ_NEXT(request, in_dispatch);
        if (!request->is_answered && request->is_in_store && now_us > request->deadline_us + DISPATCH_GRACE_US)
            request_fail(request, STATUS_TIMEOUT, NULL, 0);
    }
    metrics_set(dispatch->metrics, METRIC_REQUESTS_IN_FLIGHT, (int64_t)dispatch->in_flight);
    metrics_set(dispatch->metrics, METRIC_REQUEST_BYTES, (int64_t)(dispatch->working.used + dispatch->reading.used));
}
