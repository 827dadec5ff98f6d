/* SPDX-License-Identifier: GPL-3.0-or-later
 * libsamordning against a peer that fails at chosen moments: every interaction arrives, each receipt comes once. */
#include "client_peer.h"
#include "frame.h"
#include "handle.h"
#include "samordning.h"
#include "spool.h"

#include <check.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIME_US INT64_C(1393662600000000)

static struct peer peer;
static struct samordning_options options;

struct record {
    uint64_t receipts, stored, already, rejected;
    uint8_t seen[PEER_STORED_MAX];
    char reason[100];
};
static struct record record;

static void receive(void *arg, uint64_t tag, const Samordning__V1__Receipt *receipt)
{
    struct record *r = arg;
    r->receipts++;
    ck_assert_uint_lt(tag, PEER_STORED_MAX);
    ck_assert_msg(r->seen[tag]++ == 0, "two receipts for %llu", (unsigned long long)tag);
    r->stored += receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED;
    r->already += receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED;
    r->rejected += receipt->state == SAMORDNING__V1__RECEIPT_STATE__RECEIPT_REJECTED;
    snprintf(r->reason, sizeof r->reason, "%s", receipt->reason);
}

static void set_up(void)
{
    memset(&peer, 0, sizeof peer);
    memset(&record, 0, sizeof record);
    peer_start(&peer);
    options = (struct samordning_options){
        .bundle = peer.directory, .batch = 100, .timeout_ms = 20000, .retry_for_ms = 20000, .software = "test 1"};
}

static void tear_down(void)
{
    peer_stop(&peer);
}

static int add(struct samordning_submission *sub, uint64_t number)
{
    static char type[] = "consultation";
    static char sender[] = "KLD";
    static char addressee[] = "Nærings- og fiskeridepartementet";
    static char source[] = "test";
    char source_id[24];
    snprintf(source_id, sizeof source_id, "%llu", (unsigned long long)number);
    Samordning__V1__Participant participants[2] = {SAMORDNING__V1__PARTICIPANT__INIT, SAMORDNING__V1__PARTICIPANT__INIT};
    Samordning__V1__Participant *pointers[2] = {&participants[0], &participants[1]};
    participants[0].actor = sender;
    participants[0].role = SAMORDNING__V1__ROLE__ROLE_SENDER;
    participants[1].actor = addressee;
    participants[1].role = SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
    Samordning__V1__Interaction interaction = SAMORDNING__V1__INTERACTION__INIT;
    interaction.type = type;
    interaction.time = TIME_US + (int64_t)number;
    interaction.participants = pointers;
    interaction.n_participants = 2;
    interaction.source = source;
    interaction.source_id = source_id;
    return samordning_submission_add(sub, &interaction, number);
}

/* Submits numbers [from, to); the result of finish. */
static int submit(struct samordning *s, uint64_t from, uint64_t to)
{
    const struct samordning_submission_options o = {.file = "prøve.csv", .receipt = receive, .arg = &record};
    struct samordning_submission *sub = NULL;
    int result = samordning_submission_begin(s, &o, &sub);
    if (result != SAMORDNING_OK)
        return result;
    for (uint64_t i = from; i < to && result == SAMORDNING_OK; i++)
        result = add(sub, i);
    int end = samordning_submission_finish(sub);
    return result != SAMORDNING_OK ? result : end;
}

static void expect_all(uint64_t count)
{
    ck_assert_uint_eq(record.receipts, count);
    ck_assert_uint_eq(peer.stored, count);
    for (uint64_t i = 0; i < count; i++)
        ck_assert(peer_has(&peer, i));
}

START_TEST(submits_in_batches)
{
    struct samordning *s = samordning_create(&options);
    int result = submit(s, 0, 2550);
    ck_assert_msg(result == SAMORDNING_OK, "%s", samordning_last_error(s));
    expect_all(2550);
    ck_assert_uint_eq(record.stored, 2550);
    ck_assert_uint_eq(peer.requests, 26);
    ck_assert_uint_eq(peer.largest_batch, 100);
    ck_assert_uint_eq(peer.connections, 1);
    ck_assert_str_eq(samordning_organisation(s), "972417920");
    ck_assert_str_eq(samordning_operator(s), "Digitaliseringsdirektoratet");
    ck_assert_str_eq(peer.software, "test 1");
    samordning_destroy(s);
}
END_TEST

START_TEST(small_requests_share_a_record)
{
    options.batch = 1;
    options.in_flight = 32;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 32), SAMORDNING_OK);
    expect_all(32);
    ck_assert_uint_eq(peer.requests, 32);
    /* All but the first are ready at once; how many of them wait for each other depends on the clock. */
    ck_assert_uint_ge(peer.in_company, 8);
    ck_assert_uint_lt(peer.in_company, 32);
    samordning_destroy(s);
}
END_TEST

START_TEST(a_slow_caller_gets_its_receipts_as_it_goes)
{
    options.batch = 1;
    options.in_flight = 1000;
    struct samordning *s = samordning_create(&options);
    const struct samordning_submission_options o = {.receipt = receive, .arg = &record};
    struct samordning_submission *sub = NULL;
    ck_assert_int_eq(samordning_submission_begin(s, &o, &sub), SAMORDNING_OK);
    uint64_t sent = 0;
    for (; record.receipts < 3 && sent < 900; sent++) {
        ck_assert_int_eq(add(sub, sent), SAMORDNING_OK);
        poll(NULL, 0, 15);
    }
    ck_assert_uint_ge(record.receipts, 3); /* nothing waited for room, and nobody has flushed */
    ck_assert_int_eq(samordning_submission_finish(sub), SAMORDNING_OK);
    expect_all(sent);
    samordning_destroy(s);
}
END_TEST

START_TEST(an_empty_submission_is_fine)
{
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 0), SAMORDNING_OK);
    ck_assert_uint_eq(peer.connections, 0);
    samordning_destroy(s);
}
END_TEST

/* ---- trouble: each request number has its own */

static unsigned trouble_every;
static enum peer_action trouble_action;

static enum peer_action trouble(struct peer *p, unsigned request, const Samordning__V1__Request *message)
{
    (void)p;
    (void)message;
    return request % trouble_every == 3 ? trouble_action : PEER_ANSWER;
}

static void survives(enum peer_action action, const char *spool)
{
    trouble_every = 6;
    trouble_action = action;
    peer.script = trouble;
    options.batch = 50;
    options.spool = spool;
    struct samordning *s = samordning_create(&options);
    int result = submit(s, 0, 1000);
    ck_assert_msg(result == SAMORDNING_OK, "%s", samordning_last_error(s));
    expect_all(1000);
    ck_assert_uint_eq(record.stored + record.already, 1000);
    samordning_destroy(s);
}

static const enum peer_action losses[] = {PEER_CLOSE, PEER_STORE_AND_CLOSE, PEER_CUT};

START_TEST(survives_lost_connections)
{
    survives(losses[_i], NULL);
    ck_assert_uint_gt(peer.connections, 1);
}
END_TEST

static char spool_directory[64];

static void make_spool_name(void)
{
    snprintf(spool_directory, sizeof spool_directory, "/tmp/samordning-spool-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(spool_directory));
}

static unsigned remove_spool(void)
{
    unsigned files = 0;
    DIR *entries = opendir(spool_directory);
    const struct dirent *entry = NULL;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        files += strcmp(entry->d_name, "lock") != 0;
        unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries != NULL)
        closedir(entries);
    rmdir(spool_directory);
    return files;
}

START_TEST(survives_lost_connections_with_a_spool)
{
    make_spool_name();
    survives(losses[_i], spool_directory);
    uint64_t waiting = 1;
    ck_assert_int_eq(samordning_spool_count(spool_directory, &waiting), SAMORDNING_OK);
    ck_assert_uint_eq(waiting, 0);
    ck_assert_uint_eq(remove_spool(), 0);
}
END_TEST

START_TEST(survives_silence)
{
    options.timeout_ms = 300;
    survives(PEER_SILENCE, NULL);
}
END_TEST

START_TEST(tries_again_when_asked_to)
{
    peer.status = _i == 0 ? STATUS_BUSY : STATUS_UNAVAILABLE;
    peer.retry_after_ms = 5;
    survives(PEER_REFUSE, NULL);
    ck_assert_uint_eq(peer.connections, 1);
    ck_assert_uint_gt(peer.requests, 20);
}
END_TEST

/* ---- what ends a submission */

static enum peer_action always(struct peer *p, unsigned request, const Samordning__V1__Request *message)
{
    (void)p;
    (void)request;
    (void)message;
    return trouble_action;
}

START_TEST(gives_up_when_told_to_try_once)
{
    options.retry_for_ms = 0;
    trouble_action = PEER_CLOSE;
    peer.script = always;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 1000), SAMORDNING_E_CONNECT);
    ck_assert_str_ne(samordning_last_error(s), "");
    ck_assert_uint_eq(record.receipts, 0);
    /* A new attempt begins afresh. */
    peer.script = NULL;
    ck_assert_int_eq(submit(s, 0, 1000), SAMORDNING_OK);
    expect_all(1000);
    samordning_destroy(s);
}
END_TEST

static const struct {
    enum peer_action action;
    enum status status;
    int result;
} endings[] = {
    {PEER_STRANGE_ID, STATUS_OK, SAMORDNING_E_PROTOCOL}, {PEER_FEW_RECEIPTS, STATUS_OK, SAMORDNING_E_PROTOCOL},
    {PEER_NONSENSE, STATUS_OK, SAMORDNING_E_PROTOCOL},   {PEER_REFUSE, STATUS_FORBIDDEN, STATUS_FORBIDDEN},
    {PEER_REFUSE, STATUS_INTERNAL, STATUS_INTERNAL},
};

START_TEST(ends_at_once_where_trying_again_is_no_use)
{
    trouble_action = endings[_i].action;
    peer.status = endings[_i].status;
    peer.script = always;
    make_spool_name();
    options.spool = spool_directory;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 1000), endings[_i].result);
    ck_assert_ptr_nonnull(strstr(samordning_last_error(s), "1000 interactions wait in the spool"));
    samordning_destroy(s);
    uint64_t waiting = 0;
    ck_assert_int_eq(samordning_spool_count(spool_directory, &waiting), SAMORDNING_OK);
    ck_assert_uint_eq(waiting, 1000);
    remove_spool();
}
END_TEST

START_TEST(a_refused_batch_rejects_its_interactions)
{
    trouble_every = 6;
    trouble_action = PEER_REFUSE;
    peer.status = STATUS_INVALID;
    peer.script = trouble;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 1000), SAMORDNING_OK);
    ck_assert_uint_eq(record.receipts, 1000);
    ck_assert_uint_eq(record.rejected, 200); /* requests 3 and 9 */
    ck_assert_uint_eq(record.stored, 800);
    samordning_destroy(s);
}
END_TEST

static enum peer_action refuse_large(struct peer *p, unsigned request, const Samordning__V1__Request *message)
{
    (void)p;
    (void)request;
    return message->submit->n_interactions > 7 ? PEER_REFUSE : PEER_ANSWER;
}

START_TEST(cuts_batches_that_are_too_large)
{
    peer.status = STATUS_TOO_LARGE;
    peer.script = refuse_large;
    make_spool_name();
    options.spool = spool_directory;
    struct samordning *s = samordning_create(&options);
    int result = submit(s, 0, 1000);
    ck_assert_msg(result == SAMORDNING_OK, "%s", samordning_last_error(s));
    expect_all(1000);
    ck_assert_uint_eq(record.stored, 1000);
    samordning_destroy(s);
    ck_assert_uint_eq(remove_spool(), 0);
}
END_TEST

START_TEST(keeps_to_the_limits_of_the_daemon)
{
    peer.max_batch = 64;
    peer.max_frame_bytes = 2000;
    peer.max_in_flight = 1;
    options.batch = 1000;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 1000), SAMORDNING_OK);
    expect_all(1000);
    ck_assert_uint_le(peer.largest_batch, 30);
    samordning_destroy(s);
}
END_TEST

START_TEST(an_interaction_larger_than_a_frame_is_rejected)
{
    peer.max_frame_bytes = 100;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 3), SAMORDNING_OK);
    ck_assert_uint_eq(record.rejected, 3);
    ck_assert_str_eq(record.reason, "is larger than the daemon takes in one frame");
    samordning_destroy(s);
}
END_TEST

/* ---- certificates and hello */

START_TEST(a_refused_certificate_says_so)
{
    peer_spoil_client(&peer, _i == 0);
    options.retry_for_ms = 500;
    struct samordning *s = samordning_create(&options);
    int result = submit(s, 0, 10);
    ck_assert(result == SAMORDNING_E_TLS || result == SAMORDNING_E_CONNECT);
    ck_assert_msg(strstr(samordning_last_error(s), "certificate") != NULL || strstr(samordning_last_error(s), "alert") != NULL,
                  "%s", samordning_last_error(s));
    samordning_destroy(s);
}
END_TEST

START_TEST(another_server_is_not_trusted)
{
    options.server_name = "samordning.example.no";
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(samordning_connect(s), SAMORDNING_E_TLS);
    ck_assert_ptr_nonnull(strstr(samordning_last_error(s), "not trusted as samordning.example.no"));
    samordning_destroy(s);
    options.server_name = "localhost";
    s = samordning_create(&options);
    ck_assert_int_eq(samordning_connect(s), SAMORDNING_OK);
    samordning_destroy(s);
}
END_TEST

START_TEST(a_declined_hello_gives_its_status)
{
    peer.hello_status = STATUS_UNAUTHENTICATED;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(samordning_connect(s), STATUS_UNAUTHENTICATED);
    ck_assert_str_eq(samordning_last_error(s), "this organisation may not submit");
    samordning_destroy(s);
}
END_TEST

START_TEST(a_bad_bundle_is_reported_by_the_first_verb)
{
    options.bundle = "/tmp/no-such-bundle";
    struct samordning *s = samordning_create(&options);
    ck_assert_ptr_nonnull(s);
    ck_assert_int_eq(samordning_connect(s), SAMORDNING_E_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(samordning_last_error(s), "/tmp/no-such-bundle/client.conf"));
    samordning_destroy(s);
}
END_TEST

START_TEST(nobody_listens)
{
    options.port = "1"; /* tcpmux: nobody */
    options.retry_for_ms = 0;
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(samordning_connect(s), SAMORDNING_E_CONNECT);
    ck_assert_ptr_nonnull(strstr(samordning_last_error(s), "cannot reach 127.0.0.1 port 1"));
    samordning_destroy(s);
}
END_TEST

/* ---- calls */

/* An idle connection that the daemon ends is nothing a client told to try once should fail for. */
static enum peer_action close_third(struct peer *p, unsigned request, const Samordning__V1__Request *message)
{
    (void)p;
    (void)message;
    return request == 2 ? PEER_CLOSE : PEER_ANSWER;
}

START_TEST(a_connection_that_served_may_end)
{
    options.retry_for_ms = 0;
    peer.script = close_third;
    struct samordning *s = samordning_create(&options);
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__StatusRequest status = SAMORDNING__V1__STATUS_REQUEST__INIT;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(samordning_call(s, &request, NULL, NULL, NULL), SAMORDNING_OK);
    ck_assert_uint_eq(peer.connections, 2);
    ck_assert_uint_eq(peer.requests, 6);
    samordning_destroy(s);
}
END_TEST

static void mark_answered(struct exchange *exchange, const Samordning__V1__Response *response)
{
    exchange->id = 0; /* numbers of requests begin at 1 */
}

/* The answer is there before the step that would wait for it: the step sees it, and leaves it to the caller to see. */
START_TEST(what_the_look_brings_is_not_waited_for)
{
    struct samordning *s = samordning_create(&options);
    Samordning__V1__StatusRequest status = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    struct errmsg errmsg;
    errmsg_clear(&errmsg);
    ck_assert_int_eq(link_connect(&s->link, &errmsg), SAMORDNING_OK);
    struct exchange exchange = {.answered = mark_answered, .timeout_ms = 20000};
    uint8_t *frame = NULL;
    request.id = exchange.id = link_next_id(&s->link);
    ck_assert_int_eq(frame_pack(&request.base, &frame, &exchange.size), STATUS_OK);
    exchange.data = frame;
    link_add(&s->link, &exchange);
    while (s->link.on_way == 0 || s->link.staged_size > 0)
        ck_assert_int_eq(link_step(&s->link, connection_clock_ms() + 1, &errmsg), SAMORDNING_OK);
    struct pollfd answer = {.fd = s->link.connection.socket.fd, .events = POLLIN};
    ck_assert_int_eq(poll(&answer, 1, 10000), 1);
    s->link.looked_ms -= 5 * LINK_QUIET_MS; /* as after a slow caller */
    int64_t began_ms = connection_clock_ms();
    while (exchange.id != 0)
        ck_assert_int_eq(link_step(&s->link, began_ms + 10000, &errmsg), SAMORDNING_OK);
    ck_assert_int_lt(connection_clock_ms() - began_ms, 5000);
    free(frame);
    samordning_destroy(s);
}
END_TEST

static void count_progress(void *arg, const char *phase, unsigned permille)
{
    unsigned *count = arg;
    ck_assert_str_eq(phase, "counting");
    ck_assert_uint_eq(permille, *count);
    ++*count;
}

START_TEST(calls_get_one_response)
{
    peer.progress = 5;
    struct samordning *s = samordning_create(&options);
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__AnalysisRequest analysis = SAMORDNING__V1__ANALYSIS_REQUEST__INIT;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ANALYSIS;
    request.analysis = &analysis;
    const Samordning__V1__Response *response = NULL;
    unsigned progress = 0;
    ck_assert_int_eq(samordning_call(s, &request, count_progress, &progress, &response), SAMORDNING_OK);
    ck_assert_uint_eq(progress, 5);
    ck_assert_uint_eq(response->analysis->document.len, 3 << 20);
    ck_assert_int_eq(samordning_call(s, &request, NULL, NULL, NULL), SAMORDNING_OK);

    Samordning__V1__StatusRequest status = SAMORDNING__V1__STATUS_REQUEST__INIT;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    ck_assert_int_eq(samordning_call(s, &request, NULL, NULL, &response), SAMORDNING_OK);
    ck_assert_int_eq(response->body_case, SAMORDNING__V1__RESPONSE__BODY_SERVER);

    trouble_action = PEER_REFUSE;
    peer.status = STATUS_NOT_FOUND;
    peer.script = always;
    ck_assert_int_eq(samordning_call(s, &request, NULL, NULL, &response), STATUS_NOT_FOUND);
    ck_assert_str_eq(samordning_last_error(s), "not now");

    trouble_action = PEER_SILENCE;
    options.timeout_ms = 1000; /* more than a loaded machine takes to connect */
    options.retry_for_ms = 0;
    samordning_destroy(s);
    s = samordning_create(&options);
    ck_assert_int_eq(samordning_call(s, &request, NULL, NULL, &response), SAMORDNING_E_CONNECT);
    ck_assert_ptr_nonnull(strstr(samordning_last_error(s), "did not answer within 1000 ms"));
    peer.script = NULL; /* the late answer to the first call is not taken for the second one's */
    ck_assert_int_eq(samordning_call(s, &request, NULL, NULL, &response), SAMORDNING_OK);
    samordning_destroy(s);
}
END_TEST

/* ---- the spool over several lives of the client */

START_TEST(waits_in_the_spool_and_is_sent_later)
{
    make_spool_name();
    options.spool = spool_directory;
    options.retry_for_ms = 0;
    const char *port = options.port;
    options.port = "1";
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 350), SAMORDNING_E_CONNECT);
    ck_assert_ptr_nonnull(strstr(samordning_last_error(s), "350 interactions wait in the spool"));

    /* Another process may look, but not take. */
    uint64_t waiting = 0;
    ck_assert_int_eq(samordning_spool_count(spool_directory, &waiting), SAMORDNING_OK);
    ck_assert_uint_eq(waiting, 350);
    struct samordning *other = samordning_create(&options);
    ck_assert_int_eq(submit(other, 0, 1), SAMORDNING_E_SPOOL);
    ck_assert_ptr_nonnull(strstr(samordning_last_error(other), "in use by another process"));
    samordning_destroy(other);
    samordning_destroy(s);

    options.port = port;
    peer.max_batch = 30; /* the batches have to be cut */
    s = samordning_create(&options);
    uint64_t sent = 0;
    int result = samordning_spool_resume(s, receive, &record, &sent);
    ck_assert_msg(result == SAMORDNING_OK, "%s", samordning_last_error(s));
    ck_assert_uint_eq(sent, 350);
    expect_all(350);
    ck_assert_int_eq(samordning_spool_count(spool_directory, &waiting), SAMORDNING_OK);
    ck_assert_uint_eq(waiting, 0);
    ck_assert_int_eq(samordning_spool_resume(s, receive, &record, &sent), SAMORDNING_OK);
    ck_assert_uint_eq(sent, 0);
    samordning_destroy(s);
    ck_assert_uint_eq(remove_spool(), 0);
}
END_TEST

/* The next connection fails too, before it has brought anything. */
static enum peer_action trouble_twice(struct peer *p, unsigned request, const Samordning__V1__Request *message)
{
    (void)p;
    (void)message;
    return request % 12 == 5 || request % 12 == 6 ? PEER_STORE_AND_CLOSE : PEER_ANSWER;
}

START_TEST(resuming_may_fail_and_go_on)
{
    make_spool_name();
    options.spool = spool_directory;
    options.retry_for_ms = 0;
    options.batch = 10;
    const char *port = options.port;
    options.port = "1";
    struct samordning *s = samordning_create(&options);
    ck_assert_int_eq(submit(s, 0, 500), SAMORDNING_E_CONNECT);
    samordning_destroy(s);
    options.port = port;
    peer.script = trouble_twice;
    uint64_t waiting = 500;
    unsigned lives = 0;
    while (waiting > 0 && lives < 100) {
        memset(&record, 0, sizeof record); /* tags begin anew */
        s = samordning_create(&options);
        uint64_t sent = 0;
        (void)samordning_spool_resume(s, receive, &record, &sent);
        ck_assert_uint_eq(record.receipts, sent);
        samordning_destroy(s);
        uint64_t before = waiting;
        ck_assert_int_eq(samordning_spool_count(spool_directory, &waiting), SAMORDNING_OK);
        ck_assert_uint_eq(before - waiting, sent);
        lives++;
    }
    ck_assert_uint_gt(lives, 2);
    ck_assert_uint_eq(peer.stored, 500);
    ck_assert_uint_eq(remove_spool(), 0);
}
END_TEST

START_TEST(corrections_and_deliveries_are_said)
{
    struct samordning *s = samordning_create(&options);
    struct samordning_submission_options o = {.correction = true, .delivery_from = "2014-01-01"};
    struct samordning_submission *sub = NULL;
    ck_assert_int_eq(samordning_submission_begin(s, &o, &sub), SAMORDNING_E_ARGUMENT);
    o.delivery_to = "2015-01-01";
    ck_assert_int_eq(samordning_submission_begin(s, &o, &sub), SAMORDNING_OK);
    ck_assert_int_eq(add(sub, 1), SAMORDNING_OK);
    ck_assert_int_eq(samordning_submission_finish(sub), SAMORDNING_OK);
    ck_assert_uint_eq(peer.corrections, 1);
    samordning_destroy(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("submission");
    TCase *tc = tcase_create("submission");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, submits_in_batches);
    tcase_add_test(tc, small_requests_share_a_record);
    tcase_add_test(tc, a_slow_caller_gets_its_receipts_as_it_goes);
    tcase_add_test(tc, an_empty_submission_is_fine);
    tcase_add_loop_test(tc, survives_lost_connections, 0, 3);
    tcase_add_loop_test(tc, survives_lost_connections_with_a_spool, 0, 3);
    tcase_add_test(tc, survives_silence);
    tcase_add_loop_test(tc, tries_again_when_asked_to, 0, 2);
    tcase_add_test(tc, gives_up_when_told_to_try_once);
    tcase_add_loop_test(tc, ends_at_once_where_trying_again_is_no_use, 0, sizeof endings / sizeof endings[0]);
    tcase_add_test(tc, a_refused_batch_rejects_its_interactions);
    tcase_add_test(tc, cuts_batches_that_are_too_large);
    tcase_add_test(tc, keeps_to_the_limits_of_the_daemon);
    tcase_add_test(tc, an_interaction_larger_than_a_frame_is_rejected);
    tcase_add_loop_test(tc, a_refused_certificate_says_so, 0, 2);
    tcase_add_test(tc, another_server_is_not_trusted);
    tcase_add_test(tc, a_declined_hello_gives_its_status);
    tcase_add_test(tc, a_bad_bundle_is_reported_by_the_first_verb);
    tcase_add_test(tc, nobody_listens);
    tcase_add_test(tc, a_connection_that_served_may_end);
    tcase_add_test(tc, calls_get_one_response);
    tcase_add_test(tc, what_the_look_brings_is_not_waited_for);
    tcase_add_test(tc, waits_in_the_spool_and_is_sent_later);
    tcase_add_test(tc, resuming_may_fail_and_go_on);
    tcase_add_test(tc, corrections_and_deliveries_are_said);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
