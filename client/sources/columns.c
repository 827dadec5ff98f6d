/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which column of a file holds which field of an interaction. */
#include "columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *participation, *edges;
} field_names[FIELD_COUNT] = {
#define FIELD_NAMES(field, participation, edges) [field] = {participation, edges},
    FIELD_LIST(FIELD_NAMES)
#undef FIELD_NAMES
};

static const char *name_in(enum source_format format, enum field field)
{
    return format == SOURCE_FORMAT_EDGES ? field_names[field].edges : field_names[field].participation;
}

const char *columns_field_name(const struct columns *columns, enum field field)
{
    return name_in(columns->format, field);
}

static bool is_named(const char *name, const char *text, size_t size)
{
    return strlen(name) == size && strncasecmp(name, text, size) == 0;
}

static enum field find_field(enum source_format format, const char *text, size_t size)
{
    for (int field = 0; field < FIELD_COUNT; field++)
        if (size > 0 && is_named(name_in(format, (enum field)field), text, size))
            return (enum field)field;
    return FIELD_NONE;
}

/* What a map says about a field: *ret_column is the column's name; false when no map names the field. */
static bool find_map(const struct source_options *options, const char *name, const char **ret_column, size_t *ret_size)
{
    for (size_t i = 0; i < options->map_count; i++) {
        for (const char *entry = options->maps[i]; *entry;) {
            const char *stop = strchrnul(entry, ','), *equals = memchr(entry, '=', (size_t)(stop - entry));
            if (equals && is_named(name, entry, (size_t)(equals - entry))) {
                *ret_column = equals + 1;
                *ret_size = (size_t)(stop - equals - 1);
                return true;
            }
            entry = *stop ? stop + 1 : stop;
        }
    }
    return false;
}

static bool check_maps(enum source_format format, const struct source_options *options, struct errmsg *errmsg)
{
    for (size_t i = 0; i < options->map_count; i++) {
        for (const char *entry = options->maps[i]; *entry;) {
            const char *stop = strchrnul(entry, ','), *equals = memchr(entry, '=', (size_t)(stop - entry));
            int size = (int)((equals ? equals : stop) - entry);
            if (!equals) {
                errmsg_set(errmsg, "map", "\"%.*s\" is not of the form field=column", size, entry);
                return false;
            }
            if (find_field(format, entry, (size_t)size) == FIELD_NONE) {
                errmsg_set(errmsg, "map", "there is no field \"%.*s\" in a file of %s", size, entry,
                           format == SOURCE_FORMAT_EDGES ? "edges" : "participations");
                return false;
            }
            entry = *stop ? stop + 1 : stop;
        }
    }
    return true;
}

static void list_columns(const struct csv_row *header, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < header->count && used + 8 < size; i++) {
        int wrote =
            snprintf(text + used, size - used, "%s%.*s", i ? ", " : "", (int)header->fields[i].size, header->fields[i].text);
        used += (size_t)wrote;
    }
}

/* The header's column that holds a field under this format, FIELD_NONE-like -1 when none does. */
static int find_column(const struct csv_row *header, enum source_format format, enum field field,
                       const struct source_options *options, struct errmsg *errmsg, bool *ret_failed)
{
    const char *column = name_in(format, field);
    size_t size = strlen(column);
    if (size == 0)
        return -1;
    bool mapped = find_map(options, column, &column, &size);
    if (size == 0)
        return -1;
    int found = -1;
    for (size_t i = 0; i < header->count; i++) {
        if (header->fields[i].size != size || strncasecmp(header->fields[i].text, column, size) != 0)
            continue;
        if (found >= 0) {
            errmsg_set(errmsg, name_in(format, field), "the column \"%.*s\" stands twice in the header, as number %d and %zu",
                       (int)size, column, found + 1, i + 1);
            *ret_failed = true;
            return -1;
        }
        found = (int)i;
    }
    if (mapped && found < 0) {
        char names[300];
        list_columns(header, names, sizeof names);
        errmsg_set(errmsg, name_in(format, field), "there is no column \"%.*s\"; the columns are: %s", (int)size, column,
                   names);
        *ret_failed = true;
    }
    return found;
}

static enum source_format detect(const struct csv_row *header, const struct source_options *options, struct errmsg *errmsg)
{
    /* A column that stands twice is found too: columns_init says what is wrong with it. */
    bool twice = false;
    if ((find_column(header, SOURCE_FORMAT_EDGES, FIELD_ACTOR, options, NULL, &twice) >= 0 || twice) &&
        (find_column(header, SOURCE_FORMAT_EDGES, FIELD_FROM, options, NULL, &twice) >= 0 || twice))
        return SOURCE_FORMAT_EDGES;
    if (find_column(header, SOURCE_FORMAT_PARTICIPATION, FIELD_ACTOR, options, NULL, &twice) >= 0 || twice)
        return SOURCE_FORMAT_PARTICIPATION;
    char names[300];
    list_columns(header, names, sizeof names);
    errmsg_set(
        errmsg, "",
        "line 1 names neither a column \"actor\" (participations) nor the columns \"source\" and \"target\" (edges); the "
        "columns are: %s. Rename with --map, as in --map actor=COLUMN",
        names);
    return SOURCE_FORMAT_DETECT;
}

static bool read_constants(struct columns *columns, const struct source_options *options, struct errmsg *errmsg)
{
    for (size_t i = 0; i < options->constant_count; i++) {
        const char *text = options->constants[i], *equals = strchr(text, '=');
        if (!equals) {
            errmsg_set(errmsg, "set", "\"%s\" is not of the form field=value", text);
            return false;
        }
        enum field field = find_field(columns->format, text, (size_t)(equals - text));
        if (field == FIELD_NONE || field == FIELD_INTERACTION || field == FIELD_ID || field == FIELD_SOURCE_ID) {
            errmsg_set(errmsg, "set", "the field \"%.*s\" cannot be given one value for all rows", (int)(equals - text), text);
            return false;
        }
        columns->constants[field] = (struct csv_field){equals + 1, strlen(equals + 1)};
        columns->has[field] |= equals[1] != '\0';
    }
    return true;
}

enum status columns_init(struct columns *columns, const struct csv_row *header, const struct source_options *options,
                         struct errmsg *ret_errmsg)
{
    *columns = (struct columns){.format = options->format, .count = header->count};
    if (columns->format == SOURCE_FORMAT_DETECT)
        columns->format = detect(header, options, ret_errmsg);
    if (columns->format == SOURCE_FORMAT_DETECT || !check_maps(columns->format, options, ret_errmsg))
        return STATUS_INVALID;
    columns->field_of = malloc(header->count + 1);
    if (!columns->field_of)
        return STATUS_NO_MEMORY;
    memset(columns->field_of, FIELD_NONE, header->count + 1);
    for (int field = 0; field < FIELD_COUNT; field++) {
        bool failed = false;
        int column = find_column(header, columns->format, (enum field)field, options, ret_errmsg, &failed);
        if (failed)
            return STATUS_INVALID;
        if (column < 0)
            continue;
        if (columns->field_of[column] != FIELD_NONE) {
            errmsg_set(ret_errmsg, "map", "the column \"%.*s\" is used for both %s and %s", (int)header->fields[column].size,
                       header->fields[column].text, name_in(columns->format, columns->field_of[column]),
                       name_in(columns->format, (enum field)field));
            return STATUS_INVALID;
        }
        columns->field_of[column] = (unsigned char)field;
        columns->has[field] = true;
    }
    if (!read_constants(columns, options, ret_errmsg))
        return STATUS_INVALID;
    const enum field needed[] = {FIELD_ACTOR, columns->format == SOURCE_FORMAT_EDGES ? FIELD_FROM : FIELD_INTERACTION,
                                 FIELD_TIME, FIELD_TYPE};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (columns->has[needed[i]])
            continue;
        char names[250];
        list_columns(header, names, sizeof names);
        const char *name = name_in(columns->format, needed[i]);
        errmsg_set(ret_errmsg, name, "the column \"%s\" is missing; the columns are: %s. Name it with --map %s=COLUMN%s", name,
                   names, name, needed[i] == FIELD_TYPE ? ", or give all rows one with --type" : "");
        return STATUS_INVALID;
    }
    size_t used = 0;
    for (size_t i = 0; i < header->count && used + 8 < sizeof columns->unused; i++)
        if (columns->field_of[i] == FIELD_NONE)
            used += (size_t)snprintf(columns->unused + used, sizeof columns->unused - used, "%s%.*s", used ? ", " : "",
                                     (int)header->fields[i].size, header->fields[i].text);
    return STATUS_OK;
}

void columns_release(struct columns *columns)
{
    free(columns->field_of);
    columns->field_of = NULL;
}

bool columns_values(const struct columns *columns, const struct csv_row *row, struct csv_field ret_values[FIELD_COUNT + 1])
{
    if (row->count != columns->count)
        return false;
    memcpy(ret_values, columns->constants, sizeof columns->constants);
    for (size_t i = 0; i < row->count; i++)
        if (row->fields[i].size > 0)
            ret_values[columns->field_of[i]] = row->fields[i];
    return true;
}
