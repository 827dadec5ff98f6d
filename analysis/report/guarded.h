/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a report for everybody may show of the families that count events: the only tables and columns of theirs that are shown.
 *
 * Every table here is a classification of the same events by one thing: by actor, by stage, by rule, or by nothing. Tables by
 * two things at once, second counts of nearly the same events, and tables of single cases are not here, so not shown. That is
 * what keeps one table from giving back what another hides (docs/decisions/0012-disclosure.md).
 */
#ifndef SAMORDNING_GUARDED_H
#define SAMORDNING_GUARDED_H

#include <stddef.h>

#define GUARDED_PARTS_MAX 6

/* Events that a table counts, and a way to divide them. */
struct guarded_group {
    const char *family, *table;
    const char *total;                        /* column: how many events */
    const char *within[3];                    /* columns of which these are a part: hidden in a row together with any of them */
    const char *parts[GUARDED_PARTS_MAX + 1]; /* columns: disjoint parts of the total; what is left is a part, too */
    const char *share;                        /* column: a part told as a share of the total; NULL = none */
    const char *const *derived; /* columns computed from these; shown where nothing of the row is hidden; or NULL */
};
/* Of one table in the order in which they are to be made safe: what is a part before what it is the total of. */
const struct guarded_group *guarded_groups(size_t *ret_count);

/* Tables of which only the rows are shown that do not name anybody in this column. */
struct guarded_rows {
    const char *family, *table, *column;
};
const struct guarded_rows *guarded_rows(size_t *ret_count);

/* Columns that count no events. */
struct guarded_free {
    const char *family, *table;
    const char *const *columns; /* NULL-ended */
};
const struct guarded_free *guarded_free(size_t *ret_count);

#endif
