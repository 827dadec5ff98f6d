/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results as an Office Open XML workbook, through libxlsxwriter in constant-memory mode: rows are written as they come. */
#include "format.h"

#include "result_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define SHEET_ROWS_MAX 1048576 /* of the format */
#define SHEET_TEXT_MAX 32767   /* characters of a cell; bytes are never fewer */
#define COPY_BYTES     65536

/* A text that does not fit is cut at a character. */
static void put_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *format)
{
    size_t size = strlen(text);
    if (size == 0)
        return;
    char *cut = NULL;
    if (size > SHEET_TEXT_MAX) {
        size = SHEET_TEXT_MAX;
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
            size--;
        cut = strndup(text, size);
    }
    worksheet_write_string(sheet, row, column, cut != NULL ? cut : text, format);
    free(cut);
}

static void write_table(lxw_worksheet *sheet, const Samordning__V1__Table *table, lxw_format *bold)
{
    size_t rows = table_rows(table);
    for (size_t c = 0; c < table->n_columns; c++)
        put_text(sheet, 0, (lxw_col_t)c, table->columns[c]->name, bold);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            const Samordning__V1__Column *column = table->columns[c];
            if (column->is_text)
                put_text(sheet, (lxw_row_t)r + 1, (lxw_col_t)c, column->texts[r], NULL);
            else if (isfinite(column->numbers[r]))
                worksheet_write_number(sheet, (lxw_row_t)r + 1, (lxw_col_t)c, column->numbers[r], NULL);
        }
    }
}

struct card_sheet {
    lxw_worksheet *sheet;
    lxw_format *bold;
    lxw_row_t row;
};

static void put_pair(struct card_sheet *card, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    put_text(card->sheet, card->row, 0, name, card->bold);
    put_text(card->sheet, card->row++, 1, value, NULL);
}

/* What the numbers are: the card, then each column's unit, definition and source. */
static void write_card(lxw_worksheet *sheet, const Samordning__V1__Result *result, lxw_format *bold)
{
    struct card_sheet out = {sheet, bold, 0};
    const Samordning__V1__Card *card = result->card;
    put_pair(&out, "result", result->id);
    if (card != NULL) {
        const char *const pairs[][2] = {{"family", card->family},          {"spec", card->spec},
                                        {"watermark", card->watermark},    {"input_hash", card->input_hash},
                                        {"software", card->software},      {"engine", card->engine},
                                        {"computed_at", card->computed_at}};
        for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
            put_pair(&out, pairs[i][0], pairs[i][1]);
        for (size_t i = 0; i < card->n_entries; i++)
            put_pair(&out, card->entries[i]->key, card->entries[i]->value);
        for (size_t i = 0; i < card->n_notes; i++)
            put_pair(&out, "note", card->notes[i]);
    }
    static const char *const heads[] = {"table", "column", "unit", "definition", "source"};
    out.row++;
    for (lxw_col_t c = 0; c < 5; c++)
        put_text(sheet, out.row, c, heads[c], bold);
    for (size_t t = 0; t < result->n_tables; t++) {
        for (size_t c = 0; c < result->tables[t]->n_columns; c++) {
            const Samordning__V1__Column *column = result->tables[t]->columns[c];
            const char *const cells[] = {result->tables[t]->name, column->name, column->unit, column->definition,
                                         column->source};
            out.row++;
            for (lxw_col_t k = 0; k < 5; k++)
                put_text(sheet, out.row, k, cells[k], NULL);
        }
    }
}

static enum status copy_file(const char *path, FILE *file)
{
    FILE *made = fopen(path, "re");
    char *block = malloc(COPY_BYTES);
    bool good = made != NULL && block != NULL;
    for (size_t size; good && (size = fread(block, 1, COPY_BYTES, made)) > 0;)
        good = fwrite(block, 1, size, file) == size;
    good = good && !ferror(made);
    if (made != NULL)
        fclose(made);
    free(block);
    return good ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status format_xlsx_write(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg)
{
    char path[] = "/tmp/samordning-xlsx-XXXXXX";
    for (size_t i = 0; i < result->n_tables; i++) {
        if (table_rows(result->tables[i]) < SHEET_ROWS_MAX && result->tables[i]->n_columns <= 16384)
            continue;
        errmsg_set(ret_errmsg, "format", "table %s has more rows than a sheet can: take csv", result->tables[i]->name);
        return STATUS_TOO_LARGE;
    }
    int fd = mkstemp(path);
    if (fd < 0)
        return STATUS_NO_MEMORY;
    close(fd);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_format *bold = book != NULL ? workbook_add_format(book) : NULL;
    enum status status = bold != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    if (bold != NULL)
        format_set_bold(bold);
    for (size_t i = 0; i < result->n_tables && status == STATUS_OK; i++) {
        char name[32]; /* names of tables are short; a sheet's may have 31 characters */
        if (table[0] != '\0' && strcmp(result->tables[i]->name, table) != 0)
            continue;
        snprintf(name, sizeof name, "%.27s", result->tables[i]->name);
        lxw_worksheet *sheet = workbook_add_worksheet(book, name);
        if (sheet == NULL)
            sheet = workbook_add_worksheet(book, NULL);
        if (sheet == NULL)
            status = STATUS_NO_MEMORY;
        else
            write_table(sheet, result->tables[i], bold);
    }
    lxw_worksheet *card = status == STATUS_OK ? workbook_add_worksheet(book, "about") : NULL;
    if (card != NULL)
        write_card(card, result, bold);
    if (book != NULL && workbook_close(book) != LXW_NO_ERROR)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = copy_file(path, file);
    unlink(path);
    return status;
}
