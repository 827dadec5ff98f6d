/* SPDX-License-Identifier: GPL-3.0-or-later
 * Kaplan-Meier and Aalen-Johansen against published values and hand calculation.
 */
#include "survival.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Freireich et al. 1963, 6-MP arm: weeks in remission, + = still in remission. */
static const struct survival_time freireich[] = {
    {6, SURVIVAL_ANSWERED},  {6, SURVIVAL_ANSWERED},  {6, SURVIVAL_ANSWERED},  {6, SURVIVAL_CENSORED},  {7, SURVIVAL_ANSWERED},
    {9, SURVIVAL_CENSORED},  {10, SURVIVAL_ANSWERED}, {10, SURVIVAL_CENSORED}, {11, SURVIVAL_CENSORED}, {13, SURVIVAL_ANSWERED},
    {16, SURVIVAL_ANSWERED}, {17, SURVIVAL_CENSORED}, {19, SURVIVAL_CENSORED}, {20, SURVIVAL_CENSORED}, {22, SURVIVAL_ANSWERED},
    {23, SURVIVAL_ANSWERED}, {25, SURVIVAL_CENSORED}, {32, SURVIVAL_CENSORED}, {32, SURVIVAL_CENSORED}, {34, SURVIVAL_CENSORED},
    {35, SURVIVAL_CENSORED}};
enum { FREIREICH = sizeof freireich / sizeof freireich[0] };

static struct survival made(const struct survival_time *times, size_t count)
{
    struct survival_time *copy = malloc((count + 1) * sizeof *copy);
    ck_assert_ptr_nonnull(copy);
    if (count > 0)
        memcpy(copy, times, count * sizeof *copy);
    struct survival survival;
    ck_assert(survival_init(&survival, copy, count));
    free(copy);
    return survival;
}

START_TEST(freireich_curve)
{
    static const struct {
        double time, unanswered, se;
    } expected[] = {{6, .8571, .0764},  {7, .8067, .0869},  {10, .7529, .0963}, {13, .6902, .1068},
                    {16, .6275, .1141}, {22, .5378, .1282}, {23, .4482, .1346}};
    struct survival survival = made(freireich, FREIREICH);
    ck_assert_uint_eq(survival.step_count, 7);
    for (size_t i = 0; i < 7; i++) {
        const struct survival_step *step = survival_step_at(&survival, expected[i].time);
        ck_assert_double_eq(step->time, expected[i].time);
        ck_assert_double_eq_tol(step->unanswered, expected[i].unanswered, 5e-5);
        ck_assert_double_eq_tol(step->se, expected[i].se, 5e-5);
        double low, high;
        survival_step_interval(step, &low, &high);
        ck_assert(low < step->unanswered && step->unanswered < high);
    }
    ck_assert_double_eq(survival_median(&survival), 23);
    ck_assert_double_eq_tol(survival_restricted_mean(&survival, 35), 23.287, 5e-4);
    ck_assert_uint_eq(survival.answered, 9);
    ck_assert_uint_eq(survival.censored, 12);
    survival_release(&survival);
}
END_TEST

START_TEST(dropping_the_pending_is_wrong)
{
    /* The median of the answered alone is 10: less than half the true one. */
    struct survival_time answered[FREIREICH];
    size_t count = 0;
    for (size_t i = 0; i < FREIREICH; i++)
        if (freireich[i].end == SURVIVAL_ANSWERED)
            answered[count++] = freireich[i];
    struct survival survival = made(answered, count);
    ck_assert_double_eq(survival_median(&survival), 10);
    survival_release(&survival);
}
END_TEST

START_TEST(nobody_one_and_all_pending)
{
    struct survival survival = made(NULL, 0);
    ck_assert(isnan(survival_median(&survival)));
    ck_assert(isnan(survival_unanswered(&survival, 1)));
    ck_assert(isnan(survival_restricted_mean(&survival, 10)));
    survival_release(&survival);

    struct survival_time one = {3, SURVIVAL_ANSWERED};
    survival = made(&one, 1);
    double low, high;
    survival_median_interval(&survival, 1, &low, &high);
    ck_assert_double_eq(survival_median(&survival), 3);
    ck_assert_double_eq(low, 3);
    ck_assert_double_eq(high, 3);
    ck_assert_double_eq(survival_unanswered(&survival, 2.9), 1);
    ck_assert_double_eq(survival_unanswered(&survival, 1000), 0); /* it has ended: known for ever */
    double step_low, step_high;
    survival_step_interval(&survival.steps[0], &step_low, &step_high);
    ck_assert(isnan(step_low) && isnan(step_high));
    survival_release(&survival);

    struct survival_time waiting[] = {{4, SURVIVAL_CENSORED}, {9, SURVIVAL_CENSORED}};
    survival = made(waiting, 2);
    ck_assert(isnan(survival_median(&survival)));
    ck_assert_double_eq(survival_unanswered(&survival, 9), 1);
    ck_assert(isnan(survival_unanswered(&survival, 9.5))); /* nobody was followed so long */
    ck_assert_double_eq(survival_restricted_mean(&survival, 20), 20);
    survival_release(&survival);
}
END_TEST

START_TEST(competing_events_are_not_censored)
{
    /* 4 asked; answered on day 1, withdrawn on day 2, answered on day 3, still waiting on day 4. By hand: the incidence of
     * answers is 1/4, then 1/4 + (1/2)(1/2) = 1/2; censoring the withdrawn one instead would give 1 - (3/4)(1/2) = 5/8. */
    struct survival_time times[] = {
        {1, SURVIVAL_ANSWERED}, {2, SURVIVAL_COMPETING}, {3, SURVIVAL_ANSWERED}, {4, SURVIVAL_CENSORED}};
    struct survival survival = made(times, 4);
    ck_assert_double_eq_tol(survival_unanswered(&survival, 1), 0.75, 1e-12);
    ck_assert_double_eq_tol(survival_unanswered(&survival, 2), 0.75, 1e-12);
    ck_assert_double_eq_tol(survival_unanswered(&survival, 3), 0.5, 1e-12);
    ck_assert_double_eq(survival_median(&survival), 3);
    survival_release(&survival);
}
END_TEST

START_TEST(delta_variance_is_greenwoods_where_nothing_has_competed)
{
    /* A withdrawal after the last answer switches to the delta method for that step; without ties at the end the share is the
     * same and so must the variance be. */
    struct survival plain = made(freireich, FREIREICH);
    struct survival_time extended[FREIREICH];
    memcpy(extended, freireich, sizeof extended);
    for (size_t i = 0; i < FREIREICH; i++)
        if (extended[i].time >= 34 && extended[i].end == SURVIVAL_CENSORED)
            extended[i] = (struct survival_time){34, SURVIVAL_COMPETING};
    struct survival competing = made(extended, FREIREICH);
    const struct survival_step *last = survival_step_at(&competing, 34), *at_23 = survival_step_at(&plain, 23);
    ck_assert_uint_eq(last->competing, 2);
    ck_assert_double_eq_tol(last->unanswered, at_23->unanswered, 1e-12);
    ck_assert_double_eq_tol(last->se, at_23->se, 1e-12);
    survival_release(&plain);
    survival_release(&competing);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("survival");
    TCase *tcase = tcase_create("survival");
    tcase_add_test(tcase, freireich_curve);
    tcase_add_test(tcase, dropping_the_pending_is_wrong);
    tcase_add_test(tcase, nobody_one_and_all_pending);
    tcase_add_test(tcase, competing_events_are_not_censored);
    tcase_add_test(tcase, delta_variance_is_greenwoods_where_nothing_has_competed);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
