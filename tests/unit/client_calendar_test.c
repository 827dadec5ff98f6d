/* SPDX-License-Identifier: GPL-3.0-or-later
 * Working days of Norway and the random draws the simulation is made of. */
#include "civil_time.h"
#include "draw.h"
#include "work_calendar.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

/* Easter Sundays as printed in almanacs, earliest (22 March) and latest (25 April) of the calendar among them. */
static const struct {
    int year, month, mday;
} easters[] = {
    {1818, 3, 22}, {1886, 4, 25}, {1943, 4, 25}, {1981, 4, 19}, {1954, 4, 18}, {2000, 4, 23}, {2008, 3, 23},
    {2011, 4, 24}, {2014, 4, 20}, {2015, 4, 5},  {2016, 3, 27}, {2017, 4, 16}, {2018, 4, 1},  {2019, 4, 21},
    {2020, 4, 12}, {2021, 4, 4},  {2022, 4, 17}, {2023, 4, 9},  {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},
    {2027, 3, 28}, {2038, 4, 25}, {2049, 4, 18}, {2076, 4, 19},
};

START_TEST(easter_is_where_almanacs_have_it)
{
    int32_t expected = civil_to_day(easters[_i].year, easters[_i].month, easters[_i].mday);
    ck_assert_int_eq(work_calendar_easter(easters[_i].year), expected);
    ck_assert_int_eq(work_calendar_weekday(expected), WEEKDAY_SUNDAY);
}
END_TEST

/* The official list of public holidays in 2025, weekdays and Sundays. */
START_TEST(holidays_of_a_year)
{
    static const int holidays[][2] = {{1, 1},  {4, 17}, {4, 18}, {4, 20}, {4, 21},  {5, 1},
                                      {5, 17}, {5, 29}, {6, 8},  {6, 9},  {12, 25}, {12, 26}};
    unsigned found = 0;
    for (int32_t day = civil_to_day(2025, 1, 1); day < civil_to_day(2026, 1, 1); day++) {
        int year, month, mday;
        civil_from_day(day, &year, &month, &mday);
        bool expected = false;
        for (unsigned i = 0; i < sizeof holidays / sizeof holidays[0]; i++)
            expected |= holidays[i][0] == month && holidays[i][1] == mday;
        ck_assert_msg(work_calendar_is_holiday(day) == expected, "2025-%02d-%02d", month, mday);
        found += expected;
    }
    ck_assert_uint_eq(found, 12);
}
END_TEST

START_TEST(next_working_days)
{
    /* Wednesday before Easter 2025, then Tuesday after it. */
    ck_assert_int_eq(work_calendar_from(civil_to_day(2025, 4, 16)), civil_to_day(2025, 4, 16));
    ck_assert_int_eq(work_calendar_from(civil_to_day(2025, 4, 17)), civil_to_day(2025, 4, 22));
    /* A conference never falls on Ascension Day, nor a council of state on Good Friday. */
    ck_assert_int_eq(work_calendar_weekday_from(civil_to_day(2025, 5, 29), WEEKDAY_THURSDAY), civil_to_day(2025, 6, 5));
    ck_assert_int_eq(work_calendar_weekday_from(civil_to_day(2025, 4, 14), WEEKDAY_FRIDAY), civil_to_day(2025, 4, 25));
    ck_assert_int_eq(work_calendar_weekday(civil_to_day(1970, 1, 1)), WEEKDAY_THURSDAY);
    ck_assert_int_eq(work_calendar_weekday(civil_to_day(1969, 12, 28)), WEEKDAY_SUNDAY);
}
END_TEST

START_TEST(draws_repeat_and_differ)
{
    struct draw a, b, other_stream, other_seed;
    draw_init(&a, 7, 1);
    draw_init(&b, 7, 1);
    draw_init(&other_stream, 7, 2);
    draw_init(&other_seed, 8, 1);
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t bits = draw_bits(&a);
        ck_assert_uint_eq(bits, draw_bits(&b));
        ck_assert_uint_ne(bits, draw_bits(&other_stream));
        ck_assert_uint_ne(bits, draw_bits(&other_seed));
    }
}
END_TEST

START_TEST(draws_have_their_distribution)
{
    struct draw draw;
    draw_init(&draw, 11, 0);
    enum { DRAWS = 200000 };
    double sum = 0, squares = 0, geometric = 0, above = 0;
    unsigned faces[6] = {0}, members[4] = {0};
    const double weights[4] = {1.0, 0.0, 2.0, 5.0};
    for (unsigned i = 0; i < DRAWS; i++) {
        double z = draw_normal(&draw);
        sum += z;
        squares += z * z;
        geometric += draw_geometric(&draw, 3.0);
        above += draw_log_normal(&draw, 10.0, 0.5) > 10.0;
        faces[draw_below(&draw, 6)]++;
        members[draw_member(&draw, 0xd, weights)]++; /* not index 1 */
    }
    ck_assert_double_eq_tol(sum / DRAWS, 0.0, 0.01);
    ck_assert_double_eq_tol(squares / DRAWS, 1.0, 0.02);
    ck_assert_double_eq_tol(geometric / DRAWS, 3.0, 0.05);
    ck_assert_double_eq_tol(above / DRAWS, 0.5, 0.01);
    for (unsigned face = 0; face < 6; face++)
        ck_assert_double_eq_tol(faces[face] / (double)DRAWS, 1.0 / 6.0, 0.005);
    ck_assert_uint_eq(members[1], 0);
    ck_assert_double_eq_tol(members[0] / (double)DRAWS, 0.125, 0.005);
    ck_assert_double_eq_tol(members[3] / (double)DRAWS, 0.625, 0.005);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calendar");
    TCase *tcase = tcase_create("calendar");
    tcase_add_loop_test(tcase, easter_is_where_almanacs_have_it, 0, sizeof easters / sizeof easters[0]);
    tcase_add_test(tcase, holidays_of_a_year);
    tcase_add_test(tcase, next_working_days);
    tcase_add_test(tcase, draws_repeat_and_differ);
    tcase_add_test(tcase, draws_have_their_distribution);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
