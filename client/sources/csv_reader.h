/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of delimited text (RFC 4180) with the line each began on and its text as it stood.
 *
 * Strict about quotes, so that a row is never read as something its writer did not mean, and able to go on: a malformed row
 * is reported with its line and the reading resumes at the next line. Lines may end in LF or CRLF; a quoted field may hold
 * line ends. Rows with nothing in them are skipped. Blanks around a field are not part of it.
 */
#ifndef SAMORDNING_CSV_READER_H
#define SAMORDNING_CSV_READER_H

#include "input.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define CSV_COLUMNS_MAX   512
#define CSV_ROW_MAX       ((size_t)1 << 20) /* bytes of one row */
#define CSV_ROW_LINES_MAX 1000              /* lines of one row */

struct csv_field {
    const char *text; /* not closed by NUL; holds no NUL; valid UTF-8 */
    size_t size;
};

struct csv_row {
    uint64_t line; /* first line is 1 */
    const char *text;
    size_t size; /* the row as it stands in the file, without its line end */
    struct csv_field *fields;
    size_t count;
    const char *reason; /* CSV_BAD: why, one line for people */
};

enum csv_state {
    CSV_ROW,
    CSV_BAD, /* this row cannot be read; the next one can */
    CSV_END,
    CSV_FAILED /* the file cannot be read any further */
};

struct csv_reader;

/* Takes the input over, also on failure. `delimiter` 0: comma until csv_reader_set_delimiter. */
MUST_CHECK enum status csv_reader_create(struct input *input, char delimiter, struct csv_reader **ret_csv);
void csv_reader_destroy(struct csv_reader *csv);
void csv_reader_set_delimiter(struct csv_reader *csv, char delimiter);
char csv_reader_delimiter(const struct csv_reader *csv);
/* The row is valid until the next call. */
enum csv_state csv_reader_next(struct csv_reader *csv, struct csv_row *ret_row, struct errmsg *ret_errmsg);
/* The next line as it is, for formats with one record a line and for looking at a header; blank lines are skipped. */
enum csv_state csv_reader_next_line(struct csv_reader *csv, struct csv_row *ret_row, struct errmsg *ret_errmsg);
/* The line that the next call will begin with, without taking it; false at the end or when it cannot be read. */
bool csv_reader_peek(struct csv_reader *csv, const char **ret_text, size_t *ret_size, struct errmsg *ret_errmsg);
const struct input *csv_reader_input(const struct csv_reader *csv);

#endif
