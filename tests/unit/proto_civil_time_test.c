/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points in time as files write them; libc with TZ=Europe/Oslo is the independent oracle. */
#include "civil_time.h"
#include "oslo_clock.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INSTANT SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT
#define DAY     SAMORDNING__V1__TIME_PRECISION__PRECISION_DAY
#define MONTH   SAMORDNING__V1__TIME_PRECISION__PRECISION_MONTH
#define S_US    INT64_C(1000000)

/* An assertion of check writes to a pipe each time; in long loops only failures may cost. */
#define EXPECT(condition, ...)                                                                                                 \
    do {                                                                                                                       \
        if (!(condition))                                                                                                      \
            ck_abort_msg(__VA_ARGS__);                                                                                         \
    } while (0)

static const struct {
    const char *text;
    int64_t time_us;
    Samordning__V1__TimePrecision precision;
} good[] = {
    {"1970-01-01T00:00:00Z", 0, INSTANT},
    {"1970-01-02", INT64_C(23) * 3600 * S_US, DAY},
    {"2014-03-01T09:30", 1393662600 * S_US, INSTANT},
    {"2014-03-01 09:30", 1393662600 * S_US, INSTANT},
    {"2014-03-01T09:30:15", 1393662615 * S_US, INSTANT},
    {"2014-03-01T09:30:15.123456", 1393662615 * S_US + 123456, INSTANT},
    {"2014-03-01T09:30:15,5", 1393662615 * S_US + 500000, INSTANT},
    {"2014-03-01T09:30:15.123456789", 1393662615 * S_US + 123456, INSTANT},
    {"2014-03-01T08:30:00Z", 1393662600 * S_US, INSTANT},
    {"2014-03-01T08:30Z", 1393662600 * S_US, INSTANT},
    {"2014-03-01T09:30+01:00", 1393662600 * S_US, INSTANT},
    {"2014-03-01T09:30+0100", 1393662600 * S_US, INSTANT},
    {"2014-03-01T09:30+01", 1393662600 * S_US, INSTANT},
    {"2014-03-01T03:00-05:30", 1393662600 * S_US, INSTANT},
    {"2014-03-01", 1393628400 * S_US, DAY},
    {"2014-03", 1393628400 * S_US, MONTH},
    {"01.03.2014", 1393628400 * S_US, DAY},
    {"01.03.2014 09:30", 1393662600 * S_US, INSTANT},
    {"01.03.2014 09:30:15", 1393662615 * S_US, INSTANT},
    {"2014-07-01T12:00", 1404208800 * S_US, INSTANT}, /* summer time */
    {"2016-02-29", 1456700400 * S_US, DAY},           /* leap day */
    {"2014-10-26T02:30", 1414283400 * S_US, INSTANT}, /* the hour that repeats: the first of two */
    {"2014-10-26T02:30+01:00", 1414287000 * S_US, INSTANT},
    {"2014-03-30T01:59:59", 1396141199 * S_US, INSTANT},
    {"2014-03-30T03:00", 1396141200 * S_US, INSTANT},
    {"1930-05-01T12:00", INT64_C(-1251896400) * S_US, INSTANT},
    {"2050-07-01T12:00Z", 2540289600 * S_US, INSTANT},
};

START_TEST(parses_what_files_write)
{
    int64_t time_us = 1;
    Samordning__V1__TimePrecision precision = MONTH;
    struct errmsg errmsg;
    ck_assert_int_eq(civil_time_parse(good[_i].text, strlen(good[_i].text), &time_us, &precision, &errmsg), STATUS_OK);
    ck_assert_msg(time_us == good[_i].time_us, "%s gave %lld, not %lld", good[_i].text, (long long)time_us,
                  (long long)good[_i].time_us);
    ck_assert_int_eq(precision, good[_i].precision);
}
END_TEST

static const char *const bad[] = {
    "",
    "2014",
    "2014-",
    "2014-3-1",
    "2014-13-01",
    "2014-00-01",
    "2014-02-30",
    "2015-02-29",
    "1900-02-29",
    "2014-01-00",
    "0000-01-01",
    "2014-03-01T",
    "2014-03-01T9:30",
    "2014-03-01T09",
    "2014-03-01T24:00",
    "2014-03-01T09:60",
    "2014-03-01T09:30:60",
    "2014-03-01T09:30:",
    "2014-03-01T09:30:15.",
    "2014-03-01T09:30x",
    "2014-03-01T09:30+1",
    "2014-03-01T09:30+24:00",
    "2014-03-01T09:30+01:",
    "2014-03-01T09:30+01:60",
    "2014-03-01 ",
    " 2014-03-01",
    "2014/03/01",
    "1.3.2014",
    "01.13.2014",
    "31.04.2014",
    "01.03.14",
    "01.03.2014 25:00",
    "01.03.2014T09:30",
    "2014-03-30T02:00",
    "2014-03-30T02:30",
    "2014-03-30 02:59:59",
    "i går",
    "99999-01-01",
    "-014-03-01",
    "2014-03-01T09:30:15.1234567890",
};

START_TEST(refuses_what_is_no_time)
{
    int64_t time_us = 77;
    Samordning__V1__TimePrecision precision = MONTH;
    struct errmsg errmsg = {"", ""};
    ck_assert_msg(civil_time_parse(bad[_i], strlen(bad[_i]), &time_us, &precision, &errmsg) == STATUS_INVALID, "%s", bad[_i]);
    ck_assert_str_ne(errmsg.text, "");
    ck_assert_int_eq(time_us, 77); /* outputs only on success */
    ck_assert_int_eq(precision, MONTH);
    ck_assert_int_eq(civil_time_parse(bad[_i], strlen(bad[_i]), &time_us, &precision, NULL), STATUS_INVALID);
}
END_TEST

START_TEST(does_not_read_beyond_its_size)
{
    int64_t time_us = 0;
    Samordning__V1__TimePrecision precision = INSTANT;
    char *text = malloc(10);
    for (size_t i = 0; i < 10; i++)
        text[i] = "2014-03-01"[i];
    for (size_t size = 0; size <= 10; size++) {
        bool is_good = size == 7 || size == 10;
        ck_assert_int_eq(civil_time_parse(text, size, &time_us, &precision, NULL), is_good ? STATUS_OK : STATUS_INVALID);
    }
    free(text);
}
END_TEST

START_TEST(agrees_with_libc)
{
    setenv("TZ", "Europe/Oslo", 1);
    tzset();
    uint64_t seed = 20141126;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        /* 1896 to 2199 */
        time_t second = (time_t)((seed >> 20) % 9561628800u) - 2335219200;
        struct tm tm;
        localtime_r(&second, &tm);
        EXPECT(oslo_clock_offset(second) == tm.tm_gmtoff, "offset at %lld", (long long)second);
        int32_t day = civil_day_of(second * S_US);
        int year = 0;
        int month = 0;
        int mday = 0;
        civil_from_day(day, &year, &month, &mday);
        EXPECT(year == tm.tm_year + 1900, "%s, iteration %d", "year", i);
        EXPECT(month == tm.tm_mon + 1, "%s, iteration %d", "month", i);
        EXPECT(mday == tm.tm_mday, "%s, iteration %d", "mday", i);
        EXPECT(civil_to_day(year, month, mday) == day, "%s, iteration %d", "civil_to_day(year, month, mday)", i);
        struct tm midnight = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday, .tm_isdst = -1};
        EXPECT(civil_day_start_us(day) == mktime(&midnight) * S_US, "%s, iteration %d", "civil_day_start_us(day)", i);
        char expected[64];
        char text[CIVIL_TIME_TEXT_SIZE];
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S%z", &tm);
        civil_time_format(second * S_US, INSTANT, text);
        memmove(text + 22, text + 23, 3); /* libc writes the offset without a colon */
        EXPECT(strcmp(text, expected) == 0, "%s is not %s", text, expected);
    }
}
END_TEST

START_TEST(reads_back_what_it_writes)
{
    uint64_t seed = 7;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t time_us = (int64_t)(seed >> 12) % (INT64_C(4102444800) * S_US);
        if (i % 3 == 0)
            time_us -= time_us % 1000;
        if (i % 5 == 0)
            time_us -= time_us % S_US;
        char text[CIVIL_TIME_TEXT_SIZE];
        civil_time_format(time_us, INSTANT, text);
        int64_t again = 0;
        Samordning__V1__TimePrecision precision = MONTH;
        EXPECT(civil_time_parse(text, strlen(text), &again, &precision, NULL) == STATUS_OK, "%s, iteration %d",
               "civil_time_parse(text, strlen(text), &again, &precision, NULL)", i);
        EXPECT(again == time_us, "%s: %lld, not %lld", text, (long long)again, (long long)time_us);
        EXPECT(precision == INSTANT, "%s, iteration %d", "precision", i);
    }
}
END_TEST

START_TEST(formats_precisions_and_extremes)
{
    char text[CIVIL_TIME_TEXT_SIZE];
    civil_time_format(1393628400 * S_US, DAY, text);
    ck_assert_str_eq(text, "2014-03-01");
    civil_time_format(1393628400 * S_US, MONTH, text);
    ck_assert_str_eq(text, "2014-03");
    civil_time_format(1393662615 * S_US + 120000, INSTANT, text);
    ck_assert_str_eq(text, "2014-03-01T09:30:15.120+01:00");
    civil_time_format(1404208800 * S_US + 1, INSTANT, text);
    ck_assert_str_eq(text, "2014-07-01T12:00:00.000001+02:00");
    civil_time_format(INT64_MAX, INSTANT, text);
    ck_assert_str_eq(text, "294247-01-10T05:00:54.775807+01:00");
    civil_time_format(INT64_MIN, INSTANT, text);
    ck_assert_ptr_nonnull(strstr(text, "-290308-12-21T"));
    char day[16];
    civil_day_format(INT32_MAX, day);
    ck_assert_str_eq(day, "5881580-07-11");
    civil_day_format(INT32_MIN, day);
    ck_assert_str_eq(day, "-5877641-06-23");
    ck_assert_int_eq(civil_day_start_us(INT32_MAX), INT64_MAX);
    ck_assert_int_eq(civil_day_start_us(INT32_MIN), INT64_MIN);
    ck_assert_int_lt(civil_day_of(INT64_MIN), civil_day_of(INT64_MAX));
}
END_TEST

START_TEST(days_have_23_24_or_25_hours)
{
    int short_days = 0;
    int long_days = 0;
    for (int32_t day = civil_to_day(2014, 1, 1); day < civil_to_day(2024, 1, 1); day++) {
        int64_t hours = (civil_day_start_us(day + 1) - civil_day_start_us(day)) / (3600 * S_US);
        short_days += hours == 23;
        long_days += hours == 25;
        ck_assert(hours >= 23 && hours <= 25);
        ck_assert_int_eq(civil_day_of(civil_day_start_us(day)), day);
        ck_assert_int_eq(civil_day_of(civil_day_start_us(day) - 1), day - 1);
    }
    ck_assert_int_eq(short_days, 10);
    ck_assert_int_eq(long_days, 10);
    /* Midnight itself was skipped when standard time came, and passed twice in 1916. */
    ck_assert_int_eq(civil_day_start_us(civil_to_day(1895, 1, 1)), INT64_C(-2366757780) * S_US);
    ck_assert_int_eq(civil_day_of(INT64_C(-2366757780) * S_US - 1), civil_to_day(1894, 12, 31));
}
END_TEST

START_TEST(parses_days)
{
    int32_t day = 0;
    ck_assert_int_eq(civil_day_parse("2014-11-26", &day), STATUS_OK);
    ck_assert_int_eq(day, 16400);
    ck_assert_int_eq(civil_day_parse("1969-12-31", &day), STATUS_OK);
    ck_assert_int_eq(day, -1);
    const char *const wrong[] = {"", "2014-11", "2014-11-31", "26.11.2014", "2014-11-26T", "2014-11-26 ", "0000-01-01"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_int_eq(civil_day_parse(wrong[i], &day), STATUS_INVALID);
    ck_assert_int_eq(day, -1);
}
END_TEST

START_TEST(the_law_agrees_with_the_database)
{
    static struct oslo_clock law;
    oslo_clock_from_law(&law);
    for (int64_t second = 0; second < INT64_C(7258118400); second += 1801) /* about every half hour to 2199 */
        EXPECT(oslo_clock_offset_in(&law, second) == oslo_clock_offset(second), "at %lld", (long long)second);
}
END_TEST

START_TEST(refuses_broken_zone_files)
{
    static struct oslo_clock clock;
    FILE *file = fopen(OSLO_CLOCK_FILE, "rb");
    ck_assert_ptr_nonnull(file);
    static uint8_t whole[65536];
    size_t size = fread(whole, 1, sizeof whole, file);
    fclose(file);
    ck_assert_int_eq(oslo_clock_load(whole, size, &clock), STATUS_OK);
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *part = malloc(cut + 1); /* so that reading past the end is seen */
        memcpy(part, whole, cut);
        EXPECT(oslo_clock_load(part, cut, &clock) == STATUS_INVALID, "cut at %zu", cut);
        free(part);
    }
    for (size_t at = 0; at < size; at++) { /* never crashes, whatever one byte is */
        uint8_t kept = whole[at];
        whole[at] ^= 0xFF;
        if (oslo_clock_load(whole, size, &clock) == STATUS_OK)
            (void)oslo_clock_offset_in(&clock, 0);
        whole[at] = kept;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("civil_time");
    TCase *tc = tcase_create("civil_time");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, parses_what_files_write, 0, sizeof good / sizeof good[0]);
    tcase_add_loop_test(tc, refuses_what_is_no_time, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(tc, does_not_read_beyond_its_size);
    tcase_add_test(tc, agrees_with_libc);
    tcase_add_test(tc, reads_back_what_it_writes);
    tcase_add_test(tc, formats_precisions_and_extremes);
    tcase_add_test(tc, days_have_23_24_or_25_hours);
    tcase_add_test(tc, parses_days);
    tcase_add_test(tc, the_law_agrees_with_the_database);
    tcase_add_test(tc, refuses_broken_zone_files);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
