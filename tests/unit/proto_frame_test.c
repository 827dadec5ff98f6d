/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frames, the arena behind them and statuses, at their boundaries. */
#include "frame.h"
#include "samordning.pb-c.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *what;
    uint8_t bytes[8];
    size_t size;
    size_t cap;
    enum frame_state state;
    size_t header, body, need;
} headers[] = {
    {"nothing", {0}, 0, 100, FRAME_INCOMPLETE, 0, 0, 0},
    {"half a length", {0x80}, 1, 100, FRAME_INCOMPLETE, 0, 0, 0},
    {"empty body", {0x00}, 1, 100, FRAME_COMPLETE, 1, 0, 1},
    {"one byte", {0x01, 0xAA}, 2, 100, FRAME_COMPLETE, 1, 1, 2},
    {"one byte missing", {0x02, 0xAA}, 2, 100, FRAME_INCOMPLETE, 0, 0, 3},
    {"more than one frame", {0x01, 0xAA, 0x01, 0xBB}, 4, 100, FRAME_COMPLETE, 1, 1, 2},
    {"at the cap", {0x64}, 1, 100, FRAME_INCOMPLETE, 0, 0, 101},
    {"over the cap", {0x65}, 1, 100, FRAME_TOO_LARGE, 0, 0, 0},
    {"cap of zero", {0x01}, 1, 0, FRAME_TOO_LARGE, 0, 0, 0},
    {"two bytes of length", {0x80, 0x01}, 2, 200, FRAME_INCOMPLETE, 0, 0, 130},
    {"largest length", {0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, 5, SIZE_MAX, FRAME_INCOMPLETE, 0, 0, 4294967300},
    {"above 32 bits", {0x80, 0x80, 0x80, 0x80, 0x10}, 5, SIZE_MAX, FRAME_MALFORMED, 0, 0, 0},
    {"six bytes", {0x80, 0x80, 0x80, 0x80, 0x80, 0x01}, 6, SIZE_MAX, FRAME_MALFORMED, 0, 0, 0},
    {"six bytes, five seen", {0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, 5, SIZE_MAX, FRAME_MALFORMED, 0, 0, 0},
    {"zero in two bytes", {0x80, 0x00}, 2, 100, FRAME_MALFORMED, 0, 0, 0},
    {"one in three bytes", {0x81, 0x80, 0x00}, 3, 100, FRAME_MALFORMED, 0, 0, 0},
};

START_TEST(looks_at_lengths)
{
    struct frame_view view = {7, 7, 7};
    ck_assert_msg(frame_next(headers[_i].bytes, headers[_i].size, headers[_i].cap, &view) == headers[_i].state, "%s",
                  headers[_i].what);
    if (headers[_i].state == FRAME_COMPLETE || headers[_i].state == FRAME_INCOMPLETE) {
        ck_assert_uint_eq(view.header_size, headers[_i].header);
        ck_assert_uint_eq(view.body_size, headers[_i].body);
        ck_assert_uint_eq(view.need, headers[_i].need);
    } else {
        ck_assert_uint_eq(view.need, 7);
    }
}
END_TEST

START_TEST(writes_headers_it_reads)
{
    const uint32_t sizes[] = {0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455, 268435456, UINT32_MAX};
    const size_t lengths[] = {1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t header[FRAME_HEADER_MAX];
        size_t length = frame_write_header(header, sizes[i]);
        ck_assert_uint_eq(length, lengths[i]);
        struct frame_view view;
        enum frame_state state = frame_next(header, length, SIZE_MAX, &view);
        ck_assert_int_eq(state, sizes[i] == 0 ? FRAME_COMPLETE : FRAME_INCOMPLETE);
        ck_assert_uint_eq(view.need, length + (size_t)sizes[i]);
    }
}
END_TEST

static ProtobufCMessage *unpack_frame(const uint8_t *data, size_t size, struct arena *arena, enum status *ret_status)
{
    struct frame_view view;
    ck_assert_int_eq(frame_next(data, size, 1 << 20, &view), FRAME_COMPLETE);
    ck_assert_uint_eq(view.need, size);
    return frame_unpack(&samordning__v1__request__descriptor, data + view.header_size, view.body_size, arena, ret_status);
}

static void make_request(uint8_t **ret_data, size_t *ret_size)
{
    Samordning__V1__Participant avsender = SAMORDNING__V1__PARTICIPANT__INIT;
    avsender.actor = (char[]){"Klima- og miljødepartementet"};
    avsender.role = SAMORDNING__V1__ROLE__ROLE_SENDER;
    Samordning__V1__Participant adressat = SAMORDNING__V1__PARTICIPANT__INIT;
    adressat.actor = (char[]){"Nærings- og fiskeridepartementet"};
    adressat.role = SAMORDNING__V1__ROLE__ROLE_ADDRESSEE;
    Samordning__V1__Participant *participants[] = {&avsender, &adressat};
    Samordning__V1__Interaction interaction = SAMORDNING__V1__INTERACTION__INIT;
    interaction.type = (char[]){"consultation"};
    interaction.time = 1393662600000000;
    interaction.participants = participants;
    interaction.n_participants = 2;
    interaction.weight = 1; /* its packed form has zero bytes */
    Samordning__V1__Interaction *interactions[] = {&interaction};
    Samordning__V1__SubmitRequest submit = SAMORDNING__V1__SUBMIT_REQUEST__INIT;
    submit.interactions = interactions;
    submit.n_interactions = 1;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    request.id = 42;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    ck_assert_int_eq(frame_pack(&request.base, ret_data, ret_size), STATUS_OK);
}

START_TEST(packs_and_unpacks)
{
    uint8_t *data = NULL;
    size_t size = 0;
    make_request(&data, &size);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    enum status status = STATUS_INTERNAL;
    Samordning__V1__Request *request = (Samordning__V1__Request *)unpack_frame(data, size, &arena, &status);
    ck_assert_int_eq(status, STATUS_OK);
    ck_assert_ptr_nonnull(request);
    ck_assert_uint_eq(request->id, 42);
    ck_assert_str_eq(request->submit->interactions[0]->participants[1]->actor, "Nærings- og fiskeridepartementet");
    uint8_t *again = NULL;
    size_t again_size = 0;
    ck_assert_int_eq(frame_pack(&request->base, &again, &again_size), STATUS_OK);
    ck_assert_mem_eq(again, data, size);
    free(again);
    free(data);
    arena_release(&arena);
}
END_TEST

START_TEST(every_truncation_is_seen)
{
    uint8_t *data = NULL;
    size_t size = 0;
    make_request(&data, &size);
    struct frame_view view;
    for (size_t cut = 0; cut < size; cut++)
        ck_assert_int_eq(frame_next(data, cut, 1 << 20, &view), FRAME_INCOMPLETE);
    ck_assert_int_eq(frame_next(data, size, 1 << 20, &view), FRAME_COMPLETE);
    for (size_t cut = 0; cut < view.body_size; cut++) {
        struct arena arena;
        arena_init(&arena, 1 << 20);
        uint8_t *part = malloc(cut + 1);
        memcpy(part, data + view.header_size, cut);
        enum status status = STATUS_INTERNAL;
        ProtobufCMessage *message = frame_unpack(&samordning__v1__request__descriptor, part, cut, &arena, &status);
        ck_assert_int_eq(status,
                         message != NULL ? STATUS_OK : STATUS_MALFORMED); /* a cut between fields is a shorter message */
        free(part);
        arena_release(&arena);
    }
    free(data);
}
END_TEST

/* Each allocation fails once, by a budget that grows until all succeed. */
START_TEST(a_small_budget_is_a_clean_failure)
{
    uint8_t *data = NULL;
    size_t size = 0;
    make_request(&data, &size);
    size_t failures = 0;
    for (size_t budget = 0;; budget += 16) {
        struct arena arena;
        arena_init(&arena, budget);
        enum status status = STATUS_INTERNAL;
        ProtobufCMessage *message = unpack_frame(data, size, &arena, &status);
        ck_assert_uint_le(arena.used, budget);
        arena_release(&arena);
        if (message != NULL) {
            ck_assert_int_eq(status, STATUS_OK);
            break;
        }
        ck_assert_int_eq(status, STATUS_TOO_LARGE);
        failures++;
    }
    ck_assert_uint_gt(failures, 10);
    free(data);
}
END_TEST

START_TEST(a_nul_in_a_string_is_marked)
{
    /* An ActorListRequest in a Request: on = "2014\0", search = "" (as bytes of length 0), limit = 0 written out. */
    const uint8_t body[] = {0x08, 0x07, 0x7A, 0x0B, 0x0A, 0x05, '2', '0', '1', '4', 0x00, 0x12, 0x00, 0x20, 0x00};
    struct arena arena;
    arena_init(&arena, 1 << 16);
    enum status status = STATUS_INTERNAL;
    Samordning__V1__Request *request =
        (Samordning__V1__Request *)frame_unpack(&samordning__v1__request__descriptor, body, sizeof body, &arena, &status);
    ck_assert_ptr_nonnull(request);
    ck_assert_int_eq(request->body_case, SAMORDNING__V1__REQUEST__BODY_ACTOR_LIST);
    ck_assert_str_eq(request->actor_list->on, "2014\xFF");
    ck_assert_str_eq(request->actor_list->search, "");
    arena_release(&arena);
}
END_TEST

START_TEST(zero_bytes_elsewhere_are_left_alone)
{
    /* EnrolRequest.csr is bytes: what looks like text with a NUL stays what it is. */
    Samordning__V1__EnrolRequest enrol = SAMORDNING__V1__ENROL_REQUEST__INIT;
    uint8_t csr[] = {'a', 0, 'b', 0};
    enrol.csr.data = csr;
    enrol.csr.len = sizeof csr;
    enrol.name = (char[]){"Direktoratet for forvaltning"};
    uint8_t *data = NULL;
    size_t size = 0;
    ck_assert_int_eq(frame_pack(&enrol.base, &data, &size), STATUS_OK);
    struct arena arena;
    arena_init(&arena, 1 << 16);
    enum status status = STATUS_INTERNAL;
    Samordning__V1__EnrolRequest *again = (Samordning__V1__EnrolRequest *)frame_unpack(
        &samordning__v1__enrol_request__descriptor, data + 1, size - 1, &arena, &status);
    ck_assert_ptr_nonnull(again);
    ck_assert_uint_eq(again->csr.len, sizeof csr);
    ck_assert_mem_eq(again->csr.data, csr, sizeof csr);
    free(data);
    arena_release(&arena);
}
END_TEST

/* An item of a questionnaire may hold parts, which are items: on the wire, so may they, and unpacking recurses. */
START_TEST(messages_nested_without_end_are_refused)
{
    static uint8_t body[1 << 20];
    struct arena arena;
    enum status status = STATUS_OK;
    for (unsigned levels = 1; levels < 40000; levels *= 2) {
        size_t at = sizeof body;
        for (unsigned i = 0; i < levels; i++) { /* from the innermost outwards: field 15, parts */
            uint8_t length[FRAME_HEADER_MAX];
            size_t length_size = frame_write_header(length, (uint32_t)(sizeof body - at));
            memcpy(body + (at -= length_size), length, length_size);
            body[--at] = 15 << 3 | 2;
        }
        arena_init(&arena, 64U << 20);
        bool good = frame_unpack(&samordning__v1__item__descriptor, body + at, sizeof body - at, &arena, &status) != NULL;
        ck_assert_msg(good == (levels < 12), "%u", levels);
        ck_assert_int_eq(status, good ? STATUS_OK : STATUS_MALFORMED);
        arena_release(&arena);
    }
}
END_TEST

START_TEST(malformed_bodies_are_refused)
{
    static const struct {
        uint8_t bytes[16];
        size_t size;
    } bodies[] = {
        {{0x08}, 1},                                                                    /* tag without value */
        {{0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}, 12}, /* varint of 11 bytes */
        {{0x1A, 0x05, 'a'}, 3},                                                         /* string longer than the body */
        {{0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, 6},                                      /* of 4 GiB */
        {{0x0B, 0x0C}, 2},                                                              /* a group */
        {{0x0F}, 1},                                                                    /* wire type 7 */
        {{0x7A, 0x03, 0x0A, 0x7F, 0x00}, 5},                                            /* nested too long, with a zero */
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct arena arena;
        arena_init(&arena, 1 << 16);
        enum status status = STATUS_OK;
        uint8_t *exact = malloc(bodies[i].size);
        memcpy(exact, bodies[i].bytes, bodies[i].size);
        ck_assert_ptr_null(frame_unpack(&samordning__v1__request__descriptor, exact, bodies[i].size, &arena, &status));
        ck_assert_int_eq(status, STATUS_MALFORMED);
        free(exact);
        arena_release(&arena);
    }
}
END_TEST

START_TEST(arena_keeps_to_its_budget)
{
    struct arena arena;
    arena_init(&arena, 100000);
    size_t count = 0;
    char *last = NULL;
    for (char *p = arena_alloc(&arena, 100); p != NULL; p = arena_alloc(&arena, 100)) {
        ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
        memset(p, 0xAB, 100);
        last = p;
        count++;
    }
    ck_assert_uint_gt(count, 800); /* 112 bytes each: little is lost to headers */
    ck_assert_uint_le(arena.used, 100000);
    ck_assert_int_eq(arena.refused, ARENA_OVER_BUDGET);
    ck_assert_uint_eq((unsigned char)last[99], 0xAB);
    arena_reset(&arena);
    ck_assert_int_eq(arena.refused, ARENA_NOT_REFUSED);
    ck_assert_uint_gt(arena.used, 0); /* one chunk kept */
    ck_assert_str_eq(arena_strdup(&arena, "æøå"), "æøå");
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX));
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX - 64));
    ck_assert_ptr_nonnull(arena_alloc(&arena, 0));
    arena_release(&arena);
    arena_release(&arena);
    ck_assert_uint_eq(arena.used, 0);
    arena_release(NULL);
    arena_init(&arena, SIZE_MAX);
    char *large = arena_alloc(&arena, 3 << 20);
    ck_assert_ptr_nonnull(large);
    memset(large, 1, 3 << 20);
    arena_reset(&arena); /* too large to keep */
    ck_assert_uint_eq(arena.used, 0);
    arena_release(&arena);
}
END_TEST

START_TEST(statuses_are_those_of_the_wire)
{
    for (int i = 0; i < STATUS_COUNT; i++) {
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(&samordning__v1__status_code__descriptor, i);
        ck_assert_ptr_nonnull(value);
        ck_assert_str_eq(value->name + strlen("STATUS_"), status_name((enum status)i));
        ck_assert_str_ne(status_text((enum status)i), "");
    }
    ck_assert_uint_eq(samordning__v1__status_code__descriptor.n_values, STATUS_COUNT);
    ck_assert_str_eq(status_name((enum status)99), "UNKNOWN");
    ck_assert_str_eq(status_name((enum status) - 1), "UNKNOWN");
    ck_assert(status_is_retryable(STATUS_BUSY));
    ck_assert(!status_is_retryable(STATUS_CONFLICT));
    ck_assert(!status_is_retryable((enum status)99));
}
END_TEST

START_TEST(messages_are_cut_between_characters)
{
    struct errmsg errmsg;
    char text[1000];
    for (size_t lead = 0; lead < 4; lead++) {
        memset(text, 0, sizeof text);
        memset(text, 'x', lead);
        for (size_t i = lead; i + 3 < sizeof text; i += 3)
            for (size_t k = 0; k < 3; k++)
                text[i + k] = "\xE2\x82\xAC"[k];
        errmsg_set(&errmsg, text, "%s", text);
        ck_assert_uint_eq((strlen(errmsg.text) - lead) % 3, 0);
        ck_assert_uint_ge(strlen(errmsg.text), sizeof errmsg.text - 3);
        ck_assert_uint_eq((strlen(errmsg.field) - lead) % 3, 0);
    }
    errmsg_set(&errmsg, NULL, "%s", "å");
    ck_assert_str_eq(errmsg.field, "");
    ck_assert_str_eq(errmsg.text, "å");
    errmsg_clear(&errmsg);
    ck_assert_str_eq(errmsg.text, "");
    errmsg_set(NULL, "x", "%s", "y");
    errmsg_clear(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("frame");
    TCase *tc = tcase_create("frame");
    tcase_add_loop_test(tc, looks_at_lengths, 0, sizeof headers / sizeof headers[0]);
    tcase_add_test(tc, writes_headers_it_reads);
    tcase_add_test(tc, packs_and_unpacks);
    tcase_add_test(tc, every_truncation_is_seen);
    tcase_add_test(tc, a_small_budget_is_a_clean_failure);
    tcase_add_test(tc, a_nul_in_a_string_is_marked);
    tcase_add_test(tc, zero_bytes_elsewhere_are_left_alone);
    tcase_add_test(tc, messages_nested_without_end_are_refused);
    tcase_add_test(tc, malformed_bodies_are_refused);
    tcase_add_test(tc, arena_keeps_to_its_budget);
    tcase_add_test(tc, statuses_are_those_of_the_wire);
    tcase_add_test(tc, messages_are_cut_between_characters);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
