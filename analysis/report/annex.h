/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of a report as a ZIP file of CSV tables: FAMILY-TABLE.csv for each table of each result, columns.csv with what
 * every column means, and cards.csv with how the numbers were made.
 *
 * UTF-8, RFC 4180 with LF at the ends of lines, decimal point, missing is empty; a text that a spreadsheet would calculate
 * begins with an apostrophe. The same input gives the same bytes.
 */
#ifndef SAMORDNING_ANNEX_H
#define SAMORDNING_ANNEX_H

#include "report.h"

#define ANNEX_MEDIA_TYPE "application/zip"

/* On the heap. False: ret_error says why. */
__attribute__((warn_unused_result)) bool annex_render(const struct report_input *input, char **ret_zip, size_t *ret_size,
                                                      char ret_error[400]);

#endif
