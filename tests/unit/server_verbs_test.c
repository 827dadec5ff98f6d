/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store's small verbs and analyses on a private PostgreSQL of its own: register, access, status, jobs, and what researchers
 * see.
 */
#include "clock.h"
#include "submitted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

    ck_assert_int_eq(send_one(first_org, "reg3", some_time(), "", false), STORED); /* names that wait */
    resolve.n_labels = 0;
    resolve.actor = (char[]){""};
    resolve.create_kind = (char[]){"other"};
    verb_begin(&v, &resolve.base, &resolved.base);
    store_actor_resolve(store, &v.c);
    verb_end(&v);
    ck_assert_uint_gt(resolved.created, 0);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM register.waiting_label"), 0);
    arena_release(&v.arena);

    ck_assert_str_eq(resolved.next, "");

    resolve.create_kind = (char[]){"drage"};
    verb_begin(&v, &resolve.base, &resolved.base);
    store_actor_resolve(store, &v.c);
    wait_for(&v.done);
    ck_assert_int_eq(v.c.call.status, STATUS_INVALID);
    ck_assert_str_eq(v.c.call.errmsg.field, "create_kind");
    arena_release(&v.arena);
}
END_TEST

/* Every name that waits, two at a time: each once, with all its spellings, and to an end although one can never be resolved. */
START_TEST(test_resolving_in_parts)
{
    static const char *const names[] = {"Del a", "DEL A", "Del b", "Del c", "Del d", "Del e"};
    sql_run("INSERT INTO register.actor (key, kind) VALUES ('Del c', 'other')"); /* the key is taken, by nobody of that name */
    struct batch *batch = batch_new(first_org);
    batch_add(batch, "parts", some_time(), names, 6);
    batch_run(batch);
    ck_assert_uint_eq(batch->receipts[0].waiting_actors, 6);
    batch_free(batch);

    struct verb_call v;
    char after[64] = "";
    uint64_t resolved = 0, created = 0;
    int parts = 0;
    do {
        Samordning__V1__ActorResolveRequest resolve = SAMORDNING__V1__ACTOR_RESOLVE_REQUEST__INIT;
        Samordning__V1__ActorResolveResponse part = SAMORDNING__V1__ACTOR_RESOLVE_RESPONSE__INIT;
        resolve.create_kind = (char[]){"other"};
        resolve.limit = 2;
        resolve.after = after;
        verb_begin(&v, &resolve.base, &part.base);
        store_actor_resolve(store, &v.c);
        verb_end(&v);
        ck_assert_uint_le(part.created, 2);
        resolved += part.resolved;
        created += part.created;
        snprintf(after, sizeof after, "%s", part.next);
        arena_release(&v.arena);
        ck_assert_int_le(++parts, 4);
    } while (after[0] != '\0');
    ck_assert_int_eq(parts, 3);
    ck_assert_uint_eq(created, 4);
    ck_assert_uint_eq(resolved, 5);
    ck_assert_int_eq(sql_number("SELECT count(*) FROM register.waiting_label"), 1);
    sql_run("INSERT INTO register.label_actor (label, actor, valid, how) SELECT l.id, a.id, daterange(NULL, NULL), 'operator' "
            "FROM register.waiting_label l, "
            "register.actor a WHERE a.key = 'Del c'");
}
END_TEST

/* A statement that is not done at its deadline is ended, here and in the database, and its connection serves the next. */
START_TEST(test_what_takes_too_long_is_given_up)
{
    const char *others =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%resolve_waiting%' AND pid <> pg_backend_pid()"
        " AND state = 'active'";
    Samordning__V1__ActorResolveRequest resolve = SAMORDNING__V1__ACTOR_RESOLVE_REQUEST__INIT;
    Samordning__V1__ActorResolveResponse resolved = SAMORDNING__V1__ACTOR_RESOLVE_RESPONSE__INIT;
    struct verb_call v;
    resolve.create_kind = (char[]){"other"};
    sql_run("SELECT pg_advisory_lock(hashtextextended('samordning register', 0))");
    verb_begin(&v, &resolve.base, &resolved.base);
    v.c.call.deadline_us = clock_monotonic_us() + 100000;
    store_actor_resolve(store, &v.c);
    wait_for(&v.done);
    ck_assert_int_eq(v.c.call.status, STATUS_TIMEOUT);
    ck_assert_str_eq(v.c.call.errmsg.text, "took longer than its deadline");
    arena_release(&v.arena);
    char gone[256];
    snprintf(gone, sizeof gone, "SELECT ((%s) = 0)::int", others);
    wait_for_sql(gone); /* the server has noticed, although the lock is held still */
    sql_run("SELECT pg_advisory_unlock(hashtextextended('samordning register', 0))");
    verb_begin(&v, &resolve.base, &resolved.base);
    store_actor_resolve(store, &v.c);
    verb_end(&v);
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

START_TEST(test_analysis)
{
    static struct analysis_call a, b; /* outlive a failed check: the store still holds them */
    analysis_begin(&a, "one");
    analysis_begin(&b, "one");
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'one' AND askers = 2");
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

    /* who has asked but does not know the job yet is not left alone with a cancelled one */
    analysis_begin(&a, "two");
    analysis_begin(&b, "two");
    store_analysis_cancel(store, &a.ask);
    wait_for(&a.done);
    ck_assert_int_eq(a.ask.call.status, STATUS_CANCELLED);
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'two' AND state = 'waiting' AND askers = 1");
    ck_assert(!b.done);
    /* nor is one who asks through another daemon */
    sql_run("SELECT knowledge.request_job('graph', 'two', '', false, 0)");
    store_analysis_cancel(store, &b.ask);
    wait_for(&b.done);
    ck_assert_int_eq(b.ask.call.status, STATUS_CANCELLED);
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'two' AND state = 'waiting' AND askers = 1");
    sql_run("SELECT knowledge.leave_job(id) FROM knowledge.job WHERE spec = 'two' AND state = 'waiting'");
    wait_for_sql("SELECT count(*) FROM knowledge.job WHERE spec = 'two' AND state = 'cancelled' AND askers = 0");
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

START_TEST(test_researcher_sees_views_only)
{
    struct batch *batch = batch_new(first_org);
    batch_add_pair(batch, "refused", some_time());
    batch->receipts[0].state = SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED; /* as the handler leaves it */
    batch->receipts[0].status = SAMORDNING__V1__STATUS_CODE__STATUS_INVALID;
    batch_run(batch);
    batch_free(batch);
    wait_for_sql("SELECT count(*) FROM report.quarantine");
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

int main(void)
{
    if (!submitted_start())
        return 1;
    TCase *tcase = tcase_create("verbs");
    tcase_add_test(tcase, test_register);
    tcase_add_test(tcase, test_resolving_in_parts);
    tcase_add_test(tcase, test_what_takes_too_long_is_given_up);
    tcase_add_test(tcase, test_access_and_layers);
    tcase_add_test(tcase, test_status);
    tcase_add_test(tcase, test_analysis);
    tcase_add_test(tcase, test_researcher_sees_views_only);
    return running_store_run(tcase);
}
