/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of a paper (blocks, tables, figures) are written with: a pen on the current page, and tags. Lengths are in
 * points, from the upper left corner of the page.
 *
 * Errors are sticky: after one, drawing does nothing that matters and the paper is not delivered.
 */
#ifndef SAMORDNING_SHEET_H
#define SAMORDNING_SHEET_H

#include "node.h"

#include <cairo.h>
#include <glib.h>
#include <pango/pango.h>
#include <stdbool.h>

#define SHEET_WIDTH        595.276 /* A4 */
#define SHEET_HEIGHT       841.890
#define SHEET_LEFT         51.0
#define SHEET_TOP          51.0
#define SHEET_BOTTOM       56.0
#define SHEET_INNER        (SHEET_WIDTH - 2 * SHEET_LEFT)
#define SHEET_MEASURE      430.0 /* widest line of running text */
#define SHEET_LINE_SPACING 1.3F

enum sheet_colour { INK, QUIET, RULE, WASH, ACCENT, GUARD, GUARD_RULE };

struct sheet_style {
    double size; /* of the letters */
    bool bold, fixed_pitch, right;
    enum sheet_colour colour;
};

/* A structure element, in the order of their beginnings, with what cairo cannot write of it. */
struct sheet_element {
    char tag[16];
    char *alternative; /* of a picture; NULL = none */
    char *language;    /* where it is another than the document's; NULL = the same */
    char scope;        /* of a header cell: c, r; 0 = none */
};

struct sheet {
    cairo_surface_t *surface;
    cairo_t *pen;
    PangoLayout *layout;
    struct sheet_style font;    /* that is set, */
    const PangoLayout *font_of; /* of this layout */
    GByteArray *bytes;          /* of the file so far */
    GArray *elements;           /* struct sheet_element */
    GArray *open;               /* struct sheet_element: those that hold others, from the outside in */
    guint begun; /* that many of them are in the file: cairo takes an element without anything in it on its page for content */
    GHashTable *ids;     /* of the document: what may be linked to */
    const char *running; /* at the foot of each page */
    double y;            /* where the next block begins */
    int pages;
    int outline[7]; /* entry of the innermost heading of each level */
    char error[400];
};

bool sheet_failed(const struct sheet *sheet);
void sheet_fail(struct sheet *sheet, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sheet_colour(struct sheet *sheet, enum sheet_colour colour);

/* Elements that hold others, over any number of pages. One in which nothing was begun is not there. */
void sheet_open(struct sheet *sheet, const char *tag, const struct sheet_element *more);
void sheet_close(struct sheet *sheet);
void sheet_holders(struct sheet *sheet); /* puts those that were opened into the file: content follows at once */
/* Elements of content, begun and ended on one page. */
void sheet_begin(struct sheet *sheet, const char *tag);
void sheet_begin_with(struct sheet *sheet, const char *tag, const char *attributes, const struct sheet_element *more);
void sheet_end(struct sheet *sheet, const char *tag);

/* A new page unless so much is left of this one. */
void sheet_room(struct sheet *sheet, double height);
void sheet_turn(struct sheet *sheet);         /* ends the page and begins another */
double sheet_left(const struct sheet *sheet); /* height that is left */
void sheet_finish(struct sheet *sheet);

/* Filled box that is no part of the content. */
void sheet_box(struct sheet *sheet, enum sheet_colour colour, double x, double y, double width, double height);

/* The text within a node: blanks run together unless `as_is`, code in fixed pitch. To be freed with sheet_text_release. */
struct sheet_text {
    char *text;
    PangoAttrList *attributes; /* NULL = all letters are alike */
};
struct sheet_text sheet_text_of(xmlNode *node, bool as_is);
void sheet_text_release(struct sheet_text *text);

/* Sets the layout up for a text; width below 0 = one line. */
void sheet_set(struct sheet *sheet, const struct sheet_text *text, const struct sheet_style *style, double width);
double sheet_set_height(const struct sheet *sheet);
/* Texts of one line, each set once however often it stands. */
struct sheet_lines {
    GHashTable *plain, *bold; /* PangoLayout by text */
};
void sheet_lines_init(struct sheet_lines *lines);
void sheet_lines_release(struct sheet_lines *lines);
/* A text whose letters are all alike, in one line. The layout is of `lines`, and sheet's own is set up for something else. */
PangoLayout *sheet_lines_set(struct sheet_lines *lines, struct sheet *sheet, const struct sheet_text *text,
                             const struct sheet_style *style);

/* Draws what is set at y, over as many pages as it takes, as an element `tag`; moves y. */
void sheet_flow(struct sheet *sheet, const char *tag, const struct sheet_element *more, double x);
/* Draws what is set with its upper left corner at x, y on this page. */
void sheet_draw(struct sheet *sheet, double x, double y);

void sheet_table(struct sheet *sheet, xmlNode *table);
void sheet_figure(struct sheet *sheet, xmlNode *figure);
double sheet_figure_height(xmlNode *figure); /* of its picture */
void sheet_image(struct sheet *sheet, xmlNode *image, double height);
/* A small picture that says nothing the text beside it does not say. */
void sheet_key(struct sheet *sheet, xmlNode *svg, double x, double y, double side);
void sheet_block(struct sheet *sheet, xmlNode *node);
/* A block and all that follows it among its siblings. */
void sheet_blocks(struct sheet *sheet, xmlNode *first);

/* What cairo leaves out of the tags: language, alternatives, scopes, artifacts, title. On the heap, by malloc. */
bool sheet_tags(const struct sheet *sheet, const char *title, const char *language, const char *author, char **ret_pdf,
                size_t *ret_size, char ret_error[400]);

#endif
