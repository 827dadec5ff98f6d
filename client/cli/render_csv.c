/* SPDX-License-Identifier: GPL-3.0-or-later
 * One table as CSV. */
#include "format.h"
#include "render.h"

void render_csv(FILE *file, const struct view_table *table)
{
    (void)format_csv(file, table->columns, table->column_count, table->rows, table->row_count); /* output_commit sees errors */
}
