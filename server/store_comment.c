/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rounds of comments on reports; the work is done by register.comments (sql/migrations/0020_reports.sql).
 */
#include "store_internal.h"

#include <inttypes.h>
#include <stdio.h>

static enum status commented(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__CommentResponse *response = (Samordning__V1__CommentResponse *)c->response;
    struct arena *arena = c->call.arena;
    size_t rows = (size_t)PQntuples(result);
    response->comments = arena_alloc(arena, rows * sizeof(void *) + 1);
    if (response->comments == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < rows; i++) {
        if (i == 0)
            response->until = arena_strdup(arena, PQgetvalue(result, 0, 0));
        if (PQgetisnull(result, (int)i, 3))
            continue;
        Samordning__V1__Comment *comment = arena_alloc(arena, sizeof *comment);
        if (comment == NULL)
            return STATUS_NO_MEMORY;
        samordning__v1__comment__init(comment);
        char **const slots[] = {&comment->orgnr, &comment->name, &comment->text, &comment->sent_at};
        for (int s = 0; s < 4; s++) {
            *slots[s] = arena_strdup(arena, PQgetvalue(result, (int)i, s + 1));
            if (*slots[s] == NULL)
                return STATUS_NO_MEMORY;
        }
        response->comments[response->n_comments++] = comment;
    }
    return rows > 0 && response->until == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

void store_comment(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__comment_response__descriptor))
        return;
    const Samordning__V1__CommentRequest *request = (const Samordning__V1__CommentRequest *)c->request;
    struct verb *verb = verb_create(store, &c->call,
                                    "SELECT * FROM register.comments($1::int4, $2::bool, $3::date, $4::date, "
                                    "nullif($5::text, '')::date, $6::text, $7::bool)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    bool all = c->call.principal.roles & PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR);
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRId32, c->call.principal.organisation);
    verb->answer = commented;
    db_request_text(&verb->request, verb->numbers[0]);
    db_request_text(&verb->request, all ? "true" : "false");
    db_request_text(&verb->request, request->from);
    db_request_text(&verb->request, request->to);
    db_request_text(&verb->request, request->until);
    db_request_text(&verb->request, request->text);
    db_request_text(&verb->request, request->take_back ? "true" : "false");
    verb_send(verb);
}
