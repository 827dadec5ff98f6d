/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chronicle: who was what in each interaction, groups taken apart, cases told apart, reporters as actors, one order.
 */
#include "chronicle_gather.h"
#include "civil_time.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define HOUR INT64_C(3600000000)
#define NONE EVENT_NO_TIME

static struct structure *structure;
static struct merge *merge;
static struct network *network;
static struct chronicle chronicle;
static struct spec spec;
static int64_t noon;

/* Ministries 1, 2, 3 (places 0, 1, 2), a department 4 of 1, a group 9 of 2, 3 and 4; label n means actor n, label 7 waits.
 * Organisation 11 is ministry 1, 12 is ministry 2 until 10 January, 13 is nobody. */
static void start(void)
{
    char error[SPEC_ERROR_SIZE];
    ck_assert(spec_parse("from=2014-01-01 to=2014-02-01 level=ministry", &spec, error));
    noon = civil_day_start_us(spec.from_day) + 12 * HOUR;
    structure = structure_create();
    static const char *const keys[] = {"a", "b", "c", "d"};
    for (int32_t id = 1; id <= 4; id++) {
        structure_add_actor(structure, id, keys[id - 1], id == 4 ? "department" : "ministry");
        structure_add_label(structure, id, id, DAY_ALWAYS, DAY_NEVER);
    }
    structure_add_parent(structure, 4, 1, DAY_ALWAYS, DAY_NEVER);
    structure_add_actor(structure, 9, "g", "group");
    structure_add_label(structure, 9, 9, DAY_ALWAYS, DAY_NEVER);
    for (int32_t member = 2; member <= 4; member++)
        structure_add_member(structure, 9, member, DAY_ALWAYS, DAY_NEVER);
    structure_add_name(structure, 1, DAY_ALWAYS, DAY_NEVER, "A", NULL, "000000011");
    structure_add_name(structure, 2, DAY_ALWAYS, spec.from_day + 9, "B", NULL, "000000012");
    structure_add_name(structure, 2, spec.from_day + 9, DAY_NEVER, "B", NULL, NULL);
    structure_add_name(structure, 3, DAY_ALWAYS, DAY_NEVER, "C", NULL, NULL);
    structure_add_reporter(structure, 11, "000000011");
    structure_add_reporter(structure, 12, "000000012");
    ck_assert(structure_prepare(structure));
    merge = merge_create(&spec, structure);
    network = merge_finish(merge);
    ck_assert_uint_eq(network->actor_count, 3);
    memset(&chronicle, 0, sizeof chronicle);
}

static void stop(void)
{
    chronicle_release(&chronicle);
    network_destroy(network);
    merge_destroy(merge);
    structure_destroy(structure);
}

static struct event event_of(uint8_t number, int32_t day, uint8_t kind, uint32_t count, int32_t *labels, int16_t *roles,
                             const int32_t *reporters, uint16_t reports)
{
    return (struct event){.id = {[15] = number},
                          .time_us = noon + 24 * HOUR * day,
                          .end_us = NONE,
                          .day = spec.from_day + day,
                          .layer = 2,
                          .stage = 4,
                          .level = 1,
                          .resolved_level = 5,
                          .kind = kind,
                          .weight = 2,
                          .count = count,
                          .labels = labels,
                          .roles = roles,
                          .reporters = reporters,
                          .reports = reports};
}

START_TEST(parts_and_times)
{
    int32_t labels[] = {4, 9, 7}, reporters[] = {11, 13};
    int16_t roles[] = {ROLE_SENDER, ROLE_ADDRESSEE, ROLE_COPY}, status[] = {0, EVENT_REPLY_PENDING, 0}, outcome[] = {0, 5, 0};
    int64_t received[] = {NONE, noon + 6 * HOUR, NONE}, deadline[] = {NONE, noon + 480 * HOUR, NONE};
    uint8_t agreed[] = {0, 1, 0};
    struct event event = event_of(1, 0, EVENT_REQUEST, 3, labels, roles, reporters, 2);
    event.received = received;
    event.deadline = deadline;
    event.reply_status = status;
    event.outcome = outcome;
    event.deadline_agreed = agreed;
    event.case_ref = "2014/7";
    ck_assert(chronicle_gather_add(&chronicle, merge, &event));
    ck_assert(chronicle_gather_finish(&chronicle, spec.to_day, INT64_MIN));
    ck_assert_uint_eq(chronicle.event_count, 1);
    const struct chronicle_event *told = chronicle.events;
    ck_assert_double_eq(told->time_day, spec.from_day + 0.5);
    ck_assert(isnan(told->end_day));
    ck_assert(told->stage == 4 && told->level == 1 && told->resolved_level == 5 && told->kind == EVENT_REQUEST);
    ck_assert_str_eq(chronicle.cases[told->case_file].ref, "2014/7");
    ck_assert(isnan(chronicle.cases[0].started_day) && chronicle.cases[0].owner == CHRONICLE_NO_ACTOR);
    ck_assert_uint_eq(told->part_count, 5);
    const struct chronicle_part *parts = chronicle_parts(&chronicle, told);
    ck_assert(parts[0].actor == 0 && parts[0].side == SIDE_FROM && !parts[0].through_group); /* the department's ministry */
    for (int32_t m = 1; m <= 3; m++) { /* the group's members: 2, 3 and the department of 1 */
        ck_assert(parts[m].through_group && parts[m].side == SIDE_TO && parts[m].deadline_agreed);
        ck_assert_int_eq(parts[m].actor, m % 3);
        ck_assert_double_eq(parts[m].received_day, spec.from_day + 0.75);
        ck_assert_double_eq(parts[m].deadline_day, spec.from_day + 20.5);
        ck_assert(isnan(parts[m].replied_day) && parts[m].outcome == 5 && parts[m].reply_status == EVENT_REPLY_PENDING);
    }
    ck_assert(parts[4].actor == CHRONICLE_NO_ACTOR && parts[4].side == SIDE_NONE);
    /* 11 is the first ministry, 13 is nobody */
    ck_assert_uint_eq(told->reporter_count, 2);
    ck_assert(chronicle.reporters[0] == CHRONICLE_NO_ACTOR && chronicle.reporters[1] == 0);
    ck_assert_double_eq(chronicle.observed_until, spec.to_day);
}
END_TEST

START_TEST(order_cases_and_reporters_of_the_day)
{
    int32_t labels[] = {1, 2}, reporters[] = {12, 12};
    int16_t roles[] = {ROLE_PARTICIPANT, ROLE_PARTICIPANT};
    static const char *const refs[] = {"c", "a", "b", "a", NULL};
    for (uint8_t i = 0; i < 5; i++) {
        struct event event = event_of(i, 20 - 5 * i, EVENT_MEETING, 2, labels, roles, reporters, 2);
        event.case_ref = refs[i];
        ck_assert(chronicle_gather_add(&chronicle, merge, &event));
    }
    ck_assert(chronicle_gather_finish(&chronicle, spec.to_day, noon + 24 * HOUR));
    ck_assert_double_eq(chronicle.observed_until, spec.from_day + 1.5);
    ck_assert_uint_eq(chronicle.case_count, 3);
    static const char *const by_time[] = {NULL, "a", "b", "a", "c"};
    for (size_t e = 0; e < 5; e++) {
        const struct chronicle_event *event = &chronicle.events[e];
        ck_assert_double_eq(event->time_day, spec.from_day + 5 * (double)e + 0.5);
        if (by_time[e])
            ck_assert_str_eq(chronicle.cases[event->case_file].ref, by_time[e]);
        else
            ck_assert_int_eq(event->case_file, -1);
        /* told twice by one organisation is told once; the number is another's from 10 January on */
        ck_assert_uint_eq(event->reporter_count, 1);
        ck_assert_int_eq(chronicle.reporters[event->first_reporter], e < 2 ? 1 : CHRONICLE_NO_ACTOR);
        ck_assert_int_eq(chronicle_parts(&chronicle, event)[1].actor, 1);
    }
    for (size_t c = 1; c < chronicle.case_count; c++)
        ck_assert_int_lt(strcmp(chronicle.cases[c - 1].ref, chronicle.cases[c].ref), 0);
}
END_TEST

START_TEST(many_cases_are_found_again)
{
    char ref[32];
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < 3000; i++) {
            snprintf(ref, sizeof ref, "2014/%zu", i);
            ck_assert_uint_eq(chronicle_case_of(&chronicle, ref), i);
        }
    ck_assert_uint_eq(chronicle.case_count, 3000);
    ck_assert(chronicle_order(&chronicle));
    for (size_t c = 0; c < chronicle.case_count; c++)
        ck_assert_uint_eq(chronicle_case_of(&chronicle, chronicle.cases[c].ref), c); /* the slots follow the new places */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chronicle");
    TCase *tcase = tcase_create("chronicle");
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_add_test(tcase, parts_and_times);
    tcase_add_test(tcase, order_cases_and_reporters_of_the_day);
    tcase_add_test(tcase, many_cases_are_found_again);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
