/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dispatch and handlers through a real connection without TLS: roles, order, limits, receipts, deadlines, cancelling.
 */
#include "clock.h"
#include "config.h"
#include "conn.h"
#include "dispatch.h"
#include "fake_store.h"
#include "frame.h"
#include "log.h"

#include <check.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBMITTER  PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_SUBMITTER)
#define RESEARCHER PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_RESEARCHER)
#define OPERATOR   PRINCIPAL_ROLE(SAMORDNING__V1__ACCESS_ROLE__ACCESS_OPERATOR)
#define WHEN_US    INT64_C(1740994200000000)

static struct config config;
static struct metrics metrics;
static struct event_base *base;
static struct reaper reaper;
static struct dispatch dispatch;
static struct conn_set conns;
static struct authority *authority;
static struct bufferevent *client;
static Samordning__V1__Response *answers[64];
static size_t answer_count;

static void set_up(void)
{
    struct fake_store_options options = {0};
    struct conn_identity identity = {.orgnr = "991825827", .address = "test"};
    struct bufferevent *pair[2];
    struct conn *conn;
    log_set_level(LOG_LEVEL_ERROR);
    ck_assert_int_eq(config_init(&config), STATUS_OK);
    metrics_init(&metrics);
    base = event_base_new();
    ck_assert_int_eq(reaper_init(&reaper, base), STATUS_OK);
    ck_assert_int_eq(dispatch_init(&dispatch, base, &config, &metrics), STATUS_OK);
    conn_set_init(&conns, base, &dispatch, &reaper);
    dispatch.authority = &authority;
    dispatch.store = fake_store_create(1, &options);
    ck_assert_int_eq(bufferevent_pair_new(base, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS, pair), 0);
    client = pair[0];
    bufferevent_enable(client, EV_READ | EV_WRITE);
    ck_assert_int_eq(conn_create(&conns, pair[1], &identity, &conn), STATUS_OK);
    answer_count = 0;
}

static void forget_answers(void)
{
    while (answer_count > 0)
        samordning__v1__response__free_unpacked(answers[--answer_count], NULL);
}

static void tear_down(void)
{
    forget_answers();
    bufferevent_free(client);
    conn_set_release(&conns);
    fake_store_destroy(dispatch.store);
    event_base_loop(base, EVLOOP_NONBLOCK);
    ck_assert_uint_eq(dispatch.in_flight, 0);
    ck_assert_uint_eq(dispatch.working.used, 0);
    ck_assert_uint_eq(dispatch.reading.used, 0);
    reaper_release(&reaper);
    dispatch_release(&dispatch);
    event_base_free(base);
    config_release(&config);
}

static void turn(void)
{
    struct evbuffer *input = bufferevent_get_input(client);
    struct frame_view view;
    for (int i = 0; i < 6; i++) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        fake_store_turn(dispatch.store);
    }
    for (size_t have; (have = evbuffer_get_length(input)) > 0;) {
        const uint8_t *data = evbuffer_pullup(input, -1);
        ck_assert_int_eq(frame_next(data, have, 1 << 26, &view), FRAME_COMPLETE);
        ck_assert_uint_ge(have, view.header_size + view.body_size);
        ck_assert_uint_lt(answer_count, 64);
        answers[answer_count] = samordning__v1__response__unpack(NULL, view.body_size, data + view.header_size);
        ck_assert_ptr_nonnull(answers[answer_count++]);
        evbuffer_drain(input, view.header_size + view.body_size);
    }
}

static void send_request(Samordning__V1__Request *request)
{
    uint8_t *frame;
    size_t size;
    ck_assert_int_eq(frame_pack(&request->base, &frame, &size), STATUS_OK);
    /* In two pieces, so that the connection meets a frame that is not whole. */
    bufferevent_write(client, frame, size / 2);
    for (int i = 0; i < 3; i++)
        event_base_loop(base, EVLOOP_NONBLOCK);
    bufferevent_write(client, frame + size / 2, size - size / 2);
    free(frame);
}

/* Sends, and expects exactly one answer, which lives until the next ask. */
static const Samordning__V1__Response *ask(Samordning__V1__Request *request)
{
    forget_answers();
    send_request(request);
    turn();
    ck_assert_uint_eq(answer_count, 1);
    ck_assert_uint_eq(answers[0]->id, request->id);
    return answers[0];
}

static const Samordning__V1__Response *hello(void)
{
    Samordning__V1__HelloRequest message = SAMORDNING__V1__HELLO_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    message.protocol = 1;
    request.id = 1;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_HELLO;
    request.hello = &message;
    return ask(&request);
}

START_TEST(every_message_has_a_row)
{
    const ProtobufCMessageDescriptor *type = &samordning__v1__request__descriptor;
    size_t members = 0;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
            continue;
        const struct dispatch_row *row = dispatch_find((Samordning__V1__Request__BodyCase)field->id);
        ck_assert_msg(row != NULL, "%s has no row", field->name);
        ck_assert_str_eq(row->name, field->name);
        ck_assert_ptr_nonnull(row->handle);
        members++;
    }
    ck_assert_uint_eq(members, dispatch_row_count);
    ck_assert_uint_le(dispatch_row_count, METRIC_MESSAGES_MAX);
    ck_assert_ptr_null(dispatch_find(SAMORDNING__V1__REQUEST__BODY__NOT_SET));
}
END_TEST

static const struct {
    const char *name;
    uint32_t roles;
} matrix[] = {
    {"hello", SUBMITTER | RESEARCHER | OPERATOR},
    {"submit", SUBMITTER},
    {"withdraw", SUBMITTER},
    {"status", SUBMITTER | RESEARCHER | OPERATOR},
    {"actor_import", OPERATOR},
    {"actor_list", SUBMITTER | RESEARCHER | OPERATOR},
    {"actor_resolve", OPERATOR},
    {"case_import", OPERATOR},
    {"case_list", SUBMITTER | RESEARCHER | OPERATOR},
    {"need_import", OPERATOR},
    {"need_list", SUBMITTER | RESEARCHER | OPERATOR},
    {"reorganisation_import", OPERATOR},
    {"reorganisation_list", SUBMITTER | RESEARCHER | OPERATOR},
    {"layer", SUBMITTER | RESEARCHER | OPERATOR},
    {"analysis", SUBMITTER | RESEARCHER | OPERATOR},
    {"result", RESEARCHER | OPERATOR},
    {"job", RESEARCHER | OPERATOR},
    {"token", OPERATOR},
    {"cancel", SUBMITTER | RESEARCHER | OPERATOR},
    {"comment", SUBMITTER | OPERATOR},
    {"survey_design", OPERATOR},
    {"survey_list", SUBMITTER | RESEARCHER | OPERATOR},
    {"survey_fetch", SUBMITTER | RESEARCHER | OPERATOR},
    {"survey_wave", OPERATOR},
    {"survey_invite", OPERATOR},
    {"survey_remind", OPERATOR},
    {"survey_answer", SUBMITTER},
    {"survey_export", RESEARCHER | OPERATOR},
    {"survey_person", SUBMITTER | OPERATOR},
    {"schedule", OPERATOR},
    {"schedule_history", OPERATOR | RESEARCHER},
    {"supersede", OPERATOR},
    {"release", RESEARCHER | OPERATOR},
    {"enrol", OPERATOR},
};

START_TEST(role_matrix)
{
    const uint32_t roles[] = {SUBMITTER, RESEARCHER, OPERATOR};
    ck_assert_uint_eq(sizeof matrix / sizeof matrix[0], dispatch_row_count);
    for (size_t i = 0; i < dispatch_row_count; i++) {
        struct principal principal = {0};
        ck_assert_str_eq(dispatch_rows[i].name, matrix[i].name);
        ck_assert_int_eq(dispatch_permit(&dispatch_rows[i], &principal), STATUS_UNAUTHENTICATED);
        principal.organisation = 1;
        for (size_t role = 0; role < 3; role++) {
            principal.roles = roles[role];
            ck_assert_msg(dispatch_permit(&dispatch_rows[i], &principal) ==
                              (matrix[i].roles & roles[role] ? STATUS_OK : STATUS_FORBIDDEN),
                          "%s, role %zu", matrix[i].name, role);
        }
        ck_assert_int_eq(dispatch_rows[i].before_hello, strcmp(matrix[i].name, "hello") == 0);
    }
}
END_TEST

START_TEST(hello_comes_first)
{
    Samordning__V1__StatusRequest message = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    request.id = 5;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &message;
    const Samordning__V1__Response *response = ask(&request);
    ck_assert_int_eq(response->status, STATUS_UNAUTHENTICATED);
    ck_assert_str_eq(response->message, "the first message must be hello");
}
END_TEST

START_TEST(hello_tells_limits_and_roles)
{
    const Samordning__V1__Response *response = hello();
    ck_assert_int_eq(response->status, STATUS_OK);
    ck_assert_str_eq(response->hello->organisation, "991825827");
    ck_assert_uint_eq(response->hello->n_roles, 3);
    ck_assert_uint_eq(response->hello->max_batch, config.max_batch);
}
END_TEST

START_TEST(unknown_organisation_is_told_and_closed)
{
    fake_store_options(dispatch.store)->refuses_everybody = true;
    const Samordning__V1__Response *response = hello();
    ck_assert_int_eq(response->status, STATUS_UNAUTHENTICATED);
    ck_assert_ptr_nonnull(strstr(response->message, "991825827"));
    conn_set_sweep(&conns, clock_monotonic_us() + 10 * CONN_LINGER_US);
    ck_assert_uint_eq(conns.count, 0);
}
END_TEST

START_TEST(wrong_role_is_told)
{
    Samordning__V1__TokenRequest message = SAMORDNING__V1__TOKEN_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    fake_store_options(dispatch.store)->roles = SUBMITTER;
    hello();
    request.id = 5;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_TOKEN;
    request.token = &message;
    const Samordning__V1__Response *response = ask(&request);
    ck_assert_int_eq(response->status, STATUS_FORBIDDEN);
    ck_assert_str_eq(response->message, "the role of organisation 991825827 does not allow token");
}
END_TEST

/* A job may be of somebody else, so it is no way around what the specification must say. */
START_TEST(a_submitter_gets_a_report_on_itself_alone)
{
    static const struct {
        const char *family, *spec;
        uint64_t job;
        bool recompute;
        enum status status;
    } cases[] = {{"report", "from=2025-01-01 for=991825827", 0, false, STATUS_OK},
                 {"report", "from=2025-01-01  for=991825827 to=2026-01-01", 0, false, STATUS_OK},
                 {"report", "from=2025-01-01 for=991825827", 0, true, STATUS_FORBIDDEN},
                 {"report", "from=2025-01-01 for=991825827", 7, false, STATUS_FORBIDDEN},
                 {"report", "for=991825827 for=972417807", 0, false, STATUS_FORBIDDEN},
                 {"report", "for=972417807 for=991825827", 0, false, STATUS_FORBIDDEN},
                 {"report", "for=9918258270", 0, false, STATUS_FORBIDDEN},
                 {"report", "for=99182582", 0, false, STATUS_FORBIDDEN},
                 {"report", "", 0, false, STATUS_FORBIDDEN},
                 {"graph", "for=991825827", 0, false, STATUS_FORBIDDEN},
                 {"", "", 7, false, STATUS_FORBIDDEN}};
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    fake_store_options(dispatch.store)->roles = SUBMITTER;
    hello();
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ANALYSIS;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Samordning__V1__AnalysisRequest message = SAMORDNING__V1__ANALYSIS_REQUEST__INIT;
        message.family = (char *)(uintptr_t)cases[i].family;
        message.spec = (char *)(uintptr_t)cases[i].spec;
        message.job = cases[i].job;
        message.recompute = cases[i].recompute;
        request.id = 5 + i;
        request.analysis = &message;
        forget_answers();
        send_request(&request);
        turn();
        ck_assert_uint_gt(answer_count, 0); /* progress may come before it */
        ck_assert_msg((enum status)answers[answer_count - 1]->status == cases[i].status, "%zu: %d", i,
                      (int)answers[answer_count - 1]->status);
    }
}
END_TEST

static char meeting[] = "meeting", unknown[] = "finnes_ikke", fin[] = "FIN", kd[] = "KD", source[] = "arkiv";
static Samordning__V1__Participant left_ = SAMORDNING__V1__PARTICIPANT__INIT, right_ = SAMORDNING__V1__PARTICIPANT__INIT;
static Samordning__V1__Participant *both[2] = {&left_, &right_};

static void make(Samordning__V1__Interaction *interaction, char *source_id)
{
    samordning__v1__interaction__init(interaction);
    left_.actor = fin;
    right_.actor = kd;
    left_.role = right_.role = SAMORDNING__V1__ROLE__ROLE_PARTICIPANT;
    interaction->type = meeting;
    interaction->time = WHEN_US;
    interaction->participants = both;
    interaction->n_participants = 2;
    interaction->source = source;
    interaction->source_id = source_id;
}

static const Samordning__V1__Response *submit(Samordning__V1__Interaction *interactions, size_t count)
{
    Samordning__V1__Interaction *pointers[16];
    Samordning__V1__SubmitRequest message = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    for (size_t i = 0; i < count; i++)
        pointers[i] = &interactions[i];
    message.interactions = pointers;
    message.n_interactions = count;
    request.id = 9;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SUBMIT;
    request.submit = &message;
    return ask(&request);
}

/* One of each kind in a batch: neighbours are kept, the same twice is stored once, graded content never reaches the store. */
START_TEST(receipts_in_order)
{
    Samordning__V1__Interaction all[8];
    char a[] = "a", b[] = "b", c[] = "c", secret[] = "hemmelig sak";
    hello();
    make(&all[0], a);
    make(&all[1], b);
    all[1].type = unknown;
    make(&all[2], a); /* as the first */
    make(&all[3], a); /* the same event, otherwise told */
    all[3].case_ref = b;
    make(&all[4], b);
    all[4].classification = SAMORDNING__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
    all[4].case_ref = secret;
    make(&all[5], c);
    all[5].time = 0;
    make(&all[6], c);
    make(&all[7], c); /* as the one before */
    const Samordning__V1__Response *response = submit(all, 8);
    ck_assert_int_eq(response->status, STATUS_OK);
    ck_assert_uint_eq(response->submit->n_receipts, 8);
    Samordning__V1__Receipt **receipts = response->submit->receipts;
    const int states[] = {1, 6, 2, 5, 6, 6, 1, 2};
    for (size_t i = 0; i < 8; i++)
        ck_assert_msg((int)receipts[i]->state == states[i], "receipt %zu: %d, expected %d", i, (int)receipts[i]->state,
                      states[i]);
    ck_assert_str_eq(receipts[1]->field, "type");
    ck_assert_int_eq(receipts[1]->status, STATUS_INVALID);
    ck_assert_ptr_nonnull(strstr(receipts[1]->reason, "finnes_ikke"));
    ck_assert_int_eq(receipts[4]->status, STATUS_CLASSIFIED);
    ck_assert_str_eq(receipts[5]->field, "time");
    ck_assert_uint_eq(receipts[0]->id.len, 16);
    ck_assert_mem_eq(receipts[0]->id.data, receipts[2]->id.data, 16);
    ck_assert_uint_eq(fake_store_rows(dispatch.store), 2);
    ck_assert_uint_eq(fake_store_classified(dispatch.store), 1);
    ck_assert(!fake_store_saw_graded_content(dispatch.store));
    ck_assert_int_eq(metrics.values[METRIC_INTERACTIONS_REJECTED], 2);
    ck_assert_int_eq(metrics.values[METRIC_INTERACTIONS_CLASSIFIED], 1);
    /* And all of it again. */
    response = submit(all, 8);
    const int again[] = {2, 6, 2, 5, 6, 6, 2, 2};
    for (size_t i = 0; i < 8; i++)
        ck_assert_int_eq((int)response->submit->receipts[i]->state, again[i]);
    ck_assert_uint_eq(fake_store_rows(dispatch.store), 2);
}
END_TEST

START_TEST(batches_have_a_limit)
{
    Samordning__V1__Interaction all[3];
    char a[] = "a";
    hello();
    config.max_batch = 2;
    for (size_t i = 0; i < 3; i++)
        make(&all[i], a);
    ck_assert_int_eq(submit(all, 3)->status, STATUS_TOO_LARGE);
    ck_assert_int_eq(submit(all, 2)->status, STATUS_OK);
    ck_assert_int_eq(submit(all, 0)->status, STATUS_OK);
}
END_TEST

START_TEST(deadline_is_answered_even_when_the_store_is_not)
{
    Samordning__V1__Interaction one;
    char a[] = "a";
    hello();
    forget_answers();
    fake_store_options(dispatch.store)->never_answers = true;
    make(&one, a);
    Samordning__V1__Interaction *pointer = &one;
    Samordning__V1__SubmitRequest message = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    message.interactions = &pointer;
    message.n_interactions = 1;
    request.id = 9;
    request.deadline_ms = 1000;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SUBMIT;
    request.submit = &message;
    send_request(&request);
    turn();
    ck_assert_uint_eq(answer_count, 0);
    dispatch_sweep(&dispatch, clock_monotonic_us() + 1000000);
    turn();
    ck_assert_uint_eq(answer_count, 0);
    dispatch_sweep(&dispatch, clock_monotonic_us() + 1000000 + DISPATCH_GRACE_US + 1000000);
    turn();
    ck_assert_uint_eq(answer_count, 1);
    ck_assert_int_eq(answers[0]->status, STATUS_TIMEOUT);
    ck_assert_uint_eq(dispatch.in_flight, 1); /* orphaned, not freed */
    fake_store_options(dispatch.store)->never_answers = false;
    turn();
    ck_assert_uint_eq(answer_count, 1);
    ck_assert_uint_eq(dispatch.in_flight, 0);
}
END_TEST

/* A frame larger than a turn must leave nothing behind that makes the connection wait for another one as large. */
START_TEST(large_frame_then_a_small_one)
{
    Samordning__V1__StatusRequest message = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    Samordning__V1__SubmitRequest submission = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    static char trace[CONN_TURN_BYTES + 1000], none[] = "";
    memset(trace, 'x', sizeof trace - 1);
    hello();
    for (request.id = 10; request.id < 14; request.id += 2) {
        request.body_case = SAMORDNING__V1__REQUEST__BODY_SUBMIT;
        request.submit = &submission;
        request.trace = trace;
        ck_assert_int_eq(ask(&request)->status, STATUS_OK);
        request.id++;
        request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
        request.status = &message;
        request.trace = none;
        ck_assert_int_eq(ask(&request)->status, STATUS_OK);
        request.id--;
    }
}
END_TEST

static void additions_cb(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *arg)
{
    *(unsigned *)arg += info->n_added > 0;
}

static void send_status(uint64_t id)
{
    Samordning__V1__StatusRequest message = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    request.id = id;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &message;
    send_request(&request);
}

/* Whose answer is larger than a TLS record: a receipt takes more than 20 bytes. */
static void send_large(uint64_t id)
{
    enum { COUNT = 900 };
    static Samordning__V1__Interaction all[COUNT], *pointers[COUNT];
    static char names[COUNT][24];
    Samordning__V1__SubmitRequest message = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "%u of %u", (unsigned)i, (unsigned)id);
        make(&all[i], names[i]);
        pointers[i] = &all[i];
    }
    message.interactions = pointers;
    message.n_interactions = COUNT;
    request.id = id;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SUBMIT;
    request.submit = &message;
    send_request(&request);
}

START_TEST(answers_of_one_turn_go_together)
{
    unsigned additions = 0;
    hello();
    forget_answers();
    evbuffer_add_cb(bufferevent_get_input(client), additions_cb, &additions);
    fake_store_options(dispatch.store)->never_answers = true;
    for (uint64_t id = 10; id < 30; id++)
        send_status(id);
    turn();
    ck_assert_uint_eq(fake_store_waiting(dispatch.store), 20);
    ck_assert_uint_eq(additions, 0);
    fake_store_options(dispatch.store)->never_answers = false;
    turn();
    ck_assert_uint_eq(answer_count, 20);
    for (size_t i = 0; i < 20; i++)
        ck_assert_uint_eq(answers[i]->id, 10 + i);
    ck_assert_uint_le(additions, 2); /* the pair may move a chain at a time */
}
END_TEST

START_TEST(a_large_answer_keeps_its_place)
{
    hello();
    forget_answers();
    fake_store_options(dispatch.store)->never_answers = true;
    send_status(10);
    send_status(11);
    send_large(12);
    send_status(13);
    send_large(14);
    send_status(15);
    turn();
    ck_assert_uint_eq(fake_store_waiting(dispatch.store), 6);
    fake_store_options(dispatch.store)->never_answers = false;
    turn();
    ck_assert_uint_eq(answer_count, 6);
    for (size_t i = 0; i < 6; i++)
        ck_assert_uint_eq(answers[i]->id, 10 + i);
    ck_assert_uint_gt(samordning__v1__response__get_packed_size(answers[2]), 16384);
    ck_assert_uint_eq(answers[4]->submit->n_receipts, 900);
}
END_TEST

/* Answers that wait in the connection count as output: who does not read is not read from. */
START_TEST(a_slow_reader_is_not_read_from)
{
    hello();
    forget_answers();
    config.max_output_bytes = 100;
    bufferevent_disable(client, EV_READ);
    for (uint64_t id = 10; id < 60; id++) {
        send_status(id);
        for (int i = 0; i < 3; i++) {
            event_base_loop(base, EVLOOP_NONBLOCK);
            fake_store_turn(dispatch.store);
        }
    }
    const struct conn *conn = TAILQ_FIRST(&conns.conns);
    ck_assert(!conn->is_reading);
    ck_assert_uint_lt(conn->requests_total, 45);
    ck_assert_uint_eq(answer_count, 0);
    bufferevent_enable(client, EV_READ);
    for (int i = 0; i < 60 && answer_count < 50; i++)
        turn();
    ck_assert_uint_eq(answer_count, 50);
    for (size_t i = 0; i < 50; i++)
        ck_assert_uint_eq(answers[i]->id, 10 + i);
}
END_TEST

START_TEST(an_id_is_in_flight_once)
{
    Samordning__V1__StatusRequest message = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    hello();
    forget_answers();
    fake_store_options(dispatch.store)->never_answers = true;
    request.id = 5;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &message;
    send_request(&request);
    send_request(&request);
    turn();
    ck_assert_uint_eq(answer_count, 1);
    ck_assert_int_eq(answers[0]->status, STATUS_INVALID);
    ck_assert_str_eq(answers[0]->field, "id");
}
END_TEST

START_TEST(reading_stops_at_the_limit_in_flight)
{
    Samordning__V1__StatusRequest message = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    hello();
    forget_answers();
    config.max_in_flight = 3;
    fake_store_options(dispatch.store)->never_answers = true;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &message;
    for (request.id = 10; request.id < 20; request.id++)
        send_request(&request);
    turn();
    ck_assert_uint_eq(fake_store_waiting(dispatch.store), 3);
    ck_assert_uint_eq(answer_count, 0);
    fake_store_options(dispatch.store)->never_answers = false;
    for (int i = 0; i < 10; i++)
        turn();
    ck_assert_uint_eq(answer_count, 10);
}
END_TEST

START_TEST(analysis_tells_progress_and_can_be_cancelled)
{
    Samordning__V1__AnalysisRequest message = SAMORDNING__V1__ANALYSIS_REQUEST__INIT;
    Samordning__V1__CancelRequest cancel = SAMORDNING__V1__CANCEL_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT, stop = SAMORDNING__V1__REQUEST__INIT;
    char family[] = "graph";
    hello();
    forget_answers();
    message.family = family;
    request.id = 5;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_ANALYSIS;
    request.analysis = &message;
    send_request(&request);
    turn();
    ck_assert_uint_eq(answer_count, 2);
    ck_assert(answers[0]->more);
    ck_assert_uint_eq(answers[0]->analysis->progress->permille, 500);
    ck_assert(!answers[1]->more);
    ck_assert_uint_eq(answers[1]->analysis->result.len, 3);
    forget_answers();
    fake_store_options(dispatch.store)->never_answers = true;
    send_request(&request);
    turn();
    stop.id = 6;
    stop.body_case = SAMORDNING__V1__REQUEST__BODY_CANCEL;
    stop.cancel = &cancel;
    cancel.request = 99;
    ck_assert_int_eq(ask(&stop)->status, STATUS_NOT_FOUND);
    cancel.request = 5;
    ck_assert_int_eq(ask(&stop)->status, STATUS_OK);
    forget_answers();
    fake_store_options(dispatch.store)->never_answers = false;
    turn();
    ck_assert_uint_eq(answer_count, 1);
    ck_assert_uint_eq(answers[0]->id, 5);
    ck_assert_int_eq(answers[0]->status, STATUS_CANCELLED);
}
END_TEST

START_TEST(requests_outlive_their_connection)
{
    Samordning__V1__StatusRequest message = SAMORDNING__V1__STATUS_REQUEST__INIT;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    hello();
    fake_store_options(dispatch.store)->never_answers = true;
    request.id = 5;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_STATUS;
    request.status = &message;
    send_request(&request);
    turn();
    bufferevent_flush(client, EV_WRITE | EV_READ, BEV_FINISHED);
    turn();
    ck_assert_uint_eq(conns.count, 0);
    ck_assert_uint_eq(dispatch.in_flight, 1);
    fake_store_options(dispatch.store)->never_answers = false;
    turn();
    ck_assert_uint_eq(dispatch.in_flight, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dispatch");
    TCase *tests = tcase_create("dispatch");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_message_has_a_row);
    tcase_add_test(tests, role_matrix);
    tcase_add_test(tests, hello_comes_first);
    tcase_add_test(tests, hello_tells_limits_and_roles);
    tcase_add_test(tests, unknown_organisation_is_told_and_closed);
    tcase_add_test(tests, wrong_role_is_told);
    tcase_add_test(tests, a_submitter_gets_a_report_on_itself_alone);
    tcase_add_test(tests, receipts_in_order);
    tcase_add_test(tests, batches_have_a_limit);
    tcase_add_test(tests, deadline_is_answered_even_when_the_store_is_not);
    tcase_add_test(tests, large_frame_then_a_small_one);
    tcase_add_test(tests, answers_of_one_turn_go_together);
    tcase_add_test(tests, a_large_answer_keeps_its_place);
    tcase_add_test(tests, a_slow_reader_is_not_read_from);
    tcase_add_test(tests, an_id_is_in_flight_once);
    tcase_add_test(tests, reading_stops_at_the_limit_in_flight);
    tcase_add_test(tests, analysis_tells_progress_and_can_be_cancelled);
    tcase_add_test(tests, requests_outlive_their_connection);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
