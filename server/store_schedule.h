/* SPDX-License-Identifier: GPL-3.0-or-later
 * Schedules: what is planned, which occurrences have come, and what became of them. Verbs beside those of store.h and with the
 * same rules.
 *
 * A plan names its next occurrence; whichever daemon moves that on gets the occurrence, which is one row from then on
 * (plan and occurrence are its key). A run is taken with a lease that its daemon renews; when the daemon dies another takes the
 * run up, makes the same report (it is stored already) and delivers it under the same name.
 *
 *      waiting --take--> running --settle--> done
 *         ^                 | \------------> failed (refused for good, or given up)
 *         +---- settle -----+
 *         +-- lease over ---+
 */
#ifndef SAMORDNING_STORE_SCHEDULE_H
#define SAMORDNING_STORE_SCHEDULE_H

#include "store.h"

#define SCHEDULE_LEASE_S    120
#define SCHEDULE_WAIT_MAX_S 21600

void store_schedule(struct store *store, struct store_message_call *c);         /* ScheduleRequest -> ScheduleResponse */
void store_schedule_history(struct store *store, struct store_message_call *c); /* ScheduleHistoryRequest -> Response */

void store_release(struct store *store, struct store_message_call *c); /* ReleaseRequest -> ReleaseResponse */

struct store_plan {
    int32_t id;
    int64_t expected_us; /* the occurrence it waits for */
    const char *key, *rule, *start;
};
struct store_plans {
    struct store_call call;
    int64_t now_us; /* on the wall */
    size_t count;   /* out, in the arena */
    struct store_plan *plans;
};
void store_schedule_due(struct store *store, struct store_plans *plans);

struct store_claim {
    struct store_call call;
    int32_t plan;
    int64_t expected_us;
    int64_t occurrence_us; /* to run; 0 = none, the plan is only moved on */
    int64_t next_us;       /* 0 = the rule has come to its end */
    uint32_t missed;       /* earlier occurrences it stands for */
    bool claimed;          /* out: nobody else was first, and it has not run before */
};
void store_schedule_claim(struct store *store, struct store_claim *claim);

struct store_run {
    uint64_t id;
    int32_t taking, attempt;
    const char *key;
    int64_t occurrence_us;
    bool by_hand;
    int32_t missed;
    const char *period, *spec, *language, *deliver, *formats;
};
struct store_runs {
    struct store_call call;
    struct store_run *run; /* out, in the arena; NULL = nothing waits */
};
void store_schedule_take(struct store *store, struct store_runs *runs);

/* The document of a report in several forms. */
struct store_document {
    const char *format, *media_type;
    const uint8_t *content; /* NULL = it does not have this form */
    size_t size;
};
struct store_documents {
    struct store_call call;
    const char *result, *formats;     /* id; with commas between */
    struct store_document *documents; /* out, in the arena, in the order of formats */
    size_t count;
};
void store_schedule_documents(struct store *store, struct store_documents *documents);

struct store_hold {
    struct store_call call;
    uint64_t run;
    int32_t taking;
    bool was_it; /* out: the run is still this taking's */
};
void store_schedule_hold(struct store *store, struct store_hold *hold);

enum schedule_outcome {
    SCHEDULE_DONE,
    SCHEDULE_LATER,    /* again after a while, attempts_max times in all */
    SCHEDULE_REFUSED,  /* trying again would not help */
    SCHEDULE_UNTOUCHED /* was not tried after all: as if it had not been taken */
};
struct store_settlement {
    struct store_call call;
    uint64_t run;
    int32_t taking;
    enum schedule_outcome outcome;
    uint32_t attempts_max;
    uint64_t wait_ms; /* LATER, UNTOUCHED: doubled with each attempt up to SCHEDULE_WAIT_MAX_S, and spread by half of it */
    uint64_t bytes;
    const char *error, *spec, *result, *delivered; /* "" = not known */
    bool was_it;                                   /* out */
    bool gave_up;                                  /* out: it has failed, be it refused or tried too often */
};
void store_schedule_settle(struct store *store, struct store_settlement *settlement);

#endif
