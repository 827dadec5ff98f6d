/* SPDX-License-Identifier: GPL-3.0-or-later
 * Submitting to the store on a private PostgreSQL of its own: every receipt, partitions over years, poison, kills in the
 * middle.
 */
#include "clock.h"
#include "cluster.h"
#include "submitted.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    ck_assert_int_eq(PQping(store_conninfo()), PQPING_NO_RESPONSE);

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
    ck_assert_int_eq(PQping(store_conninfo()), PQPING_NO_RESPONSE);
}
END_TEST

int main(void)
{
    if (!submitted_start())
        return 1;
    TCase *tcase = tcase_create("submitting");
    tcase_add_test(tcase, test_receipts);
    tcase_add_test(tcase, test_mixed_batch);
    tcase_add_test(tcase, test_months_over_years);
    tcase_add_test(tcase, test_same_id_at_once);
    tcase_add_test(tcase, test_company);
    tcase_add_test(tcase, test_poison);
    tcase_add_test(tcase, test_rejected_and_delivery);
    tcase_add_test(tcase, test_busy_and_deadline);
    tcase_add_test(tcase, test_kills_in_the_middle);
    tcase_add_test(tcase, test_newer_schema_is_refused);
    tcase_add_test(tcase, test_drain_stop_and_adopt);
    return running_store_run(tcase);
}
