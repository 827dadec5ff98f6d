/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family righttime on chronicles drawn by hand; deadlines by the calendar.
 */
#include "civil_time.h"
#include "computed_result.h"
#include "deadline_rule.h"
#include "drawn_chronicle.h"
#include "drawn_network.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum { A, B, C, D }; /* d owns the cases */
#define FROM 18000.0 /* 2019-04-14 */

static void expect(const struct result *result, const char *table, const char *key_column, const char *key, const char *column,
                   double value)
{
    double got = computed_number(result, table, column, key_column, key);
    ck_assert_msg(isnan(value) ? isnan(got) : fabs(got - value) < 1e-9, "%s.%s of %s is %.10g, not %.10g", table, column, key,
                  got, value);
}

static struct chronicle_part *asked(struct chronicle *chronicle, int16_t stage, double day, const char *file, int32_t actor)
{
    chronicle_draw(chronicle, EVENT_REQUEST, stage, FROM + day, file);
    chronicle_draw_part(chronicle, D, ROLE_SENDER);
    return chronicle_draw_part(chronicle, actor, ROLE_ADDRESSEE);
}

static void decided(struct chronicle *chronicle, const char *file, double started, double decided_after)
{
    struct chronicle_case *one = &chronicle->cases[chronicle_case_of(chronicle, file)];
    one->owner = D;
    one->started_day = FROM + started;
    one->decided_day = FROM + decided_after;
}

static struct result *run(struct chronicle *chronicle)
{
    struct network *network = network_drawn("a-b b-c c-d", false);
    network->spec.from_day = (int32_t)FROM;
    ck_assert(chronicle_order(chronicle));
    struct result *result = computed_chronicle("righttime", network, chronicle, NULL);
    network_destroy(network);
    chronicle_release(chronicle);
    return result;
}

START_TEST(earliness_and_the_missed)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    asked(&chronicle, STAGE_EARLY_INVOLVEMENT, 10, "x", A);
    asked(&chronicle, STAGE_CONSULTATION, 50, "x", A);
    chronicle_draw_part(&chronicle, C, ROLE_COPY); /* a copy involves nobody */
    asked(&chronicle, STAGE_CONSULTATION, 60, "x", B);
    chronicle_draw(&chronicle, EVENT_MEETING, STAGE_RNOTE, FROM + 80, "x");
    chronicle_draw_part(&chronicle, C, ROLE_PARTICIPANT);
    chronicle_draw_part(&chronicle, D, ROLE_CHAIR);
    decided(&chronicle, "x", 0, 100);
    asked(&chronicle, STAGE_CONSULTATION, 30, "y", A);
    decided(&chronicle, "y", 0, NAN); /* not decided */
    asked(&chronicle, STAGE_CONSULTATION, 20, "z", A);
    decided(&chronicle, "z", -5, 40); /* began before the period */
    asked(&chronicle, STAGE_HEARING, 90, "w", B);
    decided(&chronicle, "w", 0, 80); /* asked when it was decided */
    struct result *result = run(&chronicle);
    expect(result, "righttime", "actor", "a", "involvements", 3);
    expect(result, "righttime", "actor", "a", "timed", 1);
    expect(result, "righttime", "actor", "a", "earliness", 0.1);
    expect(result, "righttime", "actor", "a", "earliness_low", NAN); /* of one there is no spread */
    expect(result, "righttime", "actor", "b", "earliness", 0.6);
    expect(result, "righttime", "actor", "c", "earliness", 0.8);
    expect(result, "righttime", "actor", "d", "involvements", 0); /* the owner */
    expect(result, "righttime", "actor", "d", "earliness", NAN);
    /* x has its consultation from day 50: a was there, b and c came later. y's began with a. */
    expect(result, "righttime", "actor", "a", "placed", 2);
    expect(result, "righttime", "actor", "a", "late", 0);
    expect(result, "righttime", "actor", "b", "late_share", 1);
    expect(result, "righttime", "actor", "c", "late", 1);
    expect(result, "owners", "actor", "d", "placed", 4);
    expect(result, "owners", "actor", "d", "late_share", 0.5);
    expect(result, "all", NULL, NULL, "earliness", 0.5);
    expect(result, "all", NULL, NULL, "earliness_median", 0.6);
    /* Student: 0.5 -+ 4.302653 sd / sqrt 3, within 0..1; three values are too few for an interval of the median. */
    expect(result, "all", NULL, NULL, "earliness_low", fmax(0, 0.5 - 4.302652729911275 * sqrt(0.13 / 3)));
    expect(result, "all", NULL, NULL, "earliness_median_low", NAN);
    expect(result, "stages", "stage", "consultation", "involvements", 3);
    expect(result, "stages", "stage", "rnote", "first_share", 1.0 / 6);
    ck_assert_uint_eq(result_table(result, "first")->row_count, 5);
    ck_assert(computed_has_note(result, "1 involvements are in cases without a decision"));
    ck_assert(computed_has_note(result, "1 involvements are in cases that began before"));
    ck_assert(computed_has_note(result, "1 involvements came after the decision"));
    result_destroy(result);
}
END_TEST

START_TEST(an_interval_of_the_median)
{
    /* Ten cases, asked after 0.05, 0.15 ... of their time: the binomial interval of ten is from the second to the ninth. */
    struct chronicle chronicle = {.observed_until = FROM + 300};
    for (int i = 0; i < 10; i++) {
        char file[] = {(char)('a' + i), 0};
        asked(&chronicle, STAGE_CONSULTATION, 5 + 10 * i, file, A);
        decided(&chronicle, file, 0, 100);
    }
    struct result *result = run(&chronicle);
    expect(result, "righttime", "actor", "a", "earliness_median", 0.5);
    expect(result, "righttime", "actor", "a", "earliness_median_low", 0.15);
    expect(result, "righttime", "actor", "a", "earliness_median_high", 0.85);
    expect(result, "righttime", "actor", "a", "earliness_low", 0.5 - 2.262157162854099 * sqrt(0.825 / 90));
    result_destroy(result);
}
END_TEST

START_TEST(stages_out_of_order)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    asked(&chronicle, STAGE_CONSULTATION, 10, "right", A);
    chronicle_draw(&chronicle, EVENT_MEETING, STAGE_HEARING, FROM + 5, "right"); /* a meeting begins no hearing */
    asked(&chronicle, STAGE_HEARING, 50, "right", B);
    asked(&chronicle, STAGE_HEARING, 10, "wrong", B);
    asked(&chronicle, STAGE_CONSULTATION, 50, "wrong", A);
    asked(&chronicle, STAGE_HEARING, 10, "skipped", B);
    asked(&chronicle, STAGE_HEARING, 10, "old", B);
    decided(&chronicle, "old", -1, NAN); /* what came before is not seen */
    struct result *result = run(&chronicle);
    const char *rule = "consultation_before_hearing";
    expect(result, "order", "rule", rule, "cases", 2);
    expect(result, "order", "rule", rule, "in_order", 1);
    expect(result, "order", "rule", rule, "out_of_order", 1);
    expect(result, "order", "rule", rule, "in_order_share", 0.5);
    expect(result, "order", "rule", rule, "without_the_first", 1);
    expect(result, "order", "rule", "rnote_before_conference", "in_order_share", NAN);
    result_destroy(result);
}
END_TEST

START_TEST(deadlines_by_the_calendar)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    asked(&chronicle, STAGE_CONSULTATION, 0, "x", A)->deadline_day = FROM + 21.99; /* the whole day counts */
    asked(&chronicle, STAGE_CONSULTATION, 0, "x", B)->deadline_day = FROM + 20;
    struct chronicle_part *part = asked(&chronicle, STAGE_CONSULTATION, 0, "x", C);
    part->deadline_day = FROM + 10;
    part->deadline_agreed = true;
    part = asked(&chronicle, STAGE_CONSULTATION, 0.5, "y", A); /* sent in time, received three days later */
    part->received_day = FROM + 3.5;
    part->deadline_day = FROM + 22;
    asked(&chronicle, STAGE_CONSULTATION, 0, "y", B); /* no deadline */
    /* Three months from 2019-04-14 end on 2019-07-14, 91 days later; agreement does not shorten a hearing. */
    asked(&chronicle, STAGE_HEARING, 0, "x", A)->deadline_day = FROM + 91;
    part = asked(&chronicle, STAGE_HEARING, 0, "x", B);
    part->deadline_day = FROM + 90;
    part->deadline_agreed = true;
    asked(&chronicle, STAGE_CONSULTATION, -2000, "x", A)->deadline_day = FROM; /* before any row */
    struct result *result = run(&chronicle);
    const char *rule = "consultation_3_weeks"; /* the first row of a rule is of all together */
    expect(result, "deadlines", "rule", rule, "requests", 5);
    expect(result, "deadlines", "rule", rule, "with_deadline", 4);
    expect(result, "deadlines", "rule", rule, "long_enough", 1);
    expect(result, "deadlines", "rule", rule, "agreed", 1);
    expect(result, "deadlines", "rule", rule, "too_short", 2);
    expect(result, "deadlines", "rule", rule, "compliant_share", 0.5);
    expect(result, "deadlines", "rule", "hearing_6_weeks", "compliant_share", 1);
    expect(result, "deadlines", "rule", "hearing_3_months", "long_enough", 1);
    expect(result, "deadlines", "rule", "hearing_3_months", "too_short", 1);
    expect(result, "deadlines", "actor", "d", "with_deadline", 4);
    ck_assert(computed_has_note(result, "no rule on record"));
    result_destroy(result);
}
END_TEST

START_TEST(months_end_where_they_end)
{
    size_t count;
    const struct deadline_rule *rules = deadline_rules(&count);
    const struct deadline_rule *months = NULL;
    for (size_t r = 0; r < count; r++)
        if (rules[r].months == 3)
            months = &rules[r];
    ck_assert_ptr_nonnull(months);
    static const int dates[][6] = {
        {2025, 1, 15, 2025, 4, 15}, {2025, 11, 30, 2026, 2, 28}, {2023, 11, 30, 2024, 2, 29}, {2025, 12, 31, 2026, 3, 31}};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
        ck_assert_int_eq(deadline_rule_earliest(months, civil_to_day(dates[i][0], dates[i][1], dates[i][2])),
                         civil_to_day(dates[i][3], dates[i][4], dates[i][5]));
    ck_assert(!deadline_rule_in_force(months, civil_to_day(2016, 2, 29)));
    ck_assert(deadline_rule_in_force(months, civil_to_day(2016, 3, 1)));
}
END_TEST

START_TEST(without_cases)
{
    struct chronicle chronicle = {.observed_until = FROM + 300};
    asked(&chronicle, STAGE_CONSULTATION, 0, NULL, A)->deadline_day = FROM + 30;
    struct result *result = run(&chronicle);
    expect(result, "righttime", "actor", "a", "involvements", 0);
    expect(result, "righttime", "actor", "a", "late_share", NAN);
    expect(result, "deadlines", "rule", "consultation_3_weeks", "compliant_share", 1);
    ck_assert(computed_has_note(result, "names a case"));
    result_destroy(result);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("righttime");
    TCase *tcase = tcase_create("righttime");
    tcase_add_test(tcase, earliness_and_the_missed);
    tcase_add_test(tcase, an_interval_of_the_median);
    tcase_add_test(tcase, stages_out_of_order);
    tcase_add_test(tcase, deadlines_by_the_calendar);
    tcase_add_test(tcase, months_end_where_they_end);
    tcase_add_test(tcase, without_cases);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
