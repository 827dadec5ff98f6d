/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking at a table. */
#include "result_table.h"

#include <string.h>

size_t table_rows(const Samordning__V1__Table *table)
{
    size_t rows = 0;
    for (size_t i = 0; table && i < table->n_columns; i++) {
        const Samordning__V1__Column *column = table->columns[i];
        size_t have = column->is_text ? column->n_texts : column->n_numbers;
        if (i == 0 || have < rows) /* a result from the wire may be uneven; never read behind an end */
            rows = have;
    }
    return rows;
}

const Samordning__V1__Column *table_column_named(const Samordning__V1__Table *table, const char *name, size_t size)
{
    for (size_t i = 0; table && i < table->n_columns; i++)
        if (strlen(table->columns[i]->name) == size && memcmp(table->columns[i]->name, name, size) == 0)
            return table->columns[i];
    return NULL;
}
