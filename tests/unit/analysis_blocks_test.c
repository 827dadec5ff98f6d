/* SPDX-License-Identifier: GPL-3.0-or-later
 * Projection, reconciliation and day blocks on interactions worked out by hand; damaged blocks are noticed.
 */
#include "day_block.h"
#include "day_builder.h"
#include "reconcile.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY      16000
#define MINUTE   INT64_C(60000000)
#define START_US (DAY * INT64_C(86400000000))

static struct event_list reports;
static struct day_builder *builder;

struct taken {
    struct day_builder_block head[8];
    uint8_t *bytes[8];
    size_t count;
};
static struct taken taken;

static void start(void)
{
    event_list_init(&reports);
    builder = day_builder_create();
    memset(&taken, 0, sizeof taken);
}

static void stop(void)
{
    for (size_t i = 0; i < taken.count; i++)
        free(taken.bytes[i]);
    day_builder_destroy(builder);
    event_list_release(&reports);
}

/* "1s 2a 3c": label and role: Sender Addressee Copy cHair Participant Observer Declined, or nothing */
static struct event *report(uint8_t number, uint8_t kind, const char *participants)
{
    struct event *event = event_list_add(&reports);
    event->id[0] = 1;
    event->id[6] = 0x80;
    event->id[8] = 0x80;
    event->id[15] = number;
    event->content_hash = number;
    event->time_us = START_US;
    event->end_us = EVENT_NO_TIME;
    event->recorded_us = 1000 + number;
    event->day = DAY;
    event->reporter = 1;
    event->revision = -1;
    event->layer = (int16_t)(kind + 1);
    event->kind = kind;
    event->weight = 1;
    size_t size = strlen(participants) + 1;
    event->labels = event_list_alloc(&reports, size * sizeof *event->labels);
    event->roles = event_list_alloc(&reports, size * sizeof *event->roles);
    event->outcome = event_list_alloc(&reports, size * sizeof *event->outcome);
    event->reply_status = event_list_alloc(&reports, size * sizeof *event->reply_status);
    event->replied = event_list_alloc(&reports, size * sizeof *event->replied);
    static const char roles[] = " sachpod";
    for (const char *at = participants; *at;) {
        char *end;
        event->labels[event->count] = (int32_t)strtol(at, &end, 10);
        event->roles[event->count] = (int16_t)(*end && *end != ' ' ? strchr(roles, *end) - roles : 0);
        event->outcome[event->count] = event->reply_status[event->count] = 0;
        event->replied[event->count] = EVENT_NO_TIME;
        event->count++;
        at = *end && *end != ' ' ? end + 1 : end;
        at += *at == ' ';
    }
    return event;
}

static bool take(void *arg, const struct day_builder_block *block)
{
    taken.head[taken.count] = *block;
    taken.bytes[taken.count] = malloc(block->size);
    memcpy(taken.bytes[taken.count++], block->bytes, block->size);
    return true;
}

static void build(enum spec_tie tie, int32_t reporter)
{
    for (size_t i = 0; i < taken.count; i++)
        free(taken.bytes[i]);
    taken.count = 0;
    struct day_builder_options options = {.tie = tie, .reporter = reporter, .built = take};
    ck_assert(day_builder_run(builder, DAY, &reports, &options));
}

static struct day_block open_block(size_t index)
{
    struct day_block block;
    char error[DAY_BLOCK_ERROR_SIZE];
    ck_assert(index < taken.count);
    ck_assert_msg(day_block_open(&block, taken.bytes[index], taken.head[index].size, error), "%s", error);
    return block;
}

/* All dyads of a block as text: "1-2 n=1 w=1 newman=0.5 min=30; 3-2 neg=1". */
static const char *dyads(size_t index)
{
    static char text[4000];
    text[0] = '\0';
    struct day_block block = open_block(index);
    int32_t id;
    uint32_t count;
    while (day_block_label(&block, &id, &count) == DAY_BLOCK_ITEM)
        ;
    while (day_block_reporter(&block, &id) == DAY_BLOCK_ITEM)
        ;
    struct day_dyad dyad;
    enum day_block_step step;
    while ((step = day_block_dyad(&block, &dyad)) == DAY_BLOCK_ITEM) {
        char *at = text + strlen(text);
        at += sprintf(at, "%s%d-%d", *text ? "; " : "", dyad.a, dyad.b);
        if (dyad.count)
            at += sprintf(at, " n=%u w=%g newman=%.6g", dyad.count, amount_to(dyad.weight), amount_to(dyad.newman));
        if (dyad.duration_us)
            at += sprintf(at, " min=%g", (double)dyad.duration_us / MINUTE);
        if (dyad.negative_count)
            sprintf(at, " neg=%u/%g", dyad.negative_count, amount_to(dyad.negative));
    }
    ck_assert_int_eq(step, DAY_BLOCK_END);
    return text;
}

static const char *labels(size_t index)
{
    static char text[1000];
    text[0] = '\0';
    struct day_block block = open_block(index);
    int32_t id;
    uint32_t count;
    while (day_block_label(&block, &id, &count) == DAY_BLOCK_ITEM)
        sprintf(text + strlen(text), "%s%d:%u", *text ? " " : "", id, count);
    strcat(text, " by");
    while (day_block_reporter(&block, &id) == DAY_BLOCK_ITEM)
        sprintf(text + strlen(text), " %d", id);
    return text;
}

START_TEST(meetings)
{
    /* Chair, participant, sender and addressee are present; copies, observers and those who declined are not. */
    report(1, EVENT_MEETING, "5h 2p 9 4o 6d 7c")->end_us = START_US + 90 * MINUTE;
    report(2, EVENT_MEETING, "2s 5a 5p");
    report(3, EVENT_MEETING, "8p 6d");
    build(TIE_UNION, 0);
    ck_assert_uint_eq(taken.count, 1);
    ck_assert_str_eq(dyads(0), "2-5 n=2 w=2 newman=1.5 min=90; 2-9 n=1 w=1 newman=0.5 min=90; 5-9 n=1 w=1 newman=0.5 min=90");
    ck_assert_str_eq(labels(0), "2:2 4:1 5:2 7:1 8:1 9:1 by 1");
    struct day_block block = open_block(0);
    ck_assert_uint_eq(block.interactions, 3);
    ck_assert_uint_eq(block.untimed, 2);
    ck_assert_int_eq(block.day, DAY);
}
END_TEST

START_TEST(weights)
{
    report(1, EVENT_MEETING, "1p 2p")->weight = 2.5;
    report(2, EVENT_MEETING, "1p 2p 3p")->weight = 0; /* not given */
    report(3, EVENT_LETTER, "1s 2a")->weight = 4;
    build(TIE_UNION, 0);
    ck_assert_str_eq(dyads(0), "1-2 n=2 w=3.5 newman=3; 1-3 n=1 w=1 newman=0.5; 2-3 n=1 w=1 newman=0.5");
    ck_assert_str_eq(dyads(1), "1-2 n=1 w=4 newman=4");
}
END_TEST

START_TEST(arcs_and_objections)
{
    struct event *request = report(1, EVENT_REQUEST, "10s 3a 4a 5c 10a 6");
    request->outcome[1] = EVENT_OUTCOME_OBJECTION;
    request->outcome[2] = 2;
    report(2, EVENT_REQUEST, "10s 3a")->outcome[1] = EVENT_OUTCOME_DISAGREEMENT;
    report(3, EVENT_REQUEST, "3s 10a");
    report(4, EVENT_OBJECTION, "7s 8a 9c");
    build(TIE_UNION, 0);
    ck_assert_uint_eq(taken.count, 2);
    ck_assert_str_eq(dyads(0),
                     "3-10 n=1 w=1 newman=1 neg=2/2; 10-3 n=2 w=2 newman=2; 10-4 n=1 w=1 newman=1; 10-6 n=1 w=1 newman=1");
    ck_assert_str_eq(labels(0), "3:3 4:1 5:1 6:1 10:3 by 1");
    ck_assert_str_eq(dyads(1), "7-8 neg=1/1");
}
END_TEST

START_TEST(large_meeting)
{
    char participants[1200] = "";
    for (int i = 0; i < 130; i++)
        sprintf(participants + strlen(participants), "%d ", 1000 + i);
    report(1, EVENT_MEETING, participants);
    build(TIE_UNION, 0);
    ck_assert_uint_eq(taken.head[0].dyads, 8385);
    struct day_block block = open_block(0);
    int32_t id;
    uint32_t count;
    while (day_block_label(&block, &id, &count) == DAY_BLOCK_ITEM)
        ;
    while (day_block_reporter(&block, &id) == DAY_BLOCK_ITEM)
        ;
    struct day_dyad dyad;
    amount_t strength = 0;
    while (day_block_dyad(&block, &dyad) == DAY_BLOCK_ITEM)
        if (dyad.a == 1000)
            strength = amount_add(strength, dyad.newman);
    ck_assert_double_eq_tol(amount_to(strength), 1, 1e-15); /* Newman: a meeting adds 1 to everybody's strength */
}
END_TEST

START_TEST(order_does_not_matter)
{
    for (int i = 0; i < 40; i++) {
        struct event *event = report((uint8_t)i, EVENT_MEETING, i % 3 ? "1p 2p 3p 4p" : "2p 1p 7p");
        event->weight = 1 + (i % 7) / 3.0;
    }
    build(TIE_UNION, 0);
    uint8_t *first = malloc(taken.head[0].size);
    size_t size = taken.head[0].size;
    memcpy(first, taken.bytes[0], size);
    srand(7);
    for (size_t i = reports.count - 1; i; i--) {
        size_t j = (size_t)rand() % (i + 1);
        struct event swap = reports.events[i];
        reports.events[i] = reports.events[j];
        reports.events[j] = swap;
    }
    build(TIE_UNION, 0);
    ck_assert_uint_eq(taken.head[0].size, size);
    ck_assert_int_eq(memcmp(first, taken.bytes[0], size), 0);
    free(first);
}
END_TEST

START_TEST(two_reporters)
{
    report(1, EVENT_MEETING, "1p 2p");
    struct event *witness = report(1, EVENT_MEETING, "2p 3p");
    witness->reporter = 2;
    witness->report = EVENT_WITNESS;
    witness->revision = 0;
    witness->recorded_us = 5000;
    witness->end_us = witness->time_us + 30 * MINUTE;
    build(TIE_UNION, 0);
    ck_assert_str_eq(dyads(0), "1-2 n=1 w=1 newman=0.5 min=30; 1-3 n=1 w=1 newman=0.5 min=30; 2-3 n=1 w=1 newman=0.5 min=30");
    ck_assert_str_eq(labels(0), "1:1 2:1 3:1 by 1 2");
    ck_assert_uint_eq(open_block(0).united, 1);
    uint64_t digest = taken.head[0].digest;
    build(TIE_INTERSECTION, 0); /* only 2 is confirmed by both: present, but alone */
    ck_assert_str_eq(dyads(0), "");
    ck_assert_str_eq(labels(0), "2:1 by 1 2");
    build(TIE_REPORTER, 2);
    ck_assert_str_eq(dyads(0), "2-3 n=1 w=1 newman=1 min=30");
    build(TIE_REPORTER, 3);
    ck_assert_uint_eq(taken.count, 0);

    /* The same event with a slightly different time: another id, the same hash part. */
    witness = &reports.events[1];
    witness->report = EVENT_FIRST;
    witness->revision = -1;
    witness->id[5] = 9;
    build(TIE_UNION, 0);
    ck_assert_uint_eq(open_block(0).interactions, 1);
    ck_assert_uint_ne(taken.head[0].digest, digest);
    /* One organisation that gives two times means two events. */
    witness->reporter = 1;
    build(TIE_UNION, 0);
    ck_assert_uint_eq(open_block(0).interactions, 2);
    ck_assert_str_eq(dyads(0), "1-2 n=1 w=1 newman=1; 2-3 n=1 w=1 newman=1 min=30");
    /* Random ids (v7) never share a hash part by meaning. */
    witness->reporter = 2;
    witness->id[6] = 0x70;
    build(TIE_UNION, 0);
    ck_assert_uint_eq(open_block(0).interactions, 2);
}
END_TEST

START_TEST(corrections_and_withdrawals)
{
    report(1, EVENT_MEETING, "1p 2p");
    struct event *correction = report(1, EVENT_MEETING, "1p 3p");
    correction->report = EVENT_CORRECTION;
    correction->revision = 0;
    build(TIE_UNION, 0);
    ck_assert_str_eq(dyads(0), "1-3 n=1 w=1 newman=1");
    struct event *witness = report(1, EVENT_MEETING, "1p 4p");
    witness->report = EVENT_WITNESS;
    witness->reporter = 2;
    witness->revision = 0;
    struct event *withdrawal = report(1, EVENT_MEETING, "");
    withdrawal->report = EVENT_WITHDRAWAL;
    withdrawal->revision = 1;
    build(TIE_UNION, 0); /* the other organisation still says so */
    ck_assert_str_eq(dyads(0), "1-4 n=1 w=1 newman=1");
    withdrawal = report(1, EVENT_MEETING, "");
    withdrawal->report = EVENT_WITHDRAWAL;
    withdrawal->reporter = 2;
    withdrawal->revision = 1;
    build(TIE_UNION, 0);
    ck_assert_uint_eq(taken.count, 0);
}
END_TEST

START_TEST(replies_of_two_reporters)
{
    struct event *first = report(1, EVENT_REQUEST, "1s 2a 3a");
    first->reply_status[1] = EVENT_REPLY_PENDING;
    first->reply_status[2] = EVENT_REPLY_WITHDRAWN;
    struct event *witness = report(1, EVENT_REQUEST, "1s 2a 3a");
    witness->report = EVENT_WITNESS;
    witness->reporter = 2;
    witness->revision = 0;
    witness->recorded_us = 9000;
    witness->reply_status[1] = EVENT_REPLY_ANSWERED;
    witness->replied[1] = 123;
    witness->reply_status[2] = EVENT_REPLY_ANSWERED;
    struct event_list united;
    event_list_init(&united);
    ck_assert(reconcile_day(&reports, TIE_UNION, 0, &united));
    ck_assert_uint_eq(united.count, 1);
    ck_assert_uint_eq(united.events[0].reports, 2);
    ck_assert_int_eq(united.events[0].labels[1], 2);
    ck_assert_int_eq(united.events[0].reply_status[1], EVENT_REPLY_ANSWERED);
    ck_assert_int_eq(united.events[0].replied[1], 123);
    ck_assert_int_eq(united.events[0].reply_status[2], EVENT_REPLY_WITHDRAWN); /* the earliest that says something final */
    event_list_release(&united);
}
END_TEST

/* Reads everything; must end, whatever the bytes are. */
static bool readable(const uint8_t *bytes, size_t size)
{
    struct day_block block;
    char error[DAY_BLOCK_ERROR_SIZE];
    if (!day_block_open(&block, bytes, size, error))
        return false;
    enum day_block_step step;
    int32_t id;
    uint32_t count;
    struct day_dyad dyad;
    while ((step = day_block_label(&block, &id, &count)) == DAY_BLOCK_ITEM)
        ;
    while (step == DAY_BLOCK_END && day_block_reporter(&block, &id) == DAY_BLOCK_ITEM)
        ;
    while (step == DAY_BLOCK_END && (step = day_block_dyad(&block, &dyad)) == DAY_BLOCK_ITEM)
        step = DAY_BLOCK_END;
    return step == DAY_BLOCK_END;
}

START_TEST(damage)
{
    report(1, EVENT_MEETING, "1p 2p 300p 70000p")->weight = 1.5;
    report(2, EVENT_MEETING, "1p 2p 70000p")->end_us = START_US + 7;
    build(TIE_UNION, 0);
    size_t size = taken.head[0].size;
    uint8_t *copy = malloc(size);
    for (size_t i = 0; i < size; i++) { /* every single bit counts */
        for (int bit = 0; bit < 8; bit++) {
            memcpy(copy, taken.bytes[0], size);
            copy[i] ^= (uint8_t)(1 << bit);
            ck_assert(!readable(copy, size));
        }
    }
    for (size_t cut = 0; cut < size; cut++)
        ck_assert(!readable(taken.bytes[0], cut));
    /* With a matching checksum the content is still not believed. */
    srand(11);
    for (int round = 0; round < 20000; round++) {
        size_t length = size - (size_t)(rand() % 3 == 0 ? rand() % 12 : 0);
        memcpy(copy, taken.bytes[0], length);
        for (int change = rand() % 4; change >= 0; change--)
            copy[1 + (size_t)rand() % (length - 9)] = (uint8_t)rand();
        uint64_t checksum = day_block_checksum(copy, length - 8);
        memcpy(copy + length - 8, &checksum, 8);
        readable(copy, length); /* the sanitizers are the judges */
    }
    free(copy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("blocks");
    TCase *tcase = tcase_create("blocks");
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, meetings);
    tcase_add_test(tcase, weights);
    tcase_add_test(tcase, arcs_and_objections);
    tcase_add_test(tcase, large_meeting);
    tcase_add_test(tcase, order_does_not_matter);
    tcase_add_test(tcase, two_reporters);
    tcase_add_test(tcase, corrections_and_withdrawals);
    tcase_add_test(tcase, replies_of_two_reporters);
    tcase_add_test(tcase, damage);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
