/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shows a result as the command line asks. */
#include "render.h"
#include "export_files.h"
#include "output.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

static int render_one(const struct view *view, const struct view_table *table, enum render_format format, const char *path)
{
    struct output output;
    if (!output_open(&output, path))
        return EXIT_CODE_INPUT;
    bool good = true;
    if (format == RENDER_CSV)
        render_csv(output.file, table);
    else if (format == RENDER_JSON)
        good = render_json(output.file, view, NULL);
    else
        render_table(output.file, view);
    if (!good) {
        output_abandon(&output);
        return EXIT_CODE_FAILED;
    }
    return output_commit(&output) ? EXIT_CODE_OK : EXIT_CODE_INPUT;
}

/* FILE.csv becomes FILE.NAME.csv. */
static int render_each(const struct view *view, const char *path)
{
    size_t stem = strlen(path);
    if (stem > 4 && strcmp(path + stem - 4, ".csv") == 0)
        stem -= 4;
    for (size_t i = 0; i < view->table_count; i++) {
        char *own;
        if (asprintf(&own, "%.*s.%s.csv", (int)stem, path, view->tables[i].table->name) < 0)
            return EXIT_CODE_FAILED;
        int code = render_one(view, &view->tables[i], RENDER_CSV, own);
        free(own);
        if (code != EXIT_CODE_OK)
            return code;
    }
    return EXIT_CODE_OK;
}

static int render_view(const struct view *view, enum render_format format, const char *path, const char *csv_table)
{
    if (format != RENDER_CSV)
        return render_one(view, NULL, format, path);
    if (view->table_count == 1)
        return render_one(view, &view->tables[0], format, path);
    if (path && strcmp(path, "-") != 0)
        return render_each(view, path);
    char names[400] = "";
    for (size_t i = 0; i < view->table_count; i++) {
        const char *name = view->tables[i].table->name;
        if (csv_table && strcmp(name, csv_table) == 0)
            return render_one(view, &view->tables[i], format, path);
        say_list(names, sizeof names, name);
    }
    say_error(_("the result has several tables (%s): choose one with --table, or write a file for each with --output"), names);
    return EXIT_CODE_USAGE;
}

int render_format_of(const struct arguments *arguments, bool is_network)
{
    static const char *const formats[] = {"table", "csv", "json", "graphml", "gexf", "pajek", "dl", NULL};
    static const char *const plain[] = {"table", "csv", "json", NULL};
    return arguments_choice(arguments, "format", is_network ? formats : plain, RENDER_TABLE);
}

/* Whether the result goes out with what belongs to an export: always in the formats of networks; as CSV when all of it goes to
 * files. */
static bool is_export(const struct view *view, enum render_format format, const struct arguments *arguments)
{
    bool to_file = strcmp(arguments_text(arguments, "output", "-"), "-") != 0;
    return format >= RENDER_JSON || (format == RENDER_CSV && to_file && view->table_count > 1);
}

int render_result(const Samordning__V1__Result *result, const struct arguments *arguments, bool is_network,
                  const char *csv_table)
{
    int format = render_format_of(arguments, is_network);
    struct view view;
    if (format < 0 || !view_init(&view, result, arguments))
        return EXIT_CODE_USAGE;
    int code = is_network && is_export(&view, (enum render_format)format, arguments)
                   ? export_write(&view, (enum render_format)format, arguments)
                   : render_view(&view, (enum render_format)format, arguments_text(arguments, "output", NULL), csv_table);
    view_release(&view);
    return code;
}
