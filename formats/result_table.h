/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looking at the tables of a result, and the texts of their cells: numbers are the shortest text that reads back as the same
 * double, with a point, in every locale; missing is empty.
 */
#ifndef SAMORDNING_RESULT_TABLE_H
#define SAMORDNING_RESULT_TABLE_H

#include "samordning.pb-c.h"

#include <stddef.h>
#include <stdio.h>

#define RENDER_NUMBER_SIZE 32

size_t table_rows(const Samordning__V1__Table *table); /* NULL: none */
const Samordning__V1__Column *table_column_named(const Samordning__V1__Table *table, const char *name, size_t size);

void render_number(double number, char ret_text[RENDER_NUMBER_SIZE]); /* shortest that reads back; empty for NaN */
/* A text field of a CSV file: quoted where needed, and never something a spreadsheet runs as a formula. */
void render_csv_text(FILE *file, const char *text);

#endif
