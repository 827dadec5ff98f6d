/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of formats.
 */
#include "format.h"

#include "export.h"
#include "json.h"
#include "result_table.h"

#include <string.h>

const Samordning__V1__Table *format_table(const Samordning__V1__Result *result, const char *name, struct errmsg *ret_errmsg)
{
    char list[300] = "";
    for (size_t i = 0; i < result->n_tables; i++) {
        size_t used = strlen(list);
        if (name[0] == '\0' || strcmp(result->tables[i]->name, name) == 0)
            return result->tables[i];
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", result->tables[i]->name);
    }
    errmsg_set(ret_errmsg, "table", "there is no such table; there are: %s", list);
    return NULL;
}

enum status format_json_write(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg)
{
    json_t *json = json_from_message(&result->base);
    bool good = json != NULL && json_dumpf(json, file, JSON_COMPACT) == 0 && putc('\n', file) != EOF;
    json_decref(json);
    return good ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status write_csv(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg)
{
    const Samordning__V1__Table *chosen = format_table(result, table, ret_errmsg);
    if (chosen == NULL)
        return STATUS_INVALID;
    return format_csv(file, (const Samordning__V1__Column *const *)chosen->columns, chosen->n_columns, NULL, table_rows(chosen))
               ? STATUS_OK
               : STATUS_NO_MEMORY;
}

static enum status write_network(FILE *file, const Samordning__V1__Result *result, struct errmsg *ret_errmsg,
                                 bool (*write)(FILE *file, const struct export *network))
{
    struct export network;
    enum status status = export_init(&network, result, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (!write(file, &network))
        status = STATUS_NO_MEMORY;
    export_release(&network);
    return status;
}

static enum status write_graphml(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg)
{
    return write_network(file, result, ret_errmsg, export_graphml);
}

static enum status write_gexf(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg)
{
    return write_network(file, result, ret_errmsg, export_gexf);
}

const struct format formats[] = {
    {"json", "application/json", "json", false, false, format_json_write},
    {"csv", "text/csv; charset=utf-8", "csv", false, true, write_csv},
    {"jsonstat", "application/vnd.json-stat+json", "json", false, false, format_jsonstat_write},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", false, false, format_xlsx_write},
    {"graphml", "application/graphml+xml", "graphml", true, false, write_graphml},
    {"gexf", "application/gexf+xml", "gexf", true, false, write_gexf},
};
const size_t format_count = sizeof formats / sizeof formats[0];

const struct format *format_find(const char *name)
{
    for (size_t i = 0; i < format_count; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}
