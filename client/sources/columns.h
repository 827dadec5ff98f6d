/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which column of a file holds which field of an interaction.
 */
#ifndef SAMORDNING_COLUMNS_H
#define SAMORDNING_COLUMNS_H

#include "csv_reader.h"
#include "source.h"

/*    field                name in participation files, name in edge files ("" = has none) */
#define FIELD_LIST(X)                                                                                                          \
    X(FIELD_INTERACTION, "interaction", "interaction")                                                                         \
    X(FIELD_ID, "id", "id")                                                                                                    \
    X(FIELD_TYPE, "type", "type")                                                                                              \
    X(FIELD_CASE, "case", "case")                                                                                              \
    X(FIELD_STAGE, "stage", "stage")                                                                                           \
    X(FIELD_TIME, "time", "time")                                                                                              \
    X(FIELD_END, "end", "end")                                                                                                 \
    X(FIELD_LEVEL, "level", "level")                                                                                           \
    X(FIELD_RESOLVED_LEVEL, "resolved_level", "resolved_level")                                                                \
    X(FIELD_WEIGHT, "weight", "weight")                                                                                        \
    X(FIELD_SYSTEM, "source", "system")                                                                                        \
    X(FIELD_SOURCE_ID, "source_id", "source_id")                                                                               \
    X(FIELD_CLASSIFICATION, "classification", "classification")                                                                \
    X(FIELD_ACTOR, "actor", "target")                                                                                          \
    X(FIELD_FROM, "", "source")                                                                                                \
    X(FIELD_ROLE, "role", "role")                                                                                              \
    X(FIELD_RECEIVED, "received", "received")                                                                                  \
    X(FIELD_DEADLINE, "deadline", "deadline")                                                                                  \
    X(FIELD_DEADLINE_AGREED, "deadline_agreed", "deadline_agreed")                                                             \
    X(FIELD_REPLIED, "replied", "replied")                                                                                     \
    X(FIELD_REPLY_STATUS, "reply_status", "reply_status")                                                                      \
    X(FIELD_OUTCOME, "outcome", "outcome")

#define FIELD_ENUM(field, participation, edges) field,
enum field { FIELD_LIST(FIELD_ENUM) FIELD_COUNT, FIELD_NONE = FIELD_COUNT };
#undef FIELD_ENUM

struct columns {
    enum source_format format;
    size_t count;                            /* columns of the header */
    unsigned char *field_of;                 /* count entries; FIELD_NONE = not used */
    struct csv_field constants[FIELD_COUNT]; /* point into the options */
    bool has[FIELD_COUNT];                   /* a column or a constant gives it */
    char unused[400];
};

/* Reads maps and constants against the header and decides the format if that is to be detected. */
MUST_CHECK enum status columns_init(struct columns *columns, const struct csv_row *header, const struct source_options *options,
                                    struct errmsg *ret_errmsg);
void columns_release(struct columns *columns);
const char *columns_field_name(const struct columns *columns, enum field field);
/* The row's values by field; constants where it has none. False: the row has another number of columns than the header. */
bool columns_values(const struct columns *columns, const struct csv_row *row, struct csv_field ret_values[FIELD_COUNT + 1]);

#endif
