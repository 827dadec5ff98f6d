/* SPDX-License-Identifier: GPL-3.0-or-later
 * Building and reading result objects. Memory is the only thing that can fail here; it fails once, for the whole result.
 */
#include "result.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void card_release(struct card *card)
{
    char *texts[] = {card->family,     card->spec,     card->spec_hash, card->watermark,
                     card->input_hash, card->software, card->engine,    card->computed_at};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free(texts[i]);
    for (size_t i = 0; i < card->entry_count; i++) {
        free(card->entries[i].key);
        free(card->entries[i].value);
    }
    free(card->entries);
    for (size_t i = 0; i < card->note_count; i++)
        free(card->notes[i]);
    free(card->notes);
}

static void column_release(struct column *column, size_t row_count)
{
    free(column->name);
    free(column->unit);
    free(column->definition);
    free(column->source);
    free(column->numbers);
    if (column->texts)
        for (size_t i = 0; i < row_count; i++)
            free(column->texts[i]);
    free(column->texts);
}

/* calloc that refuses what cannot be addressed, and never returns NULL for "nothing". */
static void *rows_alloc(size_t rows, size_t size)
{
    if (rows > PTRDIFF_MAX / size)
        return NULL;
    return calloc(rows ? rows : 1, size);
}

struct result *result_create(const char *family)
{
    struct result *result = calloc(1, sizeof *result);
    if (!result)
        return NULL;
    result->card.family = strdup(family);
    if (!result->card.family) {
        free(result);
        return NULL;
    }
    return result;
}

void result_destroy(struct result *result)
{
    if (!result)
        return;
    card_release(&result->card);
    for (size_t t = 0; t < result->table_count; t++) {
        struct table *table = &result->tables[t];
        for (size_t c = 0; c < table->column_count; c++)
            column_release(&table->columns[c], table->row_count);
        free(table->columns);
        free(table->name);
    }
    free(result->tables);
    free(result);
}

bool result_failed(const struct result *result)
{
    return !result || result->failed;
}

/* Makes room for one more element of `size` bytes; on failure the result has failed and false is returned. */
static bool grow(struct result *result, void *array, size_t count, size_t size)
{
    void **slot = array;
    void *larger = realloc(*slot, (count + 1) * size);
    if (!larger) {
        result->failed = true;
        return false;
    }
    *slot = larger;
    return true;
}

size_t result_add_table(struct result *result, const char *name, size_t row_count)
{
    if (result_failed(result))
        return 0;
    char *copy = strdup(name);
    if (!copy) {
        result->failed = true;
        return 0;
    }
    if (!grow(result, &result->tables, result->table_count, sizeof *result->tables)) {
        free(copy);
        return 0;
    }
    result->tables[result->table_count] = (struct table){.name = copy, .row_count = row_count};
    return result->table_count++;
}

/* Appends an empty column with its definition copied; NULL when the result has failed. */
static struct column *column_add(struct result *result, size_t table_index, const struct column_definition *definition)
{
    if (result_failed(result))
        return NULL;
    struct table *table = &result->tables[table_index];
    if (!grow(result, &table->columns, table->column_count, sizeof *table->columns))
        return NULL;
    struct column *column = &table->columns[table->column_count];
    *column = (struct column){
        .name = strdup(definition->name),
        .unit = strdup(definition->unit ? definition->unit : ""),
        .definition = strdup(definition->definition ? definition->definition : ""),
        .source = strdup(definition->source ? definition->source : ""),
    };
    table->column_count++;
    if (!column->name || !column->unit || !column->definition || !column->source) {
        result->failed = true;
        return NULL;
    }
    return column;
}

double *result_add_numbers(struct result *result, size_t table, const struct column_definition *definition)
{
    struct column *column = column_add(result, table, definition);
    if (!column)
        return NULL;
    size_t rows = result->tables[table].row_count;
    column->numbers = rows_alloc(rows, sizeof *column->numbers);
    if (!column->numbers) {
        result->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < rows; i++)
        column->numbers[i] = NAN;
    return column->numbers;
}

char **result_add_texts(struct result *result, size_t table, const struct column_definition *definition)
{
    struct column *column = column_add(result, table, definition);
    if (!column)
        return NULL;
    column->is_text = true;
    size_t rows = result->tables[table].row_count;
    column->texts = rows_alloc(rows, sizeof *column->texts);
    if (!column->texts)
        result->failed = true;
    return column->texts;
}

void result_set_text(struct result *result, char **slot, const char *text)
{
    if (result_failed(result))
        return;
    char *copy = NULL;
    if (text) {
        copy = strdup(text);
        if (!copy) {
            result->failed = true;
            return;
        }
    }
    free(*slot);
    *slot = copy;
}

void result_set_card(struct result *result, const char *key, const char *format, ...)
{
    if (result_failed(result))
        return;
    char *value;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&value, format, arguments);
    va_end(arguments);
    if (length < 0) {
        result->failed = true;
        return;
    }
    for (size_t i = 0; i < result->card.entry_count; i++) {
        if (strcmp(result->card.entries[i].key, key) == 0) {
            free(result->card.entries[i].value);
            result->card.entries[i].value = value;
            return;
        }
    }
    char *key_copy = strdup(key);
    if (!key_copy)
        result->failed = true;
    if (!key_copy || !grow(result, &result->card.entries, result->card.entry_count, sizeof *result->card.entries)) {
        free(key_copy);
        free(value);
        return;
    }
    result->card.entries[result->card.entry_count++] = (struct card_entry){.key = key_copy, .value = value};
}

void result_note(struct result *result, const char *format, ...)
{
    if (result_failed(result))
        return;
    char *note;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&note, format, arguments);
    va_end(arguments);
    if (length < 0) {
        result->failed = true;
        return;
    }
    if (!grow(result, &result->card.notes, result->card.note_count, sizeof *result->card.notes)) {
        free(note);
        return;
    }
    result->card.notes[result->card.note_count++] = note;
}

const struct table *result_table(const struct result *result, const char *name)
{
    for (size_t i = 0; i < result->table_count; i++)
        if (strcmp(result->tables[i].name, name) == 0)
            return &result->tables[i];
    return NULL;
}

const struct column *table_column(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}
