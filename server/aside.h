/* SPDX-License-Identifier: GPL-3.0-or-later
 * Work done aside of the event loop: one thread that takes one piece after the other, for what computes too long to keep
 * ministries waiting (a large result into another format).
 *
 * `work` runs in the thread and touches nothing but its own piece; `done` runs in the loop, once, in the order of adding.
 */
#ifndef SAMORDNING_ASIDE_H
#define SAMORDNING_ASIDE_H

#include "crew.h"
#include "status.h"

#include <stdbool.h>

#define ASIDE_COUNT_MAX 256 /* pieces that are not done */

struct aside;
struct event_base;

struct aside_work {
    struct crew_job in_crew; /* first */
    struct aside *aside;     /* set by aside_add() */
    void (*work)(struct aside_work *work);
    void (*done)(struct aside_work *work); /* may free it */
};

MUST_CHECK enum status aside_create(struct event_base *base, struct aside **ret_aside);
bool aside_add(struct aside *aside, struct aside_work *work); /* false: too much waits, or out of threads */
/* Waits for the piece at hand; what was not begun is done without work. NULL is fine. */
void aside_destroy(struct aside *aside);

#endif
