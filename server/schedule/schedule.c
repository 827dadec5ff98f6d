/* SPDX-License-Identifier: GPL-3.0-or-later
 * The clockwork: what has come due is claimed, what waits is taken.
 */
#include "schedule_internal.h"

#include "clock.h"
#include "log.h"
#include "recurrence.h"
#include "store_life.h"

#include <event2/event.h>
#include <stdlib.h>

#define TURN_BYTES (1U << 20)

/* Plans found due together, claimed one after the other. */
struct turn {
    struct schedule *schedule;
    struct arena arena;
    struct store_plans plans;
    struct store_claim claim;
    size_t at; /* the plan being claimed */
};

/* ---------------------------------------------------------------------------------------------------- what is due */
static void turn_end(struct turn *turn)
{
    turn->schedule->turning = false;
    arena_release(&turn->arena);
    free(turn);
}

static void claim_next(struct turn *turn);

static void plan_claimed(struct store_call *call)
{
    struct turn *turn = call->owner;
    const struct store_plan *plan = &turn->plans.plans[turn->at];
    const struct store_claim *claim = &turn->claim;
    int64_t late_s = (turn->plans.now_us - claim->occurrence_us) / 1000000;
    if (call->status != STATUS_OK && !status_is_retryable(call->status))
        log_error(NULL, "could not claim an occurrence", LOG_TEXT("schedule", plan->key),
                  LOG_TEXT("reason", call->errmsg.text));
    if (call->status == STATUS_OK && claim->claimed && (claim->missed > 0 || late_s > SCHEDULE_LATE_S))
        log_warning(NULL, "a schedule runs after its time", LOG_TEXT("schedule", plan->key), LOG_INT("late_s", late_s),
                    LOG_UINT("missed", claim->missed));
    turn->at++;
    claim_next(turn);
}

static void claim_next(struct turn *turn)
{
    struct schedule *schedule = turn->schedule;
    for (; turn->at < turn->plans.count && !schedule->stopping; turn->at++) {
        const struct store_plan *plan = &turn->plans.plans[turn->at];
        struct recurrence recurrence;
        struct recurrence_turn found = {0};
        struct errmsg errmsg = {0};
        enum status status = recurrence_read(plan->rule, plan->start, &recurrence, &errmsg);
        if (status == STATUS_OK)
            status = recurrence_turn(&recurrence, plan->expected_us, turn->plans.now_us, &found, &errmsg);
        if (status == STATUS_NO_MEMORY)
            continue;            /* the next turn sees it again */
        if (status != STATUS_OK) /* though it was read when it was planned: `found` says that it has come to its end */
            log_error(NULL, "a schedule's rule cannot be read any more, it stops", LOG_TEXT("schedule", plan->key),
                      LOG_TEXT("reason", errmsg.text));
        turn->claim = (struct store_claim){.call = {.arena = &turn->arena, .done = plan_claimed, .owner = turn},
                                           .plan = plan->id,
                                           .expected_us = plan->expected_us,
                                           .occurrence_us = found.latest_us,
                                           .next_us = found.next_us,
                                           .missed = found.due > 0 ? found.due - 1 : 0};
        store_schedule_claim(schedule->store, &turn->claim);
        return;
    }
    turn_end(turn);
}

static void plans_found(struct store_call *call)
{
    struct turn *turn = call->owner;
    if (call->status != STATUS_OK) {
        if (!status_is_retryable(call->status))
            log_error(NULL, "could not look for schedules", LOG_TEXT("reason", call->errmsg.text));
        turn_end(turn);
        return;
    }
    claim_next(turn);
}

static void look_for_due(struct schedule *schedule)
{
    struct turn *turn = schedule->turning ? NULL : calloc(1, sizeof *turn);
    if (turn == NULL)
        return;
    schedule->turning = true;
    turn->schedule = schedule;
    arena_init(&turn->arena, TURN_BYTES);
    turn->plans =
        (struct store_plans){.call = {.arena = &turn->arena, .done = plans_found, .owner = turn}, .now_us = clock_wall_us()};
    store_schedule_due(schedule->store, &turn->plans);
}

/* ---------------------------------------------------------------------------------------------------- what waits */
static void run_taken(struct store_call *call)
{
    struct run *run = call->owner;
    struct schedule *schedule = run->schedule;
    schedule->taking = false;
    if (call->status != STATUS_OK && !status_is_retryable(call->status))
        log_error(NULL, "could not take a run of a schedule", LOG_TEXT("reason", call->errmsg.text));
    if (call->status != STATUS_OK || run->take.run == NULL) {
        run_free(run);
        return;
    }
    run->row = run->take.run;
    run->held_us = clock_monotonic_us();
    LIST_INSERT_HEAD(&schedule->runs, run, in_schedule);
    schedule->run_count++;
    run_begin(run);
    schedule_look(schedule); /* perhaps there is another */
}

static void look_for_waiting(struct schedule *schedule)
{
    struct run *run = schedule->taking || schedule->run_count >= SCHEDULE_AT_ONCE ? NULL : calloc(1, sizeof *run);
    if (run == NULL)
        return;
    schedule->taking = true;
    run->schedule = schedule;
    arena_init(&run->arena, SCHEDULE_REPORT_BYTES);
    run->take = (struct store_runs){.call = {.arena = &run->arena, .done = run_taken, .owner = run}};
    store_schedule_take(schedule->store, &run->take);
}

void schedule_look(struct schedule *schedule)
{
    if (schedule->stopping || !store_is_ready(schedule->store))
        return;
    look_for_due(schedule);
    look_for_waiting(schedule);
}

static void look_cb(evutil_socket_t fd, short what, void *arg)
{
    struct schedule *schedule = arg;
    struct run *run, *next;
    for (run = LIST_FIRST(&schedule->runs); run != NULL; run = next) {
        next = LIST_NEXT(run, in_schedule);
        run_hold(run);
    }
    schedule_look(schedule);
}

/* ----------------------------------------------------------------------------------------------------------- life */
struct schedule *schedule_create(struct event_base *base, const struct config *config, struct metrics *metrics,
                                 struct store *store)
{
    struct schedule *schedule = calloc(1, sizeof *schedule);
    if (schedule == NULL)
        return NULL;
    *schedule = (struct schedule){.config = config, .metrics = metrics, .store = store};
    LIST_INIT(&schedule->runs);
    schedule->smtp = smtp_create(base, config);
    schedule->carrier = carrier_create(base);
    schedule->look = event_new(base, -1, EV_PERSIST, look_cb, schedule);
    const struct timeval often = {.tv_sec = SCHEDULE_LOOK_MS / 1000, .tv_usec = SCHEDULE_LOOK_MS % 1000 * 1000L};
    if (schedule->smtp != NULL && schedule->carrier != NULL && schedule->look != NULL && event_add(schedule->look, &often) == 0)
        return schedule;
    schedule_destroy(schedule);
    return NULL;
}

void schedule_stop(struct schedule *schedule)
{
    if (schedule == NULL || schedule->stopping)
        return;
    schedule->stopping = true;
    struct run *run, *next;
    for (run = LIST_FIRST(&schedule->runs); run != NULL; run = next) {
        next = LIST_NEXT(run, in_schedule);
        run_stop(run);
    }
}

bool schedule_is_idle(const struct schedule *schedule)
{
    return schedule == NULL || (schedule->run_count == 0 && !schedule->turning && !schedule->taking);
}

void schedule_destroy(struct schedule *schedule)
{
    if (schedule == NULL)
        return;
    schedule->stopping = true;
    schedule->store = NULL;
    smtp_destroy(schedule->smtp);
    carrier_destroy(schedule->carrier);
    if (schedule->look != NULL)
        event_free(schedule->look);
    free(schedule);
}
