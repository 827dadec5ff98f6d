/* SPDX-License-Identifier: GPL-3.0-or-later
 * Copies rows of results.
 */
#include "excerpt.h"

#include <stdlib.h>
#include <string.h>

bool excerpt_names_actors(const struct column *column)
{
    static const char *const names[] = {"actor",  "from",      "to",       "actor_a", "actor_b",        "a",         "b",
                                        "sender", "addressee", "objector", "owner",   "last_responder", "neighbour", "other"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && column->is_text; i++)
        if (strcmp(column->name, names[i]) == 0)
            return true;
    return false;
}

/* Who there is, is no number of anybody's. */
static bool is_roster(const struct result *result, const struct table *table)
{
    return strcmp(result->card.family, "network") == 0 && strcmp(table->name, "nodes") == 0;
}

static bool row_names(const struct table *table, size_t row, const char *actor)
{
    for (size_t c = 0; c < table->column_count; c++) {
        const struct column *column = &table->columns[c];
        if (excerpt_names_actors(column) && column->texts[row] && strcmp(column->texts[row], actor) == 0)
            return true;
    }
    return false;
}

/* Rows that name the actor; NULL: out of memory. */
static size_t *rows_of(const struct table *table, const char *actor, bool all, size_t *ret_count)
{
    size_t *rows = calloc(table->row_count + 1, sizeof *rows);
    *ret_count = 0;
    for (size_t row = 0; rows && row < table->row_count; row++)
        if (all || row_names(table, row, actor))
            rows[(*ret_count)++] = row;
    return rows;
}

static void column_copy(struct result *to, size_t table, const struct column *from, const size_t *rows, size_t count)
{
    const struct column_definition definition = {from->name, from->unit, from->definition, from->source};
    char **texts = from->is_text ? result_add_texts(to, table, &definition) : NULL;
    double *numbers = from->is_text ? NULL : result_add_numbers(to, table, &definition);
    for (size_t i = 0; i < count && !result_failed(to); i++) {
        if (texts)
            result_set_text(to, &texts[i], from->texts[rows[i]]);
        else if (numbers)
            numbers[i] = from->numbers[rows[i]];
    }
}

static void card_copy(struct result *to, const struct card *from)
{
    struct card *card = &to->card;
    char **slots[] = {&card->spec,     &card->spec_hash, &card->watermark,  &card->input_hash,
                      &card->software, &card->engine,    &card->computed_at};
    const char *const texts[] = {from->spec,     from->spec_hash, from->watermark,  from->input_hash,
                                 from->software, from->engine,    from->computed_at};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        result_set_text(to, slots[i], texts[i]);
    card->seed = from->seed;
    for (size_t i = 0; i < from->entry_count; i++)
        result_set_card(to, from->entries[i].key, "%s", from->entries[i].value);
}

struct result *excerpt_of(const struct result *from, const char *actor)
{
    struct result *to = result_create(from->card.family);
    if (!to)
        return NULL;
    card_copy(to, &from->card);
    for (size_t t = 0; t < from->table_count && !result_failed(to); t++) {
        const struct table *table = &from->tables[t];
        size_t count, *rows = rows_of(table, actor, is_roster(from, table), &count);
        if (rows && count > 0) {
            size_t index = result_add_table(to, table->name, count);
            for (size_t c = 0; c < table->column_count && !result_failed(to); c++)
                column_copy(to, index, &table->columns[c], rows, count);
        }
        to->failed = to->failed || !rows;
        free(rows);
    }
    if (!result_failed(to))
        return to;
    result_destroy(to);
    return NULL;
}
