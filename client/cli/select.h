/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which tables, columns and rows of a result are shown, in which order.
 */
#ifndef SAMORDNING_SELECT_H
#define SAMORDNING_SELECT_H

#include "arguments.h"
#include "result_table.h"
#include "samordning.pb-c.h"

struct view_table {
    const Samordning__V1__Table *table;
    const Samordning__V1__Column **columns;
    size_t column_count;
    size_t *rows; /* indexes into the columns */
    size_t row_count;
};

struct view {
    const Samordning__V1__Result *result; /* for the card; may be without one */
    struct view_table *tables;
    size_t table_count;
};

/* False: it has been said. Without arguments everything is shown as it came. The result must outlive the view. */
bool view_init(struct view *view, const Samordning__V1__Result *result, const struct arguments *arguments);
void view_release(struct view *view);

#endif
