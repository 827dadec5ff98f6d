/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows that belong together gathered into interactions, within a window of the file.
 *
 * Filled row by row until it is full, then drained in the order in which the interactions began; drained interactions are
 * remembered by hash so that a row that comes too late is noticed.
 */
#ifndef SAMORDNING_WINDOW_H
#define SAMORDNING_WINDOW_H

#include "arena.h"
#include "row.h"
#include "validate.h"

struct window;

struct window_rejection {
    uint64_t line;
    struct errmsg errmsg;
    bool withheld;
};

enum window_add {
    WINDOW_ADDED,
    WINDOW_REFUSED, /* the row does not fit its interaction: errmsg has field and reason */
    WINDOW_FULL,    /* drain first, then read and add the row again */
    WINDOW_NO_MEMORY
};
enum window_drain { WINDOW_INTERACTION, WINDOW_REJECTION, WINDOW_EMPTY, WINDOW_DRAIN_NO_MEMORY };

MUST_CHECK enum status window_create(size_t rows_max, const struct validate_limits *limits, struct window **ret_window);
void window_destroy(struct window *window);
struct arena *window_arena(struct window *window); /* where a row's strings must lie before it is added */
enum window_add window_add(struct window *window, const struct row *row, uint64_t line, struct errmsg *ret_errmsg);
/* A row of this interaction was rejected before it could be added; what becomes of the others then says so. */
void window_note_rejected(struct window *window, const struct csv_field *key, uint64_t line, const char *field);
/* Takes one thing out; when nothing is left the window is empty again and its memory reused. What is handed out is valid until
 * the next call. */
enum window_drain window_drain(struct window *window, Samordning__V1__Interaction **ret_interaction, uint64_t *ret_line,
                               const struct window_rejection **ret_rejection);

#endif
