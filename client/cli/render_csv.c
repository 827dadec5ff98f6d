/* SPDX-License-Identifier: GPL-3.0-or-later
 * One table as CSV. */
#include "render.h"

#include <string.h>

void render_csv_text(FILE *file, const char *text)
{
    /* = + - @ tab and CR at the beginning make spreadsheets calculate; an apostrophe makes them show the text. */
    bool formula = text[0] && strchr("=+-@\t\r", text[0]);
    bool quoted = formula || strpbrk(text, ",\"\r\n") || text[0] == ' ' || (text[0] && text[strlen(text) - 1] == ' ');
    if (!quoted) {
        fputs(text, file);
        return;
    }
    putc('"', file);
    if (formula)
        putc('\'', file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

void render_csv(FILE *file, const struct view_table *table)
{
    for (size_t c = 0; c < table->column_count; c++) {
        if (c)
            putc(',', file);
        render_csv_text(file, table->columns[c]->name);
    }
    putc('\n', file);
    for (size_t r = 0; r < table->row_count; r++) {
        for (size_t c = 0; c < table->column_count; c++) {
            const Samordning__V1__Column *column = table->columns[c];
            char number[RENDER_NUMBER_SIZE];
            if (c)
                putc(',', file);
            if (column->is_text) {
                render_csv_text(file, column->texts[table->rows[r]]);
            } else {
                render_number(column->numbers[table->rows[r]], number);
                fputs(number, file);
            }
        }
        putc('\n', file);
    }
}
