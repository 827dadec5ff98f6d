/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store's life: cluster, schema, connections, caches and workers come up in this order and go down in the other.
 */
#include "access.h"
#include "clock.h"
#include "cluster.h"
#include "gather.h"
#include "jobs.h"
#include "log.h"
#include "migrate.h"
#include "store_internal.h"
#include "store_logo.h"
#include "workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MIGRATE_TIMEOUT_S 3
#define MIGRATE_RETRY_MS  2000
#define DRAIN_LOOK_MS     20
#define SIDE_CONNECTIONS  1
#define VERB_ATTEMPTS_MAX 5
#define VERB_NUMBER_SIZE  24

#define SETUP(name)                                                                                                            \
    "SET client_min_messages = warning; SET jit = off; SET client_connection_check_interval = '1s'; "                          \
    "SET application_name = 'samordningd " name "'; "
#define STANDBY "SELECT pg_is_in_recovery()"

static const char side_setup[] = SETUP("side") STANDBY;
#define VERBS_SETUP SETUP("verbs") "SET statement_timeout = '120s'; "
static const char listener_setup[] =
    SETUP("listener") "LISTEN samordning_access; LISTEN samordning_layer; LISTEN samordning_register; "
                      "LISTEN samordning_job_progress; LISTEN samordning_job_done; " STANDBY;

/* ---------------------------------------------------------------------------------------------- answers */

void store_answer(struct store *store, struct store_call *call, enum status status)
{
    call->status = status;
    call->retry_after_ms = status_is_retryable(status) ? STORE_RETRY_AFTER_MS : 0;
    if (status != STATUS_OK && call->errmsg.text[0] == '\0')
        errmsg_set(&call->errmsg, call->errmsg.field, "%s", status_text(status));
    call->done(call);
}

void store_answer_later(struct store *store, struct store_call *call, enum status status)
{
    call->status = status;
    call->internal = NULL;
    *store->answered_tail = call;
    store->answered_tail = (struct store_call **)&call->internal;
    event_active(store->answer_event, 0, 0);
}

static void answer_cb(evutil_socket_t fd, short what, void *arg)
{
    struct store *store = arg;
    struct store_call *call = store->answered;
    store->answered = NULL;
    store->answered_tail = &store->answered;
    while (call != NULL) {
        struct store_call *next = call->internal;
        call->internal = NULL;
        store_answer(store, call, call->status);
        call = next;
    }
}

int64_t store_deadline(const struct store *store, const struct store_call *call)
{
    return call->deadline_us != 0 ? call->deadline_us
                                  : clock_monotonic_us() + (int64_t)store->config->request_timeout_ms * 1000;
}

enum status store_status_of(const struct db_request *request, struct errmsg *ret_errmsg)
{
    errmsg_set(ret_errmsg, request->column, "%s", request->error);
    const char *state = request->sqlstate;
    if (request->outcome == DB_LOST)
        return STATUS_UNAVAILABLE;
    if (strncmp(state, "SM0", 3) == 0) {
        int number = (int)strtol(state + 3, NULL, 10);
        return number > STATUS_OK && number < STATUS_COUNT ? (enum status)number : STATUS_INTERNAL;
    }
    if (strcmp(state, "57014") == 0)
        return STATUS_TIMEOUT;
    if (db_error_is_transient(request))
        return STATUS_UNAVAILABLE;
    if (strncmp(state, "22", 2) == 0)
        return STATUS_INVALID;
    log_error(NULL, "the database refused a statement", LOG_TEXT("sqlstate", state), LOG_TEXT("reason", request->error));
    errmsg_set(ret_errmsg, "", "the database refused a statement; the daemon's log says why");
    return STATUS_INTERNAL;
}

/* ------------------------------------------------------------------------------------------------ verbs */

static void verb_destroy(struct verb *verb)
{
    for (size_t i = 0; i < sizeof verb->buffers / sizeof verb->buffers[0]; i++)
        pg_buffer_release(&verb->buffers[i]);
    verb->store->verbs_open--;
    free(verb->state);
    free(verb);
}

static void verb_done(struct db_request *request)
{
    struct verb *verb = request->owner;
    struct store *store = verb->store;
    struct store_call *call = verb->call;
    bool collided = strcmp(request->sqlstate, "23505") == 0 || strncmp(request->sqlstate, "40", 2) == 0;
    if (request->outcome == DB_ERROR && collided && ++verb->attempts < VERB_ATTEMPTS_MAX && db_pool_send(store->verbs, request))
        return;
    struct errmsg errmsg = {0};
    enum status status = request->outcome == DB_OK ? verb->answer(verb, request->result)
                                                   : store_status_of(request, call != NULL ? &call->errmsg : &errmsg);
    call = verb->call; /* an answer that asks on has taken it along */
    verb_destroy(verb);
    if (call != NULL)
        store_answer(store, call, status);
}

bool store_make_response(struct store *store, struct store_message_call *c, const ProtobufCMessageDescriptor *type)
{
    if (c->response == NULL && (c->response = arena_alloc(c->call.arena, type->sizeof_message)) != NULL)
        protobuf_c_message_init(type, c->response);
    if (c->response == NULL)
        store_answer_later(store, &c->call, STATUS_NO_MEMORY);
    return c->response != NULL;
}

struct verb *verb_create(struct store *store, struct store_call *call, const char *sql)
{
    struct verb *verb = calloc(1, sizeof *verb);
    if (verb == NULL)
        return NULL;
    verb->store = store;
    verb->call = call;
    verb->request = (struct db_request){.sql = sql, .binary = true, .done = verb_done, .owner = verb};
    if (call != NULL) {
        verb->request.deadline_us = store_deadline(store, call);
        verb->request.ends_late = true;
    }
    store->verbs_open++;
    return verb;
}

void verb_fail(struct verb *verb, enum status status)
{
    struct store *store = verb->store;
    struct store_call *call = verb->call;
    verb_destroy(verb);
    if (call != NULL)
        store_answer_later(store, call, status);
}

void verb_buffer(struct verb *verb, size_t n, Oid type)
{
    const struct pg_buffer *buffer = &verb->buffers[n];
    db_request_binary(&verb->request, type, buffer->data != NULL ? (const void *)buffer->data : "", buffer->size);
}

bool verb_numbers(struct verb *verb, const int64_t numbers[], size_t count)
{
    char(*texts)[VERB_NUMBER_SIZE] = calloc(count, sizeof *texts);
    verb->state = texts;
    if (texts == NULL) {
        verb_fail(verb, STATUS_NO_MEMORY);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(texts[i], sizeof texts[i], "%lld", (long long)numbers[i]);
        db_request_text(&verb->request, texts[i]);
    }
    return true;
}

void verb_send(struct verb *verb)
{
    bool whole = true;
    for (size_t i = 0; i < sizeof verb->buffers / sizeof verb->buffers[0]; i++)
        whole = whole && !verb->buffers[i].failed;
    if (!whole)
        verb_fail(verb, STATUS_NO_MEMORY);
    else if (verb->store->stopping)
        verb_fail(verb, STATUS_UNAVAILABLE);
    else if (!db_pool_send(verb->store->verbs, &verb->request))
        verb_fail(verb, STATUS_BUSY);
}

char *store_keep_text(struct store_call *call, const PGresult *result, int row, int column)
{
    const char *text = PQgetvalue(result, row, column);
    return text[0] == '\0' ? (char *)(uintptr_t)protobuf_c_empty_string : arena_strdup(call->arena, text);
}

bool store_keep_texts(struct store_call *call, const PGresult *result, int row, int column, size_t *ret_count,
                      char ***ret_texts)
{
    const char *at = PQgetvalue(result, row, column);
    size_t size = (size_t)PQgetlength(result, row, column);
    if (PQgetisnull(result, row, column) || size < 20 || pg_load32(at) != 1)
        return true;
    size_t count = pg_load32(at + 12);
    if (count > size / 4)
        return false;
    char **texts = arena_alloc(call->arena, count * sizeof texts[0]);
    if (texts == NULL)
        return false;
    const char *end = at + size;
    at += 20;
    for (size_t i = 0; i < count; i++) {
        if (end - at < 4)
            return false;
        size_t length = pg_load32(at);
        at += 4;
        if (length > (size_t)(end - at) || (texts[i] = arena_alloc(call->arena, length + 1)) == NULL)
            return false;
        memcpy(texts[i], at, length);
        texts[i][length] = '\0';
        at += length;
    }
    *ret_count = count;
    *ret_texts = texts;
    return true;
}

/* ------------------------------------------------------------------------------------------------- life */

void store_notified(struct store *store, const char *channel, const char *payload)
{
    if (strcmp(channel, "samordning_access") == 0 || strcmp(channel, "samordning_layer") == 0)
        access_load(store->access);
    else if (strcmp(channel, "samordning_register") == 0)
        submissions_register_changed(store->submissions);
    else
        jobs_notified(store->jobs, channel, payload);
}

static enum status operator_written(struct verb *verb, const PGresult *result)
{
    return STATUS_OK;
}

/* What the configuration says of the operator, for the workers' reports. */
static void write_operator(struct store *store)
{
    struct verb *verb = verb_create(store, NULL, "SELECT register.set_operator($1::text, $2::text)");
    if (verb == NULL)
        return; /* the next reload or start writes it */
    verb->answer = operator_written;
    db_request_text(&verb->request, store->config->operator_name);
    db_request_text(&verb->request, store->config->operator_url);
    verb_send(verb);
}

static void caches_loaded(struct store *store)
{
    if (store->ready || store->stopping)
        return;
    store->ready = true;
    write_operator(store);
    store_logo_write(store);
    gather_retry_now(store->gather);
    submissions_up(store->submissions);
    workers_start(store->workers);
    log_info(NULL, "the store is ready");
}

/* The schema must be ours before anything else talks to the database. */
static void bring_up(struct store *store)
{
    if (store->stopping)
        return;
    if (!store->schema_is_ours) {
        struct errmsg errmsg = {0};
        enum status status = migrate_run(store->conninfo, MIGRATE_TIMEOUT_S, &errmsg);
        if (status != STATUS_OK) {
            log_error(NULL, "could not bring the schema up to date", LOG_STATUS(status), LOG_TEXT("reason", errmsg.text));
            event_add(store->migrate_timer, &(struct timeval){.tv_sec = MIGRATE_RETRY_MS / 1000});
            return;
        }
        store->schema_is_ours = true;
    }
    if (!store->pools_started) {
        store->pools_started = true;
        gather_start(store->gather);
        db_pool_start(store->side);
        db_pool_start(store->verbs);
    }
    access_load(store->access);
    jobs_up(store->jobs);
    if (!store->ready)
        event_add(store->migrate_timer, &(struct timeval){.tv_sec = MIGRATE_RETRY_MS / 1000});
}

static void migrate_cb(evutil_socket_t fd, short what, void *arg)
{
    struct store *store = arg;
    if (!store->ready && db_pool_is_up(store->listener))
        bring_up(store);
}

static void listener_changed(void *owner, struct db *db, bool up, const char *why)
{
    struct store *store = owner;
    metrics_set(store->metrics, METRIC_DATABASE_UP, up);
    if (up) {
        log_info(NULL, "connected to the database");
        submissions_register_changed(store->submissions); /* what was announced meanwhile was missed */
        bring_up(store);
    } else if (!store->stopping) {
        log_warning(NULL, "the database is away", LOG_TEXT("reason", why));
    }
}

static void listener_notified(void *owner, const char *channel, const char *payload)
{
    store_notified(owner, channel, payload);
}

static void pool_changed(void *owner, struct db *db, bool up, const char *why)
{
    struct store *store = owner;
    if (up && store->ready)
        submissions_up(store->submissions);
}

static const struct db_handlers listener_handlers = {NULL, listener_changed, listener_notified};
static const struct db_handlers pool_handlers = {NULL, pool_changed, NULL};

static void cluster_restarted(void *arg)
{
    struct store *store = arg;
    db_pool_retry_now(store->listener);
}

static enum status create_parts(struct store *store)
{
    const struct config *config = store->config;
    const uint64_t *retry = &config->database_retry_max_ms;
    store->answered_tail = &store->answered;
    store->answer_event = event_new(store->base, -1, 0, answer_cb, store);
    store->migrate_timer = evtimer_new(store->base, migrate_cb, store);
    store->listener = db_pool_create(store->base, store->conninfo, listener_setup, retry, 1, &listener_handlers, store);
    store->side = db_pool_create(store->base, store->conninfo, side_setup, retry, SIDE_CONNECTIONS, &pool_handlers, store);
    char *verbs_setup = survey_saves_setup(VERBS_SETUP, STANDBY);
    if (verbs_setup != NULL)
        store->verbs = db_pool_create(store->base, store->conninfo, verbs_setup, retry, config->researcher_connections,
                                      &pool_handlers, store);
    free(verbs_setup);
    store->access = access_create(store, caches_loaded);
    store->jobs = jobs_create(store);
    store->workers = workers_create(store);
    store->exports = exports_create();
    store->saves = survey_saves_create(store);
    store->house = survey_house_create(store);
    store->waves = survey_waves_create(store);
    survey_keys_load(store);
    bool whole = store->answer_event != NULL && store->migrate_timer != NULL && store->listener != NULL &&
                 store->side != NULL && store->verbs != NULL && store->access != NULL && store->jobs != NULL &&
                 store->workers != NULL && store->exports != NULL && store->saves != NULL && store->house != NULL &&
                 store->waves != NULL;
    if (!whole || gather_create(store, &store->gather) != STATUS_OK)
        return STATUS_NO_MEMORY;
    store->submissions = submissions_create(store);
    if (store->submissions == NULL)
        return STATUS_NO_MEMORY;
    return store->cluster != NULL ? cluster_watch(store->cluster, store->base, cluster_restarted, store) : STATUS_OK;
}

enum status store_create(struct event_base *base, const struct config *config, struct metrics *metrics,
                         struct store **ret_store, struct errmsg *ret_errmsg)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return STATUS_NO_MEMORY;
    store->base = base;
    store->config = config;
    store->metrics = metrics;
    store->claim = -1;
    enum status status = STATUS_OK;
    if (config->database[0] == '\0') {
        status = cluster_claim(config, &store->claim, ret_errmsg);
        if (status == STATUS_OK)
            status = cluster_open(config, &store->cluster, ret_errmsg);
    }
    if (status == STATUS_OK) {
        store->conninfo = strdup(store->cluster != NULL ? cluster_conninfo(store->cluster) : config->database);
        status = store->conninfo != NULL ? migrate_run(store->conninfo, MIGRATE_TIMEOUT_S, ret_errmsg) : STATUS_NO_MEMORY;
        store->schema_is_ours = status == STATUS_OK;
        if (status == STATUS_UNAVAILABLE && store->cluster == NULL) {
            log_warning(NULL, "the database is away, starting without it", LOG_TEXT("reason", ret_errmsg->text));
            status = STATUS_OK;
        }
    }
    if (status == STATUS_OK)
        status = create_parts(store);
    if (status != STATUS_OK) {
        store_destroy(store);
        return status == STATUS_NO_MEMORY ? status : STATUS_UNAVAILABLE;
    }
    db_pool_start(store->listener);
    *ret_store = store;
    return STATUS_OK;
}

void store_configured(struct store *store)
{
    /* settings are read where they are used; what waits is looked at again under the new ones */
    gather_retry_now(store->gather);
    if (store->ready)
        write_operator(store);
    if (store->ready)
        store_logo_write(store);
}

bool store_is_ready(const struct store *store)
{
    return store->ready && db_pool_is_up(store->listener) && gather_is_up(store->gather);
}

static void drain_cb(evutil_socket_t fd, short what, void *arg)
{
    struct store *store = arg;
    if (submissions_open(store->submissions) > 0 || store->verbs_open > 0 || store->answered != NULL)
        return;
    workers_stop(store->workers);
    if (workers_running(store->workers) > 0)
        return;
    void (*drained)(void *) = store->drained;
    if (drained == NULL)
        return;
    store->drained = NULL;
    event_del(store->drain_timer);
    drained(store->drained_arg);
}

void store_drain(struct store *store, void (*drained)(void *arg), void *arg)
{
    store->drained = drained;
    store->drained_arg = arg;
    if (store->drain_timer == NULL)
        store->drain_timer = event_new(store->base, -1, EV_PERSIST, drain_cb, store);
    if (store->drain_timer != NULL)
        event_add(store->drain_timer, &(struct timeval){.tv_usec = DRAIN_LOOK_MS * 1000L});
}

void store_destroy(struct store *store)
{
    if (store == NULL)
        return;
    store->stopping = true;
    workers_destroy(store->workers);
    /* each of these answers what it still holds, so nothing below may be gone yet */
    db_pool_destroy(store->listener);
    db_pool_destroy(store->side);
    db_pool_destroy(store->verbs);
    jobs_destroy(store->jobs);
    exports_destroy(store->exports);
    survey_saves_destroy(store->saves);
    survey_house_destroy(store->house);
    submissions_destroy(store->submissions);
    gather_destroy(store->gather);
    while (store->answer_event != NULL && store->answered != NULL) /* whoever is answered may ask once more, and is refused */
        answer_cb(-1, 0, store);
    survey_waves_destroy(store->waves);
    access_destroy(store->access);
    if (store->answer_event != NULL)
        event_free(store->answer_event);
    if (store->migrate_timer != NULL)
        event_free(store->migrate_timer);
    if (store->drain_timer != NULL)
        event_free(store->drain_timer);
    cluster_close(store->cluster, true);
    if (store->claim >= 0)
        close(store->claim);
    counts_destroy(store->counts);
    free(store->seen);
    free(store->conninfo);
    free(store);
}

/* ----------------------------------------------------------------------------------------------- caches */

enum status store_principal(const struct store *store, const char *orgnr, const char *subject, const char *fingerprint,
                            struct principal *ret_principal)
{
    return access_principal(store->access, orgnr, subject, fingerprint, ret_principal);
}

enum status store_token_principal(const struct store *store, const char *hash, struct principal *ret_principal)
{
    return access_token_principal(store->access, hash, ret_principal);
}

int store_layer_code(const struct store *store, const char *name)
{
    return access_layer_code(store->access, name);
}
