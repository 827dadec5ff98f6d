/* SPDX-License-Identifier: GPL-3.0-or-later
 * One struct analysis per call; several may stand behind one job.
 */
#include "jobs.h"
#include "clock.h"
#include "log.h"
#include "sql_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct analysis {
    struct analysis *next, *prev;
    struct jobs *jobs;
    struct store_analysis *ask; /* NULL: answered */
    int64_t job;                /* 0 = not known yet */
    int64_t deadline_us, looked_us;
    bool busy;       /* its request is under way */
    bool look_again; /* something was said meanwhile */
    bool follows;    /* a job that others asked for: leaving it ends nothing */
    struct db_request request;
    char numbers[2][32];
    char *family, *spec, *language, *format;
};

struct jobs {
    struct store *store;
    struct analysis *first;
    size_t open;
    struct event *sweep;
    int64_t kept_house_us;
    bool house_busy;
    struct db_request house;
    char numbers[3][32];
};

enum {
    LOOK_STATE,
    LOOK_STATUS,
    LOOK_ERROR,
    LOOK_REUSED,
    LOOK_PERMILLE,
    LOOK_PHASE,
    LOOK_MESSAGE,
    LOOK_DOCUMENT,
    LOOK_TYPE,
    LOOK_LOST,
    LOOK_RECOMPUTED,
    LOOK_RESULT
};

static void unlink_free(struct analysis *analysis)
{
    struct jobs *jobs = analysis->jobs;
    if (analysis->prev != NULL)
        analysis->prev->next = analysis->next;
    else
        jobs->first = analysis->next;
    if (analysis->next != NULL)
        analysis->next->prev = analysis->prev;
    jobs->open--;
    free(analysis->family);
    free(analysis->spec);
    free(analysis->language);
    free(analysis->format);
    free(analysis);
}

/* Answers; the memory goes when its request is back. */
static void end(struct analysis *analysis, enum status status, bool later)
{
    struct store_analysis *ask = analysis->ask;
    struct store *store = analysis->jobs->store;
    analysis->ask = NULL;
    ask->call.internal = NULL;
    if (!analysis->busy)
        unlink_free(analysis);
    if (later)
        store_answer_later(store, &ask->call, status);
    else
        store_answer(store, &ask->call, status);
}

static enum status nothing(struct verb *verb, const PGresult *result)
{
    return STATUS_OK;
}

/* One less waits for this job; with the last it is cancelled. */
static void leave(struct jobs *jobs, int64_t job)
{
    struct verb *verb = job != 0 ? verb_create(jobs->store, NULL, "SELECT knowledge.leave_job($1::int8)") : NULL;
    if (verb == NULL)
        return;
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRId64, job);
    db_request_text(&verb->request, verb->numbers[0]);
    verb->answer = nothing;
    verb_send(verb);
}

/* This organisation waits no longer, but wants it. */
static void keep_going(struct jobs *jobs, int64_t job, int32_t organisation)
{
    struct verb *verb = verb_create(jobs->store, NULL, "SELECT knowledge.keep_job($1::int8, $2::int4)");
    if (verb == NULL)
        return;
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRId64, job);
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%d", (int)organisation);
    db_request_text(&verb->request, verb->numbers[0]);
    db_request_text(&verb->request, verb->numbers[1]);
    verb->answer = nothing;
    verb_send(verb);
}

static const uint8_t *keep(struct store_analysis *ask, const PGresult *result, int column, size_t *ret_size)
{
    size_t size = (size_t)PQgetlength(result, 0, column);
    if (PQgetisnull(result, 0, column) || size == 0)
        return NULL;
    const uint8_t *copy = arena_copy(ask->call.arena, PQgetvalue(result, 0, column), size);
    if (copy != NULL)
        *ret_size = size;
    return copy;
}

static void take_result(struct analysis *analysis, const PGresult *result)
{
    struct store_analysis *ask = analysis->ask;
    if (pg_get_bool(result, 0, LOOK_LOST)) {
        errmsg_set(&ask->call.errmsg, "", "the worker stored no result");
        end(analysis, STATUS_INTERNAL, false);
        return;
    }
    ask->message = keep(ask, result, LOOK_MESSAGE, &ask->message_size);
    ask->document = keep(ask, result, LOOK_DOCUMENT, &ask->document_size);
    bool whole = (ask->message != NULL || PQgetlength(result, 0, LOOK_MESSAGE) == 0) &&
                 (ask->document != NULL || PQgetlength(result, 0, LOOK_DOCUMENT) == 0);
    ask->media_type =
        PQgetisnull(result, 0, LOOK_TYPE) ? NULL : arena_strdup(ask->call.arena, PQgetvalue(result, 0, LOOK_TYPE));
    ask->reused = pg_get_bool(result, 0, LOOK_REUSED);
    ask->state = "done";
    snprintf(ask->result_id, sizeof ask->result_id, "%s", PQgetvalue(result, 0, LOOK_RESULT));
    if (!whole)
        errmsg_set(&ask->call.errmsg, "", "the result is larger than an answer may be");
    end(analysis, whole ? STATUS_OK : STATUS_TOO_LARGE, false);
}

/* Whoever asked waits no longer; the job goes on. */
static void end_in_background(struct analysis *analysis)
{
    struct jobs *jobs = analysis->jobs;
    bool follows = analysis->follows;
    int64_t job = analysis->job;
    int32_t organisation = analysis->ask->call.principal.organisation;
    end(analysis, STATUS_OK, true);
    if (!follows)
        keep_going(jobs, job, organisation);
}

static void look(struct analysis *analysis);

static void look_done(struct db_request *request)
{
    struct analysis *analysis = request->owner;
    analysis->busy = false;
    if (analysis->ask == NULL) {
        unlink_free(analysis);
        return;
    }
    struct store_analysis *ask = analysis->ask;
    if (request->outcome != DB_OK) {
        if (request->outcome == DB_ERROR && !db_error_is_transient(request))
            end(analysis, store_status_of(request, &ask->call.errmsg), false);
        return; /* looked at again later */
    }
    const PGresult *result = request->result;
    const char *state = PQntuples(result) == 1 ? PQgetvalue(result, 0, LOOK_STATE) : "gone";
    ask->state = strcmp(state, "running") == 0 ? "running" : "waiting";
    if (strcmp(state, "done") == 0) {
        take_result(analysis, result);
    } else if (strcmp(state, "failed") == 0) {
        int32_t status = pg_get_int32(result, 0, LOOK_STATUS);
        errmsg_set(&ask->call.errmsg, "", "%s", PQgetvalue(result, 0, LOOK_ERROR));
        ask->message = keep(ask, result, LOOK_RECOMPUTED, &ask->message_size);
        end(analysis, status > STATUS_OK && status < STATUS_COUNT ? (enum status)status : STATUS_INTERNAL, false);
    } else if (strcmp(state, "cancelled") == 0) {
        end(analysis, STATUS_CANCELLED, false);
    } else if (strcmp(state, "gone") == 0) {
        errmsg_set(&ask->call.errmsg, "job", "no such job is in the database");
        end(analysis, analysis->follows ? STATUS_NOT_FOUND : STATUS_INTERNAL, false);
    } else if (analysis->look_again) {
        look(analysis);
    } else if (ask->background && clock_monotonic_us() >= analysis->deadline_us) {
        end_in_background(analysis);
    } else if (analysis->follows && ask->progress != NULL) {
        ask->progress(ask, PQgetvalue(result, 0, LOOK_PHASE), (unsigned)pg_get_int32(result, 0, LOOK_PERMILLE));
    }
}

static void look(struct analysis *analysis)
{
    if (analysis->busy || analysis->job == 0) {
        analysis->look_again = true;
        return;
    }
    analysis->look_again = false;
    analysis->looked_us = clock_monotonic_us();
    analysis->request = (struct db_request){.sql = sql_server_job, .binary = true, .done = look_done, .owner = analysis};
    snprintf(analysis->numbers[0], sizeof analysis->numbers[0], "%" PRId64, analysis->job);
    db_request_text(&analysis->request, analysis->numbers[0]);
    db_request_text(&analysis->request, analysis->ask != NULL && analysis->ask->brief ? "true" : "false");
    db_request_text(&analysis->request, analysis->format);
    analysis->busy = db_pool_send(analysis->jobs->store->verbs, &analysis->request);
}

static void asked(struct db_request *request)
{
    struct analysis *analysis = request->owner;
    analysis->busy = false;
    if (request->outcome == DB_OK && PQntuples(request->result) == 1)
        analysis->job = pg_get_int64(request->result, 0, 0);
    if (analysis->ask != NULL)
        analysis->ask->job = analysis->job;
    if (analysis->ask == NULL) {
        int64_t job = analysis->job;
        struct jobs *jobs = analysis->jobs;
        unlink_free(analysis);
        if (!jobs->store->stopping)
            leave(jobs, job);
    } else if (analysis->job == 0) {
        end(analysis, store_status_of(request, &analysis->ask->call.errmsg), false);
    } else {
        look(analysis); /* it may be done already */
    }
}

void store_analyse(struct store *store, struct store_analysis *ask)
{
    struct jobs *jobs = store->jobs;
    struct analysis *analysis = jobs->open < JOBS_OPEN_MAX && !store->stopping ? calloc(1, sizeof *analysis) : NULL;
    ask->call.internal = NULL;
    if (analysis == NULL) {
        store_answer_later(store, &ask->call,
                           store->stopping              ? STATUS_UNAVAILABLE
                           : jobs->open < JOBS_OPEN_MAX ? STATUS_NO_MEMORY
                                                        : STATUS_BUSY);
        return;
    }
    analysis->jobs = jobs;
    analysis->ask = ask;
    analysis->deadline_us = ask->call.deadline_us != 0
                                ? ask->call.deadline_us
                                : clock_monotonic_us() + (int64_t)store->config->analysis_timeout_ms * 1000;
    analysis->family = strdup(ask->family != NULL ? ask->family : "");
    analysis->spec = strdup(ask->spec != NULL ? ask->spec : "");
    analysis->language = strdup(ask->language != NULL ? ask->language : "");
    analysis->format = strdup(ask->format != NULL ? ask->format : "");
    analysis->next = jobs->first;
    if (jobs->first != NULL)
        jobs->first->prev = analysis;
    jobs->first = analysis;
    jobs->open++;
    if (analysis->family == NULL || analysis->spec == NULL || analysis->language == NULL || analysis->format == NULL) {
        end(analysis, STATUS_NO_MEMORY, true);
        return;
    }
    ask->call.internal = analysis;
    if (ask->job != 0) {
        analysis->job = ask->job;
        analysis->follows = true;
        look(analysis);
        if (!analysis->busy)
            end(analysis, STATUS_BUSY, true);
        return;
    }
    analysis->request =
        (struct db_request){.sql = "SELECT knowledge.request_job($1::text, $2::text, $3::text, $4::bool, $5::int4)",
                            .binary = true,
                            .deadline_us = analysis->deadline_us,
                            .done = asked,
                            .owner = analysis};
    snprintf(analysis->numbers[1], sizeof analysis->numbers[1], "%d", (int)ask->call.principal.organisation);
    db_request_text(&analysis->request, analysis->family);
    db_request_text(&analysis->request, analysis->spec);
    db_request_text(&analysis->request, analysis->language);
    db_request_text(&analysis->request, ask->recompute ? "true" : "false");
    db_request_text(&analysis->request, analysis->numbers[1]);
    analysis->busy = db_pool_send(store->verbs, &analysis->request);
    if (!analysis->busy)
        end(analysis, STATUS_BUSY, true);
}

void store_analysis_cancel(struct store *store, struct store_analysis *ask)
{
    struct analysis *analysis = ask->call.internal;
    if (analysis == NULL)
        return; /* answered, or about to be */
    int64_t job = analysis->follows ? 0 : analysis->job;
    end(analysis, STATUS_CANCELLED, true);
    leave(store->jobs, job);
}

void jobs_notified(struct jobs *jobs, const char *channel, const char *payload)
{
    char *rest;
    int64_t job = strtoll(payload, &rest, 10);
    bool progress = strcmp(channel, "samordning_job_progress") == 0;
    if (rest == payload || job <= 0 || (!progress && strcmp(channel, "samordning_job_done") != 0))
        return;
    unsigned long permille = progress ? strtoul(rest, &rest, 10) : 0;
    while (*rest == ' ')
        rest++;
    for (struct analysis *analysis = jobs->first, *next; analysis != NULL; analysis = next) {
        next = analysis->next;
        if (analysis->job != job || analysis->ask == NULL)
            continue;
        if (!progress)
            look(analysis);
        else if (analysis->ask->progress != NULL)
            analysis->ask->progress(analysis->ask, rest, permille < 1000 ? (unsigned)permille : 1000);
    }
}

void jobs_up(struct jobs *jobs)
{
    for (struct analysis *analysis = jobs->first; analysis != NULL; analysis = analysis->next)
        look(analysis);
}

size_t jobs_open(const struct jobs *jobs)
{
    return jobs->open;
}

/* ---------------------------------------------------------------------------------------- housekeeping */

static void house_done(struct db_request *request)
{
    struct jobs *jobs = request->owner;
    jobs->house_busy = false;
    jobs->kept_house_us = clock_monotonic_us();
    if (request->outcome == DB_ERROR && !db_error_is_transient(request))
        log_error(NULL, "could not keep house in the database", LOG_TEXT("sqlstate", request->sqlstate),
                  LOG_TEXT("reason", request->error));
}

static void keep_house(struct jobs *jobs)
{
    const struct config *config = jobs->store->config;
    jobs->house = (struct db_request){
        .sql = "SELECT knowledge.keep_house($1::int8, $2::int8, $3::int8)", .done = house_done, .owner = jobs};
    snprintf(jobs->numbers[0], sizeof jobs->numbers[0], "%" PRIu64, config->condense_quiet_ms);
    snprintf(jobs->numbers[1], sizeof jobs->numbers[1], "%" PRIu64, config->condense_max_wait_ms);
    snprintf(jobs->numbers[2], sizeof jobs->numbers[2], "%d", JOBS_HEARTBEAT_S);
    for (size_t i = 0; i < 3; i++)
        db_request_text(&jobs->house, jobs->numbers[i]);
    jobs->house_busy = db_pool_send(jobs->store->listener, &jobs->house);
}

static void sweep_cb(evutil_socket_t fd, short what, void *arg)
{
    struct jobs *jobs = arg;
    int64_t now_us = clock_monotonic_us();
    for (struct analysis *analysis = jobs->first, *next; analysis != NULL; analysis = next) {
        next = analysis->next;
        if (analysis->ask == NULL)
            continue;
        if (now_us > analysis->deadline_us && analysis->ask->background && analysis->job != 0) {
            end_in_background(analysis);
        } else if (now_us > analysis->deadline_us) {
            int64_t job = analysis->follows ? 0 : analysis->job;
            errmsg_set(&analysis->ask->call.errmsg, "",
                       "the analysis was not done in time and is stopped; give it a longer deadline");
            end(analysis, STATUS_TIMEOUT, true);
            leave(jobs, job);
        } else if (!analysis->busy && now_us - analysis->looked_us > JOBS_LOOK_MS * INT64_C(1000)) {
            look(analysis);
        }
    }
    if (jobs->store->ready && !jobs->house_busy && now_us - jobs->kept_house_us > JOBS_HOUSE_MS * INT64_C(1000))
        keep_house(jobs);
}

struct jobs *jobs_create(struct store *store)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (jobs == NULL)
        return NULL;
    jobs->store = store;
    jobs->sweep = event_new(store->base, -1, EV_PERSIST, sweep_cb, jobs);
    if (jobs->sweep == NULL) {
        free(jobs);
        return NULL;
    }
    event_add(jobs->sweep, &(struct timeval){.tv_usec = STORE_SWEEP_MS * 1000L});
    return jobs;
}

void jobs_destroy(struct jobs *jobs)
{
    if (jobs == NULL)
        return;
    while (jobs->first != NULL) {
        /* the pools are gone, nothing comes back; each turn takes the first one off the list */
        jobs->first->busy = false; /* NOLINT(clang-analyzer-unix.Malloc) */
        if (jobs->first->ask != NULL)
            end(jobs->first, STATUS_UNAVAILABLE, false);
        else
            unlink_free(jobs->first);
    }
    event_free(jobs->sweep);
    free(jobs);
}
