/* SPDX-License-Identifier: GPL-3.0-or-later
 * The result object: tables keep their shape, texts are copies, cards keep their order, and a failed result stays failed.
 */
#include "result.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

START_TEST(tables_and_columns)
{
    struct result *result = result_create("graph");
    size_t actors = result_add_table(result, "actors", 3);
    size_t empty = result_add_table(result, "empty", 0);
    struct column_definition degree = {"degree", "actors", "number of distinct neighbours", "Freeman 1978"};
    struct column_definition actor = {"actor", NULL, NULL, NULL};
    double *numbers = result_add_numbers(result, actors, &degree);
    char **texts = result_add_texts(result, actors, &actor);
    ck_assert_ptr_nonnull(result_add_numbers(result, empty, &degree));
    numbers[1] = 2;
    char name[] = "Kulturdepartementet";
    result_set_text(result, &texts[0], name);
    name[0] = 'x';
    result_set_text(result, &texts[2], "a");
    result_set_text(result, &texts[2], "blåbær");
    ck_assert(!result_failed(result));

    const struct table *table = result_table(result, "actors");
    ck_assert_uint_eq(table->row_count, 3);
    ck_assert_uint_eq(table->column_count, 2);
    const struct column *column = table_column(table, "degree");
    ck_assert(isnan(column->numbers[0]) && column->numbers[1] == 2 && isnan(column->numbers[2]));
    ck_assert_str_eq(column->source, "Freeman 1978");
    ck_assert(!column->is_text);
    column = table_column(table, "actor");
    ck_assert(column->is_text);
    ck_assert_str_eq(column->texts[0], "Kulturdepartementet");
    ck_assert_ptr_null(column->texts[1]);
    ck_assert_str_eq(column->texts[2], "blåbær");
    ck_assert_str_eq(column->definition, "");
    ck_assert_ptr_null(table_column(table, "strength"));
    ck_assert_ptr_null(result_table(result, "ties"));
    result_destroy(result);
}
END_TEST

START_TEST(card_keeps_order_and_replaces)
{
    struct result *result = result_create("centrality");
    result_set_card(result, "loops", "%s", "dropped");
    result_set_card(result, "missing dyads", "%d", 4);
    result_set_card(result, "loops", "%s", "none");
    result_note(result, "%d actors took no part", 2);
    ck_assert_uint_eq(result->card.entry_count, 2);
    ck_assert_str_eq(result->card.entries[0].key, "loops");
    ck_assert_str_eq(result->card.entries[0].value, "none");
    ck_assert_str_eq(result->card.entries[1].value, "4");
    ck_assert_uint_eq(result->card.note_count, 1);
    ck_assert_str_eq(result->card.notes[0], "2 actors took no part");
    ck_assert_str_eq(result->card.family, "centrality");
    result_destroy(result);
}
END_TEST

START_TEST(failure_is_sticky)
{
    struct result *result = result_create("graph");
    size_t table = result_add_table(result, "huge", SIZE_MAX / 2);
    struct column_definition degree = {"degree", "", "", ""};
    ck_assert_ptr_null(result_add_numbers(result, table, &degree));
    ck_assert(result_failed(result));
    ck_assert_ptr_null(result_add_texts(result, table, &degree));
    result_set_card(result, "a", "b");
    result_note(result, "c");
    ck_assert_uint_eq(result->card.entry_count, 0);
    ck_assert_uint_eq(result->card.note_count, 0);
    result_destroy(result);
    result_destroy(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("result");
    TCase *tcase = tcase_create("result");
    tcase_add_test(tcase, tables_and_columns);
    tcase_add_test(tcase, card_keeps_order_and_replaces);
    tcase_add_test(tcase, failure_is_sticky);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
