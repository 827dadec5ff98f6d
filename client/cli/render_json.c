/* SPDX-License-Identifier: GPL-3.0-or-later
 * A view as JSON: the card, and each table as its columns' meaning and its rows as objects. */
#include "export_files.h"
#include "json.h"
#include "render.h"

#include <math.h>
#include <string.h>

static json_t *columns_json(const struct view_table *shown)
{
    json_t *columns = json_array();
    for (size_t c = 0; c < shown->column_count; c++) {
        const Samordning__V1__Column *column = shown->columns[c];
        json_t *about = json_pack("{ss}", "name", column->name);
        if (column->unit && column->unit[0])
            json_object_set_new(about, "unit", json_string(column->unit));
        if (column->definition && column->definition[0])
            json_object_set_new(about, "definition", json_string(column->definition));
        if (column->source && column->source[0])
            json_object_set_new(about, "source", json_string(column->source));
        json_array_append_new(columns, about);
    }
    return columns;
}

static json_t *cell_json(const Samordning__V1__Column *column, size_t row)
{
    if (column->is_text)
        return column->texts[row][0] ? json_string(column->texts[row]) : json_null();
    double number = column->numbers[row];
    if (!isfinite(number))
        return json_null();
    if (number == floor(number) && fabs(number) < 9e15)
        return json_integer((json_int_t)number);
    return json_real(number);
}

static json_t *rows_json(const struct view_table *shown)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < shown->row_count; r++) {
        json_t *row = json_object();
        for (size_t c = 0; c < shown->column_count; c++)
            json_object_set_new(row, shown->columns[c]->name, cell_json(shown->columns[c], shown->rows[r]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *unknown_json(const struct export *network)
{
    json_t *pairs = network->unknown_listed || network->unknown_count == 0 ? json_array() : json_null();
    for (size_t i = 0; i < network->unknown_listed; i++)
        json_array_append_new(
            pairs, json_pack("[s, s]", network->id->texts[network->unknown[i][0]], network->id->texts[network->unknown[i][1]]));
    return pairs;
}

bool render_json(FILE *file, const struct view *view, const struct export *network)
{
    json_t *document = json_object();
    if (view->result->id && view->result->id[0])
        json_object_set_new(document, "id", json_string(view->result->id));
    if (view->result->card)
        json_object_set_new(document, "card", json_from_message(&view->result->card->base));
    json_t *tables = json_object();
    for (size_t i = 0; i < view->table_count; i++) {
        json_t *table = json_object();
        json_object_set_new(table, "columns", columns_json(&view->tables[i]));
        json_object_set_new(table, "rows", rows_json(&view->tables[i]));
        json_object_set_new(tables, view->tables[i].table->name, table);
    }
    json_object_set_new(document, "tables", tables);
    if (network && network->reported)
        json_object_set_new(document, "unknown_dyads", unknown_json(network));
    bool good = document && json_dumpf(document, file, JSON_INDENT(1)) == 0;
    fputc('\n', file);
    json_decref(document);
    return good;
}
