/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as the files of other programs, with what belongs to it and a note of what the format does not hold.
 */
#ifndef SAMORDNING_EXPORT_FILES_H
#define SAMORDNING_EXPORT_FILES_H

#include "export.h"
#include "render.h"

/* Labels that a format and the programs that read it can hold, one a node, all different. */
enum export_labels_kind { EXPORT_LABELS_PAJEK, EXPORT_LABELS_PAJEK_ASCII, EXPORT_LABELS_DL, EXPORT_LABELS_DL_ASCII };
struct export_labels {
    char **texts;
    size_t count, changed;
};
bool export_labels_init(struct export_labels *labels, const struct export *network, enum export_labels_kind kind);
void export_labels_release(struct export_labels *labels);
/* number, label, actor, name: what leads back. */
void export_labels_csv(FILE *file, const struct export *network, const struct export_labels *labels);

/* One relation as a Pajek network. */
bool export_pajek(FILE *file, const struct export *network, const struct export_relation *relation,
                  const struct export_labels *labels);
/* A partition of the nodes by a column: classes are numbered from 1 in the order of their names, 0 = missing. */
bool export_pajek_partition(FILE *file, const struct export *network, const Samordning__V1__Column *column);
/* The class names of such a partition, sorted; false: out of memory (said). `*ret_classes` is for free(), the texts are not. */
bool export_pajek_classes(const struct export *network, const Samordning__V1__Column *column, const char ***ret_classes,
                          size_t *ret_count);

/* UCINET DL. Only the first relation with `only_ties`. */
bool export_dl(FILE *file, const struct export *network, const struct export_labels *labels, bool only_ties);
/* Whether that is one relation, as an edge list (what igraph reads), or several, as whole matrices. */
bool export_dl_is_single(const struct export *network, bool only_ties);

/* Tables beside the result's own. */
void export_unknown_csv(FILE *file, const struct export *network);
void export_card_csv(FILE *file, const struct export *network);

/* What the format does not hold of this network, in words. */
void export_fidelity(FILE *file, const struct export *network, enum render_format format, const struct export_labels *labels,
                     bool only_ties);

/* Writes the network as --format, --output, --labels and --table say: to standard output the main document alone, to a file
 * what belongs to it as well, and FILE.fidelity.txt. Returns the exit code. */
int export_write(const struct view *view, enum render_format format, const struct arguments *arguments);

#endif
