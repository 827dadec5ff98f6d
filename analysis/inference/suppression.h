/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which cells of a table of counts may not be shown, so that no small group can be seen, nor computed back from what is shown.
 *
 * Primary: cells of 1 .. minimum - 1, every cell of a line whose public total is that small, and cells the caller has marked.
 * Complementary: further cells, the smallest first, until in each line with a public total what is hidden adds up to the
 * minimum and is more than one cell, and until no hidden cell is determined by the rest: other whole numbers of 0 or more fit
 * the shown cells and the public totals. A cell can be another number when an alternating circle of hidden cells goes through
 * it (the audit of two-way tables as a network: Gusfield 1988, "A graph theoretic approach to statistical data security").
 */
#ifndef SAMORDNING_SUPPRESSION_H
#define SAMORDNING_SUPPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#define SUPPRESSION_CELLS_MAX 20000 /* the audit takes cells squared at worst */

struct suppression {
    size_t rows, columns;
    const double *counts;            /* rows x columns, row-major, whole and >= 0 */
    double minimum;                  /* 1 or less: nothing is hidden but what is marked */
    const bool *row_total_hidden;    /* NULL = all row totals are public */
    const bool *column_total_hidden; /* NULL = all column totals are public */
};
/* hidden: rows x columns, in: marked by the caller; out: what must not be shown. Hidden row totals are secrets, kept from
 * being computed, too; hidden column totals are only not public (of a list, the cells again). False: out of memory, or more
 * than SUPPRESSION_CELLS_MAX cells. */
bool suppression_run(const struct suppression *table, bool *hidden);
/* Whether the shown cells and public totals leave only one value for a cell. Of a hidden total: column (or row) = SIZE_MAX. */
bool suppression_determined(const struct suppression *table, const bool *hidden, size_t row, size_t column);

#endif
