/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of results as tables of a page: chosen columns under headings a reader understands, actors by name, numbers as the
 * language writes them.
 */
#ifndef SAMORDNING_TABLES_H
#define SAMORDNING_TABLES_H

#include "page.h"
#include "roster.h"

#define TABLES_ROWS_MAX    200
#define TABLES_COLUMNS_MAX 9
#define TABLES_NAMED_MAX   12 /* actors of a set in one cell */

struct table_view {
    const char *id;
    const char *table;   /* name in the result */
    const char *caption; /* English message */
    const char *intro;   /* English message; NULL = none */
    const char *const
        *columns;      /* names in the order wanted, NULL-ended; those a result lacks are left out. NULL = as they come */
    const char *sort;  /* rows by this column, largest first; NULL = as they come */
    const char *only;  /* rows where this number is above 0; NULL = all */
    const char *where; /* and where this text is `is`; NULL = whatever it is */
    const char *is;    /* NULL = missing */
    size_t top;        /* that many rows at most; 0 = TABLES_ROWS_MAX */
};

/* False: the result or the table is not there, which the page then says. */
bool table_show(struct page *page, const struct roster *roster, const struct result *result, const struct table_view *view);

/* A table of one row, turned: a row per number, with what it means. */
bool table_show_row(struct page *page, const struct result *result, const struct table_view *view);

bool column_is_count(const struct column *column, size_t row_count);
/* What a column is called; its own name where nobody has given it another. Translated. */
const char *column_label(const struct language *language, const char *name);

/* What a code in a result (a stage, a level, a rule) is called; itself where it has no words. Translated. */
const char *code_label(const struct language *language, const char *code);
/* "FIN, KD, JD" from a list of keys as a result has it. */
void table_actors(const struct roster *roster, const char *keys, char ret_text[400]);

/* Reading: NaN and NULL where the table, the column or the value is missing. */
double table_number(const struct table *table, const char *column, size_t row);
const char *table_text(const struct table *table, const char *column, size_t row);

#endif
