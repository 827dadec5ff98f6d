/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders result tables, and holds what their columns are called in a report.
 */
#include "tables.h"

#include "civil_time.h"
#include "excerpt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool column_begins(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool column_is_probability(const char *name)
{
    size_t length = strlen(name);
    return strcmp(name, "p") == 0 || strcmp(name, "q") == 0 || column_begins(name, "p_") || column_begins(name, "q_") ||
           (length > 2 && (strcmp(name + length - 2, "_p") == 0 || strcmp(name + length - 2, "_q") == 0));
}

static bool unit_is(const struct column *column, const char *unit)
{
    return column->unit && strcmp(column->unit, unit) == 0;
}

double table_number(const struct table *table, const char *column, size_t row)
{
    const struct column *found = table && row < table->row_count ? table_column(table, column) : NULL;
    return found && !found->is_text ? found->numbers[row] : NAN;
}

const char *table_text(const struct table *table, const char *column, size_t row)
{
    const struct column *found = table && row < table->row_count ? table_column(table, column) : NULL;
    const char *text = found && found->is_text ? found->texts[row] : NULL;
    return text && *text ? text : NULL;
}

bool column_is_count(const struct column *column, size_t row_count)
{
    for (size_t i = 0; i < row_count; i++)
        if (isfinite(column->numbers[i]) && column->numbers[i] != floor(column->numbers[i]))
            return false;
    return true;
}

static double column_largest(const struct column *column, size_t row_count)
{
    double largest = 0;
    for (size_t i = 0; i < row_count; i++)
        if (isfinite(column->numbers[i]))
            largest = fmax(largest, fabs(column->numbers[i]));
    return largest;
}

/* The same number of decimals down a column, so that the eye can compare. */
static int column_decimals(const struct column *column, size_t row_count)
{
    if (unit_is(column, "days"))
        return 1;
    if (column_is_count(column, row_count))
        return 0;
    double largest = column_largest(column, row_count);
    return largest >= 100 ? 1 : largest >= 10 ? 2 : largest >= 0.01 ? 3 : 5;
}

void table_actors(const struct roster *roster, const char *keys, char ret_text[400])
{
    size_t used = 0, named = 0;
    ret_text[0] = 0;
    while (*keys && used + 1 < 400) {
        char key[100];
        size_t length = strcspn(keys, ",");
        snprintf(key, sizeof key, "%.*s", (int)length, keys);
        keys += length + strspn(keys + length, ", ");
        bool more = named++ == TABLES_NAMED_MAX;
        used += (size_t)snprintf(ret_text + used, 400 - used, "%s%s", used ? ", " : "",
                                 more ? "\xe2\x80\xa6" : roster_short(roster, key));
        if (more)
            break;
    }
}

/* "public hearing, cabinet note" from a list of codes as a result has it. */
static void table_codes(const struct language *language, const char *codes, char ret_text[400])
{
    size_t used = 0;
    ret_text[0] = 0;
    while (*codes && used + 1 < 400) {
        char code[100];
        size_t length = strcspn(codes, ",");
        snprintf(code, sizeof code, "%.*s", (int)length, codes);
        codes += length + strspn(codes + length, ", ");
        used += (size_t)snprintf(ret_text + used, 400 - used, "%s%s", used ? ", " : "", code_label(language, code));
    }
}

/* A day as the language writes it; false: it is none. */
static bool table_day(const struct language *language, const char *text, char ret_text[400])
{
    int32_t day;
    if (strlen(text) != 10 || civil_day_parse(text, &day) != STATUS_OK)
        return false;
    language_date(language, day, ret_text);
    return true;
}

static void cell_text(const struct page *page, const struct roster *roster, const struct column *column, size_t row,
                      int decimals, char ret_text[400])
{
    if (column->is_text) {
        const char *text = column->texts[row];
        if (!text || !*text)
            text = "\xe2\x80\x93";
        else if (excerpt_names_actors(column))
            text = roster_name(roster, text);
        else if (strcmp(column->name, "actors") == 0)
            return table_actors(roster, text, ret_text);
        else if (column_begins(column->name, "sector"))
            text = roster_sector_name(roster, text);
        else if (strcmp(column->name, "stages") == 0)
            return table_codes(page->language, text, ret_text);
        else if (table_day(page->language, text, ret_text))
            return;
        else
            text = code_label(page->language, text);
        snprintf(ret_text, 400, "%s", text);
    } else if (unit_is(column, "0/1") || unit_is(column, "0 or 1")) {
        double number = column->numbers[row];
        snprintf(ret_text, 400, "%s",
                 isnan(number) ? "\xe2\x80\x93"
                 : number != 0 ? tr(page->language, N_("yes"))
                               : tr(page->language, N_("no")));
    } else if (unit_is(column, "share")) {
        language_percent(page->language, column->numbers[row], 1, ret_text);
    } else if (column_is_probability(column->name)) {
        language_probability(page->language, column->numbers[row], ret_text);
    } else {
        language_number(page->language, column->numbers[row], decimals, ret_text);
    }
}

/* Largest first, what is missing last, then as the result has them (which is by actor). */
static int row_order(const void *a, const void *b, void *ordering)
{
    const struct column *by = ordering;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    double p = by->numbers[x], q = by->numbers[y];
    if (isnan(p) != isnan(q))
        return isnan(p) ? 1 : -1;
    if (p != q && !isnan(p))
        return p > q ? -1 : 1;
    return x < y ? -1 : x > y;
}

static size_t columns_choose(const struct table *table, const struct table_view *view,
                             const struct column *chosen[TABLES_COLUMNS_MAX])
{
    size_t count = 0;
    if (view->columns) {
        for (size_t i = 0; view->columns[i] && count < TABLES_COLUMNS_MAX; i++) {
            const struct column *column = table_column(table, view->columns[i]);
            if (column && !column->withheld)
                chosen[count++] = column;
        }
        if (count > 0)
            return count;
    }
    for (; count < table->column_count && count < TABLES_COLUMNS_MAX; count++)
        chosen[count] = &table->columns[count];
    return count;
}

#define HEAD_SIZE 300

/* What a column is called, with its unit where its numbers do not carry it. */
static void column_head(const struct language *language, const struct column *column, char ret_text[HEAD_SIZE])
{
    bool days = column->unit && strcmp(column->unit, "days") == 0;
    snprintf(ret_text, HEAD_SIZE, days ? "%s (%s)" : "%s", column_label(language, column->name), tr(language, N_("days")));
}

static void table_head(struct page *page, const struct column *const *columns, size_t count)
{
    page_open(page, "thead", NULL);
    page_open(page, "tr", NULL);
    for (size_t c = 0; c < count; c++) {
        char text[HEAD_SIZE];
        column_head(page->language, columns[c], text);
        page_header_cell(page, "col", columns[c]->is_text ? NULL : "number", text);
    }
    page_close(page);
    page_close(page);
    page_newline(page);
}

static const struct table *table_find(struct page *page, const struct result *result, const struct table_view *view)
{
    const struct table *table = result ? result_table(result, view->table) : NULL;
    if (!table || table->column_count == 0) {
        page_paragraph(
            page,
            tr(page->language, "Not in this report: %s. The analysis did not deliver the table \xe2\x80\x9c%s\xe2\x80\x9d."),
            tr(page->language, view->caption), view->table);
        return NULL;
    }
    return table;
}

static bool belongs(const struct table_view *view, const struct table *table, size_t row)
{
    const char *text = view->where ? table_text(table, view->where, row) : NULL;
    return !view->where || (text && view->is ? strcmp(text, view->is) == 0 : !text && !view->is);
}

/* Rows of the table that belong to the view, in its order. */
static size_t rows_choose(const struct table *table, const struct table_view *view, size_t *rows)
{
    const struct column *sort = view->sort ? table_column(table, view->sort) : NULL;
    size_t count = 0;
    for (size_t i = 0; i < table->row_count; i++)
        if ((!view->only || table_number(table, view->only, i) > 0) && belongs(view, table, i))
            rows[count++] = i;
    if (sort && !sort->is_text)
        qsort_r(rows, count, sizeof *rows, row_order, (void *)(uintptr_t)sort);
    return count;
}

/* Rows are not there because it is not told whether they should be. */
static bool is_hidden(const struct table *table, const char *only)
{
    const struct column *column = only ? table_column(table, only) : NULL;
    for (size_t row = 0; column && !column->is_text && row < table->row_count; row++)
        if (isnan(column->numbers[row]))
            return true;
    return false;
}

static void table_rows(struct page *page, const struct roster *roster, const struct table *table,
                       const struct column *const *columns, size_t count, const size_t *rows, size_t shown)
{
    int decimals[TABLES_COLUMNS_MAX];
    for (size_t c = 0; c < count; c++)
        decimals[c] = columns[c]->is_text ? 0 : column_decimals(columns[c], table->row_count);
    page_open(page, "tbody", NULL);
    page_newline(page);
    for (size_t i = 0; i < shown; i++) {
        page_open(page, "tr", NULL);
        for (size_t c = 0; c < count; c++) {
            char text[400];
            cell_text(page, roster, columns[c], rows[i], decimals[c], text);
            if (c == 0)
                page_header_cell(page, "row", columns[c]->is_text ? NULL : "number", text);
            else
                page_cell(page, columns[c]->is_text ? NULL : "number", text);
        }
        page_close(page);
        page_newline(page);
    }
    page_close(page);
}

bool table_show(struct page *page, const struct roster *roster, const struct result *result, const struct table_view *view)
{
    const struct language *language = page->language;
    const struct column *columns[TABLES_COLUMNS_MAX];
    const struct table *table = table_find(page, result, view);
    if (!table)
        return false;
    size_t *rows = calloc(table->row_count + 1, sizeof *rows);
    if (!rows) {
        page->failed = true;
        return false;
    }
    size_t count = columns_choose(table, view, columns), all = rows_choose(table, view, rows);
    size_t limit = view->top ? view->top : TABLES_ROWS_MAX, shown = all < limit ? all : limit;
    if (table->withheld) {
        page_paragraph(page, tr(language, "%s: not in this edition, which is for everybody."), tr(language, view->caption));
    } else if (all == 0 && is_hidden(table, view->only)) {
        page_paragraph(page, tr(language, "%s: the numbers are too small to be shown in this edition."),
                       tr(language, view->caption));
    } else if (all == 0) {
        page_paragraph(page, tr(language, "%s: there was nothing to list in this period."), tr(language, view->caption));
    } else {
        if (view->intro)
            page_paragraph(page, "%s", tr(language, view->intro));
        page_table(page, view->id, tr(language, view->caption));
        table_head(page, columns, count);
        table_rows(page, roster, table, columns, count, rows, shown);
        page_table_end(page);
    }
    free(rows);
    if (shown < all) {
        char some[LANGUAGE_NUMBER_SIZE], total[LANGUAGE_NUMBER_SIZE];
        language_number(language, (double)shown, 0, some);
        language_number(language, (double)all, 0, total);
        page_paragraph(page, tr(language, "The first %s of %s rows are shown; the annex has all of them."), some, total);
    }
    return true;
}

bool table_show_row(struct page *page, const struct result *result, const struct table_view *view)
{
    const struct language *language = page->language;
    const struct table *table = table_find(page, result, view);
    if (!table)
        return false;
    if (table->row_count == 0) {
        page_paragraph(page, tr(language, "%s: there was nothing to list in this period."), tr(language, view->caption));
        return true;
    }
    page_table(page, view->id, tr(language, view->caption));
    page_open(page, "thead", NULL);
    page_open(page, "tr", NULL);
    page_header_cell(page, "col", NULL, tr(language, "Measure"));
    page_header_cell(page, "col", "number", tr(language, "Value"));
    page_header_cell(page, "col", NULL, tr(language, "Definition"));
    page_close(page);
    page_close(page);
    page_newline(page);
    page_open(page, "tbody", NULL);
    page_newline(page);
    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        char number[400], head[HEAD_SIZE];
        if (column->is_text)
            continue;
        cell_text(page, NULL, column, 0, column_decimals(column, 1), number);
        column_head(language, column, head);
        page_open(page, "tr", NULL);
        page_header_cell(page, "row", NULL, head);
        page_cell(page, "number", number);
        page_foreign(page, "td", column->definition ? column->definition : "");
        page_close(page);
        page_newline(page);
    }
    page_close(page);
    page_table_end(page);
    return true;
}
