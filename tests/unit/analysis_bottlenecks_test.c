/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family bottlenecks: who was waited for, deadlines, position and time in one row.
 */
#include "computed_result.h"
#include "drawn_network.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum { A, B, C, D }; /* actors of the network below, in the order of their keys */

static struct network *line(void)
{
    return network_drawn("a-b b-c c-d", false);
}

static struct reply reply_of(uint64_t request, int32_t addressee, double received, double end, enum reply_end kind)
{
    return (struct reply){.request = request,
                          .sender = -1,
                          .addressee = addressee,
                          .sent_day = received,
                          .received_day = received,
                          .deadline_day = NAN,
                          .end_day = end,
                          .end = kind};
}

#define SET(array, until)                                                                                                      \
    (struct reply_set)                                                                                                         \
    {                                                                                                                          \
        array, sizeof array / sizeof array[0], until                                                                           \
    }

static void expect(const struct result *result, const char *actor, const char *column, double value)
{
    double got = computed_actor(result, column, actor);
    ck_assert_msg(isnan(value) ? isnan(got) : fabs(got - value) < 1e-12, "%s of %s is %g, not %g", column, actor, got, value);
}

START_TEST(who_was_waited_for)
{
    struct network *network = line();
    struct reply replies[] = {
        reply_of(1, A, 0, 2, REPLY_END_ANSWERED),  reply_of(1, B, 0, 5, REPLY_END_ANSWERED),
        reply_of(1, C, 0, 9, REPLY_END_ANSWERED),  reply_of(2, A, 10, 12, REPLY_END_ANSWERED),
        reply_of(2, B, 10, 20, REPLY_END_PENDING),                                           /* observation ends */
        reply_of(3, A, 0, 3, REPLY_END_ANSWERED),  reply_of(3, B, 0, 3, REPLY_END_ANSWERED), /* at the same moment */
        reply_of(4, C, 1, 4, REPLY_END_COMPETING),
    };
    replies[4].deadline_day = 15;
    struct reply_set set = SET(replies, 20);
    struct result *result = computed("bottlenecks", network, &set, NULL);
    /* All waiting days: 9 + 10 + 3 + 3. */
    expect(result, "a", "waiting_share_only", 0);
    expect(result, "b", "waiting_share_only", 8.0 / 25);
    expect(result, "c", "waiting_share_only", (4 + 3) / 25.0);
    expect(result, "a", "waiting_share", (2 + 2 + 3) / 25.0);
    expect(result, "b", "waiting_share", (5 + 10 + 3) / 25.0);
    expect(result, "c", "waiting_share", (9 + 3) / 25.0);
    expect(result, "a", "complete_requests", 2);
    expect(result, "a", "last", 0.5);
    expect(result, "b", "last", 0.5);
    expect(result, "c", "last", 1);
    expect(result, "a", "last_share", 0.25);
    expect(result, "c", "last_share", 1);
    expect(result, "d", "last_share", NAN);
    expect(result, "c", "marginal_delay_days", 4);
    expect(result, "c", "marginal_delay_mean", 4);
    expect(result, "a", "marginal_delay_days", 0);
    expect(result, "b", "in_progress", 1);
    expect(result, "b", "overdue", 1);
    expect(result, "a", "in_progress", 0);
    expect(result, "b", "in_progress_mean", 18.0 / 20);
    expect(result, "b", "requests", 3);
    expect(result, "b", "answered", 2);
    expect(result, "b", "pending", 1);
    expect(result, "c", "ended_otherwise", 1);
    expect(result, "b", "median_days", 5);
    expect(result, "d", "requests", 0);
    expect(result, "d", "median_days", NAN);
    /* Position beside it. */
    expect(result, "b", "articulation", 1);
    expect(result, "b", "betweenness", 2);
    expect(result, "b", "cut_off", 1);
    expect(result, "a", "articulation", 0);
    expect(result, "b", "bridges", 2);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(parts_of_one_actor_are_one)
{
    /* Two units of a, asked in the same request: it waits for a from 0 to 6, and a is last once. */
    struct network *network = line();
    struct reply replies[] = {reply_of(1, A, 0, 6, REPLY_END_ANSWERED), reply_of(1, A, 1, 2, REPLY_END_ANSWERED),
                              reply_of(1, B, 0, 4, REPLY_END_ANSWERED)};
    struct reply_set set = SET(replies, 20);
    struct result *result = computed("bottlenecks", network, &set, NULL);
    expect(result, "a", "last", 1);
    expect(result, "a", "complete_requests", 1);
    expect(result, "a", "marginal_delay_days", 2);
    expect(result, "a", "waiting_share_only", 2.0 / 6);
    expect(result, "a", "waiting_share", 1);
    expect(result, "a", "requests", 2); /* each was asked, and answered in its own time */
    result_destroy(result);

    replies[1].end = REPLY_END_PENDING;
    replies[1].end_day = 20;
    result = computed("bottlenecks", network, &set, NULL);
    expect(result, "b", "complete_requests", 0); /* a has not answered in full: nobody is last yet */
    expect(result, "a", "last_share", NAN);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(a_deadline_is_its_whole_day)
{
    struct network *network = line();
    struct reply replies[] = {reply_of(1, A, 10, 15.9, REPLY_END_ANSWERED), reply_of(2, A, 10, 16, REPLY_END_ANSWERED),
                              reply_of(3, A, 10, 20, REPLY_END_PENDING), reply_of(4, A, 19, 20, REPLY_END_PENDING)};
    double deadlines[] = {15, 15, 15.5, 40};
    for (size_t r = 0; r < 4; r++)
        replies[r].deadline_day = deadlines[r];
    struct reply_set set = SET(replies, 20);
    struct result *result = computed("bottlenecks", network, &set, NULL);
    /* Three are decided: one in time, one a day late, one overdue; the fourth has 20 days left. */
    expect(result, "a", "answered_by_deadline", 1.0 / 3);
    expect(result, "a", "with_deadline", 4);
    expect(result, "a", "overdue", 1);
    expect(result, "a", "in_progress", 2);
    /* In parts of the time allowed: answered at 5.9/6, the fourth censored before that: 2 of 3 left. */
    expect(result, "a", "unanswered_at_deadline", 2.0 / 3);
    result_destroy(result);

    replies[2].end_day = replies[3].end_day = set.observed_until = 15.99;
    result = computed("bottlenecks", network, &set, NULL);
    expect(result, "a", "overdue", 0);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(central_and_slow_are_two_things)
{
    /* b has the position, d has the time. */
    struct network *network = network_drawn("a-b b-c b-d b-e", false);
    struct reply replies[] = {reply_of(1, 1, 0, 1, REPLY_END_ANSWERED), reply_of(1, 3, 0, 30, REPLY_END_ANSWERED),
                              reply_of(2, 1, 0, 2, REPLY_END_ANSWERED), reply_of(2, 3, 0, 40, REPLY_END_ANSWERED)};
    struct reply_set set = SET(replies, 100);
    struct result *result = computed("bottlenecks", network, &set, "tau=50");
    ck_assert(computed_actor(result, "betweenness", "b") > computed_actor(result, "betweenness", "d"));
    expect(result, "b", "rmst_days", 1.5);
    expect(result, "d", "rmst_days", 35);
    expect(result, "d", "last_share", 1);
    expect(result, "b", "median_days", 1);
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(bad_replies_are_named)
{
    struct network *network = line();
    struct reply replies[] = {reply_of(1, A, 0, 2, REPLY_END_ANSWERED), reply_of(2, 9, 0, 5, REPLY_END_ANSWERED)};
    struct reply_set set = SET(replies, 20);
    struct metrics_input input = {.network = network, .replies = &set};
    struct result *result = result_create("bottlenecks");
    char error[400];
    ck_assert_int_eq(metrics_family("bottlenecks")->compute(&input, result, error), METRICS_FAILED);
    ck_assert_str_eq(error, "reply 1 names an addressee outside the network");
    replies[1] = reply_of(0, A, 0, 5, REPLY_END_ANSWERED);
    ck_assert_int_eq(metrics_family("bottlenecks")->compute(&input, result, error), METRICS_FAILED);
    ck_assert_str_eq(error, "reply 1 is out of order");
    replies[1] = reply_of(2, A, NAN, 5, REPLY_END_ANSWERED);
    ck_assert_int_eq(metrics_family("bottlenecks")->compute(&input, result, error), METRICS_FAILED);
    ck_assert_str_eq(error, "reply 1 has no time of receipt or end");
    result_destroy(result);
    network_destroy(network);
}
END_TEST

START_TEST(no_requests_no_times)
{
    struct network *network = line();
    struct result *result = computed("bottlenecks", network, NULL, NULL);
    expect(result, "a", "requests", 0);
    expect(result, "a", "waiting_share", NAN);
    expect(result, "b", "articulation", 1);
    ck_assert(computed_has_note(result, "No requests for an answer"));
    result_destroy(result);
    network_destroy(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bottlenecks");
    TCase *tcase = tcase_create("bottlenecks");
    tcase_add_test(tcase, who_was_waited_for);
    tcase_add_test(tcase, parts_of_one_actor_are_one);
    tcase_add_test(tcase, a_deadline_is_its_whole_day);
    tcase_add_test(tcase, central_and_slow_are_two_things);
    tcase_add_test(tcase, bad_replies_are_named);
    tcase_add_test(tcase, no_requests_no_times);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
