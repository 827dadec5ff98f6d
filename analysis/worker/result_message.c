/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pointing a message at a result's memory, packing it, writing it as JSON.
 */
#include "result_message.h"

#include "json.h"

#include <stdlib.h>

#define ARENA_BUDGET ((size_t)1 << 32)

static char *text_or_empty(char *text)
{
    static char empty[1];
    return text ? text : empty;
}

static Samordning__V1__Card *card_message(struct arena *arena, const struct card *card)
{
    Samordning__V1__Card *message = arena_alloc(arena, sizeof *message);
    Samordning__V1__CardEntry **entries = arena_alloc(arena, (card->entry_count + 1) * sizeof(Samordning__V1__CardEntry *));
    if (!message || !entries)
        return NULL;
    samordning__v1__card__init(message);
    message->family = text_or_empty(card->family);
    message->spec = text_or_empty(card->spec);
    message->spec_hash = text_or_empty(card->spec_hash);
    message->watermark = text_or_empty(card->watermark);
    message->input_hash = text_or_empty(card->input_hash);
    message->software = text_or_empty(card->software);
    message->engine = text_or_empty(card->engine);
    message->computed_at = text_or_empty(card->computed_at);
    message->seed = card->seed;
    for (size_t i = 0; i < card->entry_count; i++) {
        entries[i] = arena_alloc(arena, sizeof **entries);
        if (!entries[i])
            return NULL;
        samordning__v1__card_entry__init(entries[i]);
        entries[i]->key = card->entries[i].key;
        entries[i]->value = card->entries[i].value;
    }
    message->n_entries = card->entry_count;
    message->entries = entries;
    message->n_notes = card->note_count;
    message->notes = card->notes;
    return message;
}

static Samordning__V1__Column *column_message(struct arena *arena, const struct column *column, size_t rows)
{
    Samordning__V1__Column *message = arena_alloc(arena, sizeof *message);
    if (!message)
        return NULL;
    samordning__v1__column__init(message);
    message->name = column->name;
    message->unit = text_or_empty(column->unit);
    message->definition = text_or_empty(column->definition);
    message->source = text_or_empty(column->source);
    message->is_text = column->is_text;
    if (!column->is_text) {
        message->n_numbers = rows;
        message->numbers = column->numbers;
        return message;
    }
    message->texts = arena_alloc(arena, (rows + 1) * sizeof *message->texts);
    if (!message->texts)
        return NULL;
    message->n_texts = rows;
    for (size_t i = 0; i < rows; i++)
        message->texts[i] = text_or_empty(column->texts[i]);
    return message;
}

static Samordning__V1__Table *table_message(struct arena *arena, const struct table *table)
{
    Samordning__V1__Table *message = arena_alloc(arena, sizeof *message);
    if (!message)
        return NULL;
    samordning__v1__table__init(message);
    message->name = table->name;
    message->columns = arena_alloc(arena, (table->column_count + 1) * sizeof(Samordning__V1__Column *));
    if (!message->columns)
        return NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        message->columns[i] = column_message(arena, &table->columns[i], table->row_count);
        if (!message->columns[i])
            return NULL;
    }
    message->n_columns = table->column_count;
    return message;
}

Samordning__V1__Result *result_message(struct arena *arena, const struct result *result)
{
    Samordning__V1__Result *message = arena_alloc(arena, sizeof *message);
    if (!message)
        return NULL;
    samordning__v1__result__init(message);
    message->id = (char *)(uintptr_t)result->id;
    message->card = card_message(arena, &result->card);
    message->tables = arena_alloc(arena, (result->table_count + 1) * sizeof(Samordning__V1__Table *));
    if (!message->card || !message->tables)
        return NULL;
    for (size_t i = 0; i < result->table_count; i++) {
        message->tables[i] = table_message(arena, &result->tables[i]);
        if (!message->tables[i])
            return NULL;
    }
    message->n_tables = result->table_count;
    return message;
}

enum status result_message_pack(const struct result *result, uint8_t **ret_message, size_t *ret_size, char **ret_json)
{
    struct arena arena;
    arena_init(&arena, ARENA_BUDGET);
    uint8_t *bytes = NULL;
    json_t *json = NULL;
    char *text = NULL;
    size_t size = 0;
    Samordning__V1__Result *message = result_failed(result) ? NULL : result_message(&arena, result);
    if (message) {
        size = samordning__v1__result__get_packed_size(message);
        bytes = malloc(size ? size : 1);
        json = json_from_message(&message->base);
        if (bytes && json) {
            samordning__v1__result__pack(message, bytes);
            text = json_dumps(json, JSON_COMPACT);
        }
    }
    json_decref(json);
    arena_release(&arena);
    if (!text) {
        free(bytes);
        return STATUS_NO_MEMORY;
    }
    *ret_message = bytes;
    *ret_size = size;
    *ret_json = text;
    return STATUS_OK;
}
