/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pajek: a network a file, in UTF-8 with quoted labels, and partitions of its vertices.
 *
 * Without a byte order mark, which igraph and NetworkX refuse. One relation a file, because both read only one. */
#include "command.h"
#include "export_files.h"
#include "say.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool export_pajek(FILE *file, const struct export *network, const struct export_relation *relation,
                  const struct export_labels *labels)
{
    fprintf(file, "*Vertices %zu\n", network->node_count);
    for (size_t i = 0; i < network->node_count; i++)
        fprintf(file, "%zu \"%s\"\n", i + 1, labels->texts[i]);
    fputs(relation->directed ? "*Arcs\n" : "*Edges\n", file);
    for (size_t i = 0; i < relation->count; i++) {
        char number[RENDER_NUMBER_SIZE];
        render_number(relation->ties[i].weight, number);
        fprintf(file, "%zu %zu %s\n", relation->ties[i].from + 1, relation->ties[i].to + 1, number);
    }
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool export_pajek_classes(const struct export *network, const Samordning__V1__Column *column, const char ***ret_classes,
                          size_t *ret_count)
{
    const char **classes = calloc(network->node_count + 1, sizeof *classes);
    size_t count = 0, kept = 0;
    if (!classes) {
        say_error(_("out of memory"));
        return false;
    }
    for (size_t i = 0; i < network->node_count; i++)
        if (column->texts[i][0])
            classes[count++] = column->texts[i];
    qsort(classes, count, sizeof *classes, compare_texts);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(classes[kept - 1], classes[i]) != 0)
            classes[kept++] = classes[i];
    *ret_classes = classes;
    *ret_count = kept;
    return true;
}

bool export_pajek_partition(FILE *file, const struct export *network, const Samordning__V1__Column *column)
{
    const char **classes = NULL;
    size_t count = 0;
    if (column->is_text && !export_pajek_classes(network, column, &classes, &count))
        return false;
    fprintf(file, "*Vertices %zu\n", network->node_count);
    for (size_t i = 0; i < network->node_count; i++) {
        size_t class = 0;
        if (!column->is_text) {
            class = isfinite(column->numbers[i]) && column->numbers[i] != 0;
        } else if (column->texts[i][0]) {
            const char *const *found = bsearch(&column->texts[i], classes, count, sizeof *classes, compare_texts);
            class = found ? (size_t)(found - classes) + 1 : 0;
        }
        fprintf(file, "%zu\n", class);
    }
    free(classes);
    return true;
}
