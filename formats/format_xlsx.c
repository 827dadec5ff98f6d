/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results as an Office Open XML workbook, through libxlsxwriter in constant-memory mode: rows are written as they come. */
#include "format.h"

#include "result_table.h"
#include "xlsx_whole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define SHEET_ROWS_MAX    1048576 /* of the format */
#define SHEET_TEXT_MAX    32767   /* characters of a cell; bytes are never fewer */
#define SHEET_COLUMNS_MAX 16384
#define SHEET_NAME_MAX    31
#define COPY_BYTES        65536
#define CREATED           315532800 /* 1980-01-01, the first a ZIP file can tell */

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

/* How the numbers were made. */
static void put_card(struct card_sheet *out, const Samordning__V1__Result *result)
{
    const Samordning__V1__Card *card = result->card;
    put_pair(out, "result", result->id);
    if (card == NULL)
        return;
    const char *const pairs[][2] = {{"family", card->family},          {"spec", card->spec},
                                    {"watermark", card->watermark},    {"input_hash", card->input_hash},
                                    {"software", card->software},      {"engine", card->engine},
                                    {"computed_at", card->computed_at}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        put_pair(out, pairs[i][0], pairs[i][1]);
    for (size_t i = 0; i < card->n_entries; i++)
        put_pair(out, card->entries[i]->key, card->entries[i]->value);
    for (size_t i = 0; i < card->n_notes; i++)
        put_pair(out, "note", card->notes[i]);
}

/* The card, then each column's unit, definition and source. */
static void write_about(lxw_worksheet *sheet, const Samordning__V1__Result *result, lxw_format *bold)
{
    struct card_sheet out = {sheet, bold, 0};
    put_card(&out, result);
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

/* ------------------------------------------------------------------------------------------------------- a workbook */
struct book {
    char path[40];
    lxw_workbook *workbook;
    lxw_format *bold;
};

/* Without a time of its own: the same results give the same bytes. */
static enum status book_open(struct book *book)
{
    *book = (struct book){.path = "/tmp/samordning-xlsx-XXXXXX"};
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_doc_properties made = {.created = CREATED};
    int fd = mkstemp(book->path);
    if (fd < 0)
        return STATUS_NO_MEMORY;
    close(fd);
    book->workbook = workbook_new_opt(book->path, &options);
    if (book->workbook != NULL && workbook_set_properties(book->workbook, &made) == LXW_NO_ERROR)
        book->bold = workbook_add_format(book->workbook);
    if (book->bold == NULL)
        return STATUS_NO_MEMORY;
    format_set_bold(book->bold);
    return STATUS_OK;
}

/* A sheet of this name, or of one the library finds where it cannot have it. NULL: out of memory. */
static lxw_worksheet *book_add(struct book *book, const char *name)
{
    char cut[SHEET_NAME_MAX + 1];
    snprintf(cut, sizeof cut, "%s", name);
    lxw_worksheet *sheet =
        workbook_validate_sheet_name(book->workbook, cut) == LXW_NO_ERROR ? workbook_add_worksheet(book->workbook, cut) : NULL;
    return sheet != NULL ? sheet : workbook_add_worksheet(book->workbook, NULL);
}

/* The tables of a result, each on a sheet called by `prefix` and its name; `table` chooses one. */
static enum status book_put(struct book *book, const Samordning__V1__Result *result, const char *prefix, const char *table,
                            struct errmsg *ret_errmsg)
{
    for (size_t i = 0; i < result->n_tables; i++) {
        char name[100];
        const Samordning__V1__Table *one = result->tables[i];
        if (table[0] != '\0' && strcmp(one->name, table) != 0)
            continue;
        if (table_rows(one) >= SHEET_ROWS_MAX || one->n_columns > SHEET_COLUMNS_MAX) {
            errmsg_set(ret_errmsg, "format", "table %s has more rows than a sheet can: take csv", one->name);
            return STATUS_TOO_LARGE;
        }
        snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", one->name);
        lxw_worksheet *sheet = book_add(book, name);
        if (sheet == NULL)
            return STATUS_NO_MEMORY;
        write_table(sheet, one, book->bold);
    }
    return STATUS_OK;
}

/* The rows, the last one too, are where they belong. */
static bool rows_are_down(const struct book *book)
{
    lxw_worksheet *sheet;
    /* clang-format off */
    STAILQ_FOREACH(sheet, book->workbook->worksheets, list_pointers) {
        if (sheet->optimize_tmpfile == NULL)
            continue;
        lxw_worksheet_write_single_row(sheet);
        if (fflush(sheet->optimize_tmpfile) != 0 || ferror(sheet->optimize_tmpfile))
            return false;
    }
    /* clang-format on */
    return true;
}

static enum status book_close(struct book *book, enum status status, FILE *file, struct errmsg *ret_errmsg)
{
    bool whole = book->workbook != NULL && rows_are_down(book);
    if (book->workbook != NULL)
        whole = workbook_close(book->workbook) == LXW_NO_ERROR && whole;
    if (status == STATUS_OK && !(whole && xlsx_is_whole(book->path))) {
        errmsg_set(ret_errmsg, "", "the workbook did not come out whole: the disk with /tmp may be full");
        status = STATUS_UNAVAILABLE;
    }
    if (status == STATUS_OK)
        status = copy_file(book->path, file);
    unlink(book->path);
    return status;
}

enum status format_xlsx_write(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg)
{
    struct book book;
    enum status status = book_open(&book);
    if (status == STATUS_OK)
        status = book_put(&book, result, "", table, ret_errmsg);
    lxw_worksheet *about = status == STATUS_OK ? book_add(&book, "about") : NULL;
    if (about != NULL)
        write_about(about, result, book.bold);
    return book_close(&book, status == STATUS_OK && about == NULL ? STATUS_NO_MEMORY : status, file, ret_errmsg);
}

enum status format_xlsx_book(FILE *file, const Samordning__V1__Result *const *results, size_t count, struct errmsg *ret_errmsg)
{
    struct book book;
    enum status status = book_open(&book);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        bool last = i + 1 == count;
        status = book_put(&book, results[i], last || results[i]->card == NULL ? "" : results[i]->card->family, "", ret_errmsg);
    }
    return book_close(&book, status, file, ret_errmsg);
}
