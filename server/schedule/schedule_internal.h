/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the clockwork (schedule.c) and a run (run.c) share.
 *
 *      taken --report, documents--> delivering, one after the other --settle--> noted, freed
 *         \-- failed, stopped, lost --/
 */
#ifndef SAMORDNING_SCHEDULE_INTERNAL_H
#define SAMORDNING_SCHEDULE_INTERNAL_H

#include "arena.h"
#include "delivery.h"
#include "mail/smtp.h"
#include "schedule/carrier.h"
#include "schedule/schedule.h"
#include "store_schedule.h"

#include <sys/queue.h>

#define RUN_FILE_SIZE 100
#define RUN_FORMS_MAX 5 /* html, pdf, text, csv, xlsx */
#define RUN_ID_SIZE   37

struct run {
    struct schedule *schedule;
    LIST_ENTRY(run) in_schedule;
    struct arena arena; /* the row, the report */
    struct store_runs take;
    struct store_run *row;
    char spec[SCHEDULE_SPEC_SIZE], result[RUN_ID_SIZE], formats[100];
    struct store_analysis report;
    bool is_computing; /* the report's call is out */
    struct store_documents documents;
    struct run_file { /* what is delivered: the documents, or a mail */
        char name[RUN_FILE_SIZE];
        const char *media_type;
        const uint8_t *bytes;
        size_t size;
    } files[RUN_FORMS_MAX + 1];
    size_t file_count, at; /* and the one that is on its way */
    const char *place;     /* of the delivery, within row->deliver */
    enum delivery_kind kind;
    struct store_hold hold;
    struct arena hold_arena;
    bool is_holding, is_settled; /* its call is out; the run only waits for it */
    int64_t held_us;
    char *letter, *where; /* malloc'ed: a whole mail; files with their folder or address, or addresses */
    char *authority;
    struct smtp_job mail;
    struct carriage carriage;
    struct store_settlement settlement;
};

struct schedule {
    const struct config *config;
    struct metrics *metrics;
    struct store *store; /* NULL: the end, when only what the crews still had comes back */
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
