/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers, shares, probabilities and dates in three languages, whatever the process's locale.
 */
#include "language.h"

#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#define NBSP "\xc2\xa0"

static struct language spoken(const char *tag)
{
    struct language language;
    char error[400] = "";
    ck_assert_msg(language_init(&language, tag, error), "%s", error);
    return language;
}

static const struct {
    double number;
    int decimals;
    const char *nb, *en;
} numbers[] = {{0, -1, "0", "0"},
               {12, -1, "12", "12"},
               {999, 0, "999", "999"},
               {1234, 0, "1" NBSP "234", "1,234"},
               {-10054, 0,
                "\xe2\x88\x92"
                "10" NBSP "054",
                "\xe2\x88\x92"
                "10,054"},
               {1234.25, 2, "1" NBSP "234,25", "1,234.25"},
               {12345, 0, "12" NBSP "345", "12,345"},
               {1234567.5, 1, "1" NBSP "234" NBSP "567,5", "1,234,567.5"},
               {2.5e15, 0, "2,500e+15", "2.500e+15"},
               {0.5, -1, "0,5", "0.5"},
               {0.25, -1, "0,25", "0.25"},
               {1.0 / 3, -1, "0,333", "0.333"},
               {-2.5, 1,
                "\xe2\x88\x92"
                "2,5",
                "\xe2\x88\x92"
                "2.5"},
               {-0.0001, 2, "0,00", "0.00"},
               {99.95, 1, "100,0", "100.0"},
               {NAN, 2, "\xe2\x80\x93", "\xe2\x80\x93"},
               {INFINITY, 2, "\xe2\x88\x9e", "\xe2\x88\x9e"}};

START_TEST(numbers_as_written)
{
    struct language nb = spoken("nb"), nn = spoken("nn"), en = spoken("en");
    char text[LANGUAGE_NUMBER_SIZE];
    setlocale(LC_ALL, "");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        language_number(&nb, numbers[i].number, numbers[i].decimals, text);
        ck_assert_str_eq(text, numbers[i].nb);
        language_number(&nn, numbers[i].number, numbers[i].decimals, text);
        ck_assert_str_eq(text, numbers[i].nb);
        language_number(&en, numbers[i].number, numbers[i].decimals, text);
        ck_assert_str_eq(text, numbers[i].en);
    }
}
END_TEST

START_TEST(probabilities_and_shares)
{
    struct language nb = spoken("nb"), en = spoken("en");
    char text[LANGUAGE_NUMBER_SIZE];
    language_probability(&nb, 0.0321, text);
    ck_assert_str_eq(text, "0,032");
    language_probability(&nb, 0.0002, text);
    ck_assert_str_eq(text, "<" NBSP "0,001");
    language_probability(&en, 0.0002, text);
    ck_assert_str_eq(text, "<" NBSP "0.001");
    language_probability(&en, NAN, text);
    ck_assert_str_eq(text, "\xe2\x80\x93");
    language_percent(&nb, 0.125, 1, text);
    ck_assert_str_eq(text, "12,5" NBSP "%");
    language_percent(&en, 0.125, 1, text);
    ck_assert_str_eq(text, "12.5%");
}
END_TEST

START_TEST(dates_as_written)
{
    struct language nb = spoken("nb"), nn = spoken("nn"), en = spoken("en");
    char text[LANGUAGE_DATE_SIZE];
    language_date(&nb, 16130, text); /* 2014-03-01 */
    ck_assert_str_eq(text, "1. mars 2014");
    language_date(&nn, 16130, text);
    ck_assert_str_eq(text, "1. mars 2014");
    language_date(&en, 16130, text);
    ck_assert_str_eq(text, "1 March 2014");
    language_date(&nb, 0, text);
    ck_assert_str_eq(text, "1. januar 1970");
}
END_TEST

START_TEST(messages_and_plurals)
{
    struct language nb = spoken("nb"), nn = spoken("nn"), en = spoken("en");
    ck_assert_str_eq(tr(&nb, "Method"), "Metode");
    ck_assert_str_eq(tr(&en, "Method"), "Method");
    ck_assert_str_eq(tr(&nn, "no such message"), "no such message");
    ck_assert_str_eq(tr(&nb, ""), "");
    ck_assert_str_eq(tr_plural(&nb, "%s actor", "%s actors", 1), "%s aktør");
    ck_assert_str_eq(tr_plural(&nb, "%s actor", "%s actors", 2), "%s aktører");
    ck_assert_str_eq(tr_plural(&nn, "%s actor", "%s actors", 0), "%s aktørar");
    ck_assert_str_eq(tr_plural(&en, "%s actor", "%s actors", 2), "%s actors");
    char error[400];
    struct language other;
    ck_assert(!language_init(&other, "sv", error));
    ck_assert(!language_init(&other, NULL, error));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("language");
    TCase *tests = tcase_create("language");
    tcase_add_test(tests, numbers_as_written);
    tcase_add_test(tests, probabilities_and_shares);
    tcase_add_test(tests, dates_as_written);
    tcase_add_test(tests, messages_and_plurals);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
