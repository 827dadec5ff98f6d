/* SPDX-License-Identifier: GPL-3.0-or-later
 * Withdrawals, layers, enrolment.
 */
#include "access.h"
#include "store_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* -------------------------------------------------------------------------------------------- withdrawal */

static enum status withdrawn(struct verb *verb, const PGresult *result)
{
    struct store_withdrawal *w = (struct store_withdrawal *)verb->call;
    if ((size_t)PQntuples(result) != w->count)
        return STATUS_INTERNAL;
    for (size_t i = 0; i < w->count; i++) {
        Samordning__V1__Receipt *receipt = &w->receipts[i];
        receipt->state = (Samordning__V1__ReceiptState)pg_get_int32(result, (int)i, 1);
        receipt->status = (Samordning__V1__StatusCode)pg_get_int32(result, (int)i, 2);
        if (receipt->status != 0) {
            receipt->field = (char *)(uintptr_t) "id";
            receipt->reason =
                (char *)(uintptr_t)(receipt->status == (int)STATUS_NOT_FOUND ? "no interaction has this id"
                                                                             : "another organisation reported it");
        }
        if (receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITHDRAWN)
            metrics_add(verb->store->metrics, METRIC_INTERACTIONS_WITHDRAWN, 1);
    }
    verb->store->writes++;
    return STATUS_OK;
}

void store_withdraw(struct store *store, struct store_withdrawal *w)
{
    struct verb *verb = verb_create(store, &w->call, "SELECT n, state, status FROM report.withdraw($1::int4, $2, $3::text)");
    if (verb == NULL) {
        store_answer_later(store, &w->call, STATUS_NO_MEMORY);
        return;
    }
    pg_array_begin(&verb->buffers[0], PG_UUID_OID, w->count, false);
    for (size_t i = 0; i < w->count; i++)
        pg_array_bytes(&verb->buffers[0], w->ids[i], 16);
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%d", (int)w->call.principal.organisation);
    verb->answer = withdrawn;
    db_request_text(&verb->request, verb->numbers[0]);
    verb_buffer(verb, 0, PG_UUIDARRAY_OID);
    db_request_text(&verb->request, w->reason != NULL ? w->reason : "");
    verb_send(verb);
}

/* ------------------------------------------------------------------------------------------------ layers */

enum { LAYER_NAME, LAYER_NB, LAYER_NN, LAYER_EN, LAYER_KIND, LAYER_CODE };

static enum status layered(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__LayerResponse *response = (Samordning__V1__LayerResponse *)c->response;
    size_t count = (size_t)PQntuples(result);
    access_layers(verb->store->access, result, LAYER_NAME, LAYER_CODE); /* the caller may use it at once */
    response->layers = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->layers == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__LayerRecord *layer = arena_alloc(c->call.arena, sizeof *layer);
        if (layer == NULL)
            return STATUS_NO_MEMORY;
        samordning__v1__layer_record__init(layer);
        layer->name = arena_strdup(c->call.arena, PQgetvalue(result, (int)i, LAYER_NAME));
        layer->label_nb = arena_strdup(c->call.arena, PQgetvalue(result, (int)i, LAYER_NB));
        layer->label_nn = arena_strdup(c->call.arena, PQgetvalue(result, (int)i, LAYER_NN));
        layer->label_en = arena_strdup(c->call.arena, PQgetvalue(result, (int)i, LAYER_EN));
        layer->kind = (Samordning__V1__LayerKind)pg_get_int32(result, (int)i, LAYER_KIND);
        if (layer->name == NULL || layer->label_nb == NULL || layer->label_nn == NULL || layer->label_en == NULL)
            return STATUS_NO_MEMORY;
        response->layers[i] = layer;
    }
    response->n_layers = count;
    return STATUS_OK;
}

void store_layer(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__layer_response__descriptor))
        return;
    const Samordning__V1__LayerRequest *request = (const Samordning__V1__LayerRequest *)c->request;
    struct verb *verb =
        verb_create(store, &c->call,
                    "SELECT name, label_nb, label_nn, label_en, kind, code FROM vocabulary.put_layers($1, $2, $3, $4, $5)");
    struct pg_buffer *kinds = calloc(1, sizeof *kinds + request->n_add * 6 + 32);
    if (verb == NULL || kinds == NULL) {
        free(kinds);
        if (verb != NULL)
            verb_fail(verb, STATUS_NO_MEMORY);
        else
            store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    kinds->data = (uint8_t *)(kinds + 1); /* in place, so that it is freed with the verb's state */
    kinds->capacity = request->n_add * 6 + 32;
    verb->state = kinds;
    for (size_t k = 0; k < 4; k++)
        pg_array_begin(&verb->buffers[k], PG_TEXT_OID, request->n_add, false);
    pg_array_begin(kinds, PG_INT2_OID, request->n_add, false);
    for (size_t i = 0; i < request->n_add; i++) {
        const Samordning__V1__LayerRecord *layer = request->add[i];
        const char *const texts[4] = {layer->name, layer->label_nb, layer->label_nn, layer->label_en};
        for (size_t k = 0; k < 4; k++)
            pg_array_bytes(&verb->buffers[k], texts[k], strlen(texts[k]));
        pg_array_int16(kinds, (int16_t)layer->kind);
    }
    verb->answer = layered;
    for (size_t k = 0; k < 4; k++)
        verb_buffer(verb, k, PG_TEXTARRAY_OID);
    db_request_binary(&verb->request, PG_INT2ARRAY_OID, kinds->data, kinds->size);
    verb_send(verb);
}

/* --------------------------------------------------------------------------------------------- enrolment */

static enum status enrolled(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    const Samordning__V1__EnrolRequest *request = (const Samordning__V1__EnrolRequest *)c->request;
    /* the client may connect at once */
    access_enrolled(verb->store->access, request->orgnr, pg_get_int32(result, 0, 0), (uint32_t)pg_get_int32(result, 0, 1),
                    request->subject);
    return STATUS_OK;
}

void store_enrol(struct store *store, struct store_message_call *c, const char *fingerprint, int64_t expires_us)
{
    const Samordning__V1__EnrolRequest *request = (const Samordning__V1__EnrolRequest *)c->request;
    struct verb *verb = verb_create(store, &c->call,
                                    "SELECT enrolled, mask FROM access.enrol($1::text, $2::text, $3, $4::int4, $5::text, "
                                    "to_timestamp($6::float8 / 1e6), $7::text)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < request->n_roles; i++)
        count += request->roles[i] > 0;
    pg_array_begin(&verb->buffers[0], PG_INT2_OID, count, false);
    for (size_t i = 0; i < request->n_roles; i++)
        if (request->roles[i] > 0)
            pg_array_int16(&verb->buffers[0], (int16_t)request->roles[i]);
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%d", (int)c->call.principal.organisation);
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%lld", (long long)expires_us);
    verb->answer = enrolled;
    db_request_text(&verb->request, request->orgnr);
    db_request_text(&verb->request, request->name);
    verb_buffer(verb, 0, PG_INT2ARRAY_OID);
    db_request_text(&verb->request, verb->numbers[0]);
    char *kept = strdup(fingerprint != NULL ? fingerprint : "");
    verb->state = kept;
    db_request_text(&verb->request, kept != NULL ? kept : "");
    db_request_text(&verb->request, verb->numbers[1]);
    db_request_text(&verb->request, request->subject);
    verb_send(verb);
}
