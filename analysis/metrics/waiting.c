/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass over the requests; within a request a sweep over the moments at which somebody starts or stops being waited for.
 */
#include "waiting.h"

#include <math.h>
#include <stdlib.h>

struct share { /* one actor's part in one request */
    int32_t actor;
    double from, to; /* waited for in [from, to) */
    bool pending, answered;
};
struct moment {
    double day;
    int32_t actor;
    int change; /* +1 starts, -1 stops */
};

double waiting_deadline_end(double deadline_day)
{
    return floor(deadline_day) + 1;
}

static int compare_moments(const void *left, const void *right)
{
    const struct moment *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->change != b->change)
        return a->change - b->change;
    return (a->actor > b->actor) - (a->actor < b->actor);
}

/* Replies of one request come sorted by addressee; those of one actor become one share. */
static size_t merge(const struct reply *replies, size_t count, struct share *shares)
{
    size_t kept = 0;
    for (size_t r = 0; r < count; r++) {
        const struct reply *reply = &replies[r];
        struct share share = {reply->addressee, reply->received_day, fmax(reply->end_day, reply->received_day),
                              reply->end == REPLY_END_PENDING, reply->end == REPLY_END_ANSWERED};
        struct share *last = kept > 0 ? &shares[kept - 1] : NULL;
        if (last && last->actor == share.actor) {
            last->from = fmin(last->from, share.from);
            last->to = fmax(last->to, share.to);
            last->pending = last->pending || share.pending;
            last->answered = last->answered || share.answered;
        } else {
            shares[kept++] = share;
        }
    }
    return kept;
}

static void last_to_answer(const struct share *shares, size_t count, struct waiting_actor *actors,
                           struct waiting_totals *totals)
{
    double latest = -INFINITY, second = -INFINITY;
    size_t answered = 0, pending = 0, at_latest = 0;
    for (size_t s = 0; s < count; s++) {
        pending += shares[s].pending;
        if (shares[s].pending || !shares[s].answered)
            continue;
        answered++;
        if (shares[s].to > latest) {
            second = latest;
            latest = shares[s].to;
            at_latest = 1;
        } else {
            at_latest += shares[s].to >= latest;
            second = fmax(second, shares[s].to);
        }
    }
    totals->open += pending > 0;
    if (pending > 0 || answered < 2)
        return;
    totals->complete++;
    for (size_t s = 0; s < count; s++) {
        if (!shares[s].answered)
            continue;
        struct waiting_actor *actor = &actors[shares[s].actor];
        actor->requests++;
        if (shares[s].to >= latest) {
            actor->last += 1 / (double)at_latest;
            if (at_latest == 1)
                actor->marginal_days += latest - second;
        }
    }
}

static void days_of(const struct share *shares, size_t count, struct moment *moments, struct waiting_actor *actors,
                    struct waiting_totals *totals)
{
    size_t moment_count = 0, waiting = 0;
    int64_t sum = 0; /* of the actors waited for: their index when there is one */
    for (size_t s = 0; s < count; s++) {
        struct waiting_actor *actor = &actors[shares[s].actor];
        actor->arrivals++;
        if (shares[s].pending) {
            actor->open++;
            actor->open_days += shares[s].to - shares[s].from;
        }
        if (!(shares[s].to > shares[s].from))
            continue;
        actor->days += shares[s].to - shares[s].from;
        moments[moment_count++] = (struct moment){shares[s].from, shares[s].actor, 1};
        moments[moment_count++] = (struct moment){shares[s].to, shares[s].actor, -1};
    }
    if (moment_count > 1)
        qsort(moments, moment_count, sizeof *moments, compare_moments);
    for (size_t m = 0; m + 1 < moment_count; m++) {
        waiting = moments[m].change > 0 ? waiting + 1 : waiting - 1;
        sum += moments[m].change * (int64_t)moments[m].actor;
        double days = moments[m + 1].day - moments[m].day;
        if (waiting > 0)
            totals->days += days;
        if (waiting == 1)
            actors[sum].only_days += days;
    }
}

bool waiting_run(const struct reply_set *replies, size_t actor_count, struct waiting_actor *ret_actors,
                 struct waiting_totals *ret_totals)
{
    size_t largest = 0;
    for (size_t first = 0, end; first < replies->count; first = end) {
        for (end = first; end < replies->count && replies->replies[end].request == replies->replies[first].request;)
            end++;
        largest = end - first > largest ? end - first : largest;
    }
    struct share *shares = malloc((largest + 1) * sizeof *shares);
    struct moment *moments = malloc((2 * largest + 1) * sizeof *moments);
    bool done = shares && moments;
    *ret_totals = (struct waiting_totals){0};
    for (size_t a = 0; a < actor_count; a++)
        ret_actors[a] = (struct waiting_actor){0};
    for (size_t first = 0, end; done && first < replies->count; first = end) {
        for (end = first; end < replies->count && replies->replies[end].request == replies->replies[first].request; end++) {
            const struct reply *reply = &replies->replies[end];
            if (reply->end != REPLY_END_PENDING)
                continue;
            ret_actors[reply->addressee].in_progress++;
            /* A NaN deadline compares false: never overdue. */
            ret_actors[reply->addressee].overdue += replies->observed_until >= waiting_deadline_end(reply->deadline_day);
        }
        size_t count = merge(&replies->replies[first], end - first, shares);
        ret_totals->requests++;
        last_to_answer(shares, count, ret_actors, ret_totals);
        days_of(shares, count, moments, ret_actors, ret_totals);
    }
    free(shares);
    free(moments);
    return done;
}
