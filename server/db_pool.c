/* SPDX-License-Identifier: GPL-3.0-or-later
 * Queue in front of a few connections.
 */
#include "db_pool.h"
#include "clock.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SWEEP_MS 200

struct slot { /* what a connection carries for the pool */
    struct db_request request;
    struct db_request *asked; /* NULL = free */
    struct db_pool *pool;
    struct db *db;
    bool given_up;
};

struct db_pool {
    const struct db_handlers *handlers;
    void *owner;
    struct event *sweep;
    struct db_request *head, **tail;
    size_t waiting, count;
    bool stopping;
    struct slot slots[];
};

static void pump(struct db_pool *pool);

static void slot_done(struct db_request *request)
{
    struct slot *slot = request->owner;
    struct db_pool *pool = slot->pool;
    struct db_request *asked = slot->asked;
    bool given_up = slot->given_up;
    slot->asked = NULL;
    slot->given_up = false;
    if (given_up) {
        request->outcome = DB_ERROR;
        memcpy(request->sqlstate, "57014", 6);
    } else if (request->outcome == DB_LOST && !pool->stopping) {
        asked->next = pool->head;
        if (pool->head == NULL)
            pool->tail = &asked->next;
        pool->head = asked;
        pool->waiting++;
        return;
    }
    asked->outcome = request->outcome;
    asked->result = request->result;
    memcpy(asked->sqlstate, request->sqlstate, sizeof asked->sqlstate);
    memcpy(asked->column, request->column, sizeof asked->column);
    memcpy(asked->error, request->error, sizeof asked->error);
    asked->done(asked);
}

static void pump(struct db_pool *pool)
{
    for (size_t i = 0; i < pool->count && pool->head != NULL; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->asked != NULL || !db_is_idle(slot->db))
            continue;
        struct db_request *asked = pool->head;
        pool->head = asked->next;
        if (pool->head == NULL)
            pool->tail = &pool->head;
        pool->waiting--;
        slot->request = *asked;
        slot->request.done = slot_done;
        slot->request.owner = slot;
        slot->asked = asked;
        db_send(slot->db, &slot->request);
    }
}

static void slot_ready(void *owner, struct db *db)
{
    struct slot *slot = owner;
    pump(slot->pool);
}

static void slot_changed(void *owner, struct db *db, bool up, const char *why)
{
    struct slot *slot = owner;
    struct db_pool *pool = slot->pool;
    if (pool->stopping)
        return;
    size_t ups = 0;
    for (size_t i = 0; i < pool->count; i++)
        ups += db_is_up(pool->slots[i].db);
    if ((up && ups == 1) || (!up && ups == 0))
        pool->handlers->changed(pool->owner, db, up, why);
}

static void slot_notified(void *owner, const char *channel, const char *payload)
{
    struct slot *slot = owner;
    if (slot->pool->handlers->notified != NULL)
        slot->pool->handlers->notified(slot->pool->owner, channel, payload);
}

static const struct db_handlers slot_handlers = {slot_ready, slot_changed, slot_notified};

/* Statements that go on after their deadline: whoever asked has been told, and a stop must not wait for them. The connection is
 * closed, which ends the statement too (client_connection_check_interval). */
static void give_up_late(struct db_pool *pool, int64_t now)
{
    for (size_t i = 0; i < pool->count; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->asked == NULL || !slot->asked->ends_late || now <= slot->asked->deadline_us)
            continue;
        slot->given_up = true;
        db_give_up(slot->db);
    }
}

/* Requests nobody took before their deadline. Answered one at a time from a list of their own, because done may send more. */
static void sweep_cb(evutil_socket_t fd, short what, void *arg)
{
    struct db_pool *pool = arg;
    int64_t now = clock_monotonic_us();
    struct db_request *expired = NULL;
    for (struct db_request **at = &pool->head; *at != NULL;) {
        struct db_request *request = *at;
        if (request->deadline_us != 0 && now > request->deadline_us) {
            *at = request->next;
            request->next = expired;
            expired = request;
            pool->waiting--;
        } else {
            at = &request->next;
        }
    }
    pool->tail = &pool->head;
    while (*pool->tail != NULL)
        pool->tail = &(*pool->tail)->next;
    while (expired != NULL) {
        struct db_request *request = expired;
        expired = request->next;
        request->outcome = DB_LOST;
        request->result = NULL;
        const char *why = db_why_down(pool->slots[0].db);
        memcpy(request->sqlstate, "08006", 6);
        snprintf(request->error, sizeof request->error, "%s", why[0] != '\0' ? why : "no connection became free in time");
        request->done(request);
    }
    give_up_late(pool, now);
}

struct db_pool *db_pool_create(struct event_base *base, const char *conninfo, const char *setup, const uint64_t *retry_max_ms,
                               size_t connections, const struct db_handlers *handlers, void *owner)
{
    struct db_pool *pool = calloc(1, sizeof *pool + connections * sizeof pool->slots[0]);
    if (pool == NULL)
        return NULL;
    pool->handlers = handlers;
    pool->owner = owner;
    pool->tail = &pool->head;
    pool->sweep = event_new(base, -1, EV_PERSIST, sweep_cb, pool);
    bool whole = pool->sweep != NULL;
    for (size_t i = 0; i < connections && whole; i++) {
        struct slot *slot = &pool->slots[i];
        slot->pool = pool;
        slot->db = db_create(base, conninfo, setup, retry_max_ms, &slot_handlers, slot);
        whole = slot->db != NULL;
        pool->count += whole;
    }
    if (!whole) {
        db_pool_destroy(pool);
        return NULL;
    }
    event_add(pool->sweep, &(struct timeval){.tv_usec = SWEEP_MS * 1000L});
    return pool;
}

void db_pool_start(struct db_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        db_start(pool->slots[i].db);
}

bool db_pool_send(struct db_pool *pool, struct db_request *request)
{
    if (pool->waiting >= DB_POOL_QUEUE_MAX || pool->stopping)
        return false;
    request->next = NULL;
    *pool->tail = request;
    pool->tail = &request->next;
    pool->waiting++;
    pump(pool);
    return true;
}

bool db_pool_is_up(const struct db_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        if (db_is_up(pool->slots[i].db))
            return true;
    return false;
}

size_t db_pool_waiting(const struct db_pool *pool)
{
    return pool->waiting;
}

void db_pool_retry_now(struct db_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        db_retry_now(pool->slots[i].db);
}

void db_pool_destroy(struct db_pool *pool)
{
    if (pool == NULL)
        return;
    pool->stopping = true;
    for (size_t i = 0; i < pool->count; i++)
        db_destroy(pool->slots[i].db);
    while (pool->head != NULL) {
        struct db_request *request = pool->head;
        pool->head = request->next;
        request->outcome = DB_LOST;
        request->result = NULL;
        snprintf(request->error, sizeof request->error, "the daemon is stopping");
        request->done(request);
    }
    if (pool->sweep != NULL)
        event_free(pool->sweep);
    free(pool);
}
