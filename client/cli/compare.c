/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comparing results. */
#include "compare.h"
#include "command.h"
#include "render.h"
#include "say.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

struct comparing {
    struct comparison count;
    bool as_json, partial;
    size_t shown;
    FILE *file;
};

static void differ(struct comparing *comparing, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differ(struct comparing *comparing, const char *format, ...)
{
    va_list arguments;
    comparing->count.differences++;
    if (comparing->count.differences > comparing->shown)
        return;
    va_start(arguments, format);
    vfprintf(comparing->file, format,
             arguments); /* NOLINT(clang-analyzer-valist.Uninitialized): a false alarm of clang-tidy 14 */
    va_end(arguments);
    fputc('\n', comparing->file);
}

/* A cell's text, for comparing and for showing; numbers are compared apart. */
static const char *cell_text(const Samordning__V1__Column *column, size_t row, char number[RENDER_NUMBER_SIZE])
{
    if (column->is_text)
        return column->texts[row];
    render_number(column->numbers[row], number);
    if (column->numbers[row] == 0 && signbit(column->numbers[row]))
        return "-0";
    return number;
}

static bool is_missing(const struct comparing *comparing, const Samordning__V1__Column *column, size_t row)
{
    if (column->is_text)
        return column->texts[row][0] == '\0';
    return comparing->as_json ? !isfinite(column->numbers[row]) : isnan(column->numbers[row]);
}

static uint64_t bits_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static bool is_same(const struct comparing *comparing, const Samordning__V1__Column *a, const Samordning__V1__Column *b,
                    size_t row)
{
    bool missing = is_missing(comparing, a, row);
    if (missing || is_missing(comparing, b, row))
        return missing && is_missing(comparing, b, row);
    if (a->is_text != b->is_text)
        return false;
    if (a->is_text)
        return strcmp(a->texts[row], b->texts[row]) == 0;
    return comparing->as_json ? a->numbers[row] == b->numbers[row] : bits_of(a->numbers[row]) == bits_of(b->numbers[row]);
}

/* What a person calls the row: its first text. */
static const char *row_name(const Samordning__V1__Table *table, size_t row)
{
    for (size_t c = 0; c < table->n_columns; c++)
        if (table->columns[c]->is_text)
            return table->columns[c]->texts[row];
    return "";
}

static void compare_columns(struct comparing *comparing, const Samordning__V1__Table *table, size_t rows,
                            const Samordning__V1__Column *kept, const Samordning__V1__Column *again)
{
    for (size_t row = 0; row < rows; row++) {
        comparing->count.values++;
        if (is_same(comparing, kept, again, row))
            continue;
        char numbers[2][RENDER_NUMBER_SIZE];
        const char *was = cell_text(kept, row, numbers[0]), *is = cell_text(again, row, numbers[1]),
                   *name = row_name(table, row);
        differ(comparing, _("table %s, row %zu%s%s%s, column %s: was %s, is %s"), table->name, row + 1, name[0] ? " (" : "",
               name, name[0] ? ")" : "", kept->name, was[0] ? was : _("missing"), is[0] ? is : _("missing"));
    }
}

static void lacks(struct comparing *comparing, const char *table, const char *column)
{
    if (comparing->partial) {
        comparing->count.lacking++;
        return;
    }
    differ(comparing, column ? _("table %s: the column %s is new") : _("the table %s is new"), table, column);
}

static void compare_tables(struct comparing *comparing, const Samordning__V1__Table *kept, const Samordning__V1__Table *again)
{
    size_t rows = table_rows(kept), now = table_rows(again);
    comparing->count.tables++;
    if (kept->n_columns == 0 && comparing->partial)
        return;
    if (rows != now)
        differ(comparing, _("table %s: had %zu rows, has %zu"), kept->name, rows, now);
    for (size_t c = 0; c < kept->n_columns; c++) {
        const char *name = kept->columns[c]->name;
        const Samordning__V1__Column *other = table_column_named(again, name, strlen(name));
        if (other)
            compare_columns(comparing, kept, rows < now ? rows : now, kept->columns[c], other);
        else
            differ(comparing, _("table %s: the column %s is gone"), kept->name, name);
    }
    for (size_t c = 0; c < again->n_columns; c++)
        if (!table_column_named(kept, again->columns[c]->name, strlen(again->columns[c]->name)))
            lacks(comparing, kept->name, again->columns[c]->name);
}

static const Samordning__V1__Table *find_table(const Samordning__V1__Result *result, const char *name)
{
    for (size_t i = 0; i < result->n_tables; i++)
        if (strcmp(result->tables[i]->name, name) == 0)
            return result->tables[i];
    return NULL;
}

static void compare_cards(struct comparing *comparing, const Samordning__V1__Card *kept, const Samordning__V1__Card *again)
{
    size_t entries = kept->n_entries > again->n_entries ? kept->n_entries : again->n_entries;
    for (size_t i = 0; i < entries; i++) {
        const Samordning__V1__CardEntry *was = i < kept->n_entries ? kept->entries[i] : NULL,
                                        *is = i < again->n_entries ? again->entries[i] : NULL;
        comparing->count.values++;
        if (!was || !is || strcmp(was->key, is->key) != 0 || strcmp(was->value, is->value) != 0)
            differ(comparing, _("card, entry %zu: was %s = %s, is %s = %s"), i + 1, was ? was->key : _("missing"),
                   was ? was->value : "", is ? is->key : _("missing"), is ? is->value : "");
    }
    size_t notes = kept->n_notes > again->n_notes ? kept->n_notes : again->n_notes;
    for (size_t i = 0; i < notes; i++) {
        const char *was = i < kept->n_notes ? kept->notes[i] : _("missing"),
                   *is = i < again->n_notes ? again->notes[i] : _("missing");
        comparing->count.values++;
        if (strcmp(was, is) != 0)
            differ(comparing, _("card, note %zu: was \"%s\", is \"%s\""), i + 1, was, is);
    }
}

void compare_results(const Samordning__V1__Result *kept, const Samordning__V1__Result *again, bool as_json, bool partial,
                     size_t shown, FILE *file, struct comparison *ret_comparison)
{
    struct comparing comparing = {.as_json = as_json, .partial = partial, .shown = shown, .file = file};
    if (kept->card && again->card)
        compare_cards(&comparing, kept->card, again->card);
    for (size_t t = 0; t < kept->n_tables; t++) {
        const Samordning__V1__Table *other = find_table(again, kept->tables[t]->name);
        if (other)
            compare_tables(&comparing, kept->tables[t], other);
        else
            differ(&comparing, _("the table %s is gone"), kept->tables[t]->name);
    }
    for (size_t t = 0; t < again->n_tables; t++)
        if (!find_table(kept, again->tables[t]->name))
            lacks(&comparing, again->tables[t]->name, NULL);
    *ret_comparison = comparing.count;
}
