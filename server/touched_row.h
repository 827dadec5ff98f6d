/* SPDX-License-Identifier: GPL-3.0-or-later
 * The row of report.touched that goes with a gathering, in the binary form of COPY: its days, and the gist of its interactions
 * (proto/gist.h), from which days that nobody condensed before are condensed without reading their rows.
 */
#ifndef SAMORDNING_TOUCHED_ROW_H
#define SAMORDNING_TOUCHED_ROW_H

#include "copy_row.h"
#include "gist.h"
#include "pg_binary.h"

#define COPY_TOUCHED "COPY report.touched (days, gist) FROM STDIN (FORMAT binary)"

struct touched_row {
    struct pg_buffer buffer;
    struct gist_writer gist;
    size_t gist_at; /* where it begins in the buffer */
};
/* `days` is an int4[] as pg_array_begin and what follows it write one. The interactions follow, then the end. */
void touched_row_begin(struct touched_row *touched, const struct pg_buffer *days, int64_t recorded_at_us);
void touched_row_add(struct touched_row *touched, const struct copy_row *row); /* of report.interaction */
void touched_row_end(struct touched_row *touched);

#endif
