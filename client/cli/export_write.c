/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files of an export. Each appears whole or not at all, the main one last, so that what belongs to it is there when it is.
 */
#include "command.h"
#include "export_files.h"
#include "output.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

/* What export_init may say, for the translators. */
__attribute__((unused)) static const char *const reasons[] = {
    N_("this result is no network: it has no tables nodes and edges"),
    N_("this result is no network: a row of this table does not join two of its nodes")};

struct writing {
    const struct export *network;
    const struct view *view;
    enum render_format format;
    const struct export_labels *labels;
    bool only_ties;
    const char *path; /* NULL: standard output */
    int code;         /* sticky */
};

/* What one file holds: the writer and the thing it writes. */
enum part {
    PART_MAIN,
    PART_OBJECTIONS,
    PART_SECTOR,
    PART_REPORTED,
    PART_LABELS,
    PART_UNKNOWN,
    PART_CARD,
    PART_TABLE,
    PART_FIDELITY
};

static bool no_write(const char *format)
{
    say_error(_("could not write %s"), format);
    return false;
}

static bool write_main(const struct writing *writing, FILE *file)
{
    const struct export *network = writing->network;
    switch (writing->format) {
    case RENDER_GRAPHML:
        return export_graphml(file, network) || no_write("GraphML");
    case RENDER_GEXF:
        return export_gexf(file, network) || no_write("GEXF");
    case RENDER_PAJEK:
        return export_pajek(file, network, &network->relations[0], writing->labels);
    case RENDER_DL:
        return export_dl(file, network, writing->labels, writing->only_ties);
    case RENDER_JSON:
        return render_json(file, writing->view, network);
    case RENDER_CSV:
    case RENDER_TABLE:
        break;
    }
    return false;
}

static bool write_part(const struct writing *writing, enum part part, const void *what, FILE *file)
{
    const struct export *network = writing->network;
    switch (part) {
    case PART_MAIN:
        return write_main(writing, file);
    case PART_OBJECTIONS:
        return export_pajek(file, network, what, writing->labels);
    case PART_SECTOR:
    case PART_REPORTED:
        return export_pajek_partition(file, network, what);
    case PART_LABELS:
        export_labels_csv(file, network, writing->labels);
        return true;
    case PART_UNKNOWN:
        export_unknown_csv(file, network);
        return true;
    case PART_CARD:
        export_card_csv(file, network);
        return true;
    case PART_TABLE:
        render_csv(file, what);
        return true;
    case PART_FIDELITY:
        export_fidelity(file, network, writing->format, writing->labels, writing->only_ties);
        return true;
    }
    return false;
}

/* `ending` NULL: the path itself. Else the path without its own ending, and this one. */
static void write_file(struct writing *writing, enum part part, const void *what, const char *middle, const char *ending)
{
    if (writing->code != EXIT_CODE_OK)
        return;
    char *path = NULL;
    const char *name = writing->path ? strrchr(writing->path, '/') : NULL;
    const char *dot = writing->path ? strrchr(name ? name : writing->path, '.') : NULL;
    size_t stem = dot && dot != writing->path && dot[-1] != '/' ? (size_t)(dot - writing->path)
                  : writing->path                               ? strlen(writing->path)
                                                                : 0;
    if (ending && asprintf(&path, "%.*s.%s.%s", (int)stem, writing->path, middle, ending) < 0)
        path = NULL;
    struct output output;
    if (ending && !path) {
        say_error(_("out of memory"));
        writing->code = EXIT_CODE_FAILED;
    } else if (!output_open(&output, ending ? path : writing->path)) {
        writing->code = EXIT_CODE_INPUT;
    } else if (!write_part(writing, part, what, output.file)) {
        output_abandon(&output);
        writing->code = EXIT_CODE_FAILED;
    } else if (!output_commit(&output)) {
        writing->code = EXIT_CODE_INPUT;
    }
    free(path);
}

static void write_beside(struct writing *writing)
{
    const struct export *network = writing->network;
    if (writing->format == RENDER_PAJEK) {
        for (size_t i = 0; i < network->relation_count; i++)
            if (network->relations[i].negative)
                write_file(writing, PART_OBJECTIONS, &network->relations[i], "objections", "net");
        if (network->sector)
            write_file(writing, PART_SECTOR, network->sector, "sector", "clu");
        if (network->reported)
            write_file(writing, PART_REPORTED, network->reported, "reported", "clu");
    }
    if (writing->labels && writing->labels->changed > 0)
        write_file(writing, PART_LABELS, NULL, "labels", "csv");
    if (writing->format == RENDER_CSV) {
        for (size_t i = 0; i < writing->view->table_count; i++)
            write_file(writing, PART_TABLE, &writing->view->tables[i], writing->view->tables[i].table->name, "csv");
        write_file(writing, PART_CARD, NULL, "card", "csv");
        if (network->unknown_count > 0)
            write_file(writing, PART_UNKNOWN, NULL, "unknown", "csv");
    }
    write_file(writing, PART_FIDELITY, NULL, "fidelity", "txt");
}

int export_write(const struct view *view, enum render_format format, const struct arguments *arguments)
{
    static const char *const kinds[] = {"utf8", "ascii", NULL};
    int kind = arguments_choice(arguments, "labels", kinds, format == RENDER_DL);
    const char *path = arguments_text(arguments, "output", "-"), *table = arguments_text(arguments, "table", "");
    struct export network;
    struct export_labels labels = {0};
    if (kind < 0)
        return EXIT_CODE_USAGE;
    struct errmsg errmsg = {0};
    if (export_init(&network, view->result, &errmsg) != STATUS_OK) {
        say_error("%s", _(errmsg.text));
        return EXIT_CODE_FAILED;
    }
    struct writing writing = {.network = &network,
                              .view = view,
                              .format = format,
                              .only_ties = strcmp(table, "edges") == 0,
                              .path = strcmp(path, "-") == 0 ? NULL : path};
    if (format == RENDER_PAJEK || format == RENDER_DL) {
        enum export_labels_kind wanted = format == RENDER_DL ? (kind ? EXPORT_LABELS_DL_ASCII : EXPORT_LABELS_DL)
                                                             : (kind ? EXPORT_LABELS_PAJEK_ASCII : EXPORT_LABELS_PAJEK);
        writing.labels = &labels;
        if (!export_labels_init(&labels, &network, wanted))
            writing.code = EXIT_CODE_FAILED;
    }
    if (writing.path && writing.code == EXIT_CODE_OK)
        write_beside(&writing);
    if (format != RENDER_CSV)
        write_file(&writing, PART_MAIN, NULL, NULL, NULL);
    export_labels_release(&labels);
    export_release(&network);
    return writing.code;
}
