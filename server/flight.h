/* SPDX-License-Identifier: GPL-3.0-or-later
 * One gathering on its way through a connection to the database: which statements it needs, what a failure means, which answer
 * each interaction gets. Private to gather.c and flight.c, which share the queue.
 */
#ifndef SAMORDNING_FLIGHT_H
#define SAMORDNING_FLIGHT_H

#include "gather.h"
#include "gathering.h"

struct event;

struct flight {
    struct gather *gather;
    struct db *db;
    struct gathering *gathering; /* NULL = none under way */
    int64_t sent_us;
};

struct gather {
    struct store *store;
    struct event *pump; /* runs when the sockets of this turn are read, or when a wait is over */
    int alarm_fd;       /* ends the wait for those who were answered: it is shorter than the loop's clock ticks */
    struct event *alarm;
    int64_t landed_us;      /* when the last commit was confirmed */
    int64_t commit_us;      /* how long one takes, smoothed */
    size_t expected;        /* interactions, when those answered by the last commit have come back; 0 = nobody is waited for */
    bool is_expecting;      /* the open gathering waits for them */
    unsigned vain, skip;    /* waits in vain in a row, doubled; commits that go without one */
    struct gathering *open; /* taking interactions */
    struct gathering *head, **tail; /* closed, waiting for a connection */
    struct gathering *spare;        /* empty ones, to be used again */
    size_t spares;
    struct month_set months;
    bool suspicious; /* the last gatherings were mostly there already: look first */
    bool refusing;   /* said so in the log */
    unsigned pauses; /* in a row */
    int64_t paused_until_us;
    size_t flight_count;
    struct flight flights[];
};

/* Sends what the gathering needs next. The connection is idle. */
void flight_step(struct flight *flight);

/* Of the queue: */
/* A gathering goes back to the head of the queue. */
void gather_put_back(struct gather *gather, struct gathering *gathering);
/* An empty gathering is kept for the next ones. */
void gather_recycle(struct gather *gather, struct gathering *gathering);
/* So many were answered by a commit that took so long: they may come back together. */
void gather_expect_return(struct gather *gather, size_t answered, int64_t took_us);
/* Sends what can be sent when this turn of the loop is over. */
void gather_wake_now(struct gather *gather);
/* ... or after so long. */
void gather_wake(struct gather *gather, int64_t wait_us);

#endif
