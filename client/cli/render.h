/* SPDX-License-Identifier: GPL-3.0-or-later
 * A view of a result as text for people, CSV, JSON or GraphML.
 *
 * Numbers in CSV and JSON are the shortest text that reads back as the same double, with a point, in every locale; missing is
 * empty (CSV), null (JSON) or "-" (table).
 */
#ifndef SAMORDNING_RENDER_H
#define SAMORDNING_RENDER_H

#include "select.h"

#include <stdbool.h>
#include <stdio.h>

#define RENDER_NUMBER_SIZE 32

enum render_format { RENDER_TABLE, RENDER_CSV, RENDER_JSON, RENDER_GRAPHML };

void render_number(double number, char ret_text[RENDER_NUMBER_SIZE]); /* shortest that reads back; empty for NaN */

void render_table(FILE *file, const struct view *view);
void render_csv(FILE *file, const struct view_table *table);
bool render_json(FILE *file, const struct view *view);    /* false: out of memory */
bool render_graphml(FILE *file, const struct view *view); /* false: it has been said */

/* A text field of a CSV file: quoted where needed, and never something a spreadsheet runs as a formula. */
void render_csv_text(FILE *file, const char *text);

/* Shows a result as --format, --output, --table, --columns, --sort and --top say; returns the exit code. `with_graphml`: the
 * format is one of the choices. Several tables as CSV go to FILE.NAME.csv each when there is an output file. */
int render_result(const Samordning__V1__Result *result, const struct arguments *arguments, bool with_graphml,
                  const char *csv_table);

#endif
