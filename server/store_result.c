/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stored results: one whole, or a page of them.
 */
#include "sql_text.h"
#include "store_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESULTS_DEFAULT 50
#define RESULTS_MAX     500

enum {
    RESULT_ID,
    RESULT_FAMILY,
    RESULT_SPEC,
    RESULT_LANGUAGE,
    RESULT_WATERMARK,
    RESULT_INPUT_HASH,
    RESULT_SOFTWARE,
    RESULT_COMPUTED_AT,
    RESULT_SECONDS,
    RESULT_SEED,
    RESULT_MESSAGE,
    RESULT_DOCUMENT,
    RESULT_TYPE,
    RESULT_SUPERSEDED_BY,
    RESULT_REASON,
    RESULT_SUPERSEDES
};

static bool keep_text(struct arena *arena, const PGresult *result, int row, int column, char **ret_text)
{
    *ret_text = arena_strdup(arena, PQgetisnull(result, row, column) ? "" : PQgetvalue(result, row, column));
    return *ret_text != NULL;
}

static bool keep_bytes(struct arena *arena, const PGresult *result, int row, int column, ProtobufCBinaryData *ret_bytes)
{
    size_t size = PQgetisnull(result, row, column) ? 0 : (size_t)PQgetlength(result, row, column);
    ret_bytes->len = size;
    ret_bytes->data = size > 0 ? arena_copy(arena, PQgetvalue(result, row, column), size) : NULL;
    return size == 0 || ret_bytes->data != NULL;
}

static bool keep_row(struct arena *arena, const PGresult *result, int row, Samordning__V1__StoredResult *stored)
{
    uint64_t bits = (uint64_t)pg_get_int64(result, row, RESULT_SECONDS); /* float8 travels as its bits */
    memcpy(&stored->seconds, &bits, sizeof bits);
    stored->seed = (uint64_t)pg_get_int64(result, row, RESULT_SEED);
    return keep_text(arena, result, row, RESULT_ID, &stored->id) &&
           keep_text(arena, result, row, RESULT_FAMILY, &stored->family) &&
           keep_text(arena, result, row, RESULT_SPEC, &stored->spec) &&
           keep_text(arena, result, row, RESULT_LANGUAGE, &stored->language) &&
           keep_text(arena, result, row, RESULT_WATERMARK, &stored->watermark) &&
           keep_text(arena, result, row, RESULT_INPUT_HASH, &stored->input_hash) &&
           keep_text(arena, result, row, RESULT_SOFTWARE, &stored->software) &&
           keep_text(arena, result, row, RESULT_COMPUTED_AT, &stored->computed_at) &&
           keep_text(arena, result, row, RESULT_TYPE, &stored->media_type) &&
           keep_text(arena, result, row, RESULT_SUPERSEDED_BY, &stored->superseded_by) &&
           keep_text(arena, result, row, RESULT_REASON, &stored->superseded_reason) &&
           keep_text(arena, result, row, RESULT_SUPERSEDES, &stored->supersedes) &&
           keep_bytes(arena, result, row, RESULT_MESSAGE, &stored->result) &&
           keep_bytes(arena, result, row, RESULT_DOCUMENT, &stored->document);
}

static enum status found(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    const Samordning__V1__ResultRequest *request = (const Samordning__V1__ResultRequest *)c->request;
    Samordning__V1__ResultResponse *response = (Samordning__V1__ResultResponse *)c->response;
    size_t count = (size_t)PQntuples(result), limit = strtoul(verb->numbers[0], NULL, 10);
    if (count == 0 && request->id[0] != '\0') {
        errmsg_set(&c->call.errmsg, "id", "no result has this id");
        return STATUS_NOT_FOUND;
    }
    response->results = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->results == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__StoredResult *stored = arena_alloc(c->call.arena, sizeof *stored);
        if (stored == NULL)
            return STATUS_NO_MEMORY;
        samordning__v1__stored_result__init(stored);
        response->results[i] = stored;
        if (!keep_row(c->call.arena, result, (int)i, stored))
            return STATUS_TOO_LARGE;
    }
    response->n_results = count;
    if (request->id[0] == '\0' && count == limit)
        response->next = response->results[count - 1]->id;
    return STATUS_OK;
}

void store_result(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__result_response__descriptor))
        return;
    const Samordning__V1__ResultRequest *request = (const Samordning__V1__ResultRequest *)c->request;
    bool one = request->id[0] != '\0';
    struct verb *verb = verb_create(store, &c->call, one ? sql_server_result : sql_server_results);
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    uint32_t limit = request->limit == 0 ? RESULTS_DEFAULT : request->limit < RESULTS_MAX ? request->limit : RESULTS_MAX;
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRIu32, limit);
    verb->answer = found;
    db_request_text(&verb->request, one ? request->id : request->family);
    if (one) {
        db_request_text(&verb->request, request->format);
        db_request_text(&verb->request, request->brief ? "t" : "f");
    } else {
        db_request_text(&verb->request, request->spec);
        db_request_text(&verb->request, request->after);
        db_request_text(&verb->request, verb->numbers[0]);
    }
    verb_send(verb);
}

/* --------------------------------------------------------------------------------------------- superseding */

static enum status superseded(struct verb *verb, const PGresult *result)
{
    return STATUS_OK;
}

void store_supersede(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__supersede_response__descriptor))
        return;
    const Samordning__V1__SupersedeRequest *request = (const Samordning__V1__SupersedeRequest *)(const void *)c->request;
    struct verb *verb = verb_create(store, &c->call, "SELECT knowledge.supersede($1::text, $2::text, $3::text, $4::int4)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%d", (int)c->call.principal.organisation);
    verb->answer = superseded;
    db_request_text(&verb->request, request->id);
    db_request_text(&verb->request, request->by);
    db_request_text(&verb->request, request->reason);
    db_request_text(&verb->request, verb->numbers[0]);
    verb_send(verb);
}
