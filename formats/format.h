/* SPDX-License-Identifier: GPL-3.0-or-later
 * The formats results are written in, as one table: name, media type, ending, and what writes it.
 *
 * Used by the command line and by the daemon. Depends on proto only; says nothing to anybody, and knows no language.
 */
#ifndef SAMORDNING_FORMAT_H
#define SAMORDNING_FORMAT_H

#include "samordning.pb-c.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct format {
    const char *name;       /* json */
    const char *media_type; /* application/json */
    const char *ending;     /* json */
    bool of_networks;       /* only results with nodes and edges have it */
    bool of_one_table;      /* `table` chooses; without it the result's first */
    /* STATUS_INVALID: this result has no such table, or not this format; STATUS_TOO_LARGE; STATUS_NO_MEMORY. */
    enum status (*write)(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg);
};
extern const struct format formats[];
extern const size_t format_count;

/* By name; NULL: none. */
const struct format *format_find(const char *name);
/* The table of that name, or the first for ""; NULL: none, and ret_errmsg names those there are. */
const Samordning__V1__Table *format_table(const Samordning__V1__Result *result, const char *name, struct errmsg *ret_errmsg);

/* Columns of one table; `rows` are the numbers of the rows to show, NULL = all. False: it could not be written. */
bool format_csv(FILE *file, const Samordning__V1__Column *const *columns, size_t column_count, const size_t *rows,
                size_t row_count);

/* The rows of `formats` (each in a file of its own). */
enum status format_json_write(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg);
/* JSON-stat 2.0 (json-stat.org): a dataset a table, with the dimensions row and measure; several tables are a collection. Texts
 * other than the one rows are known by are in `extension`, as are the card and the measures' definitions. */
enum status format_jsonstat_write(FILE *file, const Samordning__V1__Result *result, const char *table,
                                  struct errmsg *ret_errmsg);
/* A workbook with a sheet a table and one for the card, made row by row in constant memory. */
enum status format_xlsx_write(FILE *file, const Samordning__V1__Result *result, const char *table, struct errmsg *ret_errmsg);
/* The same of several results: sheets are called FAMILY.TABLE, and the last result's TABLE alone. */
enum status format_xlsx_book(FILE *file, const Samordning__V1__Result *const *results, size_t count, struct errmsg *ret_errmsg);

#endif
