/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows by the names of their columns. */
#include "csv_table.h"
#include "command.h"
#include "say.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static bool bind(struct csv_table *table, const struct csv_row *header, const struct csv_table_column *columns)
{
    table->width = header->count;
    for (size_t k = 0; k < table->count; k++) {
        table->columns[k] = -1;
        for (size_t i = 0; i < header->count; i++)
            if (header->fields[i].size == strlen(columns[k].name) &&
                strncasecmp(header->fields[i].text, columns[k].name, header->fields[i].size) == 0)
                table->columns[k] = (int)i;
        if (table->columns[k] < 0 && columns[k].needed) {
            say_error(_("%s: the column \"%s\" is missing"), table->path, columns[k].name);
            return false;
        }
    }
    return true;
}

bool csv_table_open(struct csv_table *table, const char *path, bool accept_latin1, char delimiter, struct arena *arena,
                    size_t count, const struct csv_table_column *columns)
{
    struct errmsg errmsg = {.text = ""};
    struct input *input;
    struct csv_row header;
    assert(count <= CSV_TABLE_COLUMNS_MAX);
    *table = (struct csv_table){.path = path, .arena = arena, .count = count};
    if (input_open(path, accept_latin1, &input, &errmsg) != STATUS_OK ||
        csv_reader_create(input, delimiter, &table->csv) != STATUS_OK) {
        say_error("%s", errmsg.text[0] ? errmsg.text : _("out of memory"));
        return false;
    }
    switch (csv_reader_next(table->csv, &header, &errmsg)) {
    case CSV_ROW:
        return bind(table, &header, columns);
    case CSV_BAD:
        say_error("%s: %s", path, header.reason);
        return false;
    case CSV_END:
        say_error("%s: %s", path, _("the file is empty"));
        return false;
    case CSV_FAILED:
        break;
    }
    say_error("%s: %s", path, errmsg.text);
    return false;
}

static const char *copy(struct csv_table *table, const struct csv_field *field)
{
    if (field->size == 0)
        return "";
    char *text = arena_alloc(table->arena, field->size + 1);
    if (text) {
        memcpy(text, field->text, field->size);
        text[field->size] = '\0';
    }
    return text;
}

enum csv_state csv_table_next(struct csv_table *table, const char **ret_cells, uint64_t *ret_line, const char **ret_reason)
{
    struct csv_row row;
    struct errmsg errmsg = {.text = ""};
    enum csv_state state = csv_reader_next(table->csv, &row, &errmsg);
    if (state == CSV_FAILED)
        say_error("%s: %s", table->path, errmsg.text);
    if (state == CSV_FAILED || state == CSV_END)
        return state;
    *ret_line = row.line;
    if (state == CSV_BAD || row.count != table->width) {
        *ret_reason = state == CSV_BAD ? row.reason : _("has another number of columns than the header");
        return CSV_BAD;
    }
    for (size_t k = 0; k < table->count; k++) {
        ret_cells[k] = table->columns[k] < 0 ? "" : copy(table, &row.fields[table->columns[k]]);
        if (!ret_cells[k]) {
            say_error(_("out of memory"));
            return CSV_FAILED;
        }
    }
    return CSV_ROW;
}

void csv_table_close(struct csv_table *table)
{
    csv_reader_destroy(table->csv);
    table->csv = NULL;
}
