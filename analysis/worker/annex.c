/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes the tables of results into a ZIP file, through libarchive, and into a workbook.
 */
#include "annex.h"

#include "format.h"
#include "result_message.h"
#include "result_table.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE    160
#define ARENA_BUDGET ((size_t)1 << 32)
#define RESULTS_MAX  64

static bool give_up(char error[400], const char *reason)
{
    snprintf(error, 400, "annex: %.380s", reason && *reason ? reason : "out of memory");
    return false;
}

/* ------------------------------------------------------------------------------------- what the numbers are, as tables */
static size_t rows_of_columns(const struct report_input *input)
{
    size_t rows = 0;
    for (size_t i = 0; i < input->result_count; i++)
        for (size_t t = 0; input->results[i] && t < input->results[i]->table_count; t++)
            rows += input->results[i]->tables[t].column_count;
    return rows;
}

#define CARD_FIELDS 6
static size_t rows_of_cards(const struct report_input *input)
{
    size_t rows = 0;
    for (size_t i = 0; i < input->result_count; i++)
        if (input->results[i])
            rows += CARD_FIELDS + input->results[i]->card.entry_count + input->results[i]->card.note_count;
    return rows;
}

#define TEXTS_MAX 5
/* A table of texts. False: out of memory, or a table without rows, which has nothing to fill. */
static bool texts_add(struct result *about, const char *name, size_t rows, const char *const *heads, size_t count,
                      char **columns[TEXTS_MAX])
{
    size_t table = result_add_table(about, name, rows);
    for (size_t c = 0; c < count; c++)
        columns[c] = result_add_texts(about, table, &(struct column_definition){heads[c], "", "", ""});
    return !result_failed(about);
}

static void row_set(struct result *about, char **const columns[TEXTS_MAX], size_t row, const char *const *cells, size_t count)
{
    for (size_t c = 0; c < count; c++)
        if (cells[c])
            result_set_text(about, &columns[c][row], cells[c]);
}

static void columns_fill(const struct report_input *input, struct result *about)
{
    static const char *const heads[] = {"file", "column", "unit", "definition", "source"};
    char **columns[TEXTS_MAX], name[NAME_SIZE];
    size_t row = 0;
    if (!texts_add(about, "columns", rows_of_columns(input), heads, 5, columns))
        return;
    for (size_t i = 0; i < input->result_count; i++) {
        const struct result *result = input->results[i];
        for (size_t t = 0; result && t < result->table_count; t++)
            for (size_t c = 0; c < result->tables[t].column_count; c++) {
                const struct column *column = &result->tables[t].columns[c];
                snprintf(name, sizeof name, "%s-%s.csv", result->card.family, result->tables[t].name);
                const char *const cells[] = {name, column->name, column->unit, column->definition, column->source};
                row_set(about, columns, row++, cells, 5);
            }
    }
}

static void cards_fill(const struct report_input *input, struct result *about)
{
    static const char *const heads[] = {"family", "key", "value"};
    char **columns[TEXTS_MAX];
    size_t row = 0;
    if (!texts_add(about, "cards", rows_of_cards(input), heads, 3, columns))
        return;
    for (size_t i = 0; i < input->result_count; i++) {
        if (!input->results[i])
            continue;
        const struct card *card = &input->results[i]->card;
        const char *const fields[CARD_FIELDS][3] = {
            {card->family, "specification", card->spec},  {card->family, "specification hash", card->spec_hash},
            {card->family, "watermark", card->watermark}, {card->family, "input hash", card->input_hash},
            {card->family, "software", card->software},   {card->family, "engine", card->engine}};
        for (size_t f = 0; f < CARD_FIELDS; f++)
            row_set(about, columns, row++, fields[f], 3);
        for (size_t e = 0; e < card->entry_count; e++)
            row_set(about, columns, row++, (const char *const[]){card->family, card->entries[e].key, card->entries[e].value},
                    3);
        for (size_t n = 0; n < card->note_count; n++)
            row_set(about, columns, row++, (const char *const[]){card->family, "note", card->notes[n]}, 3);
    }
}

/* ------------------------------------------------------------------------------------------------------- the messages */
/* The results, then what is about them. */
struct annex {
    struct arena arena;
    struct result *about;
    Samordning__V1__Result *messages[RESULTS_MAX + 1];
    size_t count;
};

void annex_close(struct annex *annex)
{
    if (!annex)
        return;
    arena_release(&annex->arena);
    result_destroy(annex->about);
    free(annex);
}

static bool annex_fill(struct annex *annex, const struct report_input *input)
{
    arena_init(&annex->arena, ARENA_BUDGET);
    annex->about = result_create("about");
    if (!annex->about)
        return false;
    columns_fill(input, annex->about);
    cards_fill(input, annex->about);
    for (size_t i = 0; i < input->result_count && annex->count < RESULTS_MAX; i++) {
        if (!input->results[i])
            continue;
        annex->messages[annex->count] = result_message(&annex->arena, input->results[i]);
        if (!annex->messages[annex->count++])
            return false;
    }
    annex->messages[annex->count] = result_failed(annex->about) ? NULL : result_message(&annex->arena, annex->about);
    return annex->messages[annex->count++] != NULL;
}

bool annex_open(const struct report_input *input, struct annex **ret_annex, char ret_error[400])
{
    struct annex *annex = calloc(1, sizeof *annex);
    if (!annex || !annex_fill(annex, input)) {
        annex_close(annex);
        return give_up(ret_error, NULL);
    }
    *ret_annex = annex;
    return true;
}

/* ------------------------------------------------------------------------------------------------------- tables as CSV */
struct zip {
    struct archive *archive;
    FILE *file; /* the archive so far */
    bool failed;
};

static la_ssize_t bytes_append(struct archive *archive, void *arg, const void *bytes, size_t size)
{
    struct zip *zip = arg;
    return fwrite(bytes, 1, size, zip->file) == size ? (la_ssize_t)size : -1;
}

/* One file of the archive, without a time of its own. */
static void entry_put(struct zip *zip, const char *name, const char *bytes, size_t size)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry) {
        zip->failed = true;
        return;
    }
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 315532800, 0); /* 1980-01-01, the first a ZIP file can tell */
    zip->failed = zip->failed || archive_write_header(zip->archive, entry) != ARCHIVE_OK ||
                  archive_write_data(zip->archive, bytes, size) != (la_ssize_t)size;
    archive_entry_free(entry);
}

static void table_put(struct zip *zip, const char *name, const Samordning__V1__Table *table)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = zip->failed ? NULL : open_memstream(&text, &size);
    bool good = file && format_csv(file, (const Samordning__V1__Column *const *)table->columns, table->n_columns, NULL,
                                   table_rows(table));
    if (file && fclose(file) != 0)
        good = false;
    if (good)
        entry_put(zip, name, text, size);
    else
        zip->failed = true;
    free(text);
}

static void files_put(struct zip *zip, const struct annex *annex)
{
    for (size_t i = 0; i < annex->count; i++) {
        const Samordning__V1__Result *message = annex->messages[i];
        bool about = i + 1 == annex->count;
        for (size_t t = 0; t < message->n_tables; t++) {
            char name[NAME_SIZE];
            snprintf(name, sizeof name, "%s%s%s.csv", about ? "" : message->card->family, about ? "" : "-",
                     message->tables[t]->name);
            table_put(zip, name, message->tables[t]);
        }
    }
}

bool annex_csv(const struct annex *annex, char **ret_zip, size_t *ret_size, char ret_error[400])
{
    char *bytes = NULL;
    size_t size = 0;
    struct zip zip = {.archive = archive_write_new(), .file = open_memstream(&bytes, &size)};
    zip.failed = !zip.archive || !zip.file || archive_write_set_format_zip(zip.archive) != ARCHIVE_OK ||
                 archive_write_set_options(zip.archive, "zip:!experimental,zip:compression=deflate,zip:compression-level=4") <
                     ARCHIVE_WARN ||
                 archive_write_set_bytes_in_last_block(zip.archive, 1) != ARCHIVE_OK || /* nothing behind its end */
                 archive_write_open(zip.archive, &zip, NULL, bytes_append, NULL) != ARCHIVE_OK;
    if (!zip.failed)
        files_put(&zip, annex);
    zip.failed = (zip.archive && archive_write_close(zip.archive) != ARCHIVE_OK) || zip.failed;
    if (zip.archive)
        archive_write_free(zip.archive);
    zip.failed = (zip.file && fclose(zip.file) != 0) || zip.failed;
    if (zip.failed) {
        free(bytes);
        return give_up(ret_error, NULL);
    }
    *ret_zip = bytes;
    *ret_size = size;
    return true;
}

/* --------------------------------------------------------------------------------------------------------- a workbook */
bool annex_book(const struct annex *annex, char **ret_book, size_t *ret_size, const char **ret_media_type, char ret_error[400])
{
    char *bytes = NULL;
    size_t size = 0;
    struct errmsg errmsg = {0};
    FILE *file = open_memstream(&bytes, &size);
    bool good = file && format_xlsx_book(file, (const Samordning__V1__Result *const *)annex->messages, annex->count, &errmsg) ==
                            STATUS_OK;
    if (file && fclose(file) != 0)
        good = false;
    if (!good) {
        free(bytes);
        return give_up(ret_error, errmsg.text);
    }
    *ret_book = bytes;
    *ret_size = size;
    *ret_media_type = format_find("xlsx")->media_type;
    return true;
}
