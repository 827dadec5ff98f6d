/* SPDX-License-Identifier: GPL-3.0-or-later
 * One accessible, self-contained HTML file from the results of one network specification, in bokmål, nynorsk or English.
 *
 * Sections stand in the order of the questions they answer (sections.c); a result whose family has no section is left alone.
 * The network result has the tables `nodes` (actor, name, abbreviation, kind, sector, reported 0/1) and `edges` (from, to,
 * weight, count), actors by their keys; the others are the results of the families of the same names.
 *
 * Reads result objects only: what a family did not compute, or names differently, is said in the text and left out. The same
 * input gives the same bytes. No script, no reference to anything outside the file, and nothing from the input reaches the page
 * unescaped.
 */
#ifndef SAMORDNING_REPORT_H
#define SAMORDNING_REPORT_H

#include "result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_MEDIA_TYPE "text/html; charset=utf-8"

/* How actors and sectors are called in the language of the report. Without a row an actor is called what the network result
 * says, and a sector what it is coded as. */
struct report_name {
    const char *key; /* actor key, or sector */
    const char *name;
    const char *abbreviation; /* NULL = none */
};

/* What somebody the report tells of says to it, as it was sent: printed as it is, by whom and when. */
struct report_comment {
    const char *who, *text;
    int32_t day; /* since 1970-01-01 */
};

struct report_input {
    const char *operator_name; /* who answers for this installation; NULL = not stated */
    const char *logo;          /* its picture, as a data: URI of PNG or SVG; NULL = none */
    bool is_public;            /* for everybody: the results were changed by disclosure_apply() */
    double minimum_cell;       /* what they were changed by */
    const char *only_actor;    /* key: the results are its excerpts, shown to it alone; NULL = of all */
    int32_t comments_until;    /* last day on which comments are taken; 0 = none are asked for */
    const struct report_comment *comments;
    size_t comment_count;
    const char *title;                   /* NULL = the usual one */
    const struct result *const *results; /* one for each family computed, in any order, told apart by card.family; NULLs are
                                            passed over */
    size_t result_count;
    const struct report_name *actor_names;
    size_t actor_name_count; /* in any order */
    const struct report_name *sector_names;
    size_t sector_name_count;
    double labels_waiting; /* names no operator has resolved yet, of all periods; NaN = not counted */
};

/* The families a report is made of, `network` first; what is not among the results is said to be missing. A row of a table:
 * NULL beyond its end. */
const char *report_family(size_t index);
const struct result *report_result(const struct report_input *input, const char *family); /* NULL = not computed */

/* `language` is nb, nn or en. The document is on the heap, UTF-8, NUL-terminated. False: ret_error says why. */
__attribute__((warn_unused_result)) bool report_render(const struct report_input *input, const char *language, char **ret_html,
                                                       size_t *ret_size, char ret_error[400]);

#endif
