/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which tables, columns and rows of a result are shown, in which order. */
#include "select.h"
#include "say.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void view_release(struct view *view)
{
    for (size_t i = 0; view->tables && i < view->table_count; i++) {
        free(view->tables[i].columns);
        free(view->tables[i].rows);
    }
    free(view->tables);
    *view = (struct view){0};
}

static int compare_rows(const void *left, const void *right, void *arg)
{
    const Samordning__V1__Column *column = arg;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    int order = 0;
    if (column->is_text) {
        /* missing texts last */
        order = (column->texts[a][0] == '\0') - (column->texts[b][0] == '\0');
        if (order == 0)
            order = strcmp(column->texts[a], column->texts[b]);
    } else {
        double x = column->numbers[a], y = column->numbers[b];
        order = isnan(x) - isnan(y);
        if (order == 0 && !isnan(x))
            order = (x < y) - (x > y);
    }
    return order ? order : (a > b) - (a < b);
}

static bool choose_columns(struct view_table *shown, const char *names)
{
    const Samordning__V1__Table *table = shown->table;
    if (!table)
        return false;
    size_t most = table->n_columns + 1;
    for (const char *at = names; at && *at; at++)
        most += *at == ',';
    shown->columns = calloc(most + 1, sizeof(void *));
    if (!shown->columns)
        return false;
    if (!names) {
        for (size_t i = 0; i < table->n_columns; i++)
            shown->columns[shown->column_count++] = table->columns[i];
        return true;
    }
    for (const char *at = names; *at;) {
        size_t size = strcspn(at, ",");
        const Samordning__V1__Column *column = table_column_named(table, at, size);
        if (column)
            shown->columns[shown->column_count++] = column;
        at += size + (at[size] == ',');
    }
    return true;
}

static bool order_rows(struct view_table *shown, const char *sort)
{
    size_t count = table_rows(shown->table);
    shown->rows = calloc(count + 1, sizeof *shown->rows);
    if (!shown->rows)
        return false;
    for (size_t i = 0; i < count; i++)
        shown->rows[i] = i;
    shown->row_count = count;
    const Samordning__V1__Column *column = sort ? table_column_named(shown->table, sort, strlen(sort)) : NULL;
    if (column)
        qsort_r(shown->rows, count, sizeof *shown->rows, compare_rows, (void *)(uintptr_t)column);
    return true;
}

/* Every name of a comma-separated list must be a column of at least one table shown. */
static bool check_columns(const struct view *view, const char *option, const char *names)
{
    for (const char *at = names; at && *at;) {
        size_t size = strcspn(at, ",");
        bool known = view->table_count == 0;
        for (size_t i = 0; i < view->table_count && !known; i++)
            known = table_column_named(view->tables[i].table, at, size) != NULL;
        if (!known) {
            say_error(_("--%s: there is no column \"%.*s\""), option, (int)size, at);
            for (size_t i = 0; i < view->table_count; i++) {
                const Samordning__V1__Table *table = view->tables[i].table;
                char list[800] = "";
                for (size_t k = 0; table && k < table->n_columns; k++)
                    say_list(list, sizeof list, table->columns[k]->name);
                say_hint(_("  table %s has: %s"), table ? table->name : "", list);
            }
            return false;
        }
        at += size + (at[size] == ',');
    }
    return true;
}

bool view_init(struct view *view, const Samordning__V1__Result *result, const struct arguments *arguments)
{
    const char *only = arguments ? arguments_text(arguments, "table", NULL) : NULL;
    const char *columns = arguments ? arguments_text(arguments, "columns", NULL) : NULL;
    const char *sort = arguments ? arguments_text(arguments, "sort", NULL) : NULL;
    uint64_t top = UINT64_MAX;
    *view = (struct view){.result = result};
    if (arguments && !arguments_number(arguments, "top", UINT64_MAX, 1, UINT64_MAX, &top))
        return false;
    view->tables = calloc(result->n_tables + 1, sizeof *view->tables);
    if (!view->tables)
        goto no_memory;
    for (size_t i = 0; i < result->n_tables; i++)
        if (!only || strcmp(only, result->tables[i]->name) == 0)
            view->tables[view->table_count++].table = result->tables[i];
    if (only && view->table_count == 0) {
        char list[400] = "";
        for (size_t i = 0; i < result->n_tables; i++)
            say_list(list, sizeof list, result->tables[i]->name);
        say_error(_("--table: there is no table \"%s\"; there are: %s"), only, list);
        view_release(view);
        return false;
    }
    if (!check_columns(view, "columns", columns) || !check_columns(view, "sort", sort)) {
        view_release(view);
        return false;
    }
    for (size_t i = 0; i < view->table_count; i++) {
        struct view_table *shown = &view->tables[i];
        if (!choose_columns(shown, columns) || !order_rows(shown, sort))
            goto no_memory;
        if (shown->row_count > top)
            shown->row_count = (size_t)top;
    }
    /* A table that has none of the columns asked for is not shown. */
    size_t kept = 0;
    for (size_t i = 0; i < view->table_count; i++) {
        if (view->tables[i].column_count > 0) {
            view->tables[kept++] = view->tables[i];
        } else {
            free(view->tables[i].columns);
            free(view->tables[i].rows);
        }
    }
    view->table_count = kept;
    return true;
no_memory:
    say_error(_("out of memory"));
    view_release(view);
    return false;
}
