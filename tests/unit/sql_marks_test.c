/* SPDX-License-Identifier: GPL-3.0-or-later
 * Marks are replaced wherever they stand, and what does not fit is refused, not cut.
 */
#include "sql_marks.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct sql_mark marks[] = {{"@from", "1"}, {"@to", "20"}};

START_TEST(every_mark_is_replaced)
{
    char text[64];
    ck_assert(sql_fill("id >= '@from' AND id < '@to' OR '@from'@to", marks, 2, text, sizeof text));
    ck_assert_str_eq(text, "id >= '1' AND id < '20' OR '1'20");
    ck_assert(sql_fill("mail@example.no @fro", marks, 2, text, sizeof text));
    ck_assert_str_eq(text, "mail@example.no @fro");
    ck_assert(sql_fill("", marks, 2, text, sizeof text));
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
    const char *sql = "< @to";
    for (size_t size = 1; size <= 6; size++) {
        char *text = malloc(size); /* a byte too many is seen by the sanitizer */
        ck_assert_ptr_nonnull(text);
        ck_assert_int_eq(sql_fill(sql, marks, 2, text, size), size > strlen("< 20"));
        free(text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sql_marks");
    TCase *tcase = tcase_create("marks");
    tcase_add_test(tcase, every_mark_is_replaced);
    tcase_add_test(tcase, what_does_not_fit_is_refused);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
