/* SPDX-License-Identifier: GPL-3.0-or-later
 * Editions of a report: what is not for everybody, what is for one actor alone, comments and the logo.
 */
#include "disclosure.h"
#include "excerpt.h"
#include "report_fixture.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS    12
#define MINIMUM 5
#define TODAY   20454 /* 2026-01-01 */

static const char *const columns[] = {"due", "in_time", "missing", "late", "fulfilled"};

/* Duties of pairs: parts of a total, and a share computed from them. */
static struct result *duties(const char *name, uint64_t seed)
{
    struct result *result = result_create("duty");
    size_t table = result_add_table(result, name, ROWS);
    const struct column_definition owner = {"owner", "", "key", ""};
    char **keys = result_add_texts(result, table, &owner);
    double *numbers[5];
    for (size_t c = 0; c < 5; c++)
        numbers[c] = result_add_numbers(result, table, &(const struct column_definition){columns[c], "", "", ""});
    for (size_t row = 0; row < ROWS; row++) {
        char key[8];
        snprintf(key, sizeof key, "k%zu", row);
        result_set_text(result, &keys[row], key);
        numbers[0][row] = 0;
        for (size_t c = 1; c < 4; c++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            numbers[c][row] = (double)((seed >> 33) % (row % 3 ? 40 : 7));
            numbers[0][row] += numbers[c][row];
        }
        numbers[4][row] = numbers[1][row] / numbers[0][row];
    }
    ck_assert(!result_failed(result));
    return result;
}

/* Whatever the table: no small number is left, and none follows from the rest of its row or its column. */
START_TEST(small_numbers_cannot_be_seen_or_computed)
{
    static const char *const names[] = {"actors", "rules"};
    struct result *result = duties(names[_i % 2], (uint64_t)_i), *before = duties(names[_i % 2], (uint64_t)_i);
    ck_assert(disclosure_apply(&result, 1, MINIMUM));
    const struct table *table = &result->tables[0], *was = &before->tables[0];
    size_t shown = 0, column_hidden[5] = {0};
    for (size_t row = 0; row < ROWS; row++) {
        size_t hidden = 0;
        for (size_t c = 1; c <= 4; c++) {
            const double *numbers = table->columns[c].numbers;
            ck_assert(isnan(numbers[row]) || numbers[row] == was->columns[c].numbers[row]);
            ck_assert_msg(!(numbers[row] > 0 && numbers[row] < MINIMUM), "row %zu shows %s = %g", row, columns[c - 1],
                          numbers[row]);
            hidden += c > 1 && isnan(numbers[row]);
            column_hidden[c] += isnan(numbers[row]);
            shown += !isnan(numbers[row]);
        }
        if (!isnan(table->columns[1].numbers[row])) {
            ck_assert_msg(hidden != 1, "row %zu: one hidden part follows from the total", row);
        }
        if (hidden > 0)
            ck_assert(isnan(table->columns[5].numbers[row]));
    }
    for (size_t c = 2; c <= 4; c++)
        ck_assert_msg(column_hidden[c] != 1, "one hidden %s follows from the sum of its column", columns[c - 1]);
    ck_assert_uint_gt(shown, 0);
    ck_assert_uint_eq(result->card.note_count, 1);
    result_destroy(result);
    result_destroy(before);
}
END_TEST

/* Of single cases everybody sees how they went, and no small number of who did what in them. */
START_TEST(cases_show_no_small_numbers)
{
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    struct result *result = report_fixture_result(&fixture, "case");
    ck_assert(disclosure_apply(&result, 1, MINIMUM));
    const struct table *cases = result_table(result, "cases");
    ck_assert_uint_eq(cases->row_count, 2);
    ck_assert_str_eq(table_column(cases, "stages")->texts[0], "consultation, hearing");
    ck_assert_double_eq(table_column(cases, "days")->numbers[0], 120);
    static const char *const counted[] = {"requests", "in_time", "late", "overdue", "objections"};
    for (size_t c = 0; c < sizeof counted / sizeof counted[0]; c++)
        for (size_t row = 0; row < 2; row++) {
            double number = table_column(cases, counted[c])->numbers[row];
            ck_assert_msg(isnan(number) || number == 0 || number >= MINIMUM, "%s of row %zu is %g", counted[c], row, number);
        }
    ck_assert_double_eq(table_column(result_table(result, "summary"), "kept")->numbers[0], 90);
    report_fixture_release(&fixture);
}
END_TEST

/* What hides a number hides what it could be computed from, too, and what is computed from it; the rest of the row stays. */
START_TEST(what_depends_on_small_numbers_is_hidden)
{
    static const struct {
        const char *family, *table;
        struct {
            const char *name;
            double number;
            bool hidden;
        } columns[12];
    } rows[] = {
        {"case",
         "summary",
         {{"cases", 4, true},
          {"decided", 4, true},
          {"due", 90},
          {"kept", 60},
          {"kept_share", 2.0 / 3},
          {"objected", 0, true},
          {"objected_share", 0, true},
          {"lifted", 3, true},
          {"lifted_share", 0.75, true}}},
        {"duty",
         "summary",
         {{"cases", 50, true}, {"due", 20}, {"in_time", 17, true}, {"missing", 3, true}, {"fulfilled", 0.85, true}}},
        {"duty", "actors", {{"due", 3, true}, {"missing", 3, true}, {"consulted", 40, true}, {"consulted_beyond", 20, true}}},
        {"objections",
         "objections",
         {{"requests", 40, true},
          {"answered", 30, true},
          {"objecting_answers", 12, true},
          {"objection_rate", 12 / 30.0, true},
          {"objections", 20},
          {"received", 3, true},
          {"kind_objection", 18, true},
          {"kind_silence", 0},
          {"deadlines_passed", 20, true}}},
        {"righttime",
         "righttime",
         {{"involvements", 30},
          {"timed", 4, true},
          {"earliness", 0.4, true},
          {"placed", 20},
          {"late", 10},
          {"late_share", 0.5}}},
        {"time",
         "time",
         {{"requests", 30}, {"answered", 30}, {"with_deadline", 2, true}, {"unanswered_at_deadline", 0.5, true}}},
        {"time",
         "time",
         {{"requests", 40}, {"answered", 37, true}, {"pending", 3, true}, {"median_days", 9}, {"p", 0.5, true}}},
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct result *result = result_create(rows[r].family);
        size_t table = result_add_table(result, rows[r].table, 1);
        for (size_t c = 0; rows[r].columns[c].name; c++)
            result_add_numbers(result, table, &(const struct column_definition){rows[r].columns[c].name, "", "", ""})[0] =
                rows[r].columns[c].number;
        ck_assert(disclosure_apply(&result, 1, MINIMUM));
        for (size_t c = 0; rows[r].columns[c].name; c++) {
            double shown = result->tables[0].columns[c].numbers[0];
            ck_assert_msg(rows[r].columns[c].hidden ? isnan(shown) : shown == rows[r].columns[c].number, "%s.%s: %s is %g",
                          rows[r].family, rows[r].table, rows[r].columns[c].name, shown);
        }
        result_destroy(result);
    }
}
END_TEST

/* Tables by two things at once, and single cases: without rows, and the report can tell that from nothing to list. */
START_TEST(what_could_be_added_up_is_left_out)
{
    static const char *const tables[][2] = {{"duty", "duty"},   {"duty", "cases"},      {"time", "pairs"},   {"time", "little"},
                                            {"time", "layers"}, {"righttime", "first"}, {"case", "timeline"}};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct result *result = result_create(tables[i][0]);
        size_t table = result_add_table(result, tables[i][1], 2);
        result_set_text(result, &result_add_texts(result, table, &(const struct column_definition){"actor", "", "", ""})[1],
                        "x");
        result_add_numbers(result, table, &(const struct column_definition){"requests", "", "", ""})[1] = 100;
        result_note(result, "3 requests");
        result_note(result, "no rule");
        ck_assert(disclosure_apply(&result, 1, MINIMUM));
        ck_assert(result->tables[0].withheld);
        ck_assert_uint_eq(result->tables[0].row_count, 0);
        ck_assert_uint_eq(result->card.note_count, 1);
        result_destroy(result);
    }
    /* of deadlines only what all together kept */
    struct result *result = result_create("righttime");
    size_t table = result_add_table(result, "deadlines", 3);
    result_set_text(result, &result_add_texts(result, table, &(const struct column_definition){"actor", "", "", ""})[0], "x");
    for (size_t row = 0; row < 3; row++)
        result_add_numbers(result, table, &(const struct column_definition){row ? "other" : "with_deadline", "", "", ""})[row] =
            9;
    table_column(&result->tables[0], "with_deadline")->numbers[1] = 30;
    ck_assert(disclosure_apply(&result, 1, MINIMUM));
    ck_assert_uint_eq(result->tables[0].row_count, 2);
    ck_assert_double_eq(table_column(&result->tables[0], "with_deadline")->numbers[0], 30);
    result_destroy(result);
}
END_TEST

/* One edition a year: what another could be subtracted from it has none. */
START_TEST(there_is_one_public_edition)
{
    static const struct {
        const char *family, *spec;
        bool permitted;
    } asked[] = {
        {"report", "from=2025-01-01 to=2026-01-01", true},
        {"report", "from=2025-01-01 to=2026-01-01 minimum-cell=10 projection=count distance=unit", true},
        {"report", "from=2025-01-01 to=2026-01-01 minimum-cell=2", false},
        {"duty", "from=2025-01-01 to=2026-01-01 minimum-cell=51", false},
        {"report", "from=2026-01-01 to=2027-01-01", false}, /* is not over */
        {"report", "from=2025-01-01 to=2025-12-31", false},
        {"report", "from=2025-01-01 to=2025-07-01", false},
        {"time", "from=2024-01-01 to=2026-01-01", false},
        {"time", "from=2025-02-01 to=2026-02-01", false},
        {"bottlenecks", "from=2025-01-01 to=2026-01-01 layer=meeting", false},
        {"duty", "from=2025-01-01 to=2026-01-01 case=A", false},
        {"duty", "from=2025-01-01 to=2026-01-01 case-type=law", false},
        {"objections", "from=2025-01-01 to=2026-01-01 stage=hearing", false},
        {"righttime", "from=2025-01-01 to=2026-01-01 level=sector", false},
        {"righttime", "from=2025-01-01 to=2026-01-01 view=as-now", false},
        {"case", "from=2025-01-01 to=2026-01-01 tie=intersection", false},
        {"time", "from=2025-01-01 to=2026-01-01 within=3", false},
        {"time", "from=2025-01-01 to=2026-01-01 tau=3", false},
        {"change", "from=2025-01-01 to=2026-01-01", false},
        {"between", "from=2025-01-01 to=2026-01-01", false}, /* single interactions */
        {"graph", "from=2025-01-01 to=2025-02-01 layer=meeting level=sector", true},
    };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct spec spec;
        char error[SPEC_ERROR_SIZE] = "";
        ck_assert_msg(spec_parse(asked[i].spec, &spec, error), "%s", error);
        ck_assert_msg(disclosure_permits(asked[i].family, &spec, TODAY, error) == asked[i].permitted, "%s of %s: %s",
                      asked[i].family, asked[i].spec, error);
        ck_assert(asked[i].permitted || strlen(error) > 10);
    }
}
END_TEST

START_TEST(large_numbers_stay)
{
    struct result *result = duties("actors", 1), *before = duties("actors", 1);
    ck_assert(disclosure_apply(&result, 1, 1));
    for (size_t c = 1; c < 6; c++)
        for (size_t row = 0; row < ROWS; row++)
            ck_assert(isnan(before->tables[0].columns[c].numbers[row]) ||
                      result->tables[0].columns[c].numbers[row] == before->tables[0].columns[c].numbers[row]);
    ck_assert_uint_eq(result->card.note_count, 0);
    result_destroy(result);
    result_destroy(before);
}
END_TEST

START_TEST(an_excerpt_tells_of_one_actor)
{
    struct report_fixture fixture;
    struct result *own[REPORT_FIXTURE_RESULTS];
    report_fixture_init(&fixture);
    const struct result *centrality = report_result(&fixture.input, "centrality");
    const char *key = table_column(&centrality->tables[0], "actor")->texts[0];
    for (size_t i = 0; i < REPORT_FIXTURE_RESULTS; i++) {
        own[i] = excerpt_of(fixture.results[i], key);
        ck_assert_ptr_nonnull(own[i]);
        fixture.shown[i] = own[i];
        for (size_t t = 0; strcmp(own[i]->card.family, "network") != 0 && t < own[i]->table_count; t++)
            for (size_t row = 0; row < own[i]->tables[t].row_count; row++) {
                bool named = false;
                for (size_t c = 0; c < own[i]->tables[t].column_count; c++) {
                    const struct column *column = &own[i]->tables[t].columns[c];
                    named =
                        named || (excerpt_names_actors(column) && column->texts[row] && strcmp(column->texts[row], key) == 0);
                }
                ck_assert(named);
            }
    }
    ck_assert_uint_eq(result_table(report_result(&fixture.input, "centrality"), "centrality")->row_count, 1);
    ck_assert_ptr_null(result_table(report_result(&fixture.input, "graph"), "graph"));
    fixture.input.only_actor = key;
    fixture.input.comments_until = 20000;
    static const char *const said[] = {"its own numbers, before the report is finished",
                                       "Comments are taken until 4 October 2024",
                                       "id=\"summary\"",
                                       "Position of the actor",
                                       "<th scope=\"row\">Median (days)</th>",
                                       NULL};
    static const char *const not_said[] = {"id=\"map\"", "id=\"summary-network\"", "id=\"appendix\"", NULL};
    char *html = report_fixture_render(&fixture.input, "en");
    report_fixture_says(html, said, not_said);
    free(html);
    for (size_t i = 0; i < REPORT_FIXTURE_RESULTS; i++)
        result_destroy(own[i]);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(comments_are_printed_as_they_are)
{
    const struct report_comment said[] = {{"A <b>ministry</b>", "One & two.\n\n<script>alert(1)</script>", 20000},
                                          {"Another", "\xff\x01", 20001}};
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    fixture.input.comments = said;
    fixture.input.comment_count = 2;
    fixture.input.logo = "data:image/png;base64,iVBORw0KGgo=";
    fixture.input.is_public = true;
    fixture.input.minimum_cell = 5;
    static const char *const printed[] = {"A &lt;b&gt;ministry&lt;/b&gt;",
                                          "<p>One &amp; two.</p>",
                                          "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
                                          "4. oktober 2024",
                                          "img-src data:",
                                          "Offentleg utg",
                                          NULL};
    static const char *const not_printed[] = {"<script", "Intern utg", NULL};
    char *html = report_fixture_render(&fixture.input, "nn");
    report_fixture_says(html, printed, not_printed);
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disclosure");
    TCase *tests = tcase_create("editions");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, small_numbers_cannot_be_seen_or_computed, 0, 40);
    tcase_add_test(tests, what_depends_on_small_numbers_is_hidden);
    tcase_add_test(tests, what_could_be_added_up_is_left_out);
    tcase_add_test(tests, there_is_one_public_edition);
    tcase_add_test(tests, large_numbers_stay);
    tcase_add_test(tests, cases_show_no_small_numbers);
    tcase_add_test(tests, an_excerpt_tells_of_one_actor);
    tcase_add_test(tests, comments_are_printed_as_they_are);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
