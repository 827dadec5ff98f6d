/* SPDX-License-Identifier: GPL-3.0-or-later
 * Replies by hand: who was asked, how it ended, what is left out and counted.
 */
#include "civil_time.h"
#include "reply_gather.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#define HOUR INT64_C(3600000000)
#define NONE EVENT_NO_TIME

static struct structure *structure;
static struct merge *merge;
static struct network *network;
static struct spec spec;
static int32_t day0;
static int64_t noon;

/* Actors 1, 2, 3 and a group 9 of 2 and 3; label n means actor n, label 7 waits. */
static void start(void)
{
    char error[400];
    ck_assert(spec_parse("from=2014-01-01 to=2014-02-01", &spec, error));
    day0 = spec.from_day;
    noon = civil_day_start_us(day0) + 12 * HOUR;
    structure = structure_create();
    static const char *const keys[] = {"a", "b", "c"};
    for (int32_t id = 1; id <= 3; id++) {
        structure_add_actor(structure, id, keys[id - 1], "ministry");
        structure_add_label(structure, id, id, DAY_ALWAYS, DAY_NEVER);
    }
    structure_add_actor(structure, 9, "g", "group");
    structure_add_label(structure, 9, 9, DAY_ALWAYS, DAY_NEVER);
    structure_add_member(structure, 9, 2, DAY_ALWAYS, DAY_NEVER);
    structure_add_member(structure, 9, 3, DAY_ALWAYS, DAY_NEVER);
    spec.level = LEVEL_MINISTRY; /* so that all three are in without any block */
    ck_assert(structure_prepare(structure));
    merge = merge_create(&spec, structure);
    network = merge_finish(merge);
    ck_assert_uint_eq(network->actor_count, 3);
}

static void stop(void)
{
    network_destroy(network);
    merge_destroy(merge);
    structure_destroy(structure);
}

/* Label 1 asks the others, one participant an entry. */
static struct event request(uint8_t number, uint32_t count, int32_t *labels, int16_t *roles, int64_t *received,
                            int64_t *deadline, int64_t *replied, int16_t *status)
{
    return (struct event){.id = {[15] = number},
                          .time_us = noon,
                          .end_us = NONE,
                          .day = day0,
                          .layer = 2,
                          .stage = 4,
                          .kind = EVENT_REQUEST,
                          .weight = 1,
                          .count = count,
                          .labels = labels,
                          .roles = roles,
                          .received = received,
                          .deadline = deadline,
                          .replied = replied,
                          .reply_status = status};
}

START_TEST(ends)
{
    int32_t labels[] = {1, 2, 3, 2};
    int16_t roles[] = {ROLE_SENDER, ROLE_ADDRESSEE, ROLE_ADDRESSEE, ROLE_COPY};
    int64_t received[] = {NONE, noon + 24 * HOUR, NONE, NONE}, deadline[] = {NONE, NONE, noon + 48 * HOUR, NONE};
    int64_t replied[] = {NONE, noon + 36 * HOUR, NONE, NONE};
    int16_t status[] = {0, EVENT_REPLY_ANSWERED, 0, EVENT_REPLY_ANSWERED};
    struct event event = request(1, 4, labels, roles, received, deadline, replied, status);
    struct reply_gather gather;
    reply_gather_init(&gather);
    ck_assert(reply_gather_add(&gather, merge, &event));
    status[1] = EVENT_REPLY_WITHDRAWN;
    event.id[15] = 2;
    ck_assert(reply_gather_add(&gather, merge, &event));
    struct reply_set set;
    ck_assert(reply_gather_finish(&gather, spec.to_day, noon + 1000 * 24 * HOUR, &set));
    ck_assert_uint_eq(set.count, 4);
    ck_assert_double_eq(set.observed_until, spec.to_day);
    unsigned answered = 0, competing = 0, pending = 0;
    for (size_t i = 0; i < set.count; i++) {
        const struct reply *reply = &set.replies[i];
        ck_assert_int_eq(reply->sender, 0);
        ck_assert_double_eq(reply->sent_day, day0 + 0.5);
        if (reply->addressee == 1) {
            ck_assert_double_eq(reply->received_day, day0 + 1.5);
            ck_assert_double_eq(reply->end_day, day0 + 2);
            ck_assert(isnan(reply->deadline_day));
            answered += reply->end == REPLY_END_ANSWERED;
            competing += reply->end == REPLY_END_COMPETING;
        } else {
            ck_assert_int_eq(reply->end, REPLY_END_PENDING); /* a deadline says that an answer was expected */
            ck_assert_double_eq(reply->received_day, day0 + 0.5);
            ck_assert_double_eq(reply->deadline_day, day0 + 2.5);
            ck_assert_double_eq(reply->end_day, spec.to_day);
            pending++;
        }
        if (i)
            ck_assert(set.replies[i - 1].request < reply->request ||
                      (set.replies[i - 1].request == reply->request && set.replies[i - 1].addressee <= reply->addressee));
    }
    ck_assert(answered == 1 && competing == 1 && pending == 2);
    reply_set_release(&set);
}
END_TEST

START_TEST(observation_ends)
{
    int32_t labels[] = {1, 2, 3};
    int16_t roles[] = {ROLE_SENDER, ROLE_ADDRESSEE, ROLE_ADDRESSEE};
    int64_t received[] = {NONE, noon, noon + 100 * HOUR}, replied[] = {NONE, noon + 200 * HOUR, noon + 200 * HOUR};
    int16_t status[] = {0, EVENT_REPLY_NO_REMARK, EVENT_REPLY_NO_REMARK};
    struct event event = request(1, 3, labels, roles, received, NULL, replied, status);
    struct reply_gather gather;
    reply_gather_init(&gather);
    ck_assert(reply_gather_add(&gather, merge, &event));
    struct reply_set set;
    ck_assert(reply_gather_finish(&gather, spec.to_day, noon + 12 * HOUR, &set));
    /* Nothing is known of the time after the last recording: the answer is still pending, the later receipt has not happened.
     */
    ck_assert_double_eq(set.observed_until, day0 + 1);
    ck_assert_uint_eq(set.count, 1);
    ck_assert_int_eq(set.replies[0].end, REPLY_END_PENDING);
    ck_assert_double_eq(set.replies[0].end_day, day0 + 1);
    reply_set_release(&set);
}
END_TEST

START_TEST(left_out_and_counted)
{
    int32_t labels[] = {1, 2, 3, 9, 7, 1};
    int16_t roles[] = {ROLE_SENDER, ROLE_ADDRESSEE, ROLE_ADDRESSEE, ROLE_ADDRESSEE, ROLE_ADDRESSEE, ROLE_ADDRESSEE};
    int16_t status[] = {0, EVENT_REPLY_ANSWERED, 0, EVENT_REPLY_PENDING, EVENT_REPLY_PENDING, EVENT_REPLY_PENDING};
    struct event event = request(1, 6, labels, roles, NULL, NULL, NULL, status);
    struct reply_gather gather;
    reply_gather_init(&gather);
    ck_assert(reply_gather_add(&gather, merge, &event));
    event.kind = EVENT_LETTER; /* nobody is expected to answer a letter */
    ck_assert(reply_gather_add(&gather, merge, &event));
    struct reply_set set;
    ck_assert(reply_gather_finish(&gather, spec.to_day, INT64_MIN, &set));
    ck_assert_uint_eq(set.count, 0);
    ck_assert_double_eq(set.undated, 1);
    ck_assert_double_eq(set.unstated, 1);
    ck_assert_double_eq(set.collective, 1);
    ck_assert_double_eq(set.unplaced, 1);
    reply_set_release(&set);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replies");
    TCase *tcase = tcase_create("replies");
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_add_test(tcase, ends);
    tcase_add_test(tcase, observation_ends);
    tcase_add_test(tcase, left_out_and_counted);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
