/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results as JSON-stat 2.0 (https://json-stat.org/full/). */
#include "format.h"

#include "json.h"
#include "result_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The text column rows are known by: the first, where no two rows have the same; NULL = they are known by their number. */
static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const Samordning__V1__Column *key_of(const Samordning__V1__Table *table, size_t rows)
{
    const Samordning__V1__Column *column = NULL;
    for (size_t c = 0; c < table->n_columns && column == NULL; c++)
        if (table->columns[c]->is_text)
            column = table->columns[c];
    char **sorted = column != NULL && rows > 0 ? malloc(rows * sizeof sorted[0]) : NULL;
    if (sorted == NULL)
        return NULL;
    memcpy(sorted, column->texts, rows * sizeof sorted[0]);
    qsort(sorted, rows, sizeof sorted[0], compare_texts);
    bool unique = sorted[0][0] != '\0';
    for (size_t i = 1; i < rows && unique; i++)
        unique = strcmp(sorted[i - 1], sorted[i]) != 0;
    free(sorted);
    return unique ? column : NULL;
}

static json_t *rows_dimension(const Samordning__V1__Column *key, size_t rows)
{
    json_t *index = json_array();
    for (size_t r = 0; r < rows; r++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", r + 1);
        json_array_append_new(index, json_string(key != NULL ? key->texts[r] : number));
    }
    return json_pack("{ss s{so}}", "label", key != NULL ? key->name : "row", "category", "index", index);
}

static json_t *measures_dimension(const Samordning__V1__Table *table)
{
    json_t *index = json_array(), *label = json_object(), *unit = json_object();
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        if (column->is_text)
            continue;
        json_array_append_new(index, json_string(column->name));
        json_object_set_new(label, column->name, json_string(column->name));
        if (column->unit[0] != '\0')
            json_object_set_new(unit, column->name, json_pack("{ss}", "label", column->unit));
    }
    return json_pack("{ss s{so so so}}", "label", "measure", "category", "index", index, "label", label, "unit", unit);
}

static json_t *values_of(const Samordning__V1__Table *table, size_t rows)
{
    json_t *values = json_array();
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < table->n_columns; c++)
            if (!table->columns[c]->is_text)
                json_array_append_new(values, isfinite(table->columns[c]->numbers[r]) ? json_real(table->columns[c]->numbers[r])
                                                                                      : json_null());
    return values;
}

static json_t *extension_of(const Samordning__V1__Result *result, const Samordning__V1__Table *table,
                            const Samordning__V1__Column *key, size_t rows)
{
    json_t *texts = json_object(), *definitions = json_object();
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        json_object_set_new(definitions, column->name,
                            json_pack("{ss ss}", "definition", column->definition, "source", column->source));
        if (!column->is_text || column == key)
            continue;
        json_t *list = json_array();
        for (size_t r = 0; r < rows; r++)
            json_array_append_new(list, json_string(column->texts[r]));
        json_object_set_new(texts, column->name, list);
    }
    json_t *card = result->card != NULL ? json_from_message(&result->card->base) : json_null();
    return json_pack("{ss so so so}", "result", result->id, "card", card, "definitions", definitions, "texts", texts);
}

static json_t *dataset_of(const Samordning__V1__Result *result, const Samordning__V1__Table *table)
{
    size_t rows = table_rows(table), measures = 0;
    const Samordning__V1__Column *key = key_of(table, rows);
    for (size_t c = 0; c < table->n_columns; c++)
        measures += !table->columns[c]->is_text;
    json_t *dataset =
        json_pack("{ss ss ss s[ss] s[II] s{s[s]} s{so so} so so}", "version", "2.0", "class", "dataset", "label", table->name,
                  "id", "row", "measure", "size", (json_int_t)rows, (json_int_t)measures, "role", "metric", "measure",
                  "dimension", "row", rows_dimension(key, rows), "measure", measures_dimension(table), "value",
                  values_of(table, rows), "extension", extension_of(result, table, key, rows));
    if (dataset != NULL && result->card != NULL && result->card->computed_at[0] != '\0')
        json_object_set_new(dataset, "updated", json_string(result->card->computed_at));
    return dataset;
}

enum status format_jsonstat_write(FILE *file, const Samordning__V1__Result *result, const char *table,
                                  struct errmsg *ret_errmsg)
{
    json_t *whole;
    if (table[0] != '\0' || result->n_tables == 1) {
        const Samordning__V1__Table *chosen = format_table(result, table, ret_errmsg);
        if (chosen == NULL)
            return STATUS_INVALID;
        whole = dataset_of(result, chosen);
    } else {
        json_t *items = json_array();
        for (size_t i = 0; i < result->n_tables; i++)
            json_array_append_new(items, dataset_of(result, result->tables[i]));
        whole = json_pack("{ss ss ss s{so}}", "version", "2.0", "class", "collection", "label",
                          result->card != NULL ? result->card->family : "", "link", "item", items);
    }
    bool good = whole != NULL && json_dumpf(whole, file, JSON_COMPACT) == 0 && putc('\n', file) != EOF;
    json_decref(whole);
    return good ? STATUS_OK : STATUS_NO_MEMORY;
}
