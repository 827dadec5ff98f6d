/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store against a private PostgreSQL of its own: every receipt, partitions over years, poison, kills in the middle.
 */
#include "arena.h"
#include "clock.h"
#include "cluster.h"
#include "config.h"
#include "interaction_id.h"
#include "log.h"
#include "metrics.h"
#include "store.h"
#include "store_admin.h"
#include "store_life.h"

#include <check.h>
#include <event2/event.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEADLINE_US INT64_C(60000000)
#define BATCH_MAX   4000

static char directory[64];
static struct config config;
static struct metrics metrics;
static struct event_base *base;
static struct store *store;
static PGconn *conn;
static int32_t first_org, second_org;
static unsigned serial;

enum { STORED = 1, ALREADY, WITNESSED, CORRECTED, CONFLICT, REJECTED, WITHDRAWN };

/* ------------------------------------------------------------------------------------------------- help */

struct batch {
    struct store_submission ask;
    struct arena arena;
    Samordning__V1__Interaction *messages[BATCH_MAX];
    uint8_t ids[BATCH_MAX][16];
    uint64_t hashes[BATCH_MAX];
    Samordning__V1__Receipt receipts[BATCH_MAX];
    bool done;
};

static void batch_done(struct store_call *call)
{
    ((struct batch *)call->owner)->done = true;
}

static struct batch *batch_new(int32_t organisation)
{
    struct batch *batch = calloc(1, sizeof *batch);
    ck_assert_ptr_nonnull(batch);
    arena_init(&batch->arena, 64 << 20);
    batch->ask = (struct store_submission){
        .interactions = batch->messages, .ids = batch->ids, .content_hashes = batch->hashes, .receipts = batch->receipts};
    batch->ask.call = (struct store_call){.arena = &batch->arena,
                                          .principal = {.organisation = organisation},
                                          .deadline_us = clock_monotonic_us() + DEADLINE_US,
                                          .done = batch_done,
                                          .owner = batch};
    return batch;
}

static Samordning__V1__Interaction *batch_add(struct batch *batch, const char *source_id, int64_t time_us,
                                              const char *const *actors, size_t count)
{
    size_t n = batch->ask.count++;
    ck_assert_uint_lt(n, BATCH_MAX);
    Samordning__V1__Interaction *m = arena_alloc(&batch->arena, sizeof *m);
    samordning__v1__interaction__init(m);
    m->type = arena_strdup(&batch->arena, "consultation");
    m->time = time_us;
    m->source = arena_strdup(&batch->arena, "prøve");
    m->source_id = arena_strdup(&batch->arena, source_id);
    m->participants = arena_alloc(&batch->arena, count * sizeof m->participants[0]);
    m->n_participants = count;
    for (size_t i = 0; i < count; i++) {
        Samordning__V1__Participant *p = arena_alloc(&batch->arena, sizeof *p);
        samordning__v1__participant__init(p);
        p->actor = arena_strdup(&batch->arena, actors[i]);
        p->role = i == 0 ? SAMORDNING__V1__ROLE__ROLE_SENDER : SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
        p->deadline = i == 1 ? time_us + 1000000 : 0;
        m->participants[i] = p;
    }
    batch->messages[n] = m;
    interaction_id_derive(m, batch->ids[n]);
    batch->hashes[n] = interaction_content_hash(m);
    samordning__v1__receipt__init(&batch->receipts[n]);
    batch->receipts[n].id = (ProtobufCBinaryData){.len = 16, .data = batch->ids[n]};
    batch->ask.packed_bytes += 200;
    return m;
}

static Samordning__V1__Interaction *batch_add_pair(struct batch *batch, const char *source_id, int64_t time_us)
{
    static const char *const pair[] = {"Finansdepartementet", "Ærlighetstilsynet"};
    return batch_add(batch, source_id, time_us, pair, 2);
}

static void rehash(struct batch *batch)
{
    for (size_t i = 0; i < batch->ask.count; i++)
        batch->hashes[i] = interaction_content_hash(batch->messages[i]);
}

static void wait_for(const bool *flag)
{
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US + 10000000;
    while (!*flag && clock_monotonic_us() < deadline_us)
        event_base_loop(base, EVLOOP_ONCE);
    ck_assert_msg(*flag, "no answer in time");
}

static void batch_send(struct batch *batch)
{
    batch->done = false;
    store_submit(store, &batch->ask);
    ck_assert_msg(!batch->done, "called back before the verb returned");
}

static void batch_run(struct batch *batch)
{
    batch_send(batch);
    wait_for(&batch->done);
}

static void batch_free(struct batch *batch)
{
    arena_release(&batch->arena);
    free(batch);
}

static long long sql_number(const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1, "%s: %s", sql, PQerrorMessage(conn));
    long long number = atoll(PQgetvalue(result, 0, 0));
    PQclear(result);
    return number;
}

static void sql_run(const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", sql,
                  PQerrorMessage(conn));
    PQclear(result);
}

static const char *conninfo(void)
{
    static char text[200];
    snprintf(text, sizeof text, "host=%s/postgres/run user=samordning dbname=samordning", directory);
    return text;
}

static void reconnect(void)
{
    PQfinish(conn);
    conn = NULL;
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
    do {
        event_base_loop(base, EVLOOP_ONCE);
        PQfinish(conn);
        conn = PQconnectdb(conninfo());
    } while (PQstatus(conn) != CONNECTION_OK && clock_monotonic_us() < deadline_us);
    ck_assert_int_eq(PQstatus(conn), CONNECTION_OK);
}

/* One interaction, sent by an organisation: the state of its receipt. */
static int send_one(int32_t organisation, const char *source_id, int64_t time_us, const char *case_ref, bool correction)
{
    struct batch *batch = batch_new(organisation);
    Samordning__V1__Interaction *m = batch_add_pair(batch, source_id, time_us);
    m->case_ref = arena_strdup(&batch->arena, case_ref);
    rehash(batch);
    if (correction)
        batch->ask.intent = SAMORDNING__V1__SUBMIT_INTENT__SUBMIT_CORRECTION;
    batch_run(batch);
    ck_assert_msg(batch->ask.call.status == STATUS_OK, "%s", batch->ask.call.errmsg.text);
    int state = (int)batch->receipts[0].state;
    if (state == REJECTED)
        ck_assert_int_eq(batch->receipts[0].status, STATUS_NOT_FOUND);
    batch_free(batch);
    return state;
}

struct take_back {
    struct store_withdrawal ask;
    bool done;
};

static void take_back_done(struct store_call *call)
{
    ((struct take_back *)call->owner)->done = true;
}

static int withdraw_one(int32_t organisation, const char *source_id, int64_t time_us, int *ret_status)
{
    struct batch *batch = batch_new(organisation);
    batch_add_pair(batch, source_id, time_us);
    struct take_back back = {.ask = {.count = 1, .ids = batch->ids, .reason = "feil", .receipts = batch->receipts}};
    back.ask.call = batch->ask.call;
    back.ask.call.done = take_back_done;
    back.ask.call.owner = &back;
    store_withdraw(store, &back.ask);
    wait_for(&back.done);
    ck_assert_int_eq(back.ask.call.status, STATUS_OK);
    int state = (int)batch->receipts[0].state;
    *ret_status = (int)batch->receipts[0].status;
    batch_free(batch);
    return state;
}

static int64_t some_time(void)
{
    return INT64_C(1393663200000000) + (int64_t)serial++ * 1000000;
}

/* ------------------------------------------------------------------------------------------------ tests */

START_TEST(test_receipts)
{
    int64_t t = some_time();
    int status;
    ck_assert_int_eq(send_one(first_org, "r1", t, "a", false), STORED);
    ck_assert_int_eq(send_one(first_org, "r1", t, "a", false), ALREADY);
    ck_assert_int_eq(send_one(first_org, "r1", t, "b", false), CONFLICT);
    ck_assert_int_eq(send_one(second_org, "r1", t, "b", false), WITNESSED);
    ck_assert_int_eq(send_one(second_org, "r1", t, "b", false), ALREADY);
    ck_assert_int_eq(send_one(second_org, "r1", t, "c", false), CONFLICT);
    ck_assert_int_eq(send_one(first_org, "r1", t, "a", true), ALREADY);
    ck_assert_int_eq(send_one(first_org, "r1", t, "c", true), CORRECTED);
    ck_assert_int_eq(send_one(first_org, "r1", t, "c", true), ALREADY);
    ck_assert_int_eq(send_one(first_org, "r1", t, "d", true), CORRECTED);
    ck_assert_int_eq(send_one(first_org, "r1", t, "a", false), ALREADY); /* in its history */
    ck_assert_int_eq(send_one(second_org, "r1", t, "e", true), CORRECTED);
    ck_assert_int_eq(send_one(first_org, "r2", t, "a", true), REJECTED); /* nothing there */
    ck_assert_int_eq(send_one(first_org, "r3", t, "a", false), STORED);
    ck_assert_int_eq(send_one(second_org, "r3", t, "b", true), REJECTED); /* not his */
    ck_assert_int_eq(
        sql_number("SELECT count(*) FROM report.statement WHERE source_id = 'r1' AND case_ref = 'd' AND NOT witness"), 1);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.statement WHERE source_id = 'r1' AND case_ref = 'e' AND witness"),
                     1);
    ck_assert_int_eq(sql_number("SELECT witnesses FROM research.interaction WHERE source_id = 'r1'"), 1);

    ck_assert_int_eq(withdraw_one(second_org, "r3", t, &status), REJECTED);
    ck_assert_int_eq(status, STATUS_FORBIDDEN);
    ck_assert_int_eq(withdraw_one(first_org, "absent", t, &status), REJECTED);
    ck_assert_int_eq(status, STATUS_NOT_FOUND);
    ck_assert_int_eq(withdraw_one(first_org, "r1", t, &status), WITHDRAWN);
    ck_assert_int_eq(withdraw_one(first_org, "r1", t, &status), ALREADY);
    ck_assert_int_eq(send_one(first_org, "r1", t, "a", false), WITHDRAWN);
    ck_assert_int_eq(send_one(first_org, "r1", t, "a", true), WITHDRAWN);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM research.interaction WHERE source_id = 'r1' AND \"case\" = 'e'"), 1);
    ck_assert_int_eq(withdraw_one(second_org, "r1", t, &status), WITHDRAWN);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM research.interaction WHERE source_id = 'r1'"), 0);
}
END_TEST

START_TEST(test_mixed_batch)
{
    struct batch *batch = batch_new(first_org);
    char name[32];
    int64_t t = some_time();
    for (int i = 0; i < 200; i += 2) {
        snprintf(name, sizeof name, "mix%d", i);
        batch_add_pair(batch, name, t + i * 7);
    }
    batch_run(batch);
    for (size_t i = 0; i < batch->ask.count; i++)
        ck_assert_int_eq(batch->receipts[i].state, STORED);
    batch_free(batch);
    batch = batch_new(first_org);
    for (int i = 199; i >= 0; i--) {
        snprintf(name, sizeof name, "mix%d", i);
        batch_add_pair(batch, name, t + i * 7);
    }
    batch_run(batch);
    for (size_t i = 0; i < batch->ask.count; i++)
        ck_assert_int_eq(batch->receipts[i].state, i % 2 == 0 ? STORED : ALREADY);
    batch_free(batch);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.interaction WHERE source_id LIKE 'mix%'"), 200);
}
END_TEST

START_TEST(test_months_over_years)
{
    struct batch *batch = batch_new(first_org);
    char name[32];
    for (int i = 0; i < 113; i++) { /* about seven months apart, 1970 to 2035, backwards */
        snprintf(name, sizeof name, "y%d", i);
        batch_add_pair(batch, name, INT64_C(2051222400000000) - (int64_t)i * INT64_C(18144000000000));
    }
    batch_run(batch);
    ck_assert_int_eq(batch->ask.call.status, STATUS_OK);
    for (size_t i = 0; i < batch->ask.count; i++)
        ck_assert_int_eq(batch->receipts[i].state, STORED);
    batch_free(batch);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.interaction WHERE source_id LIKE 'y%'"), 113);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.interaction i WHERE tableoid::regclass::text <> "
                                "'report.interaction_' || to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY_MM')"),
                     0);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.interaction WHERE source_id LIKE 'y%' AND "
                                "report.day_of(occurred_at) - date '1970-01-01' "
                                "NOT IN (SELECT unnest(days) FROM report.touched)"),
                     0);
}
END_TEST

START_TEST(test_same_id_at_once)
{
    int64_t t = some_time();
    struct batch *batches[6];
    for (int i = 0; i < 6; i++) {
        batches[i] = batch_new(i < 3 ? first_org : second_org);
        batch_add_pair(batches[i], "twice", t);
    }
    for (int i = 0; i < 6; i++)
        batch_send(batches[i]);
    int stored = 0, already = 0, witnessed = 0;
    for (int i = 0; i < 6; i++) {
        wait_for(&batches[i]->done);
        stored += batches[i]->receipts[0].state == (int)STORED;
        already += batches[i]->receipts[0].state == (int)ALREADY;
        witnessed += batches[i]->receipts[0].state == (int)WITNESSED;
        batch_free(batches[i]);
    }
    ck_assert_int_eq(stored, 1);
    ck_assert_int_eq(witnessed, 1);
    ck_assert_int_eq(already, 4);
}
END_TEST

/* Clients that ask again when they are answered: in time they share their commits, however they began. */
START_TEST(test_company)
{
    enum { CLIENTS = 8, ROUNDS = 60 };
    struct batch *batches[CLIENTS];
    char source_id[32];
    int64_t t = some_time();
    unsigned asked = 0;
    int64_t before = metrics.values[METRIC_STORE_COMMITS];
    for (unsigned i = 0; i < CLIENTS; i++) {
        batches[i] = batch_new(first_org);
        batches[i]->done = true;
    }
    for (unsigned stored = 0; stored < CLIENTS * ROUNDS;) {
        /* one alone at first, so that the others gather behind it */
        for (unsigned i = 0; i < (asked == 0 ? 1 : CLIENTS); i++) {
            if (!batches[i]->done || asked >= CLIENTS * ROUNDS)
                continue;
            arena_reset(&batches[i]->arena);
            batches[i]->ask.count = 0;
            batches[i]->ask.call.deadline_us = clock_monotonic_us() + DEADLINE_US;
            snprintf(source_id, sizeof source_id, "company %u", asked++);
            batch_add_pair(batches[i], source_id, t);
            batch_send(batches[i]);
        }
        event_base_loop(base, EVLOOP_ONCE);
        stored = asked;
        for (unsigned i = 0; i < CLIENTS; i++)
            stored -= !batches[i]->done;
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        wait_for(&batches[i]->done);
        ck_assert_int_eq(batches[i]->ask.call.status, STATUS_OK);
        ck_assert_int_eq(batches[i]->receipts[0].state, STORED);
        batch_free(batches[i]);
    }
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.interaction WHERE source_id LIKE 'company %'"), CLIENTS * ROUNDS);
    int64_t commits = metrics.values[METRIC_STORE_COMMITS] - before;
    /* without waiting for each other they fall into two groups, which take turns: a commit for every four */
    ck_assert_msg(commits < CLIENTS * ROUNDS / 6, "%d interactions in %lld commits", CLIENTS * ROUNDS, (long long)commits);
}
END_TEST

START_TEST(test_poison)
{
    static const char *const bad[] = {"Finansdepartementet", "\xff\xfe"};
    long long touched = sql_number("SELECT count(*) FROM report.touched"),
              kept = sql_number("SELECT count(*) FROM report.quarantine");
    struct batch *batch = batch_new(first_org);
    int64_t t = some_time();
    batch_add_pair(batch, "poison alone", t)->case_ref = arena_strdup(&batch->arena, "\xc3\x28");
    batch_run(batch);
    ck_assert_int_eq(batch->receipts[0].state, REJECTED);
    ck_assert_msg(strstr(batch->receipts[0].reason, "the database refused it") != NULL, "%s", batch->receipts[0].reason);
    batch_free(batch);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.touched"), touched); /* rolled back with the COPY it went with */
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.quarantine"), kept + 1);

    batch = batch_new(first_org);
    char name[32];
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "pois%d", i);
        if (i == 41)
            batch_add(batch, name, t + i, bad, 2);
        else
            batch_add_pair(batch, name, t + i);
        if (i == 17 || i == 18)
            batch->messages[i]->case_ref = arena_strdup(&batch->arena, "\xed\xa0\x80");
    }
    batch_run(batch);
    ck_assert_int_eq(batch->ask.call.status, STATUS_OK);
    for (int i = 0; i < 60; i++)
        ck_assert_int_eq(batch->receipts[i].state, i == 17 || i == 18 || i == 41 ? REJECTED : STORED);
    ck_assert_str_eq(batch->receipts[41].field, "participants[1].actor");
    batch_free(batch);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.quarantine"), kept + 4);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.interaction WHERE source_id LIKE 'pois%'"), 57);
}
END_TEST

START_TEST(test_rejected_and_delivery)
{
    long long kept = sql_number("SELECT count(*) FROM report.quarantine");
    struct batch *batch = batch_new(second_org);
    int64_t t = some_time();
    Samordning__V1__Delivery delivery = SAMORDNING__V1__DELIVERY__INIT;
    delivery.from = (char[]){"2014-03-01"};
    delivery.to = (char[]){"2014-04-01"};
    batch->ask.delivery = &delivery;
    batch->ask.file = "mars.csv";
    for (int i = 0; i < 4; i++) {
        char name[16];
        snprintf(name, sizeof name, "rej%d", i);
        batch_add_pair(batch, name, t + i);
    }
    for (int i = 1; i < 3; i++) {
        batch->receipts[i].state = (Samordning__V1__ReceiptState)REJECTED;
        batch->receipts[i].status = (Samordning__V1__StatusCode)(i == 1 ? STATUS_INVALID : STATUS_CLASSIFIED);
        batch->receipts[i].field = arena_strdup(&batch->arena, "time");
        batch->receipts[i].reason = arena_strdup(&batch->arena, "før 1970");
    }
    batch->messages[2]->classification = SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
    batch->messages[3]->type = (char[]){"ukjent slag"};
    batch_run(batch);
    ck_assert_int_eq(batch->ask.call.status, STATUS_OK);
    ck_assert_int_eq(batch->receipts[0].state, STORED);
    ck_assert_int_eq(batch->receipts[3].state, REJECTED);
    batch_free(batch);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM report.quarantine"), kept + 2);
    ck_assert_int_eq(sql_number("SELECT sum(count) FROM report.refused WHERE classification = 4"), 1);
    ck_assert_int_eq(
        sql_number("SELECT count(*) FROM report.delivery WHERE file = 'mars.csv' AND period = '[2014-03-01,2014-04-01)'"), 1);
}
END_TEST

START_TEST(test_busy_and_deadline)
{
    uint64_t queue = config.max_queue_bytes;
    config.max_queue_bytes = 1;
    struct batch *one = batch_new(first_org), *two = batch_new(first_org);
    batch_add_pair(one, "busy1", some_time());
    batch_add_pair(two, "busy2", some_time());
    batch_send(one);
    batch_send(two);
    wait_for(&one->done);
    wait_for(&two->done);
    ck_assert_int_eq(one->ask.call.status, STATUS_OK);
    ck_assert_int_eq(two->ask.call.status, STATUS_BUSY);
    ck_assert_uint_gt(two->ask.call.retry_after_ms, 0);
    config.max_queue_bytes = queue;
    two->ask.call.deadline_us = 1;
    sql_run("BEGIN; LOCK report.interaction IN ACCESS EXCLUSIVE MODE");
    batch_run(two);
    ck_assert_int_eq(two->ask.call.status, STATUS_TIMEOUT);
    sql_run("ROLLBACK");
    two->ask.call.deadline_us = clock_monotonic_us() + DEADLINE_US;
    batch_run(two);
    ck_assert_int_eq(two->ask.call.status, STATUS_OK);
    batch_free(one);
    batch_free(two);
}
END_TEST

/* Answers of small verbs. */
struct verb_call {
    struct store_message_call c;
    struct arena arena;
    bool done;
};

static void verb_call_done(struct store_call *call)
{
    ((struct verb_call *)call->owner)->done = true;
}

static void verb_begin(struct verb_call *v, const ProtobufCMessage *request, ProtobufCMessage *response)
{
    memset(v, 0, sizeof *v);
    arena_init(&v->arena, 16 << 20);
    v->c.request = request;
    v->c.response = response;
    v->c.call = (struct store_call){.arena = &v->arena,
                                    .principal = {.organisation = first_org, .roles = PRINCIPAL_ROLE(3)},
                                    .deadline_us = clock_monotonic_us() + DEADLINE_US,
                                    .done = verb_call_done,
                                    .owner = v};
}

static void verb_end(struct verb_call *v)
{
    wait_for(&v->done);
    ck_assert_msg(v->c.call.status == STATUS_OK, "%s", v->c.call.errmsg.text);
}

START_TEST(test_register)
{
    static const char *const names[] = {"Nærings- og fiskeridepartementet", "Ukjent kontor", "UKJENT  kontor"};
    struct batch *batch = batch_new(first_org);
    batch_add(batch, "reg1", some_time(), names, 3);
    batch_run(batch);
    ck_assert_uint_eq(batch->receipts[0].waiting_actors, 3);
    batch_free(batch);

    struct verb_call v;
    Samordning__V1__ActorRecord one = SAMORDNING__V1__ACTOR_RECORD__INIT, two = SAMORDNING__V1__ACTOR_RECORD__INIT;
    one.kind = (char[]){"ministry"};
    one.name_nb = (char[]){"Nærings- og fiskeridepartementet"};
    one.abbreviation = (char[]){"NFD"};
    one.orgnr = (char[]){"912660680"};
    one.valid_from = (char[]){"2014-01-01"};
    two.name_nb = (char[]){"Feil"};
    two.orgnr = (char[]){"912660681"};
    Samordning__V1__ActorRecord *records[] = {&one, &two};
    Samordning__V1__ActorImportRequest import = SAMORDNING__V1__ACTOR_IMPORT_REQUEST__INIT;
    import.actors = records;
    import.n_actors = 2;
    Samordning__V1__ActorImportResponse imported = SAMORDNING__V1__ACTOR_IMPORT_RESPONSE__INIT;
    verb_begin(&v, &import.base, &imported.base);
    store_actor_import(store, &v.c);
    verb_end(&v);
    ck_assert_uint_eq(imported.n_receipts, 2);
    ck_assert_int_eq(imported.receipts[0]->state, STORED);
    ck_assert_int_eq(imported.receipts[1]->state, REJECTED);
    ck_assert_str_eq(imported.receipts[1]->field, "orgnr");
    arena_release(&v.arena);

    Samordning__V1__ActorListRequest list = SAMORDNING__V1__ACTOR_LIST_REQUEST__INIT;
    Samordning__V1__ActorListResponse listed = SAMORDNING__V1__ACTOR_LIST_RESPONSE__INIT;
    list.search = (char[]){"NÆRINGS"};
    list.on = (char[]){"2020-06-01"};
    verb_begin(&v, &list.base, &listed.base);
    store_actor_list(store, &v.c);
    verb_end(&v);
    ck_assert_uint_eq(listed.n_actors, 1);
    ck_assert_str_eq(listed.actors[0]->key, "912660680");
    ck_assert_str_eq(listed.actors[0]->valid_from, "2014-01-01");
    arena_release(&v.arena);
    list.on = (char[]){"2013-12-31"};
    verb_begin(&v, &list.base, &listed.base);
    store_actor_list(store, &v.c);
    verb_end(&v);
    ck_assert_uint_eq(listed.n_actors, 0);
    arena_release(&v.arena);

    list.waiting = true;
    list.search = (char[]){"kontor"};
    verb_begin(&v, &list.base, &listed.base);
    store_actor_list(store, &v.c);
    verb_end(&v);
    ck_assert_uint_eq(listed.n_waiting, 2);
    ck_assert_uint_eq(listed.waiting[0]->interactions, 1);
    arena_release(&v.arena);

    long long version = sql_number("SELECT register.version()");
    Samordning__V1__ActorResolveRequest resolve = SAMORDNING__V1__ACTOR_RESOLVE_REQUEST__INIT;
    Samordning__V1__ActorResolveResponse resolved = SAMORDNING__V1__ACTOR_RESOLVE_RESPONSE__INIT;
    char *labels[] = {(char[]){"Ukjent kontor"}};
    resolve.labels = labels;
    resolve.n_labels = 1;
    resolve.actor = (char[]){"NFD"};
    verb_begin(&v, &resolve.base, &resolved.base);
    store_actor_resolve(store, &v.c);
    verb_end(&v);
    ck_assert_uint_eq(resolved.resolved, 2); /* both spellings */
    ck_assert_int_gt(sql_number("SELECT register.version()"), version);
    arena_release(&v.arena);

    batch = batch_new(first_org);
    batch_add(batch, "reg2", some_time(), names, 3);
    batch_run(batch);
    ck_assert_uint_eq(batch->receipts[0].waiting_actors, 0);
    batch_free(batch);

    resolve.n_labels = 0;
    resolve.actor = (char[]){""};
    resolve.create_kind = (char[]){"other"};
    verb_begin(&v, &resolve.base, &resolved.base);
    store_actor_resolve(store, &v.c);
    verb_end(&v);
    ck_assert_uint_gt(resolved.created, 0);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM register.waiting_label"), 0);
    arena_release(&v.arena);

    resolve.create_kind = (char[]){"drage"};
    verb_begin(&v, &resolve.base, &resolved.base);
    store_actor_resolve(store, &v.c);
    wait_for(&v.done);
    ck_assert_int_eq(v.c.call.status, STATUS_INVALID);
    ck_assert_str_eq(v.c.call.errmsg.field, "create_kind");
    arena_release(&v.arena);
}
END_TEST

START_TEST(test_access_and_layers)
{
    struct verb_call v;
    struct principal principal;
    ck_assert_int_eq(store_principal(store, "986252932", "", "", &principal), STATUS_UNAUTHENTICATED);
    Samordning__V1__AccessRole roles[] = {1, 2};
    Samordning__V1__EnrolRequest enrol = SAMORDNING__V1__ENROL_REQUEST__INIT;
    Samordning__V1__EnrolResponse enrolled = SAMORDNING__V1__ENROL_RESPONSE__INIT;
    enrol.orgnr = (char[]){"986252932"};
    enrol.name = (char[]){"DFØ"};
    enrol.roles = roles;
    enrol.n_roles = 2;
    enrol.subject = (char[]){"CN=dfø"};
    verb_begin(&v, &enrol.base, &enrolled.base);
    store_enrol(store, &v.c, "ab12", INT64_C(2000000000000000));
    verb_end(&v);
    arena_release(&v.arena);
    ck_assert_int_eq(store_principal(store, "986252932", "", "ab12", &principal), STATUS_OK);
    ck_assert_uint_eq(principal.roles, PRINCIPAL_ROLE(1) | PRINCIPAL_ROLE(2));
    ck_assert_int_eq(store_principal(store, "", "CN=dfø", "", &principal), STATUS_OK);
    ck_assert_str_eq(principal.orgnr, "986252932");
    sql_run("UPDATE access.certificate SET revoked_at = now() WHERE fingerprint = 'ab12'");
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
    while (store_principal(store, "986252932", "", "ab12", &principal) == STATUS_OK && clock_monotonic_us() < deadline_us)
        event_base_loop(base, EVLOOP_ONCE);
    ck_assert_int_eq(store_principal(store, "986252932", "", "ab12", &principal), STATUS_UNAUTHENTICATED);
    ck_assert_int_eq(store_principal(store, "986252932", "", "other", &principal), STATUS_OK);

    ck_assert_int_gt(store_layer_code(store, "meeting"), 0);
    ck_assert_int_eq(store_layer_code(store, "kaffe"), -1);
    Samordning__V1__LayerRecord layer = SAMORDNING__V1__LAYER_RECORD__INIT, *add[] = {&layer};
    layer.name = (char[]){"kaffe"};
    Samordning__V1__LayerRequest request = SAMORDNING__V1__LAYER_REQUEST__INIT;
    Samordning__V1__LayerResponse response = SAMORDNING__V1__LAYER_RESPONSE__INIT;
    request.add = add;
    request.n_add = 1;
    verb_begin(&v, &request.base, &response.base);
    store_layer(store, &v.c);
    verb_end(&v);
    ck_assert_uint_gt(response.n_layers, 1);
    arena_release(&v.arena);
    ck_assert_int_ge(store_layer_code(store, "kaffe"), 100);
    layer.kind = 2;
    verb_begin(&v, &request.base, &response.base);
    store_layer(store, &v.c);
    wait_for(&v.done);
    ck_assert_int_eq(v.c.call.status, STATUS_CONFLICT);
    arena_release(&v.arena);
}
END_TEST

START_TEST(test_status)
{
    struct verb_call v;
    Samordning__V1__StatusRequest request = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__StatusResponse response = SAMORDNING__V1__STATUS_RESPONSE__INIT;
    verb_begin(&v, &request.base, &response.base);
    store_status(store, &v.c);
    verb_end(&v);
    ck_assert_int_eq((long long)response.interactions, sql_number("SELECT count(*) FROM report.interaction"));
    ck_assert_int_eq((long long)response.quarantined, sql_number("SELECT count(*) FROM report.quarantine"));
    ck_assert_int_eq((long long)response.withdrawn,
                     sql_number("SELECT count(DISTINCT (id, reporter)) FROM report.supplement WHERE kind = 3"));
    ck_assert_uint_gt(response.schema_version, 1);
    arena_release(&v.arena);
    ck_assert_int_eq(send_one(first_org, "stat", some_time(), "", false), STORED);
    uint64_t before = response.interactions;
    samordning__v1__status_response__init(&response);
    verb_begin(&v, &request.base, &response.base);
    v.c.call.principal.roles = PRINCIPAL_ROLE(1);
    v.c.call.principal.organisation = second_org;
    store_status(store, &v.c);
    verb_end(&v);
    arena_release(&v.arena);
    ck_assert_uint_lt(response.interactions, before); /* only its own */
    samordning__v1__status_response__init(&response);
    verb_begin(&v, &request.base, &response.base);
    store_status(store, &v.c);
    verb_end(&v);
    ck_assert_uint_eq(response.interactions, before + 1);
    arena_release(&v.arena);
}
END_TEST

struct analysis_call {
    struct store_analysis ask;
    struct arena arena;
    bool done;
    unsigned permille;
    bool progressed;
};

static void analysis_done(struct store_call *call)
{
    ((struct analysis_call *)call->owner)->done = true;
}

static void analysis_progress(struct store_analysis *ask, const char *phase, unsigned permille)
{
    struct analysis_call *a = ask->call.owner;
    ck_assert_str_eq(phase, "regner ut");
    a->permille = permille;
    a->progressed = true;
}

static void analysis_begin(struct analysis_call *a, const char *spec)
{
    memset(a, 0, sizeof *a);
    arena_init(&a->arena, 16 << 20);
    a->ask = (struct store_analysis){.family = "graph", .spec = spec, .language = "", .progress = analysis_progress};
    a->ask.call = (struct store_call){.arena = &a->arena,
                                      .principal = {.organisation = first_org},
                                      .deadline_us = clock_monotonic_us() + DEADLINE_US,
                                      .done = analysis_done,
                                      .owner = a};
    store_analyse(store, &a->ask);
}

static void wait_for_sql(const char *sql)
{
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
    while (sql_number(sql) == 0 && clock_monotonic_us() < deadline_us)
        event_base_loop(base, EVLOOP_ONCE);
    ck_assert_msg(sql_number(sql) != 0, "%s", sql);
}

START_TEST(test_analysis)
{
    struct analysis_call a, b;
    analysis_begin(&a, "one");
    analysis_begin(&b, "one");
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'one'");
    sql_run("UPDATE knowledge.job SET state = 'running', heartbeat_at = now(), attempts = 1 WHERE spec = 'one'");
    while (!a.progressed || !b.progressed) {
        sql_run("SELECT pg_notify('samordning_job_progress', id || ' 500 regner ut') FROM knowledge.job WHERE spec = 'one'");
        event_base_loop(base, EVLOOP_ONCE);
    }
    ck_assert_uint_eq(a.permille, 500);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM knowledge.job WHERE spec = 'one'"), 1); /* joined */
    sql_run("WITH r AS (INSERT INTO knowledge.result (family, spec, spec_hash, language, watermark, input_hash, seed, "
            "software, engine, seconds, "
            "message, body, document, media_type) VALUES ('graph', 'one', 'h', '', 'w', 'i', 1, 's', 'e', 0, '\\x0102', '{}', "
            "'\\x03', 'text/html') RETURNING id) "
            "UPDATE knowledge.job SET state = 'done', ended_at = now(), result = r.id FROM r WHERE spec = 'one'");
    sql_run("SELECT pg_notify('samordning_job_done', id::text) FROM knowledge.job WHERE spec = 'one'");
    wait_for(&a.done);
    wait_for(&b.done);
    ck_assert_int_eq(a.ask.call.status, STATUS_OK);
    ck_assert_uint_eq(a.ask.message_size, 2);
    ck_assert_mem_eq(a.ask.message, "\x01\x02", 2);
    ck_assert_uint_eq(b.ask.document_size, 1);
    ck_assert_str_eq(b.ask.media_type, "text/html");
    arena_release(&a.arena);
    arena_release(&b.arena);

    analysis_begin(&a, "two");
    analysis_begin(&b, "two");
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'two'");
    store_analysis_cancel(store, &a.ask);
    wait_for(&a.done);
    ck_assert_int_eq(a.ask.call.status, STATUS_CANCELLED);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM knowledge.job WHERE spec = 'two' AND state = 'waiting'"), 1);
    store_analysis_cancel(store, &b.ask);
    wait_for(&b.done);
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'two' AND state = 'cancelled'");
    arena_release(&a.arena);
    arena_release(&b.arena);

    /* a worker that dies: back to waiting once, then failed, saying so */
    analysis_begin(&a, "three");
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'three'");
    sql_run("UPDATE knowledge.job SET state = 'running', worker = 'w1', heartbeat_at = now() - interval '1 minute', attempts = "
            "1 WHERE spec = 'three'");
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'three' AND state = 'waiting'");
    sql_run("UPDATE knowledge.job SET state = 'running', worker = 'w2', heartbeat_at = now() - interval '1 minute', attempts = "
            "2 WHERE spec = 'three'");
    wait_for(&a.done);
    ck_assert_int_eq(a.ask.call.status, STATUS_INTERNAL);
    ck_assert_msg(strstr(a.ask.call.errmsg.text, "w2") != NULL, "%s", a.ask.call.errmsg.text);
    arena_release(&a.arena);

    /* quiet days are asked to be condensed */
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE family = 'condense'");
}
END_TEST

static pid_t postmaster(void)
{
    char path[128], line[32] = "";
    snprintf(path, sizeof path, "%s/postgres/data/postmaster.pid", directory);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    if (fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    fclose(file);
    return (pid_t)atoi(line);
}

static void wait_until_ready(void)
{
    int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
    while ((!store_is_ready(store) ||
            sql_number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'samordningd writer'") < 2) &&
           clock_monotonic_us() < deadline_us)
        event_base_loop(base, EVLOOP_ONCE);
    ck_assert(store_is_ready(store));
}

START_TEST(test_kills_in_the_middle)
{
    srand(7);
    int64_t failures = metrics.values[METRIC_STORE_COMMITS_FAILED];
    for (int round = 0; round < 3; round++) {
        struct batch *batches[12];
        int64_t t = some_time();
        for (int i = 0; i < 12; i++) {
            batches[i] = batch_new(i % 2 == 0 ? first_org : second_org);
            for (int k = 0; k < 400; k++) {
                char name[32];
                snprintf(name, sizeof name, "kill%d-%d-%d", round, i, k);
                batch_add_pair(batches[i], name, t + i * 1000 + k);
            }
        }
        wait_until_ready();
        int64_t commits = metrics.values[METRIC_STORE_COMMITS] + rand() % 3;
        bool killed = false, all = false;
        int64_t deadline_us = clock_monotonic_us() + DEADLINE_US + 10000000;
        for (int sent = 0; !all && clock_monotonic_us() < deadline_us;) {
            if (sent < 12)
                batch_send(batches[sent++]);
            if (!killed && sent >= 4 && metrics.values[METRIC_STORE_COMMITS] >= commits) {
                pid_t pid = postmaster();
                ck_assert_int_gt(pid, 1);
                if (round == 1) /* one backend instead: the server restarts all of them */
                    pid = (pid_t)sql_number(
                        "SELECT pid FROM pg_stat_activity WHERE application_name = 'samordningd writer' LIMIT 1");
                kill(pid, SIGKILL);
                killed = true;
            }
            event_base_loop(base, EVLOOP_ONCE | (sent < 12 ? EVLOOP_NONBLOCK : 0));
            all = sent == 12 && killed;
            for (int i = 0; i < 12; i++)
                all = all && batches[i]->done;
        }
        ck_assert_msg(all, "not everything was answered");
        for (int i = 0; i < 12; i++) {
            ck_assert_msg(batches[i]->ask.call.status == STATUS_OK, "%s", batches[i]->ask.call.errmsg.text);
            for (size_t k = 0; k < batches[i]->ask.count; k++)
                ck_assert_int_eq(batches[i]->receipts[k].state, STORED); /* also where the first confirmation was lost */
            batch_free(batches[i]);
        }
        reconnect();
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM report.interaction WHERE source_id LIKE 'kill%d-%%'", round);
        ck_assert_int_eq(sql_number(sql), 12 * 400);
    }
    ck_assert_int_eq(sql_number("SELECT count(*) - count(DISTINCT id) FROM report.interaction"), 0);
    ck_assert_int_gt(metrics.values[METRIC_STORE_COMMITS_FAILED], failures); /* some were under way */
}
END_TEST

START_TEST(test_newer_schema_is_refused)
{
    struct store_admin *admin = NULL;
    struct errmsg errmsg = {0};
    ck_assert_int_eq(store_admin_open(&config, &admin, &errmsg), STATUS_OK); /* beside the running one */
    store_admin_close(admin);
    ck_assert_int_gt(postmaster(), 1);
    sql_run("INSERT INTO public.schema_version (number, name, checksum) VALUES (9000, 'fremtid', 'x')");
    ck_assert_int_ne(store_admin_open(&config, &admin, &errmsg), STATUS_OK);
    ck_assert_msg(strstr(errmsg.text, "9000") != NULL && strstr(errmsg.text, "newer") != NULL, "%s", errmsg.text);
    sql_run("DELETE FROM public.schema_version WHERE number = 9000");
    sql_run("UPDATE public.schema_version SET checksum = 'x' || checksum WHERE number = 1");
    ck_assert_int_ne(store_admin_open(&config, &admin, &errmsg), STATUS_OK);
    ck_assert_msg(strstr(errmsg.text, "0001_foundation") != NULL, "%s", errmsg.text);
    sql_run("UPDATE public.schema_version SET checksum = substr(checksum, 2) WHERE number = 1");
}
END_TEST

START_TEST(test_researcher_sees_views_only)
{
    sql_run("SET ROLE samordning_researcher");
    ck_assert_int_gt(sql_number("SELECT count(*) FROM research.participation WHERE actor IS NOT NULL"), 0);
    ck_assert_int_gt(sql_number("SELECT count(*) FROM research.quality"), 0);
    ck_assert_int_ge(sql_number("SELECT count(*) FROM research.waiting_name"), 0);
    PGresult *result = PQexec(conn, "SELECT count(*) FROM report.interaction");
    ck_assert_str_eq(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501");
    PQclear(result);
    sql_run("RESET ROLE");
}
END_TEST

static bool drained_flag;
static void drained(void *arg)
{
    drained_flag = true;
}

START_TEST(test_drain_stop_and_adopt)
{
    struct batch *batch = batch_new(first_org);
    batch_add_pair(batch, "last", some_time());
    batch_send(batch);
    store_drain(store, drained, NULL);
    wait_for(&drained_flag);
    ck_assert(batch->done);
    ck_assert_int_eq(batch->receipts[0].state, STORED);
    batch_free(batch);
    batch = batch_new(first_org);
    batch_add_pair(batch, "too late", some_time());
    batch_send(batch);
    PQfinish(conn);
    conn = NULL;
    pid_t pid = postmaster();
    ck_assert_int_eq(kill(pid, 0), 0);
    store_destroy(store);
    store = NULL;
    ck_assert(batch->done);
    ck_assert_int_eq(batch->ask.call.status, STATUS_UNAVAILABLE);
    batch_free(batch);
    ck_assert_int_ne(kill(pid, 0), 0);
    ck_assert_int_eq(PQping(conninfo()), PQPING_NO_RESPONSE);

    /* a daemon that dies leaves its PostgreSQL running; the next one adopts and stops it */
    struct errmsg errmsg = {0};
    struct cluster *cluster = NULL;
    ck_assert_msg(cluster_open(&config, &cluster, &errmsg) == STATUS_OK, "%s", errmsg.text);
    ck_assert(!cluster_was_running(cluster));
    pid = postmaster();
    cluster_close(cluster, false);
    ck_assert_int_eq(kill(pid, 0), 0);
    ck_assert_msg(cluster_open(&config, &cluster, &errmsg) == STATUS_OK, "%s", errmsg.text);
    ck_assert(cluster_was_running(cluster));
    ck_assert_int_eq(postmaster(), pid);
    cluster_close(cluster, true);
    ck_assert_int_eq(PQping(conninfo()), PQPING_NO_RESPONSE);
}
END_TEST

/* -------------------------------------------------------------------------------------------------- run */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    return remove(path);
}

static void set(const char *name, const char *value)
{
    struct config_error error;
    if (config_set(&config, name, value, NULL, 0, &error) != STATUS_OK) {
        fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
}

static int32_t enrol(struct store_admin *admin, const char *orgnr)
{
    struct errmsg errmsg = {0};
    if (store_admin_enrol(admin, orgnr, "prøve", PRINCIPAL_ROLE(1), NULL, 0, &errmsg) != STATUS_OK) {
        fprintf(stderr, "%s\n", errmsg.text);
        exit(1);
    }
    struct principal principal = {0};
    return principal.organisation;
}

int main(void)
{
    log_set_level(getenv("STORE_TEST_LOG") != NULL ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
    strcpy(directory, "/tmp/samordning-store-XXXXXX");
    struct config_error error;
    struct errmsg errmsg = {0};
    if (mkdtemp(directory) == NULL || config_init(&config) != STATUS_OK)
        return 1;
    set("state_dir", directory);
    set("workers", "0");
    set("cluster_shared_buffers", "64 MiB");
    set("condense_quiet_ms", "10");
    if (config_check(&config, &error) != STATUS_OK)
        return 1;
    metrics_init(&metrics);
    base = event_base_new();
    struct store_admin *admin = NULL;
    if (store_admin_open(&config, &admin, &errmsg) != STATUS_OK) {
        fprintf(stderr, "%s\n", errmsg.text);
        return 1;
    }
    enrol(admin, "972417858");
    enrol(admin, "972417807");
    store_admin_close(admin);
    if (store_create(base, &config, &metrics, &store, &errmsg) != STATUS_OK) {
        fprintf(stderr, "%s\n", errmsg.text);
        return 1;
    }
    for (int64_t deadline_us = clock_monotonic_us() + DEADLINE_US;
         !store_is_ready(store) && clock_monotonic_us() < deadline_us;)
        event_base_loop(base, EVLOOP_ONCE);
    struct principal principal;
    if (store_principal(store, "972417858", "", "", &principal) != STATUS_OK)
        return 1;
    first_org = principal.organisation;
    if (store_principal(store, "972417807", "", "", &principal) != STATUS_OK)
        return 1;
    second_org = principal.organisation;
    conn = PQconnectdb(conninfo());

    Suite *suite = suite_create("store");
    TCase *tcase = tcase_create("store");
    tcase_set_timeout(tcase, 0);
    tcase_add_test(tcase, test_receipts);
    tcase_add_test(tcase, test_mixed_batch);
    tcase_add_test(tcase, test_months_over_years);
    tcase_add_test(tcase, test_same_id_at_once);
    tcase_add_test(tcase, test_company);
    tcase_add_test(tcase, test_poison);
    tcase_add_test(tcase, test_rejected_and_delivery);
    tcase_add_test(tcase, test_busy_and_deadline);
    tcase_add_test(tcase, test_register);
    tcase_add_test(tcase, test_access_and_layers);
    tcase_add_test(tcase, test_status);
    tcase_add_test(tcase, test_analysis);
    tcase_add_test(tcase, test_kills_in_the_middle);
    tcase_add_test(tcase, test_newer_schema_is_refused);
    tcase_add_test(tcase, test_researcher_sees_views_only);
    tcase_add_test(tcase, test_drain_stop_and_adopt);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK); /* they share one PostgreSQL */
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    PQfinish(conn);
    store_destroy(store);
    event_base_free(base);
    config_release(&config);
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return failed == 0 ? 0 : 1;
}
