/* SPDX-License-Identifier: GPL-3.0-or-later
 * Interactions of the chronicle as rows of a table, the same columns wherever they are told one by one; and how a day and a
 * level are written there.
 */
#ifndef SAMORDNING_EVENT_TABLE_H
#define SAMORDNING_EVENT_TABLE_H

#include "metrics.h"

/* Adds a table with a row for each of the chronicle's events, in the order given: day, type, kind, stage, levels, who told of
 * it, how many took part. They are numbered from `before` + 1. False: out of memory, the result says so. */
bool event_table_add(const struct metrics_input *input, const char *name, const size_t *events, size_t count, size_t before,
                     struct result *result, size_t *ret_table);

/* "2025-03-14"; NaN leaves the cell missing. */
void event_table_day(struct result *result, char **slot, double day);
/* "minister"; a level nobody stated leaves it missing. */
void event_table_level(struct result *result, char **slot, int level);

#endif
