/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the rows of each interaction of a file lie together.
 */
#ifndef SAMORDNING_ROW_ORDER_H
#define SAMORDNING_ROW_ORDER_H

#include <stdbool.h>
#include <stddef.h>

/* Reads the file once, stops at the first value of `column` that comes back after another one. False also when it cannot tell.
 * `columns` is the number of columns a row must have to count. */
bool row_order_is_together(const char *path, bool latin1, char delimiter, size_t column, size_t columns);

#endif
