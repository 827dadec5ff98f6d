/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes the tables of results as CSV into a ZIP file, through libarchive.
 */
#include "annex.h"

#include <archive.h>
#include <archive_entry.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 160

struct annex {
    struct archive *archive;
    FILE *file; /* the archive so far */
    bool failed;
};

static la_ssize_t bytes_append(struct archive *archive, void *arg, const void *bytes, size_t size)
{
    struct annex *annex = arg;
    return fwrite(bytes, 1, size, annex->file) == size ? (la_ssize_t)size : -1;
}

static void text_put(FILE *file, const char *text)
{
    bool formula = *text && strchr("=+-@\t\r", *text);
    bool quoted = formula || strpbrk(text, ",\"\r\n") || *text == ' ' || (*text && text[strlen(text) - 1] == ' ');
    if (!quoted) {
        fputs(text, file);
        return;
    }
    fputs(formula ? "\"'" : "\"", file);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static void cell_put(FILE *file, const struct column *column, size_t row)
{
    if (column->is_text)
        text_put(file, column->texts[row] ? column->texts[row] : "");
    else if (isinf(column->numbers[row]))
        fputs(column->numbers[row] > 0 ? "Inf" : "-Inf", file);
    else if (!isnan(column->numbers[row]))
        fprintf(file, "%.15g", column->numbers[row]);
}

static void table_put(FILE *file, const struct table *table)
{
    for (size_t c = 0; c < table->column_count; c++) {
        fputs(c ? "," : "", file);
        text_put(file, table->columns[c].name);
    }
    fputc('\n', file);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t c = 0; c < table->column_count; c++) {
            fputs(c ? "," : "", file);
            cell_put(file, &table->columns[c], row);
        }
        fputc('\n', file);
    }
}

static void row_put(FILE *file, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs(i ? "," : "", file);
        text_put(file, cells[i] ? cells[i] : "");
    }
    fputc('\n', file);
}

static void columns_put(FILE *file, const struct report_input *input)
{
    static const char *const head[] = {"file", "column", "unit", "definition", "source"};
    row_put(file, head, 5);
    for (size_t i = 0; i < input->result_count; i++) {
        const struct result *result = input->results[i];
        for (size_t t = 0; result && t < result->table_count; t++)
            for (size_t c = 0; c < result->tables[t].column_count; c++) {
                const struct column *column = &result->tables[t].columns[c];
                char name[NAME_SIZE];
                snprintf(name, sizeof name, "%s-%s.csv", result->card.family, result->tables[t].name);
                const char *const cells[] = {name, column->name, column->unit, column->definition, column->source};
                row_put(file, cells, 5);
            }
    }
}

static void cards_put(FILE *file, const struct report_input *input)
{
    static const char *const head[] = {"family", "key", "value"};
    row_put(file, head, 3);
    for (size_t i = 0; i < input->result_count; i++) {
        if (!input->results[i])
            continue;
        const struct card *card = &input->results[i]->card;
        const char *const rows[][3] = {
            {card->family, "specification", card->spec},  {card->family, "specification hash", card->spec_hash},
            {card->family, "watermark", card->watermark}, {card->family, "input hash", card->input_hash},
            {card->family, "software", card->software},   {card->family, "engine", card->engine}};
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
            row_put(file, rows[r], 3);
        for (size_t e = 0; e < card->entry_count; e++)
            row_put(file, (const char *const[]){card->family, card->entries[e].key, card->entries[e].value}, 3);
        for (size_t n = 0; n < card->note_count; n++)
            row_put(file, (const char *const[]){card->family, "note", card->notes[n]}, 3);
    }
}

/* One file of the archive, without a time of its own. */
static void entry_put(struct annex *annex, const char *name, const char *bytes, size_t size)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry) {
        annex->failed = true;
        return;
    }
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 315532800, 0); /* 1980-01-01, the first a ZIP file can tell */
    annex->failed = annex->failed || archive_write_header(annex->archive, entry) != ARCHIVE_OK ||
                    archive_write_data(annex->archive, bytes, size) != (la_ssize_t)size;
    archive_entry_free(entry);
}

struct page_of { /* what one file is written from */
    const struct report_input *input;
    const struct table *table;
    void (*input_put)(FILE *file, const struct report_input *input);
};

static void file_put(struct annex *annex, const char *name, const struct page_of *page)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = annex->failed ? NULL : open_memstream(&text, &size);
    if (file && page->table)
        table_put(file, page->table);
    else if (file)
        page->input_put(file, page->input);
    if (!file || fclose(file) != 0)
        annex->failed = true;
    else
        entry_put(annex, name, text, size);
    free(text);
}

static void files_put(struct annex *annex, const struct report_input *input)
{
    for (size_t i = 0; i < input->result_count; i++) {
        const struct result *result = input->results[i];
        for (size_t t = 0; result && t < result->table_count; t++) {
            char name[NAME_SIZE];
            snprintf(name, sizeof name, "%s-%s.csv", result->card.family, result->tables[t].name);
            file_put(annex, name, &(struct page_of){.table = &result->tables[t]});
        }
    }
    file_put(annex, "columns.csv", &(struct page_of){.input = input, .input_put = columns_put});
    file_put(annex, "cards.csv", &(struct page_of){.input = input, .input_put = cards_put});
}

bool annex_render(const struct report_input *input, char **ret_zip, size_t *ret_size, char ret_error[400])
{
    char *bytes = NULL;
    size_t size = 0;
    struct annex annex = {.archive = archive_write_new(), .file = open_memstream(&bytes, &size)};
    annex.failed = !annex.archive || !annex.file || archive_write_set_format_zip(annex.archive) != ARCHIVE_OK ||
                   archive_write_set_options(annex.archive, "zip:!experimental,zip:compression=deflate") < ARCHIVE_WARN ||
                   archive_write_open(annex.archive, &annex, NULL, bytes_append, NULL) != ARCHIVE_OK;
    if (!annex.failed)
        files_put(&annex, input);
    annex.failed = (annex.archive && archive_write_close(annex.archive) != ARCHIVE_OK) || annex.failed;
    if (annex.archive)
        archive_write_free(annex.archive);
    annex.failed = (annex.file && fclose(annex.file) != 0) || annex.failed;
    if (annex.failed) {
        free(bytes);
        snprintf(ret_error, 400, "annex: out of memory");
        return false;
    }
    *ret_zip = bytes;
    *ret_size = size;
    return true;
}
