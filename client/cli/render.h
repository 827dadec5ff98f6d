/* SPDX-License-Identifier: GPL-3.0-or-later
 * A view of a result as text for people, CSV or JSON; networks also in the formats of export.h.
 *
 * Numbers in CSV and JSON are the shortest text that reads back as the same double, with a point, in every locale; missing is
 * empty (CSV), null (JSON) or "-" (table).
 */
#ifndef SAMORDNING_RENDER_H
#define SAMORDNING_RENDER_H

#include "select.h"

#include <stdbool.h>
#include <stdio.h>

enum render_format { RENDER_TABLE, RENDER_CSV, RENDER_JSON, RENDER_GRAPHML, RENDER_GEXF, RENDER_PAJEK, RENDER_DL };

struct export;

void render_table(FILE *file, const struct view *view);
void render_csv(FILE *file, const struct view_table *table);
/* `network`: with the list of its unknown dyads; NULL = only the result. False: out of memory. */
bool render_json(FILE *file, const struct view *view, const struct export *network);

/* Shows a result as --format, --output, --table, --columns, --sort and --top say; returns the exit code. `is_network`: the
 * formats of networks are choices too, and what belongs to an export stands beside it. Several tables as CSV go to
 * FILE.NAME.csv each when there is an output file. */
int render_result(const Samordning__V1__Result *result, const struct arguments *arguments, bool is_network,
                  const char *csv_table);
/* The format asked for; -1: none of the choices (said). */
int render_format_of(const struct arguments *arguments, bool is_network);

#endif
