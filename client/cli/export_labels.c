/* SPDX-License-Identifier: GPL-3.0-or-later
 * Node labels for formats that cannot hold every text, and the way back. */
#include "ascii.h"
#include "command.h"
#include "export_files.h"
#include "say.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DL_LABEL_MAX 18 /* UCINET cuts longer ones, and tells labels apart without regard to case */

static bool is_dl(enum export_labels_kind kind)
{
    return kind == EXPORT_LABELS_DL || kind == EXPORT_LABELS_DL_ASCII;
}

static bool is_ascii(enum export_labels_kind kind)
{
    return kind == EXPORT_LABELS_PAJEK_ASCII || kind == EXPORT_LABELS_DL_ASCII;
}

/* What a byte becomes. Pajek ends a quoted label at the next quote and has no escape (and some readers take \ for one); DL has
 * labels between blanks, commas, = and ends them at "data:". */
static char allowed(enum export_labels_kind kind, char byte)
{
    if ((unsigned char)byte < ' ' || byte == 0x7F)
        return is_dl(kind) ? '_' : ' ';
    if (!is_dl(kind))
        return byte == '"' ? '\'' : byte == '\\' ? '/' : byte;
    return strchr(" ,=:;\"'!", byte) ? '_' : byte;
}

static char *rewrite(const char *key, enum export_labels_kind kind)
{
    char *label = malloc(3 * strlen(key) + 2), *to = label;
    while (label && *key) {
        char ascii[4] = {key[0], '\0'};
        key += is_ascii(kind) ? ascii_of(key, ascii) : 1;
        for (const char *at = ascii; *at; at++)
            *to++ = allowed(kind, *at);
    }
    if (!label)
        return NULL;
    if (to == label)
        *to++ = '_';
    if (kind == EXPORT_LABELS_DL_ASCII && to - label > DL_LABEL_MAX)
        to = label + DL_LABEL_MAX;
    *to = '\0';
    return label;
}

struct sorted {
    char *const *texts;
    bool blind; /* to case */
};

static int compare_labels(const void *a, const void *b, void *arg)
{
    const struct sorted *sorted = arg;
    const char *left = sorted->texts[*(const size_t *)a], *right = sorted->texts[*(const size_t *)b];
    int order = sorted->blind ? strcasecmp(left, right) : strcmp(left, right);
    return order ? order : (*(const size_t *)a > *(const size_t *)b) - (*(const size_t *)a < *(const size_t *)b);
}

/* Ends a label in ~N, cut so that it still fits. */
static char *number_label(const char *label, enum export_labels_kind kind, size_t number)
{
    char ending[24], *numbered;
    snprintf(ending, sizeof ending, "~%zu", number);
    size_t keep = strlen(label);
    if (kind == EXPORT_LABELS_DL_ASCII && keep + strlen(ending) > DL_LABEL_MAX)
        keep = DL_LABEL_MAX - strlen(ending);
    return asprintf(&numbered, "%.*s%s", (int)keep, label, ending) < 0 ? NULL : numbered;
}

/* Labels that are equal get their node's number; that may make new equals, so until there are none. False: out of memory. */
static bool separate(struct export_labels *labels, enum export_labels_kind kind)
{
    struct sorted sorted = {labels->texts, is_dl(kind)};
    size_t *order = calloc(labels->count + 1, sizeof *order);
    bool again = order != NULL, good = order != NULL;
    for (int round = 0; again && good && round < 8; round++) {
        again = false;
        for (size_t i = 0; i < labels->count; i++)
            order[i] = i;
        qsort_r(order, labels->count, sizeof *order, compare_labels, &sorted);
        char *first = labels->count ? labels->texts[order[0]] : NULL;
        for (size_t i = 1; i < labels->count && good; i++) {
            char **text = &labels->texts[order[i]];
            bool equal = sorted.blind ? strcasecmp(first, *text) == 0 : strcmp(first, *text) == 0;
            if (!equal) {
                first = *text;
                continue;
            }
            char *numbered = number_label(*text, kind, order[i] + 1);
            good = numbered != NULL;
            again = true;
            if (good) {
                free(*text);
                *text = numbered;
            }
        }
    }
    free(order);
    return good && !again;
}

bool export_labels_init(struct export_labels *labels, const struct export *network, enum export_labels_kind kind)
{
    *labels = (struct export_labels){.texts = calloc(network->node_count + 1, sizeof(char *))};
    bool good = labels->texts != NULL;
    for (size_t i = 0; good && i < network->node_count; i++) {
        labels->texts[i] = rewrite(network->id->texts[i], kind);
        labels->count++;
        good = labels->texts[i] != NULL;
    }
    if (!good || !separate(labels, kind)) {
        export_labels_release(labels);
        say_error(_("out of memory"));
        return false;
    }
    for (size_t i = 0; i < labels->count; i++)
        labels->changed += strcmp(labels->texts[i], network->id->texts[i]) != 0;
    return true;
}

void export_labels_release(struct export_labels *labels)
{
    for (size_t i = 0; labels->texts && i < labels->count; i++)
        free(labels->texts[i]);
    free(labels->texts);
    *labels = (struct export_labels){0};
}

void export_labels_csv(FILE *file, const struct export *network, const struct export_labels *labels)
{
    fputs("number,label,actor,name\n", file);
    for (size_t i = 0; i < labels->count; i++) {
        const char *const texts[] = {labels->texts[i], network->id->texts[i], network->name ? network->name->texts[i] : ""};
        fprintf(file, "%zu", i + 1);
        for (size_t k = 0; k < 3; k++) {
            putc(',', file);
            render_csv_text(file, texts[k]);
        }
        putc('\n', file);
    }
}
