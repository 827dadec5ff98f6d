/* SPDX-License-Identifier: GPL-3.0-or-later
 * Recurrence on the clock of Oslo, periods by the day of a run, where reports may go, and the mail that carries one.
 */
#include "civil_time.h"
#include "delivery.h"
#include "mail/parcel.h"
#include "period.h"
#include "recurrence.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t at(const char *text)
{
    int64_t time_us;
    Samordning__V1__TimePrecision precision;
    struct errmsg errmsg = {0};
    ck_assert_int_eq(civil_time_parse(text, strlen(text), &time_us, &precision, &errmsg), STATUS_OK);
    return time_us;
}

static struct recurrence_turn turn_of(const char *rule, const char *start, const char *expected, const char *now)
{
    struct recurrence recurrence;
    struct recurrence_turn turn;
    struct errmsg errmsg = {0};
    ck_assert_msg(recurrence_read(rule, start, &recurrence, &errmsg) == STATUS_OK, "%s: %s", rule, errmsg.text);
    ck_assert_int_eq(recurrence_turn(&recurrence, at(expected), at(now), &turn, &errmsg), STATUS_OK);
    return turn;
}

/* The occurrences after a time, in order; "-" = no more. */
static void check_next(const char *rule, const char *start, const char *now, const char *const expected[])
{
    char text[CIVIL_TIME_TEXT_SIZE];
    char after[CIVIL_TIME_TEXT_SIZE];
    snprintf(after, sizeof after, "%s", now);
    for (size_t i = 0; expected[i] != NULL; i++) {
        struct recurrence_turn turn = turn_of(rule, start, after, after);
        if (turn.next_us == 0)
            snprintf(text, sizeof text, "-");
        else
            civil_time_format(turn.next_us, SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT, text);
        ck_assert_str_eq(text, expected[i]);
        snprintf(after, sizeof after, "%s", text);
    }
}
#define NEXT(rule, start, now, ...) check_next(rule, start, now, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(nine_stays_nine_when_the_clocks_change)
{
    NEXT("FREQ=DAILY", "2026-01-01T09:00", "2026-03-28", "2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00");
    NEXT("FREQ=DAILY", "2026-01-01T09:00", "2026-10-24", "2026-10-24T09:00:00+02:00", "2026-10-25T09:00:00+01:00");
    NEXT("FREQ=WEEKLY;BYDAY=MO", "2026-01-01T00:00", "2026-03-28", "2026-03-30T00:00:00+02:00");
}
END_TEST

START_TEST(the_hour_that_is_skipped_and_the_hour_that_comes_twice)
{
    NEXT("FREQ=DAILY", "2026-01-01T02:30", "2026-03-28", "2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00",
         "2026-03-30T02:30:00+02:00");
    NEXT("FREQ=DAILY", "2026-01-01T02:30", "2026-10-24", "2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00",
         "2026-10-26T02:30:00+01:00");
}
END_TEST

START_TEST(leap_days_ends_of_months_and_last_weekdays)
{
    NEXT("FREQ=YEARLY", "2024-02-29T09:00", "2025-01-01", "2028-02-29T09:00:00+01:00", "2032-02-29T09:00:00+01:00");
    NEXT("FREQ=MONTHLY", "2026-01-31T09:00", "2026-02-01", "2026-03-31T09:00:00+02:00", "2026-05-31T09:00:00+02:00");
    NEXT("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01T09:00", "2028-02-01", "2028-02-29T09:00:00+01:00",
         "2028-03-31T09:00:00+02:00");
    NEXT("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-01T09:00", "2026-02-01", "2026-02-27T09:00:00+01:00",
         "2026-03-31T09:00:00+02:00");
    NEXT("FREQ=YEARLY;BYMONTH=11;BYDAY=1MO", "2026-01-01T09:00", "2026-01-01", "2026-11-02T09:00:00+01:00",
         "2027-11-01T09:00:00+01:00");
    NEXT("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2020-01-01T09:00", "2025-01-01", "2025-12-29T09:00:00+01:00",
         "2027-01-04T09:00:00+01:00");
    NEXT("FREQ=DAILY;BYHOUR=6,18", "2026-01-01T06:00", "2026-06-01T07:00", "2026-06-01T18:00:00+02:00",
         "2026-06-02T06:00:00+02:00");
    NEXT("RRULE:FREQ=WEEKLY;INTERVAL=2", "2026-01-05T09:00", "2026-01-06", "2026-01-19T09:00:00+01:00");
}
END_TEST

START_TEST(rules_come_to_an_end)
{
    NEXT("FREQ=DAILY;COUNT=2", "2026-03-01T09:00", "2026-03-01", "2026-03-01T09:00:00+01:00", "2026-03-02T09:00:00+01:00", "-");
    /* an end that is a day lasts all day; one in UTC is that moment: 07:00Z is 09:00 in summer, and 08:00 in winter */
    NEXT("FREQ=DAILY;UNTIL=20260630", "2026-06-01T09:00", "2026-06-29T10:00", "2026-06-30T09:00:00+02:00", "-");
    NEXT("FREQ=DAILY;UNTIL=20260630T070000Z", "2026-06-01T09:00", "2026-06-29T10:00", "2026-06-30T09:00:00+02:00", "-");
    NEXT("FREQ=DAILY;UNTIL=20261130T070000Z", "2026-06-01T09:00", "2026-11-28T10:00", "2026-11-29T09:00:00+01:00", "-");
}
END_TEST

START_TEST(what_was_missed_is_counted_and_the_latest_is_told)
{
    struct recurrence_turn turn = turn_of("FREQ=DAILY", "2020-01-01T09:00", "2026-03-27T09:00", "2026-03-30T12:00");
    ck_assert_uint_eq(turn.due, 4);
    ck_assert_int_eq(turn.latest_us, at("2026-03-30T09:00"));
    ck_assert_int_eq(turn.next_us, at("2026-03-31T09:00"));
    turn = turn_of("FREQ=DAILY", "2020-01-01T09:00", "2026-03-27T09:00", "2026-03-27T09:00");
    ck_assert_uint_eq(turn.due, 1); /* the very microsecond */
    /* a changed rule that has nothing between what was expected and now */
    turn = turn_of("FREQ=YEARLY", "2020-01-01T09:00", "2026-03-27T09:00", "2026-03-27T09:00");
    ck_assert_uint_eq(turn.due, 0);
    ck_assert_int_eq(turn.latest_us, 0);
    ck_assert_int_eq(turn.next_us, at("2027-01-01T09:00"));
}
END_TEST

START_TEST(bad_rules_are_refused)
{
    static const char *const rules[][2] = {
        {"", "2026-01-01T09:00"},
        {"FREQ=FORTNIGHTLY", "2026-01-01T09:00"},
        {"BYDAY=MO", "2026-01-01T09:00"},
        {"FREQ=HOURLY", "2026-01-01T09:00"},
        {"FREQ=SECONDLY", "2026-01-01T09:00"},
        {"FREQ=DAILY;BYMONTH=13", "2026-01-01T09:00"},
        {"FREQ=DAILY;BYHOUR=25", "2026-01-01T09:00"},
        {"FREQ=DAILY;BYSECOND=0,30", "2026-01-01T09:00"},
        {"FREQ=DAILY;BYDAY=1MO", "2026-01-01T09:00"},
        {"FREQ=WEEKLY;BYDAY=-1FR", "2026-01-01T09:00"},
        {"FREQ=WEEKLY;BYWEEKNO=20", "2026-01-01T09:00"},
        {"FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "2026-01-01T09:00"},
        {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01T09:00"},
        {"FREQ=DAILY;COUNT=2;UNTIL=20300101", "2026-01-01T09:00"},
        {"FREQ=DAILY;INTERVAL=0", "2026-01-01T09:00"},
        {"FREQ=DAILY;UNTIL=tomorrow", "2026-01-01T09:00"},
        {"FREQ=DAILY;RSCALE=HEBREW", "2026-01-01T09:00"},
        {"FREQ=DAILY\nEXRULE:FREQ=DAILY", "2026-01-01T09:00"},
        {"FREQ=DAILY", ""},
        {"FREQ=DAILY", "2026-01-01"},
        {"FREQ=DAILY", "2026-01-01T9:00"},
        {"FREQ=DAILY", "2026-01-01T24:00"},
        {"FREQ=DAILY", "2026-02-30T09:00"},
        {"FREQ=DAILY", "2026-01-01T09:00Z"},
        {"FREQ=DAILY", "TZID=Europe/Oslo:20260101T090000"},
        {"FREQ=DAILY", "1999-01-01T09:00"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct recurrence recurrence;
        struct errmsg errmsg = {0};
        ck_assert_msg(recurrence_read(rules[i][0], rules[i][1], &recurrence, &errmsg) == STATUS_INVALID, "%s from %s",
                      rules[i][0], rules[i][1]);
        ck_assert_msg(strcmp(errmsg.field, "rule") == 0 || strcmp(errmsg.field, "start") == 0, "%s", errmsg.field);
        ck_assert_ptr_nonnull(strchr(errmsg.text, '"'));
    }
    char longest[600];
    memset(longest, 'A', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    struct recurrence recurrence;
    struct errmsg errmsg = {0};
    ck_assert_int_eq(recurrence_read(longest, "2026-01-01T09:00", &recurrence, &errmsg), STATUS_INVALID);
}
END_TEST

START_TEST(periods)
{
    static const struct {
        const char *name, *day, *from, *to;
    } cases[] = {
        {"last-year", "2026-01-01", "2025-01-01", "2026-01-01"},
        {"last-year", "2026-12-31", "2025-01-01", "2026-01-01"},
        {"last-half-year", "2026-06-30", "2025-07-01", "2026-01-01"},
        {"last-half-year", "2026-07-01", "2026-01-01", "2026-07-01"},
        {"last-quarter", "2026-01-15", "2025-10-01", "2026-01-01"},
        {"last-quarter", "2026-06-30", "2026-01-01", "2026-04-01"},
        {"last-month", "2024-03-31", "2024-02-01", "2024-03-01"},
        {"last-month", "2026-01-01", "2025-12-01", "2026-01-01"},
        {"last-week", "2026-03-30", "2026-03-23", "2026-03-30"},
        {"last-week", "2026-04-05", "2026-03-23", "2026-03-30"},
        {"last-12-months", "2026-11-02", "2025-11-01", "2026-11-01"},
        {"year-to-date", "2026-03-01", "2026-01-01", "2026-03-01"},
    };
    int32_t day, from, to;
    char text[2][16];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert(period_is_known(cases[i].name));
        ck_assert_int_eq(civil_day_parse(cases[i].day, &day), STATUS_OK);
        ck_assert_int_eq(period_of(cases[i].name, day, &from, &to), STATUS_OK);
        civil_day_format(from, text[0]);
        civil_day_format(to, text[1]);
        ck_assert_str_eq(text[0], cases[i].from);
        ck_assert_str_eq(text[1], cases[i].to);
    }
    ck_assert_int_eq(civil_day_parse("2026-01-01", &day), STATUS_OK);
    ck_assert_int_eq(period_of("year-to-date", day, &from, &to), STATUS_INVALID);
    ck_assert_int_eq(period_of("last-decade", day, &from, &to), STATUS_INVALID);
    ck_assert(!period_is_known(""));
    ck_assert(!period_is_known("last"));
    ck_assert(!period_is_known("last-year, last-month"));
}
END_TEST

START_TEST(places)
{
    static const char *const bad[] = {"",
                                      "folder",
                                      "ftp:x",
                                      "folder:/etc",
                                      "folder:..",
                                      "folder:a/../b",
                                      "folder:a//b",
                                      "folder:.ssh",
                                      "folder:a b",
                                      "put:http://x",
                                      "put:a?b",
                                      "mail:",
                                      "mail:a",
                                      "mail:a@b.no,",
                                      "mail:a@b.no c@d.no"};
    const struct config none = {.delivery_url = (char *)(uintptr_t) ""},
                        some = {.delivery_url = (char *)(uintptr_t) "https://x.example/"};
    enum delivery_kind kind;
    const char *place;
    struct errmsg errmsg = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(delivery_read(bad[i], &some, &kind, &place, &errmsg) == STATUS_INVALID, "%s", bad[i]);
    ck_assert_int_eq(delivery_read("put:a/b", &none, &kind, &place, &errmsg), STATUS_INVALID);
    ck_assert_int_eq(delivery_read("put:a/b", &some, &kind, &place, &errmsg), STATUS_OK);
    ck_assert(kind == DELIVERY_PUT && strcmp(place, "a/b") == 0);
    ck_assert_int_eq(delivery_read("folder:", &none, &kind, &place, &errmsg), STATUS_OK);
    ck_assert(kind == DELIVERY_FOLDER && place[0] == '\0');
    ck_assert_int_eq(delivery_read("mail:a@b.no,c@d.no", &none, &kind, &place, &errmsg), STATUS_OK);
    ck_assert_int_eq(kind, DELIVERY_MAIL);
    char many[DELIVERY_MAX] = "mail:a@b.no";
    for (size_t i = 1; i <= DELIVERY_ADDRESSES_MAX; i++)
        strncat(many, ",a@b.no", sizeof many - strlen(many) - 1);
    ck_assert_int_eq(delivery_read(many, &none, &kind, &place, &errmsg), STATUS_INVALID);
}
END_TEST

START_TEST(a_mail_with_the_report)
{
    uint8_t bytes[200];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    const struct parcel parcel = {.run = 3,
                                  .to = "a@b.no,c@d.no",
                                  .from = "samordning@example.no",
                                  .sender = "Direktoratet for forvaltning og økonomistyring",
                                  .schedule = "konferansen",
                                  .language = "nn",
                                  .result = "0b7e1c5e-7a52-4c39-9c79-3d1a3f0a5d11",
                                  .occurrence_us = at("2026-11-02T09:00"),
                                  .now_us = at("2026-11-02T09:00:07"),
                                  .late = true,
                                  .summary = "Slik samordnar departementa\nog meir",
                                  .summary_size = 27,
                                  .files = {{"konferansen-20261102T0900-nn.html", "text/html", bytes, sizeof bytes},
                                            {"konferansen-20261102T0900-nn.pdf", "application/pdf", bytes, 20}},
                                  .file_count = 2};
    size_t size;
    char *text = parcel_compose(&parcel, &size);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(strlen(text), size);
    static const char *const holds[] = {"To: <a@b.no>,\r\n <c@d.no>\r\n",
                                        "\r\nSubject: Rapport: konferansen\r\n",
                                        "\r\nMessage-ID: <samordning.run.3.",
                                        "Date: Mon, 2 Nov 2026 09:00:07 +0100\r\n",
                                        "\r\n\r\nSlik samordnar departementa\r\nId-en til rapporten: 0b7e1c5e",
                                        "Rapporten skulle lagast 2026-11-02 09:00 og er laga etter tida si",
                                        "filename=\"konferansen-20261102T0900-nn.html\"",
                                        "filename=\"konferansen-20261102T0900-nn.pdf\"",
                                        "\r\n--=_samordning_3--\r\n"};
    for (size_t i = 0; i < sizeof holds / sizeof holds[0]; i++)
        ck_assert_msg(strstr(text, holds[i]) != NULL, "%s is not in\n%s", holds[i], text);
    for (const char *line = text; *line != '\0';) {
        const char *end = strstr(line, "\r\n");
        ck_assert_ptr_nonnull(end);
        ck_assert_uint_le((size_t)(end - line), 100);
        line = end + 2;
    }
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_schedule");
    TCase *tcase = tcase_create("schedule");
    tcase_add_test(tcase, nine_stays_nine_when_the_clocks_change);
    tcase_add_test(tcase, the_hour_that_is_skipped_and_the_hour_that_comes_twice);
    tcase_add_test(tcase, leap_days_ends_of_months_and_last_weekdays);
    tcase_add_test(tcase, rules_come_to_an_end);
    tcase_add_test(tcase, what_was_missed_is_counted_and_the_latest_is_told);
    tcase_add_test(tcase, bad_rules_are_refused);
    tcase_add_test(tcase, periods);
    tcase_add_test(tcase, places);
    tcase_add_test(tcase, a_mail_with_the_report);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
