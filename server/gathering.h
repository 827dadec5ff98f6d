/* SPDX-License-Identifier: GPL-3.0-or-later
 * One gathering: interactions of several submissions on their way into one transaction, and the statements that take them
 * there.
 */
#ifndef SAMORDNING_GATHERING_H
#define SAMORDNING_GATHERING_H

#include "copy_row.h"
#include "db.h"
#include "pg_binary.h"
#include "touched_row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct submission;

#define GATHERING_SMALL_MAX    8 /* interactions that go as one prepared INSERT, in one round trip; COPY takes more */
#define GATHERING_SMALL_PARAMS (GATHERING_SMALL_MAX * INTERACTION_COLUMN_COUNT + 1)
#define GATHERING_MONTHS       2400 /* from 1970 on */

/* Months (UTC) whose partitions exist. */
struct month_set {
    uint8_t known[GATHERING_MONTHS];
};
void month_set_clear(struct month_set *months);

enum gather_plan { PLAN_INSERT, PLAN_WITNESS, PLAN_CORRECT };

/*  PREPARE --> (months made) --> LOOK --> WRITE --> committed
 *     \----------------------------------^                      */
enum gather_step { STEP_PREPARE, STEP_LOOK, STEP_WRITE };

struct gather_entry {
    uint64_t high, low;            /* the id, comparable */
    struct submission *submission; /* NULL: settled, or its owner is gone */
    uint32_t index;                /* in the submission */
    uint32_t labels;               /* first of its names in gathering->labels */
    uint32_t order;                /* of arrival */
    int32_t revision;
    enum gather_plan plan;
};

struct gathering {
    struct gathering *next;
    enum gather_step step;
    struct gather_entry *entries;
    size_t count, capacity;
    int32_t *labels;
    size_t label_count, label_capacity;
    size_t bytes;
    int64_t first_us;       /* when its first interaction came, monotonic */
    int64_t recorded_at_us; /* one for all its rows and all tries: tells them from rows of others */
    unsigned attempts;
    bool look_first;

    struct db_request request;
    struct pg_buffer rows, supplements, ids, reporters, hashes, months, days;
    struct touched_row touched;
    const char *small_values[GATHERING_SMALL_PARAMS];
    int small_lengths[GATHERING_SMALL_PARAMS];
    char *sql;
    size_t sql_capacity;
};

struct gathering *gathering_create(void);
void gathering_destroy(struct gathering *gathering);
void gathering_reset(struct gathering *gathering);
bool gathering_is_small(const struct gathering *gathering); /* worth keeping its memory */

bool gathering_add(struct gathering *gathering, struct submission *submission, size_t index, const int32_t *labels);
void gathering_forget(struct gathering *gathering, const struct submission *submission);
size_t gathering_compact(struct gathering *gathering); /* drops settled entries; returns what is left */
size_t gathering_sort(struct gathering *gathering);    /* by id; repeated ids last; returns how many are unique */
bool gathering_split(struct gathering *gathering, struct gathering *half); /* the later half moves; false: out of memory */
bool gathering_has_corrections(const struct gathering *gathering);

bool gathering_months_missing(const struct gathering *gathering, const struct month_set *months);
void gathering_months_made(const struct gathering *gathering, struct month_set *months);

/* Fill `request`; false: out of memory. */
bool gathering_ask_months(struct gathering *gathering);
bool gathering_ask_what_is_there(struct gathering *gathering);
bool gathering_ask_write(struct gathering *gathering);

/* Appends the statements that prepare the small INSERTs to a connection's setup; malloc'ed, NULL: out of memory. */
char *gathering_setup(const char *before, const char *after);

#endif
