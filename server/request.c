/* SPDX-License-Identifier: GPL-3.0-or-later
 * A request's life, and the services handlers get through it.
 */
#include "request.h"

#include "authority.h"
#include "clock.h"
#include "conn.h"
#include "dispatch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct request *request_create(struct dispatch *dispatch, struct conn *conn, struct request_asker *asker, size_t frame_bytes)
{
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return NULL;
    arena_init(&request->arena, REQUEST_ARENA_BASE + REQUEST_ARENA_FACTOR * frame_bytes);
    request->dispatch = dispatch;
    request->conn = conn;
    request->frame_bytes = frame_bytes;
    request->started_us = clock_monotonic_us();
    request->asker = asker;
    if (conn != NULL) {
        TAILQ_INSERT_TAIL(&conn->requests, request, in_conn);
        conn->in_flight++;
    }
    if (asker != NULL)
        asker->request = request;
    TAILQ_INSERT_TAIL(&dispatch->requests, request, in_dispatch);
    dispatch->in_flight++;
    return request;
}

void request_destroy(struct request *request)
{
    if (request == NULL)
        return;
    struct dispatch *dispatch = request->dispatch;
    assert(request->conn == NULL && !request->is_in_store);
    TAILQ_REMOVE(&dispatch->requests, request, in_dispatch);
    dispatch->in_flight--;
    admission_return(&dispatch->working, request->charged_bytes);
    arena_release(&request->arena);
    free(request);
    if (dispatch->in_flight == 0 && dispatch->is_stopping && dispatch->idle != NULL)
        dispatch->idle(dispatch->idle_arg);
}

void request_charge(struct request *request)
{
    if (request->arena.used > request->charged_bytes)
        admission_add(&request->dispatch->working, request->arena.used - request->charged_bytes);
    request->charged_bytes = request->arena.used;
}

void request_orphan(struct request *request)
{
    request->conn = NULL;
    /* What was taken in is finished; numbers that nobody waits for are not. */
    request_leave(request);
}

void request_leave(struct request *request)
{
    if (request->is_in_store && request->analysis != NULL)
        store_analysis_cancel(request->dispatch->store, request->analysis);
}

const struct config *request_config(const struct request *request)
{
    return request->dispatch->config;
}

struct metrics *request_metrics(const struct request *request)
{
    return request->dispatch->metrics;
}

const struct log_context *request_log(const struct request *request)
{
    return request->conn != NULL ? &request->conn->log : NULL;
}

int64_t request_wall_us(const struct request *request)
{
    return clock_wall_us();
}

struct store *request_store(struct request *request, struct store_call *call, void (*stored)(struct store_call *call))
{
    struct store *store = request->dispatch->store;
    if (store == NULL) {
        request_fail(request, STATUS_UNAVAILABLE, NULL, 0);
        return NULL;
    }
    call->arena = &request->arena;
    call->principal = request->principal;
    call->deadline_us = request->deadline_us;
    call->done = stored;
    call->owner = request;
    request->is_in_store = true;
    return store;
}

struct store *request_running_store(const struct request *request)
{
    return request->dispatch->store;
}

struct request *request_returned(struct store_call *call)
{
    struct request *request = call->owner;
    assert(request->is_in_store);
    request->is_in_store = false;
    request_charge(request);
    request->analysis = NULL;
    return request;
}

/* Sends the last answer if somebody waits for it, and frees the request unless the store still has it. */
static void request_end(struct request *request, const Samordning__V1__Response *response, const struct errmsg *errmsg)
{
    if (!request->is_answered) {
        request->is_answered = true;
        dispatch_answered(request->dispatch, request, (enum status)response->status, errmsg);
        if (request->conn != NULL)
            conn_send(request->conn, &response->base);
        if (request->conn != NULL) {
            struct conn *conn = request->conn;
            request->conn = NULL;
            conn_request_done(conn, request);
        }
        if (request->asker != NULL) {
            struct request_asker *asker = request->asker;
            request->asker = NULL;
            asker->request = NULL;
            asker->answered(asker, response);
        }
    }
    if (!request->is_in_store)
        request_destroy(request);
}

void request_answer(struct request *request, Samordning__V1__Response *response)
{
    response->id = request->id;
    response->status = SAMORDNING__V1__STATUS_CODE__STATUS_OK;
    request_end(request, response, NULL);
}

static void request_fail_with(struct request *request, enum status status, const struct errmsg *errmsg, uint32_t retry_after_ms,
                              Samordning__V1__Response *response)
{
    struct errmsg words = {0};
    if (errmsg != NULL)
        words = *errmsg;
    if (words.text[0] == '\0')
        errmsg_set(&words, words.field, "%s", status_text(status));
    response->id = request->id;
    response->status = (Samordning__V1__StatusCode)status;
    response->message = words.text;
    response->field = words.field;
    if (status_is_retryable(status))
        response->retry_after_ms = retry_after_ms != 0 ? retry_after_ms : 1000;
    if (status == STATUS_BUSY && request->conn != NULL)
        conn_store_busy(request->conn, response->retry_after_ms);
    request_end(request, response, &words);
    response->message = response->field = (char *)(uintptr_t)protobuf_c_empty_string; /* the words end here */
}

void request_fail(struct request *request, enum status status, const struct errmsg *errmsg, uint32_t retry_after_ms)
{
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    request_fail_with(request, status, errmsg, retry_after_ms, &response);
}

void request_fail_call(struct request *request, const struct store_call *call)
{
    request_fail(request, call->status, &call->errmsg, call->retry_after_ms);
}

void request_fail_call_with(struct request *request, const struct store_call *call, Samordning__V1__Response *response)
{
    request_fail_with(request, call->status, &call->errmsg, call->retry_after_ms, response);
}

void request_progress(struct request *request, Samordning__V1__Response *response)
{
    if (request->is_answered || (request->conn == NULL && request->asker == NULL))
        return;
    response->id = request->id;
    response->more = true;
    if (request->conn != NULL)
        conn_send(request->conn, &response->base);
    else
        request->asker->answered(request->asker, response);
}

void request_greeted(struct request *request, const char *software)
{
    if (request->conn != NULL)
        conn_greeted(request->conn, software);
}

struct request *request_other(const struct request *request, uint64_t id)
{
    struct request *other;
    if (request->conn == NULL)
        return NULL;
    TAILQ_FOREACH(other, &request->conn->requests, in_conn)
    if (other->id == id && other != request)
        return other;
    return NULL;
}

enum status request_sign(struct request *request, const ProtobufCBinaryData *csr, const char *orgnr, const char *name,
                         ProtobufCBinaryData *ret_certificate, ProtobufCBinaryData *ret_authority, char ret_fingerprint[65],
                         int64_t *ret_expires_us, struct errmsg *ret_errmsg)
{
    const struct authority *authority = *request->dispatch->authority;
    struct authority_issue issue;
    if (authority == NULL || !authority_can_sign(authority)) {
        errmsg_set(ret_errmsg, "csr", "this daemon has no key of its certificate authority; enrol where the key is");
        return STATUS_UNAVAILABLE;
    }
    enum status status = authority_sign_request(authority, csr->data, csr->len, orgnr, name,
                                                request->dispatch->config->client_certificate_days, &issue, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    const char *authority_text = authority_pem(authority);
    uint8_t *certificate = arena_copy(&request->arena, issue.pem, strlen(issue.pem));
    uint8_t *chain = arena_copy(&request->arena, authority_text, strlen(authority_text));
    if (certificate == NULL || chain == NULL) {
        authority_issue_release(&issue);
        return STATUS_NO_MEMORY;
    }
    *ret_certificate = (ProtobufCBinaryData){.data = certificate, .len = strlen(issue.pem)};
    *ret_authority = (ProtobufCBinaryData){.data = chain, .len = strlen(authority_text)};
    memcpy(ret_fingerprint, issue.fingerprint, sizeof issue.fingerprint);
    *ret_expires_us = issue.expires_us;
    authority_issue_release(&issue);
    metrics_add(request->dispatch->metrics, METRIC_CERTIFICATES_ISSUED, 1);
    return STATUS_OK;
}
