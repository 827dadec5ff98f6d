/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tokens of the HTTP API: added, listed, revoked. Only hashes get here.
 */
#include "access.h"
#include "sql_text.h"
#include "store_internal.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    TOKEN_ID,
    TOKEN_NAME,
    TOKEN_ORGNR,
    TOKEN_ORGANISATION,
    TOKEN_ROLES,
    TOKEN_CREATED_AT,
    TOKEN_EXPIRES_AT,
    TOKEN_REVOKED_AT,
    TOKEN_HASH,
    TOKEN_EXPIRES_US,
    TOKEN_ORGANISATION_ID,
    TOKEN_ROLES_NOW
};

static enum status keep_token(struct store_call *call, const PGresult *result, int row, Samordning__V1__TokenRecord *token)
{
    char **const texts[] = {[TOKEN_ID] = NULL,
                            [TOKEN_NAME] = &token->name,
                            [TOKEN_ORGNR] = &token->orgnr,
                            [TOKEN_ORGANISATION] = &token->organisation,
                            [TOKEN_ROLES] = NULL,
                            [TOKEN_CREATED_AT] = &token->created_at,
                            [TOKEN_EXPIRES_AT] = &token->expires_at,
                            [TOKEN_REVOKED_AT] = &token->revoked_at};
    uint32_t roles = (uint32_t)pg_get_int32(result, row, TOKEN_ROLES);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i] != NULL && (*texts[i] = store_keep_text(call, result, row, (int)i)) == NULL)
            return STATUS_NO_MEMORY;
    token->id = (uint64_t)pg_get_int32(result, row, TOKEN_ID);
    token->roles = arena_alloc(call->arena, 3 * sizeof token->roles[0]);
    if (token->roles == NULL)
        return STATUS_NO_MEMORY;
    for (int role = SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER; role <= SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR; role++)
        if (roles & PRINCIPAL_ROLE(role))
            token->roles[token->n_roles++] = (Samordning__V1__AccessRole)role;
    return STATUS_OK;
}

static enum status listed(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__TokenResponse *response = (Samordning__V1__TokenResponse *)c->response;
    size_t count = (size_t)PQntuples(result);
    response->tokens = arena_alloc(c->call.arena, count * sizeof(void *) + 1);
    if (response->tokens == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__TokenRecord *token = arena_alloc(c->call.arena, sizeof *token);
        if (token == NULL)
            return STATUS_NO_MEMORY;
        samordning__v1__token_record__init(token);
        response->tokens[response->n_tokens++] = token;
        if (keep_token(&c->call, result, (int)i, token) != STATUS_OK)
            return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

static void list(struct store *store, struct store_message_call *c, int64_t id, const char *orgnr,
                 enum status (*answer)(struct verb *verb, const PGresult *result))
{
    struct verb *verb = verb_create(store, &c->call, sql_server_tokens);
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRId64, id);
    verb->answer = answer;
    db_request_text(&verb->request, verb->numbers[0]);
    db_request_text(&verb->request, orgnr);
    verb_send(verb);
}

/* It, or what has become of it, is known here before the caller is answered. */
static enum status one_listed(struct verb *verb, const PGresult *result)
{
    if (PQntuples(result) != 1)
        return STATUS_INTERNAL;
    struct principal principal = {.organisation = pg_get_int32(result, 0, TOKEN_ORGANISATION_ID),
                                  .roles = (uint32_t)pg_get_int32(result, 0, TOKEN_ROLES_NOW),
                                  .token = pg_get_int32(result, 0, TOKEN_ID)};
    bool is_revoked = PQgetlength(result, 0, TOKEN_REVOKED_AT) > 0;
    snprintf(principal.orgnr, sizeof principal.orgnr, "%s", PQgetvalue(result, 0, TOKEN_ORGNR));
    access_token(verb->store->access, PQgetvalue(result, 0, TOKEN_HASH), &principal,
                 is_revoked ? 0 : pg_get_int64(result, 0, TOKEN_EXPIRES_US));
    return listed(verb, result);
}

static enum status changed(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    verb->call = NULL;
    list(verb->store, c, pg_get_int32(result, 0, 0), "", one_listed);
    return STATUS_OK;
}

static void add(struct store *store, struct store_message_call *c, const char *hash)
{
    const Samordning__V1__TokenRequest *request = (const Samordning__V1__TokenRequest *)c->request;
    struct verb *verb =
        verb_create(store, &c->call, "SELECT access.add_token($1::text, $2::text, $3, $4::int4, $5::text, $6::int4)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    pg_array_begin(&verb->buffers[0], PG_INT2_OID, request->n_roles, false);
    for (size_t i = 0; i < request->n_roles; i++)
        pg_array_int16(&verb->buffers[0], (int16_t)request->roles[i]);
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRIu32, request->days);
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%d", (int)c->call.principal.organisation);
    verb->answer = changed;
    db_request_text(&verb->request, request->orgnr);
    db_request_text(&verb->request, request->name);
    verb_buffer(verb, 0, PG_INT2ARRAY_OID);
    db_request_text(&verb->request, verb->numbers[0]);
    db_request_text(&verb->request, hash);
    db_request_text(&verb->request, verb->numbers[1]);
    verb_send(verb);
}

static void revoke(struct store *store, struct store_message_call *c)
{
    const Samordning__V1__TokenRequest *request = (const Samordning__V1__TokenRequest *)c->request;
    struct verb *verb = verb_create(store, &c->call, "SELECT access.revoke_token($1::int8)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRIu64, request->id);
    verb->answer = changed;
    db_request_text(&verb->request, verb->numbers[0]);
    verb_send(verb);
}

void store_token(struct store *store, struct store_message_call *c, const char *hash)
{
    if (!store_make_response(store, c, &samordning__v1__token_response__descriptor))
        return;
    const Samordning__V1__TokenRequest *request = (const Samordning__V1__TokenRequest *)c->request;
    if (request->action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_ADD)
        add(store, c, hash);
    else if (request->action == SAMORDNING__V1__TOKEN_ACTION__TOKEN_REVOKE)
        revoke(store, c);
    else
        list(store, c, 0, request->orgnr, listed);
}
