/* SPDX-License-Identifier: GPL-3.0-or-later
 * COPY's binary form: what was encoded is decoded by the format's description and is the message again. Also
 * how values are quoted for a connection string.
 */
#include "cluster.h"
#include "copy_row.h"

#include <check.h>
#include <string.h>

struct reader {
    const uint8_t *at, *end;
};

static uint16_t read16(struct reader *r)
{
    ck_assert(r->end - r->at >= 2);
    uint16_t value = (uint16_t)(r->at[0] << 8 | r->at[1]);
    r->at += 2;
    return value;
}

static uint64_t read_number(struct reader *r, int bytes)
{
    uint64_t value = 0;
    ck_assert(r->end - r->at >= bytes);
    for (int i = 0; i < bytes; i++)
        value = value << 8 | *r->at++;
    return value;
}

/* A field's content; its length must be `bytes` (-1 = NULL). */
static uint64_t field(struct reader *r, int bytes)
{
    ck_assert_int_eq((int32_t)read_number(r, 4), bytes);
    return bytes > 0 ? read_number(r, bytes) : 0;
}

static void text_field(struct reader *r, const char *expected)
{
    if (expected == NULL) {
        field(r, -1);
        return;
    }
    ck_assert_uint_eq(read_number(r, 4), strlen(expected));
    ck_assert_mem_eq(r->at, expected, strlen(expected));
    r->at += strlen(expected);
}

/* An array; missing elements are INT64_MIN. The announced length must be what it takes. */
static void array_field(struct reader *r, Oid element, int bytes, size_t count, const int64_t *expected)
{
    uint64_t length = read_number(r, 4);
    const uint8_t *began = r->at;
    bool has_null = false, null_flag;
    ck_assert_uint_eq(read_number(r, 4), 1);
    null_flag = read_number(r, 4) != 0;
    ck_assert_uint_eq(read_number(r, 4), element);
    ck_assert_uint_eq(read_number(r, 4), count);
    ck_assert_uint_eq(read_number(r, 4), 1);
    for (size_t i = 0; i < count; i++) {
        if (expected[i] == INT64_MIN) {
            has_null = true;
            field(r, -1);
            continue;
        }
        uint64_t value = field(r, bytes);
        uint64_t mask = bytes == 8 ? UINT64_MAX : (UINT64_C(1) << (bytes * 8)) - 1;
        ck_assert_uint_eq(value, (uint64_t)expected[i] & mask);
    }
    ck_assert_int_eq(null_flag, has_null);
    ck_assert_uint_eq((uint64_t)(r->at - began), length);
}

static const uint8_t id[16] = {1, 2, 3, 4, 5, 6, 0x87, 8, 0x89, 10, 11, 12, 13, 14, 15, 16};

static void header(struct reader *r)
{
    ck_assert_mem_eq(r->at, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0", 19);
    r->at += 19;
}

START_TEST(test_full_row)
{
    Samordning__V1__Participant a = SAMORDNING__V1__PARTICIPANT__INIT, b = SAMORDNING__V1__PARTICIPANT__INIT,
                                c = SAMORDNING__V1__PARTICIPANT__INIT;
    Samordning__V1__Participant *participants[] = {&a, &b, &c};
    Samordning__V1__Interaction m = SAMORDNING__V1__INTERACTION__INIT;
    m.time = INT64_C(1393663200123456);
    m.end = m.time + 5;
    m.weight = 2.5;
    m.stage = 4;
    m.time_precision = 1;
    m.level = 2;
    m.resolved_level = 6;
    m.case_ref = (char[]){"14/1-æ"};
    m.source = (char[]){"arkiv"};
    m.source_id = (char[]){"77"};
    m.participants = participants;
    m.n_participants = 3;
    a.role = 1;
    b.role = 2;
    c.role = 3;
    b.received = m.time + 1;
    b.deadline = m.time + 2;
    b.deadline_agreed = 1;
    c.replied = m.time + 3;
    c.reply_status = 2;
    a.outcome = 5;
    static const int32_t labels[] = {10, -20, 30}; /* 20 waits for an actor */
    const struct copy_row row = {.id = id,
                                 .message = &m,
                                 .labels = labels,
                                 .content_hash = UINT64_C(0xFFEEDDCCBBAA9988),
                                 .recorded_at_us = m.time + 100,
                                 .reporter = 3,
                                 .layer = 7,
                                 .kind = SUPPLEMENT_CORRECTION,
                                 .revision = 4};
    struct pg_buffer buffer = {0};
    copy_begin(&buffer);
    copy_row(&buffer, &row);
    copy_end(&buffer);
    ck_assert(!buffer.failed);
    struct reader r = {buffer.data, buffer.data + buffer.size};
    header(&r);
    ck_assert_uint_eq(read16(&r), 25);
    ck_assert_uint_eq(read_number(&r, 4), 16);
    ck_assert_mem_eq(r.at, id, 16);
    r.at += 16;
    const int64_t none = INT64_MIN;
    int64_t t = m.time - INT64_C(946684800000000);
    ck_assert_int_eq((int64_t)field(&r, 8), t);
    ck_assert_int_eq((int64_t)field(&r, 8), t + 100);
    ck_assert_uint_eq(field(&r, 8), UINT64_C(0xFFEEDDCCBBAA9988));
    ck_assert_uint_eq(field(&r, 4), 3);
    ck_assert_uint_eq(field(&r, 4), 0x40200000); /* 2.5f */
    ck_assert_uint_eq(field(&r, 2), 7);
    ck_assert_uint_eq(field(&r, 2), 4);
    ck_assert_uint_eq(field(&r, 2), 1);
    ck_assert_uint_eq(field(&r, 2), 2);
    ck_assert_uint_eq(field(&r, 2), 6);
    array_field(&r, 23, 4, 3, (const int64_t[]){10, 20, 30});
    array_field(&r, 21, 2, 3, (const int64_t[]){1, 2, 3});
    ck_assert_int_eq((int64_t)field(&r, 8), t + 5);
    text_field(&r, "14/1-æ");
    text_field(&r, "arkiv");
    text_field(&r, "77");
    array_field(&r, 1184, 8, 3, (const int64_t[]){none, t + 1, none});
    array_field(&r, 1184, 8, 3, (const int64_t[]){none, t + 2, none});
    array_field(&r, 16, 1, 3, (const int64_t[]){0, 1, 0});
    array_field(&r, 1184, 8, 3, (const int64_t[]){none, none, t + 3});
    array_field(&r, 21, 2, 3, (const int64_t[]){0, 0, 2});
    array_field(&r, 21, 2, 3, (const int64_t[]){5, 0, 0});
    ck_assert_uint_eq(field(&r, 4), 4);
    ck_assert_uint_eq(field(&r, 2), 2);
    ck_assert_uint_eq(read16(&r), 0xFFFF);
    ck_assert_ptr_eq(r.at, r.end);
    pg_buffer_release(&buffer);
}
END_TEST

START_TEST(test_bare_row)
{
    Samordning__V1__Participant a = SAMORDNING__V1__PARTICIPANT__INIT, b = SAMORDNING__V1__PARTICIPANT__INIT;
    Samordning__V1__Participant *participants[] = {&a, &b};
    Samordning__V1__Interaction m = SAMORDNING__V1__INTERACTION__INIT;
    m.time = INT64_C(946684799999999); /* just before PostgreSQL's epoch */
    m.participants = participants;
    m.n_participants = 2;
    static const int32_t labels[] = {1, 2};
    const struct copy_row row = {.id = id, .message = &m, .labels = labels};
    struct pg_buffer buffer = {0};
    copy_begin(&buffer);
    copy_row(&buffer, &row);
    copy_row(&buffer, &row);
    copy_end(&buffer);
    struct reader r = {buffer.data, buffer.data + buffer.size};
    header(&r);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(read16(&r), 23);
        r.at += 20;
        ck_assert_int_eq((int64_t)field(&r, 8), -1);
        r.at += 12 + 12 + 8;
        ck_assert_uint_eq(field(&r, 4), 0x3F800000); /* no weight is 1 */
        r.at += 5 * 6;
        array_field(&r, 23, 4, 2, (const int64_t[]){1, 2});
        array_field(&r, 21, 2, 2, (const int64_t[]){0, 0});
        for (int k = 0; k < 10; k++)
            field(&r, -1);
    }
    ck_assert_uint_eq(read16(&r), 0xFFFF);
    ck_assert_ptr_eq(r.at, r.end);
    pg_buffer_release(&buffer);
}
END_TEST

START_TEST(test_quoting)
{
    char text[32];
    ck_assert(cluster_quote("/a b'c\\d", text, sizeof text));
    ck_assert_str_eq(text, "'/a b\\'c\\\\d'");
    ck_assert(cluster_quote("", text, 3));
    ck_assert_str_eq(text, "''");
    ck_assert(!cluster_quote("'''", text, 8));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("copy_row");
    TCase *tcase = tcase_create("copy_row");
    tcase_add_test(tcase, test_full_row);
    tcase_add_test(tcase, test_bare_row);
    tcase_add_test(tcase, test_quoting);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
