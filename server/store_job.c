/* SPDX-License-Identifier: GPL-3.0-or-later
 * Jobs as those see them who asked for one in the background, and whether anything has changed since.
 */
#include "sql_text.h"
#include "store_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------- a job */

enum {
    JOB_FAMILY,
    JOB_SPEC,
    JOB_LANGUAGE,
    JOB_STATE,
    JOB_PHASE,
    JOB_PERMILLE,
    JOB_RESULT,
    JOB_STATUS,
    JOB_ERROR,
    JOB_CREATED_AT
};

static enum status shown(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    const Samordning__V1__JobRequest *request = (const Samordning__V1__JobRequest *)c->request;
    Samordning__V1__JobResponse *job = (Samordning__V1__JobResponse *)c->response;
    char **const texts[] = {[JOB_FAMILY] = &job->family,        [JOB_SPEC] = &job->spec,   [JOB_LANGUAGE] = &job->language,
                            [JOB_STATE] = &job->state,          [JOB_PHASE] = &job->phase, [JOB_PERMILLE] = NULL,
                            [JOB_RESULT] = &job->result,        [JOB_STATUS] = NULL,       [JOB_ERROR] = &job->error,
                            [JOB_CREATED_AT] = &job->created_at};
    if (PQntuples(result) == 0) {
        errmsg_set(&c->call.errmsg, "id", "no job has this number; jobs that ended are forgotten after a month");
        return STATUS_NOT_FOUND;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i] != NULL && (*texts[i] = store_keep_text(&c->call, result, 0, (int)i)) == NULL)
            return STATUS_NO_MEMORY;
    job->id = request->id;
    job->permille = (uint32_t)pg_get_int32(result, 0, JOB_PERMILLE);
    job->status = (Samordning__V1__StatusCode)pg_get_int32(result, 0, JOB_STATUS);
    return STATUS_OK;
}

static void show(struct store *store, struct store_message_call *c)
{
    const Samordning__V1__JobRequest *request = (const Samordning__V1__JobRequest *)c->request;
    struct verb *verb = verb_create(store, &c->call, sql_server_job_show);
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRIu64, request->id);
    verb->answer = shown;
    db_request_text(&verb->request, verb->numbers[0]);
    verb_send(verb);
}

/* Dropped: what has become of it is the answer. */
static enum status dropped(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    verb->call = NULL;
    show(verb->store, c);
    return STATUS_OK;
}

void store_job(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__job_response__descriptor))
        return;
    const Samordning__V1__JobRequest *request = (const Samordning__V1__JobRequest *)c->request;
    if (!request->cancel) {
        show(store, c);
        return;
    }
    struct verb *verb = verb_create(store, &c->call, "SELECT knowledge.drop_job($1::int8, $2::int4)");
    if (verb == NULL) {
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRIu64, request->id);
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%d", (int)c->call.principal.organisation);
    verb->answer = dropped;
    db_request_text(&verb->request, verb->numbers[0]);
    db_request_text(&verb->request, verb->numbers[1]);
    verb_send(verb);
}

/* ---------------------------------------------------------------------------------------------- changes */

#define CHANGES_TIDY_EVERY 3600 /* looks: about one an hour deletes what is old */

static enum status looked(struct verb *verb, const PGresult *result)
{
    struct store_change *ask = (struct store_change *)verb->call;
    struct store *store = verb->store;
    ask->changed = pg_get_bool(result, 0, 0);
    char *seen = strdup(PQgetvalue(result, 0, 1));
    if (seen == NULL)
        return STATUS_NO_MEMORY;
    free(store->seen);
    store->seen = seen;
    return STATUS_OK;
}

static enum status tidied(struct verb *verb, const PGresult *result)
{
    return STATUS_OK;
}

static void tidy(struct store *store)
{
    struct verb *verb =
        verb_create(store, NULL, "DELETE FROM knowledge.data_change WHERE changed_at < now() - interval '1 day'");
    if (verb == NULL)
        return;
    verb->answer = tidied;
    verb_send(verb);
}

void store_changed(struct store *store, struct store_change *ask)
{
    struct verb *verb = verb_create(store, &ask->call, "SELECT changed, seen_now FROM knowledge.changed_since($1::text)");
    char *seen = strdup(store->seen != NULL ? store->seen : "");
    if (verb == NULL || seen == NULL) {
        free(seen);
        if (verb != NULL)
            verb_fail(verb, STATUS_NO_MEMORY);
        else
            store_answer_later(store, &ask->call, STATUS_NO_MEMORY);
        return;
    }
    verb->state = seen;
    verb->answer = looked;
    db_request_text(&verb->request, seen);
    verb_send(verb);
    if (store->looks++ % CHANGES_TIDY_EVERY == 0)
        tidy(store);
}
