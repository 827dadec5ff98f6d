/* SPDX-License-Identifier: GPL-3.0-or-later
 * An HTML page being written: well-formed by construction, every text escaped, every heading one level below the one around it.
 *
 * HTML in its XML syntax, so that a browser reads it as HTML and anybody's XML parser can check it. Errors are sticky: after
 * running out of memory every call is a no-op and page_finish() returns false.
 */
#ifndef SAMORDNING_PAGE_H
#define SAMORDNING_PAGE_H

#include "language.h"

#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <stddef.h>

#define PAGE_DEPTH_MAX 32
#define PAGE_TEXT_MAX  8192

struct page {
    xmlTextWriter *writer;
    xmlBuffer *buffer;
    const struct language *language;
    unsigned level; /* of the innermost heading */
    unsigned depth;
    bool is_void[PAGE_DEPTH_MAX]; /* opened by page_open_void: may be written as <x/> */
    bool failed;
};

__attribute__((warn_unused_result)) bool page_init(struct page *page, const struct language *language);
void page_release(struct page *page);
/* The document as UTF-8 text on the heap, NUL-terminated. */
__attribute__((warn_unused_result)) bool page_finish(struct page *page, char **ret_html, size_t *ret_size);

/* Elements. Attributes are pairs of name and value, ended by NULL; a pair whose value is NULL is left out. */
void page_open(struct page *page, const char *tag, ...) __attribute__((sentinel));
void page_empty(struct page *page, const char *tag, ...) __attribute__((sentinel)); /* <meta/>, <circle/> */
void page_close(struct page *page);
void page_attribute(struct page *page, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
void page_text(struct page *page, const char *text);
void page_format(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_element(struct page *page, const char *tag, const char *class_name, const char *text);
void page_paragraph(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_item(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3))); /* <li> */
void page_link_item(struct page *page, const char *href, const char *text);                       /* <li><a> */
void page_figure(struct page *page, const char *term, const char *value);                         /* of <dl class="figures"> */
void page_newline(struct page *page);
void page_style(struct page *page, const char *css); /* the page's own style sheet; must not hold <, > or & */

/* A section with its heading; `id` is of our own making and unique in the page. Sections nest. */
void page_section(struct page *page, const char *id, const char *title);
void page_section_end(struct page *page);

/* A table with caption in a region that can be scrolled by keyboard. */
void page_table(struct page *page, const char *id, const char *caption);
void page_table_end(struct page *page);
void page_header_cell(struct page *page, const char *scope, const char *class_name, const char *text);
void page_cell(struct page *page, const char *class_name, const char *text);

/* An element with a text that another room wrote in English: translated, as it stands or as what it was made from; else marked
 * as English. */
void page_foreign(struct page *page, const char *tag, const char *text);

/* Copies text with what may not stand in a document replaced by U+FFFD: invalid UTF-8, control characters, and the invisible
 * characters that turn the direction of what follows. Right-to-left text is isolated, so that it cannot reorder its neighbours.
 * NULL: out of memory. */
char *page_clean(const char *text);

#endif
