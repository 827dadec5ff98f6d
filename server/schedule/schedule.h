/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes and delivers the reports of schedules.
 *
 * Once a second: occurrences that have come are claimed (of several that were missed only the latest runs, once, and says what
 * it stands for), and a run that waits is taken. A run asks for its report like anybody else, waits for it, delivers it, and
 * notes what became of it. What fails for now is tried again, later each time; the report itself stays in the knowledge base
 * whatever becomes of the delivery.
 */
#ifndef SAMORDNING_SCHEDULE_H
#define SAMORDNING_SCHEDULE_H

#include "config.h"
#include "metrics.h"

#include <stdbool.h>

#define SCHEDULE_LOOK_MS      1000
#define SCHEDULE_AT_ONCE      2
#define SCHEDULE_REPORT_BYTES ((size_t)256 << 20)
#define SCHEDULE_LATE_S       600 /* later than this after its time, a run says that it is late */
#define SCHEDULE_SPEC_SIZE    2400

struct event_base;
struct schedule;
struct store;

/* Everything outlives it but the store, which is destroyed first: its last calls come back to a schedule that still stands.
 * NULL: out of memory. */
struct schedule *schedule_create(struct event_base *base, const struct config *config, struct metrics *metrics,
                                 struct store *store);
void schedule_stop(struct schedule *schedule); /* runs that wait for their report are given back */
bool schedule_is_idle(const struct schedule *schedule);
/* What is still under way is taken up again when its lease is over. NULL is fine. */
void schedule_destroy(struct schedule *schedule);

#endif
