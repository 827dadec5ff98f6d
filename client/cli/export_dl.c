/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as UCINET DL.
 *
 * One relation is an edge list (EDGELIST1), an undirected tie as both of its arcs. Several relations (the ties or those of each
 * layer, the objections, and `unknown`, which is 1 where a dyad is not known to be without a tie) are whole matrices one after
 * the other (NM), the form the format documents for that; a 0 of another matrix means "no" only where `unknown` is 0. */
#include "ascii.h"
#include "command.h"
#include "export_files.h"
#include "say.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define DL_CELLS_MAX ((size_t)1 << 26) /* about 130 MB of zeros */
#define DL_NAME_MAX  18                /* as for labels of actors */

static size_t choose(const struct export *network, bool only_ties, const struct export_relation **chosen)
{
    size_t count = 0;
    for (size_t i = 0; i < network->relation_count; i++) {
        const struct export_relation *relation = &network->relations[i];
        if (only_ties ? i == 0
                      : relation->negative || network->layer_count == 0 || i >= network->relation_count - network->layer_count)
            chosen[count++] = relation;
    }
    return count;
}

bool export_dl_is_single(const struct export *network, bool only_ties)
{
    const struct export_relation *chosen[EXPORT_RELATIONS_MAX];
    return only_ties || (choose(network, false, chosen) == 1 && network->unknown_listed == 0);
}

static void write_labels(FILE *file, const struct export_labels *labels)
{
    fputs("LABELS:\n", file);
    for (size_t i = 0; i < labels->count; i++)
        fprintf(file, "%s\n", labels->texts[i]);
}

static void write_number(FILE *file, double value)
{
    char number[RENDER_NUMBER_SIZE];
    render_number(value, number);
    fputs(number[0] ? number : "0", file);
}

static void write_list(FILE *file, const struct export_relation *relation)
{
    for (size_t i = 0; i < relation->count; i++) {
        const struct export_tie *tie = &relation->ties[i];
        for (int turned = 0; turned < (relation->directed ? 1 : 2); turned++) {
            fprintf(file, "%zu %zu ", (turned ? tie->to : tie->from) + 1, (turned ? tie->from : tie->to) + 1);
            write_number(file, tie->weight);
            putc('\n', file);
        }
    }
}

static void write_matrix(FILE *file, const double *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            if (k)
                putc(' ', file);
            write_number(file, cells[i * n + k]);
        }
        putc('\n', file);
    }
}

static void set(double *cells, size_t n, bool directed, size_t from, size_t to, double value)
{
    cells[from * n + to] = value;
    if (!directed)
        cells[to * n + from] = value;
}

static bool write_matrices(FILE *file, const struct export *network, const struct export_relation *const *chosen, size_t count)
{
    size_t n = network->node_count, cells_size = n * n * sizeof(double);
    double *cells = malloc(cells_size + 1);
    if (!cells) {
        say_error(_("out of memory"));
        return false;
    }
    for (size_t r = 0; r < count; r++) {
        memset(cells, 0, cells_size);
        for (size_t i = 0; i < chosen[r]->count; i++)
            set(cells, n, chosen[r]->directed, chosen[r]->ties[i].from, chosen[r]->ties[i].to, chosen[r]->ties[i].weight);
        write_matrix(file, cells, n);
    }
    memset(cells, 0, cells_size);
    for (size_t i = 0; i < network->unknown_listed; i++)
        set(cells, n, network->directed, network->unknown[i][0], network->unknown[i][1], 1);
    if (network->unknown_listed > 0)
        write_matrix(file, cells, n);
    free(cells);
    return true;
}

/* In ASCII, and numbered where it had to be cut, so that no two are the same. */
static void write_name(FILE *file, const char *name, size_t number)
{
    char text[DL_NAME_MAX + 8] = "";
    size_t length = 0;
    while (*name && length < DL_NAME_MAX) {
        char ascii[4];
        name += ascii_of(name, ascii);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", ascii);
    }
    if (*name || length > DL_NAME_MAX)
        snprintf(text + DL_NAME_MAX - 5, 6, "~%04zu", number % 10000);
    fprintf(file, "%s\n", text);
}

static void write_names(FILE *file, const struct export_relation *const *chosen, size_t count, bool with_unknown)
{
    fputs("MATRIX LABELS:\n", file);
    for (size_t r = 0; r < count; r++)
        write_name(file, chosen[r]->name, r + 1);
    if (with_unknown)
        fputs("unknown\n", file);
}

bool export_dl(FILE *file, const struct export *network, const struct export_labels *labels, bool only_ties)
{
    const struct export_relation *chosen[EXPORT_RELATIONS_MAX];
    size_t count = choose(network, only_ties, chosen), n = network->node_count;
    assert(count > 0); /* the network itself is a relation */
    if (export_dl_is_single(network, only_ties)) {
        fprintf(file, "DL N=%zu\nFORMAT=EDGELIST1\n", n);
        write_labels(file, labels);
        fputs("DATA:\n", file);
        write_list(file, chosen[0]);
        return true;
    }
    size_t matrices = count + (network->unknown_listed > 0);
    if (n > 0 && (n > DL_CELLS_MAX / n || n * n > DL_CELLS_MAX / matrices)) {
        say_error(_("UCINET DL holds several relations as whole matrices, and %zu of %zu actors are too large: choose a higher "
                    "--level, or "
                    "--table edges for the ties alone as a list"),
                  matrices, n);
        return false;
    }
    fprintf(file, "DL N=%zu NM=%zu\nFORMAT=FULLMATRIX\n", n, matrices);
    write_labels(file, labels);
    write_names(file, chosen, count, network->unknown_listed > 0);
    fputs("DATA:\n", file);
    return write_matrices(file, network, chosen, count);
}
