/* SPDX-License-Identifier: GPL-3.0-or-later
 * One table of a result as CSV. */
#include "format.h"

#include "result_table.h"

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

bool format_csv(FILE *file, const Samordning__V1__Column *const *columns, size_t column_count, const size_t *rows,
                size_t row_count)
{
    for (size_t c = 0; c < column_count; c++) {
        if (c)
            putc(',', file);
        render_csv_text(file, columns[c]->name);
    }
    putc('\n', file);
    for (size_t r = 0; r < row_count; r++) {
        size_t row = rows ? rows[r] : r;
        for (size_t c = 0; c < column_count; c++) {
            char number[RENDER_NUMBER_SIZE];
            if (c)
                putc(',', file);
            if (columns[c]->is_text) {
                render_csv_text(file, columns[c]->texts[row]);
            } else {
                render_number(columns[c]->numbers[row], number);
                fputs(number, file);
            }
        }
        putc('\n', file);
    }
    return !ferror(file);
}
