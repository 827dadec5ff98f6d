/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts for StatusRequest: exact, and counted again only when this daemon has written since or they grow old.
 */
#include "clock.h"
#include "store_internal.h"
#include "workers.h"

#include <stdlib.h>

#define COUNTS_AGE_MAX_US INT64_C(2000000)
#define COUNTS_LONG_US    INT64_C(200000) /* counting that takes longer may be so many times as old as it took */
#define COUNTS_AGE_FACTOR 10

struct count_row {
    int32_t reporter;
    uint64_t counts[5];
};

struct counts {
    struct count_row *rows;
    size_t row_count;
    uint64_t writes; /* store->writes when counting began */
    int64_t counted_us, took_us;
};

struct status_state {
    uint64_t writes;
    int64_t began_us;
};

static enum status fill(struct verb *verb, const struct counts *counts)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__StatusResponse *response = (Samordning__V1__StatusResponse *)c->response;
    const struct principal *who = &c->call.principal;
    bool all = (who->roles & (PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_RESEARCHER) |
                              PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR))) != 0;
    uint64_t *const into[5] = {&response->interactions, &response->supplements, &response->withdrawn, &response->quarantined,
                               &response->refused_classified};
    for (size_t k = 0; k < 5; k++)
        *into[k] = 0;
    for (size_t i = 0; i < counts->row_count; i++)
        for (size_t k = 0; k < 5 && (all || counts->rows[i].reporter == who->organisation); k++)
            *into[k] += counts->rows[i].counts[k];
    return STATUS_OK;
}

static enum status other_done(struct verb *verb, const PGresult *result)
{
    struct store_message_call *c = (struct store_message_call *)verb->call;
    Samordning__V1__StatusResponse *response = (Samordning__V1__StatusResponse *)c->response;
    response->actors = (uint64_t)pg_get_int64(result, 0, 0);
    response->labels_waiting = (uint64_t)pg_get_int64(result, 0, 1);
    response->jobs_waiting = (uint64_t)pg_get_int64(result, 0, 2);
    response->jobs_running = (uint64_t)pg_get_int64(result, 0, 3);
    response->days_waiting = (uint64_t)pg_get_int64(result, 0, 4);
    if (!PQgetisnull(result, 0, 5)) {
        response->first_day = arena_strdup(c->call.arena, PQgetvalue(result, 0, 5));
        response->last_day = arena_strdup(c->call.arena, PQgetvalue(result, 0, 6));
        if (response->first_day == NULL || response->last_day == NULL)
            return STATUS_NO_MEMORY;
    }
    response->schema_version = (uint64_t)pg_get_int32(result, 0, 7);
    response->workers = workers_running(verb->store->workers);
    return fill(verb, verb->store->counts);
}

static const char other_sql[] =
    "SELECT actors, labels_waiting, jobs_waiting, jobs_running, days_waiting, first_day::text, last_day::text, "
    "schema_version FROM report.count_other()";

/* Second half of the call, once the counts are fresh. Answers by itself. */
static void ask_other(struct store *store, struct store_call *call)
{
    struct verb *verb = verb_create(store, call, other_sql);
    if (verb == NULL) {
        store_answer_later(store, call, STATUS_NO_MEMORY);
        return;
    }
    verb->answer = other_done;
    verb_send(verb);
}

static void all_done(struct db_request *request)
{
    struct verb *verb = request->owner;
    struct store *store = verb->store;
    struct store_call *call = verb->call;
    struct status_state *state = verb->state;
    if (request->outcome != DB_OK) {
        enum status status = store_status_of(request, &call->errmsg);
        verb_fail(verb, status);
        return;
    }
    int rows = PQntuples(request->result);
    struct counts *counts = store->counts != NULL ? store->counts : calloc(1, sizeof *counts);
    struct count_row *fresh = calloc((size_t)rows + 1, sizeof fresh[0]);
    if (counts == NULL || fresh == NULL) {
        free(fresh);
        if (counts != store->counts)
            free(counts);
        verb_fail(verb, STATUS_NO_MEMORY);
        return;
    }
    for (int i = 0; i < rows; i++) {
        fresh[i].reporter = pg_get_int32(request->result, i, 0);
        for (int k = 0; k < 5; k++)
            fresh[i].counts[k] = (uint64_t)pg_get_int64(request->result, i, 1 + k);
    }
    free(counts->rows);
    counts->rows = fresh;
    counts->row_count = (size_t)rows;
    counts->writes = state->writes;
    counts->counted_us = clock_monotonic_us();
    counts->took_us = counts->counted_us - state->began_us;
    store->counts = counts;
    verb->call = NULL;
    verb_fail(verb, STATUS_OK); /* frees it; the call goes on */
    ask_other(store, call);
}

void store_status(struct store *store, struct store_message_call *c)
{
    if (!store_make_response(store, c, &samordning__v1__status_response__descriptor))
        return;
    const struct counts *counts = store->counts;
    int64_t age_us = counts != NULL ? clock_monotonic_us() - counts->counted_us : 0;
    if (counts != NULL && ((counts->writes == store->writes && age_us < COUNTS_AGE_MAX_US) ||
                           (counts->took_us > COUNTS_LONG_US && age_us < counts->took_us * COUNTS_AGE_FACTOR))) {
        ask_other(store, &c->call);
        return;
    }
    struct verb *verb = verb_create(store, &c->call, "SELECT * FROM report.count_all()");
    struct status_state *state = calloc(1, sizeof *state);
    if (verb == NULL || state == NULL) {
        free(state);
        if (verb != NULL)
            verb_fail(verb, STATUS_NO_MEMORY);
        else
            store_answer_later(store, &c->call, STATUS_NO_MEMORY);
        return;
    }
    state->writes = store->writes;
    state->began_us = clock_monotonic_us();
    verb->state = state;
    verb->request.done = all_done;
    verb_send(verb);
}

void counts_destroy(struct counts *counts)
{
    if (counts == NULL)
        return;
    free(counts->rows);
    free(counts);
}
