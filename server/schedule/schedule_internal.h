/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the clockwork (schedule.c) and a run (run.c) share.
 *
 *      taken --report--> delivering --settle--> noted, freed
 *         \-- failed, stopped, lost --/
 */
#ifndef SAMORDNING_SCHEDULE_INTERNAL_H
#define SAMORDNING_SCHEDULE_INTERNAL_H

#include "arena.h"
#include "mail/smtp.h"
#include "schedule/carrier.h"
#include "schedule/schedule.h"
#include "store_schedule.h"

#include <sys/queue.h>

#define RUN_FILE_SIZE 100
#define RUN_ID_SIZE   37

struct run {
    struct schedule *schedule;
    LIST_ENTRY(run) in_schedule;
    struct arena arena; /* the row, the report */
    struct store_runs take;
    struct store_run *row;
    char spec[SCHEDULE_SPEC_SIZE], file[RUN_FILE_SIZE], result[RUN_ID_SIZE];
    struct store_analysis report;
    bool is_computing; /* the report's call is out */
    struct store_hold hold;
    struct arena hold_arena;
    bool is_holding, is_settled; /* its call is out; the run only waits for it */
    int64_t held_us;
    char *letter, *where; /* malloc'ed: a whole mail; folder or address */
    char *authority;
    struct smtp_job mail;
    struct carriage carriage;
    struct store_settlement settlement;
};

struct schedule {
    const struct config *config;
    struct metrics *metrics;
    struct store *store; /* NULL: the end */
    struct smtp *smtp;
    struct carrier *carrier;
    struct event *look;
    LIST_HEAD(run_list, run) runs;
    size_t run_count;
    bool turning, taking, stopping; /* looking for what is due; for what waits */
};

void schedule_look(struct schedule *schedule);

void run_begin(struct run *run); /* row is there; run is in the list */
void run_hold(struct run *run);  /* renews the lease when it is time */
void run_stop(struct run *run);  /* gives it back unless it is being delivered */
void run_free(struct run *run);

#endif
