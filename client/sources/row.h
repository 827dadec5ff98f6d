/* SPDX-License-Identifier: GPL-3.0-or-later
 * One row's texts turned into the parts of an interaction: times, terms, numbers.
 */
#ifndef SAMORDNING_ROW_H
#define SAMORDNING_ROW_H

#include "arena.h"
#include "columns.h"

struct row {
    Samordning__V1__Interaction head;  /* everything that belongs to the interaction; strings in the arena */
    Samordning__V1__Participant about; /* what belongs to the actor (in edge files: the target) */
    char *from;                        /* edge files: the other end */
    const char *key;                   /* value of `interaction`; NULL = none */
    bool undirected;
};

struct row_reader;

MUST_CHECK enum status row_reader_create(const struct columns *columns, const struct source_options *options,
                                         const char *file_name, struct row_reader **ret_reader, struct errmsg *ret_errmsg);
void row_reader_destroy(struct row_reader *reader);
/* STATUS_INVALID: errmsg has field and reason. STATUS_NO_MEMORY: the arena's budget is spent. */
MUST_CHECK enum status row_read(struct row_reader *reader, const struct csv_field values[FIELD_COUNT + 1], struct arena *arena,
                                struct row *ret_row, struct errmsg *ret_errmsg);

#endif
