/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of report.interaction and report.supplement in the binary form of COPY, straight from unpacked messages.
 *
 * A copy begins with copy_begin and ends with copy_end. Times of participants are NULL elements where not given; other values
 * are 0 where not given. An array no participant has a value for is NULL.
 */
#ifndef SAMORDNING_COPY_ROW_H
#define SAMORDNING_COPY_ROW_H

#include "pg_binary.h"
#include "samordning.pb-c.h"

#define INTERACTION_COLUMNS                                                                                                    \
    "(id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision, level, resolved_level, "     \
    "labels, roles, ended_at, case_ref, source, source_id, received_at, deadline_at, deadline_agreed, replied_at, "            \
    "reply_status, outcome)"
#define INTERACTION_TYPES                                                                                                      \
    "uuid, timestamptz, timestamptz, int8, int4, float4, int2, int2, int2, int2, int2, int4[], int2[], timestamptz, text, "    \
    "text, text, timestamptz[], timestamptz[], bool[], timestamptz[], int2[], int2[]"
#define INTERACTION_COLUMN_COUNT 23
#define COPY_INTERACTION         "COPY report.interaction " INTERACTION_COLUMNS " FROM STDIN (FORMAT binary)"
#define COPY_SUPPLEMENT                                                                                                        \
    "COPY report.supplement (id, occurred_at, recorded_at, content_hash, reporter, weight, layer, stage, time_precision, "     \
    "level, resolved_level, labels, roles, ended_at, case_ref, source, source_id, received_at, deadline_at, deadline_agreed, " \
    "replied_at, reply_status, outcome, revision, kind) FROM STDIN (FORMAT binary)"

enum supplement_kind { SUPPLEMENT_NONE, SUPPLEMENT_WITNESS, SUPPLEMENT_CORRECTION, SUPPLEMENT_WITHDRAWAL };

struct copy_row {
    const uint8_t *id; /* 16 bytes */
    const Samordning__V1__Interaction *message;
    const int32_t *labels; /* one per participant; the sign says nothing (negative = waits for an actor) */
    uint64_t content_hash;
    int64_t recorded_at_us;
    int32_t reporter;
    int16_t layer;
    enum supplement_kind kind; /* NONE: report.interaction */
    int32_t revision;
};

void copy_begin(struct pg_buffer *buffer);
void copy_row(struct pg_buffer *buffer, const struct copy_row *row);
void copy_end(struct pg_buffer *buffer);

/* Where the fields of the first `rows` rows of a copy of report.interaction lie, for use as binary parameters. */
void copy_fields(const struct pg_buffer *buffer, size_t rows, const char **ret_values, int *ret_lengths);

#endif
