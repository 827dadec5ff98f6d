/* SPDX-License-Identifier: GPL-3.0-or-later
 * The summary of a report as plain text, for the body of an e-mail: title, whom and when it is about, and the section with what
 * to know first, with comments of those the report tells of.
 */
#ifndef SAMORDNING_BRIEF_H
#define SAMORDNING_BRIEF_H

#include <stdbool.h>
#include <stddef.h>

#define BRIEF_MEDIA_TYPE "text/plain; charset=utf-8"
#define BRIEF_WIDTH      72 /* letters in a line, but for words that are longer */

/* `html` as report_render() made it. UTF-8 on the heap, NUL-terminated. False: ret_error says why. */
__attribute__((warn_unused_result)) bool brief_render(const char *html, size_t size, char **ret_text, size_t *ret_size,
                                                      char ret_error[400]);

#endif
