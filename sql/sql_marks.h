/* SPDX-License-Identifier: GPL-3.0-or-later
 * Statements that have no parameters, COPY above all, with words put in place of their marks.
 */
#ifndef SAMORDNING_SQL_MARKS_H
#define SAMORDNING_SQL_MARKS_H

#include <stdbool.h>
#include <stddef.h>

struct sql_mark {
    const char *name; /* as it stands in the statement: "@from"; none begins another's */
    const char *text; /* put there as it is: digits, days and ids that we have written ourselves, nothing from outside */
};

/* `sql` with every mark replaced. False: more than `size` bytes with the closing NUL. */
bool sql_fill(const char *sql, const struct sql_mark *marks, size_t count, char *ret_statement, size_t size);

#endif
