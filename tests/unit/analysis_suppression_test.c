/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is hidden cannot be computed back: every table that fits what is shown is tried.
 */
#include "random_stream.h"
#include "suppression.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MAX 12
#define TOTAL_MAX 24

/* Walks all tables of whole numbers >= 0 with the shown cells and public totals, and the total of all. */
struct walk {
    const struct suppression *table;
    const bool *hidden;
    double cells[CELLS_MAX], rows[CELLS_MAX], columns[CELLS_MAX], all;
    bool varies[CELLS_MAX], row_varies[CELLS_MAX];
};

static double total(const struct suppression *table, const double *cells, size_t line, bool is_row)
{
    double sum = 0;
    for (size_t i = 0; i < (is_row ? table->columns : table->rows); i++)
        sum += cells[is_row ? line * table->columns + i : i * table->columns + line];
    return sum;
}

static void fits(struct walk *walk)
{
    const struct suppression *table = walk->table;
    double all = 0;
    for (size_t r = 0; r < table->rows; r++) {
        double sum = total(table, walk->cells, r, true);
        all += sum;
        if (!(table->row_total_hidden && table->row_total_hidden[r]) && sum != walk->rows[r])
            return;
    }
    for (size_t c = 0; c < table->columns; c++)
        if (!(table->column_total_hidden && table->column_total_hidden[c]) &&
            total(table, walk->cells, c, false) != walk->columns[c])
            return;
    if (all != walk->all)
        return;
    for (size_t i = 0; i < table->rows * table->columns; i++)
        walk->varies[i] = walk->varies[i] || walk->cells[i] != table->counts[i];
    for (size_t r = 0; r < table->rows; r++)
        walk->row_varies[r] = walk->row_varies[r] || total(table, walk->cells, r, true) != walk->rows[r];
}

static void step(struct walk *walk, size_t cell, double left)
{
    if (cell == walk->table->rows * walk->table->columns) {
        fits(walk);
        return;
    }
    if (!walk->hidden[cell]) {
        walk->cells[cell] = walk->table->counts[cell];
        if (walk->cells[cell] <= left)
            step(walk, cell + 1, left - walk->cells[cell]);
        return;
    }
    for (int value = 0; value <= left; value++) {
        walk->cells[cell] = value;
        step(walk, cell + 1, left - value);
    }
}

static void walk_all(struct walk *walk)
{
    const struct suppression *table = walk->table;
    walk->all = 0;
    for (size_t r = 0; r < table->rows; r++)
        walk->all += walk->rows[r] = total(table, table->counts, r, true);
    for (size_t c = 0; c < table->columns; c++)
        walk->columns[c] = total(table, table->counts, c, false);
    step(walk, 0, walk->all);
}

START_TEST(nothing_hidden_is_determined)
{
    struct random_stream stream;
    size_t hidden_cells = 0, beyond_small = 0, tables = 0;
    for (uint64_t seed = 0; seed < 600; seed++) {
        random_stream_init(&stream, 77, seed);
        double counts[CELLS_MAX] = {0};
        bool hidden[CELLS_MAX] = {false}, rows_hidden[CELLS_MAX] = {false};
        size_t rows = 1 + (size_t)random_stream_below(&stream, 3), columns = 2 + (size_t)random_stream_below(&stream, 2);
        ck_assert_uint_gt(columns, 0);
        double sum = 0;
        for (size_t i = 0; i < rows * columns; i++) {
            counts[i] = random_stream_below(&stream, 3) ? (double)random_stream_below(&stream, 5) : 0;
            sum += counts[i];
        }
        if (2 * sum > TOTAL_MAX)
            continue;
        struct suppression table = {.rows = rows, .columns = columns, .counts = counts, .minimum = 2 + (double)(seed % 3)};
        /* One row: its total is public, the columns' are the cells. Else row totals are what a list by itself has shown. */
        bool all_hidden[CELLS_MAX];
        memset(all_hidden, true, sizeof all_hidden);
        double row_totals[CELLS_MAX] = {0};
        if (rows == 1) {
            table.column_total_hidden = all_hidden;
        } else {
            for (size_t r = 0; r < rows; r++)
                row_totals[r] = total(&table, counts, r, true);
            struct suppression list = {
                .rows = 1, .columns = rows, .counts = row_totals, .minimum = table.minimum, .column_total_hidden = all_hidden};
            ck_assert(suppression_run(&list, rows_hidden));
            table.row_total_hidden = rows_hidden;
        }
        ck_assert(suppression_run(&table, hidden));
        tables++;
        struct walk walk = {.table = &table, .hidden = hidden};
        walk_all(&walk);
        bool any_shown = false;
        for (size_t i = 0; i < rows * columns; i++)
            any_shown = any_shown || !hidden[i];
        for (size_t i = 0; i < rows * columns; i++) {
            if (counts[i] > 0 && counts[i] < table.minimum)
                ck_assert_msg(hidden[i], "seed %zu: cell %zu of %g is shown", (size_t)seed, i, counts[i]);
            hidden_cells += hidden[i];
            beyond_small += hidden[i] && !(counts[i] > 0 && counts[i] < table.minimum);
            /* With everything hidden only the public totals can tell, and they are public. */
            if (hidden[i] && any_shown)
                ck_assert_msg(walk.varies[i], "seed %zu: hidden cell %zu must be %g", (size_t)seed, i, counts[i]);
            ck_assert_int_eq(suppression_determined(&table, hidden, i / columns, i % columns) && hidden[i],
                             hidden[i] && !walk.varies[i]);
        }
        for (size_t r = 0; r < rows; r++)
            if (rows_hidden[r] && any_shown && row_totals[r] > 0)
                ck_assert_msg(walk.row_varies[r], "seed %zu: hidden total %zu must be %g", (size_t)seed, r, row_totals[r]);
    }
    ck_assert_uint_gt(tables, 100); /* and the test has something to find */
    ck_assert_uint_gt(hidden_cells, 200);
    ck_assert_uint_gt(beyond_small, 50);
}
END_TEST

static void assert_hidden(size_t count, const double *counts, double minimum, const char *expected)
{
    bool hidden[CELLS_MAX] = {false}, totals[CELLS_MAX];
    memset(totals, true, sizeof totals);
    struct suppression table = {
        .rows = 1, .columns = count, .counts = counts, .minimum = minimum, .column_total_hidden = totals};
    ck_assert(suppression_run(&table, hidden));
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(hidden[i] == (expected[i] == 'x'), "cell %zu of %s", i, expected);
}

START_TEST(lists_by_hand)
{
    assert_hidden(4, (double[]){20, 10, 30, 7}, 5, "....");
    assert_hidden(4, (double[]){20, 3, 30, 7}, 5, ".x.x"); /* one alone is what the others leave of the total */
    assert_hidden(4, (double[]){20, 1, 3, 9}, 5, ".xxx");  /* together below the minimum */
    assert_hidden(4, (double[]){20, 2, 3, 9}, 5, ".xx.");
    assert_hidden(3, (double[]){0, 3, 0}, 5, "xxx"); /* a group that small: nothing at all */
    assert_hidden(3, (double[]){0, 12, 2}, 5, ".xx");
    assert_hidden(3, (double[]){4, 1, 2}, 1, "..."); /* no minimum */
    assert_hidden(2, (double[]){0, 0}, 5, "..");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("suppression");
    TCase *tcase = tcase_create("suppression");
    tcase_add_test(tcase, lists_by_hand);
    tcase_add_test(tcase, nothing_hidden_is_determined);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
