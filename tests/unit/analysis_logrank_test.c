/* SPDX-License-Identifier: GPL-3.0-or-later
 * Log-rank tests against published values, against every relabelling written out, and against chance; Wilson's interval.
 */
#include "label_permutation.h"
#include "logrank.h"
#include "proportion.h"
#include "random_stream.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

static struct logrank_test run(struct logrank_time *times, size_t count, size_t groups, struct logrank_group *ret_groups)
{
    struct logrank_plan plan = {.times = times, .count = count, .group_count = groups, .permutations = 999, .seed = 5};
    struct logrank_test test;
    ck_assert_int_eq(logrank_run(&plan, ret_groups, &test), LOGRANK_OK);
    return test;
}

/* Freireich et al. 1963: 6-MP against placebo, 21 each. The log-rank statistic is 16.79; 9 relapses observed of 19.3 expected
 * under 6-MP, 21 of 10.7 under placebo. */
START_TEST(freireich_arms)
{
    static const double treated[] = {6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
    static const double placebo[] = {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23};
    struct logrank_time times[42];
    for (int i = 0; i < 21; i++) {
        times[i] = (struct logrank_time){treated[i], i < 9, 0, 0};
        times[21 + i] = (struct logrank_time){placebo[i], true, 1, 0};
    }
    struct logrank_group groups[2];
    struct logrank_test test = run(times, 42, 2, groups);
    ck_assert_double_eq_tol(test.chi_squared, 16.79, 5e-3);
    ck_assert_double_eq(test.degrees, 1);
    ck_assert_int_eq(test.method, LOGRANK_ASYMPTOTIC);
    ck_assert_double_eq_tol(test.p, 4.17e-5, 5e-7);
    ck_assert_double_eq(groups[0].observed, 9);
    ck_assert_double_eq_tol(groups[0].expected, 19.25, 5e-3);
    ck_assert_double_eq_tol(groups[1].expected, 10.75, 5e-3);
    ck_assert_double_eq_tol(groups[0].p, groups[1].p, 1e-15);
    ck_assert_double_eq_tol(groups[0].p, test.p, 1e-12);
}
END_TEST

/* |observed - expected| of group 1, straight from the definition. */
static double distance(const struct logrank_time *times, const int *group, size_t count)
{
    double difference = 0;
    for (size_t i = 0; i < count; i++) {
        if (!times[i].answered)
            continue;
        double at_risk = 0, mine = 0;
        for (size_t j = 0; j < count; j++) {
            if (times[j].stratum != times[i].stratum || times[j].time < times[i].time)
                continue;
            at_risk++;
            mine += group[j];
        }
        difference += group[i] - mine / at_risk;
    }
    return fabs(difference);
}

START_TEST(exact_is_every_relabelling)
{
    struct random_stream stream;
    random_stream_init(&stream, 77, 0);
    for (int trial = 0; trial < 60; trial++) {
        struct logrank_time times[8];
        int group[8];
        size_t strata = 1 + (size_t)trial % 2;
        for (size_t i = 0; i < 8; i++) {
            group[i] = (int)random_stream_below(&stream, 2);
            times[i] = (struct logrank_time){(double)random_stream_below(&stream, 6), random_stream_below(&stream, 4) > 0,
                                             group[i], (int32_t)(i * strata / 8)};
        }
        double observed = distance(times, group, 8), all = 0, as_far = 0;
        for (unsigned relabelling = 0; relabelling < 256; relabelling++) {
            int other[8], sums[2] = {0};
            for (size_t i = 0; i < 8; i++) {
                other[i] = (int)(relabelling >> i & 1);
                sums[times[i].stratum] += other[i] - group[i];
            }
            if (sums[0] || sums[1])
                continue;
            all++;
            as_far += distance(times, other, 8) >= observed - 1e-9;
        }
        struct logrank_group groups[2];
        struct logrank_test test = run(times, 8, 2, groups);
        if (test.method == LOGRANK_NONE) {
            ck_assert(isnan(test.p));
            continue;
        }
        ck_assert_int_eq(test.method, LOGRANK_EXACT);
        ck_assert_double_eq_tol(groups[1].p, as_far / all, 1e-12);
        ck_assert_double_eq_tol(groups[0].p, groups[1].p, 1e-12);
    }
}
END_TEST

/* With nothing to find, p is called at the nominal rate: 1,000 data sets, 5 % give 50 with a standard deviation of 7. */
START_TEST(unplanted_is_called_at_the_nominal_rate)
{
    struct random_stream stream;
    random_stream_init(&stream, 20261126, 0);
    static const struct {
        size_t groups, members;
        enum logrank_method method;
    } designs[] = {{2, 5, LOGRANK_EXACT}, {3, 8, LOGRANK_PERMUTATION}, {4, 30, LOGRANK_ASYMPTOTIC}};
    for (size_t d = 0; d < 3; d++) {
        size_t count = designs[d].groups * designs[d].members;
        unsigned called = 0, called_group = 0;
        for (int trial = 0; trial < 1000; trial++) {
            struct logrank_time times[120];
            for (size_t i = 0; i < count; i++) {
                double answered = -log(1 - random_stream_unit(&stream)), censored = 3 * random_stream_unit(&stream);
                times[i] =
                    (struct logrank_time){fmin(answered, censored), answered <= censored, (int32_t)(i % designs[d].groups), 0};
            }
            struct logrank_plan plan = {
                .times = times, .count = count, .group_count = designs[d].groups, .permutations = 199, .seed = (uint64_t)trial};
            struct logrank_group groups[4];
            struct logrank_test test;
            ck_assert_int_eq(logrank_run(&plan, groups, &test), LOGRANK_OK);
            ck_assert_int_eq(test.method, designs[d].method);
            called += test.p <= 0.05;
            called_group += groups[0].p <= 0.05;
        }
        /* Four standard deviations; an exact test of few has fewer values of p and may be called less, never more. */
        ck_assert_uint_le(called, 78);
        ck_assert_uint_ge(called, designs[d].method == LOGRANK_EXACT ? 15 : 24);
        ck_assert_uint_le(called_group, 78);
    }
}
END_TEST

START_TEST(nothing_to_tell_apart)
{
    struct logrank_group groups[3];
    struct logrank_test test = run(NULL, 0, 3, groups);
    ck_assert(isnan(test.chi_squared) && isnan(test.p) && test.method == LOGRANK_NONE);
    struct logrank_time times[] = {{1, false, 0, 0}, {2, false, 1, 0}}; /* nobody has answered */
    test = run(times, 2, 2, groups);
    ck_assert(isnan(test.p) && isnan(groups[0].p));
    ck_assert_double_eq(groups[0].expected, 0);
    struct logrank_time alone[] = {{1, true, 0, 0}, {2, true, 0, 0}}; /* one group */
    test = run(alone, 2, 1, groups);
    ck_assert(isnan(test.p));
    ck_assert_double_eq_tol(groups[0].expected, 2, 1e-12);
    /* Each in a stratum of its own: nobody is compared with anybody. */
    struct logrank_time apart[] = {{1, true, 0, 0}, {2, true, 1, 1}};
    test = run(apart, 2, 2, groups);
    ck_assert(isnan(test.p));
}
END_TEST

static bool stop(void *arg, unsigned permille)
{
    (void)arg;
    return permille < 300;
}

START_TEST(relabelling_can_be_stopped)
{
    struct logrank_time times[24];
    for (int i = 0; i < 24; i++)
        times[i] = (struct logrank_time){i, true, i % 3, 0};
    struct logrank_plan plan = {.times = times, .count = 24, .group_count = 3, .permutations = 999, .proceed = stop};
    struct logrank_group groups[3];
    struct logrank_test test;
    ck_assert_int_eq(logrank_run(&plan, groups, &test), LOGRANK_STOPPED);
}
END_TEST

START_TEST(strata_keep_their_labels)
{
    static const int32_t labels[] = {0, 1, 1, 0, 1}, strata[] = {3, 3, 3, 9, 9};
    ck_assert_double_eq(label_permutation_space(labels, strata, 5), 6); /* 3 x 2 */
}
END_TEST

/* statsmodels 0.13.5, proportion_confint(part, whole, method="wilson"), as R's prop.test without continuity correction. */
START_TEST(wilson_intervals)
{
    static const struct {
        double part, whole, low, high;
    } expected[] = {{0, 10, 0, 0.277532799862889},
                    {10, 10, 0.722467200137111, 1},
                    {1, 3, 0.0614919447203962, 0.7923403991979523},
                    {45, 300, 0.114032468711853, 0.194817611145329}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct proportion wilson = proportion_wilson(expected[i].part, expected[i].whole);
        ck_assert_double_eq_tol(wilson.low, expected[i].low, 1e-9);
        ck_assert_double_eq_tol(wilson.high, expected[i].high, 1e-9);
    }
    struct proportion none = proportion_wilson(0, 0);
    ck_assert(isnan(none.share) && isnan(none.low) && isnan(none.high));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("logrank");
    TCase *tcase = tcase_create("logrank");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, freireich_arms);
    tcase_add_test(tcase, exact_is_every_relabelling);
    tcase_add_test(tcase, unplanted_is_called_at_the_nominal_rate);
    tcase_add_test(tcase, nothing_to_tell_apart);
    tcase_add_test(tcase, relabelling_can_be_stopped);
    tcase_add_test(tcase, strata_keep_their_labels);
    tcase_add_test(tcase, wilson_intervals);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
