/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pages of a report: a tagged PDF, laid out from the very document that browsers show.
 *
 * Reads what page.c writes, and no other HTML: sections with headings, paragraphs, lists, definition lists, notes, tables with
 * caption and head, figures whose picture is SVG or an image within the document. A4, text in one column.
 *
 * Tagged as PDF/UA-1 wants it (ISO 14289-1): title, language, headings, lists, tables with header cells and their scope,
 * pictures with their text alternative, links with their destination, everything else an artifact. The same document gives the
 * same bytes wherever fonts and libraries are the same.
 */
#ifndef SAMORDNING_PAPER_H
#define SAMORDNING_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#define PAPER_MEDIA_TYPE "application/pdf"
#define PAPER_PAGES_MAX  2000 /* a longer document is refused */

/* `html` as report_render() made it. The file is on the heap. False: ret_error says why. */
__attribute__((warn_unused_result)) bool paper_render(const char *html, size_t size, char **ret_pdf, size_t *ret_size,
                                                      char ret_error[400]);

#endif
