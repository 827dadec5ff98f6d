/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of a release as CSV, and a result as JSON-stat 2.0 (json-stat.org): a collection with a dataset for each table, whose
 * dimensions are its rows and its columns of numbers.
 */
#include "release.h"
#include "render.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

bool release_csv(FILE *file, const Samordning__V1__Result *result, const Samordning__V1__Table *table)
{
    size_t rows = table_rows(table);
    struct view_table view = {.table = table,
                              .columns = (const Samordning__V1__Column **)(void *)table->columns,
                              .column_count = table->n_columns,
                              .rows = calloc(rows + 1, sizeof(size_t)),
                              .row_count = rows};
    if (!view.rows)
        return false;
    for (size_t r = 0; r < rows; r++)
        view.rows[r] = r;
    render_csv(file, &view);
    free(view.rows);
    return !ferror(file);
}

static json_t *labels_json(const Samordning__V1__Table *table, size_t rows)
{
    const Samordning__V1__Column *named = NULL;
    for (size_t c = 0; c < table->n_columns && !named; c++)
        if (table->columns[c]->is_text)
            named = table->columns[c];
    json_t *labels = json_object();
    for (size_t r = 0; r < rows; r++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", r + 1);
        json_object_set_new(labels, number, json_string(named ? named->texts[r] : number));
    }
    return labels;
}

/* Texts beside the first have no place among the values. */
static json_t *texts_json(const Samordning__V1__Table *table, size_t rows)
{
    json_t *texts = json_object();
    for (size_t c = 0; c < table->n_columns; c++) {
        if (!table->columns[c]->is_text)
            continue;
        json_t *values = json_array();
        for (size_t r = 0; r < rows; r++)
            json_array_append_new(values,
                                  table->columns[c]->texts[r][0] ? json_string(table->columns[c]->texts[r]) : json_null());
        json_object_set_new(texts, table->columns[c]->name, values);
    }
    return texts;
}

static json_t *dataset_json(const Samordning__V1__Result *result, const Samordning__V1__Table *table)
{
    size_t rows = table_rows(table), measures = 0;
    json_t *index = json_array(), *values = json_array(), *measured = json_array(), *units = json_object(),
           *names = json_object();
    for (size_t r = 0; r < rows; r++) {
        char number[24];
        snprintf(number, sizeof number, "%zu", r + 1);
        json_array_append_new(index, json_string(number));
    }
    for (size_t c = 0; c < table->n_columns; c++) {
        const Samordning__V1__Column *column = table->columns[c];
        if (column->is_text)
            continue;
        measures++;
        json_array_append_new(measured, json_string(column->name));
        json_object_set_new(names, column->name, json_string(column->definition[0] ? column->definition : column->name));
        json_object_set_new(units, column->name, json_pack("{ss}", "label", column->unit));
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < table->n_columns; c++)
            if (!table->columns[c]->is_text)
                json_array_append_new(values, isfinite(table->columns[c]->numbers[r]) ? json_real(table->columns[c]->numbers[r])
                                                                                      : json_null());
    return json_pack("{ss, ss, ss, ss, s[s, s], s[I, I], s{s{ss, s{so, so}}, s{ss, s{so, so, so}}}, s{s[s]}, so, s{so}}",
                     "version", "2.0", "class", "dataset", "label", table->name, "updated", result->card->computed_at, "id",
                     "row", "measure", "size", (json_int_t)rows, (json_int_t)measures, "dimension", "row", "label", "row",
                     "category", "index", index, "label", labels_json(table, rows), "measure", "label", "measure", "category",
                     "index", measured, "label", names, "unit", units, "role", "metric", "measure", "value", values,
                     "extension", "texts", texts_json(table, rows));
}

bool release_jsonstat(FILE *file, const Samordning__V1__Result *result)
{
    json_t *items = json_array();
    for (size_t t = 0; t < result->n_tables; t++)
        json_array_append_new(items, dataset_json(result, result->tables[t]));
    json_t *document = json_pack("{ss, ss, ss, s{so}}", "version", "2.0", "class", "collection", "label", result->card->family,
                                 "link", "item", items);
    bool good = document && json_dumpf(document, file, JSON_INDENT(1)) == 0;
    fputc('\n', file);
    json_decref(document);
    return good;
}
