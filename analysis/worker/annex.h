/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of a report to calculate with, written by formats/ like every other table: as a ZIP file of CSV tables
 * (FAMILY-TABLE.csv for each table of each result, columns.csv with what every column means, cards.csv with how the numbers
 * were made), and as one workbook with a sheet for each table and the same two behind them.
 *
 * The same input gives the same bytes.
 */
#ifndef SAMORDNING_ANNEX_H
#define SAMORDNING_ANNEX_H

#include "report.h"

#define ANNEX_CSV_MEDIA_TYPE "application/zip"

/* The tables in the formats' own terms, made once for both. The input must outlive it. False: ret_error says why. */
struct annex;
__attribute__((warn_unused_result)) bool annex_open(const struct report_input *input, struct annex **ret_annex,
                                                    char ret_error[400]);
void annex_close(struct annex *annex); /* NULL is fine */

/* On the heap. False: ret_error says why. */
__attribute__((warn_unused_result)) bool annex_csv(const struct annex *annex, char **ret_zip, size_t *ret_size,
                                                   char ret_error[400]);
__attribute__((warn_unused_result)) bool annex_book(const struct annex *annex, char **ret_book, size_t *ret_size,
                                                    const char **ret_media_type, char ret_error[400]);

#endif
