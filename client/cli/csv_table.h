/* SPDX-License-Identifier: GPL-3.0-or-later
 * A CSV file whose columns are found by the names in its header, in any order and letter case; other columns are left alone.
 *
 * The cells of a row are copied into the caller's arena, so they outlive the row. What is wrong with the file is said here,
 * what is wrong with a row is the caller's to say.
 */
#ifndef SAMORDNING_CLI_CSV_TABLE_H
#define SAMORDNING_CLI_CSV_TABLE_H

#include "arena.h"
#include "csv_reader.h"

#define CSV_TABLE_COLUMNS_MAX 16

struct csv_table_column {
    const char *name;
    bool needed; /* a file without it is refused; the cells of another missing one are "" */
};

struct csv_table {
    const char *path;
    struct csv_reader *csv;
    struct arena *arena;
    size_t count, width; /* columns asked for, columns of the file */
    int columns[CSV_TABLE_COLUMNS_MAX];
};

/* Reads the header. `delimiter` 0: a comma. False: it cannot be read, or lacks a column; said. Close it in any case. */
bool csv_table_open(struct csv_table *table, const char *path, bool accept_latin1, char delimiter, struct arena *arena,
                    size_t count, const struct csv_table_column *columns);
/* The next row, one cell for each column asked for. CSV_BAD: not this one, for ret_reason; the next can be read. CSV_FAILED:
 * the file cannot be read any further; said. */
enum csv_state csv_table_next(struct csv_table *table, const char **ret_cells, uint64_t *ret_line, const char **ret_reason);
void csv_table_close(struct csv_table *table);

#endif
