/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds a result of our own, so that lists and summaries are rendered by the same code as the daemon's results.
 */
#ifndef SAMORDNING_GRID_H
#define SAMORDNING_GRID_H

#include "samordning.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arguments;

struct grid {
    Samordning__V1__Result result;
    bool failed; /* out of memory: everything after it is a no-op */
};

void grid_init(struct grid *grid);
void grid_release(struct grid *grid);
/* A table, then its columns, then its cells row by row: columns in order, grid_text or grid_number as the column is. */
void grid_table(struct grid *grid, const char *name);
void grid_column(struct grid *grid, const char *name, bool is_text);
void grid_text(struct grid *grid, size_t column, const char *text); /* copies; NULL = missing */
void grid_number(struct grid *grid, size_t column, double number);
/* The end of a list: prints the grid as the options say unless `code` is something else than EXIT_CODE_OK, and releases it. The
 * exit code. */
int grid_show(struct grid *grid, const struct arguments *arguments, int code);

#endif
