/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables for people: aligned, numbers rounded, missing values as a dash, the card's notes below. */
#include "command.h"
#include "render.h"
#include "width.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CELL_SIZE      256
#define TEXT_WIDTH_MAX 48

/* Short enough to read: whole numbers whole, others with four decimals at most and six digits. */
static void format_cell(const Samordning__V1__Column *column, size_t row, char cell[CELL_SIZE])
{
    if (column->is_text) {
        const char *text = column->texts[row];
        size_t size = 0;
        for (size_t next = 0; text[next]; next++)
            if (((unsigned char)text[next + 1] & 0xc0) != 0x80 && next + 1 < CELL_SIZE - 4) {
                if (width_of(text, next + 1) > TEXT_WIDTH_MAX)
                    break;
                size = next + 1;
            }
        bool whole = text[size] == '\0';
        snprintf(cell, CELL_SIZE, "%.*s%s", text[0] ? (int)size : 1, text[0] ? text : "-", whole ? "" : "…");
        for (char *at = cell; *at; at++)
            if ((unsigned char)*at < ' ')
                *at = ' ';
        return;
    }
    double number = column->numbers[row];
    if (isnan(number))
        snprintf(cell, CELL_SIZE, "-");
    else if (isinf(number) || (number == floor(number) && fabs(number) < 1e15))
        render_number(number, cell);
    else if (fabs(number) >= 1e6 || fabs(number) < 1e-4)
        snprintf(cell, CELL_SIZE, "%.3e", number);
    else
        snprintf(cell, CELL_SIZE, fabs(number) >= 1000 ? "%.1f" : fabs(number) >= 10 ? "%.2f" : "%.4f", number);
}

static void print_cell(FILE *file, const char *cell, size_t width, bool is_text, bool last)
{
    size_t blanks = width - width_of(cell, strlen(cell));
    if (!is_text)
        fprintf(file, "%*s", (int)blanks, "");
    fputs(cell, file);
    if (is_text && !last)
        fprintf(file, "%*s", (int)blanks, "");
    fputs(last ? "\n" : "  ", file);
}

/* Columns that fit side by side; always at least two. `columns` 0 = all. */
static size_t count_fitting(const size_t *widths, size_t count, size_t columns)
{
    size_t used = 0, fitting = 0;
    while (fitting < count && (columns == 0 || fitting < 2 || used + widths[fitting] <= columns))
        used += widths[fitting++] + 2;
    return fitting;
}

static void print_table(FILE *file, const struct view_table *shown, size_t columns)
{
    size_t *widths = calloc(shown->column_count + 1, sizeof *widths);
    if (!widths)
        return;
    char cell[CELL_SIZE];
    for (size_t c = 0; c < shown->column_count; c++) {
        widths[c] = width_of(shown->columns[c]->name, strlen(shown->columns[c]->name));
        for (size_t r = 0; r < shown->row_count; r++) {
            format_cell(shown->columns[c], shown->rows[r], cell);
            size_t width = width_of(cell, strlen(cell));
            if (width > widths[c])
                widths[c] = width;
        }
    }
    size_t fitting = count_fitting(widths, shown->column_count, columns);
    for (size_t c = 0; c < fitting; c++)
        print_cell(file, shown->columns[c]->name, widths[c], shown->columns[c]->is_text, c + 1 == fitting);
    for (size_t r = 0; r < shown->row_count; r++)
        for (size_t c = 0; c < fitting; c++) {
            format_cell(shown->columns[c], shown->rows[r], cell);
            print_cell(file, cell, widths[c], shown->columns[c]->is_text, c + 1 == fitting);
        }
    if (fitting < shown->column_count) {
        fputs(_("... and these columns, which --columns or --format csv shows:"), file);
        for (size_t c = fitting; c < shown->column_count; c++)
            fprintf(file, " %s", shown->columns[c]->name);
        putc('\n', file);
    }
    free(widths);
}

/* One row of many columns is read more easily standing up. */
static bool is_upright(const struct view_table *shown)
{
    return shown->row_count == 1 && shown->column_count > 6;
}

static void print_upright(FILE *file, const struct view_table *shown)
{
    size_t width = 0;
    char cell[CELL_SIZE];
    for (size_t c = 0; c < shown->column_count; c++) {
        size_t own = width_of(shown->columns[c]->name, strlen(shown->columns[c]->name));
        width = own > width ? own : width;
    }
    for (size_t c = 0; c < shown->column_count; c++) {
        format_cell(shown->columns[c], shown->rows[0], cell);
        print_cell(file, shown->columns[c]->name, width, true, false);
        fprintf(file, "%s\n", cell);
    }
}

/* On a terminal its width; 0 = without end. */
static size_t terminal_columns(FILE *file)
{
    struct winsize size;
    int fd = fileno(file);
    return fd >= 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void render_table(FILE *file, const struct view *view)
{
    size_t columns = terminal_columns(file);
    for (size_t i = 0; i < view->table_count; i++) {
        const struct view_table *shown = &view->tables[i];
        size_t all = table_rows(shown->table);
        if (view->table_count > 1)
            fprintf(file, "%s%s\n", i ? "\n" : "", shown->table->name);
        if (shown->row_count == 0)
            fprintf(file, "%s\n", _("(no rows)"));
        else if (is_upright(shown))
            print_upright(file, shown);
        else
            print_table(file, shown, columns);
        if (shown->row_count < all)
            fprintf(file, ngettext("... and %zu row more\n", "... and %zu rows more\n", all - shown->row_count),
                    all - shown->row_count);
    }
    const Samordning__V1__Card *card = view->result->card;
    if (!card)
        return;
    fputc('\n', file);
    for (size_t i = 0; i < card->n_notes; i++)
        fprintf(file, _("note: %s\n"), card->notes[i]);
    fprintf(file, _("specification: %s\n"), card->spec);
}
